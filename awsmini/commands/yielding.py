"""The words of a command line that has one of the options which yield to a command's own of the same name."""

from collections.abc import Sequence
from pkgutil import resolve_name

import click

from awsmini.commandline.globals import OPTIONS, YIELDING_OPTIONS
from awsmini.commandline.handwritten import HandWritten
from awsmini.commandline.parser import Parsed, parse
from awsmini.commands.operation import OperationCommand
from awsmini.commands.tree import Branch
from awsmini.params.arguments import Argument, option

_COMMAND = option("command", positional=True, nargs="?")


def read(words: Sequence[str], arguments: Sequence[Argument], root: Branch, ctx: click.Context) -> Parsed:
    """The global options and the yielding ones. What the command calls by the same name is its own, behind it."""
    at = _place(words)
    first = parse(words[:at], [*OPTIONS, *YIELDING_OPTIONS]).values
    own = _own_labels(root, ctx, words[at:])
    rest = parse(words[at:], [*arguments, *(each for each in YIELDING_OPTIONS if each.label not in own)])
    return rest._replace(values={**first, **rest.values})


def _place(words: Sequence[str]) -> int:
    """Where the first word of the command stands; the number of words where there is none."""
    command = parse(words, [*OPTIONS, *YIELDING_OPTIONS, _COMMAND], check_required=False).values.get("command")
    for at, word in enumerate(words):
        if word == command and not parse(words[:at], [*OPTIONS, *YIELDING_OPTIONS], check_required=False).leftovers:
            return at
    return len(words)


def _own_labels(root: Branch, ctx: click.Context, words: Sequence[str]) -> set[str]:
    """The options of the command that the words name."""
    command: click.Command | None = root
    for word in words:
        if isinstance(command, Branch) and not word.startswith("-"):
            command = command.get_command(ctx, word)
        elif isinstance(command, HandWritten) and word in command.subcommands:
            command = resolve_name(command.subcommands[word])
        else:
            break
    if isinstance(command, OperationCommand):
        return {argument.label for argument in command.table.values()}
    return {argument.label for argument in command.arguments} if isinstance(command, HandWritten) else set()
