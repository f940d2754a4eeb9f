"""The shared config and credentials files: text in, plain dictionaries out.

`parse` gives sections as they stand; `load` gives `Files`, where sections have become profiles, SSO sessions
and service sections. The grammar is that of the AWS tools, so of Python's RawConfigParser: `=` or `:` divides
key and value, the key is lower-cased, a deeper indented line continues the value, `#` and `;` start a comment
only at the beginning of a line, a heading or a key standing twice is an error, and `[DEFAULT]` gives values to
every section. A key without a value, followed by indented `name = value` lines, is a map one level deep.

A file that is absent, unreadable or a directory counts as empty; one that cannot be understood raises
ConfigFileError, which names the file and the line.
"""

import os
from pkgutil import resolve_name
from typing import NamedTuple

from awsmini.errors import AwsminiError

Section = dict[str, "str | dict[str, str]"]  # the inner map has a nested section's values
Sections = dict[str, Section]

SHELL_SPLIT = "shlex:split"
DEFAULTS_HEADING = "DEFAULT"


class ConfigFileError(AwsminiError):
    """A config file that cannot be understood."""

    def __init__(self, path: str, line: int, reason: str) -> None:
        super().__init__(f"Unable to parse config file: {path} (line {line}: {reason})")
        self.path = path
        self.line = line


class Files(NamedTuple):
    """Both files, read. `profiles` is what settings are looked up in: a profile's keys of the config file,
    overlaid by its keys of the credentials file; in the file's order, those of the credentials file last.
    """

    config_path: str
    credentials_path: str
    profiles: Sections
    config_profiles: Sections  # the config file alone
    credentials: Sections  # the credentials file alone
    sso_sessions: Sections
    services: Sections
    sections: Sections  # every other heading of the config file: plugins …


def read(path: str) -> Sections | None:
    """The sections of the file at `path`; None where there is no such file."""
    if not os.path.isfile(path):
        return None
    try:
        with open(path, "rb") as stream:
            content = stream.read()
    except OSError:
        return {}
    return parse(decode(content, path), path)


def decode(content: bytes, path: str) -> str:
    """The text of a config file, lines ending in a newline alone."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigFileError(path, line, "not valid UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def parse(text: str, path: str, *, nested: bool = True) -> Sections:
    """The sections of a config file. `path` is only for messages; with `nested` off, longer values are all text."""
    sections, long_values = _read_lines(text, path)
    try:
        for (heading, key), (_start, lines) in long_values.items():
            sections[heading][key] = _join(lines) if nested else "\n".join(lines).rstrip()
    except _NotNested as error:
        number = _line_number(text, _start, error.line)
        raise ConfigFileError(path, number, f"under {key}, a line is not a key = value") from None
    if defaults := sections.pop(DEFAULTS_HEADING, None):
        for heading, section in sections.items():
            sections[heading] = {**section, **defaults, **section}
    return sections


class _NotNested(Exception):
    def __init__(self, line: str) -> None:
        self.line = line


def _line_number(text: str, start: int, wanted: str) -> int:
    for number, line in enumerate(text.split("\n")[start:], start + 1):
        if line.strip() == wanted:
            return number
    return start


def _read_lines(text: str, path: str) -> tuple[Sections, dict[tuple[str, str], tuple[int, list[str]]]]:
    """The first lines of all values; and (heading, key) → (line number, lines) of the values with more lines."""
    sections: Sections = {}
    long_values: dict[tuple[str, str], tuple[int, list[str]]] = {}
    section: Section | None = None
    heading = key = ""
    blanks: list[str] = []  # lines of a longer value, if one goes on after them
    indent = number = start = 0
    for line in text.split("\n"):
        number += 1
        words = line.strip()
        if not words:
            blanks.append("")
            continue
        first = words[0]
        if first in "#;":
            continue
        depth = 0 if line[0] == first else len(line) - len(line.lstrip())
        if depth > indent and key and section is not None:
            if (heading, key) not in long_values:
                long_values[heading, key] = (start, [str(section[key])])
            long_values[heading, key][1].extend((*blanks, words))
            blanks.clear()
            continue
        indent = depth
        if first == "[" and "]" in words[2:]:
            heading, key = words[1 : words.rindex("]")], ""
            if heading in sections and heading != DEFAULTS_HEADING:
                raise ConfigFileError(path, number, f"section [{heading}] stands twice")
            section = sections.setdefault(heading, {})
        elif section is None:
            raise ConfigFileError(path, number, _no_heading(words))
        else:
            written = _key_end(words, path, number)
            key, start = written.rstrip().lower(), number
            if key in section:
                raise ConfigFileError(path, number, f"{key} stands twice in section [{heading}]")
            section[key] = words[len(written) + 1 :].lstrip()
            blanks.clear()
    return sections, long_values


def _key_end(words: str, path: str, number: int) -> str:
    """What stands before the first `=` or `:`."""
    equals, colon = words.find("="), words.find(":")
    end = equals if colon < 0 else colon if equals < 0 else min(equals, colon)
    if end < 0:
        raise ConfigFileError(path, number, "neither a [section] nor a key = value")
    if not words[:end].strip():
        raise ConfigFileError(path, number, "no key before the value")
    return words[:end]


def _no_heading(words: str) -> str:
    if words.startswith("\ufeff"):
        return "the file starts with a byte order mark; save it as UTF-8 without one"
    if words.startswith("["):
        return "a section heading without its closing bracket"
    return "no [section] heading before the first key"


def _join(lines: list[str]) -> str | dict[str, str]:
    """A value of several lines: text, or a map where the first line is empty."""
    value = "\n".join(lines).rstrip()
    if not value.startswith("\n"):
        return value
    nested = {}
    for line in value.splitlines():
        if line := line.strip():
            name, equals, inner = line.partition("=")
            if not equals:
                raise _NotNested(line)
            nested[name.strip()] = inner.strip()
    return nested


def heading_words(heading: str) -> list[str]:
    """A heading split as a shell would; nothing where a quote is left open."""
    if not any(mark in heading for mark in "'\"\\"):
        return [word for word in heading.replace("\t", " ").split(" ") if word]
    try:
        words: list[str] = resolve_name(SHELL_SPLIT)(heading)
    except ValueError:
        return []
    return words


def assemble(config: Sections, credentials: Sections, config_path: str, credentials_path: str) -> Files:
    """Sections sorted by what their headings say."""
    kinds: dict[str, Sections] = {"profile": {}, "sso-session": {}, "services": {}}
    others: Sections = {}
    for heading, section in config.items():
        kind = next((kind for kind in kinds if heading.startswith(kind)), None)
        if kind is not None:
            words = heading_words(heading)
            if len(words) == 2:
                kinds[kind][words[1]] = section
        elif heading == "default":
            kinds["profile"]["default"] = section
        else:
            others[heading] = section
    profiles = dict(kinds["profile"])
    for name, section in credentials.items():
        profiles[name] = {**profiles[name], **section} if name in profiles else section
    return Files(
        config_path=config_path,
        credentials_path=credentials_path,
        profiles=profiles,
        config_profiles=kinds["profile"],
        credentials=credentials,
        sso_sessions=kinds["sso-session"],
        services=kinds["services"],
        sections=others,
    )


def load(config_path: str, credentials_path: str) -> Files:
    """Both files, from paths that are expanded already."""
    return assemble(read(config_path) or {}, read(credentials_path) or {}, config_path, credentials_path)
