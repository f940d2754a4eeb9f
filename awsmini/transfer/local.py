"""The files of a folder as a source: in the order in which S3 lists the keys that they become.

Names are sorted by their code points, with a `/` behind those of folders: that is the byte order of UTF-8 over
whole keys, so that two sides can be merged without holding either.
"""

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from awsmini.transfer.errors import ChangedFileError
from awsmini.transfer.span import ALL, Name, Span

Warn = Callable[[str], None]
Names = Sequence[Name]  # what is in a folder, in order
ReadNames = Callable[[str, Warn, bool], Names | None]

NOT_THERE = "File does not exist."
SPECIAL = "File is character special device, block special device, FIFO, or socket."
UNREADABLE = "File/Directory is not readable."
LOOP = "It leads back to a folder above it, too many times."
LOOPS = 40  # times that links may lead back to one folder: as many as the system follows in one path
BAD_TIME = "warning: File has an invalid timestamp. Passing epoch time as timestamp."
_WHO = os.geteuid() if hasattr(os, "geteuid") else -1
FIRST_TIME, LAST_TIME = -62_135_596_800, 253_402_300_800  # the years 1 to 9999


class Entry(NamedTuple):
    """A file or an object, by its key below the root of its side."""

    key: str  # `/` between the parts
    size: int
    modified: float  # seconds since 1970
    etag: str = ""  # without its quotes; objects only
    storage_class: str = ""  # objects only
    through_link: bool = False  # the way to the file leads through a symbolic link to a folder


def skipped(path: str, reason: str) -> str:
    """The warning that something takes no part."""
    return f"warning: Skipping file {path}. {reason}"


class LeftOut:
    """Keys of what a walk has left out with a warning: nobody knows what is there. Those of folders end in `/`."""

    def __init__(self) -> None:
        self._keys: set[str] = set()

    def add(self, key: str) -> None:
        self._keys.add(key)

    def __contains__(self, key: str) -> bool:
        """Whether a key, or a folder that it is in, was left out."""
        if not self._keys:
            return False
        ends = [at for at, sign in enumerate(key) if sign == "/"]
        above = [key[: at + more] for at in ends for more in (0, 1)]  # a link to nowhere may have been a folder
        return not self._keys.isdisjoint(("", key, *above))


def walk(
    root: str,
    warn: Warn,
    *,
    follow_symlinks: bool = True,
    left_out: LeftOut | None = None,
    span: Span = ALL,
    read_names: "ReadNames | None" = None,
    warn_of: Callable[[str, str], None] | None = None,
) -> Iterator[Entry]:
    """The files below `root`, a folder with a `/` at its end. What cannot be read is told to `warn`, and left out.

    `warn_of` is told with the key, in the place of `warn`. Where only a span is walked, links back are not followed:
    nobody would count how often all walks together have done that.
    """
    without = LeftOut() if left_out is None else left_out

    def warning(key: str) -> Warn:
        return warn if warn_of is None else partial(warn_of, key)

    def read(folder: str, key: str) -> Iterator[tuple[str, bool, bool]]:
        found = (read_names or names_in)(folder, warning(key), follow_symlinks)
        if found is None:
            without.add(key)
        return iter(found or ()) if span is ALL else span.reached(found or (), key)

    if _left_out(root, warning(""), follow_symlinks):
        without.add("")
        return
    loops = _Loops(LOOPS if span is ALL else 0)
    stack = [(root, "", False, read(root, ""))]
    while stack:
        folder, prefix, through, names = stack[-1]
        for name, is_folder, is_link in names:
            if is_folder:
                inner = f"{folder}{name}"
                if is_link and loops.too_many(inner, [above[0] for above in stack]):
                    warning(prefix + name)(skipped(inner.rstrip("/"), LOOP))
                    without.add(prefix + name)
                    continue
                stack.append((inner, prefix + name, through or is_link, read(inner, prefix + name)))
                break
            found = describe(folder + name, warning(prefix + name))
            if found is None:
                without.add(prefix + name)
            elif prefix + name > span.after:
                yield Entry(prefix + name, found[0], found[1], "", "", through)
        else:
            stack.pop()


class _Loops:
    """Counts how often links lead back to folders that they are in: two in one would double the paths at each step."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._times: Counter[tuple[int, int]] = Counter()

    def too_many(self, folder: str, above: Iterable[str]) -> bool:
        """Whether that was once more than allowed."""
        try:
            found = os.stat(folder)
            if not any(os.path.samestat(found, os.stat(each)) for each in above):
                return False
        except OSError:  # told when it is read
            return False
        who = found.st_dev, found.st_ino
        self._times[who] += 1
        return self._times[who] > self._most


def single(path: str, key: str, warn: Warn, *, follow_symlinks: bool = True) -> Iterator[Entry]:
    """One file, if it can be read."""
    if _left_out(path, warn, follow_symlinks):
        return
    found = describe(path, warn)
    if found is not None:
        yield Entry(key, *found)


def describe(path: str, warn: Warn) -> tuple[int, float] | None:
    """Size and time of a file. What is none, or cannot be read, is told."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        warn(skipped(path, NOT_THERE))
        return None
    mode = status.st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        warn(skipped(path, SPECIAL))
        return None
    if not (status.st_uid == _WHO and mode & stat.S_IRUSR) and not os.access(path, os.R_OK):
        warn(skipped(path, UNREADABLE))
        return None
    if not FIRST_TIME <= status.st_mtime < LAST_TIME:
        warn(BAD_TIME)
    return status.st_size, modified(status)


def modified(status: os.stat_result) -> float:
    """The time of a file, by the microsecond; 0 where no calendar has it."""
    if not FIRST_TIME <= status.st_mtime < LAST_TIME:
        return 0.0
    seconds = status.st_mtime // 1
    return seconds + round((status.st_mtime - seconds) * 1e6) / 1e6


def remove_unchanged(path: str, facts: os.stat_result) -> None:
    """Delete a file that was moved. Raises ChangedFileError where it is no longer what was read."""
    now = os.stat(path)
    if now.st_size != facts.st_size:
        raise ChangedFileError(path, facts.st_size, now.st_size)
    if now.st_mtime_ns != facts.st_mtime_ns or not os.path.samestat(now, facts):
        raise ChangedFileError(path, facts.st_size)
    os.unlink(path)


def names_in(folder: str, warn: Warn, follow_symlinks: bool) -> Names | None:
    """What is in a folder. None, and a warning, where it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            found = [_looked_at(entry) for entry in entries if follow_symlinks or not entry.is_symlink()]
    except OSError as error:
        warn(skipped(folder.rstrip("/"), NOT_THERE if isinstance(error, FileNotFoundError) else UNREADABLE))
        return None
    found.sort()
    return found


def _looked_at(entry: os.DirEntry[str]) -> tuple[str, bool, bool]:
    try:
        is_folder = entry.is_dir()
    except OSError:  # a loop of links
        is_folder = False
    return (f"{entry.name}/" if is_folder else entry.name, is_folder, is_folder and entry.is_symlink())


def _left_out(path: str, warn: Warn, follow_symlinks: bool) -> bool:
    """Whether where the user pointed takes no part."""
    if not follow_symlinks and os.path.islink(path.rstrip("/") if os.path.isdir(path) else path):
        return True
    if not os.path.exists(path):
        warn(skipped(path, NOT_THERE))
        return True
    return False
