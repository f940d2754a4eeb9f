"""`cloudsearch define-expression` and `define-index-field`: the structure's members as options."""

from typing import Any

from awsmini.errors import ParamValidationError
from awsmini.model.shapes import OperationModel, Shape, StructureShape
from awsmini.params.arguments import Argument, Table, option
from awsmini.params.context import Context, ConversionError

Params = dict[str, Any]

_NUMBERS = {"Int": int, "Double": float, "IntArray": int, "DoubleArray": float}
# Options whose member is in the options structure of the field's type: the model shows them in this one.
_TYPE_OPTIONS = {
    "default-value": ("IntOptions", "DefaultValue"),
    "facet-enabled": ("IntOptions", "FacetEnabled"),
    "search-enabled": ("IntOptions", "SearchEnabled"),
    "return-enabled": ("IntOptions", "ReturnEnabled"),
    "sort-enabled": ("IntOptions", "SortEnabled"),
    "source-field": ("IntOptions", "SourceField"),
    "highlight-enabled": ("TextOptions", "HighlightEnabled"),
    "analysis-scheme": ("TextOptions", "AnalysisScheme"),
}
_TEXT = frozenset({"default-value", "source-field"})


def define_expression(operation: OperationModel, table: Table) -> Table:
    shape = table["expression"].shape
    assert isinstance(shape, StructureShape)
    table["name"] = _member_option("name", "ExpressionName", shape)
    table["expression"] = _member_option("expression", "ExpressionValue", shape)
    return table


def define_index_field(operation: OperationModel, table: Table) -> Table:
    shape = table.pop("index-field").shape
    assert isinstance(shape, StructureShape)
    table["name"] = _member_option("name", "IndexFieldName", shape)
    table["type"] = _member_option("type", "IndexFieldType", shape)
    for name, (structure, member) in _TYPE_OPTIONS.items():
        options = shape.members[structure]
        assert isinstance(options, StructureShape)
        table[name] = option(name, member=member, shape=options.members[member], add=_add_type_option)
    return table


def _member_option(name: str, member: str, shape: StructureShape) -> Argument:
    required = member in shape.required_members
    add = _add_expression_member if shape.name == "Expression" else _add_field_member
    return option(name, member=member, shape=shape.members[member], required=required, add=add)


def _add_expression_member(argument: Argument, params: Params, value: str, context: Context) -> None:
    params.setdefault("Expression", {})[argument.member] = value


def _add_field_member(argument: Argument, params: Params, value: str, context: Context) -> None:
    params.setdefault("IndexField", {})[argument.member] = value


def _add_type_option(argument: Argument, params: Params, value: str, context: Context) -> None:
    """`--type int-array --default-value 3` becomes `IntArrayOptions: {DefaultValue: 3}`."""
    field = params.setdefault("IndexField", {})
    if "IndexFieldType" not in field:
        raise ParamValidationError("You must pass the --type option.")
    kind = "".join(part.capitalize() for part in field["IndexFieldType"].split("-"))
    kind = "LatLon" if kind == "Latlon" else kind
    assert argument.shape is not None
    field.setdefault(f"{kind}Options", {})[argument.member] = _converted(argument, argument.shape, kind, value)


def _converted(argument: Argument, shape: Shape, kind: str, value: str) -> Any:
    if argument.member == "DefaultValue":
        try:
            return _NUMBERS.get(kind, str)(value)
        except ValueError as error:
            raise ConversionError(str(error)) from None
    if shape.type_name == "boolean" and argument.cli_name not in _TEXT:
        return value.lower() != "false"
    return value
