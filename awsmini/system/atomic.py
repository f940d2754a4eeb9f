"""Files that are there whole or not at all: written under a temporary name beside the target, then renamed.

`writing` is for the program's own files, which are replaced; `saving` for those that a user names, of which mode,
owner and links are the user's and stay.
"""

import errno
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pkgutil import resolve_name
from typing import BinaryIO, NoReturn

REMOVED_BY_SIGNALS = "awsmini.system.signals:removed_by_signals"  # signal: few commands write a file
IN_PLACE = "awsmini.system.in_place:saving_in_place"  # tempfile: few files are written so
COPY_OVER = "awsmini.system.in_place:copy_over"

PUBLIC = 0o666  # less the umask
PRIVATE = 0o600
PRIVATE_FOLDER = 0o700
LONGEST_NAME = 255  # bytes, on every file system that matters

# A file that is mounted by itself, or stands in a folder that cannot be written, is written to where it is.
NOT_TO_BE_REPLACED = (errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM, errno.EROFS)


@contextmanager
def writing(path: str | bytes, mode: int = PUBLIC) -> Iterator[BinaryIO]:
    """The file to write to; it takes the place of `path` when the block ends without an error.

    A device or a pipe is written to directly, and so is the file that /dev/stdout leads to. A link stays a link.
    OSErrors are the caller's, and name `path`.
    """
    path = os.fsdecode(path)
    if _is_written_directly(path):
        with open(path, "wb") as file:
            yield file
        return
    with _replacing(path, os.path.realpath(path), mode) as file:
        yield file


@contextmanager
def saving(path: str | bytes, mode: int = PUBLIC) -> Iterator[BinaryIO]:
    """The user's file to write to: what was in it stays until the block ends without an error.

    Mode and owner of a file that is there stay, links lead where they led, and protection counts. Where it cannot be
    replaced (it is mounted by itself, has further names, is someone else's, or its folder cannot be written), it is
    written in place, once all is there. `mode` is that of a file that is made; PRIVATE holds for one that is there too. OSErrors name `path`.
    """
    path = os.fsdecode(path)
    if _is_written_directly(path):
        with open(path, "wb") as file:
            yield file
        return
    check_writable(path)
    target = os.path.realpath(path)
    before = os.stat(target) if os.path.exists(target) else None
    if before is None:
        with _replacing(path, target, mode) as file:
            yield file
    elif _can_be_replaced(target, before):
        with _replacing(path, target, PRIVATE, in_place=True) as file:
            _keep_owner(file.fileno(), before)
            if mode == PRIVATE and os.name != "nt":
                os.fchmod(file.fileno(), PRIVATE)
            yield file
    else:
        if mode == PRIVATE:
            os.chmod(target, PRIVATE)
        with resolve_name(IN_PLACE)(path) as file:
            yield file


def check_writable(path: str | bytes) -> None:
    """Raise, naming the path, the OSError with which `saving` would fail. What it would write to is not touched."""
    path = os.fsdecode(path)
    try:
        found = os.stat(path)
    except FileNotFoundError:
        folder = os.path.dirname(os.path.realpath(path)) if path else ""
        with _naming(path):
            if not stat.S_ISDIR(os.stat(folder).st_mode):
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path) from None
        if not os.path.basename(path):
            _refuse(path, errno.EISDIR)
        if not os.access(folder, os.W_OK | os.X_OK):
            _refuse(path, _why_not(folder))
        return
    if stat.S_ISDIR(found.st_mode):
        _refuse(path, errno.EISDIR)
    if not os.access(path, os.W_OK):
        _refuse(path, _why_not(path))


def _why_not(path: str) -> int:
    is_read_only = os.name != "nt" and os.statvfs(path).f_flag & os.ST_RDONLY
    return errno.EROFS if is_read_only else errno.EACCES


def _refuse(path: str, number: int) -> NoReturn:
    raise OSError(number, os.strerror(number), path)


def rewrite(path: str, content: bytes) -> None:
    """Give a file of the user's new content in one step, as `saving` does. One that is missing is made, mode 0600."""
    with saving(path, PUBLIC if os.path.exists(path) else PRIVATE) as file:
        file.write(content)
        file.flush()
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            os.fsync(file.fileno())


def refuse_pipe(path: str) -> None:
    """Raise OSError for a pipe: what is edited is read, then written, and a pipe would be waited for without end."""
    if os.path.exists(path) and stat.S_ISFIFO(os.stat(path).st_mode):
        raise OSError(errno.ESPIPE, "a pipe cannot be read and then written", path)


def private_folder(path: str) -> None:
    """Make a folder for secrets, and those above it: nobody else may look into it, whatever the umask is."""
    if os.path.isdir(path):
        return
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with suppress(FileExistsError):
        os.mkdir(path, PRIVATE_FOLDER)
        os.chmod(path, PRIVATE_FOLDER)


def _is_written_directly(path: str) -> bool:
    """Whether opening it is all: a device, a pipe, a descriptor, or what is no file and says so when it is opened."""
    if os.path.basename(path) in ("", ".", ".."):  # with links resolved it would name one
        return True
    return os.path.exists(path) and (not os.path.isfile(path) or path.startswith(("/dev/", "/proc/")))


def _can_be_replaced(target: str, before: os.stat_result) -> bool:
    """Whether another file may take the place of one, as far as can be seen: mount points show when it is tried."""
    if before.st_nlink > 1 or os.path.ismount(target):
        return False
    if os.name != "nt" and before.st_uid != os.geteuid() and os.geteuid() != 0:
        return False  # it would change its owner
    folder = os.path.dirname(target)
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    return not os.stat(folder).st_mode & stat.S_ISVTX or os.geteuid() in (0, before.st_uid)


@contextmanager
def _replacing(path: str, target: str, mode: int, in_place: bool = False) -> Iterator[BinaryIO]:
    temporary = _temporary(target)
    with _naming(path, temporary), resolve_name(REMOVED_BY_SIGNALS)(temporary):
        try:
            with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
                yield file
            try:
                os.replace(temporary, target)
            except OSError as error:
                if not in_place or error.errno not in NOT_TO_BE_REPLACED:
                    raise
                resolve_name(COPY_OVER)(temporary, target)  # it is mounted by itself
                os.unlink(temporary)
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            raise


def _temporary(target: str) -> str:
    """A name beside the target, which no other process uses; the end of a long name gives way."""
    folder, name = os.path.split(target)
    suffix = f".{os.getpid()}.{time.monotonic_ns():x}.part"
    shortened = os.fsencode(name)[: LONGEST_NAME - len(suffix)] if len(os.fsencode(name)) <= LONGEST_NAME else name
    return os.path.join(folder, os.fsdecode(shortened) + suffix)


@contextmanager
def _naming(path: str, instead_of: str | None = None) -> Iterator[None]:
    """OSErrors that name another file, or a given one, name `path`."""
    try:
        yield
    except OSError as error:
        if error.filename is not None and (instead_of is None or error.filename == instead_of):
            error.filename = path
        raise


def _keep_owner(descriptor: int, before: os.stat_result) -> None:
    if os.name == "nt":
        return
    os.fchmod(descriptor, stat.S_IMODE(before.st_mode))
    now = os.fstat(descriptor)
    if (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
        os.fchown(descriptor, before.st_uid, before.st_gid)
