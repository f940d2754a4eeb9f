"""`awsmini batch` is AWS Batch where an operation of it follows, and many command lines where lines do.

AWS CLI v2 refuses what begins the latter: no operation at all, or the name of a file.
"""

import os
from collections.abc import Sequence
from typing import Any

import click

from awsmini.commandline.parser import parse
from awsmini.commands.batch import command
from awsmini.commands.service import ServiceGroup
from awsmini.params.arguments import option

_FIRST = option("first", positional=True, nargs="?")


class BatchGroup(ServiceGroup):
    """The service, and the command beside it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not self.holds_lines(ctx, args):
            return super().parse_args(ctx, args)
        ctx.params = {"operation": None}
        ctx.args = list(args)
        return ctx.args

    def invoke(self, ctx: click.Context) -> Any:
        if ctx.params["operation"] is not None:
            return super().invoke(ctx)
        with command.make_context("batch", list(ctx.args), parent=ctx.parent) as own:
            return command.invoke(own)

    def holds_lines(self, ctx: click.Context, words: Sequence[str]) -> bool:
        """Whether the words are for the command: its options, a file that is there, or none while stdin has lines."""
        found = parse(words, [_FIRST, *(each for each in command.arguments if not each.positional)])
        first = found.values.pop("first", None)
        if first in self.choices():
            return False
        if found.values or first == "-":
            return True
        return not ctx.obj.app.stdin.isatty() if first is None else os.path.exists(first)
