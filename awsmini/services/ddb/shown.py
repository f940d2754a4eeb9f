"""Values of DynamoDB's as YAML that can be put again: numbers with all their digits, binary as one line of base64."""

import re
from base64 import b64encode
from decimal import Decimal
from typing import Any

from awsmini.format.yaml import AsWritten, dump
from awsmini.services.ddb.values import ItemSet

_INTEGER = re.compile(r"-?\d+")


class _Number(AsWritten):
    """A number, which has its place among others by its value."""

    def __lt__(self, other: str) -> bool:
        if isinstance(other, _Number):
            return Decimal(self.removeprefix(_INTEGER_TAG)) < Decimal(other.removeprefix(_INTEGER_TAG))
        return NotImplemented


_INTEGER_TAG = "!!int "


def as_yaml(value: Any) -> str:
    """The text of what a query has found; nothing for an empty answer. A lone number stands bare."""
    if value == {}:
        return ""
    if isinstance(value, Decimal):
        return f"{value}\n"
    if isinstance(value, bytes):
        return f"{_binary(value)}\n"
    return dump(_written(value))


def _written(value: Any) -> Any:
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, bytes):
        return _binary(value)
    if isinstance(value, ItemSet):
        return set(map(_written, value))
    if isinstance(value, dict):
        return {key: _written(item) for key, item in value.items()}
    return [_written(item) for item in value] if isinstance(value, list) else value


def _number(value: Decimal) -> _Number:
    """An integer that does not look like one in YAML says that it is."""
    text = str(value)
    is_integer = value == value.to_integral_value()
    return _Number(text if not is_integer or _INTEGER.fullmatch(text) else _INTEGER_TAG + text)


def _binary(value: bytes) -> AsWritten:
    return AsWritten(f'!!binary "{b64encode(value).decode()}"')
