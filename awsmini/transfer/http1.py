"""HTTP/1.1 answers, read strictly: bytes in, heads and bodies out. Nothing here touches a socket.

What RFC 9112 lets a client refuse is refused: folded lines, bare line feeds, blanks before a colon, lengths that
contradict each other, encodings other than chunked. Sizes and counts are limited. Interim answers (1xx) are skipped.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from awsmini.errors import Portable

HEAD_SIZE = 128 * 1024  # bytes of a head, and of the trailers of a chunked body
HEADERS = 256
INTERIM = 16  # answers of 1xx before the real one
LINE = 4096  # bytes of a line that tells a chunk's size

BLANKS = " \t"

_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]"
_VALUE = rb"[\t\x20-\x7e\x80-\xff]*"
_STATUS = re.compile(rb"HTTP/1\.([01]) ([1-5][0-9][0-9])(?: (" + _VALUE + rb"))?\r\n")
_FIELDS = re.compile(rb"(?:" + _TOKEN + rb"+:" + _VALUE + rb"\r\n)*\r\n")
_FRAMING = re.compile(
    rb"^(?:content-length|transfer-encoding):", re.IGNORECASE | re.MULTILINE
)  # no trailer may say that
_BARE = re.compile(rb"(?<!\r)\n")
_LENGTH = re.compile(r"[0-9]{1,18}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[\t\x20-\x7e]*)?\r\n")


class ProtocolError(Portable, Exception):
    """What came is no answer of HTTP/1.1, or one that goes beyond a limit."""


class TruncatedError(ProtocolError):
    """The connection ended within an answer. `received` and `missing` are bytes of its body."""

    def __init__(self, received: int, missing: int | None) -> None:
        super().__init__(f"the connection ended after {received} bytes of the body")
        self.received = received
        self.missing = missing


class Head(NamedTuple):
    """The head of an answer. Names of headers are lower case, what comes twice is joined."""

    status: int
    reason: str
    headers: Mapping[str, str]
    minor: int = 1  # HTTP/1.0 or 1.1
    fields: str = ""  # the headers as they came

    @property
    def spelled(self) -> tuple[str, ...]:
        """The names as they came, in their own case."""
        return tuple(line.partition(":")[0] for line in self.fields.split("\r\n")[:-2])


class ResponseParser:
    """One answer to a request of `method`: feed it what the connection brings, until `is_done`."""

    __slots__ = (
        "_buffer",
        "_chunked",
        "_interim",
        "_method",
        "_trailing",
        "body_read",
        "head",
        "is_done",
        "left",
        "surplus",
    )

    def __init__(self, method: str) -> None:
        self.head: Head | None = None
        self.is_done = False
        self.left: int | None = None  # bytes of the body, or of the chunk, still to come; None: until the end
        self.surplus = False  # the other side sent more than its answer
        self.body_read = 0
        self._method = method
        self._buffer = b""
        self._interim = 0
        self._chunked = False
        self._trailing = False  # past the last chunk

    @property
    def has_begun(self) -> bool:
        """Whether any byte has come."""
        return self.head is not None or bool(self._buffer) or self._interim > 0

    @property
    def is_fixed(self) -> bool:
        """Whether the rest of the body is `left` bytes, as they come."""
        return self.head is not None and not self._chunked and self.left is not None

    @property
    def can_reuse(self) -> bool:
        """Whether the connection is good for another request, now that the answer has ended."""
        head = self.head
        if head is None or not self.is_done or self.surplus or head.minor == 0 or self.left is None:
            return False
        return "close" not in head.headers.get("connection", "").lower()

    def receive(self, data: bytes) -> bytes:
        """The bytes of the body that `data` brings. Raises ProtocolError."""
        if self.head is None:
            data = self._read_head(self._buffer + data if self._buffer else data)
            if self.head is None:
                return b""
        if self.is_done:
            self.surplus = self.surplus or bool(data)
            return b""
        return self._read_chunks(data) if self._chunked else self._read_plain(data)

    def took(self, count: int) -> None:
        """That many bytes of a body `is_fixed` were read past the parser."""
        assert self.left is not None
        self.left -= count
        self.body_read += count
        self.is_done = self.left == 0

    def end(self) -> None:
        """The connection has ended. Raises TruncatedError where the answer has not."""
        if self.head is not None and not self.is_done and self.left is None and not self._chunked:
            self.is_done = True
        if not self.is_done:
            raise TruncatedError(self.body_read, None if self._chunked else self.left)

    def _read_head(self, data: bytes) -> bytes:
        """What follows the head, once that is whole."""
        while True:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._refuse_early(data)
                self._buffer = data
                return b""
            head = _parsed(data[: end + 4])
            data = data[end + 4 :]
            if head.status >= 200:
                break
            self._interim += 1
            framed = "transfer-encoding" in head.headers or "content-length" in head.headers
            if head.status == 101 or framed or self._interim > INTERIM:
                raise ProtocolError(f"unexpected answer {head.status}")
        self._buffer = b""
        self.head = head
        self._frame(head)
        return data

    def _refuse_early(self, data: bytes) -> None:
        """What can be seen to be wrong before the head has ended."""
        if len(data) > HEAD_SIZE:
            raise ProtocolError("the head of the answer is too long")
        if not b"HTTP/1."[: len(data)] == data[:7] or _BARE.search(data):
            raise ProtocolError("the answer is no HTTP/1.1")

    def _frame(self, head: Head) -> None:
        """How long the body is (RFC 9112, 6.3)."""
        encoding = head.headers.get("transfer-encoding")
        length = head.headers.get("content-length")
        if encoding is not None and (encoding.lower() != "chunked" or length is not None or head.minor == 0):
            raise ProtocolError("the answer's Transfer-Encoding is not understood")
        stated = None if length is None else _length(length)
        if self._method == "HEAD" or head.status in (204, 304):
            self.left = 0
            self.is_done = True
        elif encoding is not None:
            self._chunked = True
        elif stated is not None:
            self.left = stated
            self.is_done = stated == 0

    def _read_plain(self, data: bytes) -> bytes:
        if self.left is not None:
            if len(data) > self.left:
                self.surplus = True
                data = data[: self.left]
            self.left -= len(data)
            self.is_done = self.left == 0
        self.body_read += len(data)
        return data

    def _read_chunks(self, data: bytes) -> bytes:
        """The chunks' content. `left` is None between chunks, and includes the line end that closes a chunk."""
        data = self._buffer + data if self._buffer else data
        self._buffer = b""
        parts = []
        at = 0
        while at < len(data) and not self._trailing:
            if self.left is None:
                end = data.find(b"\r\n", at, at + LINE)
                if end < 0:
                    if len(data) - at >= LINE:
                        raise ProtocolError("a chunk's size is too long")
                    self._buffer = data[at:]
                    break
                found = _CHUNK.fullmatch(data, at, end + 2)
                if found is None:
                    raise ProtocolError("a chunk has no size")
                at = end + 2
                size = int(found[1], 16)
                if size == 0:
                    self._trailing = True
                else:
                    self.left = size + 2
                continue
            content = data[at : at + max(self.left - 2, 0)]
            parts.append(content)
            at += len(content)
            self.left -= len(content)
            if self.left <= 2:
                closing = data[at : at + self.left]
                if closing != b"\r\n"[2 - self.left : 2 - self.left + len(closing)]:
                    raise ProtocolError("a chunk is longer than its size")
                at += len(closing)
                self.left = self.left - len(closing) or None
        body = b"".join(parts)
        self.body_read += len(body)
        if self._trailing:
            self._read_trailers(data[at:])
        return body

    def _read_trailers(self, data: bytes) -> None:
        end = 0 if data.startswith(b"\r\n") else data.find(b"\r\n\r\n") + 2
        if end == 1:
            if len(data) > HEAD_SIZE:
                raise ProtocolError("the trailers of the answer are too long")
            self._buffer = data
            return
        if not _FIELDS.fullmatch(data, 0, end + 2) or _FRAMING.search(data, 0, end + 2):
            raise ProtocolError("the trailers of the answer are malformed")
        self.surplus = len(data) > end + 2
        self.left = 0
        self.is_done = True


def _parsed(data: bytes) -> Head:
    """A whole head, its empty line included."""
    end = data.find(b"\r\n") + 2
    if len(data) > HEAD_SIZE or not _FIELDS.fullmatch(data, end):
        raise ProtocolError("the head of the answer is malformed")
    status, reason, minor = _status_line(data[:end])
    fields = data[end:].decode("latin-1")
    lines = fields.split("\r\n")[:-2]
    if len(lines) > HEADERS:
        raise ProtocolError("the answer has too many headers")
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip(BLANKS)
    if len(headers) < len(lines):
        headers = _joined(lines)
    return Head(status, reason, headers, minor, fields)


def check_header(name: str, text: str) -> None:
    """Raises ValueError where a header would break the head."""
    if any(char in name for char in "\r\n\0"):
        raise ValueError(f"Header field name contains invalid characters: {name!r}")
    if any(char in text for char in "\r\n\0"):
        raise ValueError(f"Invalid header value of {name}: it holds a line break or NUL")


@lru_cache(maxsize=16)
def _status_line(line: bytes) -> tuple[int, str, int]:
    """Status, reason and the version's second number. Nearly all answers begin with the same line."""
    found = _STATUS.fullmatch(line)
    if found is None:
        raise ProtocolError("the head of the answer is malformed")
    return int(found[2]), (found[3] or b"").decode("latin-1").strip(BLANKS), int(found[1])


def _joined(lines: list[str]) -> dict[str, str]:
    """Headers of which some come twice."""
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        name, value = name.lower(), value.strip(BLANKS)
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _length(text: str) -> int:
    """A Content-Length; one that stands several times has to be the same each time."""
    if text.isascii() and text.isdecimal() and len(text) <= 18:
        return int(text)
    lengths = {part.strip(" \t") for part in text.split(",")}
    if len(lengths) != 1 or not _LENGTH.fullmatch(only := lengths.pop()):
        raise ProtocolError(f"the answer's Content-Length is {text!r}")
    return int(only)
