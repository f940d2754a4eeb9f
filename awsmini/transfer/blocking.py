"""A blocking connection with our own HTTP/1.1, for one thread at a time: what large objects and rare calls go over."""

import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from pkgutil import resolve_name
from typing import Any

from awsmini.errors import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
    SendError,
)
from awsmini.send.options import SenderOptions
from awsmini.transfer.connection import FAILED, RECEIVE, UNREADABLE, WRAP, broken_stream, patience
from awsmini.transfer.http1 import Head, ProtocolError, ResponseParser, TruncatedError
from awsmini.transfer.template import Origin

WHOLE = 64 * 1024  # bytes that are worth waiting for
READER = "awsmini.transfer.tls:TlsReader"
PATIENT = "awsmini.send.patient_socket:PatientSocket.of"


class BlockingConnection:
    """Made connected. `reads`: long answers are to come. Raises SendError, as everything here."""

    def __init__(self, origin: Origin, options: SenderOptions, context: Any, reads: bool, url: str) -> None:
        self.origin = origin
        self.used = False
        self._options = options
        self._parser = ResponseParser("GET")
        self._early = b""  # of the body, read with the head
        self._url = url
        self._socket: Any = _connected(origin, options, url)
        self._whole_timeout = _kernel_timeout(self._socket, options) if origin.scheme != "https" else None
        if origin.scheme == "https":
            self._secure(context, reads)

    def ask(self, method: str, head: bytes, body: Iterator[bytes | memoryview], url: str) -> Head:
        """Send a request and read the head of its answer. An answer that comes early ends the sending."""
        self._parser = parser = ResponseParser(method)
        self._early = b""
        self._url = url
        self._socket.settimeout(self._options.read_timeout)
        first = next(body, b"")
        early: OSError | None = None
        try:
            self._socket.sendall(head + first if len(first) <= RECEIVE else head)
            if len(first) > RECEIVE:
                self._socket.sendall(first)
            for block in body:
                self._socket.sendall(block)
        except TimeoutError as error:
            raise ReadTimeoutError(url) from error
        except (OSError, ConnectionError) as error:
            if not _is_of_network(error):
                raise
            early = error
        try:
            while parser.head is None:
                data = self._receive()
                if not data:
                    raise ConnectionClosedError(url) from early
                self._early += parser.receive(data)
        except ProtocolError as error:
            raise ConnectionClosedError(url) from error
        if early is not None:
            parser.surplus = True  # not to be used again
        self.used = True
        return parser.head

    @property
    def has_heard(self) -> bool:
        """Whether any byte of an answer has come."""
        return self._parser.has_begun

    @property
    def is_done(self) -> bool:
        """Whether the answer has been read whole."""
        return self._parser.is_done and not self._early

    @property
    def can_reuse(self) -> bool:
        return not self._early and self._parser.can_reuse

    def read(self, size: int) -> bytes:
        """Up to `size` bytes of the body; none at its end."""
        while not self._early and not self._parser.is_done:
            self._early = self._more()
        data, self._early = self._early[:size], self._early[size:]
        return data

    def readinto(self, view: memoryview) -> int:
        """The same into a buffer: a body of known length goes there straight."""
        parser = self._parser
        if self._early or not parser.is_fixed:
            data = self.read(len(view))
            view[: len(data)] = data
            return len(data)
        left = parser.left or 0
        if not left:
            return 0
        try:
            count = self._receive_into(view[:left] if left < len(view) else view)
        except TimeoutError as error:
            raise ReadTimeoutError(self._url) from error
        except OSError:
            count = 0
        if not count:
            raise broken_stream(parser.body_read, parser.left)
        parser.took(count)
        return int(count)

    def interrupt(self) -> None:
        """End what another thread waits for."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._socket.close()

    def _receive_into(self, view: memoryview) -> int:
        """Without TLS, the kernel waits until the view is full: a wake-up for each packet would cost more than reading."""
        if self._whole_timeout is None or len(view) < WHOLE:
            return int(self._socket.recv_into(view))
        self._socket.settimeout(None)
        try:
            return int(self._socket.recv_into(view, 0, socket.MSG_WAITALL))
        except BlockingIOError as error:
            raise TimeoutError from error
        finally:
            self._socket.settimeout(self._options.read_timeout)

    def _more(self) -> bytes:
        data = self._receive()
        try:
            if not data:
                self._parser.end()
                return b""
            return self._parser.receive(data)
        except TruncatedError as error:
            raise broken_stream(error.received, error.missing) from error
        except ProtocolError as error:
            raise ConnectionClosedError(self._url) from error

    def _receive(self) -> bytes:
        try:
            return bytes(self._socket.recv(RECEIVE))
        except TimeoutError as error:
            raise ReadTimeoutError(self._url) from error
        except OSError as error:
            if self._parser.head is not None:
                raise broken_stream(self._parser.body_read, self._parser.left) from error
            raise ConnectionClosedError(self._url) from error

    def _secure(self, context: Any, reads: bool) -> None:
        try:
            tls = context()
        except OSError as error:
            self._socket.close()
            raise resolve_name(UNREADABLE)(self._url, error) from error
        try:
            self._socket = resolve_name(READER if reads else WRAP)(tls, self._socket, self.origin.host)
            self._socket.do_handshake()
        except TimeoutError as error:
            self._socket.close()
            raise ConnectTimeoutError(self._url) from error
        except OSError as error:
            self._socket.close()
            raised: SendError = ConnectionClosedError(self._url)
            if type(error).__module__ == "ssl" and "EOF" not in type(error).__name__:
                raised = resolve_name(FAILED)(error, self._url)
            raise raised from error


def _connected(origin: Origin, options: SenderOptions, url: str) -> socket.socket:
    """A connection to the first of the host's addresses that takes one."""
    try:
        addresses = socket.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise EndpointConnectionError(url) from error
    late: Exception | None = None
    for at, (family, kind, protocol, _, address) in enumerate(addresses, 1):
        sock = socket.socket(family, kind, protocol)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if options.tcp_keepalive:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        sock.settimeout(patience(options, at < len(addresses)))
        try:
            sock.connect(address)
        except TimeoutError as error:
            sock.close()
            late = error
        except OSError:
            sock.close()
            late = None
        else:
            return sock if options.alive is None else resolve_name(PATIENT)(sock, options.alive)
    if late is not None:
        raise ConnectTimeoutError(url) from late
    raise EndpointConnectionError(url)


def _kernel_timeout(sock: socket.socket, options: SenderOptions) -> float | None:
    """Have the kernel end a read that waits too long; None where it cannot, or is not to."""
    if sys.platform != "linux" or options.read_timeout is None or options.alive is not None:
        return None
    seconds = options.read_timeout
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", int(seconds), int(seconds % 1 * 1e6)))
    return seconds


def _is_of_network(error: OSError) -> bool:
    return isinstance(error, ConnectionError) or type(error).__module__ == "ssl"
