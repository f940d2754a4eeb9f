"""A server below HTTP: a test says, connection by connection, which bytes it sends and when it hangs up."""

import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from awsmini.send.http import HttpSender
from awsmini.send.options import SenderOptions
from awsmini.send.proxies import Proxies
from tests.servers import HOST, write_certificate

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


class Connection:
    """The server's end of one connection."""

    def __init__(self, sock: Any, server: "RawServer") -> None:
        self.sock = sock
        self.server = server
        self._unread = b""

    def head(self) -> bytes:
        """The bytes up to the empty line, recorded; none at the end."""
        while b"\r\n\r\n" not in self._unread:
            if not self._more():
                return b""
        head, _, self._unread = self._unread.partition(b"\r\n\r\n")
        self.server.heads.append(head + b"\r\n\r\n")
        return head

    def request(self) -> bytes:
        """A whole request, recorded; none at the end."""
        head = self.head()
        if not head:
            return b""
        size = re.search(rb"^content-length: *(\d+)", head, re.I | re.M)
        if size:
            self.body(int(size[1]))
        elif re.search(rb"^transfer-encoding: *chunked", head, re.I | re.M):
            while not (self._unread.startswith(b"0\r\n\r\n") or b"\r\n0\r\n\r\n" in self._unread):
                self._more()
            self.server.bodies.append(self._unread)
            self._unread = b""
        else:
            self.server.bodies.append(b"")
        return head

    def body(self, size: int) -> None:
        while len(self._unread) < size and self._more():
            pass
        self.server.bodies.append(self._unread[:size])
        self._unread = self._unread[size:]

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def reset(self) -> None:
        """Hang up the rude way."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _more(self) -> bytes:
        data: bytes = self.sock.recv(65536)
        self._unread += data
        return data


Script = Callable[[Connection], None]


class RawServer:
    """Runs a script for each connection, and keeps what came. `context` makes it speak TLS."""

    def __init__(self, script: Script, context: ssl.SSLContext | None = None) -> None:
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self.errors: list[BaseException] = []
        self._script = script
        self._context = context
        self._listener = socket.create_server((HOST, 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http{'s' if context else ''}://{HOST}:{self.port}"
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(sock,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        sock.settimeout(10)
        try:
            if self._context:
                sock = self._context.wrap_socket(sock, server_side=True)
            self._script(Connection(sock, self))
        except OSError:
            pass  # the client hung up
        except BaseException as error:
            self.errors.append(error)
        finally:
            sock.close()

    def wait(self) -> None:
        """Until the scripts have ended."""
        for thread in self._threads:
            thread.join(10)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(5)


def answering(*answers: bytes) -> Script:
    """A script that answers requests one after the other, with the last answer again and again."""

    def script(connection: Connection) -> None:
        for answer in answers:
            if not connection.request():
                return
            connection.send(answer)
        while connection.request():
            connection.send(answers[-1])

    return script


@pytest.fixture
def raw_server() -> Iterator[Callable[..., RawServer]]:
    """Makes servers, which end with the test."""
    servers: list[RawServer] = []

    def make(script: Script | None = None, context: ssl.SSLContext | None = None) -> RawServer:
        servers.append(RawServer(script or answering(OK), context))
        return servers[-1]

    yield make
    for server in servers:
        server.close()
        assert not server.errors


@pytest.fixture
def sender() -> Iterator[Callable[..., HttpSender]]:
    """Makes senders, which hang up at the end. Without options they know of no proxy."""
    senders: list[HttpSender] = []

    def make(**options: Any) -> HttpSender:
        senders.append(HttpSender(SenderOptions(**{"proxies": Proxies(), **options})))
        return senders[-1]

    yield make
    for each in senders:
        each.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that vouches for itself, and its key."""
    return write_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def server_context(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context
