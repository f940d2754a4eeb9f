"""`batch --cluster`: lines go to the workers of a cluster, a chunk at a time, and their outcomes come back.

This side holds what is under way, and puts out what has ended, so that any number of lines may follow.
"""

import secrets
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from queue import Empty, Queue
from threading import Thread
from typing import Any, NamedTuple

from awsmini.cluster import address, world
from awsmini.cluster.dask import Cluster
from awsmini.cluster.journal import Piece
from awsmini.cluster.run import AHEAD, Run, RunError
from awsmini.commandline.globals import timeout
from awsmini.commandline.handwritten import Values
from awsmini.commandline.invocation import Invocation
from awsmini.commandline.pool import Stoppable
from awsmini.commands.batch.chunk import UNKNOWN, unpacked
from awsmini.commands.batch.outcome import Batch, Due, Outcome
from awsmini.errors import AwsminiError

WORK = "awsmini.commands.batch.chunk:work"
SECONDS = 2.0  # that a chunk is to take at most
BYTES = 4_000_000  # that its lines are to take, or to write, at most
LARGEST = 256  # lines of a chunk, or
ROUNDS = 8  # times as many as run at once
READ_AHEAD = 512  # lines
EARLY = 4  # times as many lines as are under way may wait for one before them, where the order is kept


class Site(NamedTuple):
    """A cluster, and what its workers have to know of this machine."""

    invocation: Invocation
    cluster: Cluster
    world: Mapping[str, Any]
    sends_credentials: bool

    def order(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """A whole order. Raises what finding credentials does."""
        credentials = world.credentials(self.invocation) if self.sends_credentials else None
        return {"work": WORK, "given": given, "world": self.world, "credentials": credentials}


@contextmanager
def connected(invocation: Invocation, values: Values) -> Iterator[Site]:
    """The cluster that is asked for. Raises ParamValidationError, ClusterError."""
    flags = invocation.flags
    place, sends = address.parse(values["cluster"]), bool(values.get("send_credentials"))
    known = world.described(invocation, at_home=place.is_local, send_credentials=sends)
    name = secrets.token_hex(16)  # keys of tasks have it: short ones would have their arguments printed
    debug = bool(flags.get("debug"))
    with Cluster(place, name, timeout(flags.get("cli_connect_timeout")), debug=debug) as cluster:
        if invocation.app.stderr.isatty():
            invocation.app.stderr.write(f"{cluster}\n")
        yield Site(invocation, cluster, known, sends)


class Chunks(Run, Stoppable[Outcome]):
    """Runs lines in chunks: small at first, larger while they take little time, and small again towards the end.

    A chunk has a ticket. The worker that gets it may run all lines; another, which comes after it, only those that read.
    """

    def __init__(self, site: Site, batch: Batch, items: Iterable[Due], values: Values, jobs: int, pause: float) -> None:
        super().__init__(site.cluster, self._tell)
        self._site, self._batch, self._source = site, batch, _Source(items)
        self._jobs, self._pause = jobs, pause
        self._stops_on_error = bool(values.get("stop_on_error"))
        flags = site.invocation.flags
        self._flags = {name: value for name, value in flags.items() if name not in ("command", *world.AT_HOME)}
        self._size, self._largest = jobs, max(LARGEST, ROUNDS * jobs)
        self._chunks: dict[int, list[tuple[int, Due]]] = {}  # with the lines' numbers
        self._ready = _Ordered() if values.get("keep_order") else _AsTheyCome()
        self._count = 0  # lines taken
        self._stopped = self._marked = self._cut_short = False

    def stop(self) -> None:
        """Begin no further line; those that run are finished."""
        self._stopped = True

    def results(self) -> Generator[Outcome, None, None]:
        """The outcomes of all lines that were begun. Raises RunError, ClusterError, and what reading the lines does."""
        failure: BaseException | None = None
        while self._goes_on:
            try:
                self.step()
            except RunError as error:  # what other workers do is finished
                failure = failure or error
                self.stop()
            yield from self._ready.take()
        for number in [*self._chunks]:
            self._give_up(number)
        yield from self._ready.take()
        failure = failure or self._source.error
        if failure is None and self._cut_short and not self._batch.tally.failed and not self._batch.tally.unknown:
            failure = RunError("A line has failed, and its worker was lost before it could tell which.")
        if failure is not None:
            raise failure

    @property
    def _goes_on(self) -> bool:
        if self._stopped:
            return bool(self.sent or self.pending) and bool(self.cluster.threads)
        return bool(self.sent or self.pending) or not self._source.is_over

    def step(self) -> None:
        if self._stopped and not self._marked:
            self._marked = True
            self.cluster.mark()
        super().step()

    def due(self) -> Piece | None:
        if self.pending:
            return self.pending.popleft()
        while not self._stopped and self._has_room and (taken := self._source.take(self._most)):
            chunk = []
            for number, due in enumerate(taken, self._count):
                outcome = self._batch.settled(due)
                if outcome is None:
                    chunk.append((number, due))
                else:
                    self._ready.put(number, outcome)
            self._count += len(taken)
            if chunk:
                return self._piece(chunk)
        return None

    def _piece(self, chunk: list[tuple[int, Due]]) -> Piece:
        piece = Piece(chunk[0][0], {})
        self.cluster.issue(self._ticket(piece.id))
        self._chunks[piece.id] = chunk
        self._batch.begin(*(due for _, due in chunk))
        return piece

    def order(self, piece: Piece) -> Mapping[str, Any]:
        given = {
            "lines": [due.item.words for _, due in self._chunks[piece.id]],
            "ticket": self._ticket(piece.id),
            "jobs": self._jobs,
            "flags": self._flags,
            "stop_on_error": self._stops_on_error,
            "pause": self._pause * max(1, self.cluster.threads),
        }
        return self._site.order(given)

    def took(self, piece: Piece, content: Mapping[str, Any]) -> Sequence[Piece]:
        chunk, size = self._closed(piece.id), 0
        for (number, due), found in zip(chunk, content["outcomes"], strict=True):
            if found is None:
                self._cut_short = self._cut_short or not self._stopped
                self._skip(number, due)
            elif found == UNKNOWN:
                self._ready.put(number, Outcome(*due, None))
            else:
                code, seconds, out, err = found
                outcome = Outcome(*due, code, seconds, unpacked(out), unpacked(err))
                size += len(outcome.stdout) + len(outcome.stderr)
                self._ready.put(number, outcome)
        self._stopped = self._stopped or self._cut_short
        self._resize(len(chunk), content["seconds"], size)
        return ()

    def failed(self, piece: Piece, reason: str) -> None:
        self._give_up(piece.id, f"awsmini batch: {reason}\n".encode())

    def _give_up(self, number: int, reason: bytes | None = None) -> None:
        """Run a chunk no more. Where no worker has begun it, its lines fail for that reason, or are for a later run."""
        is_whole = self.cluster.take(self._ticket(number))
        for at, due in self._closed(number):
            if not is_whole and not self._batch.reads(due):
                self._ready.put(at, Outcome(*due, None))
            elif reason is None:
                self._skip(at, due)
            else:
                self._ready.put(at, Outcome(*due, AwsminiError.exit_code, stderr=reason))

    def _skip(self, number: int, due: Due) -> None:
        self._batch.take_back(due)
        self._ready.put(number, None)

    def _closed(self, number: int) -> list[tuple[int, Due]]:
        """A chunk of which no more comes."""
        self.cluster.withdraw(self._ticket(number))
        return self._chunks.pop(number)

    def _ticket(self, number: int) -> str:
        return f"{self.cluster.topic}-{number}"

    @property
    def _has_room(self) -> bool:
        most = EARLY * AHEAD * max(1, self.cluster.threads) * self._largest
        return self._ready.waiting < most

    @property
    def _most(self) -> int:
        """Lines of the next chunk: what is left, where that is known, is for all threads."""
        left = self._source.left
        return self._size if left is None else max(1, min(self._size, -(-left // max(1, self.cluster.threads))))

    def _resize(self, count: int, seconds: float, size: int) -> None:
        if seconds > SECONDS or size > BYTES:
            self._size = max(self._jobs, self._size // 2)
        elif seconds < SECONDS / 2 and size < BYTES / 2 and count >= self._size:
            self._size = min(self._largest, self._size * 2)

    def _tell(self, message: str) -> None:
        stderr = self._site.invocation.app.stderr
        stderr.write(f"awsmini batch: {message}\n")
        stderr.flush()


class _Source:
    """Items, read ahead by a thread of its own: they may come slowly."""

    def __init__(self, items: Iterable[Due]) -> None:
        self._queue: Queue[Due] = Queue(READ_AHEAD)
        self._is_read = False
        self.error: BaseException | None = None
        Thread(target=self._read, args=(items,), daemon=True).start()

    def _read(self, items: Iterable[Due]) -> None:
        try:
            for item in items:
                self._queue.put(item)
        except BaseException as error:
            self.error = error
        self._is_read = True

    def take(self, most: int) -> list[Due]:
        """Those that have come."""
        taken: list[Due] = []
        with suppress(Empty):
            size = 0
            while len(taken) < most and size < BYTES:
                taken.append(self._queue.get_nowait())
                size += sum(map(len, taken[-1].item.words))
        return taken

    @property
    def left(self) -> int | None:
        """How many are to be taken still; None while that is not known."""
        return self._queue.qsize() if self._is_read else None

    @property
    def is_over(self) -> bool:
        return self._is_read and self._queue.empty()


class _AsTheyCome:
    """Outcomes that are to be put out."""

    def __init__(self) -> None:
        self._there: deque[Outcome] = deque()

    def put(self, number: int, outcome: Outcome | None) -> None:
        """The outcome of a line; None where there is none."""
        if outcome is not None:
            self._there.append(outcome)

    def take(self) -> Iterator[Outcome]:
        while self._there:
            yield self._there.popleft()

    @property
    def waiting(self) -> int:
        """How many wait for others."""
        return 0


class _Ordered(_AsTheyCome):
    """The same, in the order of the lines."""

    def __init__(self) -> None:
        super().__init__()
        self._early: dict[int, Outcome | None] = {}
        self._next = 0

    def put(self, number: int, outcome: Outcome | None) -> None:
        self._early[number] = outcome
        while self._next in self._early:
            super().put(self._next, self._early.pop(self._next))
            self._next += 1

    @property
    def waiting(self) -> int:
        return len(self._early)
