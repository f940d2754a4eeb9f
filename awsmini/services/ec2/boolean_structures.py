"""Structures around one boolean (`{"Value": true}`) as flags."""

from collections.abc import Mapping
from typing import Any

from awsmini.errors import ParamValidationError
from awsmini.model.shapes import OperationModel, Shape, StructureShape
from awsmini.params.arguments import Argument, Table, flag
from awsmini.params.context import Context
from awsmini.params.values import unpack
from awsmini.records import replace

Params = dict[str, Any]


def structures_of_one_boolean(operation: OperationModel, table: Table) -> Table:
    """Where a member is a structure around one boolean: `--x`, `--no-x`, and still `--x Value=false`."""
    for name, argument in list(table.items()):
        if argument.shape is None or not _is_one_boolean(argument.shape):
            continue
        table[name] = replace(argument, nargs="?", const=None, group=name, required=False, add=_add_true_or_value)
        table[f"no-{name}"] = flag(
            f"no-{name}", member=argument.member, shape=argument.shape, group=name, add=_add_false
        )
    return table


def _is_one_boolean(shape: Shape) -> bool:
    if not isinstance(shape, StructureShape) or list(shape.members) != ["Value"]:
        return False
    return shape.members["Value"].type_name == "boolean"


def _add_true_or_value(argument: Argument, params: Params, value: Any, context: Context) -> None:
    assert argument.member is not None
    params[argument.member] = {"Value": True} if value is None else unpack(argument, value, context)


def _add_false(argument: Argument, params: Params, value: Any, context: Context) -> None:
    assert argument.member is not None
    params[argument.member] = {"Value": False}


def check_boolean_pairs(values: Mapping[str, Any], table: Table) -> None:
    for name, argument in table.items():
        if argument.add is _add_true_or_value and argument.dest in values and f"no_{argument.dest}" in values:
            raise ParamValidationError(f'Cannot specify both the "--{name}" option and the "--no-{name}" option.')
