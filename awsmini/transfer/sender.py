"""Request → Reply over connections of our own: the core's calls from the engine's threads, without an HTTP library.

It stands in the place of `send/http.py` for clients of the engine. Each thread keeps its own connections, so that
nothing is locked while bytes move.
"""

import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pkgutil import resolve_name
from typing import Any
from urllib.parse import urlsplit

from awsmini.errors import ConnectionClosedError
from awsmini.log import debug
from awsmini.records import Reply, Request
from awsmini.send.body import length
from awsmini.send.options import SenderOptions
from awsmini.transfer.blocking import BlockingConnection
from awsmini.transfer.http1 import Head, check_header
from awsmini.transfer.loop import TLS_CONTEXT
from awsmini.transfer.template import DEFAULT_PORTS, Origin

BLOCK = 256 * 1024  # bytes of a body at a time
NO_LENGTH = ("GET", "HEAD", "OPTIONS")
CHUNK = 64 * 1024
LARGEST_ERROR = 1024 * 1024


class Stream:
    """The unread body of an answer. Raises SendError."""

    def __init__(self, sender: "DirectSender", connection: BlockingConnection, reads: bool) -> None:
        self._sender = sender
        self._connection: BlockingConnection | None = connection
        self._reads = reads

    def read(self, size: int | None = None) -> bytes:
        if size is None or size < 0:
            return b"".join(iter(lambda: self.read(CHUNK), b""))
        if self._connection is None or size == 0:
            return b""
        data = self._connection.read(size)
        self._after(bool(data))
        return data

    def readinto(self, view: memoryview) -> int:
        if self._connection is None:
            return 0
        count = self._connection.readinto(view)
        self._after(bool(count))
        return count

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.read(CHUNK), b"")

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._sender.give_back(connection, self._reads)

    def _after(self, got: bool) -> None:
        if not got or (self._connection is not None and self._connection.is_done):
            self.close()


class DirectSender:
    """Made by `App.open_sender`."""

    def __init__(self, options: SenderOptions) -> None:
        self._options = options
        self._local = threading.local()
        self._all: set[BlockingConnection] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._context = lru_cache(maxsize=1)(lambda: resolve_name(TLS_CONTEXT)(options))

    def __call__(self, request: Request) -> Reply:
        """The answer, whatever its status. Raises SendError."""
        parts = urlsplit(request.url)
        origin = Origin(parts.scheme, parts.hostname or "", parts.port or DEFAULT_PORTS.get(parts.scheme, 80))
        debug("send", "%s %s %s", request.method, request.url, request.headers)
        reads = request.stream and origin.scheme == "https"
        while True:
            connection = self._connection(origin, reads, request.url)
            used = connection.used
            try:
                head = connection.ask(request.method, request_head(request), body_blocks(request), request.url)
            except ConnectionClosedError:
                self._drop(connection)
                if not used or connection.has_heard or self._closed or not _rewound(request):
                    raise
                continue  # it was closed while it was idle
            except BaseException:
                self._drop(connection)
                raise
            return self._reply(request, head, connection, reads)

    def give_back(self, connection: BlockingConnection, reads: bool) -> None:
        """The answer is read, or nobody wants the rest."""
        if connection.can_reuse and not self._closed:
            self._free.setdefault((connection.origin, reads), []).append(connection)
        else:
            self._drop(connection)

    def interrupt(self) -> None:
        """End what all threads wait for, from now on."""
        self._closed = True
        with self._lock:
            for connection in self._all:
                connection.interrupt()

    def resume(self) -> None:
        """Requests may be sent again."""
        self._closed = False

    def close(self) -> None:
        """Hang up everywhere."""
        with self._lock:
            connections, self._all = self._all, set()
        for connection in connections:
            connection.close()
        self._local = threading.local()

    @property
    def _free(self) -> dict[tuple[Origin, bool], list[BlockingConnection]]:
        """This thread's idle connections."""
        kept: dict[tuple[Origin, bool], list[BlockingConnection]] | None = getattr(self._local, "free", None)
        if kept is None:
            kept = self._local.free = {}
        return kept

    def _connection(self, origin: Origin, reads: bool, url: str) -> BlockingConnection:
        if self._closed:
            raise ConnectionClosedError(url)
        free = self._free.get((origin, reads))
        if free:
            return free.pop()
        connection = BlockingConnection(origin, self._options, self._context, reads, url)
        with self._lock:
            self._all.add(connection)
        return connection

    def _drop(self, connection: BlockingConnection) -> None:
        with self._lock:
            self._all.discard(connection)
        connection.close()

    def _reply(self, request: Request, head: Head, connection: BlockingConnection, reads: bool) -> Reply:
        debug("send", "%s %s %s", head.status, head.reason, head.headers)
        stream = Stream(self, connection, reads)
        streamed = request.stream and head.status < 300
        try:
            body = b"" if streamed else _body(stream, head.status)
        except BaseException:
            self._drop(connection)
            raise
        return Reply(
            status=head.status,
            reason=head.reason,
            headers=head.headers,
            body=body,
            raw=stream if streamed else None,
            request=request,
            spelled=head.spelled,
            framed="content-length" in head.headers or "transfer-encoding" in head.headers,
        )


def _body(stream: Stream, status: int) -> bytes:
    """What is not handed on as a stream; of an error no more than an error says."""
    if status < 300:
        return stream.read()
    parts: list[bytes] = []
    size = 0
    while size < LARGEST_ERROR and (part := stream.read(CHUNK)):
        parts.append(part)
        size += len(part)
    stream.close()
    return b"".join(parts)


def request_head(request: Request) -> bytes:
    """The head of a request. Raises ValueError for what would break it.

    Small bodies and parts of uploads go out at once: the service has seen who sends them before.
    """
    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"{request.method} {target} HTTP/1.1", f"Host: {parts.netloc.rpartition('@')[2].lower()}"]
    lines.append("Accept-Encoding: identity")
    for name, value in request.headers.items():
        check_header(name, value)
        if name.lower() != "expect":
            lines.append(f"{name}: {value}")
    if "Content-Length" not in request.headers:
        size = length(request.body)
        if size is None:
            raise ValueError("the length of the body is not known")
        if size or request.method not in NO_LENGTH:
            lines.append(f"Content-Length: {size}")
    check_header("Host", "".join(lines[:2]))
    return "\r\n".join([*lines, "", ""]).encode()


def body_blocks(request: Request) -> Iterator[bytes | memoryview]:
    """The body, from where it stands."""
    body: Any = request.body
    if not body:
        return
    if isinstance(body, bytes | bytearray):
        yield bytes(body)
    elif hasattr(body, "blocks"):
        yield from body.blocks()
    else:
        while data := body.read(BLOCK):
            yield data


def _rewound(request: Request) -> bool:
    """Whether the body can be sent once more, and is ready for that."""
    body: Any = request.body
    if body is None or isinstance(body, bytes | bytearray):
        return True
    with suppress(AttributeError, OSError):
        body.seek(0)
        return True
    return False
