"""Options for a file's bytes that the API wants inside a structure, where shorthand and JSON cannot put them."""

from collections.abc import Callable
from typing import Any, NamedTuple

from awsmini.errors import ParamValidationError
from awsmini.model.shapes import StructureShape
from awsmini.params.arguments import Argument, Table, option
from awsmini.params.context import Context
from awsmini.params.values import unpack
from awsmini.records import replace

Params = dict[str, Any]


class Hoist(NamedTuple):
    """The structure's option, its member for the bytes, and the option that takes them."""

    source: str
    member: str
    bytes_option: str
    complaint: str = ""  # where the member may not be given in the structure itself


def beside_structure(table: Table, *hoists: Hoist) -> Table:
    """The bytes may be given alone, or with the structure, whose member they then replace."""
    for hoist in hoists:
        source = table.get(hoist.source)
        if source is None or not _has_blob(source, hoist.member):
            continue
        table[hoist.bytes_option] = option(hoist.bytes_option, member=source.member, add=_adder(hoist.member))
        table[hoist.source] = replace(source, required=False)
    return table


def in_place_of_member(table: Table, hoist: Hoist, *, required: bool) -> Table:
    """The bytes have to be given, and the structure may hold all other members; `required` says if it must be there."""
    source = table[hoist.source]
    table[hoist.source] = replace(source, required=required, add=refusing(hoist.member, hoist.complaint))
    table[hoist.bytes_option] = option(
        hoist.bytes_option, member=source.member, required=True, add=_adder(hoist.member)
    )
    return table


def _has_blob(argument: Argument, member: str) -> bool:
    if not isinstance(argument.shape, StructureShape) or member not in argument.shape.members:
        return False
    return argument.shape.members[member].type_name == "blob"


def _adder(member: str) -> Callable[[Argument, Params, Any, Context], None]:
    def add(argument: Argument, params: Params, value: Any, context: Context) -> None:
        assert argument.member is not None
        merge(params, argument.member, {member: value})

    return add


def refusing(member: str, complaint: str) -> Callable[[Argument, Params, Any, Context], None]:
    """Adds a structure, unless it holds the member that has an option of its own."""

    def add(argument: Argument, params: Params, value: Any, context: Context) -> None:
        assert argument.member is not None
        structure = unpack(argument, value, context)
        if member in structure:
            raise ParamValidationError(complaint)
        merge(params, argument.member, structure)

    return add


def merge(params: Params, name: str, structure: dict[str, Any]) -> None:
    """Add members to a structure that may be there already."""
    present = params.get(name)
    params[name] = {**present, **structure} if present else structure
