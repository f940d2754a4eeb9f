"""What a run leaves lying about while it works, noted so that the next one can clear up after one that was killed.

Each run has a file of its own, whose lock ends with its process. It holds the run's secret, from which the names of
its temporary files are made, the folders that they are in, and the uploads in parts that were begun.
"""

import json
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from awsmini.system.app_dirs import state_folder

FOLDER = "transfers"
DIGITS = b"0123456789abcdefABCDEF"
LENGTH = 8  # characters of a temporary name's ending
NEW = 60  # seconds that a journal may take to get its name
TRIES = 16  # endings for one name
_DIGIT_OF = bytes(DIGITS[byte % len(DIGITS)] for byte in range(256))
_ENDING = r"(.+)\.([0-9a-fA-F]{8})"

if sys.platform == "win32":

    def _lock(descriptor: int) -> bool:
        return False

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


class Begun(NamedTuple):
    """An upload in parts. `place` is whose it is: endpoint and region. No id: the answer never came."""

    place: str
    bucket: str
    key: str
    upload_id: str = ""
    at: float = 0.0  # seconds since 1970
    tries: int = 0  # to abort it, by later runs


class Journal:
    """This run's. Where nothing can be kept (no home, no locks), it keeps nothing."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.secret = os.urandom(16).hex()
        self._folder = Path(state_folder(env, sys.platform), FOLDER)
        self._folders: set[str] = set()
        self._uploads: set[int] = set()  # marks of uploads that are neither completed nor aborted
        self._marks = count()
        self._writing = Lock()  # several threads begin uploads
        self._file: Any = None
        self._path: Path | None = None
        self._failed = False

    def ending(self, name: str, number: int) -> str:
        """The ending of a temporary name for `name`; `number` counts those that were taken."""
        return ending(self.secret, name, number)

    def note_folder(self, folder: str) -> None:
        """Temporary files will be in that folder."""
        if folder not in self._folders:
            self._folders.add(folder)
            self._write({"folder": os.path.abspath(folder)})

    def note_begun(self, begun: Begun) -> int:
        """An upload is about to begin, or was left by another run. Its mark in this journal comes out."""
        mark = next(self._marks)
        self._uploads.add(mark)
        self._write({"mark": mark, "upload": list(begun)})
        return mark

    def note_id(self, mark: int, upload_id: str) -> None:
        """The upload has begun."""
        self._write({"mark": mark, "id": upload_id})

    def note_ended(self, mark: int) -> None:
        """An upload was completed, aborted or refused."""
        self._uploads.discard(mark)
        self._write({"mark": mark})

    def clear_folders(self) -> None:
        """Remove this run's temporary files: it was interrupted."""
        for folder in self._folders:
            remove_temporary(folder, self.secret)

    def close(self) -> None:
        """The end of the run. Where it leaves uploads that could not be aborted, the next one finds them noted."""
        if self._file is not None:
            if not self._uploads:
                with suppress(OSError):
                    os.unlink(str(self._path))
            self._file.close()
            self._file = None

    def left_behind(self) -> Iterator[Begun]:
        """Clears up after runs that were killed: their files are removed, their uploads handed out."""
        try:
            files = list(os.scandir(self._folder))
            journals = [each for each in files if each.name.endswith(".jsonl")]
            for each in files:
                if each.name.endswith(".new") and each.stat().st_mtime < time.time() - NEW:
                    os.unlink(each.path)  # its run was killed between two system calls
        except OSError:
            return
        for each in journals:
            if self._path is None or each.path != str(self._path):
                yield from _cleared(each.path)

    def _write(self, record: Mapping[str, Any]) -> None:
        with self._writing:
            try:
                if self._file is None and not self._failed:
                    self._open()
                if self._file is not None:
                    self._file.write(json.dumps(record).encode() + b"\n")
            except (OSError, UnicodeError):
                self._failed = True

    def _open(self) -> None:
        """Made and locked under another name, so that nobody takes it for a dead run's."""
        self._failed = True
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{os.getpid()}-{self.secret[:8]}.jsonl"
        made = path.with_suffix(".new")
        file = open(made, "xb", buffering=0, opener=_private)  # noqa: SIM115 - open for as long as the run
        if not _lock(file.fileno()):
            file.close()
            made.unlink()
            return
        made.rename(path)
        self._file, self._path, self._failed = file, path, False
        file.write(json.dumps({"secret": self.secret}).encode() + b"\n")


def ending(secret: str, name: str, number: int) -> str:
    """Eight digits that only a run with the secret gives to a name."""
    digest = sha256(f"{secret}/{number}/".encode() + os.fsencode(name)).digest()
    return digest[:LENGTH].translate(_DIGIT_OF).decode()


def remove_temporary(folder: str, secret: str) -> None:
    """Remove from a folder the files whose names were made with the secret."""
    with suppress(OSError):
        for entry in list(os.scandir(folder)):
            found = re.fullmatch(_ENDING, entry.name, re.DOTALL)
            if found and any(ending(secret, found[1], number) == found[2] for number in range(TRIES)):
                with suppress(OSError):
                    os.unlink(entry.path)


def _cleared(path: str) -> Iterator[Begun]:
    """The uploads that a dead run left; its files are gone afterwards, and its journal."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return
    with open(descriptor, "rb") as file:
        if not _lock(descriptor):
            return
        records = [record for line in file if (record := _record(line)) is not None]
        secret = next((str(record["secret"]) for record in records if "secret" in record), "")
        for record in records:
            if secret and isinstance(record.get("folder"), str):
                remove_temporary(record["folder"], secret)
        yield from _open_uploads(records)
        with suppress(OSError):
            os.unlink(path)


def _open_uploads(records: list[dict[str, Any]]) -> list[Begun]:
    """Those of a journal that did not end."""
    found: dict[Any, Begun] = {}
    for record in records:
        mark, upload = record.get("mark"), record.get("upload")
        if isinstance(upload, list) and len(upload) == len(Begun._fields):
            found[mark] = Begun(*upload)
        elif "id" in record and mark in found:
            found[mark] = found[mark]._replace(upload_id=record["id"])
        else:
            found.pop(mark, None)
    return list(found.values())


def _record(line: bytes) -> dict[str, Any] | None:
    """A line of a journal; the last one may be cut off."""
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
