"""The command lines of a batch: shell-like lines, NDJSON, or a template with rows of CSV or NDJSON."""

import csv
import json
import re
import shlex
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple

from awsmini.errors import ParamValidationError

PROGRAMS = ("aws", "awsmini")
_PLACE = re.compile(r"\{\{|\}\}|\{([A-Za-z_][\w.-]*)\}")
# Outside quotes a shell would do something about these; `$` counts within double quotes too.
_SHELL_DOES = re.compile(r"[|&;<>`]")
_EXPANDED = re.compile(r"\$[\w({?@*#!$-]|`")
_SPECIAL = re.compile(r"""["'\\$|&;<>`#]""")
_PIECE = re.compile(r"""'[^']*'|"((?:[^"\\]|\\.)*)"|\\.|(\s+#.*|^#.*)|([^\\'"])""", re.DOTALL)


class Item(NamedTuple):
    """One command line. With `problem`, it cannot be run."""

    id: Any  # the record's own, else the number of its line
    words: tuple[str, ...] = ()
    problem: str = ""


def read(stream: Iterable[str], template: str | None) -> Iterator[Item]:
    """The items of a text, each as soon as its line is there. Raises ParamValidationError for a wrong template."""
    lines = enumerate(stream, 1)
    return (_lines if template is None else _Template(template).items)(lines)


def _lines(lines: Iterable[tuple[int, str]]) -> Iterator[Item]:
    for number, line in lines:
        text = line.strip()
        if text.startswith("{"):
            yield _record(number, text)
        elif text and not text.startswith("#"):
            try:
                yield Item(number, without_program(split(text)))
            except ValueError as error:
                yield Item(number, problem=f"line {number}: {error}")


def split(text: str) -> list[str]:
    """The words of a command line as a shell has them. Raises ValueError for what only a shell can do."""
    if not _SPECIAL.search(text):
        return text.split()
    end = len(text)
    for found in _PIECE.finditer(text):
        in_quotes, comment, plain = found.groups()
        if comment is not None:
            end = found.start()
            break
        if plain and _SHELL_DOES.match(plain):
            raise ValueError(f"{plain} is for a shell: a line is one command, and is run by none")
        at = found.start() if plain == "$" else found.start(1) if in_quotes else None
        if at is not None and (expanded := _EXPANDED.search(in_quotes or text[at : at + 2])):
            raise ValueError(f"{expanded[0]} is for a shell: in single quotes it is taken as it is")
    try:
        return shlex.split(text[:end])
    except ValueError as error:
        raise ValueError(f"{error}: {text}") from None


def without_program(words: list[str]) -> tuple[str, ...]:
    return tuple(words[1:] if words[0] in PROGRAMS and len(words) > 1 else words)


def _record(number: int, text: str) -> Item:
    """A line of NDJSON: `args`, and an `id` if it has one."""
    try:
        record = json.loads(text)
    except ValueError as error:
        return Item(number, problem=f"line {number} is no JSON: {error}")
    words = record.get("args")
    if not words or not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        return Item(record.get("id", number), problem=f'line {number}: "args" has to be a list of strings')
    return Item(record.get("id", number), without_program(words))


class _Template:
    """A command line with `{column}` in it: the row's value, which is never split; `{{` is a brace."""

    def __init__(self, text: str) -> None:
        try:
            words = split(text)
        except ValueError as error:
            raise ParamValidationError(f"--template: {error}") from None
        if not words:
            raise ParamValidationError("--template has no words.")
        self._words = without_program(words)
        self._columns = {found[1] for word in self._words for found in _PLACE.finditer(word) if found[1]}

    def items(self, lines: Iterable[tuple[int, str]]) -> Iterator[Item]:
        lines = iter(lines)
        first = next((pair for pair in lines if pair[1].strip()), None)
        if first is None:
            return
        lines = chain([first], lines)
        if first[1].lstrip().startswith("{"):
            yield from (self._of_record(number, text) for number, text in lines if text.strip())
            return
        reader = csv.DictReader((text for _, text in lines), delimiter="\t" if "\t" in first[1] else ",")
        missing = self._columns - set(reader.fieldnames or ())
        if missing:
            raise ParamValidationError(
                f"--template: the rows have no column {', '.join(sorted(missing))}; they have "
                f"{', '.join(reader.fieldnames or ())}."
            )
        for row in reader:
            yield self._filled(reader.line_num, row)

    def _of_record(self, number: int, text: str) -> Item:
        try:
            row = json.loads(text)
        except ValueError as error:
            return Item(number, problem=f"line {number} is no JSON: {error}")
        return self._filled(number, row)

    def _filled(self, number: int, row: dict[str, Any]) -> Item:
        missing = sorted(name for name in self._columns if row.get(name) is None)
        if missing:
            return Item(number, problem=f"line {number} has no {', '.join(missing)}")

        def value(found: re.Match[str]) -> str:
            if found[1] is None:
                return found[0][0]
            cell = row[found[1]]
            return cell if isinstance(cell, str) else json.dumps(cell)

        return Item(row.get("id") or number, tuple(_PLACE.sub(value, word) for word in self._words))
