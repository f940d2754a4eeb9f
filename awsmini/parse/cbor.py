"""CBOR bodies (RFC 8949, as far as Smithy's RPC v2 uses it), and the `smithy-rpc-v2-cbor` protocol.

Timestamps (tag 1) and byte strings say themselves what they are, so they are converted where they are decoded.
"""

import base64
import struct
from collections.abc import Callable
from pkgutil import resolve_name
from typing import Any

from awsmini.errors import NoAnswerError
from awsmini.model.shapes import MapShape, OperationModel, Shape, StructureShape
from awsmini.parse.codec import MISSHAPEN, OPEN_STREAM, Convert, WireProtocol, codec_of, request_id
from awsmini.parse.json import JsonCodec, of_structure
from awsmini.parse.timestamps import CONVERTERS
from awsmini.records import Conversions, Output, Reply

_BREAK = b"\xff"
_INDEFINITE = 31
_LENGTHS = {24: 1, 25: 2, 26: 4, 27: 8}
_SIMPLE = {20: False, 21: True, 22: None, 23: None}  # 23: undefined
_FLOATS = {25: struct.Struct(">e"), 26: struct.Struct(">f"), 27: struct.Struct(">d")}
_EPOCH_TAG = 1


def decode(body: bytes, of_timestamp: Convert, of_bytes: Convert) -> Any:
    """The one data item that a body is. Raises NoAnswerError where it is cut off or not CBOR."""
    return _Decoder(body, of_timestamp, of_bytes).item()


class _Decoder:
    def __init__(self, data: bytes, of_timestamp: Convert, of_bytes: Convert) -> None:
        self._data = data
        self._at = 0
        self._of_timestamp = of_timestamp
        self._of_bytes = of_bytes
        self._of_major: tuple[Callable[[int], Any], ...] = (
            self._number,
            self._negative,
            self._byte_string,
            self._text,
            self._array,
            self._map,
            self._tagged,
            self._simple,
        )

    def item(self) -> Any:
        head = self._head()
        return self._of_major[head >> 5](head & 31)

    def _head(self) -> int:
        return self._take(1)[0]

    def _take(self, count: int) -> bytes:
        start, self._at = self._at, self._at + count
        taken = self._data[start : self._at]
        if len(taken) != count:
            raise NoAnswerError("End of stream reached; this indicates a malformed CBOR response from the server")
        return taken

    def _ended(self) -> bool:
        """Whether an item of indefinite length ends here; its break is then skipped."""
        if self._data[self._at : self._at + 1] != _BREAK:
            return False
        self._at += 1
        return True

    def _number(self, info: int) -> int:
        if info < 24:
            return info
        if info not in _LENGTHS:
            raise NoAnswerError(f"Invalid CBOR integer returned from the service; additional info {info}")
        return int.from_bytes(self._take(_LENGTHS[info]), "big")

    def _negative(self, info: int) -> int:
        return -1 - self._number(info)

    def _string(self, info: int) -> bytes:
        if info != _INDEFINITE:
            return self._take(self._number(info))
        chunks = []
        while not self._ended():
            chunks.append(self._take(self._number(self._head() & 31)))
        return b"".join(chunks)

    def _byte_string(self, info: int) -> Any:
        return self._of_bytes(self._string(info))

    def _text(self, info: int) -> str:
        return self._string(info).decode()

    def _array(self, info: int) -> list[Any]:
        if info != _INDEFINITE:
            return [self.item() for _ in range(self._number(info))]
        items = []
        while not self._ended():
            items.append(self.item())
        return items

    def _map(self, info: int) -> dict[Any, Any]:
        items = {}
        if info != _INDEFINITE:
            for _ in range(self._number(info)):
                key = self.item()
                items[key] = self.item()
            return items
        while not self._ended():
            key = self.item()
            items[key] = self.item()
        return items

    def _tagged(self, info: int) -> Any:
        tag = self._number(info)
        value = self.item()
        if tag != _EPOCH_TAG:
            raise NoAnswerError(f"Found CBOR tag not supported: {tag}")
        if not isinstance(value, int | float):
            raise NoAnswerError(f"Unable to parse datetime value: {value}")
        return self._of_timestamp(value)

    def _simple(self, info: int) -> Any:
        if info in _SIMPLE:
            return _SIMPLE[info]
        if info not in _FLOATS:
            raise NoAnswerError(f"Invalid additional info found for major type 7: {info}")
        layout = _FLOATS[info]
        return layout.unpack(self._take(layout.size))[0]


class CborCodec(JsonCodec):
    """Structures as in JSON, but by their members' own names; maps are output as they are."""

    def __init__(self, conversions: Conversions) -> None:
        super().__init__(conversions)
        self.scalars = {}
        self._of_timestamp = CONVERTERS[conversions.timestamps]
        self._of_bytes: Convert = bytes if conversions.blobs == "bytes" else _base64_text

    def read(self, body: bytes) -> Any:
        try:
            return decode(body, self._of_timestamp, self._of_bytes) if body else {}
        except MISSHAPEN as error:
            raise NoAnswerError(f"Unable to parse response: {error}") from error

    def of_value(self, shape: Shape) -> Convert | None:
        return None if isinstance(shape, MapShape) else super().of_value(shape)

    def key_of(self, name: str, member: Shape) -> str:
        return name

    def unknown_union(self, name: str) -> dict[str, Any]:
        return {}


def _base64_text(data: bytes) -> str:
    return base64.b64encode(data).decode()


# The protocol --------------------------------------------------------------------------------------------------


def _output(operation: OperationModel, reply: Reply, conversions: Conversions) -> Output:
    shape = operation.output_shape
    if shape is None:
        return {}
    codec = codec_of(operation.service_model, CborCodec, conversions)
    if operation.has_event_stream_output:
        response, member, stream = resolve_name(OPEN_STREAM)(operation, reply, codec)
        made = {**codec.read(response), member: stream}
    else:
        made = of_structure(shape, codec, reply.body)
    made["ResponseMetadata"] = request_id(reply)
    return made


def _modeled_error(shape: StructureShape, reply: Reply, conversions: Conversions) -> Output:
    return of_structure(shape, codec_of(shape.service_model, CborCodec, conversions), reply.body)


PROTOCOL = WireProtocol(_output, _modeled_error)
