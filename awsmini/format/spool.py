"""Text that has to wait until the last page has come: in memory at first, beyond that in an unnamed file."""

from collections.abc import Iterator
from pkgutil import resolve_name
from typing import IO

IN_MEMORY = 16 * 1024 * 1024  # characters
FILE = "tempfile:TemporaryFile"  # not worth loading for what most answers hold
_CHUNK = 1024 * 1024


class Spool:
    """Pieces of text, given back as they came, though not always cut in the same places."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._in_memory = in_memory
        self._pieces: list[str] = []
        self._size = 0
        self._file: IO[str] | None = None

    def __bool__(self) -> bool:
        return self._file is not None or bool(self._pieces)

    def add(self, piece: str) -> None:
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size > self._in_memory:
            self._move_to_file()

    def __iter__(self) -> Iterator[str]:
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
                self._file = resolve_name(FILE)("w+", encoding="utf-8", errors="surrogatepass", newline="")
            except OSError:
                self._in_memory = 1 << 62
                return
        assert self._file is not None
        self._file.writelines(self._pieces)
        self._pieces.clear()
        self._size = 0
