"""A server that gives good answers page by page, and at one of them a fault, once or each time."""

import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import sleep

from tests.servers import HOST

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@dataclass(frozen=True)
class Good:
    """An answer as it should be."""

    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200

    def head(self, *framing: tuple[str, str], version: str = "1.1") -> bytes:
        """Up to the empty line."""
        headers = "".join(f"{name}: {value}\r\n" for name, value in (*self.headers, *framing))
        return f"HTTP/{version} {self.status} OK\r\n{headers}\r\n".encode()

    def wire(self) -> bytes:
        if self.status == 204:
            return self.head()
        length = () if "Content-Length" in dict(self.headers) else (("Content-Length", str(len(self.body))),)
        return self.head(*length) + self.body

    def part(self, ranged: bytes | None) -> "Good":
        """What a Range asks for, as a download that goes on does."""
        if ranged is None:
            return self
        start, end = (int(number or len(self.body) - 1) for number in ranged.partition(b"=")[2].split(b"-"))
        stated = ("Content-Range", f"bytes {start}-{end}/{len(self.body)}")
        return Good(self.body[start : end + 1], (*self.headers, stated), 206)


@dataclass(frozen=True)
class Wire:
    """What goes out for one request, and how the connection ends. `early` goes out before the request's body is read."""

    data: bytes
    end: str = "keep"  # or close, reset, hang
    early: bytes = b""
    pieces: int = 0  # bytes sent at a time


@dataclass
class FaultServer:
    """`fault` is in the way of the good answer of page `at`: of the first attempt, or with `every` of each."""

    pages: Sequence[Good]
    fault: Callable[[Good], Wire]
    at: int = 0
    every: bool = False
    counts: bool = False  # whether the fault is an answer all the same, and the next page follows
    url: str = ""
    requests: list[bytes] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    _page: int = 0
    _attempts: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ended: threading.Event = field(default_factory=threading.Event)

    def answer(self, head: bytes) -> Wire:
        with self._lock:
            self.requests.append(head)
            ranged = re.search(rb"\r\nRange: *([^\r]+)", head, re.I)
            good = self.pages[min(self._page, len(self.pages) - 1)].part(ranged[1] if ranged else None)
            faulty = self._page == self.at and (self.every or self._attempts == 0)
            self._attempts += 1
            if faulty and not self.counts:
                return self._without_body(head, self.fault(good))
            self._page += 1
            self._attempts = 0
            return self._without_body(head, self.fault(good) if faulty else Wire(good.wire()))

    @staticmethod
    def _without_body(head: bytes, wire: Wire) -> Wire:
        """The answer to a HEAD ends with its head."""
        if not head.startswith(b"HEAD ") or b"\r\n\r\n" not in wire.data:
            return wire
        end = wire.data.index(b"\r\n\r\n") + 4
        while wire.data[end:].startswith(b"HTTP/"):  # after interim ones
            end = wire.data.find(b"\r\n\r\n", end) + 4 or len(wire.data)
        return Wire(wire.data[:end], wire.end, wire.early, wire.pieces)

    def serve(self, sock: socket.socket) -> None:
        with sock, suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            unread = b""
            while True:
                while b"\r\n\r\n" not in unread:
                    data = sock.recv(65536)
                    if not data:
                        return
                    unread += data
                head, _, unread = unread.partition(b"\r\n\r\n")
                wire = self.answer(head)
                sock.sendall(wire.early)
                if b"100-continue" in head:
                    sock.sendall(CONTINUE)
                size = re.search(rb"\r\ncontent-length: *(\d+)", head, re.I)
                length = int(size[1]) if size else 0
                while len(unread) < length:
                    data = sock.recv(65536)
                    if not data:
                        return
                    unread += data
                self.bodies.append(unread[:length])
                unread = unread[length:]
                step = wire.pieces or len(wire.data) or 1
                for at in range(0, len(wire.data), step):
                    sock.sendall(wire.data[at : at + step])
                    if wire.pieces:
                        sleep(0.0005)
                if wire.end == "hang":
                    self._ended.wait(20)
                if wire.end == "reset":
                    sleep(0.02)  # what was sent is to be read before
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                if wire.end != "keep":
                    if wire.end == "close":
                        sock.shutdown(socket.SHUT_WR)
                    return

    def accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                sock, _ = listener.accept()
                threading.Thread(target=self.serve, args=(sock,), daemon=True).start()

    def end(self) -> None:
        self._ended.set()


@contextmanager
def running(server: FaultServer) -> Iterator[FaultServer]:
    with socket.create_server((HOST, 0), backlog=64) as listener:
        server.url = f"http://{HOST}:{listener.getsockname()[1]}"
        thread = threading.Thread(target=server.accept, args=(listener,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.end()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)
