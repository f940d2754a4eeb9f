"""What a worker of a cluster does of a transfer: one stretch of keys, as one machine would do all of them.

Orders come as plain values and so do answers, so that they can go from one machine to another.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ClientError
from awsmini.services.s3 import paths, transfer
from awsmini.services.s3.careful_sync import CarefulSync
from awsmini.services.s3.counted import Counted
from awsmini.services.s3.job import Job, job
from awsmini.services.s3.large_folders import kept_names
from awsmini.services.s3.order import LISTED, Order, Place, UnorderedError, UnseenError
from awsmini.services.s3.places import client_of
from awsmini.services.s3.printing import told
from awsmini.services.s3.questions import abort, cut, sums
from awsmini.services.s3.task_makers import Maker
from awsmini.services.s3.usage import buckets
from awsmini.transfer.blocks import Block, Stretch, stretches
from awsmini.transfer.budget import Budget
from awsmini.transfer.compare import Difference, Rules, differences
from awsmini.transfer.engine import Engine
from awsmini.transfer.listing_source import DisorderError, entries, in_order
from awsmini.transfer.local import Entry, LeftOut, walk
from awsmini.transfer.records import MB, Download, Page, Result, Upload
from awsmini.transfer.seam import Listing
from awsmini.transfer.span import Span

OBJECTS = 5_000  # transfers of one shard: so many that what a task costs is little beside them
BYTES = 512 * MB
_GONE = ("404", "NoSuchKey", "412", "PreconditionFailed")


def work(given: Mapping[str, Any], invocation: Invocation, place: Place) -> dict[str, Any]:
    """The answer to an order; what ended it ahead of time is its `error`."""
    try:
        return _worked(given, invocation, place)
    except (UnorderedError, UnseenError) as error:
        return {"error": str(error), "is_final": True}
    except AwsminiError as error:
        return {"error": told(error), "code": error.exit_code}


def _worked(given: Mapping[str, Any], invocation: Invocation, place: Place) -> dict[str, Any]:
    """Each kind of order has a function below. Raises AwsminiError."""
    kept = frozenset(given.get("kept", ()))
    order = Order(given["command"], given["values"], Span(*given["span"]), given.get("deletions", "due"), kept)
    if given["do"] == "cut":
        return {"keys": cut(order, given["parts"], invocation)}
    if given["do"] == "abort":
        return {"left": abort(given["uploads"], invocation)}
    if given["do"] == "buckets":
        with Engine(client_of(invocation)) as engine:
            return {"places": list(buckets(engine))}
    if order.command == "du":
        return sums(order, invocation, place)
    return _shard(order, invocation, place)


def _shard(order: Order, invocation: Invocation, place: Place) -> dict[str, Any]:
    """Transfer what the span holds, or the beginning of it: `rest` is what is left then."""
    made = job(order.command, order.values)
    for side in (made.source, made.target):
        if side.kind == "local" and not order.values.get("dryrun") and not os.path.isdir(side.root):
            raise UnseenError(side.root)
    shard = (_SyncShard if made.command == "sync" else _Shard)(made, order, invocation, place)
    found = shard.done()
    return {
        **found,
        "rest": shard.budget.rest(order.span),
        "listed": shard.budget.taken,
        "due": shard.due_deletions,
        "kept": list(getattr(getattr(shard, "maker", None), "detours", ())),
    }


class _Shard(Counted):
    """One stretch of keys."""

    maker: Maker  # of a sync

    def __init__(self, made: Job, order: Order, invocation: Invocation, place: Place) -> None:
        super().__init__(made, invocation, transfer.settings_for(made, invocation), None)
        self.order = order
        self.begin(place)
        self.budget = Budget(LISTED)
        self.due_deletions = 0
        self._objects = self._bytes = 0
        self._warnings: list[tuple[str, str]] = []
        self._listings: dict[bool, Listing] = {}

    def _side_found(self, location: paths.Location, source: bool, checked: bool) -> Iterator[Entry]:
        """Raises UnorderedError."""
        try:
            yield from self._watched(super()._side_found(location, source, checked=True))
            self._check_end(source)
        except DisorderError:
            raise UnorderedError from None

    def _check_end(self, source: bool) -> None:
        """Raises DisorderError where the next span would not begin where a listing has been left."""
        end = self.order.span.until if self.budget.cut is None else self.budget.cut
        if source in self._listings and end is not None:
            self._listings[source].check_end(end)

    def _files(self, root: str, left_out: LeftOut | None) -> Iterator[Entry]:
        return walk(
            root,
            self._warn,
            follow_symlinks=self.follow,
            left_out=left_out,
            span=self.order.span,
            read_names=kept_names,
            warn_of=self._warn_of,
        )

    def _warn_of(self, key: str, message: str) -> None:
        """A warning of a walk. Others may come by there, but one shard alone has the key, and tells once."""
        span = self.order.span
        if self.order.deletions != "only" and (span.holds(key) or not (key or span.after)):
            self._warnings.append((key, message))

    def carry_out(self, engine: Engine) -> None:
        try:
            super().carry_out(engine)
        finally:
            for key, message in self._warnings:
                if not self.budget.is_over(key):
                    self._warn(message)

    def _pages(self, bucket: str, prefix: str, source: bool) -> Iterator[Page]:
        span = self.order.span
        if not self.in_order:
            how = {"params": self.payer, "source": source}
            found = self._listings[source] = Listing(self.engine, bucket, prefix, span, self.job.page_size, how)
            return found.pages()
        pages = self.engine.list(
            bucket,
            prefix,
            page_size=self.job.page_size,
            start_after=prefix + span.after if span.after else None,
            params=self.payer,
            source=source,
        )
        return span.pages(pages, prefix)

    def _watched(self, found: Iterable[Entry]) -> Iterator[Entry]:
        """Raises UnwantedError."""
        for taken, entry in enumerate(self.budget.watched(found), 1):
            yield entry
            if not taken % 1000:
                self.printer.pulse()

    def _entries(self, maker: Any) -> Iterator[Entry]:
        for entry in super()._entries(maker):
            self._weigh(entry)
            yield entry

    def _differences(self) -> Iterator[Difference]:
        wanted = self.order.deletions
        rules = self._rules()
        by_stretches = (
            (self.source.kind, self.target.kind) == ("s3", "s3")
            and not (self.filters or rules.look or rules.always or self._holds_destination)
        )  # fmt: skip
        for difference in self._by_stretches(rules) if by_stretches else super()._differences():
            if self.budget.is_over(difference.entry.key):
                continue
            if difference.deleted:
                if difference.entry.key in self.order.kept:
                    continue
                if wanted == "count":
                    self.due_deletions += self._goes(self.maker, difference.entry.key)
                    continue
            elif wanted == "only":
                continue
            self._weigh(difference.entry)
            yield difference

    def _tell(self, result: Result) -> None:
        task = result.task
        if result.error is not None and getattr(task, "move", False) and self._has_moved(task, result.error):
            result = Result(task)
        super()._tell(result)

    def _has_moved(self, task: Any, error: Exception) -> bool:
        """Whether another worker, which was taken for gone, has moved it meanwhile."""
        if isinstance(error, ClientError):
            if error.response["Error"].get("Code") not in _GONE:
                return False
        elif not isinstance(error, FileNotFoundError):
            return False
        if isinstance(task, Upload):
            source, target = self._size_of("", task.source), self._size_of(task.bucket, task.key)
        elif isinstance(task, Download):
            source, target = self._size_of(task.bucket, task.key, source=True), self._size_of("", task.target)
        else:
            source = self._size_of(task.source_bucket, task.source_key, source=True)
            target = self._size_of(task.bucket, task.key)
        return source is None and target == task.size

    def _size_of(self, bucket: str, name: Any, *, source: bool = False) -> int | None:
        """None: it is not there."""
        if not bucket:
            return os.stat(name).st_size if os.path.exists(name) else None
        found = next(iter(self.engine.list(bucket, name, page_size=1, params=self.payer, source=source)), None)
        return next((each.size for each in found.objects if each.key == name), None) if found else None

    def _by_stretches(self, rules: Rules) -> Iterator[Difference]:
        """The same of two listings. Raises UnorderedError, UnwantedError."""
        held: list[Difference] = []
        settled, times = "", not rules.size_only and not rules.no_overwrite
        sides = (self.source, True), (self.target, False)
        ours, theirs = (self._pages(side.bucket, side.root, source) for side, source in sides)
        if self.in_order:  # others are watched anyway
            ours, theirs = in_order(ours), in_order(theirs)
        try:
            for stretch in stretches(ours, theirs, (self.source.root, self.target.root)):
                if self.budget.ends(settled):
                    break
                self.printer.pulse()
                settled = stretch.until
                if stretch.is_even(times=times):
                    self.budget.passed(2 * len(stretch.ours.keys))
                    continue
                for difference in self._compared(stretch, rules):
                    if difference.deleted and not self.in_order:
                        held.append(difference)
                    else:
                        yield difference
            for _, source in sides:
                self._check_end(source)
        except DisorderError:
            raise UnorderedError from None
        yield from held

    def _compared(self, stretch: Stretch, rules: Rules) -> Iterator[Difference]:
        def side(block: Block, root: str) -> Iterator[Entry]:
            return self.budget.watched(entries([Page(block.objects, [])], root))

        ours, theirs = side(stretch.ours, self.source.root), side(stretch.theirs, self.target.root)
        return differences(lambda _checked: ours, lambda _checked: theirs, rules)

    def _weigh(self, entry: Entry) -> None:
        """Take no more than is enough for a shard."""
        self._objects += 1
        self._bytes += entry.size
        if self._objects >= OBJECTS or self._bytes >= BYTES:
            self.budget.exhaust()


class _SyncShard(_Shard, CarefulSync):
    """One stretch of a sync."""
