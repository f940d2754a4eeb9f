"""Work done by several threads: items in, results out, neither without bounds."""

from collections.abc import Callable, Iterable, Iterator
from queue import SimpleQueue
from threading import Event, Lock, Semaphore, Thread
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 4  # results that may wait to be taken, for each thread


class Pool(Generic[T, R]):
    """`results()` hands out what `work` makes of the items, as it comes or in the items' order.

    An item is taken when a thread is free for it, so they may come slowly, or be without end. What `work` or the
    items raise is raised by `results()`. After `stop()` no further item is taken; those under way are finished.
    `patient` makes the first Ctrl+C such a stop.
    """

    def __init__(
        self, work: Callable[[T], R], items: Iterable[T], workers: int, *, in_order: bool = False, patient: bool = False
    ) -> None:
        self._work = work
        self._items = enumerate(items)
        self._workers = workers
        self._in_order = in_order
        self._patient = patient
        self.interrupted = False
        self._next = Lock()
        self._room = Semaphore(workers * AHEAD)
        self._done: SimpleQueue[tuple[int, R] | BaseException | None] = SimpleQueue()
        self._stopped = Event()

    def stop(self) -> None:
        self._stopped.set()

    def results(self) -> Iterator[R]:
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
        for number, result in self._taken():
            early[number] = result
            while due in early:
                yield early.pop(due)
                due += 1

    def _taken(self) -> Iterator[tuple[int, R]]:
        at_work = self._workers
        while at_work:
            try:
                done = self._done.get()
            except KeyboardInterrupt:
                if self.interrupted or not self._patient:
                    raise
                self.interrupted = True
                self.stop()
                continue
            if done is None:
                at_work -= 1
            elif isinstance(done, BaseException):
                raise done
            else:
                yield done
                self._room.release()

    def _loop(self) -> None:
        try:
            while not self._stopped.is_set():
                self._room.acquire()
                with self._next:
                    taken = None if self._stopped.is_set() else next(self._items, None)
                if taken is None:
                    self._room.release()  # or another thread would wait for ever
                    break
                self._done.put((taken[0], self._work(taken[1])))
        except BaseException as error:
            self.stop()
            self._done.put(error)
        self._done.put(None)
