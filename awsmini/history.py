"""What commands did, recorded where `cli_history = enabled` asks for it; `awsmini history` shows it.

The database is one table of events in SQLite, the same as AWS CLI v2's. The events of a command are kept until it ends, and
written in one go.

A CommandHistory is an observer of all clients of a command (`awsmini/calls/observers.py`). Nothing that goes wrong with it
troubles the command.
"""

import json
import os
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any, NamedTuple

from awsmini.app import App
from awsmini.calls.observers import CallObserver
from awsmini.errors import AwsminiError
from awsmini.history_secrets import NOT_KEPT, safe_headers, safe_text, safe_words, sensitive_options, without_secrets
from awsmini.log import debug
from awsmini.model.secret_shapes import may_hold_secrets
from awsmini.records import Call, Output, Reply, Request
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


MANY = 200  # events after which they are written, so that a long command does not gather them all
STREAM = "(a stream)"


class CommandHistory:
    """The history of one command."""

    def __init__(self, app: App, words: Sequence[str], version: str) -> None:
        self._app = app
        self._id = str(uuid.uuid4())
        self._events: list[Event] = []
        self._lock = Lock()  # commands may call from several threads
        self._database: Database | None = None
        self._is_broken = False
        self.secrets: list[str] = []
        self.options: set[str] = set()  # whose values are secrets
        self._words = list(words)
        self.note("CLI_VERSION", version)
        self.note("CLI_ARGUMENTS", self._words)

    def __call__(self, call: Call) -> CallObserver:
        return CallHistory(call, self)

    def note(self, event_type: str, payload: Any, request_id: str | None = None) -> None:
        """Add an event; the payload is as it will be written."""
        source = "CLI" if request_id is None else "BOTOCORE"
        event = Event(self._id, request_id, source, event_type, int(self._app.now().timestamp() * 1000), payload)
        with self._lock:
            self._events.append(event)
            if len(self._events) >= MANY:
                self._write()

    def ended(self, code: int) -> None:
        """The command is over: write everything."""
        self.note("CLI_RC", code)
        with self._lock:
            self._write()
            if self._database is not None:
                self._database.close()

    def _write(self) -> None:
        events, self._events = self._events, []
        if self._is_broken:
            return
        try:
            if self._database is None:
                self._database = Database(path(self._app.env))
            self._database.write(map(self._settled, events))
        except (sqlite3.Error, OSError) as error:
            self._is_broken = True
            debug("cli", "Unable to open history database: %s", error)
            self._app.stderr.write(
                f"Warning: Unable to record CLI history. Check file permissions for {path(self._app.env)}\n"
            )

    def _settled(self, event: Event) -> Event:
        """The words of the command line are looked through last, when its secrets are known."""
        if event.event_type != "CLI_ARGUMENTS":
            return event
        return event._replace(payload=safe_words(self._words, self.secrets, self.options))


class CallHistory(CallObserver):
    """The events of one API call."""

    def __init__(self, call: Call, history: CommandHistory) -> None:
        self._call = call
        self._operation = call.operation
        self._history = history
        self._request_id = str(uuid.uuid4())
        self._secrets: list[str] = []
        params = without_secrets(call.params, self._operation.input_shape, self._secrets)
        history.secrets.extend(self._secrets)
        history.options.update(sensitive_options(self._operation))
        service = self._operation.service_model.service_name
        self._note("API_CALL", {"service": service, "operation": self._operation.name, "params": params})

    def sending(self, request: Request) -> None:
        streaming = self._operation.has_streaming_input
        body: Any = request.body if isinstance(request.body, bytes | bytearray) else None
        if streaming and request.body:
            body = STREAM
        elif self._secrets and body:
            body = NOT_KEPT
        headers = dict(request.headers)
        if isinstance(request.body, bytes) and request.body:
            headers.setdefault("Content-Length", str(len(request.body)))
        self._note(
            "HTTP_REQUEST",
            {
                "method": request.method,
                "headers": safe_headers(headers, self._operation),
                "streaming": streaming,
                "url": safe_text(request.url, self._secrets),
                "body": body,
            },
        )

    def answered(self, reply: Reply) -> None:
        streaming = self._operation.has_streaming_output
        body: Any = reply.body
        if reply.raw is not None:
            body = STREAM
        elif body and reply.status < 300 and may_hold_secrets(self._operation.output_shape):
            body = NOT_KEPT
        elif body and reply.status >= 300:
            body = safe_text(body.decode(errors="replace"), self._secrets)
        self._note(
            "HTTP_RESPONSE",
            {
                "headers": safe_headers(reply.headers, self._operation),
                "status_code": reply.status,
                "context": {"operation_name": self._operation.name},
                "body": body,
                "streaming": streaming,
            },
        )

    def ended(self, output: Output) -> None:
        metadata = dict(output["ResponseMetadata"])
        if "HTTPHeaders" in metadata:
            metadata["HTTPHeaders"] = safe_headers(metadata["HTTPHeaders"], self._operation)
        shown = without_secrets(
            {name: value for name, value in output.items() if name != "ResponseMetadata"},
            self._operation.output_shape,
            [],
        )
        self._note("PARSED_RESPONSE", {**shown, "ResponseMetadata": metadata})

    def _note(self, event_type: str, payload: Mapping[str, Any]) -> None:
        self._history.note(event_type, payload, self._request_id)
