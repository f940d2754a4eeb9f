"""The lines of a batch: which are to be run, and what became of each."""

import time
from collections.abc import Iterable, Iterator
from threading import Lock
from typing import NamedTuple

from awsmini.commandline.globals import OPTIONS
from awsmini.commandline.handwritten import Values
from awsmini.commandline.invocation import Invocation
from awsmini.commandline.parser import parse
from awsmini.commandline.shared import Shared
from awsmini.commandline.verbs import only_reads
from awsmini.commands.batch.journal import Journal
from awsmini.commands.batch.lines import Item
from awsmini.commands.run import run_shared
from awsmini.errors import UsageError
from awsmini.params.arguments import option

_COMMAND = option("command", positional=True, nargs="?")


class Due(NamedTuple):
    """An item that is to be run, and its name in the journal."""

    item: Item
    key: str


class Outcome(NamedTuple):
    """What became of an item. Without a code it may have been done or not: whoever ran it was killed over it."""

    item: Item
    key: str
    code: int | None
    seconds: float = 0.0
    stdout: bytes = b""
    stderr: bytes = b""


class Tally:
    """How many lines ended how."""

    def __init__(self, *, on_cluster: bool = False) -> None:
        self.done = self.failed = self.unknown = self.before = 0
        self._killed = "an earlier run or its worker" if on_cluster else "an earlier run"
        self._lock = Lock()

    def count(self, code: int | None, *, before: bool = False) -> None:
        with self._lock:
            self.before += before
            if code is None:
                self.unknown += 1
            elif code:
                self.failed += 1
            else:
                self.done += 1

    def __str__(self) -> str:
        parts = [f"{self.done} done", f"{self.failed} failed"]
        parts += [f"{self.unknown} unknown (under way when {self._killed} was killed)"] * bool(self.unknown)
        return ", ".join(parts) + (f"; {self.before} of them in earlier runs" if self.before else "")


class Batch:
    """The lines of one run, and what was noted of them."""

    def __init__(self, invocation: Invocation, values: Values, journal: Journal | None) -> None:
        self._invocation, self._journal = invocation, journal
        self._retry_failed = bool(values.get("retry_failed"))
        self._retry_unknown = bool(values.get("retry_unknown"))
        self.tally = Tally(on_cluster="cluster" in values)

    def to_do(self, items: Iterable[Item]) -> Iterator[Due]:
        """The items that have not ended in an earlier run."""
        for item in items:
            key = self._journal.key(item) if self._journal else ""
            code = self._journal.codes.get(key) if self._journal else None
            if code is None or (code and self._retry_failed):
                yield Due(item, key)
            else:
                self.tally.count(code, before=True)

    def settled(self, due: Due) -> Outcome | None:
        """What becomes of an item that is not to be run after all."""
        item, key = due
        if item.problem:
            return Outcome(item, key, UsageError.exit_code, stderr=f"awsmini batch: {item.problem}\n".encode())
        if self._journal and key in self._journal.open and not self._retry_unknown and not self.reads(due):
            return Outcome(item, key, None)
        return None

    def reads(self, due: Due) -> bool:
        """Whether it may be run twice."""
        return reads(due.item.words, self._invocation)

    def begin(self, *due: Due) -> None:
        if self._journal:
            self._journal.begin(*(each.key for each in due))

    def take_back(self, due: Due) -> None:
        """It was not begun after all."""
        if self._journal:
            self._journal.take_back(due.key)

    def ended(self, outcome: Outcome) -> None:
        self.tally.count(outcome.code)
        if self._journal and outcome.code is not None and not outcome.item.problem:
            self._journal.end(outcome.key, outcome.code)


class Here:
    """Runs lines in this process."""

    def __init__(self, batch: Batch, shared: Shared) -> None:
        self._batch, self._shared = batch, shared

    def run(self, due: Due) -> Outcome:
        if (outcome := self._batch.settled(due)) is not None:
            return outcome
        self._batch.begin(due)
        line = self._shared.line()
        began = time.perf_counter()
        code = run_shared(line.app, due.item.words, self._shared)
        seconds = time.perf_counter() - began
        return Outcome(due.item, due.key, code, seconds, line.stdout.content(), line.stderr.content())


def reads(words: Iterable[str], invocation: Invocation) -> bool:
    """Whether a line changes nothing, so that it may be run twice. An alias may do anything."""
    try:
        parsed = parse(list(words), [*OPTIONS, _COMMAND])
    except UsageError:
        return True  # it ends before anything is called
    command = [parsed.values.get("command", ""), *parsed.leftovers]
    aliases = invocation.aliases
    if any(name in aliases.get(tuple(command[:depth]), ()) for depth, name in enumerate(command[:2])):
        return False
    return only_reads(command)
