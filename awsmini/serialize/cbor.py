"""Smithy RPC v2 with CBOR: one POST to `/service/<Service>/operation/<Operation>`, the parameters as one CBOR map.

The encoding is RFC 8949's, of definite lengths only; a timestamp is tag 1.
"""

from collections.abc import Callable, Mapping
from math import isfinite
from struct import pack
from typing import Any

from awsmini.model.shapes import ListShape, MapShape, OperationModel, Shape, StructureShape
from awsmini.serialize.parts import Parts, bad_params, blob_bytes, expect_member, kept_in_shape, query_mode
from awsmini.serialize.timestamps import to_utc, unix_timestamp

Writer = Callable[[bytearray, Any], None]

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = (major << 5 for major in range(8))
_FALSE, _TRUE, _NULL, _HALF, _SINGLE, _DOUBLE = (_SIMPLE | code for code in (20, 21, 22, 25, 26, 27))
_EPOCH_TAG = _TAG | 1


def serialize(operation: OperationModel, params: Mapping[str, Any]) -> Parts:
    """The request of an operation of an RPC v2 service; without an input it has no body at all."""
    shape = operation.input_shape
    events = "application/vnd.amazon.eventstream"
    headers = {
        "smithy-protocol": "rpc-v2-cbor",
        **query_mode(operation.service_model),
        "Accept": events if operation.has_event_stream_output else "application/cbor",
    }
    if shape:
        headers["Content-Type"] = "application/cbor"
    return Parts(
        path=f"/service/{operation.metadata['targetPrefix']}/operation/{operation.name}",
        headers=headers,
        body=cbor_body(shape, params) if shape else b"",
    )


def cbor_body(shape: Shape, value: Any) -> bytes:
    """A value of that shape as CBOR."""
    out = bytearray()
    writer(shape)(out, value)
    return bytes(out)


def _head(out: bytearray, major: int, number: int) -> None:
    """The first bytes of an item: its type, and a number in as few bytes as it needs."""
    if number < 24:
        out.append(major | number)
    elif number < 1 << 8:
        out += bytes((major | 24, number))
    elif number < 1 << 16:
        out += pack(">BH", major | 25, number)
    elif number < 1 << 32:
        out += pack(">BI", major | 26, number)
    elif number < 1 << 64:
        out += pack(">BQ", major | 27, number)
    else:
        raise bad_params(f"Invalid value {number}: CBOR integers have 64 bits")


def _make(shape: Shape) -> Writer:
    if isinstance(shape, StructureShape):
        return _document if shape.is_document_type else _structure(shape)
    if isinstance(shape, ListShape):
        return _list(shape)
    if isinstance(shape, MapShape):
        return _map(shape)
    return _SCALARS[shape.type_name]


writer = kept_in_shape("to_cbor", _make)


def _structure(shape: StructureShape) -> Writer:
    members: dict[str, tuple[bytes, Writer]] = {}

    def member(name: str) -> tuple[bytes, Writer]:
        found = expect_member(shape, name)
        key = bytearray()
        _string(key, found.traits.get("locationName", name))
        return members.setdefault(name, (bytes(key), writer(found)))

    def write(out: bytearray, value: Mapping[str, Any]) -> None:
        given = [(name, item) for name, item in value.items() if item is not None]
        _head(out, _MAP, len(given))
        for name, item in given:
            key, inner = members.get(name) or member(name)
            out += key
            inner(out, item)

    return write


def _list(shape: ListShape) -> Writer:
    inner = _nullable(writer(shape.member))

    def write(out: bytearray, value: list[Any]) -> None:
        _head(out, _ARRAY, len(value))
        for item in value:
            inner(out, item)

    return write


def _map(shape: MapShape) -> Writer:
    inner = _nullable(writer(shape.value))

    def write(out: bytearray, value: Mapping[str, Any]) -> None:
        _head(out, _MAP, len(value))
        for key, item in value.items():
            _string(out, key)
            inner(out, item)

    return write


def _nullable(inner: Writer) -> Writer:
    return lambda out, value: out.append(_NULL) if value is None else inner(out, value)


def _string(out: bytearray, value: str) -> None:
    encoded = value.encode()
    _head(out, _TEXT, len(encoded))
    out += encoded


def _blob(out: bytearray, value: Any) -> None:
    content = blob_bytes(value)
    _head(out, _BYTES, len(content))
    out += content


def _integer(out: bytearray, value: int) -> None:
    if value < 0:
        _head(out, _NEGATIVE, -1 - value)
    else:
        _head(out, _UNSIGNED, value)


def _boolean(out: bytearray, value: Any) -> None:
    out.append(_TRUE if value else _FALSE)


def _double(out: bytearray, value: Any) -> None:
    number = float(value)
    out += pack(">Bd", _DOUBLE, number) if isfinite(number) else _special(number)


def _float(out: bytearray, value: Any) -> None:
    number = float(value)
    try:
        out += pack(">Bf", _SINGLE, number) if isfinite(number) else _special(number)
    except OverflowError:  # too large for 32 bits; what to make of it is for the service to say
        _double(out, number)


def _special(number: float) -> bytes:
    """Infinity and NaN, which fit into 16 bits."""
    if number != number:
        return pack(">BH", _HALF, 0x7E00)
    return pack(">BH", _HALF, 0x7C00 if number > 0 else 0xFC00)


def _timestamp(out: bytearray, value: Any) -> None:
    seconds = unix_timestamp(to_utc(value))
    out.append(_EPOCH_TAG)
    if isinstance(seconds, float):
        _double(out, seconds)
    else:
        _integer(out, seconds)


def _document(out: bytearray, value: Any) -> None:
    """A value whose type is its own, not the model's."""
    if isinstance(value, Mapping):
        _head(out, _MAP, len(value))
        for key, item in value.items():
            _string(out, key)
            _document(out, item)
    elif isinstance(value, (list, tuple)):
        _head(out, _ARRAY, len(value))
        for item in value:
            _document(out, item)
    else:
        _DOCUMENT_SCALARS[type(value)](out, value)


_SCALARS: dict[str, Writer] = {
    "string": _string,
    "blob": _blob,
    "integer": _integer,
    "long": _integer,
    "boolean": _boolean,
    "float": _float,
    "double": _double,
    "timestamp": _timestamp,
}
_DOCUMENT_SCALARS: dict[type, Writer] = {
    str: _string,
    bool: _boolean,
    int: _integer,
    float: _double,
    type(None): lambda out, _: out.append(_NULL),
}
