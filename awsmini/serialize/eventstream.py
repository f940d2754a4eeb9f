"""Event streams as input: the events of a call as frames of `application/vnd.amazon.eventstream`.

The operations that take such a stream (five, all of rest-json) talk both ways over HTTP/2 and have each event
signed, which is why AWS CLI v2 has no commands for them. Here the events are a list of `{EventName: {members}}`,
and the request that opens the stream carries them as its body, each a frame with no signature of its own.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from struct import pack
from typing import Any
from uuid import UUID
from zlib import crc32

from awsmini.model.shapes import OperationModel, Shape, StructureShape
from awsmini.serialize import rest
from awsmini.serialize.json import json_body
from awsmini.serialize.parts import Parts, blob_bytes, expect_member
from awsmini.serialize.timestamps import to_utc, unix_timestamp

CONTENT_TYPE = "application/vnd.amazon.eventstream"


def serialize(operation: OperationModel, params: Mapping[str, Any]) -> Parts:
    """The request that opens the stream: all but the events as in any REST call, and the events as the body."""
    name = operation.event_stream_member(operation.input_shape)
    assert name
    assert operation.input_shape
    stream = expect_member(operation.input_shape, name)
    assert isinstance(stream, StructureShape)
    opening = {key: value for key, value in params.items() if key != name}
    made = rest.parts(operation, opening, operation.http["requestUri"], json_body)
    body = b"".join(event_frame(stream, event) for event in params.get(name) or ())
    return made._replace(headers={**made.headers, "Content-Type": CONTENT_TYPE}, body=body)


def event_frame(stream: StructureShape, event: Mapping[str, Any]) -> bytes:
    """One event, `{EventName: {members}}`, as a frame."""
    (name, value), *_ = event.items()
    shape = expect_member(stream, name)
    assert isinstance(shape, StructureShape)
    headers: dict[str, Any] = {":message-type": "event", ":event-type": name}
    members = {key: expect_member(shape, key) for key in value}
    payload, content_type = _payload(shape, members, value)
    if content_type:
        headers[":content-type"] = content_type
    headers |= {key: _header_value(members[key], value[key]) for key in value if members[key].traits.get("eventheader")}
    return frame(headers, payload)


def _payload(shape: StructureShape, members: Mapping[str, Shape], value: Mapping[str, Any]) -> tuple[bytes, str]:
    """The payload of an event, and its content type."""
    for name, member in members.items():
        if member.traits.get("eventpayload"):
            if member.type_name == "blob":
                return blob_bytes(value[name]), "application/octet-stream"
            if member.type_name == "string":
                return blob_bytes(value[name]), "text/plain"
            return json_body(member, value[name]), "application/json"
    rest_of_it = {key: item for key, item in value.items() if not members[key].traits.get("eventheader")}
    declared = shape.traits.get("members", {}).values()
    if declared and all("eventheader" in member for member in declared):
        return b"", ""
    return json_body(shape, rest_of_it), "application/json"


def frame(headers: Mapping[str, Any], payload: bytes) -> bytes:
    """One message: lengths and their checksum, headers, payload, and the checksum of it all."""
    encoded = b"".join(_header(name, value) for name, value in headers.items())
    prelude = pack(">II", len(encoded) + len(payload) + 16, len(encoded))
    message = prelude + pack(">I", crc32(prelude)) + encoded + payload
    return message + pack(">I", crc32(message))


def _header(name: str, value: Any) -> bytes:
    encode = next(encode for kind, encode in _HEADER_TYPES if isinstance(value, kind))
    return pack(">B", len(name.encode())) + name.encode() + encode(value)


def _header_value(shape: Shape, value: Any) -> Any:
    return to_utc(value) if shape.type_name == "timestamp" else value


def _integer(value: int) -> bytes:
    return pack(">Bi", 4, value) if -(1 << 31) <= value < 1 << 31 else pack(">Bq", 5, value)


def _sized(kind: int, content: bytes) -> bytes:
    return pack(">BH", kind, len(content)) + content


# The first entry that a value is an instance of says how it is written; a bool is an int too.
_HEADER_TYPES: Iterable[tuple[type, Callable[[Any], bytes]]] = (
    (bool, lambda value: b"\x00" if value else b"\x01"),
    (int, _integer),
    (bytes, lambda value: _sized(6, value)),
    (str, lambda value: _sized(7, value.encode())),
    (datetime, lambda value: pack(">Bq", 8, int(unix_timestamp(value) * 1000))),
    (UUID, lambda value: pack(">B", 9) + value.bytes),
)
