"""`--progress bar`: how far it is as a bar below the lines, with rate and time left. On terminals alone."""

from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from awsmini.services.s3.printing import Printer, write

_EVERY = 0.1  # seconds between two looks, where the user says nothing else


class BarPrinter(Printer):
    """The bar is drawn anew below what is printed, and is gone at the end."""

    _bar: Progress | None = None
    _task: Any = None

    def _show_progress(self) -> None:
        if not self.shows_progress:
            return
        now = self.clock()
        if self._last_shown is not None and now - self._last_shown < max(self.frequency, _EVERY):
            return
        self._last_shown = now
        bar = self._bar or self._begin()
        left = self._queued - self._done
        bar.update(
            self._task,
            total=self._expected if self._final or self._expected else None,
            completed=min(self._moved + self._lost, self._expected),
            files=f"{left}{'' if self._final else '+'} file{'' if left == 1 else 's'} left",
        )
        self.flush()
        bar.refresh()

    def _begin(self) -> Progress:
        console = Console(file=self.stdout, highlight=False)
        self._bar = Progress(
            TextColumn("{task.fields[files]}"),
            BarColumn(bar_width=None),
            TaskProgressColumn(),
            DownloadColumn(binary_units=True),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            auto_refresh=False,
            expand=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._bar.add_task("", total=None, files="")
        self._bar.start()
        return self._bar

    def all_queued(self) -> None:
        self._final = True

    def flush(self) -> None:
        """What waits goes above the bar."""
        if self._bar is None or not self._waiting:
            super().flush()
            return
        self._bar.stop()
        super().flush()
        self._bar.start()

    def _err(self, text: str) -> None:
        if self._bar is None:
            super()._err(text)
            return
        self._bar.stop()
        super().flush()
        write(self.stderr, text + "\n")
        self.stderr.flush()
        self._bar.start()

    def end(self) -> None:
        bar, self._bar = self._bar, None
        if bar is not None:
            bar.stop()
        super().end()
