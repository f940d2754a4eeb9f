"""`awsmini batch`: many command lines in one process, which share models, clients, connections and credentials."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pkgutil import resolve_name
from typing import BinaryIO, TextIO

from awsmini.app import App
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.commandline.pool import Pool, Stoppable
from awsmini.commandline.shared import Shared
from awsmini.commands.batch.journal import Journal, write_all
from awsmini.commands.batch.lines import read
from awsmini.commands.batch.outcome import Batch, Due, Here, Outcome
from awsmini.commands.run import INTERRUPTED
from awsmini.errors import AwsminiError, ParamValidationError
from awsmini.format.output import unwritten
from awsmini.params.arguments import flag, option

JOBS = 8
_SECONDS = {"s": 1, "m": 60, "h": 3600}
BEGIN = "awsmini.cluster.local:begin"
WORK = "awsmini.commands.batch.chunk"  # of workers
CONNECTED = "awsmini.commands.batch.clustered:connected"  # Dask
CHUNKS = "awsmini.commands.batch.clustered:Chunks"


def run(invocation: Invocation, values: Values) -> int:
    """Run the lines; the exit code is 1 where one failed."""
    app = invocation.app
    jobs, pause = values.get("jobs", JOBS), _pause(values.get("rate"))
    if jobs < 1:
        raise ParamValidationError("--jobs is at least 1.")
    if values.get("send_credentials") and "cluster" not in values:
        raise ParamValidationError("--send-credentials needs --cluster.")
    with ExitStack() as stack:
        stream = _opened(values.get("file", "-"), app, stack)
        if (start := _place(stream)) is not None:  # nothing is called where a line is wrong
            for item in read(stream, values.get("template")):
                if item.problem:
                    raise ParamValidationError(item.problem)
            stream.seek(start)
        site = None
        if "cluster" in values:
            resolve_name(BEGIN)(values["cluster"], WORK)
            site = stack.enter_context(resolve_name(CONNECTED)(invocation, values))
        journal = stack.enter_context(closing(Journal(values["journal"]))) if "journal" in values else None
        results = _results(values, stack) if "results" in values else None
        batch = Batch(invocation, values, journal)
        items = _spaced(batch.to_do(read(stream, values.get("template"))), pause, app)
        pool: Stoppable[Outcome]
        if site is not None:
            pool = resolve_name(CHUNKS)(site, batch, items, values, jobs, pause)
        else:
            here = Here(batch, Shared(app, invocation.flags, threads=jobs))
            pool = Pool(here.run, items, jobs, in_order=bool(values.get("keep_order")))
        stack.enter_context(pool.patient())
        for outcome in stack.enter_context(closing(pool.results())):
            _put_out(outcome, app, results, values)
            batch.ended(outcome)
            if outcome.code and values.get("stop_on_error"):
                pool.stop()
    tally = batch.tally
    if tally.failed or tally.unknown:
        app.stderr.write(f"awsmini batch: {tally}.\n")
    return INTERRUPTED if pool.interrupted else 1 if tally.failed or tally.unknown else 0


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


def _spaced(items: Iterator[Due], pause: float, app: App) -> Iterator[Due]:
    if not pause:
        return items
    return _paced(items, pause, app.sleep)


def _paced(items: Iterator[Due], pause: float, sleep: Callable[[float], None]) -> Iterator[Due]:
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
        option(
            "cluster",
            exact_only=True,
            doc="Let the workers of a cluster of Dask's run the lines, each --jobs at once: `local:4` for that many "
            "processes on this machine, `tcp://host:8786` or a scheduler file for one that runs. Elsewhere, files and "
            "profiles that a line names are those of the worker's machine. `awsmini help cluster` says more.",
        ),
        flag(
            "send-credentials",
            exact_only=True,
            doc="With --cluster: workers use the credentials of this command, which are sent to them, and not their own.",
        ),
    ),
    literal=("file", "template", "cluster"),
)
