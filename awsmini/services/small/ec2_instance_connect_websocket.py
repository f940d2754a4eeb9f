"""Bytes through a websocket. The one module that imports `websockets`."""

import select
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import BoundedSemaphore, Event, Lock, Thread
from typing import Protocol

from awsmini.app import App
from awsmini.errors import AwsminiError

try:
    from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, WebSocketException
    from websockets.frames import CloseCode
    from websockets.sync.client import ClientConnection, connect
except ImportError:
    raise AwsminiError(
        "Tunnels need the package websockets, which is not installed: pip install 'awsmini[tunnel]'"
    ) from None

AT_ONCE = 65_000  # bytes of one frame
PAUSE = 1.0  # seconds between two looks at whether anybody still reads
HOST = "localhost"


class TunnelError(AwsminiError):
    """The tunnel cannot be opened, or ended badly."""


class End(Protocol):
    """This machine's end of a tunnel."""

    def read(self) -> bytes:
        """What there is to send, at once; nothing at the end."""

    def write(self, data: bytes) -> None: ...

    def is_gone(self) -> bool:
        """Whether nobody is there any more to read what comes."""


class Stdio:
    """stdin and stdout."""

    def __init__(self, app: App) -> None:
        self._stdin = app.stdin.buffer.raw if hasattr(app.stdin.buffer, "raw") else app.stdin.buffer
        self._stdout = app.stdout.buffer

    def read(self) -> bytes:
        return self._stdin.read(AT_ONCE) or b""

    def write(self, data: bytes) -> None:
        self._stdout.write(data)
        self._stdout.flush()

    def is_gone(self) -> bool:
        """A pipe that nobody reads says so, where the system can tell."""
        if not hasattr(select, "poll"):
            return False
        poll = select.poll()
        with suppress(OSError, ValueError):
            poll.register(self._stdout.fileno(), 0)
            return any(flags & (select.POLLERR | select.POLLHUP) for _, flags in poll.poll(0))
        return False


class Connection:
    """A connection to the port that is listened on."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection

    def read(self) -> bytes:
        with suppress(OSError):
            return self._socket.recv(AT_ONCE)
        return b""

    def write(self, data: bytes) -> None:
        self._socket.sendall(data)

    def is_gone(self) -> bool:
        return True  # as AWS CLI v2 has it: a client that says no more has ended


class Tunnel:
    """Opens websockets at URLs that are made when they are needed."""

    def __init__(self, app: App, url: Callable[[], str], user_agent: str, verify: bool | str) -> None:
        self._app = app
        self._url = url
        self._user_agent = user_agent
        self._verify = verify
        self._lock = Lock()

    def through_stdio(self) -> None:
        """One tunnel, until the other side ends it or nobody reads any more. Raises TunnelError."""
        with self._opened() as tunnel:
            carry(Stdio(self._app), tunnel)

    def listen(self, port: int, most: int) -> None:
        """A tunnel for each connection to a port, at most so many at a time, until the user has had enough."""
        with socket.create_server((HOST, port)) as server:
            self._say(f"Listening for connections on port {port}.")
            free = BoundedSemaphore(most)
            number = 1
            while True:
                connection, _ = server.accept()
                if not free.acquire(blocking=False):
                    self._say(f"Max websocket connections {most} have been reached, closing incoming connection.")
                    connection.close()
                    continue
                self._say(f"[{number}] Accepted new tcp connection, opening websocket tunnel.")
                Thread(target=self._lead, args=(connection, number, free), daemon=True).start()
                number += 1

    def _lead(self, connection: socket.socket, number: int, free: BoundedSemaphore) -> None:
        """In a thread: one connection from beginning to end. What goes wrong with it is told, and ends no other."""
        try:
            with connection, self._opened() as tunnel:
                carry(Connection(connection), tunnel)
        except (AwsminiError, OSError) as error:
            self._app.stderr.write(f"[{number}] Encountered error with websocket: {error}\n")
            self._app.stderr.flush()
        finally:
            free.release()
            self._say(f"[{number}] Closing tcp connection.")

    @contextmanager
    def _opened(self) -> Iterator[ClientConnection]:
        """A websocket. Raises TunnelError where it does not come about."""
        try:
            tunnel = connect(
                self._url(),
                ssl=_tls(self._verify),
                compression=None,
                user_agent_header=self._user_agent,
                max_size=None,
                ping_interval=None,
            )
        except InvalidStatus as error:
            told = bytes(error.response.body or b"").decode(errors="replace").strip()
            raise TunnelError(f"The tunnel was refused ({error.response.status_code}): {told}") from None
        except (InvalidHandshake, WebSocketException, OSError) as error:
            raise TunnelError(f"The tunnel could not be opened: {error}") from None
        with tunnel:
            yield tunnel

    def _say(self, text: str) -> None:
        with self._lock:
            self._app.stdout.write(f"{text}\n")
            self._app.stdout.flush()


def _tls(verify: bool | str) -> ssl.SSLContext:
    """How the other side is known to be who it says, by the same settings as for all calls."""
    if verify is False:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    return ssl.create_default_context(cafile=verify if isinstance(verify, str) else None)


def carry(end: End, tunnel: ClientConnection) -> None:
    """Bytes in both directions, until the other side has ended it. Raises TunnelError where that was no good end."""
    no_more = Event()
    Thread(target=_send, args=(end, tunnel, no_more), daemon=True).start()
    while True:
        try:
            data = tunnel.recv(timeout=PAUSE)
        except TimeoutError:
            if no_more.is_set() and end.is_gone():
                return
            continue
        except ConnectionClosed as closed:
            _check_end(closed)
            return
        if isinstance(data, str):
            raise TunnelError("Received invalid data from server, closing websocket connection.")
        try:
            end.write(data)
        except OSError:
            return


def _send(end: End, tunnel: ClientConnection, no_more: Event) -> None:
    """In a thread: what comes at this end, as it comes."""
    with suppress(ConnectionClosed, OSError, ValueError):
        while data := end.read():
            tunnel.send(data)
    no_more.set()
    if end.is_gone():
        with suppress(ConnectionClosed, OSError):
            tunnel.close()


def _check_end(closed: ConnectionClosed) -> None:
    """Raise TunnelError where the other side names a reason, or the connection broke."""
    frame = closed.rcvd
    if frame is None and closed.sent is None:
        raise TunnelError("The connection broke.")
    if frame is not None and frame.code != CloseCode.NORMAL_CLOSURE:
        raise TunnelError(f"Websocket Closure Reason: {frame.reason}")
