"""The keys at which the next pages start, where they hold bytes."""

import base64
from collections.abc import Callable, Mapping
from typing import Any

from awsmini.model.shapes import OperationModel
from awsmini.records import Output, Reply


def decode_page_key(output: Output, _operation: OperationModel, _params: Mapping[str, Any]) -> Output:
    """The key that the next page starts at, with bytes in it: as base64 text they would be encoded once more."""
    key = output.get("LastEvaluatedKey")
    if not key:
        return output
    return {**output, "LastEvaluatedKey": {name: _with_bytes(value) for name, value in key.items()}}


def leaves_items(_reply: Reply) -> bool:
    """It always does."""
    return True


def _with_bytes(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """A typed value, whose bytes may stand in a set, in a list or in a map."""
    return {kind: _READERS[kind](item) if kind in _READERS else item for kind, item in value.items()}


def _bytes(text: str | bytes) -> bytes:
    return base64.b64decode(text) if isinstance(text, str) else text


_READERS: dict[str, Callable[[Any], Any]] = {
    "B": _bytes,
    "BS": lambda members: [_bytes(each) for each in members],
    "L": lambda items: [_with_bytes(each) for each in items],
    "M": lambda items: {name: _with_bytes(each) for name, each in items.items()},
}
