"""The command tree: `awsmini <service> <operation>`, each group and command made when it is asked for.

The names of services come from `data/services.json`, those of operations from the lines of one model;
neither help nor completion of the root opens a model.
"""

from collections.abc import Sequence
from functools import cached_property
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

import click

from awsmini.app import App
from awsmini.commandline.globals import OPTIONS, check, first_look, has_targets, has_yielding_options
from awsmini.commandline.invocation import Invocation, command_path
from awsmini.commandline.parser import check_choice, parse
from awsmini.log import configure_logging, debug
from awsmini.params.arguments import option
from awsmini.records import replace

if TYPE_CHECKING:
    from awsmini.commandline.shared import Shared

HISTORY = "history"
# Commands written by hand: click commands whose `obj` is the Invocation.
HAND_WRITTEN = {
    "completion": "awsmini.commands.completion:command",
    "configure": "awsmini.commands.configure:command",
    "ddb": "awsmini.services.ddb.group:command",
    "docs": "awsmini.commands.docs:command",
    HISTORY: "awsmini.commands.history:command",
    "local": "awsmini.commands.local:command",
    "login": "awsmini.commands.login:login",
    "logout": "awsmini.commands.login:logout",
    "models": "awsmini.commands.models:command",
    "s3": "awsmini.services.s3:command",
    "search": "awsmini.commands.search:command",
    "update": "awsmini.commands.update:command",
    "warm": "awsmini.commands.warm:command",
    "watch": "awsmini.commands.watch:command",
}
FAN_OUT = "awsmini.commands.fanout:run"
READ_YIELDING = "awsmini.commands.yielding:read"
FOLLOW_ALIASES = "awsmini.commands.aliases:follow"  # subprocess: few have aliases
IS_SHELL_ALIAS = "awsmini.commands.aliases:is_shell_alias"
OUTPUT_ENCODING = "AWS_CLI_OUTPUT_ENCODING"
CHECK_ENCODING = "awsmini.format.output:check_output_encoding"
HELP = "awsmini.commands.help:show"
SERVICE_GROUP = "awsmini.commands.service:ServiceGroup"  # models: not needed by `--version` and hand-written commands
GROUPS = {"batch": "awsmini.commands.batch.group:BatchGroup"}  # those that are more than a service
SERVICE_MODEL = "awsmini.model.shapes:ServiceModel"
SERVICES = "awsmini.model.cli_names:cli_services"
SERVICE_OF = "awsmini.model.cli_names:service_of"
VERSION = "awsmini.commandline.version:show"
VERSION_LINE = "awsmini.commandline.version:line"

_COMMAND = option("command", positional=True, required=True)
_COMMAND_IF_ANY = option("command", positional=True, nargs="?")
_OPERATION = option("operation", positional=True, required=True)


def run(root: "Root", argv: Sequence[str]) -> int:
    """Run one command line. Errors are raised; `cli.main` knows what to make of them."""
    context = root.make_context("awsmini", list(argv))
    with context:
        result = root.invoke(context)
    return result if isinstance(result, int) else 0


class Branch(click.Group):
    """A group whose subcommand is chosen by our own parser, with AWS CLI v2's words where it cannot be."""

    label = "operation"
    help_page = ""  # the function that makes the page of it

    def __init__(self, name: str) -> None:
        super().__init__(name, add_help_option=False)

    def choices(self) -> list[str]:
        """The subcommands that a wrong word is compared with."""
        raise NotImplementedError

    def list_commands(self, ctx: click.Context) -> list[str]:
        return self.choices()

    def follow_aliases(self, ctx: click.Context) -> int | None:
        """Put the user's words in the place of an alias; the exit code of one that a shell has run."""
        if not ctx.obj.aliases:
            return None
        done: int | None = resolve_name(FOLLOW_ALIASES)(ctx, self.label, self.choices())
        return done

    def invoke(self, ctx: click.Context) -> Any:
        name = ctx.params[self.label]
        command = self.get_command(ctx, name)
        if command is None:
            self.refuse(ctx, name)
            raise AssertionError(f"{name} is among the choices, and yet no command")
        sub = command.make_context(name, list(ctx.args), parent=ctx)
        with sub:
            return command.invoke(sub)

    def refuse(self, ctx: click.Context, name: str) -> None:
        """Raise UsageError for a name that is no subcommand."""
        check_choice(self.label, name, [*self.choices(), *ctx.obj.aliases.get(command_path(ctx), ())])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        parsed = parse(args, [_OPERATION])
        ctx.params = parsed.values
        ctx.args = parsed.leftovers
        return ctx.args


class Root(Branch):
    """`awsmini`: takes the global options from the whole line, and leaves the rest to a service or a command."""

    label = "command"
    help_page = "awsmini.help.root:page"

    def __init__(self, app: App, prompt: str = "off", shared: "Shared | None" = None) -> None:
        super().__init__("awsmini")
        # The real one is made as soon as the global options are known.
        self.invocation = Invocation(app, {}, files=shared.files if shared else None, prompt=prompt, shared=shared)

    @cached_property
    def services(self) -> dict[str, str]:
        """Command name to model name."""
        found: dict[str, str] = resolve_name(SERVICES)(self.invocation.models.service_names())
        return found

    def choices(self) -> list[str]:
        return sorted({*self.services, *HAND_WRITTEN, "help"})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in HAND_WRITTEN:
            command: click.Command = resolve_name(HAND_WRITTEN[cmd_name])
            return command
        service_name = self._service(cmd_name)
        return (
            None
            if service_name is None
            else self.invocation.kept(("group", cmd_name), lambda: self._group(cmd_name, service_name))
        )

    def _group(self, cmd_name: str, service_name: str) -> Branch:
        model = resolve_name(SERVICE_MODEL)(self.invocation.models.lines(service_name))
        group: Branch = resolve_name(GROUPS.get(cmd_name, SERVICE_GROUP))(cmd_name, model)
        return group

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        first_look(args)
        _ = self.invocation.settings.files  # one that cannot be understood is told before all else
        words = ["--help" if word == "-h" else word for word in args]
        command = _COMMAND if "--help" not in words else _COMMAND_IF_ANY
        arguments = [*OPTIONS, replace(command, convert=self._known)]
        if has_yielding_options(words):
            parsed = resolve_name(READ_YIELDING)(words, arguments, self, ctx)
        else:
            parsed = parse(words, arguments)
        shared = self.invocation.shared
        inherited = shared.flags_for(parsed.values) if shared else {}
        ctx.obj = self.invocation = self.invocation.again({**inherited, **parsed.values})
        ctx.params = parsed.values
        ctx.args = parsed.leftovers
        ctx.meta["words"] = args
        return ctx.args

    def invoke(self, ctx: click.Context) -> Any:
        if ctx.params.get("version"):
            return resolve_name(VERSION)(ctx.obj)
        if ctx.obj.flags.get("debug"):
            self._log_debug(ctx)
        if (done := self.follow_aliases(ctx)) is not None:
            return done
        flags = ctx.params
        if flags.get("help") or flags["command"] == "help":
            words = [word for word in (flags.get("command"), *ctx.args) if word]
            if not ctx.obj.aliases or not resolve_name(IS_SHELL_ALIAS)(ctx, words):
                return resolve_name(HELP)(ctx, words)
        _ = ctx.obj.query  # compiled here: a bad one is told before all else
        check(flags)
        if OUTPUT_ENCODING in ctx.obj.app.env:
            resolve_name(CHECK_ENCODING)(ctx.obj.app.env)
        ctx.obj.settings.check_first()
        if flags["command"] != HISTORY:
            ctx.obj.begin_history(ctx.meta["words"])
        if has_targets(ctx.obj.flags):
            return resolve_name(FAN_OUT)(self, ctx)
        return super().invoke(ctx)

    def _service(self, cmd_name: str) -> str | None:
        """The model's name of a service, as `services` has it, which takes longer to make."""

        def look() -> str | None:
            found: str | None = resolve_name(SERVICE_OF)(cmd_name, self.invocation.models.has)
            return found

        return self.invocation.kept(("service", cmd_name), look)

    def _known(self, name: str) -> str:
        """The name, if it is a command's: a wrong one is told before what is wrong behind it. Raises UsageError."""
        if name not in HAND_WRITTEN and self._service(name) is None:
            check_choice(self.label, name, [*self.choices(), *self.invocation.aliases.get((), ())])
        return name

    def refuse(self, ctx: click.Context, name: str) -> None:
        flags = {"debug": True} if ctx.params.get("debug") else {}
        self.invocation = self.invocation.again(flags)  # as long as words are wrong, no option says how to tell
        super().refuse(ctx, name)

    def _log_debug(self, ctx: click.Context) -> None:
        if (shared := self.invocation.shared) is not None:
            shared.debug_line()
        else:
            configure_logging(self.invocation.app.stderr)
        debug("cli", "CLI version: %s", resolve_name(VERSION_LINE)(self.invocation.app.env))
        debug("cli", "Arguments entered to CLI: %s", list(ctx.meta["words"]))
