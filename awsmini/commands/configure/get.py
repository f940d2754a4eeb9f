"""`awsmini configure get`: one value, as it stands in the files."""

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.commands.configure.sections import MAPS, PLUGINS, SectionNotFoundError, VariableNameError, chosen_section
from awsmini.config.settings import Settings
from awsmini.params.arguments import option


def run(invocation: Invocation, values: Values) -> int:
    name = values["varname"]
    settings = invocation.session.settings
    section = chosen_section(values)
    if section is not None:
        value = _of_section(settings, *section, name)
    elif "." in name:
        value = _dotted(settings, name)
    else:
        value = settings.profile.get(name)
    if isinstance(value, str):
        invocation.app.stdout.write(f"{value}\n")
        return 0
    if isinstance(value, dict):
        invocation.app.stderr.write(f"varname ({name}) must reference a value, not a section or sub-section.")
    return 1


def _dotted(settings: Settings, name: str) -> object:
    """`default.KEY`, `profile.NAME.KEY`, `NAME.KEY`, or `KEY.SUBKEY` in the profile at hand."""
    first, *rest = name.split(".")
    files = settings.files
    if first == PLUGINS and len(rest) == 1:
        value = files.sections.get(PLUGINS, {}).get(rest[0])
        return files.profiles.get(PLUGINS, {}).get(rest[0]) if value is None else value
    if first == "profile":
        if len(rest) < 2:
            raise VariableNameError(name)
        profile, key, *rest = rest
    elif first == "default" or (
        first in files.profiles and not (first in MAPS and rest[0] not in files.profiles[first])
    ):
        profile, key, *rest = first, *rest
    else:
        profile, key = settings.profile_name or "default", first
    value = files.profiles.get(profile, {}).get(key)
    if len(rest) == 1:
        return value.get(rest[0]) if isinstance(value, dict) else None
    return value


def _of_section(settings: Settings, kind: str, section_name: str, name: str) -> object:
    section = settings.section(kind, section_name)
    if section is None:
        raise SectionNotFoundError(section_name)
    key, *rest = name.split(".")
    value = section.get(key)
    if not rest:
        return value
    return value.get(rest[0]) if len(rest) == 1 and isinstance(value, dict) else None


command = HandWritten(
    "get",
    run,
    doc="Print a value of the config or credentials file. Exits with 1 where there is none.",
    arguments=(
        option("varname", positional=True, required=True, doc="KEY, KEY.SUBKEY, default.KEY or profile.NAME.KEY"),
        option("sso-session", doc="The SSO session to read from, instead of a profile."),
        option("services", doc="The services section to read from, instead of a profile."),
    ),
)
