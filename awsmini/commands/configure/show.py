"""`awsmini configure list`: the profile, keys and region in force, and where each comes from."""

from typing import TextIO

from awsmini.commandline.ask import masked
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.config.settings import RULES, Setting

NOT_SET = "<not set>"


def run(invocation: Invocation, values: Values) -> int:
    out = invocation.app.stdout
    settings = invocation.session.settings
    assert settings.files is not None  # files that cannot be read show nothing
    _row(out, "NAME", "VALUE", "TYPE", "LOCATION")
    _setting_row(out, settings.resolve("profile"))
    source = invocation.session.credentials.source()
    if source is None:
        _row(out, "access_key", NOT_SET, None, None)
        _row(out, "secret_key", NOT_SET, None, None)
    else:
        credentials = source.get()
        _row(out, "access_key", masked(credentials.access_key), credentials.method, "")
        _row(out, "secret_key", masked(credentials.secret_key), credentials.method, "")
    _setting_row(out, settings.written("region") or settings.resolve("region"))
    return 0


def _setting_row(out: TextIO, setting: Setting) -> None:
    location: object = setting.location
    if setting.source == "env":
        location = list(RULES[setting.name].env)
    value = NOT_SET if setting.value is None else setting.value
    _row(out, setting.name, value, setting.source, location)


def _row(out: TextIO, name: str, value: str, source: str | None, location: object) -> None:
    out.write(f"{name:<10} : {value:<24} : {source!s:<16} : {location}\n")


command = HandWritten("list", run, doc="Show the profile, the keys and the region in force, and where they come from.")
