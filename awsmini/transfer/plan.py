"""Entries to tasks: where each goes, and that a download stays where it belongs."""

import os
import posixpath
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from awsmini.records import NOTHING
from awsmini.transfer.local import Entry
from awsmini.transfer.records import Copy, Delete, Download, Upload


class Place(NamedTuple):
    """Where objects are or go to: with a prefix for many, with a key for one."""

    bucket: str
    prefix: str


class NewFolders:
    """Makes the folders that downloads go to. Those of one folder mostly come together, so one look is enough."""

    def __init__(self) -> None:
        self._last: str | None = None

    def make(self, folder: str) -> None:
        """Raises CreateFolderError."""
        if folder == self._last:
            return
        try:
            os.makedirs(folder, exist_ok=True)
        except FileExistsError:  # a file of that name: opening one below it tells
            return
        except OSError as error:
            raise CreateFolderError(f"Could not create directory {folder}: {error}") from None
        self._last = folder


class CreateFolderError(Exception):
    """The folder of a file cannot be made."""


class Target:
    """A folder that downloads must not leave: neither by the parts of a key nor through links that lie there."""

    def __init__(self, folder: str) -> None:
        self.folder = folder  # absolute, with a separator at its end
        self._real: str | None = None
        self._last: tuple[str, bool] = ("", True)

    def path(self, key: str) -> str:
        """Where the object of that key (below the prefix) goes."""
        return self.folder + (key if os.sep == "/" else key.replace("/", os.sep))

    def holds(self, key: str) -> bool:
        """Whether its file would lie inside."""
        folder, _, name = key.rpartition("/")
        if name in ("..", "."):
            return False
        if folder != self._last[0]:
            self._last = folder, self._holds_folder(folder)
        return self._last[1]

    def _holds_folder(self, folder: str) -> bool:
        if _leaves(folder):
            return False
        if self._real is None:
            self._real = os.path.realpath(self.folder)
        real = os.path.realpath(self.path(folder.lstrip("/")))
        return real == self._real or real.startswith(self._real.rstrip(os.sep) + os.sep)


class Detours:
    """Keys that lead to a file by a detour (`a//b`, `a/./b`), which is the file of the plain key (`a/b`) as well.

    Only one object can be in it: the one of the plain key, or the first that comes where there is none. `is_there`
    tells whether there is an object of a key.
    """

    def __init__(self, is_there: Callable[[str], bool]) -> None:
        self._is_there = is_there
        self._plain: dict[str, str] = {}

    def other(self, key: str) -> str | None:
        """The key of the other object that goes to the same file, if there is one."""
        if "//" not in key and "./" not in key and not key.startswith("/"):
            return None
        plain = posixpath.normpath(key.lstrip("/"))
        if plain == key:
            return None
        first = self._plain.get(plain)
        if first is None:
            first = self._plain[plain] = plain if self._is_there(plain) else key
        return None if first == key else first

    def __contains__(self, plain: str) -> bool:
        """Whether a detour has led to a file."""
        return plain in self._plain

    def __iter__(self) -> Iterator[str]:
        """The plain keys of files that detours have led to."""
        return iter(self._plain)


def _leaves(folder: str) -> bool:
    """Whether the parts of a path lead above where it begins."""
    depth = 0
    for part in folder.split("/"):
        if part == "..":
            depth -= 1
            if depth < 0:
                return True
        elif part not in ("", "."):
            depth += 1
    return False


def upload(
    entry: Entry,
    path: str,
    place: Place,
    key: str,
    params: Mapping[str, Any],
    content_type: str | None,
    move: bool,
) -> Upload:
    """A file to an object. A guessed content type is its own."""
    varying = NOTHING if content_type is None else _of_type(content_type)
    return Upload(path, place.bucket, key, entry.size, params, varying, move)


@lru_cache(maxsize=64)
def _of_type(content_type: str) -> Mapping[str, str]:
    """Most files of one run are of a few types."""
    return {"ContentType": content_type}


def download(
    entry: Entry,
    place: Place,
    key: str,
    path: str,
    params: Mapping[str, Any],
    move: bool,
    checksums: Mapping[str, str] = NOTHING,
) -> Download:
    """An object to a file, which gets the time of the object in whole seconds."""
    modified = float(int(entry.modified // 1))
    return Download(place.bucket, key, path, entry.size, entry.etag or None, modified, checksums, params, move, entry)


def copy(
    entry: Entry,
    source: Place,
    source_key: str,
    target: Place,
    key: str,
    params: Mapping[str, Any],
    multipart_params: Callable[[], Mapping[str, Any]] | None,
    finish: Callable[[], None] | None,
    move: bool,
) -> Copy:
    """An object to an object."""
    return Copy(
        source.bucket,
        source_key,
        target.bucket,
        key,
        entry.size,
        entry.etag or None,
        params,
        multipart_params,
        finish,
        move,
    )


def deletions(entries: Iterator[Entry], place: Place, params: Mapping[str, Any]) -> Iterator[Delete]:
    """Objects that shall go."""
    return (Delete(place.bucket, place.prefix + entry.key, params=params) for entry in entries)
