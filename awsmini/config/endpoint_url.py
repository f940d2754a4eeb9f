"""Which custom endpoint applies to a service: the option, the environment, or the config file."""

from collections.abc import Mapping
from typing import Any

from awsmini.errors import AwsminiError


class MissingServicesSectionError(AwsminiError):
    """A profile's `services` names a section that the config file does not have."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f'The profile is configured to use the services section but the "{name}" services '
            "configuration does not exist."
        )


def configured_endpoint_url(
    *,
    service_id: str,
    flag: str | None,
    env: Mapping[str, str],
    profile: Mapping[str, Any],
    services: Mapping[str, Mapping[str, Any]],
    ignore: bool = False,
) -> str | None:
    """The custom endpoint of one service, or None for the one that the rules give.

    `service_id` is the model's (`CloudWatch Logs`), `profile` the profile's settings, `services` the config
    file's `[services NAME]` sections by name, `ignore` the switch ignore_configured_endpoint_urls, which spares
    the flag. Raises MissingServicesSectionError, though not where an earlier source has an answer.
    """
    if flag is not None:
        return flag
    if ignore:
        return None
    name = snake_case_id(service_id)
    return (
        env.get(f"AWS_ENDPOINT_URL_{name.upper()}")
        or env.get("AWS_ENDPOINT_URL")
        or _of_services_section(name, profile, services)
        or profile.get("endpoint_url")
        or None
    )


def snake_case_id(service_id: str) -> str:
    """A service id as config keys and environment variables spell it: `cloudwatch_logs`."""
    return service_id.lower().replace(" ", "_").replace("-", "_")


def _of_services_section(
    name: str, profile: Mapping[str, Any], services: Mapping[str, Mapping[str, Any]]
) -> str | None:
    if "services" not in profile:
        return None
    section = services.get(profile["services"])
    if not section:
        raise MissingServicesSectionError(profile["services"])
    settings = section.get(name)
    return settings.get("endpoint_url") if isinstance(settings, Mapping) else None
