"""Which file and which section a setting is written to."""

from collections.abc import Mapping

from awsmini.commandline.invocation import Invocation
from awsmini.config.writer import Heading, update, warn_if_permissive

KEYS = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token")


def write_config(
    invocation: Invocation, heading: Heading, values: Mapping[str, str | Mapping[str, str] | None]
) -> None:
    """Set values in a section of the config file."""
    update(invocation.session.settings.path("config_file"), heading, values)


def write_credentials(invocation: Invocation, profile: str, values: Mapping[str, str | None]) -> None:
    """Set values of a profile in the credentials file, and say so where others may read it."""
    write_all_credentials(invocation, {profile: values})


def write_all_credentials(invocation: Invocation, profiles: Mapping[str, Mapping[str, str | None]]) -> None:
    """The same for many profiles. What others may read is said once."""
    path = invocation.session.settings.path("credentials_file")
    for profile, values in profiles.items():
        update(path, Heading("", profile), values)
    if profiles:
        warn_if_permissive(path, invocation.app.stderr)
