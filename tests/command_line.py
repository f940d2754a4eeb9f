"""Command lines taken as far as the parameters of the call: no client, no connection."""

import shlex
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from awsmini.commandline.misspelt import unknown_options
from awsmini.commandline.parser import parse_operation
from awsmini.errors import UnknownOptionsError
from awsmini.model.cli_names import cli_services, visible_operations
from awsmini.model.load import ModelFinder
from awsmini.model.names import operation_cli_name
from awsmini.model.shapes import OperationModel, ServiceModel
from awsmini.params.argument_table import argument_table
from awsmini.params.arguments import Table
from awsmini.params.build import finish, gather
from awsmini.params.context import Context


class Settled(NamedTuple):
    """The parameters of the call, and whether it pages."""

    params: dict[str, Any]
    paginate: bool


@cache
def service(command: str) -> ServiceModel:
    return ServiceModel(ModelFinder({}).lines(cli_services()[command]))


def operation(line: str | Sequence[str]) -> tuple[OperationModel, Table, list[str], bool]:
    """The operation of a command line, its arguments, the words that follow, and whether it is no waiter."""
    words = shlex.split(line) if isinstance(line, str) else list(line)
    model = service(words[0])
    if words[1] == "wait":
        waiters = {operation_cli_name(name): name for name in model.waiter_names}
        found = model.operation_model((model.waiter(waiters[words[2]]) or {})["operation"])
        return found, argument_table(found, customized=False), words[3:], False
    found = model.operation_model(visible_operations(model)[words[1]])
    return found, argument_table(found, words[1]), words[2:], True


def built(line: str | Sequence[str], *, paginate: bool = True, **context: Any) -> Settled:
    """What `gather` and `finish` make of a command line; leftover words are an error."""
    model, table, words, customized = operation(line)
    parsed = parse_operation(words, table)
    if parsed.leftovers:
        raise UnknownOptionsError(unknown_options(parsed.leftovers, table.values()))
    reading = Context(**context)
    gathered = gather(model, table, parsed.values, reading, paginate=paginate, customized=customized)
    return Settled(finish(model, gathered.params, reading, customized=customized), gathered.paginate)


def params(line: str | Sequence[str], **context: Any) -> dict[str, Any]:
    return built(line, **context).params
