"""Files that are there whole or not at all: written under a temporary name beside the target, then renamed."""

import errno
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

PUBLIC = 0o666  # less the umask
PRIVATE = 0o600

# A file that is mounted by itself, or stands in a folder that cannot be written, is written to where it is.
NOT_TO_BE_REPLACED = (errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM, errno.EROFS)


@contextmanager
def writing(path: str | bytes, mode: int = PUBLIC) -> Iterator[BinaryIO]:
    """The file to write to; it takes the place of `path` when the block ends without an error.

    A device or a pipe is written to directly, and so is the file that /dev/stdout leads to. A link stays a link.
    OSErrors are the caller's, and name `path`.
    """
    path = os.fsdecode(path)
    names_no_file = os.path.basename(path) in ("", ".", "..")  # opening says why; with links resolved it would name one
    if names_no_file or (os.path.exists(path) and (not os.path.isfile(path) or path.startswith(("/dev/", "/proc/")))):
        with open(path, "wb") as file:
            yield file
        return
    target = os.path.realpath(path)
    temporary = f"{target}.{os.getpid()}.{time.monotonic_ns():x}.part"
    try:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            yield file
        os.replace(temporary, target)
    except BaseException as error:
        with suppress(OSError):
            os.unlink(temporary)
        if isinstance(error, OSError) and error.filename == temporary:
            error.filename = path
        raise


def rewrite(path: str, content: bytes) -> None:
    """Give a file new content in one step; mode and owner stay. One that is missing is made, mode 0600."""
    before = os.stat(path) if os.path.exists(path) else None
    try:
        with writing(path, PRIVATE) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            if before is not None:
                _keep_owner(file.fileno(), before)
    except OSError as error:
        if before is None or error.errno not in NOT_TO_BE_REPLACED:
            raise
        with open(path, "wb") as file:
            file.write(content)


def _keep_owner(descriptor: int, before: os.stat_result) -> None:
    if os.name == "nt":
        return
    os.fchmod(descriptor, stat.S_IMODE(before.st_mode))
    now = os.fstat(descriptor)
    if (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
        os.fchown(descriptor, before.st_uid, before.st_gid)
