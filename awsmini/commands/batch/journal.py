"""What of a batch has been begun and ended: a file to which a line is added each time, so that a run can go on.

A line stands for a command line and how often the same one came before it. What was begun and has not ended was
under way when the run was killed: nobody knows whether it was done.
"""

import json
import os
import stat
from collections import Counter
from contextlib import suppress
from hashlib import blake2b
from typing import Any

from awsmini.commands.batch.lines import Item
from awsmini.errors import AwsminiError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_HEAD = b'{"journal":"awsmini batch","version":1}\n'
_PRIVATE = 0o600


def write_all(file: int, content: bytes) -> None:
    """Write all of it; what a disk has no room for raises OSError."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(file, rest) :]


class JournalError(AwsminiError):
    """A journal that cannot be used."""


class Journal:
    """Held by one run at a time, until it is closed or the process ends."""

    def __init__(self, path: str) -> None:
        self.codes: dict[str, int] = {}  # exit codes of what has ended
        self.open: set[str] = set()  # begun, and not ended
        self._times: Counter[bytes] = Counter()
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, _PRIVATE)
        except OSError as error:
            raise JournalError(f"--journal: {path}: {error.strerror}") from None
        if not stat.S_ISREG(os.fstat(self._file).st_mode):
            raise JournalError(f"--journal: {path} is no file.")
        self._hold(path)
        self._read(path)

    def close(self) -> None:
        os.close(self._file)

    def key(self, item: Item) -> str:
        """The name of an item here. To be asked once for each, in the order of the input."""
        digest = blake2b(json.dumps(item.words).encode("utf-8", "surrogatepass"), digest_size=12).digest()
        self._times[digest] += 1
        return f"{digest.hex()}-{self._times[digest]}"

    def begin(self, *keys: str) -> None:
        self._add(*({"begun": key} for key in keys))

    def take_back(self, key: str) -> None:
        """It was not begun after all."""
        self._add({"not begun": key})

    def end(self, key: str, code: int) -> None:
        self._add({"ended": key, "code": code})

    def _hold(self, path: str) -> None:
        if fcntl:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise JournalError(f"--journal: {path} is another run's, which has not ended.") from None

    def _read(self, path: str) -> None:
        with open(os.dup(self._file), "rb") as lines:
            head = lines.readline()
            if head not in (b"", _HEAD):
                raise JournalError(f"--journal: {path} is no journal of a batch.")
            last = head or b"\n"
            for last in lines:
                with suppress(ValueError, KeyError, TypeError):  # a line cut by a full disk
                    self._take(json.loads(last))
        if not head:
            self._write(_HEAD)
        elif not last.endswith(b"\n"):
            self._write(b"\n")

    def _take(self, entry: dict[str, Any]) -> None:
        if "begun" in entry:
            self.open.add(entry["begun"])
        elif "not begun" in entry:
            self.open.discard(entry["not begun"])
        else:
            self.codes[entry["ended"]] = int(entry["code"])
            self.open.discard(entry["ended"])

    def _add(self, *entries: dict[str, Any]) -> None:
        self._write(b"".join(json.dumps(entry, separators=(",", ":")).encode() + b"\n" for entry in entries))

    def _write(self, line: bytes) -> None:
        try:
            write_all(self._file, line)
        except OSError as error:
            raise JournalError(f"--journal cannot be written: {error.strerror}") from None
