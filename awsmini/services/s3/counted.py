"""A transfer as a worker of a cluster does it: it counts, tells how far it is, and keeps what it would print.

The engine of one shard is kept for the next one, as are its connections.
"""

import json
from collections.abc import Callable, Mapping
from io import StringIO
from threading import Lock, Timer, get_ident
from time import monotonic
from typing import Any

from awsmini.client import Client
from awsmini.commandline.invocation import Invocation
from awsmini.services.s3 import paths, transfer
from awsmini.services.s3.json_lines import JsonPrinter
from awsmini.services.s3.order import Place, UnorderedError, UnwantedError
from awsmini.services.s3.printing import Printer, told
from awsmini.transfer.engine import Engine
from awsmini.transfer.journal import Begun, Journal
from awsmini.transfer.records import Delete, Result, Task, TransferOptions

PULSE = 1.0  # seconds between two words on how far it is
IDLE = 10.0  # seconds after which an engine without work is closed


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
        self._count(task)
        self.pulse()

    def deleted_file(self, path: str) -> None:
        super().deleted_file(path)
        self.deleted += 1

    def dryrun(self, task: Task, error: object = None) -> None:
        super().dryrun(task, error)
        self._count(task)

    def _count(self, task: Task) -> None:
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
        self.printer.paths = paths.RelativePaths(values.get("here"))
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
