"""Lambda's commands that upload code: --zip-file, whose content must be a zip file."""

import io
import zipfile
from typing import Any

from awsmini.errors import ParamValidationError
from awsmini.model.shapes import OperationModel
from awsmini.params.arguments import Argument, Table, option
from awsmini.params.context import Context
from awsmini.records import replace
from awsmini.services.shared.hoisted_blobs import merge, refusing

Params = dict[str, Any]


def create_function(operation: OperationModel, table: Table) -> Table:
    return _with_zip_file(table, "code", "Code")


def publish_layer_version(operation: OperationModel, table: Table) -> Table:
    return _with_zip_file(table, "content", "Content")


def update_function_code(operation: OperationModel, table: Table) -> Table:
    table["zip-file"] = replace(table["zip-file"], add=_add_zip_member)
    return table


def _with_zip_file(table: Table, name: str, member: str) -> Table:
    complaint = (
        f"ZipFile cannot be provided as part of the --{name} argument.  Please use the '--zip-file' option instead to "
        "specify a zip file."
    )
    table["zip-file"] = option("zip-file", member=member, add=_add_zip_file)
    table[name] = replace(table[name], required=False, add=refusing("ZipFile", complaint))
    return table


def _add_zip_file(argument: Argument, params: Params, value: Any, context: Context) -> None:
    assert argument.member is not None
    merge(params, argument.member, {"ZipFile": _checked(value)})


def _add_zip_member(argument: Argument, params: Params, value: Any, context: Context) -> None:
    assert argument.member is not None
    params[argument.member] = _checked(value)


def _checked(value: str | bytes) -> str | bytes:
    """The value, if it is the content of a zip file."""
    content = value.encode() if isinstance(value, str) else value
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            archive.infolist()
    except zipfile.BadZipFile:
        raise ParamValidationError(
            "--zip-file must be a zip file with the fileb:// prefix.\n"
            "Example usage:  --zip-file fileb://path/to/file.zip"
        ) from None
    return value
