"""Are the parameters what the operation's input shape takes? Every problem is found, and named as AWS CLI v2 names it.

Checked are required members, unknown ones, types, least lengths and values, and tagged unions; greatest lengths,
patterns and enums are the service's to check.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pkgutil import resolve_name
from typing import Any

from awsmini.model.shapes import ListShape, MapShape, Shape, StructureShape
from awsmini.serialize.parts import bad_params, expect_member, is_json_header, kept_in_shape
from awsmini.serialize.timestamps import to_utc, unknown_zone


class Problems(list[str]):
    """What is wrong. `warn_once` is told what may be meant otherwise."""

    def __init__(self, warn_once: Callable[[str], object]) -> None:
        self.warn_once = warn_once


Check = Callable[[Any, str, Problems], None]  # value, its path such as `.Tags[0].Key`, where to add problems

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "boolean": (bool,),
    "structure": (dict,),
    "map": (dict,),
    "list": (list, tuple),
}
_DECIMAL = "decimal:Decimal"  # is a float too; a millisecond to import, for what few pass
_DOCUMENT_TYPES = (str, int, bool, float, list, dict)


def validate(shape: Shape | None, params: Mapping[str, Any], warn_once: Callable[[str], object] = str) -> None:
    """Raises ParamValidationError, with one line for each problem, where the parameters do not fit the shape.

    `warn_once` is told of those that fit, but may be meant otherwise.
    """
    problems = Problems(warn_once)
    if shape:
        check(shape)(params, "", problems)
    if problems:
        raise bad_params("\n".join(problems))


def _make(shape: Shape) -> Check:
    if is_json_header(shape):
        return _check_json
    if isinstance(shape, StructureShape):
        return _check_document if shape.is_document_type else _structure(shape)
    if isinstance(shape, ListShape):
        return _list(shape)
    if isinstance(shape, MapShape):
        return _map(shape)
    if shape.type_name == "string":
        return _string(shape)
    return _OTHERS.get(shape.type_name) or _number(shape)


check = kept_in_shape("check", _make)


def _named(path: str) -> str:
    return path.removeprefix(".") or "input"


def _type_names(types: Iterable[Any]) -> str:
    return ", ".join(str(kind) for kind in types)


def _wrong_type(value: Any, path: str, types: Iterable[Any]) -> str:
    return (
        f"Invalid type for parameter {_named(path)}, value: {value}, type: {type(value)}, "
        f"valid types: {_type_names(types)}"
    )


def _least(shape: Shape) -> float | None:
    """The least length or value; what becomes part of the host name has to have a length."""
    least: float | None = shape.traits.get("min", 1 if shape.traits.get("hostLabel") else None)
    return least


def _too_short(length: int, path: str, least: float) -> str:
    return f"Invalid length for parameter {_named(path)}, value: {length}, valid min length: {least}"


# Containers -------------------------------------------------------------------------------------------------------


def _structure(shape: StructureShape) -> Check:
    members: dict[str, Check] = {}
    names = shape.traits.get("members", {})
    required = shape.required_members
    is_union = shape.is_tagged_union

    def check_structure(value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.append(_wrong_type(value, path, _TYPES["structure"]))
            return
        if is_union and len(value) != 1:
            problems.append(_wrong_union(value, path, names))
        problems.extend(
            f'Missing required parameter in {_named(path)}: "{name}"' for name in required if name not in value
        )
        problems.extend(
            f'Unknown parameter in {_named(path)}: "{name}", must be one of: {", ".join(names)}'
            for name in value
            if name not in names
        )
        for name, item in value.items():
            if name in names:
                inner = members.get(name) or members.setdefault(name, check(expect_member(shape, name)))
                inner(item, f"{path}.{name}", problems)

    return check_structure


def _wrong_union(value: Mapping[str, Any], path: str, names: Iterable[str]) -> str:
    """Both wordings, the missing space and the full stops between the names are AWS CLI v2's."""
    keys = ". ".join(names)
    if value:
        return (
            f"Invalid number of parameters set for tagged union structure {_named(path)}. "
            f"Can only set one of the following keys: {keys}."
        )
    return f"Must set one of the following keys for tagged unionstructure {_named(path)}: {keys}."


def _list(shape: ListShape) -> Check:
    member = check(shape.member)
    least = _least(shape)

    def check_list(value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, (list, tuple)):
            problems.append(_wrong_type(value, path, _TYPES["list"]))
            return
        if least is not None and len(value) < least:
            problems.append(_too_short(len(value), path, least))
        for index, item in enumerate(value):
            member(item, f"{path}[{index}]", problems)

    return check_list


def _map(shape: MapShape) -> Check:
    key_check, value_check = check(shape.key), check(shape.value)

    def check_map(value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.append(_wrong_type(value, path, _TYPES["map"]))
            return
        for key, item in value.items():
            key_check(key, f"{path} (key: {key})", problems)
            value_check(item, f"{path}.{key}", problems)

    return check_map


# Scalars ----------------------------------------------------------------------------------------------------------


def _string(shape: Shape) -> Check:
    least = _least(shape)

    def check_string(value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, str):
            problems.append(_wrong_type(value, path, _TYPES["string"]))
        elif least is not None and len(value) < least:
            problems.append(_too_short(len(value), path, least))

    return check_string


def _number(shape: Shape) -> Check:
    types: Any = _TYPES.get(shape.type_name, (float, int))
    least = _least(shape)

    def check_number(value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, types) and not (float in types and isinstance(value, resolve_name(_DECIMAL))):
            wanted = (float, resolve_name(_DECIMAL), int) if float in types else types
            problems.append(_wrong_type(value, path, wanted))
        elif least is not None and value < least:
            problems.append(f"Invalid value for parameter {_named(path)}, value: {value}, valid min value: {least}")

    return check_number


def _check_boolean(value: Any, path: str, problems: Problems) -> None:
    if not isinstance(value, bool):
        problems.append(_wrong_type(value, path, _TYPES["boolean"]))


def _check_blob(value: Any, path: str, problems: Problems) -> None:
    if not isinstance(value, (bytes, bytearray, str)) and not hasattr(value, "read"):
        problems.append(_wrong_type(value, path, (bytes, bytearray, "file-like object")))


def _check_timestamp(value: Any, path: str, problems: Problems) -> None:
    try:
        to_utc(value)
    except (TypeError, ValueError, OverflowError):
        problems.append(_wrong_type(value, path, (datetime, "timestamp-string")))
        return
    if zone := unknown_zone(value):
        problems.warn_once(
            f"UnknownTimezoneWarning: tzname {zone} identified but not understood: UTC is taken for it.\n"
        )


def _check_json(value: Any, path: str, problems: Problems) -> None:
    try:
        json.dumps(value)
    except (TypeError, ValueError) as error:
        problems.append(f"Invalid parameter {_named(path)} must be json serializable: {error}")


def _check_document(value: Any, path: str, problems: Problems) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            _check_document(item, key, problems)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check_document(item, f"{path}[{index}]", problems)
    elif value is not None and not isinstance(value, _DOCUMENT_TYPES):
        problems.append(
            f"Invalid type for document parameter {_named(path)}, value: {value}, type: {type(value)}, "
            f"valid types: {_type_names(_DOCUMENT_TYPES)}"
        )


_OTHERS: dict[str, Check] = {"boolean": _check_boolean, "blob": _check_blob, "timestamp": _check_timestamp}
