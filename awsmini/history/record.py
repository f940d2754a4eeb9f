"""Recording: the events of one command, kept until it ends and written in one go.

A CommandHistory is an observer of all clients of a command (`awsmini/calls/observers.py`). Nothing that goes wrong with it
troubles the command.
"""

import sqlite3
import uuid
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from awsmini.app import App
from awsmini.calls.observers import CallObserver
from awsmini.history.database import Database, Event, path
from awsmini.history.secrets import (
    NOT_KEPT,
    safe_headers,
    safe_text,
    safe_words,
    sensitive_options,
    without_secrets,
)
from awsmini.log import debug
from awsmini.model.secret_shapes import may_hold_secrets
from awsmini.records import Call, Output, Reply, Request

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
