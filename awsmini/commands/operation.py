"""The command of one operation: argv → params, the call, and the answer → query → format."""

from collections.abc import Callable, Mapping
from functools import cached_property
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

import click

from awsmini import services
from awsmini.commandline.invocation import Invocation, command_path
from awsmini.commandline.parser import parse_operation
from awsmini.errors import UnknownOptionsError
from awsmini.model.shapes import OperationModel, ServiceModel, StructureShape
from awsmini.params.argument_table import argument_table
from awsmini.params.arguments import Argument, Table
from awsmini.params.build import finish, gather
from awsmini.params.context import Context
from awsmini.records import replace
from awsmini.system.atomic import check_writable, saving

if TYPE_CHECKING:
    from awsmini.client import Client

CHUNK = 1024 * 1024  # bytes of a streamed body written at a time
HELP = "awsmini.commands.help:show"
DESCRIBER = "awsmini.help.overview:describer"
INPUT_SKELETON = "awsmini.params.skeleton:input_skeleton"
WRITE_OUT = "awsmini.format.output:write_out"
OUTPUT_SKELETON = "awsmini.params.skeleton:output_skeleton"
VALIDATE = "awsmini.params.validate:validate"
PAGINATE = "awsmini.client:paginate"
CONVERSIONS = "awsmini.commandline.answer:conversions"
CHECK = "awsmini.commandline.answer:check"
SHOW = "awsmini.commandline.answer:show"
PRINT_REQUEST = "awsmini.commandline.request:show"
REFUSE = "awsmini.client:refuse"
UNKNOWN_OPTIONS = "awsmini.commandline.misspelt:unknown_options"


class OperationCommand(click.Command):
    """`awsmini <service> <operation>`."""

    customized = True
    help_page = "awsmini.help.operation:page"

    def __init__(self, name: str, operation: OperationModel) -> None:
        super().__init__(name, add_help_option=False)
        self.operation = operation

    @cached_property
    def table(self) -> Table:
        return argument_table(self.operation, self.name, customized=self.customized)

    @property
    def _differences(self) -> tuple[services.Operation, ...]:
        return services.differences(self.operation.service_model.service_name, self.operation.name)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """The arguments as click knows them; parsing itself goes by the table."""
        return [_click_parameter(argument) for argument in self.table.values()]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        parsed = parse_operation(args, self.table)
        if parsed.leftovers and not parsed.values.get("help"):
            raise UnknownOptionsError(resolve_name(UNKNOWN_OPTIONS)(parsed.leftovers, self.table.values()))
        ctx.params = parsed.values
        return []

    def invoke(self, ctx: click.Context) -> int:
        if ctx.params.get("help"):
            shown: int = resolve_name(HELP)(ctx)
            return shown
        invocation: Invocation = ctx.obj
        context = self._context(invocation)
        built = gather(
            self.operation,
            self.table,
            ctx.params,
            context,
            paginate=invocation.flags.get("paginate", True),
            customized=self.customized,
        )
        skeleton = ctx.params.get("generate_cli_skeleton")
        if skeleton in ("input", "yaml-input"):
            resolve_name(WRITE_OUT)([self._input_skeleton(skeleton)], invocation.app)
            return 0
        context = replace(context, binary_format=invocation.settings.value("cli_binary_format"))
        if skeleton == "output":
            return self._show_output_skeleton(invocation, built.params, context)
        params = finish(self.operation, built.params, context, customized=self.customized)
        invocation.session.command = ".".join(command_path(ctx))
        try:
            return self.call(invocation, built.values, params, built.paginate)
        finally:
            _close_files(params)

    def call(self, invocation: Invocation, values: Mapping[str, Any], params: dict[str, Any], paginate: bool) -> int:
        """Make the call, or page after page of it, and print the answer."""
        resolve_name(CHECK)(invocation)
        client = invocation.client(self.operation.service_model)
        if invocation.flags.get("print_request"):
            printed: int = resolve_name(PRINT_REQUEST)(
                invocation, client, self.operation, params, self._features(paginate)
            )
            return printed
        for difference in self._differences:
            if difference.make_call:
                code: int = resolve_name(difference.make_call)(invocation, client, params)
                return code
        if "outfile" in values:
            check_writable(values["outfile"])  # or the call would be made for nothing
        answer = self._ask(invocation, client, params, paginate)
        if isinstance(answer, dict):
            answer = self._put_away(answer, values)
            for difference in self._differences:
                if difference.after_call:
                    answer = resolve_name(difference.after_call)(invocation, client, answer, values)
        resolve_name(SHOW)(invocation, self.operation, answer)
        return 0

    def _features(self, paginate: bool) -> tuple[str, ...]:
        return ("PAGINATOR",) if paginate and self.operation.paginator is not None else ()

    def _ask(self, invocation: Invocation, client: "Client", params: dict[str, Any], paginate: bool) -> Any:
        features = self._features(paginate)
        asked = params.get("PaginationConfig", {})
        whole_pages = features and isinstance(asked, dict) and asked.keys().isdisjoint(("MaxItems", "StartingToken"))
        conversions = resolve_name(CONVERSIONS)(invocation, self.operation if whole_pages else None)

        def method(given: Mapping[str, Any]) -> dict[str, Any]:
            output = client._make_api_call(self.operation.name, given, conversions, features)
            output.pop("ResponseMetadata", None)
            return output

        if features:
            return resolve_name(PAGINATE)(self.operation, params, method)
        return method(params)

    def _put_away(self, output: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
        """The output without what goes to files: a streamed body, and what the page of the service saves."""
        body = self.operation.streaming_member(self.operation.output_shape)
        if body is not None and "outfile" in values:
            stream = output.pop(body, None)
            if stream is not None:
                with saving(values["outfile"]) as file:
                    file.writelines(stream.iter_chunks(CHUNK))
        for difference in self._differences:
            if difference.save_output:
                output = resolve_name(difference.save_output)(output, values)
        return output

    def _input_skeleton(self, kind: str) -> str:
        text: str = resolve_name(INPUT_SKELETON)(self.operation, kind, _describer)
        return text

    def _show_output_skeleton(self, invocation: Invocation, params: dict[str, Any], context: Context) -> int:
        """Check the parameters, and print an answer made up from the output shape.

        The answer is checked too, and first, as in AWS CLI v2: where the model wants longer text, none is printed.
        """
        client = invocation.client(self.operation.service_model)
        stub = resolve_name(OUTPUT_SKELETON)(self.operation)
        resolve_name(VALIDATE)(self.operation.output_shape, stub)
        client._check(self.operation, finish(self.operation, params, context, customized=self.customized))
        resolve_name(SHOW)(invocation, self.operation, stub)
        return 0

    def _context(self, invocation: Invocation) -> Context:
        """How parameters are read; the binary format is left for later, with all that the configuration may get wrong."""
        app = invocation.app
        return Context(
            encoding=app.env.get("AWS_CLI_FILE_ENCODING"),
            stdin=app.stdin,
            warn=app.stderr.write,
            endpoint_url=invocation.flags.get("endpoint_url"),
            now=app.now,
            uniform=app.uniform,
            call=self._ask_first(invocation),
        )

    def _ask_first(self, invocation: Invocation) -> Callable[[str, Mapping[str, Any]], dict[str, Any]]:
        """How parameters are had that another call of the service knows; not where nothing may be sent."""
        if invocation.flags.get("print_request"):
            refuse: Callable[[str, Mapping[str, Any]], dict[str, Any]] = resolve_name(REFUSE)
            return refuse
        return lambda name, params: invocation.client(self.operation.service_model)._make_api_call(name, params)


class WaiterCommand(OperationCommand):
    """`awsmini <service> wait <waiter>`: the plain options of the operation that is polled, and no output."""

    customized = False
    help_page = "awsmini.help.waiters:page"

    def __init__(self, name: str, service_model: ServiceModel, waiter: str) -> None:
        config = service_model.waiter(waiter) or {}
        super().__init__(name, service_model.operation_model(config["operation"]))
        self.waiter = waiter

    def call(self, invocation: Invocation, values: Mapping[str, Any], params: dict[str, Any], paginate: bool) -> int:
        """Poll until the waiter's state is reached."""
        client = invocation.client(self.operation.service_model)
        if invocation.flags.get("print_request"):
            printed: int = resolve_name(PRINT_REQUEST)(invocation, client, self.operation, params, ("WAITER",))
            return printed
        client.get_waiter(self.waiter).wait_with(params)
        return 0


def _describer(service_name: str) -> Callable[[StructureShape, str], str]:
    """What tells of a service's members, where its documentation is installed."""
    describe: Callable[[StructureShape, str], str] = resolve_name(DESCRIBER)(service_name)
    return describe


def _close_files(params: Mapping[str, Any]) -> None:
    """Close the file that a streamed body was read from."""
    for value in params.values():
        if hasattr(value, "close"):
            value.close()


def _click_parameter(argument: Argument) -> click.Parameter:
    if argument.positional:
        return click.Argument([argument.dest], required=argument.required)
    return click.Option(
        [f"--{argument.cli_name}", argument.dest],
        required=argument.required,
        is_flag=argument.nargs == 0,
        hidden=argument.hidden,
        help=argument.doc,
    )
