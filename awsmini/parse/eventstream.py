"""Event streams: frames of headers and a payload, each closed by a checksum, one event in each.

A frame is its whole length, the length of its headers and a CRC-32 of these two (4 bytes each, big-endian),
the headers, the payload, and a CRC-32 of everything before it.
"""

import struct
from binascii import crc32
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from awsmini.errors import BrokenStreamError, ClientError, NoAnswerError, ResponseParseError
from awsmini.model.shapes import OperationModel, Shape, StructureShape
from awsmini.parse.codec import MISSHAPEN, Codec
from awsmini.parse.timestamps import CONVERTERS
from awsmini.records import Output, Reply

PRELUDE_LENGTH = 12
CHECKSUM_LENGTH = 4
LAST_EVENTS = ("End", "InvokeComplete")  # without which a stream has broken off
MAX_HEADERS_LENGTH = 128 * 1024
MAX_PAYLOAD_LENGTH = 24 * 1024 * 1024

_PRELUDE = struct.Struct("!III")
_CHECKSUM = struct.Struct("!I")
_INTEGERS = {2: struct.Struct("!b"), 3: struct.Struct("!h"), 4: struct.Struct("!i"), 5: struct.Struct("!q"),
             8: struct.Struct("!q")}  # fmt: skip
_TRUE, _FALSE, _BYTES, _STRING, _UUID = 0, 1, 6, 7, 9


class EventStreamError(ClientError):
    """The service ended a stream with an error."""


class Frame(NamedTuple):
    """One frame, checked."""

    headers: dict[str, Any]
    payload: bytes


# Frames --------------------------------------------------------------------------------------------------------


def frames(raw: Any) -> Iterator[Frame]:
    """The frames of an unread body, each as soon as it is whole. Raises ResponseParseError for a broken one."""
    while prelude := _read(raw, PRELUDE_LENGTH):
        if len(prelude) < PRELUDE_LENGTH:
            raise BrokenStreamError("The event stream ended within an event.")
        length, headers_length, checksum = _PRELUDE.unpack(prelude)
        _check(prelude[:8], checksum)
        payload_length = length - headers_length - PRELUDE_LENGTH - CHECKSUM_LENGTH
        if headers_length > MAX_HEADERS_LENGTH:
            raise ResponseParseError(f"Header length of {headers_length} exceeded the maximum of {MAX_HEADERS_LENGTH}")
        if payload_length > MAX_PAYLOAD_LENGTH:
            raise ResponseParseError(f"Payload length of {payload_length} exceeded the maximum of {MAX_PAYLOAD_LENGTH}")
        rest = _read(raw, length - PRELUDE_LENGTH)
        if len(rest) < length - PRELUDE_LENGTH:
            raise BrokenStreamError("The event stream ended within an event.")
        content, (checksum,) = rest[:-CHECKSUM_LENGTH], _CHECKSUM.unpack(rest[-CHECKSUM_LENGTH:])
        _check(content, checksum, crc32(prelude))
        yield Frame(_headers(content[:headers_length]), content[headers_length:])


def _read(raw: Any, count: int) -> bytes:
    """That many bytes, less only at the end: no more are asked for, so that an event never waits for the next."""
    found = b""
    while len(found) < count and (chunk := raw.read(count - len(found))):
        found += chunk
    return found


def _check(data: bytes, expected: int, start: int = 0) -> None:
    calculated = crc32(data, start)
    if calculated != expected:
        raise ResponseParseError(f"Checksum mismatch: expected 0x{expected:08x}, calculated 0x{calculated:08x}")


def _headers(data: bytes) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    at = 0
    while at < len(data):
        name_end = at + 1 + data[at]
        name = data[at + 1 : name_end].decode()
        if name in headers:
            raise ResponseParseError(f'Duplicate header present: "{name}"')
        headers[name], at = _header_value(data[name_end], data, name_end + 1)
    return headers


def _header_value(kind: int, data: bytes, at: int) -> tuple[Any, int]:
    """The value that begins at an offset, and the offset after it."""
    if kind in (_TRUE, _FALSE):
        return kind == _TRUE, at
    if kind in _INTEGERS:
        return _INTEGERS[kind].unpack_from(data, at)[0], at + _INTEGERS[kind].size
    if kind == _UUID:
        return data[at : at + 16], at + 16
    if kind not in (_BYTES, _STRING):
        raise ResponseParseError(f"Unknown type of header in an event stream: {kind}")
    start = at + 2
    end = start + int.from_bytes(data[at:start], "big")
    value = data[start:end]
    return value.decode() if kind == _STRING else value, end


# Events --------------------------------------------------------------------------------------------------------


class EventStream:
    """The events of a stream, each as `{member: event}`; to be iterated once. Unknown events are left out."""

    def __init__(self, raw: Any, shape: StructureShape, codec: Codec, operation_name: str) -> None:
        self._raw = raw
        self._shape = shape
        self._codec = codec
        self._operation_name = operation_name
        self._frames = frames(raw)
        self._readers: dict[str, Callable[[Frame], Output]] = {}

    def __iter__(self) -> Iterator[Output]:
        """Raises EventStreamError where the service reports one."""
        last = next((name for name in LAST_EVENTS if name in self._shape.members), None)
        for frame in self._frames:
            if frame.headers.get(":message-type") in {"error", "exception"}:
                raise EventStreamError({"Error": self._error(frame)}, self._operation_name)
            name = frame.headers.get(":event-type", "")
            if name in self._shape.members:
                yield {name: self._event(name, frame)}
            if name == last:
                last = None
        if last is not None:
            raise BrokenStreamError(f"The event stream ended without its event {last}.")

    def initial_response(self) -> bytes:
        """The payload of the first event, which carries the other members in the protocols without headers."""
        first = next(self._frames, None)
        if first is None or first.headers.get(":event-type") != "initial-response":
            raise NoAnswerError("First event was not of type initial-response")
        return first.payload

    def close(self) -> None:
        self._raw.close()

    def _event(self, name: str, frame: Frame) -> Output:
        read = self._readers.get(name)
        if read is None:
            read = self._readers[name] = _event_reader(self._shape.members[name], self._codec)
        try:
            return read(frame)
        except MISSHAPEN as error:
            raise ResponseParseError(str(error)) from error

    def _error(self, frame: Frame) -> Output:
        kind = frame.headers.get(":exception-type", "")
        shape = self._shape.members.get(kind)
        if shape is None:
            return {"Code": frame.headers.get(":error-code", ""), "Message": frame.headers.get(":error-message", "")}
        body = self._codec.of_body(shape)(self._codec.read(frame.payload))
        return {"Code": kind, "Message": body.get("Message", body.get("message", ""))}


def open_stream(operation: OperationModel, reply: Reply, codec: Codec) -> tuple[bytes, str, EventStream]:
    """What an RPC protocol's stream begins with: the other members' body, the stream's member, the stream."""
    shape = operation.output_shape
    member = operation.event_stream_member(shape)
    assert shape is not None
    assert member is not None
    stream = event_stream(shape.members[member], reply, codec, operation.name)
    return stream.initial_response(), member, stream


def event_stream(shape: Shape, reply: Reply, codec: Codec, operation_name: str) -> EventStream:
    """The stream that a reply's unread body is."""
    assert isinstance(shape, StructureShape)
    return EventStream(reply.raw, shape, codec, operation_name)


def _event_reader(shape: Shape, codec: Codec) -> Callable[[Frame], Output]:
    """What makes an event of a frame: members from its headers first, then those of its payload."""
    assert isinstance(shape, StructureShape)
    heads = [(name, member.type_name) for name, member in shape.members.items() if member.traits.get("eventheader")]
    of_timestamp = CONVERTERS[codec.conversions.timestamps]
    of_payload = _payload_reader(shape, codec)

    def read(frame: Frame) -> Output:
        made: Output = {}
        for name, type_name in heads:
            if name in frame.headers:
                value = frame.headers[name]
                made[name] = of_timestamp(value / 1000.0) if type_name == "timestamp" else value  # sent in ms
        made.update(of_payload(frame.payload))
        return made

    return read


def _payload_reader(shape: StructureShape, codec: Codec) -> Callable[[bytes], Output]:
    if not shape.traits.get("event"):
        return lambda payload: {}
    for name, member in shape.members.items():
        if member.traits.get("eventpayload"):
            return _explicit_payload_reader(name, member, codec)
    of_shape = codec.of_body(shape)

    def read(payload: bytes) -> Output:
        made: Output = of_shape(codec.read(payload))
        return made

    return read


def _explicit_payload_reader(name: str, member: Shape, codec: Codec) -> Callable[[bytes], Output]:
    if member.type_name == "blob":
        return lambda payload: {name: payload}
    if member.type_name == "string":
        return lambda payload: {name: payload.decode()}
    of_member = codec.of_body(member)
    return lambda payload: {name: of_member(codec.read(payload))}
