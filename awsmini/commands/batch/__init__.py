"""`awsmini batch`: many command lines in one process, which share models, clients, connections and credentials."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from typing import BinaryIO, NamedTuple, TextIO

from awsmini.app import App
from awsmini.commandline.globals import OPTIONS
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.commandline.parser import parse
from awsmini.commandline.pool import Pool
from awsmini.commandline.shared import Shared
from awsmini.commandline.verbs import only_reads
from awsmini.commands.batch.journal import Journal, write_all
from awsmini.commands.batch.lines import Item, read
from awsmini.commands.run import INTERRUPTED, run_shared
from awsmini.errors import AwsminiError, ParamValidationError, UsageError
from awsmini.format.output import unwritten
from awsmini.params.arguments import flag, option

JOBS = 8
_SECONDS = {"s": 1, "m": 60, "h": 3600}
_COMMAND = option("command", positional=True, nargs="?")


class Outcome(NamedTuple):
    """What became of an item. Without a code it may have been done or not: an earlier run was killed over it."""

    item: Item
    key: str
    code: int | None
    seconds: float = 0.0
    stdout: bytes = b""
    stderr: bytes = b""


class Tally:
    """How many lines ended how."""

    def __init__(self) -> None:
        self.done = self.failed = self.unknown = self.before = 0

    def count(self, code: int | None, *, before: bool = False) -> None:
        self.before += before
        if code is None:
            self.unknown += 1
        elif code:
            self.failed += 1
        else:
            self.done += 1

    def __str__(self) -> str:
        parts = [f"{self.done} done", f"{self.failed} failed"]
        parts += [f"{self.unknown} unknown (under way when an earlier run was killed)"] * bool(self.unknown)
        return ", ".join(parts) + (f"; {self.before} of them in earlier runs" if self.before else "")


def run(invocation: Invocation, values: Values) -> int:
    """Run the lines; the exit code is 1 where one failed."""
    app = invocation.app
    jobs, pause = values.get("jobs", JOBS), _pause(values.get("rate"))
    if jobs < 1:
        raise ParamValidationError("--jobs is at least 1.")
    with ExitStack() as stack:
        stream = _opened(values.get("file", "-"), app, stack)
        if (start := _place(stream)) is not None:  # nothing is called where a line is wrong
            for item in read(stream, values.get("template")):
                if item.problem:
                    raise ParamValidationError(item.problem)
            stream.seek(start)
        journal = stack.enter_context(closing(Journal(values["journal"]))) if "journal" in values else None
        results = _results(values, stack) if "results" in values else None
        batch = _Batch(Shared(app, invocation.flags, threads=jobs), values, journal)
        items = _spaced(batch.to_do(read(stream, values.get("template"))), pause, app)
        pool = Pool(batch.run, items, jobs, in_order=bool(values.get("keep_order")))
        stack.enter_context(pool.patient())
        for outcome in pool.results():
            _put_out(outcome, app, results, values)
            batch.ended(outcome)
            if outcome.code and values.get("stop_on_error"):
                pool.stop()
    tally = batch.tally
    if tally.failed or tally.unknown:
        app.stderr.write(f"awsmini batch: {tally}.\n")
    return INTERRUPTED if pool.interrupted else 1 if tally.failed or tally.unknown else 0


class _Batch:
    """The lines of one run, and what was noted of them."""

    def __init__(self, shared: Shared, values: Values, journal: Journal | None) -> None:
        self._shared = shared
        self._journal = journal
        self._retry_failed = bool(values.get("retry_failed"))
        self._retry_unknown = bool(values.get("retry_unknown"))
        self.tally = Tally()

    def to_do(self, items: Iterable[Item]) -> Iterator[tuple[Item, str]]:
        """The items that have not ended in an earlier run, with their names in the journal."""
        for item in items:
            key = self._journal.key(item) if self._journal else ""
            code = self._journal.codes.get(key) if self._journal else None
            if code is None or (code and self._retry_failed):
                yield item, key
            else:
                self.tally.count(code, before=True)

    def run(self, what: tuple[Item, str]) -> Outcome:
        item, key = what
        if item.problem:
            return Outcome(item, key, UsageError.exit_code, stderr=f"awsmini batch: {item.problem}\n".encode())
        if self._journal:
            if key in self._journal.open and not self._retry_unknown and not _only_reads(item.words):
                return Outcome(item, key, None)
            self._journal.begin(key)
        line = self._shared.line()
        began = time.perf_counter()
        code = run_shared(line.app, item.words, self._shared)
        seconds = time.perf_counter() - began
        return Outcome(item, key, code, seconds, line.stdout.content(), line.stderr.content())

    def ended(self, outcome: Outcome) -> None:
        self.tally.count(outcome.code)
        if self._journal and outcome.code is not None and not outcome.item.problem:
            self._journal.end(outcome.key, outcome.code)


def _only_reads(words: Iterable[str]) -> bool:
    try:
        parsed = parse(list(words), [*OPTIONS, _COMMAND])
    except UsageError:
        return True  # it ends before anything is called
    return only_reads([parsed.values.get("command", ""), *parsed.leftovers])


def _opened(path: str, app: App, stack: ExitStack) -> TextIO:
    if path == "-":
        return app.stdin
    try:
        return stack.enter_context(open(path, encoding="utf-8-sig", errors="surrogateescape", newline=""))
    except OSError as error:
        raise ParamValidationError(f"{path}: {error.strerror}") from None


def _place(stream: TextIO) -> int | None:
    """Where the stream begins; None where it cannot be read a second time."""
    try:
        return stream.tell() if stream.seekable() else None
    except OSError:
        return None


def _results(values: Values, stack: ExitStack) -> BinaryIO:
    """A journal's run goes on in the file of the one before it."""
    path = values["results"]
    try:
        return stack.enter_context(open(path, "ab" if "journal" in values else "wb", buffering=0))
    except OSError as error:
        raise ParamValidationError(f"--results: {path}: {error.strerror}") from None


def _put_out(outcome: Outcome, app: App, results: BinaryIO | None, values: Values) -> None:
    """Everything that a line has written, in one go."""
    if outcome.code is None:
        app.stderr.write(f"awsmini batch: unknown whether this was done: {json.dumps(outcome.item.words)}\n")
    try:
        for content, stream in ((outcome.stdout, app.stdout), (outcome.stderr, app.stderr)):
            if content:
                _write(content, stream)
        if results is not None:
            write_all(results.fileno(), _record(outcome))
    except OSError as error:
        if error.filename is None and unwritten(app.stdout, error):
            raise AwsminiError(f"What a line has written cannot be written on: {error.strerror}") from None
        raise KeyboardInterrupt from None  # nobody reads any more


def _write(content: bytes, stream: TextIO) -> None:
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        stream.write(content.decode("utf-8", "replace"))
    else:
        stream.flush()
        buffer.write(content)
    stream.flush()


def _record(outcome: Outcome) -> bytes:
    record = {
        "id": outcome.item.id,
        "args": outcome.item.words,
        "exit_code": outcome.code,
        "seconds": round(outcome.seconds, 6),
        "stdout": outcome.stdout.decode("utf-8", "replace"),
        "stderr": outcome.stderr.decode("utf-8", "replace"),
    }
    return json.dumps(record, separators=(",", ":")).encode() + b"\n"


def _pause(rate: str | None) -> float:
    """Seconds between the beginnings of two lines."""
    if rate is None:
        return 0.0
    count, _, unit = rate.partition("/")
    try:
        return _SECONDS[unit or "s"] / float(count)
    except (KeyError, ValueError, ZeroDivisionError):
        raise ParamValidationError(f"--rate: {rate} is no rate such as 10/s, 300/m or 5000/h.") from None


def _spaced(items: Iterator[tuple[Item, str]], pause: float, app: App) -> Iterator[tuple[Item, str]]:
    if not pause:
        return items
    return _paced(items, pause, app.sleep)


def _paced(
    items: Iterator[tuple[Item, str]], pause: float, sleep: Callable[[float], None]
) -> Iterator[tuple[Item, str]]:
    due = time.monotonic()
    for item in items:
        if (wait := due - time.monotonic()) > 0:
            sleep(wait)
        due = max(due, time.monotonic() - pause) + pause
        yield item


command = HandWritten(
    "batch",
    run,
    doc="Run many command lines in one process. They share clients, connections, credentials and models; what each "
    "writes comes out whole. Global options given before `batch` hold for each line. The exit code is 0, or 1 where "
    "a line failed. `awsmini help batch` says more.",
    arguments=(
        option(
            "file",
            positional=True,
            nargs="?",
            doc='The lines: as for a shell, or JSON such as {"id": 1, "args": ["s3", "ls"]}; with --template, rows of '
            "CSV, TSV or NDJSON. Default `-`, which is stdin.",
        ),
        option("template", doc="A command line for each row, with {column} in the place of values."),
        option("jobs", short="-j", convert=int, doc=f"How many lines run at once. Default {JOBS}."),
        flag("keep-order", doc="Print what lines write in the order of the lines, not as they end."),
        flag("stop-on-error", doc="Begin no further line after one that failed."),
        option("rate", doc="How many lines may begin in a second, minute or hour: 10/s, 300/m, 5000/h."),
        option(
            "results", doc="Write a record of each line to this file: id, args, exit_code, seconds, stdout, stderr."
        ),
        option(
            "journal", doc="Keep in this file what was done, so that the same command goes on after an interruption."
        ),
        flag("retry-failed", doc="With --journal: run again what failed."),
        flag(
            "retry-unknown",
            doc="With --journal: run again what was under way when a run was killed, whatever it changes.",
        ),
    ),
    literal=("file", "template"),
)
