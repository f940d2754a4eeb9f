"""The event loop: connections to many hosts, timers, and what other threads post. It runs in the calling thread.

The number of connections grows while the loop waits longer than it works: with answers that take 20 ms, sixteen
connections leave it idle.
"""

import heapq
import socket
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pkgutil import resolve_name
from time import monotonic
from typing import Any

from awsmini.send.options import SenderOptions
from awsmini.transfer.bandwidth import Bandwidth
from awsmini.transfer.connection import Connection
from awsmini.transfer.exchange import Exchange
from awsmini.transfer.poller import READ, make_poller
from awsmini.transfer.template import Origin

TLS_CONTEXT = "awsmini.transfer.tls:tls_context"
TLS_BLOCKING = ("awsmini.transfer.tls:WANTS_READ", "awsmini.transfer.tls:WANTS_WRITE")
FIRST = 16  # connections
MOST = 256
LOOK = 0.5  # seconds between two looks at deadlines
SILENCE = 1.0  # seconds after which a server on this machine is asked whether it lives
MEASURE = 0.03  # seconds over which waiting and working are compared


class Loop:
    """`most` is the limit of connections that the user has set."""

    def __init__(self, options: SenderOptions, most: int | None = None, bandwidth: Bandwidth | None = None) -> None:
        self.options = options
        self.bandwidth = bandwidth
        self.poller = make_poller()
        self.most = most or MOST
        self.limit = min(FIRST, self.most)
        self.now = monotonic()
        self.socket_options = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
        if options.tcp_keepalive:
            self.socket_options.append((socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1))
        self._connections: set[Connection] = set()
        self._idle: dict[Origin, list[Connection]] = {}
        self._waiting: deque[Exchange] = deque()
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self._looked = self._measured = self._heard = self.now
        self._waited = 0.0
        self.wanted_more = False  # there was more to do than connections to do it on
        self._known_addresses: dict[Origin, list[tuple[Any, ...]]] = {}
        self._inbox: deque[Callable[[], None]] = deque()
        self._bell, self._bell_end = socket.socketpair()
        for each in (self._bell, self._bell_end):
            each.setblocking(False)
        self.poller.add(self._bell_end.fileno(), READ, self)
        self._rung = False

    # What exchanges and threads ask for

    def submit(self, exchange: Exchange) -> None:
        """Send a request as soon as there is a connection for it."""
        idle = self._idle.get(exchange.origin)
        if idle:
            idle.pop().start(exchange)
        elif len(self._connections) < self.limit or self._drop_idle():
            self._open(exchange)
        else:
            self._waiting.append(exchange)

    def call_later(self, seconds: float, function: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._timers, (monotonic() + seconds, self._count, function))

    def post(self, function: Callable[[], None]) -> None:
        """Have a function called in the loop's thread. For other threads."""
        self._inbox.append(function)
        if not self._rung:
            self._rung = True
            with suppress(OSError):  # it is full, so it rings
                self._bell.send(b"!")

    # Running

    def turn(self, patience: float = LOOK) -> None:
        """Wait until something can be done, `patience` seconds at most, and do it."""
        if self._timers:
            patience = min(patience, max(0.0, self._timers[0][0] - monotonic()))
        if self._inbox:
            patience = 0.0
        before = monotonic()
        ready = self.poller.wait(patience)
        self.now = now = monotonic()
        self._waited += now - before
        if ready:
            self._heard = now
        for who, events in ready:
            who.ready(events)
        if self._inbox:
            self._empty_inbox()
        while self._timers and self._timers[0][0] <= now:
            heapq.heappop(self._timers)[2]()
        if now - self._measured > MEASURE:
            self._measure(now)
        if now - self._looked > LOOK:
            self._look(now)

    def ready(self, _events: int) -> None:
        """The bell has rung."""
        with suppress(BlockingIOError):
            self._bell_end.recv(4096)
        self._empty_inbox()

    def close(self) -> None:
        """Hang up everywhere."""
        for connection in list(self._connections):
            connection.exchange = None
            connection.close()
        self._waiting.clear()
        self._timers.clear()
        self.poller.remove(self._bell_end.fileno())
        self.poller.close()
        self._bell.close()
        self._bell_end.close()

    # What connections ask for

    def idle(self, connection: Connection) -> None:
        """A connection is free: the next request goes out on it."""
        if self._waiting:
            for at, exchange in enumerate(self._waiting):
                if exchange.origin == connection.origin:
                    del self._waiting[at]
                    connection.start(exchange)
                    return
        self._idle.setdefault(connection.origin, []).append(connection)
        if self._waiting and self._drop_idle():
            self._open(self._waiting.popleft())

    def gone(self, connection: Connection) -> None:
        """A connection is closed: there is room for another one."""
        self._connections.discard(connection)
        idle = self._idle.get(connection.origin)
        if idle and connection in idle:
            idle.remove(connection)
        if self._waiting and len(self._connections) < self.limit:
            self._open(self._waiting.popleft())

    def watch_deadline(self, connection: Connection, timeout: float | None) -> None:
        connection.deadline = None if timeout is None else self.now + timeout + LOOK

    def addresses(self, origin: Origin) -> list[tuple[Any, ...]]:
        """The host's addresses, looked up once. Raises OSError."""
        known = self._known_addresses.get(origin)
        if known is None:
            known = list(socket.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM))
            self._known_addresses[origin] = known
        return list(known)

    @cached_property
    def _tls_context(self) -> Any:
        return resolve_name(TLS_CONTEXT)(self.options)

    def tls_context(self) -> Any:
        """The TLS settings, read once. Raises OSError where a file cannot be used."""
        return self._tls_context

    def tls_blocking(self) -> tuple[type[BaseException], ...]:
        """What TLS raises where it would have to wait."""
        return tuple(map(resolve_name, TLS_BLOCKING))

    # Within

    def _open(self, exchange: Exchange) -> None:
        connection = Connection(self, exchange.origin)
        self._connections.add(connection)
        connection.open(exchange)

    def _drop_idle(self) -> bool:
        """Close a connection that nothing goes over, to make room for one to another host."""
        for idle in self._idle.values():
            if idle:
                idle.pop().close()
                return len(self._connections) < self.limit
        return False

    def _empty_inbox(self) -> None:
        self._rung = False
        while self._inbox:
            self._inbox.popleft()()

    def _measure(self, now: float) -> None:
        """Grow where all connections are busy and the loop is not."""
        if (self.wanted_more or self._waiting) and self._waited > (now - self._measured) / 2:
            self.limit = min(self.limit * 2, self.most)
            while self._waiting and len(self._connections) < self.limit:
                self._open(self._waiting.popleft())
        self.wanted_more = False
        self._measured = now
        self._waited = 0.0

    def _look(self, now: float) -> None:
        self._looked = now
        if self.options.alive and now - self._heard > SILENCE:
            self._heard = now
            self.options.alive()
        for connection in list(self._connections):
            if connection.deadline is not None and connection.deadline < now:
                connection.expire()
