"""What a run on a cluster has done, kept in SQLite by whoever asked for it, so that it can go on after an interruption.

A run consists of pieces. A piece that is done may leave others: both are noted in one transaction. What pieces counted
is added up in the database, and the client holds none of it.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from awsmini.errors import AwsminiError

_FORMAT = 1
_TABLES = """
create table run (format integer, command text);
create table pieces (id integer primary key, given text not null, ended integer not null default 0, answer text);
create table uploads (mark text primary key, upload text);
"""


class JournalError(AwsminiError):
    """A journal that cannot be used."""


class Piece(NamedTuple):
    """A part of the work; `given` is plain values."""

    id: int
    given: Mapping[str, Any]


class Journal:
    """Held by one run at a time. `is_new`: what there is to do has not been noted yet. Methods raise JournalError."""

    def __init__(self, path: str, command: str) -> None:
        self.path = path
        try:
            if path and not os.path.exists(path):
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
            self._database = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=0)
            self._database.execute("pragma locking_mode = exclusive")
            self._database.execute("pragma synchronous = normal")
            self._database.execute("begin exclusive")
            if not self._database.execute("select 1 from sqlite_master").fetchall():
                for statement in filter(str.strip, _TABLES.split(";")):
                    self._database.execute(statement)
                self._database.execute("insert into run values (?, ?)", (_FORMAT, command))
            self._database.execute("commit")
            found = self._database.execute("select format, command from run").fetchone()
            self.is_new = not self._database.execute("select 1 from pieces limit 1").fetchall()
        except (sqlite3.Error, OSError) as error:
            raise JournalError(_told(path, error)) from None
        if found != (_FORMAT, command):
            self._database.close()
        if found is None or found[0] != _FORMAT:
            raise JournalError(f"--journal: {path} is of another version of awsmini.")
        if found[1] != command:
            raise JournalError(f"--journal: {path} is another command's: {found[1]}")

    def add(self, pieces: Iterable[Mapping[str, Any]]) -> list[Piece]:
        """Pieces that are to be done."""
        with self._at_once():
            return self._added(pieces)

    def end(
        self,
        piece: Piece,
        given: Mapping[str, Any],
        answer: Mapping[str, Any],
        further: Iterable[Mapping[str, Any]] = (),
    ) -> list[Piece]:
        """A piece is done as far as `given` says, and leaves others."""
        with self._at_once():
            self._database.execute(
                "update pieces set ended = 1, given = ?, answer = ? where id = ?",
                (_text(given), _text(answer), piece.id),
            )
            return self._added(further)

    def replace(self, piece: Piece, further: Iterable[Mapping[str, Any]]) -> list[Piece]:
        """A piece is divided into others."""
        with self._at_once():
            self._database.execute("delete from pieces where id = ?", (piece.id,))
            return self._added(further)

    def due(self) -> list[Piece]:
        """What is to be done: never more than there are ranges at a time, so it fits memory."""
        rows = self._rows("select id, given from pieces where not ended order by id")
        return [Piece(number, self._value(given)) for number, given in rows]

    def again(self, piece: int) -> None:
        """A piece is to be done once more."""
        with self._at_once():
            self._database.execute("update pieces set ended = 0, answer = null where id = ?", (piece,))

    def answers(self) -> Iterator[tuple[Piece, dict[str, Any]]]:
        """What the pieces that are done have answered."""
        for number, given, answer in self._rows("select id, given, answer from pieces where ended order by id"):
            yield Piece(number, self._value(given)), self._value(answer)

    def upload(self, mark: str, *, begun: list[Any] | None = None, upload_id: str | None = None) -> None:
        """What is known of an upload in parts; of one that has ended, nothing."""
        with self._at_once():
            if begun is not None:
                self._database.execute("insert or replace into uploads values (?, ?)", (mark, json.dumps(begun)))
                return
            rows = self._database.execute("select upload from uploads where mark = ?", (mark,)).fetchall()
            if upload_id is not None and rows:
                known = self._value(rows[0][0])
                known[3] = upload_id
                self._database.execute("update uploads set upload = ? where mark = ?", (json.dumps(known), mark))
            elif rows:
                self._database.execute("delete from uploads where mark = ?", (mark,))

    def open_uploads(self) -> list[list[Any]]:
        """Those that have not ended. Their workers are gone, when no piece is under way."""
        return [self._value(row[0]) for row in self._rows("select upload from uploads")]

    def _value(self, text: Any) -> Any:
        """What was noted as text. Raises JournalError."""
        try:
            return json.loads(text)
        except (TypeError, ValueError):
            raise JournalError(f"--journal: {self.path} is damaged.") from None

    def forget_uploads(self, left: Iterable[list[Any]] = ()) -> None:
        """All have been aborted but those."""
        with self._at_once():
            self._database.execute("delete from uploads")
            for number, upload in enumerate(left):
                self._database.execute("insert into uploads values (?, ?)", (f"left-{number}", json.dumps(upload)))

    def close(self, *, remove: bool = False) -> None:
        self._database.close()
        if remove and self.path:
            with suppress(OSError):
                os.unlink(self.path)

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        """All that is written within the block is written, or none of it. Raises JournalError."""
        try:
            with self._database:
                self._database.execute("begin")
                yield
        except sqlite3.Error as error:
            raise JournalError(_told(self.path, error)) from None

    def _rows(self, query: str) -> Iterator[Sequence[Any]]:
        """Raises JournalError."""
        try:
            yield from self._database.execute(query)
        except sqlite3.Error as error:
            raise JournalError(_told(self.path, error)) from None

    def _added(self, pieces: Iterable[Mapping[str, Any]]) -> list[Piece]:
        found = []
        for given in pieces:
            cursor = self._database.execute("insert into pieces (given) values (?)", (_text(given),))
            found.append(Piece(int(cursor.lastrowid or 0), given))
        return found


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"))


def _told(path: str, error: Exception) -> str:
    if isinstance(error, OSError):
        return f"--journal: {path}: {error.strerror}"
    if "locked" in str(error):
        return f"--journal: {path} is another run's, which has not ended."
    if isinstance(error, sqlite3.DatabaseError) and "not a database" in str(error):
        return f"--journal: {path} is no journal of awsmini's."
    return f"--journal: {path}: {error}"
