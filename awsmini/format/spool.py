"""Text that has to wait until the last page has come: in memory at first, beyond that in an unnamed file.

It is kept in UTF-8, as it will be written: what a terminal or a pipe takes needs no decoding in between.
"""

from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from pkgutil import resolve_name
from typing import IO

IN_MEMORY = 1024 * 1024  # bytes
FILE = "tempfile:TemporaryFile"  # not worth loading for what most answers hold
_CHUNK = 256 * 1024


def texts(chunks: Iterable[str | bytes]) -> Iterator[str]:
    """Chunks of text, of which those in UTF-8 may be cut anywhere, as text."""
    decode = getincrementaldecoder("utf-8")("surrogatepass").decode
    for chunk in chunks:
        yield chunk if isinstance(chunk, str) else decode(chunk)


class Spool:
    """Pieces of text, given back as they came, though not always cut in the same places."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._in_memory = in_memory
        self._pieces: list[bytes] = []
        self._size = 0
        self._file: IO[bytes] | None = None
        self._is_utf8 = True  # no half of a surrogate pair was met

    def __bool__(self) -> bool:
        return self._file is not None or bool(self._pieces)

    def add(self, piece: str | bytes) -> None:
        if isinstance(piece, bytes):
            encoded = piece
        else:
            try:
                encoded = piece.encode()
            except UnicodeEncodeError:
                encoded = piece.encode("utf-8", "surrogatepass")
                self._is_utf8 = False
        self._pieces.append(encoded)
        self._size += len(encoded)
        if self._size > self._in_memory:
            self._move_to_file()

    def __iter__(self) -> Iterator[str]:
        return texts(self._kept())

    def chunks(self) -> Iterator[bytes] | Iterator[str]:
        """The same in UTF-8, but for what cannot be."""
        return self._kept() if self._is_utf8 else iter(self)

    def _kept(self) -> Iterator[bytes]:
        if self._file is not None:
            self._file.seek(0)
            while chunk := self._file.read(_CHUNK):
                yield chunk
            self._file.seek(0, 2)
        yield from self._pieces

    def __del__(self) -> None:
        if self._file is not None:
            self._file.close()

    def _move_to_file(self) -> None:
        """Write out what is in memory; where no file can be made, memory it stays."""
        if self._file is None:
            try:
                self._file = resolve_name(FILE)(buffering=0)
            except OSError:
                self._in_memory = 1 << 62
                return
        assert self._file is not None
        for piece in self._pieces:
            written = memoryview(piece)
            while written:
                written = written[self._file.write(written) :]
        self._pieces.clear()
        self._size = 0
