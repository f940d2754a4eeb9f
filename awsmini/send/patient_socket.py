"""Sockets that ask from second to second whether who is silent still lives, instead of waiting for a minute."""

import socket
import time
from collections.abc import Callable
from typing import Any, TypeVar

SILENCE = 1.0  # seconds until it is asked
Got = TypeVar("Got")


class PatientSocket(socket.socket):
    """A connected socket. `alive` raises where the other side does not live any more."""

    alive: Callable[[], object]

    @classmethod
    def of(cls, plain: socket.socket, alive: Callable[[], object]) -> "PatientSocket":
        timeout = plain.gettimeout()
        made = cls(plain.family, plain.type, plain.proto, fileno=plain.detach())
        made.settimeout(timeout)
        made.alive = alive
        return made

    def recv(self, *args: Any, **kwargs: Any) -> bytes:
        return self._patiently(super().recv, *args, **kwargs)

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        return self._patiently(super().recv_into, *args, **kwargs)

    def sendall(self, data: Any, flags: int = 0) -> None:
        left = memoryview(data).cast("B")
        while left:
            left = left[self._patiently(super().send, left, flags) :]

    def _patiently(self, act: Callable[..., Got], *args: Any, **kwargs: Any) -> Got:
        limit = self.gettimeout()
        begun = time.monotonic()
        try:
            while True:
                left = SILENCE if limit is None else begun + limit - time.monotonic()
                self.settimeout(max(min(SILENCE, left), 0.001))
                try:
                    return act(*args, **kwargs)
                except TimeoutError:
                    if left <= SILENCE and limit is not None:
                        raise
                self.alive()
        finally:
            self.settimeout(limit)
