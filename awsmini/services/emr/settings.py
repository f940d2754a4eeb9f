"""The profile's map `emr`: what the commands take from there where the command line does not say it.

[profile work]
emr =
  service_role = EMR_DefaultRole
  instance_profile = EMR_EC2_DefaultRole
  log_uri = s3://logs
  key_name = mine
  key_pair_file = mine.pem
  enable_debugging = true
"""

from collections.abc import Container, Mapping
from typing import Any, NamedTuple

from awsmini.commandline.config_files import write_config
from awsmini.commandline.invocation import Invocation
from awsmini.config.writer import Heading
from awsmini.errors import ParamValidationError

SECTION = "emr"


class Default(NamedTuple):
    """Where the value of one key goes: an option, or a member of a structured one."""

    key: str
    dest: str
    member: str | None = None


DEFAULTS = (
    Default("service_role", "service_role"),
    Default("log_uri", "log_uri"),
    Default("instance_profile", "ec2_attributes", "InstanceProfile"),
    Default("key_name", "ec2_attributes", "KeyName"),
    Default("key_pair_file", "key_pair_file"),
)
ROLES = ("service_role", "instance_profile")
DEBUGGING = "enable_debugging"


def section(invocation: Invocation) -> Mapping[str, str]:
    """The map of the chosen profile; empty where it has none."""
    found = invocation.settings.profile.get(SECTION)
    return found if isinstance(found, dict) else {}


def with_defaults(
    values: Mapping[str, Any], dests: Container[str], configured: Mapping[str, str], profile: str | None
) -> dict[str, Any]:
    """The values with those of the profile beside them, as far as a command that takes `dests` can use them."""
    found = dict(values)
    wanted = [default for default in DEFAULTS if default.key in configured and default.dest in dests]
    if found.get("use_default_roles"):
        wanted = [default for default in wanted if default.key not in ROLES]
    for key, dest, member in wanted:
        if member is None:
            found[dest] = found.get(dest) or configured[key]
        else:
            found[dest] = {member: configured[key], **(found.get(dest) or {})}
    if DEBUGGING in dests and DEBUGGING in configured and not (found.get(DEBUGGING) or found.get(f"no_{DEBUGGING}")):
        found[DEBUGGING] = _boolean(configured[DEBUGGING], profile)
    return found


def _boolean(text: str, profile: str | None) -> bool:
    if text.lower() not in ("true", "false"):
        name = "default" if profile is None else f"profile.{profile}"
        raise ParamValidationError(
            f"{text} for {DEBUGGING} in the config file is invalid. The value should be either 'True' or 'False'. "
            f"Use 'awsmini configure set {name}.{SECTION}.{DEBUGGING} <value>' command to set a valid value."
        )
    return text.lower() == "true"


def keep_roles(invocation: Invocation, service_role: str, instance_profile: str) -> None:
    """Let clusters of the profile have these roles from now on, unless it names some already."""
    configured = section(invocation)
    if any(key in configured for key in ROLES):
        return
    profile = invocation.settings.profile_name or "default"
    roles = dict(zip(ROLES, (service_role, instance_profile), strict=True))
    write_config(invocation, Heading("profile", profile), {SECTION: roles})
