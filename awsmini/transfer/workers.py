"""Threads for large objects: each transfer hands out its jobs (begin, parts, end), and any thread does the next one.

The number of threads grows for as long as that moves more bytes: a far server takes more than four to fill the line.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from time import monotonic, sleep

from awsmini.transfer.bandwidth import Bandwidth
from awsmini.transfer.errors import InterruptedTransferError
from awsmini.transfer.loop import Loop

FIRST = 4  # threads
MOST = 10
WINDOW = 0.7  # seconds over which bytes are counted
BETTER = 1.15  # times the rate before: as much as more threads have to bring

BEGIN, PARTS, END, CLOSED = range(4)
Job = Callable[[], None]


class LargeTransfer:
    """Done in jobs. Subclasses fill in `begin`, `part`, `finish` and `abort`; these run in threads, parts in parallel.

    `begin` sets `count`, the number of parts; None is as many as `part` finds. `finish` comes after the last part,
    `abort` in its place where anything has failed. `tell` is called in the loop's thread at the end.
    """

    count: int | None = 0

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.workers: Workers
        self._phase = BEGIN
        self._running = 0
        self._next = 0

    def begin(self) -> None:
        """The first job."""

    def part(self, number: int) -> None:
        """One part, counted from 0."""

    def finish(self) -> None:
        """The last job."""

    def abort(self) -> None:
        """The last job of a transfer that has failed. What it raises counts for nothing."""

    def tell(self) -> None:
        """The result, from `error`."""
        raise NotImplementedError

    def fail(self, error: Exception) -> None:
        """No further part is begun."""
        if self.error is None:
            self.error = error

    # For Workers, which holds its lock

    def take(self) -> Job | None:
        """The next job, if there is one to be done now."""
        if self._phase == BEGIN and not self._running:
            self._running = 1
            return self.begin
        if self._phase == PARTS and self.error is None and (self.count is None or self._next < self.count):
            self._running += 1
            self._next += 1
            return partial(self.part, self._next - 1)
        if self._phase == END and not self._running:
            self._running = 1
            return self._last
        return None

    def did(self) -> bool:
        """A job has ended. Whether the whole transfer has."""
        self._running -= 1
        if self._phase == END:
            self._phase = CLOSED
            return True
        self._phase = PARTS
        through = self.error is not None or (self.count is not None and self._next >= self.count)
        if through and not self._running:
            self._phase = END
        return False

    def _last(self) -> None:
        if self.error is None:
            try:
                self.finish()
            except Exception as error:
                self.fail(error)
        if self.error is not None:
            self.abort()


class Workers:
    """`most` is the limit that the user has set."""

    def __init__(self, loop: Loop, most: int | None, bandwidth: Bandwidth | None, first: int = FIRST) -> None:
        self.stopping = False
        self._loop = loop
        self._bandwidth = bandwidth
        self._most = most or MOST
        self._allowed = min(first, self._most)
        self._transfers: list[LargeTransfer] = []
        self._threads: list[threading.Thread] = []
        self._free = 0
        self._moved = 0
        self._counted = 0
        self._counted_at = monotonic()
        self._best = 0.0  # bytes a second
        self._changed = threading.Condition()

    def __len__(self) -> int:
        return len(self._transfers)

    def add(self, transfer: LargeTransfer) -> None:
        """Have a transfer done."""
        transfer.workers = self
        with self._changed:
            self._transfers.append(transfer)
            self._more_threads()
            self._changed.notify()

    def moved(self, count: int) -> None:
        """A thread has moved bytes: it is held up for `max_bandwidth`, and ended where the run is."""
        if self.stopping:
            raise InterruptedTransferError
        self._moved += count
        if self._bandwidth is not None:
            delay = self._bandwidth.delay(count)
            while delay > 0 and not self.stopping:
                sleep(min(delay, 0.2))
                delay -= 0.2

    def post(self, function: Callable[[], None]) -> None:
        self._loop.post(function)

    def stop(self) -> None:
        """Every transfer fails; threads end when their transfers have been aborted."""
        with self._changed:
            self.stopping = True
            for transfer in self._transfers:
                transfer.fail(InterruptedTransferError())
                if transfer._phase == PARTS and not transfer._running:
                    transfer._phase = END
                elif transfer._phase == BEGIN and not transfer._running:
                    transfer._phase = CLOSED
            self._transfers = [each for each in self._transfers if each._phase != CLOSED]
            self._changed.notify_all()

    def join(self, patience: float | None = None) -> bool:
        """Wait for the threads, `patience` seconds at most; whether all have ended."""
        with self._changed:
            self.stopping = True
            self._changed.notify_all()
        until = None if patience is None else monotonic() + patience
        for thread in self._threads:
            with suppress(RuntimeError):  # Ctrl+C came before it was started
                thread.join(None if until is None else max(0.0, until - monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _more_threads(self) -> None:
        if not self._free and len(self._threads) < self._allowed:
            thread = threading.Thread(target=self._work, name=f"transfer-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        while True:
            found = self._wait_for_job()
            if found is None:
                return
            transfer, job = found
            try:
                job()
            except Exception as error:
                transfer.fail(error)
            with self._changed:
                self._measure()
                ended = transfer.did()
                if ended:
                    self._transfers.remove(transfer)
                self._changed.notify_all()
            if ended:
                self._loop.post(transfer.tell)

    def _measure(self) -> None:
        """Allow more threads where those that came last have moved more bytes."""
        now = monotonic()
        if now - self._counted_at < WINDOW:
            return
        rate = (self._moved - self._counted) / (now - self._counted_at)
        if rate > self._best * BETTER and self._bandwidth is None:
            self._best = rate
            self._allowed = min(self._allowed + 2, self._most)
        self._counted, self._counted_at = self._moved, now

    def _wait_for_job(self) -> tuple[LargeTransfer, Job] | None:
        with self._changed:
            while True:
                for transfer in self._transfers:
                    job = transfer.take()
                    if job is not None:
                        if any(each is not transfer or each._phase == PARTS for each in self._transfers):
                            self._more_threads()
                        return transfer, job
                if self.stopping and not self._transfers:
                    return None
                self._free += 1
                self._changed.wait()
                self._free -= 1
