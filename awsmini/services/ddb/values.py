"""DynamoDB's types and the values that they stand for: `{"N": "1.50"}` is the number 1.50."""

from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from decimal import Clamped, Context, Decimal, DecimalException, Inexact, Overflow, Rounded, Underflow
from typing import Any

from awsmini.errors import AwsminiError

# What a number of DynamoDB may be: 38 digits, and nothing is lost without a word.
NUMBERS = Context(prec=38, Emin=-128, Emax=126, traps=[Clamped, Overflow, Inexact, Rounded, Underflow])


class UnsupportedValueError(AwsminiError):
    """A value that DynamoDB has no type for, or a type that is not known here."""


class ItemSet(tuple[Any, ...]):
    """A set of DynamoDB's, in the order in which it was written."""


def same(one: Any, other: Any) -> bool:
    """Whether a set holds them once: 2.5 and 2.50 are the same number."""
    return type(one) is type(other) and bool(one == other)


def typed(value: Any) -> dict[str, Any]:
    """The value as DynamoDB takes it. Raises UnsupportedValueError."""
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int | Decimal):
        return {"N": _number(value)}
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, bytes):
        return {"B": value}
    if isinstance(value, ItemSet):
        return _typed_set(value)
    if isinstance(value, dict):
        return {"M": {key: typed(item) for key, item in value.items()}}
    if isinstance(value, list):
        return {"L": [typed(item) for item in value]}
    raise UnsupportedValueError(f'Unsupported type "{type(value)}" for value "{value}"')


def _number(value: int | Decimal) -> str:
    try:
        return str(NUMBERS.create_decimal(value))
    except DecimalException as error:
        raise UnsupportedValueError(str(error)) from None


def _typed_set(members: ItemSet) -> dict[str, Any]:
    """A set by the type of its members; one without any is one of numbers."""
    if all(isinstance(each, int | Decimal) and not isinstance(each, bool) for each in members):
        return {"NS": [_number(each) for each in members]}
    for kind, name in ((str, "SS"), (bytes, "BS")):
        if all(isinstance(each, kind) for each in members):
            return {name: list(members)}
    raise UnsupportedValueError(f'Unsupported type "{set}" for value "{set(members)}"')


def untyped(value: Mapping[str, Any]) -> Any:
    """The value that a type stands for. Raises UnsupportedValueError."""
    for name, item in value.items():
        read = _READERS.get(name)
        if read is None:
            raise UnsupportedValueError(f"Dynamodb type {name} is not supported")
        return read(item)
    raise UnsupportedValueError("Value must be a nonempty dictionary whose key is a valid dynamodb type.")


def untyped_item(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: untyped(value) for name, value in item.items()}


def _read_number(text: str) -> Decimal:
    try:
        return NUMBERS.create_decimal(text)
    except DecimalException as error:
        raise UnsupportedValueError(str(error)) from None


def _read_bytes(value: bytes | str) -> bytes:
    return b64decode(value) if isinstance(value, str) else value


def _read_set(read: Callable[[Any], Any]) -> Callable[[Sequence[Any]], ItemSet]:
    return lambda members: ItemSet(map(read, members))


_READERS: dict[str, Callable[[Any], Any]] = {
    "NULL": lambda value: None,
    "BOOL": bool,
    "N": _read_number,
    "S": str,
    "B": _read_bytes,
    "NS": _read_set(_read_number),
    "SS": _read_set(str),
    "BS": _read_set(_read_bytes),
    "L": lambda values: [untyped(each) for each in values],
    "M": untyped_item,
}
