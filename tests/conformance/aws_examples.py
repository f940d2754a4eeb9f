"""The example commands that the `awscli` package carries, as words; and files for them to name."""

import json
import re
import shlex
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from awsmini.commandline.parser import parse_operation
from awsmini.errors import AwsminiError
from awsmini.model.shapes import OperationModel
from awsmini.params.arguments import Argument
from tests import command_line, oracle

_COMMAND = re.compile(r"\s+(?:\$ )?(aws\s.*)")
_SHELL = re.compile(r"[|;<>&]+|\$\(.*|.*`.*")  # words that make more than a plain single command of a line
_LONGEST = 40  # lines of one quoted value
FILE = "file://"
BYTES = "fileb://"


@cache
def examples(folder: Path) -> list[list[str]]:
    """The words after `aws` of every plain single command below the folder, each once."""
    found = {}
    for path in sorted(folder.rglob("*.rst")):
        for words in _commands(path.read_text(encoding="utf-8").splitlines()):
            if not any(_SHELL.fullmatch(word) for word in words):
                found[tuple(words)] = words[1:]
    return list(found.values())


def _commands(lines: list[str]) -> Iterator[list[str]]:
    for at, line in enumerate(lines):
        if match := _COMMAND.fullmatch(line):
            words = _split(match[1], lines[at + 1 :])
            if words:
                yield words


def _split(text: str, following: list[str]) -> list[str] | None:
    """The words of a command, which goes on after a backslash, and as long as a quote is open."""
    for line in [*following[:_LONGEST], None]:
        if text.rstrip().endswith("\\"):
            text = f"{text.rstrip()[:-1]} {(line or '').strip()}"
            continue
        try:
            return shlex.split(text)
        except ValueError:
            text = f"{text}\n{line}"
    return None


def with_files(words: list[str], folder: Path) -> list[str]:
    """The words with every file that they name replaced by one in `folder`, made for what the option takes.

    Files that a command writes are in the folder too.
    """
    try:
        operation, table, rest, _ = command_line.operation(words)
        outfile = parse_operation(rest, table).values.get("outfile")
    except (AwsminiError, LookupError):
        return words
    changed = list(words)
    argument: Argument | None = None
    for at, word in enumerate(words):
        if word.startswith("--"):
            argument = table.get(word[2:])
        elif word == outfile or (argument and argument.cli_name.endswith("outfile")):
            changed[at] = str(folder / "answer")
        elif argument is not None:
            changed[at] = _file(operation, argument, word, folder / f"file{at}")
    return changed


def _file(operation: OperationModel, argument: Argument, word: str, path: Path) -> str:
    """The word, or the name of a file in place of the one that it names."""
    streamed = argument.shape is not None and argument.shape.traits.get("streaming")
    if not streamed and not word.startswith((FILE, BYTES)):
        return word
    path.write_text(_content(operation, argument))
    return str(path) if streamed else f"{BYTES if word.startswith(BYTES) else FILE}{path}"


def _content(operation: OperationModel, argument: Argument) -> str:
    shape = operation.input_shape if argument.cli_name == "cli-input-json" else argument.shape
    if shape is None or shape.type_name not in ("structure", "list", "map"):
        return "1"  # a text, and a number too
    value = oracle.Maker(f"{operation.name} {argument.cli_name}").value(shape)
    return json.dumps(value, default=_text)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else "content"
