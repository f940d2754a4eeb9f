"""The commands of one service: an operation each, those written by hand, and `wait`."""

from collections.abc import Mapping
from functools import cached_property
from pkgutil import resolve_name
from typing import Any

import click

from awsmini import services
from awsmini.commandline.parser import parse
from awsmini.commands.operation import OperationCommand, WaiterCommand
from awsmini.commands.tree import HELP, Branch
from awsmini.errors import ParamValidationError
from awsmini.model.cli_names import operation_of, visible_operations
from awsmini.model.names import operation_cli_name
from awsmini.model.shapes import ServiceModel
from awsmini.params.arguments import option

UNKNOWN_OPTIONS = "awsmini.commandline.misspelt:unknown_options"  # difflib: few words are wrong
_SUBCOMMAND = option("subcommand", positional=True, nargs="?")


class ServiceGroup(Branch):
    """`awsmini <service>`: one subcommand an operation."""

    help_page = "awsmini.help.service:page"

    def __init__(self, name: str, service_model: ServiceModel) -> None:
        super().__init__(name)
        self.service_model = service_model
        self._made: dict[str, OperationCommand] = {}

    @cached_property
    def operations(self) -> dict[str, str]:
        """Command name to API name."""
        return visible_operations(self.service_model)

    @property
    def hand_written(self) -> Mapping[str, str]:
        """The commands that no model describes: name to reference."""
        return services.of(self.service_model.service_name).commands

    def choices(self) -> list[str]:
        wait = ["wait"] if self.service_model.waiter_names else []
        return [*dict.fromkeys((*self.operations, *self.hand_written)), *wait, "help"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        assert self.name is not None
        reference = self.hand_written.get(cmd_name)
        if reference:
            command: click.Command = resolve_name(reference)
            return command
        if cmd_name == "wait" and self.service_model.waiter_names:
            return WaitGroup(self.name, self.service_model)
        if cmd_name not in self._made and (api_name := operation_of(self.service_model, cmd_name)):
            self._made[cmd_name] = OperationCommand(cmd_name, self.service_model.operation_model(api_name))
        return self._made.get(cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        if (done := self.follow_aliases(ctx)) is not None:
            return done
        if ctx.params["operation"] == "help":
            return resolve_name(HELP)(ctx)
        return super().invoke(ctx)


class WaitGroup(Branch):
    """`awsmini <service> wait`: one subcommand a waiter."""

    label = "subcommand"
    help_page = "awsmini.help.waiters:list_page"

    def __init__(self, service_name: str, service_model: ServiceModel) -> None:
        super().__init__("wait")
        self.service_name = service_name
        self.service_model = service_model

    @cached_property
    def waiters(self) -> dict[str, str]:
        """Command name to the waiter's name in the model."""
        return {operation_cli_name(name): name for name in self.service_model.waiter_names}

    def choices(self) -> list[str]:
        return [*self.waiters, "help"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        waiter = self.waiters.get(cmd_name)
        return WaiterCommand(cmd_name, self.service_model, waiter) if waiter else None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        parsed = parse(args, [_SUBCOMMAND])
        ctx.params = parsed.values
        ctx.args = parsed.leftovers
        return ctx.args

    def invoke(self, ctx: click.Context) -> Any:
        if (done := self.follow_aliases(ctx)) is not None:
            return done
        subcommand = ctx.params.get("subcommand")
        if subcommand is None and ctx.args:
            raise ParamValidationError(resolve_name(UNKNOWN_OPTIONS)(ctx.args))
        if subcommand is None:
            raise ParamValidationError(
                f"usage: awsmini [options] {self.service_name} wait <subcommand> [parameters]\n"
                "awsmini: [ERROR]: too few arguments"
            )
        if subcommand == "help":
            return resolve_name(HELP)(ctx)
        return super().invoke(ctx)
