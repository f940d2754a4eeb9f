"""A `sync` that is careful: with deletions, with what it writes over, or with what it takes for equal.

Deletions come last, when it is known how many there are. With --backup-dir the transfers come in blocks: what would be
written over is kept first, and what could not be kept is left as it is.
"""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ParamValidationError
from awsmini.services.s3 import transfer
from awsmini.services.s3.backups import Backups, Kept
from awsmini.services.s3.content import Content
from awsmini.services.s3.job import Job
from awsmini.services.s3.stored_times import StoredTimes
from awsmini.transfer.compare import Difference, Rules
from awsmini.transfer.local import Entry
from awsmini.transfer.records import Result, Task

BLOCK = 1000  # transfers, before which what they write over is kept
NOT_DELETED = "warning: Nothing is deleted, as not everything could be transferred."


class TooManyDeletionsError(AwsminiError):
    """More would be deleted than the user allows."""

    def __init__(self, count: int, allowed: int) -> None:
        super().__init__(f"--max-delete: {count} deletions are due, {allowed} are allowed. Nothing is deleted.")


class Care(NamedTuple):
    """What the user wants it to be careful about."""

    max_delete: int | None
    delete_after: bool
    checksum: bool
    preserve_times: bool
    backup: str | None


def care(job: Job) -> Care:
    """Raises ParamValidationError where the options do not go together."""
    values = job.values
    text = values.get("max_delete")
    if text is not None and not (text.isascii() and text.isdecimal()):
        raise ParamValidationError(f"--max-delete: {text!r} is no number of deletions. It is 0 or more.")
    wanted = Care(
        None if text is None else int(text),
        bool(values.get("delete_after")),
        bool(values.get("checksum")),
        bool(values.get("preserve_times")),
        values.get("backup_dir"),
    )
    for name, given in (("--max-delete", text is not None), ("--delete-after", wanted.delete_after)):
        if given and not values.get("delete"):
            raise ParamValidationError(f"{name} needs --delete.")
    for name in ("size_only", "exact_timestamps"):
        if wanted.checksum and values.get(name):
            raise ParamValidationError(f"--checksum and --{name.replace('_', '-')} exclude each other.")
    return wanted


def check(made: Job) -> Care:
    """Raises ParamValidationError."""
    if made.values.get("backup_dir") is not None:
        Backups.check(made, made.values["backup_dir"])
    return care(made)


def run(made: Job, invocation: Invocation) -> int:
    """The exit code. Raises ParamValidationError."""
    check(made)
    return transfer.run(made, invocation, CarefulSync)


class CarefulSync(transfer.Transfer):
    """One run of it."""

    def rounds(self) -> Iterator[Iterator[Task]]:
        self.care = care(self.job)
        self.backups: Backups | None = None
        if self.care.backup is not None:
            self.backups = Backups(self.job, self.care.backup, self.printer, lambda: self.engine)
        self.due: list[Entry] = []  # deletions
        self.maker = self._maker()
        if self.backups is None:
            yield self._tasks(self._transfers(self._found()), last=False)
        else:
            found = self._found()
            while self._fatal is None and (block := list(islice(found, BLOCK))):
                yield self._tasks(self.backups.copies(block), last=False)
                kept = [each for each in block if not self.backups.has_failed(each.entry)]
                yield self._tasks(self._transfers(iter(kept)), last=False)
        yield self._tasks(self._deletions() if self._fatal is None else iter(()))

    def _found(self) -> Iterator[Difference]:
        """What is to be transferred; deletions are put by."""
        differences = self._differences()
        if self.care.checksum:
            differences = Content(self).decided(differences)
        elif self.care.preserve_times:
            differences = StoredTimes(self).decided(differences)
        for difference in differences:
            if difference.deleted:
                self.due.append(difference.entry)
            else:
                yield difference

    def _transfers(self, found: Iterator[Difference]) -> Iterator[Task]:
        make = self.maker.task
        return (task for difference in found if (task := make(difference.entry)) is not None)

    def _deletions(self) -> Iterator[Task]:
        """Raises TooManyDeletionsError."""
        self.due = [entry for entry in self.due if self._goes(self.maker, entry.key)]
        allowed = self.care.max_delete
        if allowed is not None and len(self.due) > allowed:
            raise TooManyDeletionsError(len(self.due), allowed)
        if self.care.delete_after and self.due and self.printer.failed:
            self.printer.warning(NOT_DELETED)
            return
        for entry in self.due:
            if self.backups is not None:
                yield from self.backups.move(entry)
            else:
                yield from self._deletion(entry)

    def _rules(self) -> Rules:
        return super()._rules()._replace(look=self.care.checksum or self.care.preserve_times)

    @property
    def _holds_destination(self) -> bool:
        """Nothing that is there must be taken for missing where it has to be kept."""
        return self.care.backup is not None and not self.in_order

    def _tell(self, result: Result) -> None:
        super()._tell(result)
        kept = getattr(result.task, "tag", None)
        if result.error is not None and isinstance(kept, Kept) and self.backups is not None:
            self.backups.failed(kept.key)
