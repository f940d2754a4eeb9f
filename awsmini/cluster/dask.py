"""The only place that knows Dask's `distributed`: a scheduler is found or started, orders go out, answers come in.

with Cluster(address, run, timeout) as cluster:
    cluster.submit("piece-1", {…})
    for answer in cluster.answers(0.2):
        ...
"""

import json
import logging
import os
import pickle
import signal
import socket
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from multiprocessing import current_process
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from types import TracebackType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from awsmini.cluster import local
from awsmini.cluster.address import Address
from awsmini.cluster.task import Call, version
from awsmini.errors import AwsminiError

try:
    import dask
    from distributed import Client, LocalCluster, WorkerPlugin, utils
    from distributed.scheduler import KilledWorker
    from distributed.security import Security
    from distributed.versions import VersionMismatchWarning
except ImportError:
    raise AwsminiError("--cluster needs Dask's distributed: pip install 'awsmini[cluster]'") from None
except Exception as error:  # a file of Dask's own configuration
    raise AwsminiError(f"--cluster: Dask cannot be loaded: {next(iter(str(error).splitlines()), '')}") from None

DEFAULT_PORT = 8786
SILENT = logging.CRITICAL + 1
LOOK = 2.0  # seconds between two looks at the workers
NO_TLS = "Dask's configuration names no certificates for TLS (distributed.comm.tls.ca-file, client.cert, client.key)."
GRACE = 5.0  # seconds that saying goodbye may take
RETRIES = 3  # of a task that failed on its worker: none of ours does
# A worker that goes away, such as a preempted one, is no error of the task that it had.
_SETTINGS = {
    "distributed.scheduler.allowed-failures": 1_000,
    "distributed.worker.daemon": True,
    # After that time, one that has just died for the second time would be taken for one that never came back.
    "distributed.deploy.lost-worker-timeout": "1000d",
    "distributed.admin.tick.limit": "60s",
}
# What workers of this machine would do beside the work: looks at what each thread does, a hundred times a second.
_LOCAL_SETTINGS = {
    "distributed.worker.multiprocessing-method": local.METHOD,
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "500ms",
    "distributed.admin.system-monitor.interval": "2s",
    "distributed.admin.system-monitor.gil.enabled": False,
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
        self._tickets: set[str] = set()
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
                self._local = _LocalWorkers(self._address.workers)
                self._client = Client(self._local.start(), timeout=self._timeout, set_as_default=False)
            else:
                _knock(self._address.url, self._timeout)
                self._client = self._connected()
        except BaseException as error:
            self._stop_local()
            if isinstance(error, ClusterError) or not isinstance(error, Exception):
                raise
            raise ClusterError(f"--cluster: {self._address}: {_first_line(error)}") from None
        self._client.subscribe_topic(self.topic, self._heard)
        self.look()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with suppress(Exception):
            self._client.unsubscribe_topic(self.topic)
            self._client.cancel(list(self._futures.values()), force=True)
            self._clear()
        self._futures.clear()
        with suppress(Exception):
            self._client.close(timeout=GRACE if self.is_there else 0)
        self._stop_local(GRACE if kind is None else 0.5)

    def _clear(self) -> None:
        """Leave nothing behind with the scheduler."""
        if self.is_there:
            for ticket in [*self._tickets]:
                self.withdraw(ticket)
            self._client.sync(self._client.scheduler.event_clear, name=self.topic)

    def _connected(self) -> Any:
        """Whoever takes the call and then says nothing would be waited for without end. Raises what Dask does."""
        found: SimpleQueue[Any] = SimpleQueue()

        def connect() -> None:
            try:
                found.put(Client(self._address.url, timeout=self._timeout, set_as_default=False))
            except BaseException as error:
                found.put(error)

        Thread(target=connect, daemon=True).start()
        try:
            client = found.get(timeout=self._timeout + 1)
        except Empty:
            client = MemoryError()
        if isinstance(client, MemoryError):  # what others say first is taken for a huge length
            raise ClusterError(f"--cluster: what listens at {self._address} does not talk like a scheduler.") from None
        if "ssl_context" in str(client):
            client = ClusterError(f"--cluster: {self._address}: {NO_TLS}")
        if isinstance(client, BaseException):
            raise client
        return client

    @property
    def topic(self) -> str:
        """Under which workers tell."""
        return f"awsmini-{self._run}"

    def __str__(self) -> str:
        """How large it is, and where it can be watched."""
        where = f"Cluster {self._address}: {self.workers} workers, {self.threads} threads"
        return f"{where}, dashboard at {link}" if (link := self._client.dashboard_link) else where

    @property
    def is_there(self) -> bool:
        return bool(self._client.status == "running")

    @property
    def under_way(self) -> int:
        return len(self._futures)

    def submit(self, key: str, order: Mapping[str, Any], *, retries: int = RETRIES) -> None:
        """Send an order. Its key is in what `answers` hands out."""
        full = f"{self.topic}-{key}"
        call = Call({**order, "version": version(), "topic": self.topic, "key": full})
        future = self._client.submit(pickle.loads, pickle.dumps(call), key=full, pure=False, retries=retries)
        self._futures[key] = future
        future.add_done_callback(lambda _future: self._done.put(key))

    def issue(self, ticket: str) -> None:
        """Make a ticket, which one task may take. Raises ClusterError."""

        async def issued() -> None:
            await self._client.scheduler.queue_create(name=ticket)
            await self._client.scheduler.queue_put(name=ticket, data=1)

        self._tickets.add(ticket)
        self._ask(issued)

    def take(self, ticket: str) -> bool:
        """Whether the ticket was there still, so that no task can have it any more. Raises ClusterError."""
        return bool(self._ask(self._client.scheduler.queue_get, name=ticket, batch=True))

    def withdraw(self, ticket: str) -> None:
        """There is no such ticket from now on."""
        self._tickets.discard(ticket)
        self._client._send_to_scheduler({"op": "queue_release", "name": ticket})

    def mark(self) -> None:
        """Let all tasks of this run see that it is to end. Raises ClusterError."""
        self._ask(self._client.scheduler.event_set, name=self.topic)

    def _ask(self, what: Any, **arguments: Any) -> Any:
        """Raises ClusterError."""
        try:
            return self._client.sync(what, **arguments)
        except Exception as error:
            if self.is_there and not isinstance(error, OSError):
                raise ClusterError(f"The scheduler at {self._address}: {_first_line(error)}") from None
            raise ClusterError(f"The scheduler at {self._address} is gone.") from None

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
                return Answer(key, json.loads(future.result(timeout=self._timeout)))
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

    def _stop_local(self, grace: float = GRACE) -> None:
        if self._local is not None:
            self._local.stop(grace)
            self._local = None


class _Deaf(WorkerPlugin):  # type: ignore[misc]
    """Ctrl+C is for who asked for the work, and not for each process on the terminal."""

    name = "awsmini-deaf"

    def setup(self, worker: Any) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


class _LocalWorkers:
    """A scheduler in this process, and workers beside it. Only who holds their certificate can talk to them."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._stack = ExitStack()
        self._cluster: Any = None
        self._main: dict[str, Any] = {}

    def start(self) -> Any:
        """The cluster as Dask has it. Raises ClusterError."""
        if current_process().daemon:
            raise ClusterError("--cluster: a worker of a cluster cannot have workers of its own.")
        local.load()
        os.environ[local.SAFE_PATH] = "1"  # for processes that are started anew
        vars(utils)["_forkserver_preload_set"] = True  # what it would load beside, such as pandas, is of no use here
        folder = self._stack.enter_context(local.folder())
        dask.config.set({**_LOCAL_SETTINGS, "temporary-directory": folder})
        # Workers need nothing of the script that this process runs, and must not run it once more.
        main = vars(sys.modules["__main__"])
        self._main = {name: main.pop(name) for name in ("__file__", "__spec__") if name in main}
        main["__spec__"] = None
        with local.ignored_interrupts():
            self._cluster = LocalCluster(
                n_workers=self._workers,
                threads_per_worker=1,
                processes=True,
                dashboard_address="127.0.0.1:0",
                local_directory=folder,
                memory_limit=0,
                silence_logs=SILENT,
                security=Security.temporary(),
                protocol="tls",
                plugins=[_Deaf()],
            )
        return self._cluster

    def stop(self, grace: float) -> None:
        with suppress(Exception):
            self._cluster.close(timeout=grace)
        vars(sys.modules["__main__"]).update(self._main)
        self._stack.close()


def _knock(url: str, timeout: float) -> None:
    """Raises ClusterError where nobody listens: found out at once."""
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "", parts.port or DEFAULT_PORT), timeout).close()
    except (OSError, ValueError) as error:
        raise ClusterError(f"--cluster: no scheduler answers at {url}: {error}") from None


def _hush(debug: bool) -> None:
    """What the engine underneath has to say is for --debug; what it says below that has orders in it, and so secrets."""
    for name in ("distributed", "distributed.client", "tornado", "tornado.application", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING if debug else SILENT)
    if not debug:
        warnings.filterwarnings("ignore", module="distributed")
        warnings.filterwarnings("ignore", category=VersionMismatchWarning)
        warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)  # where Ctrl+C came between


def _first_line(error: object) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__
