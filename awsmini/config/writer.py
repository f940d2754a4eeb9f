"""Config files edited in place: what is not asked for stays as it is, comments and order included.

`edit` is text in, text out. `update` applies it to a file: under a temporary name that is then renamed, so a
crash leaves the old file or the new one.
"""

import os
import re
from collections.abc import Mapping
from pkgutil import resolve_name
from typing import NamedTuple, TextIO

from awsmini.config.files import heading_words
from awsmini.config.locks import lock
from awsmini.errors import AwsminiError
from awsmini.system.atomic import refuse_pipe, rewrite

Value = str | Mapping[str, str] | None  # a map goes into the map of that name; None removes the line
Values = Mapping[str, Value]

QUOTE = "shlex:quote"
_HEADING = re.compile(r"\s*\[([^]]+)\]")
_OPTION = re.compile(r"([^:=][^:=]*)[:=]")
INDENT = "    "


class InvalidValueError(AwsminiError):
    """A line break where none can be."""


class Heading(NamedTuple):
    """A section by what its heading says. In the credentials file a heading is just the profile's name."""

    kind: str  # profile, sso-session, services; empty where the name is all
    name: str

    @property
    def text(self) -> str:
        if not self.kind or self == PROFILE_DEFAULT:
            return self.name
        name = resolve_name(QUOTE)(self.name) if any(blank in self.name for blank in " \t") else self.name
        return f"{self.kind} {name}"

    def stands_in(self, heading: str) -> bool:
        if heading == self.text:
            return True
        return bool(self.kind) and heading_words(heading) == [self.kind, self.name]


PROFILE_DEFAULT = Heading("profile", "default")


def edit(text: str, heading: Heading, values: Values) -> str:
    """The text with the values set in that section; the section is added at the end where it is missing.

    Where lines change, all of them end as the system's do, as AWS CLI v2 leaves them.
    """
    lines = [f"{line}\n" for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    lines[-1] = lines[-1][:-1]
    if not lines[-1]:
        lines.pop()
    starts = [at for at, line in enumerate(lines) if (found := _heading(line)) and heading.stands_in(found)]
    if not starts:
        missing = "" if not text or text.endswith("\n") else "\n"
        return text + _as_here(f"{missing}[{heading.text}]\n{''.join(_new_lines(values))}")
    _edit_section(lines, starts[-1], dict(values))
    return _as_here("".join(lines))


def _as_here(text: str) -> str:
    return text if os.linesep == "\n" else text.replace("\n", os.linesep)


def _heading(line: str) -> str | None:
    found = _HEADING.match(line)
    return None if found is None else found[1]


def _edit_section(lines: list[str], start: int, values: dict[str, Value]) -> None:
    end = next((at for at in range(start + 1, len(lines)) if _heading(lines[at])), len(lines))
    last = start  # the last line that sets something, or would if it were no comment
    indent: int | None = None  # of the key that stands before; the first may stand anywhere
    at = start + 1
    while at < end:
        line = lines[at]
        found = _OPTION.match(line)
        if found is None:
            at += 1
            continue
        last = at
        if _is_comment(line):
            at += 1
            continue
        depth = _depth(line)
        if indent is not None and depth > indent:  # belongs to the value above
            at += 1
            continue
        indent = depth
        key = next((name for name in values if name.lower() == found[1].strip().lower()), None)
        if key is not None:
            value = values.pop(key)
            if isinstance(value, Mapping):
                end += _edit_map(lines, at, end, depth, dict(value))
            else:
                lines[at] = "" if value is None else f"{found[1].strip()} = {value}\n"
        at += 1
    added = _new_lines(values)
    if added and end == len(lines):
        if not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        last = min(last + 1, end - 1)
    lines[last + 1 : last + 1] = added


def _edit_map(lines: list[str], start: int, end: int, depth: int, values: dict[str, str]) -> int:
    """Set values in the map that begins at `start`; how many lines that has added. It takes a plain value's place."""
    before = len(lines)
    end -= _empty(lines, start, end, depth)
    stop = end
    for at in range(start + 1, end):
        found = _OPTION.match(lines[at])
        if found is None:
            continue
        inner = _depth(lines[at])
        if inner <= depth:
            stop = at
            break
        name = found[1].strip()
        if name in values:
            lines[at] = f"{' ' * inner}{name} = {values.pop(name)}\n"
    if values and stop == len(lines) and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    lines[stop:stop] = _map_lines(values, depth)
    return len(lines) - before


def _empty(lines: list[str], start: int, end: int, depth: int) -> int:
    """Take a plain value, and the lines that it goes on in, from its key; how many lines those were."""
    found = _OPTION.match(lines[start])
    assert found is not None
    if not lines[start][found.end() :].strip():
        return 0
    lines[start] = f"{found[0].rstrip()}\n"
    stop = next((at for at in range(start + 1, end) if lines[at].strip() and _depth(lines[at]) <= depth), end)
    kept = [line for line in lines[start + 1 : stop] if not line.strip() or _is_comment(line)]
    lines[start + 1 : stop] = kept
    return stop - start - 1 - len(kept)


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith(("#", ";"))


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _new_lines(values: Values) -> list[str]:
    lines = []
    for key, value in values.items():
        if isinstance(value, Mapping):
            lines += [f"{key} =\n", *_map_lines(value)]
        elif value is not None:
            lines.append(f"{key} = {value}\n")
    return lines


def _map_lines(values: Mapping[str, str], depth: int = 0) -> list[str]:
    indent = INDENT if depth < len(INDENT) else " " * depth + INDENT
    return [f"{indent}{name} = {value}\n" for name, value in values.items()]


def check(heading: Heading, values: Values) -> None:
    """Raise where a name or value would break its line. Values are not shown: they may be secret."""
    _check_name("section name", heading.name)
    for key, value in values.items():
        _check_name("key", key)
        inner = value if isinstance(value, Mapping) else {}
        for name in inner:
            _check_name("key", name)
        for text in (*inner.values(), value):
            if isinstance(text, str) and _breaks(text):
                raise InvalidValueError(
                    f"Invalid value for key {key}: newline characters and carriage returns are not allowed."
                )


def _breaks(text: str) -> bool:
    return "\n" in text or "\r" in text


def _check_name(label: str, text: str) -> None:
    if _breaks(text):
        raise InvalidValueError(f"Invalid {label}: newline characters and carriage returns are not allowed: {text!r}")


def update(path: str, heading: Heading, values: Values) -> None:
    """Set values in a section of the file at `path`, which is made, mode 0600, where it is missing."""
    check(heading, values)
    real = os.path.realpath(path)
    folder = os.path.dirname(real)
    os.makedirs(folder, exist_ok=True)
    with lock(f"{real}.lock"):
        old = _read(real)
        new = edit(old or "", heading, values)
        if new != old:
            rewrite(real, new.encode())


def _read(path: str) -> str | None:
    refuse_pipe(path)
    try:
        with open(path, encoding="utf-8", newline="") as stream:
            return stream.read()
    except FileNotFoundError:
        return None


def warn_if_permissive(path: str, stderr: TextIO) -> None:
    """Say so where others may read the file with the keys."""
    if os.name == "nt" or not os.path.isfile(path) or not os.stat(path).st_mode & 0o077:
        return
    stderr.write(
        f"\nawsmini: [WARNING]: The file '{path}' is accessible by other users. "
        f"Consider running 'chmod 600 {path}' to restrict access to only your user.\n"
    )
