"""The keys at which the next pages start, where they hold bytes."""

import base64
from collections.abc import Mapping
from typing import Any

from awsmini.model.shapes import OperationModel
from awsmini.records import Output


def decode_page_key(output: Output, _operation: OperationModel, _params: Mapping[str, Any]) -> Output:
    """The key that the next page starts at, with bytes in it: as base64 text they would be encoded once more."""
    key = output.get("LastEvaluatedKey")
    if not key:
        return output
    return {**output, "LastEvaluatedKey": {name: _with_bytes(value) for name, value in key.items()}}


def _with_bytes(value: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**value, "B": base64.b64decode(value["B"])} if isinstance(value.get("B"), str) else value
