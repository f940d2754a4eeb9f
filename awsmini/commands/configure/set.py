"""`awsmini configure set`: one value, written where the files have it, or would."""

import re
from collections.abc import Collection, Mapping

from awsmini.commandline.config_files import KEYS, write_config, write_credentials
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.commands.configure.sections import MAPS, PLUGINS, VariableNameError, chosen_section
from awsmini.config.writer import Heading
from awsmini.errors import ParamValidationError
from awsmini.params.arguments import option

_SECTION_NAME = re.compile(r"[\w\-/.%@:+]+")


def run(invocation: Invocation, values: Values) -> int:
    name, value = values["varname"], values["value"]
    settings = invocation.session.settings
    assert settings.files is not None  # a file that cannot be read is not written either
    section = chosen_section(values)
    if section is not None:
        _set_in_section(invocation, *section, name, value)
        return 0
    profile, key, new = locate(name, value, settings.profile_name or "default", settings.files.profiles)
    if key in KEYS and isinstance(new, str):
        write_credentials(invocation, profile, {key: new})
    else:
        heading = Heading("", PLUGINS) if profile == PLUGINS else Heading("profile", profile)
        write_config(invocation, heading, {key: new})
    return 0


def locate(name: str, value: str, profile: str, known: Collection[str]) -> tuple[str, str, str | Mapping[str, str]]:
    """The profile (or `plugins`), the key and the value that a name means. Deeper names lose their end.

    A name that begins with that of a profile means the profile, as it does to `get`.
    """
    parts = name.split(".")
    if len(parts) == 1:
        return profile, name, value
    if parts[0] == "default" or (parts[0] in known and parts[0] not in MAPS):
        profile, rest = parts[0], parts[1:]
    elif parts[0] == "profile":
        profile, rest = parts[1], parts[2:]
    elif parts[0] == PLUGINS and len(parts) == 2:
        profile, rest = PLUGINS, parts[1:]
    else:
        rest = parts
    if not rest:
        raise VariableNameError(name)
    return profile, rest[0], {rest[1]: value} if len(rest) == 2 else value


def _set_in_section(invocation: Invocation, kind: str, section_name: str, name: str, value: str) -> None:
    if not _SECTION_NAME.match(section_name):
        raise ParamValidationError(f"awsmini: [ERROR]: Invalid value for --{kind}.")
    key, *rest = name.split(".")
    if len(rest) > 1:
        raise ParamValidationError(
            "Found more than two parts in the property to set. Deep nesting of properties is not supported."
        )
    write_config(invocation, Heading(kind, section_name), {key: {rest[0]: value} if rest else value})


command = HandWritten(
    "set",
    run,
    doc="Write a value to the config file, or to the credentials file where it is a key.",
    arguments=(
        option("varname", positional=True, required=True, doc="KEY, KEY.SUBKEY, default.KEY or profile.NAME.KEY"),
        option("value", positional=True, required=True, doc="The value to write."),
        option("sso-session", doc="The SSO session to write to, instead of a profile."),
        option("services", doc="The services section to write to, instead of a profile."),
    ),
)
