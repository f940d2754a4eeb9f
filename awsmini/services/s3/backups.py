"""--backup-dir: what a sync would write over or delete goes to a folder or a prefix first, under its relative name."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from awsmini.errors import ClientError, ParamValidationError
from awsmini.services.s3 import paths
from awsmini.services.s3.copies import Copies
from awsmini.services.s3.job import Job, Kind
from awsmini.services.s3.printing import Printer
from awsmini.services.s3.task_makers import Downloads, Maker, Uploads
from awsmini.services.s3.transfer import BEHIND_LINK
from awsmini.transfer import plan
from awsmini.transfer.compare import Difference
from awsmini.transfer.engine import Engine
from awsmini.transfer.local import Entry, skipped
from awsmini.transfer.records import Delete, Task

# Options of the sync that count for what is kept too.
_VALUES = ("dryrun", "request_payer", "sse", "sse_kms_key_id", "sse_c", "sse_c_key", "force_glacier_transfer")
_KINDS: dict[tuple[bool, bool], Kind] = {(True, True): "copy", (True, False): "download", (False, True): "upload"}


class Kept(NamedTuple):
    """The tag of tasks that keep something. `key` is the entry's."""

    key: str


class Backups:
    """`engine` gives the engine, which copies ask."""

    def __init__(self, job: Job, place: str, printer: Printer, engine: Callable[[], Engine]) -> None:
        self.job, self.printer = job, printer
        self.dryrun = bool(job.values.get("dryrun"))
        self.place = paths.location(place, many=True)
        self.inside = plan.Target(job.target.root)
        self._failed: set[str] = set()
        kind = _KINDS.get((job.target.kind == "s3", self.place.kind == "s3"))
        self._makers: dict[bool, Maker] = {}
        if kind is not None:
            values = {name: job.values[name] for name in _VALUES if name in job.values}
            if "sse_c" in values:
                values |= {"sse_c_copy_source": values["sse_c"], "sse_c_copy_source_key": values["sse_c_key"]}
            for move in (False, True):
                made = Job("mv" if move else "cp", kind, values, job.target_path, place, many=True, stream=False)
                self._makers[move] = _maker(made, printer, engine)

    @staticmethod
    def check(job: Job, place: str) -> None:
        """Raises ParamValidationError where what is kept would be part of what is synchronized."""
        if not place or place == paths.SCHEME or (paths.is_s3(place) and not paths.bucket_and_key(place)[0]):
            raise ParamValidationError(f"--backup-dir: {place!r} is neither a folder nor s3://bucket/prefix.")
        kept = _whole(paths.location(place, many=True))
        for name, location in (("source", job.source), ("destination", job.target)):
            if kept.startswith(_whole(location)):
                raise ParamValidationError(f"--backup-dir: {place} lies within the {name}.")

    def has_failed(self, entry: Entry) -> bool:
        """Whether something is at the destination that could not be kept."""
        return entry.key in self._failed

    def failed(self, key: str) -> None:
        self._failed.add(key)

    def copies(self, block: Sequence[Difference]) -> Iterator[Task]:
        """Keep what the transfers of a block write over."""
        for difference in block:
            if difference.other is not None:
                yield from self._keep(difference.other, move=False)

    def move(self, entry: Entry) -> Iterator[Task]:
        """Keep what is to be deleted."""
        return self._keep(entry, move=True)

    def _keep(self, entry: Entry, *, move: bool) -> Iterator[Task]:
        if self.job.target.kind == "local" and entry.through_link and not self.inside.holds(entry.key):
            if move:
                self.printer.warning(skipped(self.job.target.root + entry.key, BEHIND_LINK))
            return
        if not self._makers:
            self._keep_file(entry, move)
            return
        task = self._makers[move].task(entry)
        if task is None:
            self.failed(entry.key)
        else:
            assert not isinstance(task, Delete)
            yield task._replace(tag=Kept(entry.key))

    def _keep_file(self, entry: Entry, move: bool) -> None:
        """A file to a file, at once."""
        word = "move" if move else "copy"
        path, target = self.job.target.root + entry.key, self.place.root + entry.key
        if self.dryrun:
            self.printer.dryrun_keeping(word, path, target)
            return
        try:
            keep_file(path, target, move=move)
        except OSError as error:
            self.failed(entry.key)
            self.printer.unkept_file(word, path, target, error)
        else:
            self.printer.kept_file(word, path, target)


def keep_file(path: str, target: str, *, move: bool) -> None:
    """Copy or move a file, with its time and mode, so that the target is there whole or not at all. Raises OSError."""
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if move:
        with suppress(OSError):  # another file system
            os.replace(path, target)
            return
    beside = f"{target}.{os.getpid()}.tmp"
    try:
        shutil.copy2(path, beside)
        os.replace(beside, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise
    if move:
        os.unlink(path)


def _maker(job: Job, printer: Printer, engine: Callable[[], Engine]) -> Maker:
    if job.kind == "copy":
        return Copies(job, printer, engine)
    if job.kind == "upload":
        return Uploads(job, printer)

    def is_there(key: str) -> bool:
        try:
            engine().head(job.source.bucket, job.source.root + key)
        except ClientError as error:
            if error.response["Error"].get("Code") == "404":
                return False
            raise
        return True

    return Downloads(job, printer, is_there)


def _whole(location: paths.Location) -> str:
    if location.kind == "s3":
        return f"s3://{location.bucket}/{location.root}"
    return os.path.join(os.path.realpath(location.root), "")
