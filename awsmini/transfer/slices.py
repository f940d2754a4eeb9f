"""A slice of a file as a request's body: summed in one pass, sent in another, never held in memory."""

import io
import os
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256

from awsmini.send.checksums import checksum
from awsmini.sign.sigv4 import UNSIGNED_PAYLOAD
from awsmini.transfer.errors import ChangedFileError

BLOCK = 256 * 1024


class FileSlice:
    """`moved` is told of bytes that were sent. `payload_hash` is what the signature goes by."""

    def __init__(
        self, path: str, descriptor: int, start: int, size: int, signed: bool, moved: Callable[[int], None]
    ) -> None:
        self.payload_hash = UNSIGNED_PAYLOAD
        self._path = path
        self._descriptor = descriptor
        self._start = start
        self._size = size
        self._at = 0
        self._signed = signed
        self._moved = moved
        self._told = 0

    def __len__(self) -> int:
        return self._size - self._at

    def __bool__(self) -> bool:
        return True

    def sum(self, algorithm: str | None) -> str | None:
        """The checksum in base64; the payload's hash is taken on the way. Raises ChangedFileError."""
        total = None if algorithm is None else checksum(algorithm)
        digest = sha256() if self._signed else None
        if total is not None or digest is not None:
            for block in self._read():
                if total is not None:
                    total.update(block)  # type: ignore[arg-type]  # buffers are taken too
                if digest is not None:
                    digest.update(block)
        if digest is not None:
            self.payload_hash = digest.hexdigest()
        return None if total is None else b64encode(total.digest()).decode()

    def blocks(self) -> Iterator[memoryview]:
        """The content, once more from the start. A block is good until the next one is asked for."""
        self._moved_back()
        for block in self._read():
            yield block
            self._told += len(block)
            self._moved(len(block))

    def read(self, size: int = -1) -> bytes:
        """For those who know no blocks."""
        left = self._size - self._at
        size = left if size is None or size < 0 else min(size, left)
        data = os.pread(self._descriptor, size, self._start + self._at) if size else b""
        if size and not data:
            raise ChangedFileError(self._path, self._start + self._size, self._start + self._at)
        self._at += len(data)
        self._told += len(data)
        self._moved(len(data))
        return data

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if self._at < self._told:
            self._moved(self._at - self._told)
            self._told = self._at
        return self._at

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def _moved_back(self) -> None:
        if self._told:
            self._moved(-self._told)
            self._told = 0

    def _read(self) -> Iterator[memoryview]:
        buffer = memoryview(bytearray(min(BLOCK, self._size or 1)))
        at = 0
        while at < self._size:
            wanted = buffer[: min(len(buffer), self._size - at)]
            count = os.preadv(self._descriptor, [wanted], self._start + at)
            if not count:
                raise ChangedFileError(self._path, self._start + self._size, self._start + at)
            yield wanted[:count]
            at += count


class SentBytes(io.BytesIO):
    """Bytes as a body whose hash is known."""

    payload_hash = UNSIGNED_PAYLOAD
