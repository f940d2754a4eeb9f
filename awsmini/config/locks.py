"""A lock between processes, as a file: one at a time fetches a token or edits a config file, the others wait."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from awsmini.log import debug

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

LOCK_SECONDS = 120.0  # the longest wait for another process; then this one goes on alone
POLL_SECONDS = 0.02


@contextmanager
def lock(path: str, sleep: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Hold the lock that a file of this name stands for. It is gone when nobody holds it."""
    try:
        descriptor = _wait(path, sleep)
    except OSError as error:
        debug("config.locks", "Could not lock %s: %s", path, error)
        descriptor = None
    try:
        yield
    finally:
        if descriptor is not None:
            _release(path, descriptor)


def _wait(path: str, sleep: Callable[[float], None]) -> int | None:
    """The locked file's descriptor; None when the patience ended before."""
    waited = 0.0
    while (descriptor := (_try_flock if fcntl else _try_create)(path)) is None:
        if waited >= LOCK_SECONDS:
            return None
        sleep(POLL_SECONDS)
        waited += POLL_SECONDS
    return descriptor


def _try_flock(path: str) -> int | None:
    """A lock on the file that now has this name: whoever lets go removes the file, so it may be another's old one."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(descriptor), os.stat(path)):
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(descriptor)
    return None


def _try_create(path: str) -> int | None:
    """Where there is no flock: the file is the lock. One left behind by a dead process is removed once it is old."""
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except (FileExistsError, PermissionError):
        try:
            if time.time() - os.path.getmtime(path) > LOCK_SECONDS:
                os.unlink(path)
        except OSError:
            pass
        return None


def _release(path: str, descriptor: int) -> None:
    if fcntl:  # under the lock, so that nobody can hold the name meanwhile
        os.unlink(path)
        os.close(descriptor)
    else:
        os.close(descriptor)
        os.unlink(path)
