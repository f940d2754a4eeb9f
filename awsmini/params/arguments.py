"""The options of an operation's command, made from its input shape.

`argument_table` gives them in the order that help, ambiguity messages and "arguments are required" follow:
the members of the input, `outfile`, then what the page of the service adds and renames, and last the options that every operation has (`--cli-input-json`, paging, `--generate-cli-skeleton`).
"""

from collections.abc import Callable, Mapping
from functools import cache
from pkgutil import resolve_name
from typing import Any, NamedTuple

from awsmini import services
from awsmini.model.load import data
from awsmini.model.names import member_cli_name, operation_cli_name
from awsmini.model.shapes import OperationModel, Shape
from awsmini.params.context import ConversionError
from awsmini.params.paging import input_tokens
from awsmini.records import replace


class Argument(NamedTuple):
    """One option or positional word of a command line.

    `nargs` is argparse's: None (one value), 0 (a flag), "?", "*" or "+". `convert` turns a word into a value
    while parsing, and a ValueError from it is a usage error. `add` puts a given value into the parameters of
    the call where that is not simply `params[member] = value`: see `params/build.py`.
    """

    cli_name: str  # without the dashes
    dest: str  # what the parser files the value under; --x and --no-x share one
    member: str | None = None  # the API member it fills
    shape: Shape | None = None  # how its text is to be read; None: as it is
    required: bool = False  # for a flag, only help shows it; the parser does not ask for it
    required_in_help: bool = False  # shown as required although the parser does not ask for it
    nargs: str | int | None = None
    const: Any = None  # the value of a flag, or of a "?" without a value
    convert: Callable[[str], Any] | None = None
    choices: tuple[str, ...] = ()
    hidden: bool = False  # works, but help and completion leave it out
    positional: bool = False
    group: str | None = None  # options that exclude each other in the synopsis
    exact_only: bool = False  # no abbreviation stands for it
    bare_words: bool = False  # each word is the one member of a structure
    stops: bool = False  # parsing ends where it is met, as with --version
    add: "Adder | None" = None
    shadows: "Argument | None" = None  # the API's own option, which comes back when paging is off
    doc: str | None = None  # what help says where the model has no member for it

    @property
    def label(self) -> str:
        """What messages call it."""
        return self.cli_name if self.positional else f"--{self.cli_name}"

    @property
    def type_name(self) -> str:
        """The type that help shows."""
        if self.shape is not None:
            return self.shape.type_name
        if self.nargs == 0:
            return "boolean"
        return "integer" if self.convert is int else "string"


# (argument, params so far, value, context): changes `params`. The context is an `awsmini.params.context.Context`.
Adder = Callable[[Argument, dict[str, Any], Any, Any], None]
Table = dict[str, Argument]

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


def rename(table: Table, old: str, new: str) -> None:
    """Give an argument another name; it moves to the end of the table."""
    argument = table.pop(old)
    dest = argument.dest if argument.nargs == 0 else _dest(new)
    table[new] = replace(argument, cli_name=new, dest=dest)


def hide(table: Table, *names: str) -> None:
    for name in names:
        table[name] = replace(table[name], hidden=True)


def not_required(table: Table, *names: str) -> None:
    for name in names:
        table[name] = replace(table[name], required=False)


def flag(name: str, *, value: bool = True, dest: str | None = None, **more: Any) -> Argument:
    """An option without a value."""
    return Argument(cli_name=name, dest=dest or _dest(name), nargs=0, const=value, **more)


def option(name: str, **more: Any) -> Argument:
    """An option with a value (or as `nargs` says)."""
    return Argument(cli_name=name, dest=_dest(name), **more)


def _dest(cli_name: str) -> str:
    return cli_name.replace("-", "_")


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
            dest=_dest(name),
            member=member,
            shape=member_shape,
            required=needed,
            nargs="*" if member_shape.type_name == "list" else None,
            convert=_PARSED_AS.get(member_shape.type_name),
            bare_words=member in bare_words,
        )
    return table


def boolean_pair(name: str, member: str, shape: Shape, *, required: bool = False) -> tuple[Argument, Argument]:
    """`--x` and `--no-x`: the same value, so the last one given counts, and only the first of the pair adds it."""
    yes = flag(name, member=member, shape=shape, required=required, group=name)
    return yes, flag(
        f"no-{name}", value=False, dest=yes.dest, member=member, shape=shape, group=name, add=_no_parameter
    )


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
    table[alias] = replace(argument, cli_name=alias, dest=_dest(alias), required=False, hidden=True)


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


def _no_parameter(argument: Argument, params: dict[str, Any], value: Any, context: Any) -> None:
    """For arguments that are no parameters of the call."""


# Where the content of a streamed answer goes.
OUTFILE = Argument(cli_name="outfile", dest="outfile", positional=True, required=True, add=_no_parameter)
_INPUT_DOCUMENTS = {
    name: option(name, group="cli_input", add=_no_parameter) for name in ("cli-input-json", "cli-input-yaml")
}
_SKELETON = option(
    "generate-cli-skeleton",
    nargs="?",
    const="input",
    choices=("input", "output", "yaml-input"),
    add=_no_parameter,
)
