"""Compressed bodies, for the operations whose model names the encodings that the service reads."""

from collections.abc import Callable
from gzip import compress as gzip_compress
from io import BytesIO
from typing import BinaryIO

from awsmini.model.shapes import OperationModel
from awsmini.serialize.parts import Parts

ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda content: gzip_compress(content, mtime=0),  # the same bytes for the same call
}


def compress(operation: OperationModel, parts: Parts, least: int) -> Parts:
    """The parts with their body in the first known encoding, if it has `least` bytes or is streamed."""
    named = (operation.request_compression or {}).get("encodings", ())
    encoding = next((name for name in named if name in ENCODINGS), None)
    if encoding is None or not _is_wanted(operation, parts.body, least):
        return parts
    encode = ENCODINGS[encoding]
    body = encode(parts.body) if isinstance(parts.body, bytes) else BytesIO(encode(_content(parts.body)))
    before = parts.headers.get("Content-Encoding")
    headers = {**parts.headers, "Content-Encoding": f"{before},{encoding}" if before else encoding}
    return parts._replace(headers=headers, body=body)


def _is_wanted(operation: OperationModel, body: bytes | BinaryIO, least: int) -> bool:
    payload = operation.streaming_member(operation.input_shape)
    if payload and operation.input_shape:
        return "requiresLength" not in operation.input_shape.members[payload].traits
    return isinstance(body, bytes) and len(body) >= least


def _content(body: BinaryIO) -> bytes:
    """All that is left in a file, which is put back where it stood if it can be."""
    if not body.seekable():
        return body.read()
    position = body.tell()
    content = body.read()
    body.seek(position)
    return content
