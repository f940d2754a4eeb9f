"""Options that name a file for a part of the answer."""

from typing import Any

from awsmini.errors import ParamValidationError
from awsmini.params import files
from awsmini.params.arguments import Argument
from awsmini.params.context import Context


def check_writable(argument: Argument, params: dict[str, Any], value: str, context: Context) -> None:
    path = files.expand(value)
    if not files.is_writable(path):
        raise ParamValidationError(f"Unable to write to file: {path}")
