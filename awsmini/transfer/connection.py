"""One connection of the loop: connects, shakes hands, sends a request and reads its answer, again and again."""

import errno
import socket
from collections.abc import Callable, Sequence
from pkgutil import resolve_name
from typing import Any, Protocol

from awsmini.errors import (
    BrokenStreamError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
    SendError,
    SSLError,
)
from awsmini.send.options import SenderOptions
from awsmini.transfer.bandwidth import Bandwidth
from awsmini.transfer.exchange import Exchange
from awsmini.transfer.http1 import ProtocolError, ResponseParser, TruncatedError
from awsmini.transfer.poller import READ, WRITE, Poller
from awsmini.transfer.template import Origin

WRAP = "awsmini.transfer.tls:wrap"
FAILED = "awsmini.transfer.tls:failed"
UNREADABLE = "awsmini.transfer.tls:UnreadableCertificateError"
RECEIVE = 65536  # bytes at a time: from 128 KB on, malloc asks the kernel each time
BLOCKING = (BlockingIOError, InterruptedError)

PENDING = frozenset((errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EAGAIN, 10035))  # the last one is Windows'

CONNECTING, HANDSHAKE, READY, CLOSED = range(4)


class Host(Protocol):
    """What a connection needs of its loop."""

    options: SenderOptions
    bandwidth: Bandwidth | None
    poller: Poller
    socket_options: list[tuple[int, int, int]]

    def submit(self, exchange: Exchange) -> None: ...

    def call_later(self, seconds: float, function: Callable[[], None]) -> None: ...

    def idle(self, connection: "Connection") -> None: ...

    def gone(self, connection: "Connection") -> None: ...

    def watch_deadline(self, connection: "Connection", timeout: float | None) -> None: ...

    def addresses(self, origin: Origin) -> list[tuple[Any, ...]]: ...

    def tls_context(self) -> Any: ...

    def tls_blocking(self) -> tuple[type[BaseException], ...]: ...


class Connection:
    """`loop` tells it when its socket is ready; it tells the loop when it is idle or gone."""

    def __init__(self, loop: Host, origin: Origin) -> None:
        self.origin = origin
        self.exchange: Exchange | None = None
        self.deadline: float | None = None
        self._loop = loop
        self._state = CONNECTING
        self._socket: Any = None
        self._descriptor = -1
        self._addresses: list[tuple[Any, ...]] = []
        self._events = 0
        self._parser = ResponseParser("GET")
        self._unsent: bytes | memoryview = b""
        self._sending = False
        self._answers = 0  # received on this connection
        self._heard = False  # whether the current exchange has brought a byte
        self._blocking: tuple[type[BaseException], ...] = BLOCKING

    def open(self, exchange: Exchange) -> None:
        """Begin to connect, for the sake of an exchange."""
        self.exchange = exchange
        self._loop.watch_deadline(self, self._loop.options.connect_timeout)
        try:
            self._addresses = self._loop.addresses(self.origin)
        except OSError:
            self._fail(EndpointConnectionError(exchange.url))
            return
        self._try_next()

    def start(self, exchange: Exchange) -> None:
        """Send a request; the answer goes to the exchange."""
        self.exchange = exchange
        self._parser = ResponseParser(exchange.method)
        self._sending = True
        self._heard = False
        self._loop.watch_deadline(self, self._loop.options.read_timeout)
        try:
            self._unsent = exchange.begin()
        except Exception as error:
            self._crash(error)
            return
        self._send()

    def ready(self, events: int) -> None:
        """The socket can be read or written."""
        if self._state == CLOSED:
            return
        if self._state == READY:
            if events & WRITE and self._sending and self.exchange is not None:
                self._send()
            if events & READ and self._state == READY:
                self._receive()
        elif self._state == CONNECTING:
            self._connected()
        else:
            self._shake_hands()

    def expire(self) -> None:
        """The deadline has passed."""
        if self.exchange is None:
            self.close()
            return
        url = self.exchange.url
        timeout: SendError = ReadTimeoutError(url) if self._state == READY else ConnectTimeoutError(url)
        self._fail(timeout)

    def close(self) -> None:
        """Hang up."""
        if self._state == CLOSED:
            return
        self._state = CLOSED
        if self._socket is not None:
            if self._events:
                self._loop.poller.remove(self._descriptor)
            self._socket.close()
        self._loop.gone(self)

    # Connecting

    def _try_next(self) -> None:
        """Try the next of the host's addresses."""
        while self._addresses:
            family, kind, protocol, _, address = self._addresses.pop(0)
            try:
                sock = socket.socket(family, kind, protocol)
            except OSError:
                continue
            sock.setblocking(False)
            _set_options(sock, self._loop.socket_options)
            try:
                code = sock.connect_ex(address)
            except OSError:
                sock.close()
                continue
            self._socket = sock
            self._descriptor = sock.fileno()
            if code == 0:
                self._established()
                return
            if code in PENDING:
                self._watch(WRITE)
                return
            sock.close()
            self._socket = None
        assert self.exchange is not None
        self._fail(EndpointConnectionError(self.exchange.url))

    def _connected(self) -> None:
        if self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self._loop.poller.remove(self._descriptor)
            self._events = 0
            self._socket.close()
            self._socket = None
            self._try_next()
        else:
            self._established()

    def _established(self) -> None:
        if self.origin.scheme != "https":
            self._begin_first()
            return
        assert self.exchange is not None
        self._state = HANDSHAKE
        try:
            context = self._loop.tls_context()
        except OSError as error:
            self._fail(resolve_name(UNREADABLE)(self.exchange.url, error))
            return
        watched = self._events
        if watched:
            self._loop.poller.remove(self._descriptor)
            self._events = 0
        try:
            self._socket = resolve_name(WRAP)(context, self._socket, self.origin.host)
        except (OSError, ValueError) as error:
            self._fail(SSLError(self.exchange.url, error))
            return
        self._blocking = (*BLOCKING, *self._loop.tls_blocking())
        self._shake_hands()

    def _shake_hands(self) -> None:
        assert self.exchange is not None
        try:
            self._socket.do_handshake()
        except self._blocking as error:
            self._watch(WRITE if type(error).__name__ == "SSLWantWriteError" else READ)
        except OSError as error:
            if type(error).__module__ == "ssl" and "EOF" not in type(error).__name__:
                self._fail(resolve_name(FAILED)(error, self.exchange.url))
            else:
                self._fail(ConnectionClosedError(self.exchange.url))
        else:
            self._begin_first()

    def _begin_first(self) -> None:
        self._state = READY
        exchange = self.exchange
        assert exchange is not None
        self._watch(READ)
        self.start(exchange)

    # Sending and receiving

    def _send(self) -> None:
        exchange = self.exchange
        assert exchange is not None
        unsent = self._unsent
        bandwidth = self._loop.bandwidth
        try:
            while True:
                if not unsent:
                    unsent = exchange.more()
                    if not unsent:
                        self._sending = False
                        break
                count = self._socket.send(unsent)
                unsent = b"" if count == len(unsent) else memoryview(unsent)[count:]
                if bandwidth is not None and self._pause(bandwidth.delay(count)):
                    self._unsent = unsent
                    return
        except self._blocking:
            self._unsent = unsent
            self._loop.watch_deadline(self, self._loop.options.read_timeout)
            self._watch(READ | WRITE)
            return
        except OSError as error:
            if type(error).__module__ == "ssl" or isinstance(error, ConnectionError | TimeoutError):
                self._sending = False
                self._unsent = b""
                self._hung_up(error)
            else:
                self._crash(error)
            return
        except Exception as error:
            self._crash(error)
            return
        self._unsent = b""
        self._watch(READ)

    def _receive(self) -> None:
        receive, blocking = self._socket.recv, self._blocking
        secure = blocking is not BLOCKING
        while True:
            try:
                data = receive(RECEIVE)
            except blocking:
                return
            except OSError as error:
                self._hung_up(error)
                return
            if not data:
                self._hung_up(None)
                return
            exchange = self.exchange
            if exchange is None:
                self.close()  # nothing was asked
                return
            if not self._take(exchange, data) or not secure:
                return

    def _take(self, exchange: Exchange, data: bytes) -> bool:
        """Whether more of the answer is to come on this connection."""
        parser = self._parser
        try:
            had_head = self._heard and parser.head is not None
            self._heard = True
            body = parser.receive(data)
            if parser.head is None:
                self._loop.watch_deadline(self, self._loop.options.read_timeout)
                return True
            if not had_head:
                exchange.head(parser.head)
            if body:
                exchange.body(body)
        except ProtocolError:
            self._fail(ConnectionClosedError(exchange.url))
            return False
        except Exception as error:
            self._crash(error)
            return False
        if parser.is_done:
            self._finish(exchange)
            return False
        self._loop.watch_deadline(self, self._loop.options.read_timeout)
        bandwidth = self._loop.bandwidth
        return bandwidth is None or not self._pause(bandwidth.delay(len(data)))

    def _finish(self, exchange: Exchange) -> None:
        """The answer is whole. A request that was answered before it was sent leaves the connection unusable."""
        self.exchange = None
        self.deadline = None
        self._answers += 1
        if self._parser.can_reuse and not self._sending:
            self._loop.idle(self)
        else:
            self.close()
        try:
            exchange.ended()
        except Exception as error:
            exchange.crashed(error)

    def _hung_up(self, error: OSError | None) -> None:
        """The other side has closed the connection, or reset it."""
        exchange = self.exchange
        if exchange is None:
            self.close()
            return
        if self._sending and self._answer_was_left(exchange):
            return
        if not self._heard and self._answers and not exchange.repeated:
            exchange.repeated = True  # it was closed while it was idle, and the request was not looked at
            self.exchange = None
            self.close()
            self._loop.submit(exchange)
            return
        if self._parser.head is None:
            self._fail(ConnectionClosedError(exchange.url))
            return
        try:
            if error is not None and self._parser.left is None:
                raise TruncatedError(self._parser.body_read, None)  # a body that ends with the connection ends in peace
            self._parser.end()
        except TruncatedError as truncated:
            self._fail(broken_stream(truncated.received, truncated.missing))
        else:
            self._finish(exchange)

    def _answer_was_left(self, exchange: Exchange) -> bool:
        """Whether the other side had answered before it hung up on our sending; the answer is taken then."""
        self._sending = True
        self._receive_left()
        return self._state == CLOSED

    def _receive_left(self) -> None:
        try:
            data = self._socket.recv(RECEIVE)
        except OSError:
            data = b""
        if data and self.exchange is not None:
            self._take(self.exchange, data)

    def _pause(self, seconds: float) -> bool:
        """Leave the socket alone for a while, for `max_bandwidth`. Whether there is anything to wait for."""
        if seconds <= 0 or self._state != READY:
            return False
        self.deadline = None
        self._watch(0)
        self._loop.call_later(seconds, self._resume)
        return True

    def _resume(self) -> None:
        if self._state != READY or self.exchange is None:
            return
        self._loop.watch_deadline(self, self._loop.options.read_timeout)
        self._watch(READ | WRITE if self._sending else READ)
        if self._sending:
            self._send()
        if self._state == READY and self.exchange is not None and self._blocking is not BLOCKING:
            self._receive()  # what TLS holds already, no poll would tell of

    # Ending

    def _fail(self, error: SendError) -> None:
        exchange, self.exchange = self.exchange, None
        self.close()
        if exchange is not None:
            exchange.broke(error)

    def _crash(self, error: Exception) -> None:
        exchange, self.exchange = self.exchange, None
        self.close()
        if exchange is not None:
            exchange.crashed(error)

    def _watch(self, events: int) -> None:
        if events == self._events:
            return
        poller = self._loop.poller
        if not self._events:
            poller.add(self._descriptor, events, self)
        elif not events:
            poller.remove(self._descriptor)
        else:
            poller.change(self._descriptor, events, self)
        self._events = events


def broken_stream(received: int, missing: int | None) -> BrokenStreamError:
    """The error of a body that breaks off, in the words that the Python world has for it."""
    if missing is None:
        return BrokenStreamError("Connection broken: the last chunk is missing")
    read = f"IncompleteRead({received} bytes read, {missing} more expected)"
    return BrokenStreamError(f"('Connection broken: {read}', {read})")


def _set_options(sock: socket.socket, options: Sequence[tuple[int, int, int]]) -> None:
    for level, name, value in options:
        sock.setsockopt(level, name, value)
