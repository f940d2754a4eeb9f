"""The commands and options that AWS CLI v2 has and awsmini has not, by the completion index that AWS CLI v2 ships.

    .venv/bin/python tests/conformance/compare_index.py /usr/local/aws-cli/v2/current/dist/awscli/data/ac.index

prints a line for each that is missing, and exits with 1 where there is any.
"""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import click

from awsmini.app import App
from awsmini.commandline.globals import OPTIONS
from awsmini.commandline.handwritten import HandWritten
from awsmini.commands.operation import OperationCommand
from awsmini.commands.tree import Branch, Root

# For those who develop AWS CLI v2: it fails, or shows nothing, for anybody else.
NEVER = {("cli-dev",)}

Command = tuple[str, ...]  # the words after `aws`


def differences(index: Path) -> list[str]:
    """A line for each command and option that is missing."""
    return [" ".join((*words, *options)) for words, options in missing(index) if words[:1] not in NEVER]


def missing(index: Path) -> Iterator[tuple[Command, tuple[str, ...]]]:
    """What awsmini has not: commands (with no options named), and options of those that it has."""
    ours = commands()
    for words, options in sorted(indexed(index).items()):
        lacking = sorted(options - ours[words]) if words in ours else []
        if lacking or words not in ours:
            yield words, tuple(f"--{option}" for option in lacking)


def indexed(index: Path) -> dict[Command, set[str]]:
    """Every command of the index, with the names of its options and positional words."""
    with closing(sqlite3.connect(f"{index.resolve().as_uri()}?mode=ro", uri=True)) as database:
        rows = database.execute("SELECT parent, command FROM command_table")
        found: dict[Command, set[str]] = {_words(*row): set() for row in rows}
        for parent, command, name in database.execute("SELECT parent, command, argname FROM param_table"):
            found[_words(parent, command)].add(name)
    return found


def _words(parent: str, command: str) -> Command:
    return tuple(f"{parent}.{command}".strip(".").split(".")[1:])


@cache
def commands() -> dict[Command, set[str]]:
    """Every command of awsmini, with the names of its options and positional words."""
    root = Root(App(stdin=sys.stdin, stdout=sys.stdout, stderr=sys.stderr, env={}))
    below = dict(_below((), root, click.Context(root, obj=root.invocation)))
    return {(): {argument.cli_name for argument in OPTIONS}, **below}


def _below(words: Command, branch: Branch, context: click.Context) -> Iterator[tuple[Command, set[str]]]:
    for name in branch.choices():
        command = branch.get_command(context, name)
        if command is not None:
            yield from _one((*words, name), command, context)


def _one(words: Command, command: Any, context: click.Context) -> Iterator[tuple[Command, set[str]]]:
    if isinstance(command, Branch):
        yield words, set()
        yield from _below(words, command, context)
    elif isinstance(command, OperationCommand):
        yield words, {argument.cli_name for argument in command.table.values()}
    elif isinstance(command, HandWritten):
        yield words, {argument.cli_name for argument in command.arguments}
        for name in command.subcommands:
            yield from _one((*words, name), resolve_name(command.subcommands[name]), context)


if __name__ == "__main__":
    found = differences(Path(sys.argv[1]))
    print("".join(f"{line}\n" for line in found), end="")
    sys.exit(1 if found else 0)
