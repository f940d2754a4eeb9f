"""The engine: tasks in, results out.

    with Engine(client, options) as engine:
        for result in engine.run(Upload(path, "bucket", key) for path, key in files):
            ...

It prints nothing and knows nothing of commands. Tasks are taken as there is room for them and results come as they
end, in any order, so that ten million objects fill no memory. The iterable of tasks may itself use the engine's
`list`, `head` and `call`: transfers go on while it waits.

Leaving the block, by an error or KeyboardInterrupt too, ends what is under way: uploads in parts are aborted,
temporary files removed. SIGTERM does the same, and then ends the process as it would have.

What is one request (small objects, listings, deletions) goes over the event loop in this thread; large objects and
streams go over a few threads. Where requests need what only the core's HTTP library can do (proxies), or are signed
in ways that call templates do not know (SigV4a), all of it goes over threads and the core: slower, to the same end.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any

from awsmini.client import Client
from awsmini.records import NOTHING, Conversions, Output
from awsmini.references import resolve_name
from awsmini.transfer.bandwidth import Bandwidth
from awsmini.transfer.core import Core
from awsmini.transfer.dispatch import Dispatch
from awsmini.transfer.garbage import rarely_collecting
from awsmini.transfer.journal import Begun, Journal
from awsmini.transfer.leftovers import clear_up, is_gone
from awsmini.transfer.loop import Loop
from awsmini.transfer.parts import place_of
from awsmini.transfer.records import DEFAULTS, Page, Result, Task, TransferOptions
from awsmini.transfer.sender import DirectSender
from awsmini.transfer.shared import Shared
from awsmini.transfer.signals import GentleSignals
from awsmini.transfer.way import goes_by_loop, goes_direct
from awsmini.transfer.workers import FIRST, Workers

PAGES = "awsmini.transfer.listing:pages"
NEXT_KEYS = "awsmini.transfer.listing:next_keys"
KEYS_OF = "awsmini.transfer.listing:keys_of"
FALLBACK_PAGES = "awsmini.transfer.fallback:fallback_pages"
HEADS_BY_LOOP = "awsmini.transfer.head_object:heads_by_loop"
HEADS_BY_THREADS = "awsmini.transfer.head_object:heads_by_threads"
FALLBACK_THREADS = 10
RESULTS_MOST = 2_000  # that wait to be handed out while tasks are taken
GRACE = (
    5.0  # seconds for requests under way, when the run is ended: an upload that is begun has to be known to be aborted
)


class Engine:
    """One client's transfers. `source` is the client that reads the sources of copies, where that is another one.

    `journal` notes what has to be cleared up if the process is killed; this machine's own, where none is given.
    """

    def __init__(
        self,
        client: Client,
        options: TransferOptions = DEFAULTS,
        source: Client | None = None,
        journal: Journal | None = None,
    ) -> None:
        self._options = options
        self._core = own_core(client)
        self._source = self._core if source is None else own_core(source)
        bandwidth = Bandwidth(options.max_bandwidth) if options.max_bandwidth else None
        most = options.max_concurrent_requests
        self._direct = goes_direct(self._core)
        self._loop = Loop(self._core.sender_options, most, bandwidth)
        threads = FIRST if self._direct else FALLBACK_THREADS
        self._workers = Workers(self._loop, most, bandwidth, threads)
        self._journal = journal or Journal(self._core.app.env)
        self._results: deque[Result] = deque()
        report, ended, workers = self._results.append, self._ended, self._workers
        self._dispatch = Dispatch(
            Shared(self._core, self._source, self._loop, self._journal, options, report, ended, workers, self._by_loop)
        )
        self._by_bucket: dict[str, bool] = {}
        self._signals = GentleSignals()
        self._swept = False
        self._closed = False

    def __enter__(self) -> "Engine":
        self._signals.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._signals.hold()
        try:
            self.close()
        finally:
            self._signals.__exit__(kind, error, at)

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """One result for each task. A failed one is a Result with its error; what `tasks` raises comes out here."""
        self.sweep()
        with rarely_collecting():
            yield from self._results_of(tasks)

    def _results_of(self, tasks: Iterable[Task]) -> Iterator[Result]:
        results, dispatch, loop = self._results, self._dispatch, self._loop
        iterator = iter(tasks)
        exhausted = False
        while True:
            while not exhausted and dispatch.has_room and len(results) < RESULTS_MOST:
                task = next(iterator, None)
                if task is None:
                    exhausted = True
                    dispatch.flush()
                else:
                    dispatch.start(task)
            loop.wanted_more = loop.wanted_more or not exhausted
            while results:
                yield results.popleft()
            if exhausted and not dispatch.is_busy:
                return
            loop.turn(0.0 if results else 0.5)

    def list(
        self,
        bucket: str,
        prefix: str = "",
        *,
        delimiter: str | None = None,
        page_size: int | None = None,
        start_after: str | None = None,
        params: Mapping[str, Any] = NOTHING,
        source: bool = False,
    ) -> Iterator[Page]:
        """The pages of ListObjectsV2; the next one is asked for before this one is handed out. Raises ClientError.

        `params` are further members (RequestPayer, FetchOwner …); `source`: asked by the client of sources.
        """
        own = {"Delimiter": delimiter, "MaxKeys": page_size, "StartAfter": start_after}
        asked = {"Prefix": prefix, **params, **{name: value for name, value in own.items() if value is not None}}
        if not self._by_loop(bucket):
            core = self._source if source else self._core
            found: Iterator[Page] = resolve_name(FALLBACK_PAGES)(
                core, self._workers, self._loop, {"Bucket": bucket, **asked}
            )
            return found
        shared = self._dispatch.shared
        templates = shared.source_templates if source else shared.templates
        pages: Iterator[Page] = resolve_name(PAGES)(self._loop, templates, bucket, asked, self._dispatch.waited_for)
        return pages

    def next_keys(
        self,
        bucket: str,
        prefix: str,
        keys: Sequence[str],
        most: int,
        params: Mapping[str, Any] = NOTHING,
        *,
        source: bool = False,
    ) -> Sequence[Sequence[str]]:
        """For each of the keys the first ones behind it that begin with `prefix`. Raises ClientError, SendError."""
        asked = {"Prefix": prefix, "MaxKeys": most, **params}
        if not self._by_loop(bucket):
            pages = (
                self.list(bucket, prefix, page_size=most, start_after=key, params=params, source=source) for key in keys
            )
            return [resolve_name(KEYS_OF)(next(each)) for each in pages]
        shared = self._dispatch.shared
        templates = shared.source_templates if source else shared.templates
        found: Sequence[Sequence[str]] = resolve_name(NEXT_KEYS)(
            self._loop, templates, bucket, asked, keys, self._dispatch.waited_for
        )
        return found

    def head(self, bucket: str, key: str, params: Mapping[str, Any] = NOTHING, *, source: bool = False) -> Output:
        """The output of HeadObject. Raises ClientError."""
        return self.call("HeadObject", {"Bucket": bucket, "Key": key, **params}, source=source)

    def heads(
        self, bucket: str, keys: Sequence[str], params: Mapping[str, Any] = NOTHING, *, source: bool = False
    ) -> Sequence[Mapping[str, str]]:
        """The headers that HeadObject answers for each of the keys. Raises ClientError, SendError."""
        found: list[Mapping[str, str]] = []
        for each in self.looks(bucket, keys, params, source=source):
            if isinstance(each, Exception):
                raise each
            found.append(each)
        return found

    def looks(
        self, bucket: str, keys: Sequence[str], params: Mapping[str, Any] = NOTHING, *, source: bool = False
    ) -> Sequence[Mapping[str, str] | Exception]:
        """The same, with the ClientError or SendError in the place of headers that there are none of."""
        if not self._by_loop(bucket):
            core = self._source if source else self._core
            found: Sequence[Mapping[str, str] | Exception] = resolve_name(HEADS_BY_THREADS)(
                core, self._workers, self._loop, bucket, keys, params
            )
            return found
        shared = self._dispatch.shared
        templates = shared.source_templates if source else shared.templates
        heads: Sequence[Mapping[str, str] | Exception] = resolve_name(HEADS_BY_LOOP)(
            self._loop, templates, bucket, keys, params, self._dispatch.waited_for
        )
        return heads

    def call(
        self,
        operation_name: str,
        params: Mapping[str, Any],
        *,
        source: bool = False,
        conversions: Conversions | None = None,
    ) -> Output:
        """Any other API call, as the client makes it, but sent the engine's way. Raises ClientError.

        `conversions` tell what timestamps and blobs become where they are not to be Python's own.
        """
        return (self._source if source else self._core).call(operation_name, params, conversions)

    def sweep(self) -> None:
        """Clear up after runs that were killed. `run` does it; whoever looks at folders before, asks for it."""
        if not self._swept:
            self._swept = True
            clear_up(self._core, self._journal)

    def abort(self, begun: Begun) -> bool:
        """Abort an upload in parts that another process began and cannot end. Raises ClientError, SendError."""
        return begun.place == place_of(self._core) and is_gone(self._core, begun)

    def close(self) -> None:
        """End what is under way, and undo what is half done."""
        if self._closed:
            return
        self._closed = True
        interrupted = self._dispatch.is_busy
        senders = [core.sender for core in {self._core, self._source}]
        try:
            if interrupted:
                self._workers.stop()
                if not self._workers.join(GRACE):
                    for sender in senders:
                        if isinstance(sender, DirectSender):
                            sender.interrupt()
                            sender.resume()
            self._dispatch.stop()
        finally:
            self._workers.join()
            if interrupted:
                self._journal.clear_folders()
            self._loop.close()
            for core in {self._core, self._source}:
                core.close()
            self._journal.close()

    def _by_loop(self, bucket: str) -> bool:
        """Whether the loop can send requests to a bucket."""
        if not self._direct:
            return False
        known = self._by_bucket.get(bucket)
        if known is None:
            known = self._by_bucket[bucket] = goes_by_loop(self._core, bucket)
        return known

    def _ended(self, transfer: Any) -> None:
        self._dispatch.ended(transfer)


def own_core(client: Client) -> Core:
    """The client's core, going over connections of our own where it can."""
    core = Core(client)
    return Core(client, DirectSender) if goes_direct(core) else core
