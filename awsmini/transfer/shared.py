"""What all transfers of one run share."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from awsmini.transfer.core import Core
from awsmini.transfer.journal import Journal
from awsmini.transfer.loop import Loop
from awsmini.transfer.records import Result, Task, TransferOptions
from awsmini.transfer.templates import Templates
from awsmini.transfer.workers import Workers


class Shared:
    """Made by the engine. `report` takes results, in the loop's thread."""

    def __init__(
        self,
        core: Core,
        source: Core,
        loop: Loop,
        journal: Journal,
        options: TransferOptions,
        report: Callable[[Result], None],
        ended: Callable[[Any], None],
        workers: Workers,
        by_loop: Callable[[str], bool],
    ) -> None:
        self.core = core
        self.source = source  # of copies
        self.loop = loop
        self.journal = journal
        self.options = options
        self.templates = Templates(core)
        self.source_templates = self.templates if source is core else Templates(source)
        self.workers = workers
        self.by_loop = by_loop  # whether the loop can send requests to a bucket
        self._report = report
        self._ended = ended

    def done(
        self,
        transfer: Any,
        task: Task,
        started: float,
        size: int = 0,
        etag: str | None = None,
        checksum: str | None = None,
        version_id: str | None = None,
    ) -> None:
        """A transfer has ended well."""
        self._report(Result(task, None, size, monotonic() - started, etag, checksum, version_id))
        self._ended(transfer)

    def failed(self, transfer: Any, task: Task, started: float, error: Exception) -> None:
        """A transfer has failed."""
        self._report(Result(task, error, seconds=monotonic() - started))
        self._ended(transfer)

    def ended(self, transfer: Any) -> None:
        """Nothing more comes of a transfer."""
        self._ended(transfer)

    def progress(self, task: Task, count: int) -> None:
        """Bytes were moved, in the loop's thread."""
        if self.options.progress is not None:
            self.options.progress(task, count)


def bare(etag: str | None) -> str | None:
    """An ETag without its quotes."""
    return etag.strip('"') if etag else None
