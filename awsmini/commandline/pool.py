"""Work done by several threads: items in, results out, neither without bounds."""

import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Lock, RLock, Semaphore, Thread
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 4  # results that may wait to be taken, for each thread


class Stoppable(Generic[R]):
    """Work of which no more is to be begun after `stop()`."""

    interrupted = False

    def results(self) -> Generator[R, None, None]:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError

    @contextmanager
    def patient(self) -> Iterator[None]:
        """Within the block the first Ctrl+C is a `stop()`, and the second one as usual."""

        def interrupt(number: int, _frame: object) -> None:
            if self.interrupted:
                raise KeyboardInterrupt
            self.interrupted = True
            self.stop()

        if signal.getsignal(signal.SIGINT) != signal.default_int_handler:
            yield
            return
        try:
            signal.signal(signal.SIGINT, interrupt)
        except ValueError:  # signals are for the main thread
            yield
            return
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, signal.default_int_handler)


class Pool(Stoppable[R], Generic[T, R]):
    """`results()` hands out what `work` makes of the items, as it comes or in the items' order.

    An item is taken when a thread is free for it, so they may come slowly, or be without end. What `work` or the
    items raise is raised by `results()`. After `stop()` no further item is begun; those under way are finished.
    """

    def __init__(self, work: Callable[[T], R], items: Iterable[T], workers: int, *, in_order: bool = False) -> None:
        self._work = work
        self._items = enumerate(items)
        self._workers = workers
        self._in_order = in_order
        self._next = Lock()
        self._room = Semaphore(workers * AHEAD)
        self._done: SimpleQueue[tuple[int, R] | None] = SimpleQueue()  # None: look whether it is over
        self._raised: BaseException | None = None
        self._state = RLock()  # also taken by the handler of a signal, for what it guards
        self._begun = 0
        self._at_work = workers
        self._stopped = False

    def stop(self) -> None:
        with self._state:
            self._stopped = True
        self._done.put(None)

    def results(self) -> Generator[R, None, None]:
        """The results. Where they are not taken to the end, no further item is begun."""
        for _ in range(self._workers):
            Thread(target=self._loop, daemon=True).start()
        try:
            yield from self._ordered() if self._in_order else (result for _, result in self._taken())
        finally:
            self.stop()

    def _ordered(self) -> Iterator[R]:
        early: dict[int, R] = {}
        due = 0
        for number, result in self._taken(room_at_once=False):
            early[number] = result
            while due in early:
                yield early.pop(due)
                self._room.release()
                due += 1

    def _taken(self, *, room_at_once: bool = True) -> Iterator[tuple[int, R]]:
        taken = 0
        while not self._over(taken):
            done = self._done.get()
            if done is not None:
                taken += 1
                yield done
                if room_at_once:
                    self._room.release()
        if self._raised is not None:
            raise self._raised

    def _over(self, taken: int) -> bool:
        """Whether nothing more will come. A thread that waits for an item is not waited for once it is to be none."""
        with self._state:
            return self._raised is not None or (taken == self._begun and (self._stopped or not self._at_work))

    def _loop(self) -> None:
        try:
            while True:
                self._room.acquire()
                with self._next:
                    taken = None if self._stopped else next(self._items, None)
                with self._state:
                    if taken is None or self._stopped:
                        break
                    self._begun += 1
                self._done.put((taken[0], self._work(taken[1])))
        except BaseException as error:
            self._raised = error
            self.stop()
        self._room.release()  # or another thread would wait for ever
        with self._state:
            self._at_work -= 1
        self._done.put(None)
