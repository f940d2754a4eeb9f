"""Files that are there whole or not at all: written beside the target as NAME.XXXXXXXX, then renamed."""

import errno
import os
from contextlib import suppress

from awsmini.transfer.journal import LENGTH, TRIES, Journal

_FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))
_BY_DESCRIPTOR = os.utime in os.supports_fd
NAME_MAX = 255  # of a name, in bytes
FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class TempFile:
    """One file on its way. Folders that are missing are made. Raises OSError."""

    __slots__ = ("descriptor", "path", "target")

    def __init__(self, target: str, journal: Journal) -> None:
        folder, name = os.path.split(target)
        journal.note_folder(folder or ".")
        beside = target
        if len(name) + 1 + LENGTH > NAME_MAX or not name.isascii():
            name = _cut(name)
            beside = os.path.join(folder, name)
        self.target = target
        for number in range(TRIES):
            self.path = f"{beside}.{journal.ending(name, number)}"
            try:
                self.descriptor = _opened(self.path, folder)
            except FileExistsError:
                continue
            return
        raise FileExistsError(f"There is no free temporary name beside {target}")

    def allocate(self, size: int) -> None:
        """Ask for the room that the whole file needs. Raises OSError where the disk is full."""
        if hasattr(os, "posix_fallocate") and size:
            try:
                os.posix_fallocate(self.descriptor, 0, size)
            except OSError as error:
                if error.errno in _FULL:
                    raise
                # Not every file system can: it grows as it is written.

    def finish(self, modified: float | None, exactly: int | None = None) -> None:
        """Everything is written: the file takes its name, and the object's time in whole seconds. Raises OSError.

        `exactly`: a time in nanoseconds, which counts before the object's.
        """
        file: int | str = self.descriptor
        if not _BY_DESCRIPTOR or self.descriptor < 0:
            self.close()
            file = self.path
        try:
            if exactly is not None:
                os.utime(file, ns=(exactly, exactly))
            elif modified is not None:
                os.utime(file, (int(modified), int(modified)))
        except (OSError, OverflowError, ValueError):
            pass  # the content counts
        self.close()
        os.replace(self.path, self.target)

    def close(self) -> None:
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def discard(self) -> None:
        """There will be no such file."""
        with suppress(OSError):
            self.close()
        with suppress(OSError):
            os.unlink(self.path)


def _opened(path: str, folder: str) -> int:
    try:
        return os.open(path, FLAGS, 0o666)
    except FileNotFoundError:
        if not folder:
            raise
    os.makedirs(folder, exist_ok=True)
    return os.open(path, FLAGS, 0o666)


def _cut(name: str) -> str:
    """The name, short enough for an ending."""
    while len(os.fsencode(name)) + 1 + LENGTH > NAME_MAX:
        name = name[:-1]
    return name
