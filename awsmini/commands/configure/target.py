"""Which file and which section a setting is written to."""

from collections.abc import Mapping

from awsmini.commands.configure.writer import Heading, update, warn_if_permissive
from awsmini.commands.invocation import Invocation

KEYS = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token")


def write_config(
    invocation: Invocation, heading: Heading, values: Mapping[str, str | Mapping[str, str] | None]
) -> None:
    """Set values in a section of the config file."""
    update(invocation.session.settings.path("config_file"), heading, values)


def write_credentials(invocation: Invocation, profile: str, values: Mapping[str, str | None]) -> None:
    """Set values of a profile in the credentials file, and say so where others may read it."""
    path = invocation.session.settings.path("credentials_file")
    update(path, Heading("", profile), values)
    warn_if_permissive(path, invocation.app.stderr)
