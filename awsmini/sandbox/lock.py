"""Advisory file locks that end with the process that holds them."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30  # a locked byte cannot be read there, so one is locked where nothing is written

    def _acquire(descriptor: int, shared: bool = False) -> bool:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _acquire(descriptor: int, shared: bool = False) -> bool:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock. Asked by sharing it, so that those who ask do not see each other."""
    try:
        descriptor = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return not _acquire(descriptor, shared=True)
    finally:
        os.close(descriptor)


def acquire(path: Path, patience: float) -> int | None:
    """The descriptor that holds the lock, or None where another process held it for `patience` seconds.

    Whoever holds it has written its pid there.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    give_up = time.monotonic() + patience
    while not _acquire(descriptor):
        if time.monotonic() > give_up:
            os.close(descriptor)
            return None
        time.sleep(0.01)
    write_pid(descriptor)
    return descriptor


def write_pid(descriptor: int) -> None:
    """Say in the lock's file who holds it."""
    pid = b"%d\n" % os.getpid()
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, pid)
    os.ftruncate(descriptor, len(pid))


@contextmanager
def held(path: Path, patience: float) -> Iterator[bool]:
    """Hold the lock during a `with` block; yields whether it was to be had."""
    descriptor = acquire(path, patience)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            os.close(descriptor)
