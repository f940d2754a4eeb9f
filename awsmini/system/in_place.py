"""Files that are written where they are, once all that goes into them is there and there is room for it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

PIECE = 1 << 20  # bytes


@contextmanager
def saving_in_place(path: str) -> Iterator[BinaryIO]:
    """What is written to goes into the file at `path` when the block ends without an error."""
    with tempfile.TemporaryFile() as spool:
        yield cast(BinaryIO, spool)
        spool.flush()
        overwrite(path, cast(BinaryIO, spool))


def copy_over(source: str, path: str) -> None:
    """Give the file at `path` the content of another one."""
    with open(source, "rb") as file:
        overwrite(path, file)


def overwrite(path: str, new: BinaryIO) -> None:
    """Give the file at `path` the content of `new`. Where there is no room for it, the old one stays.

    OSErrors name `path`.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
    try:
        size = os.fstat(new.fileno()).st_size
        _make_room(descriptor, size)
        os.lseek(descriptor, 0, os.SEEK_SET)
        new.seek(0)
        while piece := new.read(PIECE):
            _write(descriptor, piece)
        os.ftruncate(descriptor, size)
    except OSError as error:
        error.filename = path
        raise
    finally:
        os.close(descriptor)


def _make_room(descriptor: int, size: int) -> None:
    """Let the file grow to a size before anything in it is overwritten; where it cannot, it is as it was."""
    before = os.lseek(descriptor, 0, os.SEEK_END)
    try:
        for at in range(before, size, PIECE):
            _write(descriptor, bytes(min(PIECE, size - at)))
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, before)
        raise


def _write(descriptor: int, piece: bytes) -> None:
    left = memoryview(piece)
    while left:
        left = left[os.write(descriptor, left) :]
