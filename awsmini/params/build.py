"""The values of a command line to the parameters of the call."""

from collections.abc import Mapping
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmini import services
from awsmini.model.shapes import OperationModel
from awsmini.params import paging
from awsmini.params.context import Context
from awsmini.params.input_documents import add_document
from awsmini.params.values import decode_blobs, load_file, unpack

if TYPE_CHECKING:
    from awsmini.params.arguments import Argument, Table


class Built(NamedTuple):
    """The parameters (with `PaginationConfig` where paging options were given) and whether the call pages.

    `values` are those of the command line, with the contents of the files that they name.
    """

    params: dict[str, Any]
    paginate: bool
    values: Mapping[str, Any]


def gather(
    operation: OperationModel,
    table: "Table",
    values: Mapping[str, Any],
    context: Context,
    *,
    paginate: bool = True,
    customized: bool = True,
) -> Built:
    """The parameters as they are written: blobs are still text. An input skeleton needs no more than that.

    `paginate` is off with --no-paginate; `customized` is off for waiters, as in `argument_table`.
    Raises ParamValidationError and ConversionError.
    """
    differences = _differences(operation, customized)
    for difference in differences:
        if difference.check:
            resolve_name(difference.check)(values, table)
    table, paginate = paging.settle(operation, table, values, paginate)
    params, contents = _given(table, values, context)
    add_document(params, values, contents, context)
    paginate = paginate and not paging.pages_by_hand(operation, params)
    for difference in differences:
        if difference.settle_params:
            resolve_name(difference.settle_params)(params, values, context, paginate)
    return Built(params, paginate, {**values, **contents})


def finish(
    operation: OperationModel, params: dict[str, Any], context: Context, *, customized: bool = True
) -> dict[str, Any]:
    """The parameters of the call. Raises InvalidBase64Error and ConversionError."""
    if operation.input_shape is not None:
        params = decode_blobs(params, operation.input_shape, context.binary_format)
    for difference in _differences(operation, customized):
        if difference.finish_params:
            params = resolve_name(difference.finish_params)(params, context)
    return params


def _differences(operation: OperationModel, customized: bool) -> tuple[services.Operation, ...]:
    return services.differences(operation.service_model.service_name, operation.name) if customized else ()


def _given(table: "Table", values: Mapping[str, Any], context: Context) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parameters, and the values they were made of."""
    params: dict[str, Any] = {}
    contents = {
        argument.dest: _add_value(argument, params, values[argument.dest], context)
        for argument in table.values()
        if argument.dest in values
    }
    return params, contents


def _add_value(argument: "Argument", params: dict[str, Any], value: Any, context: Context) -> Any:
    """Put one value, or what is in the file that it names, into the parameters."""
    if argument.add is None and argument.nargs == 0:
        params[argument.member or argument.dest] = value
        return value
    value = load_file(argument.label, value, context)
    if argument.add is not None:
        argument.add(argument, params, value, context)
    else:
        assert argument.member is not None
        params[argument.member] = unpack(argument, value, context)
    return value
