"""What completion has to know of the commands written by hand: `data/handwritten.json`, made of the commands.

`python -m awsmini.completion.build` writes the file; with `--check` it only says whether it is as it should be.
"""

import json
import sys
from collections.abc import Mapping
from pkgutil import resolve_name
from typing import Any

from awsmini import services
from awsmini.commandline.handwritten import HandWritten
from awsmini.commands.tree import HAND_WRITTEN
from awsmini.completion import nodes
from awsmini.help.handwritten import summary
from awsmini.model.cli_names import cli_service
from awsmini.model.load import DATA
from awsmini.params.arguments import Argument

FILE = DATA / nodes.HAND_WRITTEN


def content() -> str:
    """The file as it should be."""
    operations = {
        cli_service(name): _commands(services.of(name).commands)
        for name in services.PAGES
        if services.of(name).commands
    }
    beside = _commands({"batch": "awsmini.commands.batch:command"})
    found = {"commands": _commands(HAND_WRITTEN), "operations": operations, "beside": beside}
    parts = (f"{json.dumps(name)}:{{\n{_lines(commands)}\n}}" for name, commands in found.items())
    return "{" + ",\n".join(parts) + "}\n"


def _lines(commands: Mapping[str, Any]) -> str:
    """A line for each, so that what changes is seen."""
    dumped = ((name, json.dumps(facts, ensure_ascii=False, separators=(",", ":"))) for name, facts in commands.items())
    return ",\n".join(f"{json.dumps(name)}:{facts}" for name, facts in dumped)


def _commands(references: Mapping[str, str]) -> dict[str, Any]:
    return {name: _command(resolve_name(reference)) for name, reference in references.items()}


def _command(command: HandWritten) -> dict[str, Any]:
    found: dict[str, Any] = {"doc": summary(command)}
    arguments = [_argument(argument) for argument in command.arguments if not argument.hidden]
    if arguments:
        found["arguments"] = arguments
    if command.subcommands:
        found["commands"] = _commands(command.subcommands)
    return found


def _argument(argument: Argument) -> dict[str, Any]:
    found: dict[str, Any] = {"name": argument.cli_name}
    if argument.positional:
        found["positional"] = True
    if argument.nargs is not None:
        found["nargs"] = argument.nargs
    if argument.choices:
        found["choices"] = list(argument.choices)
    if argument.doc:
        found["doc"] = argument.doc.partition(". ")[0].rstrip(".")
    return found


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit(FILE.read_text("utf-8") != content())
    FILE.write_text(content(), "utf-8")
