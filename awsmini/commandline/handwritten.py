"""Commands that no model describes: their options are a table, and they are read as AWS CLI v2 reads such ones.

    command = HandWritten("get", run, arguments=(option("varname", positional=True, required=True),))

`run(invocation, values) -> int` gets the values that were given. A command may have subcommands, and still do
something without one. `help` as the only word shows the help.
"""

from collections.abc import Callable, Mapping, Sequence
from pkgutil import resolve_name
from typing import Any

import click

from awsmini.commandline.invocation import Invocation, command_path
from awsmini.commandline.parser import check_choice, parse
from awsmini.errors import ParamValidationError
from awsmini.params.arguments import Argument, option
from awsmini.params.context import Context
from awsmini.records import replace

Values = Mapping[str, Any]
Run = Callable[[Invocation, Values], int]

FOLLOW_ALIASES = "awsmini.commands.aliases:follow_in_words"  # subprocess: few have aliases
HELP = "awsmini.commands.help:show"
LOAD_FILE = "awsmini.params.values:load_file"
UNKNOWN_OPTIONS = "awsmini.commandline.misspelt:unknown_options"
_SUBCOMMAND = option("subcommand", positional=True, nargs="?")


class HandWritten(click.Command):
    """`subcommands` maps names to references of more such commands; `run` may be a reference too.

    A text value that begins with `file://` is the file's, except for the options named in `literal`.
    """

    def __init__(
        self,
        name: str,
        run: Run | str,
        *,
        doc: str,
        arguments: Sequence[Argument] = (),
        subcommands: Mapping[str, str] | None = None,
        literal: Sequence[str] = (),
    ) -> None:
        super().__init__(name, help=doc, add_help_option=False)
        self.run = run
        self.arguments = tuple(arguments)
        self.subcommands = dict(subcommands or {})
        self.literal = frozenset(literal)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.args = list(args)
        return ctx.args

    def invoke(self, ctx: click.Context) -> Any:
        if ctx.obj.aliases.get(command_path(ctx)):
            done = resolve_name(FOLLOW_ALIASES)(ctx, self.named, self.subcommands)
            if done is not None:
                return done
        words = list(ctx.args)
        if words == ["help"]:
            return resolve_name(HELP)(ctx)
        if name := self.subcommand(words):
            command: click.Command = resolve_name(self.subcommands[name])
            words.remove(name)
            with command.make_context(name, words, parent=ctx) as sub:
                return command.invoke(sub)
        parsed = parse(words, self.arguments)
        if parsed.leftovers:
            raise ParamValidationError(resolve_name(UNKNOWN_OPTIONS)(parsed.leftovers, self.arguments))
        values = {**parsed.values, **self._loaded(ctx.obj, parsed.values)}
        if ctx.obj.flags.get("print_request"):
            raise ParamValidationError(
                "--print-request prints the request of an operation, and sends nothing. "
                f"{' '.join(command_path(ctx))} is none: it may take several requests, or none at all."
            )
        run: Run = resolve_name(self.run) if isinstance(self.run, str) else self.run
        ctx.obj.command = ".".join(command_path(ctx))
        return run(ctx.obj, values)

    def subcommand(self, words: list[str]) -> str | None:
        """The subcommand that the words name. Raises UsageError where they name one that there is not."""
        name = self.named(words)
        if name is not None:
            check_choice("subcommand", name, self.subcommands)
        return name

    def named(self, words: list[str]) -> str | None:
        """The word in the place of a subcommand, whatever it is."""
        if not self.subcommands:
            return None
        optional = [replace(argument, required=False) for argument in self.arguments]
        name: str | None = parse(words, [*optional, _SUBCOMMAND]).values.get("subcommand")
        return name

    def _loaded(self, invocation: Invocation, values: Values) -> dict[str, str]:
        """The values that name a file, as its content."""
        context = Context(encoding=invocation.app.env.get("AWS_CLI_FILE_ENCODING"))
        return {
            argument.dest: _content(argument.label, values[argument.dest], context)
            for argument in self.arguments
            if argument.dest not in self.literal and _names_file(values.get(argument.dest))
        }


def _names_file(value: Any) -> bool:
    """Whether a value stands for the content of a file. A list of one word counts as that word."""
    word = value[0] if isinstance(value, list) and len(value) == 1 else value
    return isinstance(word, str) and word.startswith(("file://", "fileb://"))


def _content(label: str, name: str | list[str], context: Context) -> str:
    """The text of a file: no option of these commands takes bytes. Nor are they shown, for they may be a key."""
    content = resolve_name(LOAD_FILE)(label, name, context)
    if isinstance(content, bytes):
        raise ParamValidationError(
            f"Parameter validation failed:\nInvalid type for parameter {label}, value: ({len(content)} bytes), "
            "type: <class 'bytes'>, valid types: <class 'str'>"
        )
    return str(content)
