"""What a worker of a cluster does of a transfer: one stretch of keys, as one machine would do all of them.

Orders come as plain values and so do answers, so that they can go from one machine to another.
"""

import json
import os
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from io import StringIO
from threading import Lock, Timer, get_ident
from time import monotonic
from typing import Any, NamedTuple, Protocol

from awsmini.client import Client
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ClientError
from awsmini.services.s3 import paths, request_params, transfer
from awsmini.services.s3.careful_sync import CarefulSync
from awsmini.services.s3.job import Job, job
from awsmini.services.s3.json_lines import JsonPrinter
from awsmini.services.s3.places import client_of
from awsmini.services.s3.printing import Printer, told
from awsmini.services.s3.task_makers import Maker
from awsmini.services.s3.usage import Sums, buckets, listed
from awsmini.transfer.blocks import Block, Stretch, stretches
from awsmini.transfer.budget import Budget
from awsmini.transfer.compare import Difference, Rules, differences
from awsmini.transfer.engine import Engine
from awsmini.transfer.journal import Begun, Journal
from awsmini.transfer.listing_source import DisorderError, entries, in_order
from awsmini.transfer.local import Entry, LeftOut, Names, Warn, names_in, walk
from awsmini.transfer.records import MB, Delete, Download, Page, Result, Task, TransferOptions, Upload
from awsmini.transfer.seam import Listing
from awsmini.transfer.span import Span
from awsmini.transfer.split import FIRST_KEYS, by_asking, by_folders, cuts

OBJECTS = 5_000  # transfers of one shard: so many that what a task costs is little beside them
BYTES = 512 * MB
LISTED = 100_000  # entries of both sides that one shard looks at
PULSE = 1.0  # seconds between two words on how far it is
LARGE = 2_000  # names from which on those of a folder are kept: the next shard asks for them again
KEPT = 4  # such folders
_GONE = ("404", "NoSuchKey", "412", "PreconditionFailed")
IDLE = 10.0  # seconds after which an engine without work is closed
SETTLED = 2_000_000_000  # nanoseconds after a change from which on the time of a folder tells of further ones


class Place(Protocol):
    """Where an order is carried out, as far as that has to be known."""

    def tell(self, **news: Any) -> None:
        """Let whoever gave the order know, some time soon."""

    def note(self, **news: Any) -> None:
        """The same, but it comes back when the news are where they do not get lost."""

    @property
    def is_wanted(self) -> bool:
        """Whether somebody waits for the answer still."""


class UnwantedError(AwsminiError):
    """Nobody waits for the answer any more."""

    def __init__(self) -> None:
        super().__init__("Whoever asked for this has gone.")


class UnorderedError(AwsminiError):
    """Only a listing in order can be cut into shards."""

    def __init__(self) -> None:
        super().__init__(
            "The server does not list in the order of the keys, as S3 does, so that the work cannot be shared out: do "
            "it without --cluster."
        )


class UnseenError(AwsminiError):
    """A folder that is no folder of this worker's."""

    def __init__(self, path: str) -> None:
        super().__init__(f"--shared-paths: the worker on {socket.gethostname()} does not see {path}")


class Order(NamedTuple):
    """What is to be done. `deletions` of a sync are done with the rest (`due`), only counted, or are `only` done."""

    command: str
    values: Mapping[str, Any]
    span: Span
    deletions: str = "due"


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
    order = Order(given["command"], given["values"], Span(*given["span"]), given.get("deletions", "due"))
    if given["do"] == "cut":
        return {"keys": _cut(order, given["parts"], invocation)}
    if given["do"] == "abort":
        return {"left": _abort(given["uploads"], invocation)}
    if given["do"] == "buckets":
        with Engine(client_of(invocation)) as engine:
            return {"places": list(buckets(engine))}
    if order.command == "du":
        return _sums(order, invocation, place)
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
    }


class _Counting(Printer):
    """Counts, and keeps what would be printed."""

    stdout: StringIO
    stderr: StringIO
    watches = True

    def begin(self, place: Place) -> None:
        self.place = place
        self.objects = self.bytes = self.deleted = 0
        self._live = 0  # bytes, of transfers under way too
        self._told = monotonic()

    def moved(self, task: Task, count: int) -> None:
        self._live += count
        self.pulse()

    def succeeded(self, task: Task, result: Result | None = None) -> None:
        super().succeeded(task, result)
        if isinstance(task, Delete):
            self.deleted += 1
        else:
            self.objects += 1
            self.bytes += task.size or 0
        self.pulse()

    def deleted_file(self, path: str) -> None:
        super().deleted_file(path)
        self.deleted += 1

    def dryrun(self, task: Task, error: object = None) -> None:
        super().dryrun(task, error)
        if isinstance(task, Delete):
            self.deleted += 1
        else:
            self.objects += 1
            self.bytes += task.size or 0

    def dryrun_file(self, path: str) -> None:
        super().dryrun_file(path)
        self.deleted += 1

    def pulse(self) -> None:
        """Say how far it is, now and then. Raises UnwantedError."""
        now = monotonic()
        if now - self._told > PULSE:
            self._told = now
            if not self.place.is_wanted:
                raise UnwantedError
            live = max(self.bytes, self._live)
            self.place.tell(objects=self.objects, deleted=self.deleted, bytes=live, failed=self.failed)


class _ShardPrinter(_Counting):
    pass


class _JsonShardPrinter(_Counting, JsonPrinter):
    pass


class _Noted(Journal):
    """Tells of uploads that are begun, so that somebody else can abort them if this process is killed."""

    def __init__(self, env: Mapping[str, str], link: "_Kept") -> None:
        super().__init__(env)
        self._link = link

    def note_begun(self, begun: Begun) -> int:
        mark = super().note_begun(begun)
        self._link.place.note(mark=self._unique(mark), upload=list(begun))
        return mark

    def note_id(self, mark: int, upload_id: str) -> None:
        super().note_id(mark, upload_id)
        self._link.place.note(mark=self._unique(mark), id=upload_id)

    def note_ended(self, mark: int) -> None:
        super().note_ended(mark)
        self._link.place.tell(mark=self._unique(mark))

    def _unique(self, mark: int) -> str:
        """Among all processes of the run, those too that had this shard before."""
        return f"{self.secret[:8]}-{mark}"


class _Kept:
    """An engine, and the shard that it works for at the moment."""

    made: Engine
    printer: _Counting
    place: Place

    def __init__(self, key: tuple[str, Invocation]) -> None:
        self.key = key
        self.idle_since = 0.0

    def engine(self, client: Client, options: TransferOptions, source: Client | None, env: Mapping[str, str]) -> Engine:
        return Engine(client, options._replace(progress=self._moved), source, _Noted(env, self))

    def _moved(self, task: Task, count: int) -> None:
        self.printer.moved(task, count)


_idle: dict[int, _Kept] = {}  # by thread
_idle_lock = Lock()


def _take(key: tuple[str, Invocation], make: Callable[[_Kept], Engine]) -> _Kept:
    """The engine of this thread's last shard, or a new one."""
    with _idle_lock:
        kept = _idle.pop(get_ident(), None)
    if kept is not None and kept.key != key:
        kept.made.close()
        kept = None
    if kept is None:
        kept = _Kept(key)
        kept.made = make(kept)
    return kept


def _give_back(kept: _Kept | None) -> None:
    """Keep an engine open for the next shard, which mostly comes at once."""
    assert kept is not None
    kept.idle_since = monotonic()
    with _idle_lock:
        _idle[get_ident()] = kept
    timer = Timer(IDLE, _close_idle)
    timer.daemon = True
    timer.start()


def _close_idle() -> None:
    with _idle_lock:
        late = [thread for thread, kept in _idle.items() if monotonic() - kept.idle_since >= IDLE - 0.1]
        closing = [_idle.pop(thread) for thread in late]
    for kept in closing:
        kept.made.close()


class Counted(transfer.Transfer):
    """A transfer that counts, tells how far it is, and keeps what it would print."""

    printer: _Counting
    place: Place
    _kept: _Kept | None = None

    def begin(self, place: Place) -> None:
        values, self.place = self.job.values, place
        self.printer = (_JsonShardPrinter if values.get("json") else _ShardPrinter)(
            StringIO(),
            StringIO(),
            quiet=bool(values.get("quiet")),
            errors_only=bool(values.get("only_show_errors")) or not (values.get("json") or values.get("dryrun")),
            progress=False,
        )
        self.printer.begin(place)

    def done(self) -> dict[str, Any]:
        """Do it: what came of it. Raises UnwantedError."""
        fatal = None
        try:
            self.carry_out(self.prepared())
        except (UnwantedError, UnorderedError):
            self._drop()
            raise
        except Exception as error:  # whatever it is, it ends this shard and is told in one line
            self._drop()
            fatal = told(error)
        else:
            _give_back(self._kept)
        printer = self.printer
        printer.flush()
        return {
            "objects": printer.objects,
            "bytes": printer.bytes,
            "deleted": printer.deleted,
            "failed": printer.failed,
            "warned": printer.warned,
            "out": printer.stdout.getvalue(),
            "err": printer.stderr.getvalue(),
            "fatal": fatal,
        }

    def _engine(self, client: Client, options: TransferOptions, source: Client | None) -> Engine:
        """That of the shard before, whose connections are open, where that was of the same run."""
        key = json.dumps([self.job.command, self.job.values], default=repr), self.invocation
        self._kept = kept = _take(key, lambda link: link.engine(client, options, source, self.invocation.app.env))
        kept.printer, kept.place = self.printer, self.place
        return kept.made

    def _drop(self) -> None:
        """End what is under way."""
        if self._kept is not None:
            self._kept.made.close()


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
            read_names=_kept_names,
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


def _kept_names(folder: str, warn: Warn, follow_symlinks: bool) -> Names | None:
    """What is in a folder; a large one is not read again while it does not change."""
    key = folder, follow_symlinks
    with suppress(OSError):
        changed = os.stat(folder).st_mtime_ns
        if key in _names and _names[key][0] == changed and time.time_ns() - changed > SETTLED:
            return _names[key][1]
        found = names_in(folder, warn, follow_symlinks)
        if found is not None and len(found) >= LARGE:
            if len(_names) >= KEPT:
                _names.clear()
            _names[key] = changed, found
        return found
    return names_in(folder, warn, follow_symlinks)


_names: dict[tuple[str, bool], tuple[int, Names]] = {}  # of large folders, and when these had changed last


# what else a run asks


def _cut(order: Order, parts: int, invocation: Invocation) -> list[str]:
    """Keys at which the span falls into that many parts of about one size."""
    if order.command == "du":
        return _cut_listing(order, parts, invocation, order.values["bucket"], order.values["prefix"])
    made = job(order.command, order.values)
    found = _cut_side(order, parts, invocation, made, made.source)
    if not found and made.command == "sync":
        found = _cut_side(order, parts, invocation, made, made.target)
    return found


def _cut_side(order: Order, parts: int, invocation: Invocation, made: Job, side: paths.Location) -> list[str]:
    if side.kind == "s3":
        return _cut_listing(order, parts, invocation, side.bucket, side.root, made)
    follow = bool(made.values.get("follow_symlinks", True))

    def read(folder: str) -> list[str]:
        found = _kept_names(side.root + folder, _unheard, follow) or ()
        return [name for name, _, _ in order.span.reached(found, folder)]

    return cuts(parts, by_folders(read))


def _cut_listing(
    order: Order, parts: int, invocation: Invocation, bucket: str, prefix: str, made: Job | None = None
) -> list[str]:
    """Raises ClientError, SendError."""
    payer = request_params.payer(order.values)
    client = client_of(invocation)
    if made is not None and made.kind == "copy" and bucket == made.source.bucket:
        client = transfer.source_client(made, invocation) or client
    with Engine(client) as engine:

        def next_keys(keys: Sequence[str]) -> list[list[str]]:
            found = engine.next_keys(bucket, prefix, [prefix + key for key in keys], FIRST_KEYS, payer)
            return [[key[len(prefix) :] for key in each] for each in found]

        return cuts(parts, by_asking(order.span, next_keys))


def _unheard(_message: str) -> None:
    """The shard that comes there tells."""


def _abort(uploads: Sequence[Sequence[Any]], invocation: Invocation) -> list[Sequence[Any]]:
    """Abort uploads whose worker is gone; those come out that could not be."""
    left = []
    with Engine(client_of(invocation)) as engine:
        for upload in uploads:
            try:
                done = engine.abort(Begun(*upload))
            except AwsminiError:
                done = False
            if not done:
                left.append(upload)
    return left


def _sums(order: Order, invocation: Invocation, place: Place) -> dict[str, Any]:
    """What `du` counts in the span, or in the beginning of it, which ends behind all versions of a key."""
    values, span = order.values, order.span
    bucket, prefix = values["bucket"], values["prefix"]
    sums, last, rest = Sums(prefix, values["depth"]), "", None
    until = None if span.until is None else prefix + span.until
    with Engine(client_of(invocation)) as engine:
        for page in listed(engine, values, bucket, prefix, prefix + span.after if span.after else ""):
            keys = [last, *(key for key, _ in page)]
            if keys != sorted(keys):
                raise UnorderedError
            last = keys[-1]
            found = page if until is None or last <= until else [each for each in page if each[0] <= until]
            is_over = len(found) < len(page)
            if not is_over and sums.all.objects + len(found) >= LISTED:
                whole = [each for each in found if each[0] != last] if values.get("versions") else found
                if whole:
                    found, rest = whole, Span(whole[-1][0][len(prefix) :], span.until)
            sums.add(found)
            if is_over or rest is not None:
                break
            if not place.is_wanted:
                raise UnwantedError
    return {"rest": rest, **sums.plain()}
