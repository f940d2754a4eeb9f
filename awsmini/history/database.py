"""The history's database: one table of events, the same as AWS CLI v2's, in SQLite."""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from awsmini.errors import AwsminiError
from awsmini.system.atomic import PRIVATE, private_folder
from awsmini.system.user_dirs import expand

FILE_VARIABLE = "AWS_CLI_HISTORY_FILE"
DEFAULT_FILE = "~/.aws/cli/history/history.db"

_CREATE = (
    "CREATE TABLE IF NOT EXISTS records"
    " (id TEXT, request_id TEXT, source TEXT, event_type TEXT, timestamp INTEGER, payload TEXT)"
)
_INSERT = "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?)"
_EVENTS = "SELECT id, request_id, source, event_type, timestamp, payload FROM records WHERE id = ? ORDER BY timestamp"
_LATEST = "SELECT id FROM records ORDER BY timestamp DESC LIMIT 1"
_COMMANDS = (
    "SELECT entered.id, entered.timestamp, entered.payload, ended.payload"
    " FROM records AS entered JOIN records AS ended USING (id)"
    " WHERE entered.event_type = 'CLI_ARGUMENTS' AND ended.event_type = 'CLI_RC'"
    " ORDER BY entered.timestamp DESC"
)


class HistoryError(AwsminiError):
    """The history cannot be read."""


class Event(NamedTuple):
    """One row. Events of one API call share a request ID; those of the command itself have none."""

    command_id: str
    request_id: str | None
    source: str
    event_type: str
    timestamp: int  # milliseconds of the epoch
    payload: Any


class Command(NamedTuple):
    """A command that was run to its end."""

    command_id: str
    timestamp: int
    arguments: list[str]
    code: int


def path(env: Mapping[str, str]) -> str:
    return env.get(FILE_VARIABLE) or expand(DEFAULT_FILE, env)


class Database:
    """An open database. Raises sqlite3.Error and OSError; `reading` makes HistoryErrors of them."""

    def __init__(self, file: str) -> None:
        self._file = file
        folder = os.path.dirname(file)
        if folder:
            private_folder(folder)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, PRIVATE))
        self._connection = sqlite3.connect(file, check_same_thread=False)
        try:
            self._connection.execute(_CREATE)
        except sqlite3.Error:
            self._connection.close()
            raise
        with suppress(sqlite3.Error):
            self._connection.execute("PRAGMA journal_mode=WAL")  # readers and writers do not wait for each other
        self._make_private()

    def _make_private(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            with suppress(OSError):
                os.chmod(self._file + suffix, PRIVATE)

    def write(self, events: Iterable[Event]) -> None:
        """Add events, all or none of them."""
        with self._connection:
            self._connection.executemany(_INSERT, (event._replace(payload=dumped(event.payload)) for event in events))

    def events(self, command_id: str) -> Iterator[Event]:
        """What happened in one command, in order."""
        for row in self._connection.execute(_EVENTS, [command_id]):
            event = Event(*row)
            yield event._replace(payload=json.loads(event.payload))

    def latest(self) -> str | None:
        """The ID of the last command."""
        row = self._connection.execute(_LATEST).fetchone()
        return None if row is None else row[0]

    def commands(self) -> Iterator[Command]:
        """The commands that have ended, newest first."""
        for command_id, timestamp, arguments, code in self._connection.execute(_COMMANDS):
            yield Command(command_id, timestamp, json.loads(arguments), json.loads(code))

    def close(self) -> None:
        self._connection.close()


def existing(env: Mapping[str, str]) -> Database:
    """The database, to be read. Raises HistoryError where there is none."""
    file = path(env)
    if not os.path.exists(file):
        raise HistoryError(
            "Could not locate history. Make sure cli_history is set to enabled in the ~/.aws/config file"
        )
    try:
        return Database(file)
    except (sqlite3.Error, OSError) as error:
        raise HistoryError(f"{file} cannot be read: {error}") from None


def reading(rows: Iterator[Any], file: str) -> Iterator[Any]:
    """The rows; what is wrong with the file is told as HistoryError."""
    try:
        yield from rows
    except (sqlite3.Error, ValueError, TypeError) as error:
        raise HistoryError(f"{file} cannot be read: {error}") from None


def dumped(payload: Any) -> str:
    """JSON as AWS CLI v2 writes it: bytes as text where they are text."""
    return json.dumps(payload, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return "<Byte sequence>"
    if isinstance(value, Mapping):
        return dict(value)
    return value.isoformat() if hasattr(value, "isoformat") else repr(value)
