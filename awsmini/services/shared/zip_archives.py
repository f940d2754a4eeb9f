"""Zip files of folders. Written here and not by `zipfile`, which takes several times as long for many small files.

    with zipped(entries, reproducible=True) as archive: …

A reproducible archive of the same files is the same byte for byte, wherever and whenever it is made: the names are
sorted, each file has the first moment that a zip can name, and of the mode only whether its owner may run it.
"""

import os
import stat
import sys
import tempfile
import time
import zlib
from collections.abc import Iterable, Iterator
from struct import pack
from typing import IO, NamedTuple

from awsmini.errors import AwsminiError

IN_MEMORY = 4 * 2**20  # bytes; a larger archive goes to a temporary file
PIECE = 2**20
_LOCAL, _CENTRAL, _END, _END_64, _LOCATOR_64 = 0x04034B50, 0x02014B50, 0x06054B50, 0x06064B50, 0x07064B50
_DEFLATED, _VERSION, _VERSION_64, _UNIX = 8, 20, 45, 3
_UTF_8 = 0x800
_FIRST_MOMENT, _LAST_MOMENT = (0, 1 << 5 | 1), (23 << 11 | 59 << 5 | 29, 127 << 9 | 12 << 5 | 31)  # 1980 and 2107
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)  # a pipe is not waited for
_LONG, _MANY = 0xFFFFFFFF, 0xFFFF
_LEAST_WINDOW = 9


class NotAFileError(AwsminiError):
    """A pipe, a socket or a device: it has no end, or cannot be read."""


class Entry(NamedTuple):
    """One file to be archived, and the name that it has in there."""

    path: str
    name: str


class Content(NamedTuple):
    """A file that is made on the way and stands nowhere."""

    name: str
    data: bytes


class _Written(NamedTuple):
    """What the table at the end of the archive says of one file."""

    name: bytes
    flags: int
    when: tuple[int, int]  # time and date as DOS counts them
    crc: int
    packed: int
    size: int
    attributes: int
    offset: int


def files_below(folder: str, *, follow_links: bool = True) -> Iterator[Entry]:
    """All files of a folder, those of its subfolders after its own, each by name. Links to files count as files.

    With `follow_links`, those to folders count as folders, unless they lead back to where they stand in.
    """
    yield from _below(folder, "", follow_links, frozenset())


def _below(folder: str, prefix: str, follow_links: bool, above: frozenset[tuple[int, int]]) -> Iterator[Entry]:
    folders = []
    try:
        with os.scandir(folder) as listing:
            found = sorted(listing, key=lambda entry: entry.name)
    except OSError:
        return  # as os.walk does with a folder that cannot be read
    for entry in found:
        if entry.is_dir():
            folders.append(entry)
        else:
            yield Entry(entry.path, prefix + entry.name)
    for entry in folders:
        if entry.is_symlink():
            if not follow_links:
                continue
            here = os.stat(folder)
            above = above | {(here.st_dev, here.st_ino)}
            there = entry.stat()
            if (there.st_dev, there.st_ino) in above or _leads_up(entry.path, folder):
                continue
        yield from _below(entry.path, f"{prefix}{entry.name}/", follow_links, above)


def _leads_up(link: str, folder: str) -> bool:
    """Whether a link to a folder leads to one that it stands in."""
    target, here = os.path.realpath(link), os.path.realpath(folder)
    return here == target or here.startswith(target.rstrip(os.sep) + os.sep)


def zipped(entries: Iterable[Entry | Content], *, reproducible: bool = False) -> IO[bytes]:
    """The archive of some files, to be read from its beginning. The caller closes it."""
    archive: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - handed to the caller
    try:
        writer = ZipWriter(archive, reproducible=reproducible)
        for entry in entries:
            if isinstance(entry, Content):
                writer.add_content(entry)
            else:
                writer.add(entry)
        writer.end()
        archive.seek(0)
    except BaseException:
        archive.close()
        raise
    return archive


class ZipWriter:
    """Writes an archive into a file that is empty and can be sought in."""

    def __init__(self, out: IO[bytes], *, reproducible: bool = False) -> None:
        self._out = out
        self._reproducible = reproducible
        self._written: list[_Written] = []
        self._offset = 0

    def add(self, entry: Entry) -> None:
        """Raises OSError where the file cannot be read, NotAFileError."""
        descriptor = _open(entry.path)
        try:
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode):
                raise NotAFileError(f"{entry.path} is no regular file, and cannot be put into an archive")
            mode, when = about.st_mode, about.st_mtime
            if about.st_size <= PIECE:
                data = os.read(descriptor, about.st_size + 1)  # no more: room for what is not there takes time
                if len(data) <= about.st_size:
                    self._add_whole(entry.name, data, mode, when)
                    return
                os.lseek(descriptor, 0, os.SEEK_SET)
            self._add_pieces(entry.name, descriptor, mode, when)
        finally:
            os.close(descriptor)

    def add_content(self, content: Content) -> None:
        self._add_whole(content.name, content.data, stat.S_IFREG | 0o644, time.time())

    def _add_whole(self, name: str, data: bytes, mode: int, when: float) -> None:
        packed = _deflated(data)
        written = self._about(name, mode, when, zlib.crc32(data), len(packed), len(data))
        self._offset += self._out.write(_local_header(written) + packed)
        self._written.append(written)

    def _add_pieces(self, name: str, descriptor: int, mode: int, when: float) -> None:
        """A large file, of which no more than a piece is in memory; what its header says is known at the end."""
        written = self._about(name, mode, when)
        header = len(_local_header(written, large=True))
        self._out.seek(written.offset + header)
        packer = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -15)
        crc = packed = size = 0
        while data := os.read(descriptor, PIECE):
            crc = zlib.crc32(data, crc)
            size += len(data)
            packed += self._out.write(packer.compress(data))
        packed += self._out.write(packer.flush())
        written = written._replace(crc=crc, packed=packed, size=size)
        self._out.seek(written.offset)
        self._out.write(_local_header(written, large=True))
        self._offset = written.offset + header + packed
        self._out.seek(self._offset)
        self._written.append(written)

    def _about(self, name: str, mode: int, when: float, crc: int = 0, packed: int = 0, size: int = 0) -> _Written:
        encoded = name.encode("utf-8", "surrogateescape")
        if self._reproducible:
            mode = stat.S_IFREG | (0o755 if mode & stat.S_IXUSR else 0o644)
        return _Written(
            encoded,
            0 if encoded.isascii() else _UTF_8,
            _FIRST_MOMENT if self._reproducible else _moment(when),
            crc,
            packed,
            size,
            (mode & 0xFFFF) << 16,
            self._offset,
        )

    def end(self) -> None:
        """Write the table of what is in the archive."""
        table = b"".join(map(_central_header, self._written))
        count, size, offset = len(self._written), len(table), self._offset
        self._out.write(table)
        if count >= _MANY or size >= _LONG or offset >= _LONG:
            self._out.write(
                pack("<IQHHIIQQQQ", _END_64, 44, _VERSION_64, _VERSION_64, 0, 0, count, count, size, offset)
            )
            self._out.write(pack("<IIQI", _LOCATOR_64, 0, offset + size, 1))
        few, small, near = min(count, _MANY), min(size, _LONG), min(offset, _LONG)
        self._out.write(pack("<IHHHHIIH", _END, 0, 0, few, few, small, near, 0))


def _moment(when: float) -> tuple[int, int]:
    """Time and date as DOS counts them: the nearest that it can name."""
    year, month, day, hour, minute, second = time.localtime(when)[:6]
    if not 1980 <= year <= 2107:
        return _FIRST_MOMENT if year < 1980 else _LAST_MOMENT
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day


def _deflated(data: bytes) -> bytes:
    if sys.version_info >= (3, 11):
        return zlib.compress(data, wbits=-_window(len(data)))  # the same bytes in three quarters of the time
    packer = zlib.compressobj(wbits=-_window(len(data)))
    return packer.compress(data) + packer.flush()


def _window(size: int) -> int:
    """The bits of a window that all of the data fits in: a smaller one finds the same, and is set up much faster."""
    return min(max((size + 262).bit_length(), _LEAST_WINDOW), zlib.MAX_WBITS)


def _open(path: str) -> int:
    return os.open(path, _READ)


def _local_header(written: _Written, *, large: bool = False) -> bytes:
    extra = pack("<HHQQ", 1, 16, written.size, written.packed) if large else b""
    packed, size = (_LONG, _LONG) if large else (written.packed, written.size)
    version = _VERSION_64 if large else _VERSION
    return (
        pack(
            "<IHHHHHIIIHH", _LOCAL, version, written.flags, _DEFLATED, *written.when, written.crc, packed, size,
            len(written.name), len(extra),
        )
        + written.name
        + extra
    )  # fmt: skip


def _central_header(written: _Written) -> bytes:
    """Numbers that do not fit stand in a field behind the name."""
    long = [number for number in (written.size, written.packed, written.offset) if number >= _LONG]
    extra = pack(f"<HH{len(long)}Q", 1, 8 * len(long), *long) if long else b""
    version = _VERSION_64 if long else _VERSION
    return (
        pack(
            "<IBBHHHHHIIIHHHHHII", _CENTRAL, version, _UNIX, version, written.flags, _DEFLATED, *written.when,
            written.crc, min(written.packed, _LONG), min(written.size, _LONG), len(written.name), len(extra),
            0, 0, 0, written.attributes, min(written.offset, _LONG),
        )
        + written.name
        + extra
    )  # fmt: skip
