"""The command lines of a batch: shell-like lines, NDJSON, or a template with rows of CSV or NDJSON."""

import csv
import json
import re
import shlex
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, NamedTuple

from awsmini.errors import ParamValidationError

PROGRAMS = ("aws", "awsmini")
_LONGEST_CELL = 1 << 30
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
    lines = enumerate(_unmarked(stream), 1)
    return (_lines if template is None else _Template(template).items)(lines)


def _unmarked(stream: Iterable[str]) -> Iterator[str]:
    """The lines without the byte order mark in front of the first."""
    lines = iter(stream)
    yield from (line.removeprefix("\ufeff") for line in islice(lines, 1))
    yield from lines


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
    record = _object(text, number)
    if isinstance(record, Item):
        return record
    words = record.get("args")
    if not words or not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        return Item(record.get("id", number), problem=f'line {number}: "args" has to be a list of strings')
    return Item(record.get("id", number), without_program(words))


def _object(text: str, number: int) -> "dict[str, Any] | Item":
    """The object of a line of NDJSON, or what is wrong with it."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Item(number, problem=f"line {number} is no JSON: {error}")
    return found if isinstance(found, dict) else Item(number, problem=f"line {number} is no JSON object")


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
        try:
            yield from self._of_table(lines, "\t" if "\t" in first[1] else ",")
        except csv.Error as error:
            raise ParamValidationError(f"The rows are no CSV: {error}.") from None

    def _of_table(self, lines: Iterable[tuple[int, str]], delimiter: str) -> Iterator[Item]:
        csv.field_size_limit(_LONGEST_CELL)
        reader = csv.DictReader((text for _, text in lines), delimiter=delimiter)
        missing = self._columns - set(reader.fieldnames or ())
        if missing:
            raise ParamValidationError(
                f"--template: the rows have no column {', '.join(sorted(missing))}; they have "
                f"{', '.join(reader.fieldnames or ())}."
            )
        for row in reader:
            yield self._filled(reader.line_num, row)

    def _of_record(self, number: int, text: str) -> Item:
        row = _object(text, number)
        return row if isinstance(row, Item) else self._filled(number, row)

    def _filled(self, number: int, row: dict[str, Any]) -> Item:
        missing = sorted(name for name in self._columns if row.get(name) is None)
        if missing:
            return Item(number, problem=f"line {number} has no {', '.join(missing)}")

        def value(found: re.Match[str]) -> str:
            if found[1] is None:
                return found[0][0]
            cell = row[found[1]]
            return cell if isinstance(cell, str) else json.dumps(cell)

        own = row.get("id")
        return Item(number if own in (None, "") else own, tuple(_PLACE.sub(value, word) for word in self._words))
