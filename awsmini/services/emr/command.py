"""What the commands of `emr` written by hand have in common: how they read options, call and answer."""

from collections.abc import Callable, Mapping
from copy import copy
from pkgutil import resolve_name
from typing import Any

import click

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError
from awsmini.model.names import operation_py_name
from awsmini.params.arguments import Argument
from awsmini.params.context import Context
from awsmini.params.values import load_file, unpack
from awsmini.records import replace
from awsmini.services.emr.settings import section, with_defaults

SERVICE = "emr"
CONVERSIONS = "awsmini.commandline.answer:conversions"
CHECK = "awsmini.commandline.answer:check"
SHOW = "awsmini.commandline.answer:show"
SHOW_VALUE = "awsmini.commandline.answer:show_value"
VALIDATE = "awsmini.params.validate:validate"


class EmrCommand(HandWritten):
    """A command whose options may be structures, and may come from the profile's map `emr`.

    What the profile says is not required on the command line.
    """

    def invoke(self, ctx: click.Context) -> Any:
        if ctx.args == ["help"]:
            return super().invoke(ctx)
        configured = section(ctx.obj)
        command = copy(self)
        command.arguments = tuple(
            replace(argument, required=argument.required and argument.dest not in configured)
            for argument in self.arguments
        )
        return super(EmrCommand, command).invoke(ctx)

    def _loaded(self, invocation: Invocation, values: Values) -> dict[str, Any]:
        context = Context(encoding=invocation.app.env.get("AWS_CLI_FILE_ENCODING"))
        found = dict(values)
        for argument in self.arguments:
            if argument.dest not in values:
                continue
            if argument.shape is None:
                found.update(super()._loaded(invocation, {argument.dest: values[argument.dest]}))
            else:
                found[argument.dest] = read(argument, values[argument.dest], context)
        dests = {argument.dest for argument in self.arguments}
        return with_defaults(found, dests, section(invocation), invocation.settings.profile_name)


def read(argument: Argument, value: Any, context: Context) -> Any:
    """The value of a structured option. Raises ParamValidationError and ConversionError."""
    found = unpack(argument, load_file(argument.label, value, context), context)
    resolve_name(VALIDATE)(argument.shape, found)
    return found


def region(invocation: Invocation) -> str | None:
    """The region that calls go to."""
    found: str | None = invocation.settings.value("region")
    return found


def ask(invocation: Invocation, operation_name: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The output of a call. Credentials have to be there whatever is done with them, as in AWS CLI v2."""
    client = invocation.session.client(SERVICE)
    client._context.credentials()
    output: dict[str, Any] = client._make_api_call(operation_name, params, resolve_name(CONVERSIONS)(invocation))
    output.pop("ResponseMetadata", None)
    return output


def ask_once(
    invocation: Invocation, operation_name: str, params: Mapping[str, Any], answer: Callable[[dict[str, Any]], Any]
) -> int:
    """Make the one call of a command, and show what `answer` makes of the output."""
    resolve_name(CHECK)(invocation)
    show(invocation, operation_name, answer(ask(invocation, operation_name, params)))
    return 0


def call_and_show(invocation: Invocation, operation_name: str, params: Mapping[str, Any]) -> int:
    """Make a call, and show its output."""
    resolve_name(CHECK)(invocation)
    client = invocation.session.client(SERVICE)
    output = client._make_api_call(operation_name, params, resolve_name(CONVERSIONS)(invocation))
    output.pop("ResponseMetadata", None)
    resolve_name(SHOW)(invocation, client._service_model.operation_model(operation_name), output)
    return 0


def show(invocation: Invocation, operation_name: str, value: Any) -> None:
    """Show what a command has made of outputs, under the name of an operation."""
    resolve_name(SHOW_VALUE)(invocation, operation_py_name(operation_name), value)


def release_label(invocation: Invocation, cluster_id: str) -> str | None:
    """The release of a cluster; None for those older ones that have an AMI version."""
    label: str | None = (
        ask(invocation, "DescribeCluster", {"ClusterId": cluster_id}).get("Cluster", {}).get("ReleaseLabel")
    )
    return label


def refuse_releases(invocation: Invocation, command: str, cluster_id: str) -> None:
    """Raise where the cluster is of a release: the command is for clusters of an AMI version."""
    if label := release_label(invocation, cluster_id):
        raise ParamValidationError(f"{command} is not supported with '{label}' release.")
