"""JSON 1.0 and 1.1: one POST to `/`, the operation named in a header, the parameters as one JSON object.

Also the making of JSON values, which rest-json shares.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from awsmini.model.shapes import ListShape, MapShape, OperationModel, Shape, StructureShape
from awsmini.serialize.parts import Parts, base64_text, expect_member, kept_in_shape, query_mode, special_float
from awsmini.serialize.timestamps import formatter

Converter = Callable[[Any], Any]


def serialize(operation: OperationModel, params: Mapping[str, Any]) -> Parts:
    """The request of an operation of a JSON service."""
    metadata = operation.metadata
    shape = operation.input_shape
    return Parts(
        method=operation.http.get("method", "POST"),
        headers={
            "X-Amz-Target": f"{metadata['targetPrefix']}.{operation.name}",
            "Content-Type": f"application/x-amz-json-{metadata.get('jsonVersion', '1.0')}",
            **query_mode(operation.service_model),
        },
        body=json_body(shape, params) if shape else b"{}",
    )


def json_body(shape: Shape, value: Any) -> bytes:
    """A value of that shape as JSON."""
    convert = converter(shape)
    return json.dumps(convert(value) if convert else value).encode()


def _make(shape: Shape) -> Converter | None:
    """The function from a parameter to what `json.dumps` takes; None where that is the parameter itself."""
    if isinstance(shape, StructureShape):
        return None if shape.is_document_type else _structure(shape)
    if isinstance(shape, ListShape):
        return _list(shape)
    if isinstance(shape, MapShape):
        return _map(shape)
    if shape.type_name == "timestamp":
        return formatter(shape.traits.get("timestampFormat", "unixTimestamp"))
    return _SCALARS.get(shape.type_name)


converter = kept_in_shape("to_json", _make)


def _structure(shape: StructureShape) -> Converter:
    members: dict[str, tuple[str, Converter | None, bool]] = {}

    def member(name: str) -> tuple[str, Converter | None, bool]:
        found = expect_member(shape, name)
        takes_null = isinstance(found, StructureShape) and found.is_document_type
        return members.setdefault(name, (found.traits.get("locationName", name), converter(found), takes_null))

    def convert(value: Mapping[str, Any]) -> dict[str, Any]:
        made = {}
        for name, item in value.items():
            wire_name, inner, takes_null = members.get(name) or member(name)
            if item is not None or takes_null:
                made[wire_name] = inner(item) if inner else item
        return made

    return convert


def _list(shape: ListShape) -> Converter | None:
    inner = converter(shape.member)
    if inner is None:
        return None
    return lambda value: [None if item is None else inner(item) for item in value]


def _map(shape: MapShape) -> Converter | None:
    inner = converter(shape.value)
    if inner is None:
        return None
    return lambda value: {key: None if item is None else inner(item) for key, item in value.items()}


def _float(value: Any) -> Any:
    return special_float(value if isinstance(value, (float, int, str)) else float(value))  # a Decimal, say


_SCALARS: dict[str, Converter] = {"blob": base64_text, "float": _float, "double": _float}
