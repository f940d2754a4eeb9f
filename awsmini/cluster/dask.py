"""The only place that knows Dask's `distributed`: a scheduler is found or started, orders go out, answers come in.

with Cluster(address, world, …) as cluster:
    cluster.submit("piece-1", {…})
    for answer in cluster.answers(0.2):
        ...
"""

import logging
import os
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from queue import Empty, SimpleQueue
from time import monotonic
from types import TracebackType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from awsmini.cluster.address import Address
from awsmini.cluster.task import Sealed, perform, sealed, version
from awsmini.errors import AwsminiError

try:
    import dask
    from distributed import Client, LocalCluster
    from distributed.scheduler import KilledWorker
    from distributed.security import Security
except ImportError:
    raise AwsminiError("--cluster needs Dask's distributed: pip install 'awsmini[cluster]'") from None

DEFAULT_PORT = 8786
LOOK = 2.0  # seconds between two looks at the workers
GRACE = 5.0  # seconds that saying goodbye may take
RETRIES = 3  # of a task that failed on its worker: none of ours does
# A worker that goes away, such as a preempted one, is no error of the task that it had.
_SETTINGS = {
    "distributed.scheduler.allowed-failures": 1_000,
    "distributed.worker.daemon": True,
    "distributed.admin.tick.limit": "60s",
    "distributed.nanny.environ": {},
}


class ClusterError(AwsminiError):
    """No scheduler, or none any more."""


class Answer(NamedTuple):
    """What came of an order. `lost`: nothing, as its worker is gone, or never could take it."""

    key: str
    content: Mapping[str, Any]
    lost: str = ""


class Cluster:
    """A connection for one run, whose name is `run`. `news` of tasks come while answers are waited for."""

    def __init__(self, address: Address, run: str, timeout: float | None, *, debug: bool = False) -> None:
        self._address, self._run = address, run
        self._timeout = timeout or 3600.0
        self._debug = debug
        self._futures: dict[str, Any] = {}
        self._done: SimpleQueue[str | None] = SimpleQueue()
        self.news: SimpleQueue[Mapping[str, Any]] = SimpleQueue()
        self._local: Any = None
        self._looked = 0.0
        self.threads = 0
        self.workers = 0

    def __enter__(self) -> "Cluster":
        """Raises ClusterError."""
        _hush(self._debug)
        dask.config.set(_SETTINGS)
        try:
            if self._address.is_local:
                self._local = _local_cluster(self._address.workers)
                self._client = Client(self._local, timeout=self._timeout, set_as_default=False)
            else:
                _knock(self._address.url, self._timeout)
                self._client = Client(self._address.url, timeout=self._timeout, set_as_default=False)
        except ClusterError:
            raise
        except Exception as error:
            self._stop_local()
            raise ClusterError(f"--cluster: {self._address}: {_first_line(error)}") from None
        self._client.subscribe_topic(self.topic, self._heard)
        self.look()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with suppress(Exception):
            self._client.unsubscribe_topic(self.topic)
            self._client.cancel(list(self._futures.values()), force=True)
        self._futures.clear()
        with suppress(Exception):
            self._client.close(timeout=GRACE if self.is_there else 0)
        self._stop_local()

    @property
    def topic(self) -> str:
        """Under which workers tell."""
        return f"awsmini-{self._run}"

    @property
    def dashboard(self) -> str:
        """Where the cluster can be watched."""
        return str(self._client.dashboard_link or "")

    @property
    def is_there(self) -> bool:
        return bool(self._client.status == "running")

    @property
    def under_way(self) -> int:
        return len(self._futures)

    def submit(self, key: str, order: Mapping[str, Any], *, retries: int = RETRIES) -> None:
        """Send an order. Its key is in what `answers` hands out."""
        full = f"{self.topic}-{key}"
        content = sealed({**order, "version": version(), "topic": self.topic, "key": full})
        future = self._client.submit(perform, content, key=full, pure=False, retries=retries)
        self._futures[key] = future
        future.add_done_callback(lambda _future: self._done.put(key))

    def answers(self, seconds: float) -> Iterator[Answer]:
        """What has come, waiting that long for the first. Raises ClusterError where the scheduler is gone."""
        self.look()
        wait = seconds
        while True:
            try:
                key = self._done.get(timeout=wait) if wait else self._done.get_nowait()
            except Empty:
                break
            wait = 0.0
            future = self._futures.pop(key or "", None)
            if future is not None:
                yield self._answer(str(key), future)
        if not self.is_there:
            raise ClusterError(f"The scheduler at {self._address} is gone.")

    def look(self) -> None:
        """Count the workers, now and then."""
        if self.is_there and monotonic() - self._looked > LOOK:
            self._looked = monotonic()
            with suppress(Exception):
                threads = self._client.nthreads()
                self.workers, self.threads = len(threads), sum(threads.values())

    def _answer(self, key: str, future: Any) -> Answer:
        if future.status == "finished":
            try:
                return Answer(key, _opened(future.result(timeout=self._timeout)))
            except Exception as error:
                return self._lost(key, error)
        if future.status == "error":
            return self._lost(key, future.exception(timeout=GRACE))
        if not self.is_there:
            raise ClusterError(f"The scheduler at {self._address} is gone.")
        return Answer(key, {}, "it was taken from the scheduler")

    def _lost(self, key: str, error: BaseException | None) -> Answer:
        if not self.is_there:
            raise ClusterError(f"The scheduler at {self._address} is gone.")
        if isinstance(error, KilledWorker):
            return Answer(key, {}, "its workers have died")
        if isinstance(error, ImportError):
            return Answer(key, {"refused": f"A worker cannot load awsmini ({error}): install the same version there."})
        return Answer(key, {}, _first_line(error))

    def _heard(self, event: tuple[float, Mapping[str, Any]]) -> None:
        self.news.put(event[1])

    def _stop_local(self) -> None:
        if self._local is not None:
            with suppress(Exception):
                self._local.close(timeout=GRACE)
            self._local = None


def _opened(answer: Sealed) -> Mapping[str, Any]:
    import json

    found: Mapping[str, Any] = json.loads(answer.content)
    return found


def _local_cluster(workers: int) -> Any:
    """A scheduler in this process, and workers beside it. Only who holds their certificate can talk to them."""
    # What lies in the current folder must not be taken for a module of Python's.
    os.environ["PYTHONSAFEPATH"] = "1"
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        dashboard_address=":0",
        memory_limit=0,
        silence_logs=logging.CRITICAL,
        security=Security.temporary(),
        protocol="tls",
    )


def _knock(url: str, timeout: float) -> None:
    """Raises ClusterError where nobody listens: found out at once."""
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "", parts.port or DEFAULT_PORT), timeout).close()
    except (OSError, ValueError) as error:
        raise ClusterError(f"--cluster: no scheduler answers at {url}: {error}") from None


def _hush(debug: bool) -> None:
    """What the engine underneath has to say is for --debug."""
    for name in ("distributed", "tornado", "asyncio"):
        logging.getLogger(name).setLevel(logging.DEBUG if debug else logging.CRITICAL)
    if not sys.warnoptions:
        import warnings

        warnings.simplefilter("ignore")


def _first_line(error: object) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__
