"""One run on a cluster: pieces of work go out, a few for each thread of the workers, and what they leave goes out anew.

Pieces may be done twice, so what is lost with a worker is simply sent again. The run holds no more than the pieces that
are under way or wait, and the journal holds what has been done.
"""

from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from queue import Empty
from time import monotonic
from typing import Any

from awsmini.cluster.dask import Answer, Cluster
from awsmini.cluster.journal import Piece
from awsmini.errors import AwsminiError

AHEAD = 2  # pieces for each thread: one to do, one to be done next
LOST = 100  # times that one piece may be lost with its worker
TRIES = 3  # of a piece that ends with an error
PATIENCE = 5.0  # seconds without a worker after which it is said so
WAIT = 0.2  # seconds


class RunError(AwsminiError):
    """The run cannot go on."""


class PieceFailed(AwsminiError):
    """A piece has ended with an error: it is tried once more, on whichever worker."""


class Run:
    """Subclasses say what is sent for a piece, what becomes of its answer, and keep a journal where there is one."""

    def __init__(self, cluster: Cluster, say: Callable[[str], None]) -> None:
        self.cluster, self.say = cluster, say
        self.pending: deque[Piece] = deque()
        self.sent: dict[str, Piece] = {}
        self.given_up = 0  # pieces
        self._errors: Counter[int] = Counter()
        self._losses: Counter[int] = Counter()
        self._serial = 0
        self.has_ended = False  # a piece, and well
        self._alone_since: float | None = None

    # for subclasses

    def due(self) -> Piece | None:
        """What is to be sent next."""
        return self.pending.popleft() if self.pending else None

    def order(self, piece: Piece) -> Mapping[str, Any]:
        """What a worker gets."""
        raise NotImplementedError

    def took(self, piece: Piece, content: Mapping[str, Any]) -> Sequence[Piece]:
        """Take an answer; pieces that are due now come out. Raises PieceFailed."""
        raise NotImplementedError

    def lost(self, piece: Piece, reason: str) -> Sequence[Piece]:
        """A piece whose worker has gone: what is due in its place."""
        self._losses[piece.id] += 1
        if self._losses[piece.id] > LOST:
            raise RunError(f"A piece of the work has been lost {LOST} times: {reason}.")
        return [piece]

    def failed(self, piece: Piece, reason: str) -> None:
        """A piece was tried in vain, and is given up."""
        raise NotImplementedError

    def heard(self, news: Mapping[str, Any]) -> None:
        """A task tells how far it is."""

    def show(self) -> None:
        """Tell people how far all is."""

    # the run

    def run(self, pieces: Sequence[Piece]) -> None:
        """Do all of it. Raises RunError, ClusterError."""
        self.pending.extend(pieces)
        while self.pending or self.sent:
            self.step()

    def step(self) -> None:
        """Send what there is room for, and take what has come. Raises RunError, ClusterError."""
        self._send()
        for answer in self.cluster.answers(WAIT):
            self._take(answer)
        self._listen()
        self.show()

    @property
    def idle(self) -> int:
        """Threads for which there is nothing to do."""
        return max(0, self.cluster.threads - len(self.pending) - len(self.sent))

    def _send(self) -> None:
        if not self.cluster.threads:
            self._wait_for_workers()
        most = max(1, self.cluster.threads * AHEAD)
        while len(self.sent) < most and (piece := self.due()) is not None:
            self._serial += 1
            key = f"{piece.id}-{self._serial}"
            self.sent[key] = piece
            self.cluster.submit(key, self.order(piece))

    def _take(self, answer: Answer) -> None:
        piece = self.sent.pop(answer.key)
        content = answer.content
        self._listen()
        if refused := content.get("refused"):
            raise RunError(f"Worker on {content.get('host', 'the cluster')}: {refused}")
        if answer.lost:
            self.pending.extendleft(reversed(self.lost(piece, answer.lost)))
            return
        try:
            if content.get("is_final"):
                raise RunError(str(content["error"]))
            if "error" in content:
                raise PieceFailed(str(content["error"]))
            due = self.took(piece, content)
            self.has_ended = True
            self.pending.extend(due)
        except PieceFailed as error:
            self._errors[piece.id] += 1
            if self._errors[piece.id] < TRIES:
                self.pending.appendleft(piece)
            elif not self.has_ended:
                raise RunError(str(error)) from None
            else:
                self.given_up += 1
                self.failed(piece, str(error))

    def _listen(self) -> None:
        news = self.cluster.news
        with suppress(Empty):
            while True:
                self.heard(news.get_nowait())

    def _wait_for_workers(self) -> None:
        """Say once that there are none."""
        now = monotonic()
        if self._alone_since is None:
            self._alone_since = now
        elif now - self._alone_since > PATIENCE:
            self._alone_since = float("inf")
            self.say("The scheduler has no workers yet: waiting for some.")
