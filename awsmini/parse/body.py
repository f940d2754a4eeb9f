"""The body of a streamed answer as a file that is read once."""

import io
from collections.abc import Iterator
from typing import Any

from awsmini.errors import AwsminiError
from awsmini.records import Reply

CHUNK_SIZE = 1024  # bytes, as botocore's


class IncompleteReadError(AwsminiError):
    """The connection ended before the body did."""

    def __init__(self, read: int, expected: int | str) -> None:
        super().__init__(f"{read} read, but total bytes expected is {expected}.")


class StreamingBody(io.IOBase):
    """An unread body: `read`, `iter_chunks`, `iter_lines`, `close`; what takes files takes it. Reading to its end checks
    its length."""

    def __init__(self, raw: Any, content_length: int | None, framed: bool = True) -> None:
        self._raw = raw
        self._content_length = content_length
        self._amount_read = 0
        self._framed = framed

    def readable(self) -> bool:
        return True

    def read(self, amt: int | None = None) -> bytes:
        """At most `amt` bytes, or all that is left. Raises IncompleteReadError where the end comes too early."""
        chunk: bytes = self._raw.read(amt)
        self._amount_read += len(chunk)
        if amt is None or amt < 0 or (not chunk and amt > 0):
            self._check_length()
        return chunk

    def readinto(self, buffer: memoryview) -> int:
        """The same into a buffer; 0 at the end."""
        if hasattr(self._raw, "readinto"):
            count = int(self._raw.readinto(buffer))
        else:
            chunk = self._raw.read(len(buffer))
            count = len(chunk)
            buffer[:count] = chunk
        self._amount_read += count
        if not count and len(buffer):
            self._check_length()
        return count

    def iter_chunks(self, chunk_size: int = CHUNK_SIZE) -> Iterator[bytes]:
        """The body in pieces of that many bytes."""
        while chunk := self.read(chunk_size):
            yield chunk

    def iter_lines(self, chunk_size: int = CHUNK_SIZE, keepends: bool = False) -> Iterator[bytes]:
        """The body line by line."""
        pending = b""
        for chunk in self.iter_chunks(chunk_size):
            *lines, pending = (pending + chunk).splitlines(keepends=True)
            for line in lines:
                yield line.splitlines(keepends)[0]
        if pending:
            yield pending.splitlines(keepends)[0]

    def readlines(self, hint: int | None = None) -> list[bytes]:
        """The lines that are left; with `hint`, no more once they have as many bytes."""
        if not hint or hint < 0:
            return io.BytesIO(self.read()).readlines()
        found: list[bytes] = []
        while sum(map(len, found)) < hint and (line := self.readline()):
            found.append(line)
        return found

    def __next__(self) -> bytes:
        if chunk := self.read(CHUNK_SIZE):
            return chunk
        raise StopIteration

    def tell(self) -> int:
        return self._amount_read

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()

    def _check_length(self) -> None:
        if self._content_length is not None and self._amount_read != self._content_length:
            raise IncompleteReadError(self._amount_read, self._content_length)
        if not self._framed and not self._amount_read:  # closed right after the head
            raise IncompleteReadError(0, "more")


def streaming_body(reply: Reply) -> StreamingBody:
    """The body of a reply, whether it was asked for as a stream or has been read already."""
    if reply.raw is None:
        return StreamingBody(io.BytesIO(reply.body), None)
    length = reply.headers.get("content-length", "")
    return StreamingBody(reply.raw, int(length) if length.isdigit() else None, reply.framed)
