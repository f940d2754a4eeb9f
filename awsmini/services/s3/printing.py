"""What the transfer commands print: a line for each result, and how far it is in between.

Progress goes to stdout whatever that is, ends in a carriage return, and is blanked out by what follows it.
"""

import errno
import time
from collections.abc import Callable, Mapping
from typing import TextIO

from awsmini.errors import BrokenStreamError, NoCredentialsError, NoRegionError
from awsmini.services.s3.paths import RelativePaths
from awsmini.services.s3.sizes import readable
from awsmini.transfer.device import Device
from awsmini.transfer.records import Copy, Delete, Download, Result, Task, Upload

_PLAIN: Mapping[type, str] = {
    NoCredentialsError: "Unable to locate credentials",
    BrokenStreamError: "Max Retries Exceeded",
    NoRegionError: "You must specify a region.",
}
_FLUSH_EVERY = 0.05  # seconds that lines may wait for others to be written with
_FLUSH_AT = 256  # lines
_SHOW_EVERY = 0.01  # seconds between two looks at how far it is
_LONG_AGO = 1e9


class Printer:
    """Results in, lines out. `quiet` prints nothing, `errors_only` no successes; either shows no progress."""

    def __init__(
        self,
        stdout: TextIO,
        stderr: TextIO,
        *,
        quiet: bool = False,
        errors_only: bool = False,
        progress: bool = True,
        frequency: float = 0,
        multiline: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.stdout, self.stderr = stdout, stderr
        self.quiet, self.errors_only = quiet, errors_only
        self.shows_progress = progress and not quiet and not errors_only
        self.frequency, self.multiline, self.clock = frequency, multiline, clock
        self.paths = RelativePaths()
        self.failed = self.warned = 0
        self._queued = self._done = 0  # transfers
        self._expected = self._moved = self._lost = 0  # bytes; lost: those of failed transfers that never moved
        self._final = False
        self._started: float | None = None
        self._speed = 0.0
        self._length = 0  # of the progress on the line
        self._last_shown: float | None = None
        self._under_way: dict[int, tuple[int, int]] = {}  # by id of the task: its size, bytes moved
        self._waiting: list[str] = []
        self._flushed = clock()
        self._unwritten: OSError | None = None

    @property
    def watches(self) -> bool:
        """Whether it has to hear of all bytes that move."""
        return self.shows_progress

    @property
    def under_way(self) -> bool:
        """Whether transfers have begun that have not ended."""
        return self._queued != self._done

    # what happens

    def queued(self, task: Task) -> None:
        """A transfer is handed to the engine."""
        self._queued += 1
        if not self.shows_progress:
            return
        if self._started is None:
            self._started = self.clock()
        size = 0 if isinstance(task, Delete) else task.size or 0
        self._under_way[id(task)] = (size, 0)
        self._expected += size

    def moved(self, task: Task, count: int) -> None:
        """Bytes of a transfer have moved."""
        size, moved = self._under_way.get(id(task), (0, 0))
        self._under_way[id(task)] = (size, moved + count)
        if moved + count > size:  # an object larger than it was listed, or of a size that nobody knew
            self._expected += moved + count - max(size, moved)
        self._moved += count
        self._show_progress()

    def succeeded(self, task: Task, result: Result | None = None) -> None:
        self._end(task)
        if not self.quiet and not self.errors_only:
            self._out(self.line(task))
            self._show_again()

    def deleted_file(self, path: str) -> None:
        self._queued += 1
        self._done += 1
        if not self.quiet and not self.errors_only:
            self._out(f"delete: {self.paths.shown(path)}")
            self._show_again()

    def failed_file(self, path: str, error: Exception) -> None:
        self._queued += 1
        self._done += 1
        self.failed += 1
        if not self.quiet:
            self._err(f"delete failed: {self.paths.shown(path)} {error}")
            self._show_again()

    def kept_file(self, word: str, path: str, target: str) -> None:
        """A file was copied or moved to where it is kept."""
        self._queued += 1
        self._done += 1
        if not self.quiet and not self.errors_only:
            self._out(self.file_line(word, path, target))
            self._show_again()

    def unkept_file(self, word: str, path: str, target: str, error: Exception) -> None:
        self._queued += 1
        self._done += 1
        self.failed += 1
        if not self.quiet:
            self._err(f"{word} failed: {self.paths.shown(path)} to {self.paths.shown(target)} {error}")
            self._show_again()

    def file_line(self, word: str, path: str, target: str) -> str:
        return f"{word}: {self.paths.shown(path)} to {self.paths.shown(target)}"

    def failure(self, task: Task, error: object, result: Result | None = None) -> None:
        size, moved = self._end(task)
        self._lost += max(0, size - moved)
        self.failed += 1
        if not self.quiet:
            word, _, location = self.line(task).partition(": ")
            self._err(f"{word} failed: {location} {told(error)}")
            self._show_again()

    def failed_source(self, command: str, path: str, error: Exception) -> None:
        """A source that gave no tasks, or not all of them."""
        self.failed += 1
        if not self.quiet:
            self._err(f"{command} failed: {path} {told(error)}")
            self._length = 0
            if self.under_way:
                self._show_again()

    def skipped(self, task: Task) -> None:
        """A transfer that was not needed, as the object is there."""
        self._end(task)
        if self.shows_progress:
            self._show_more()

    def dryrun(self, task: Task, error: object = None) -> None:
        """What would be done; `error`: why it would fail, where that is known."""
        if not self.quiet:
            self._out(f"(dryrun) {self.line(task)}")

    def dryrun_file(self, path: str) -> None:
        if not self.quiet:
            self._out(f"(dryrun) delete: {self.paths.shown(path)}")

    def dryrun_keeping(self, word: str, path: str, target: str) -> None:
        if not self.quiet:
            self._out(f"(dryrun) {self.file_line(word, path, target)}")

    def warning(self, message: str) -> None:
        self.warned += 1
        if not self.quiet:
            self._err(message)
            self._show_again()

    def fatal(self, message: str) -> None:
        """The end, ahead of time."""
        self.failed += 1
        if not self.quiet:
            self._err(message)

    def aside(self, message: str) -> None:
        """To stderr, with --quiet too."""
        self.flush()
        self.stderr.write(message)
        self.stderr.flush()

    def all_queued(self) -> None:
        """No further transfers come."""
        self._final = True
        if self._length and not self._remaining():
            self._write(" " * self._length + "\n")

    def flush(self) -> None:
        """Write what waits. A stdout that cannot be written to does not stop transfers: `end` tells."""
        if self._waiting:
            text = "".join(self._waiting)
            self._waiting.clear()
            if self._unwritten is None:
                try:
                    write(self.stdout, text)
                    self.stdout.flush()
                except OSError as error:
                    self._unwritten = error
        self._flushed = self.clock()

    def end(self) -> None:
        """Write the last lines. Raises OSError where lines were lost that somebody waits for."""
        self.flush()
        if self._unwritten is not None and self._unwritten.errno not in (errno.EPIPE, errno.EBADF):
            raise self._unwritten

    # lines

    def line(self, task: Task) -> str:
        """`upload: ./f to s3://b/f`."""
        if isinstance(task, Upload):
            source = self._local(task.source)
            return f"{_word('upload', task)}: {source} to s3://{task.bucket}/{task.key}"
        if isinstance(task, Download):
            return f"{_word('download', task)}: s3://{task.bucket}/{task.key} to {self._local(task.target)}"
        if isinstance(task, Copy):
            source = f"s3://{task.source_bucket}/{task.source_key}"
            return f"{_word('copy', task)}: {source} to s3://{task.bucket}/{task.key}"
        return f"delete: s3://{task.bucket}/{task.key}"

    def _local(self, path: object) -> str:
        if isinstance(path, Device):
            path = path.path
        return self.paths.shown(path) if isinstance(path, str) else "-"

    def _end(self, task: Task) -> tuple[int, int]:
        self._done += 1
        return self._under_way.pop(id(task), (0, 0))

    # progress

    def _remaining(self) -> bool:
        return not self._final or self._queued != self._done

    def _show_again(self) -> None:
        self._length = 0
        if self.shows_progress:
            self._show_more()

    def _show_more(self) -> None:
        if self._remaining():
            self._show_progress()
        elif self._length:
            self._write(" " * self._length + "\r")

    def _show_progress(self) -> None:
        """How far it is; what nobody would have time to see is not even put together."""
        if not self.shows_progress:
            return
        now = self.clock()
        since = _LONG_AGO if self._last_shown is None else now - self._last_shown
        if since < _SHOW_EVERY and not self.multiline and self._moved + self._lost != self._expected:
            return
        if since < self.frequency:
            return
        self._last_shown = now
        if self._started is not None and now > self._started:
            self._speed = self._moved / (now - self._started)
        text = self._progress().ljust(self._length)
        if not self.multiline:
            self._length = len(text)
        self._write(text + ("\n" if self.multiline else "\r"))

    def _progress(self) -> str:
        about = "" if self._final else "~"
        files = f"{about}{self._queued - self._done} file(s) remaining"
        more = "" if self._final else " (calculating...)"
        if self._expected > 0:
            done, expected = readable(self._moved + self._lost), readable(self._expected)
            return f"Completed {done}/{about}{expected} ({readable(self._speed)}/s) with {files}{more}"
        return f"Completed {self._done} file(s) with {files}{more}"

    def _out(self, text: str) -> None:
        self._write(text.ljust(self._length) + "\n")

    def _err(self, text: str) -> None:
        self.flush()
        write(self.stderr, text.ljust(self._length) + "\n")
        self.stderr.flush()

    def _write(self, text: str) -> None:
        self._waiting.append(text)
        if len(self._waiting) >= _FLUSH_AT or self.clock() - self._flushed > _FLUSH_EVERY:
            self.flush()


def _word(word: str, task: Upload | Download | Copy) -> str:
    return "move" if task.move else word


def told(error: object) -> str:
    """What is wrong, without the advice that other commands give with it."""
    return _PLAIN.get(type(error), "") or str(error)


def write(stream: TextIO, text: str) -> None:
    """Write text that may hold bytes which are no text: those are shown as escapes."""
    try:
        stream.write(text)
    except UnicodeEncodeError:
        encoding = stream.encoding or "utf-8"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
