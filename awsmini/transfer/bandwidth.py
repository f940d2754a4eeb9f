"""`max_bandwidth`: how long to wait so that all connections together stay below a rate."""

from threading import Lock
from time import monotonic

BURST = 0.25  # seconds' worth of bytes that may go at once


class Bandwidth:
    """Shared by the loop and all threads."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._free_at = monotonic() - BURST
        self._lock = Lock()

    def delay(self, count: int) -> float:
        """Takes note of bytes that have just been moved; seconds to wait before the next ones."""
        with self._lock:
            now = monotonic()
            self._free_at = max(self._free_at, now - BURST) + count / self._rate
            return max(0.0, self._free_at - now)
