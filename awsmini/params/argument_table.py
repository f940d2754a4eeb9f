"""The options of an operation's command, made from its input shape.

`argument_table` gives them in the order that help, ambiguity messages and "arguments are required" follow:
the members of the input, `outfile`, then what the page of the service adds and renames, and last the options that every operation has (`--cli-input-json`, paging, `--generate-cli-skeleton`).
"""

from collections.abc import Callable, Mapping
from functools import cache
from pkgutil import resolve_name
from typing import Any

from awsmini import services
from awsmini.model.load import data
from awsmini.model.names import member_cli_name, operation_cli_name
from awsmini.model.shapes import OperationModel
from awsmini.params.arguments import OUTFILE, Argument, Table, boolean_pair, dest_of, hide, no_parameter, option, rename
from awsmini.params.context import ConversionError
from awsmini.params.paging import input_tokens
from awsmini.records import replace

_PARSED_AS: dict[str, Callable[[str], Any]] = {"long": int, "float": float, "double": float}


def argument_table(operation: OperationModel, command: str | None = None, *, customized: bool = True) -> Table:
    """The arguments of an operation's command, by name.

    `command` is the command's name where it is not the operation's own (`rds add-option-to-option-group`);
    `customized` is off for waiters, whose commands have the plain options of the polled operation.
    """
    table = _model_arguments(operation)
    if operation.has_streaming_output:
        table["outfile"] = OUTFILE
    if customized:
        table = _customized(operation, command or operation_cli_name(operation.name), table)
    with_documents = "outfile" not in table
    if with_documents:
        table.update(_INPUT_DOCUMENTS)
    if operation.paginator is not None:
        _add_paging(table, operation, operation.paginator)
    if with_documents:
        table["generate-cli-skeleton"] = _SKELETON
    return table


def _model_arguments(operation: OperationModel) -> Table:
    table: Table = {}
    shape = operation.input_shape
    if shape is None:
        return table
    required = frozenset(shape.required_members)
    bare_words = {page.bare_word_list for page in _differences(operation)}
    for member, member_shape in shape.members.items():
        name = member_cli_name(member)
        needed = member in required and "idempotencyToken" not in member_shape.traits
        if member_shape.type_name == "boolean":
            for argument in boolean_pair(name, member, member_shape, required=needed):
                table[argument.cli_name] = argument
            continue
        table[name] = Argument(
            cli_name=name,
            dest=dest_of(name),
            member=member,
            shape=member_shape,
            required=needed,
            nargs="*" if member_shape.type_name == "list" else None,
            convert=_PARSED_AS.get(member_shape.type_name),
            bare_words=member in bare_words,
        )
    return table


@cache
def _renames() -> dict[str, Any]:
    found: dict[str, Any] = data("argument-renames.json")
    return found


def _customized(operation: OperationModel, command: str, table: Table) -> Table:
    """The changes for the whole service, then those for the operation."""
    service = operation.service_model.service_name
    _apply_renames(table, service, "*")
    for difference in _differences(operation):
        if difference.arguments:
            table = resolve_name(difference.arguments)(operation, table)
    _apply_renames(table, service, command)
    return table


def _differences(operation: OperationModel) -> tuple[services.Operation, ...]:
    return services.differences(operation.service_model.service_name, operation.name)


def _apply_renames(table: Table, service: str, command: str) -> None:
    """Rename, remove and double arguments as `data/argument-renames.json` has it; "*" is every command."""
    for old, new in _renames()["renamed"].get(service, {}).get(command, {}).items():
        if old in table and new is None:
            del table[old]
        elif old in table:
            rename(table, old, new)
    for current, alias in _renames()["hidden_aliases"].get(service, {}).get(command, {}).items():
        if current in table:
            _add_hidden_alias(table, current, alias)


def _add_hidden_alias(table: Table, current: str, alias: str) -> None:
    """A second spelling. Neither can be asked for any more, so help alone says that one is required."""
    argument = table[current]
    table[current] = replace(argument, required=False, required_in_help=argument.required)
    table[alias] = replace(argument, cli_name=alias, dest=dest_of(alias), required=False, hidden=True)


def _add_paging(table: Table, operation: OperationModel, paginator: Mapping[str, Any]) -> None:
    """Hide the API's own paging options behind --starting-token, --page-size and --max-items."""
    hide(table, *(name for name in map(member_cli_name, input_tokens(paginator)) if name in table))
    convert: Callable[[str], Any] | None = int
    paging: dict[str, tuple[str, Callable[[str], Any] | None]] = {"starting-token": ("StartingToken", None)}
    if "limit_key" in paginator:
        assert operation.input_shape is not None
        if operation.input_shape.members[paginator["limit_key"]].type_name == "string":
            convert = None
        paging["page-size"] = ("PageSize", convert)
    paging["max-items"] = ("MaxItems", convert)
    for name, (key, parsed_as) in paging.items():
        table[name] = option(name, member=key, convert=parsed_as, shadows=table.get(name), add=_add_paging_value)


def _add_paging_value(argument: Argument, params: dict[str, Any], value: Any, context: Any) -> None:
    if argument.member == "MaxItems" and _number(value) <= 0:
        context.warn("warning: Non-positive values for --max-items may result in undefined behavior.\n")
    params.setdefault("PaginationConfig", {})[argument.member] = value


def _number(value: int | str) -> int:
    try:
        return int(value)
    except ValueError as error:
        raise ConversionError(str(error)) from None


_INPUT_DOCUMENTS = {
    name: option(name, group="cli_input", add=no_parameter) for name in ("cli-input-json", "cli-input-yaml")
}
_SKELETON = option(
    "generate-cli-skeleton",
    nargs="?",
    const="input",
    choices=("input", "output", "yaml-input"),
    add=no_parameter,
)
