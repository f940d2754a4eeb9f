"""What the config file says of the IAM Identity Center to sign in to."""

from typing import NamedTuple

from awsmini.config.files import Section
from awsmini.config.settings import Settings
from awsmini.errors import ConfigurationError

REQUIRED = ("sso_start_url", "sso_region")
SCOPES = "sso_registration_scopes"


class SsoConfig(NamedTuple):
    start_url: str
    region: str
    session_name: str | None = None
    scopes: list[str] | None = None


class MissingSsoConfigError(ConfigurationError):
    """A profile or a session that does not say where to sign in."""


def sso_config(settings: Settings, session_name: str | None) -> SsoConfig:
    """Of the session named, of the one that the profile names, or of a profile in the older form."""
    profile = settings.profile
    name = session_name or profile.get("sso_session")
    if not name:
        advice = "To make sure this profile is properly configured to use SSO, please run: awsmini configure sso"
        _require(profile, advice)
        return SsoConfig(str(profile["sso_start_url"]), str(profile["sso_region"]))
    section = settings.section("sso-session", str(name))
    if section is None:
        raise MissingSsoConfigError(f'The specified sso-session does not exist: "{name}"')
    _require(section, "")
    scopes = split_scopes(str(section[SCOPES])) if SCOPES in section else None
    return SsoConfig(str(section["sso_start_url"]), str(section["sso_region"]), str(name), scopes)


def _require(section: Section, advice: str) -> None:
    missing = [key for key in REQUIRED if key not in section]
    if missing:
        raise MissingSsoConfigError(
            f"Missing the following required SSO configuration values: {', '.join(missing)}. {advice}"
        )


def split_scopes(text: str) -> list[str]:
    return [scope for part in text.split(",") if (scope := part.strip())]
