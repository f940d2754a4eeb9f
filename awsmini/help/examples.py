"""The section EXAMPLES: AWS's own where its documentation has some, else the shortest call and how to build others."""

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from awsmini.help import markup
from awsmini.help.page import STEP, Block, Code, Heading, Paragraph, inline, plain, sentence
from awsmini.help.prose import Prose
from awsmini.help.synopsis import by_dest, is_required
from awsmini.model.names import operation_cli_name
from awsmini.model.shapes import ListShape, MapShape, OperationModel, Shape, StructureShape
from awsmini.params.arguments import Argument, Table
from awsmini.query_paths import as_list

ROOM = 72  # characters of a command that still go in one line


def examples(path: tuple[str, ...], table: Table, operation: OperationModel, prose: Prose) -> Iterator[Block]:
    """The section, with AWS's examples as command lines where there are any."""
    yield Heading("EXAMPLES")
    theirs = prose.examples(operation.name)
    for example in theirs:
        yield from _theirs(path, table, example)
    if not theirs:
        yield from _ours(path, table, operation)


def command_line(words: list[str], options: list[list[str]]) -> str:
    """A command in one line, or with an option on each where that would be too long."""
    parts = [" ".join(words), *(" ".join(option) for option in options)]
    whole = " ".join(parts)
    return whole if len(whole) <= ROOM else " \\\n    ".join(parts)


def _theirs(path: tuple[str, ...], table: Table, example: Mapping[str, Any]) -> Iterator[Block]:
    title = str(example.get("title") or "Example").strip()
    yield Paragraph(plain(title), STEP)
    yield from markup.blocks(str(example.get("description") or ""), STEP)
    known = by_dest(table)
    given = example.get("input") or {}
    options = [_given(known[name], value) for name, value in given.items() if name in known]
    yield Code(command_line(["awsmini", *path], options), 2 * STEP)
    if example.get("output"):
        yield sentence("Output:")
        yield Code(json.dumps(example["output"], indent=4, ensure_ascii=False), 2 * STEP)


def _given(argument: Argument, value: Any) -> list[str]:
    name = argument.label
    if isinstance(value, bool):
        return [name if value else f"--no-{argument.cli_name}"]
    if isinstance(value, list) and value and not any(isinstance(item, list | dict) for item in value):
        return [name, *(shlex.quote(_word(item)) for item in value)]
    if isinstance(value, list | dict):
        return [name, shlex.quote(json.dumps(value, ensure_ascii=False))]
    return [] if argument.nargs == 0 else [name, shlex.quote(_word(value))]


def _word(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def shortest(path: tuple[str, ...], table: Table) -> Iterator[Block]:
    """The command with nothing but what it needs."""
    yield sentence("With nothing but what the model requires:")
    yield Code(command_line(["awsmini", *path], _required(table)), 2 * STEP)


def _required(table: Table) -> list[list[str]]:
    return [_made_up(argument) for argument in table.values() if is_required(argument) and not argument.hidden]


def _ours(path: tuple[str, ...], table: Table, operation: OperationModel) -> Iterator[Block]:
    words, required = ["awsmini", *path], _required(table)
    yield from shortest(path, table)
    if "generate-cli-skeleton" in table and operation.input_shape and operation.input_shape.members:
        yield Paragraph(inline("From a file: let the skeleton be written, fill it in, and send it."), STEP)
        skeleton = command_line(words, [["--generate-cli-skeleton", ">", "input.json"]])
        use = command_line(words, [["--cli-input-json", "file://input.json"]])
        yield Code(f"{skeleton}\n{use}", 2 * STEP)
    keys = as_list((operation.paginator or {}).get("result_key"))
    if keys:
        yield sentence("The first ten only, and then all of them as one record a line:")
        ten = command_line(words, [*required, ["--max-items", "10"]])
        lines = command_line(words, [*required, ["--output", "ndjson"]])
        yield Code(f"{ten}\n{lines}", 2 * STEP)


def _made_up(argument: Argument) -> list[str]:
    """An option with a value of its type: a choice, a number, or a word that says what goes there."""
    if argument.positional:
        return [argument.cli_name]
    if argument.nargs == 0:
        return [argument.label]
    shape = argument.shape
    if isinstance(shape, ListShape) and not isinstance(shape.member, ListShape | MapShape | StructureShape):
        return [argument.label, _value(argument.cli_name, shape.member)]
    return [argument.label, _value(argument.cli_name, shape)]


def _value(name: str, shape: Shape | None) -> str:
    if shape is None:
        return name.upper()
    if isinstance(shape, ListShape | MapShape | StructureShape):
        return f"file://{name}.json"
    if shape.enum:
        return shlex.quote(shape.enum[0])
    made_up = {"blob": f"fileb://{name}", "timestamp": "2030-01-31T12:00:00Z", "boolean": "true"}
    if shape.type_name == "blob" and shape.is_streaming:
        return name
    if shape.type_name in ("integer", "long", "float", "double"):
        return str(shape.traits.get("min") or 1)
    return made_up.get(shape.type_name, operation_cli_name(name).upper())
