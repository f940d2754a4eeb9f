"""Entries of the source to tasks: one maker for each direction. What takes no part gives None, with a warning or not."""

import os
from collections.abc import Callable, Mapping
from typing import Any

from awsmini.errors import AwsminiError
from awsmini.records import NOTHING
from awsmini.services.s3 import request_params
from awsmini.services.s3.content_types import guess
from awsmini.services.s3.job import Job
from awsmini.services.s3.printing import Printer
from awsmini.services.s3.sizes import readable
from awsmini.transfer import plan
from awsmini.transfer.device import Device, is_device
from awsmini.transfer.file_times import METADATA, to_text
from awsmini.transfer.local import Entry, skipped
from awsmini.transfer.records import Delete, Task, Upload

MAX_UPLOAD_SIZE = 5 * 1024**3 * 10_000
ARCHIVES = frozenset({"GLACIER", "DEEP_ARCHIVE"})
OUTSIDE = "File references a parent directory."


class FileOfTwoError(AwsminiError):
    """Two objects have keys that lead to one file."""

    def __init__(self, other: str) -> None:
        super().__init__(f"The file is that of {other} as well.")


class NoFileNameError(AwsminiError):
    """A key holds what no name of a file can hold."""

    def __init__(self) -> None:
        super().__init__("A file cannot have a null character in its name.")


class Maker:
    """What all have in common. `head` and `checksums` are those of the one object of the command, where it is one."""

    head: Mapping[str, Any] = NOTHING
    checksums: Mapping[str, str] = NOTHING

    def __init__(self, job: Job, printer: Printer) -> None:
        self.job, self.values, self.printer = job, job.values, printer
        self.dryrun = bool(job.values.get("dryrun"))
        self.source, self.target = job.source, job.target
        self.here = plan.Place(self.source.bucket, self.source.root)
        self.there = plan.Place(self.target.bucket, self.target.root)

    def task(self, entry: Entry) -> Task | None:
        raise NotImplementedError

    def keeps_file(self, key: str) -> bool:
        """Whether a file that the source seems to lack is one of its all the same."""
        return False

    def source_key(self, entry: Entry) -> str:
        """The key of the object, or the path of the file."""
        return self.here.prefix + entry.key if self.job.many else self.here.prefix

    def target_key(self, entry: Entry) -> str:
        return self.there.prefix if self.target.named else self.there.prefix + entry.key

    def fail(self, task: Task, error: object) -> None:
        """A task that failed before it began."""
        if self.dryrun:
            self.printer.dryrun(task, error)
        else:
            self.printer.queued(task)
            self.printer.failure(task, error)

    def archived(self, entry: Entry, word: str) -> bool:
        """Whether an object cannot be read, as it lies in an archive."""
        if entry.storage_class not in ARCHIVES or self.values.get("force_glacier_transfer"):
            return False
        if not self.values.get("ignore_glacier_warnings"):
            self.printer.warning(
                skipped(
                    f"s3://{self.source.bucket}/{self.source_key(entry)}",
                    f"Object is of storage class GLACIER. Unable to perform {word} operations on GLACIER objects. You "
                    "must restore the object to be able to perform the operation. See "
                    f"awsmini s3 {word} help for additional parameter options to ignore or force these transfers.",
                )
            )
        return True


class Uploads(Maker):
    def __init__(self, job: Job, printer: Printer) -> None:
        super().__init__(job, printer)
        self.params = request_params.of_upload(self.values)
        self.keeps_times = bool(self.values.get("preserve_times")) and METADATA not in self.params.get("Metadata", ())
        self.guesses = self.values.get("guess_mime_type", True) and not self.values.get("content_type")

    def task(self, entry: Entry) -> Task | None:
        path, key = self.source_key(entry), self.target_key(entry)
        if entry.size > MAX_UPLOAD_SIZE:
            shown = self.printer.paths.shown(path)
            self.printer.warning(f"warning: File {shown} exceeds s3 upload limit of {readable(MAX_UPLOAD_SIZE)}.")
        content_type = guess(path) if self.guesses else None
        task = plan.upload(entry, path, self.there, key, self.params, content_type, self.job.move)
        if not key:
            self.fail(
                task, "Parameter validation failed:\nInvalid length for parameter Key, value: 0, valid min length: 1"
            )
            return None
        if path.endswith(os.sep):
            self.fail(task, IsADirectoryError(21, os.strerror(21), path))
            return None
        return self._with_time(task, path) if self.keeps_times else task

    def _with_time(self, task: Upload, path: str) -> Upload:
        """The file's time goes with it. A file that is gone is left to the transfer, which tells."""
        try:
            modified = os.stat(path).st_mtime_ns
        except OSError:
            return task
        return task._replace(varying={**task.varying, f"Metadata.{METADATA}": to_text(modified)})


class Downloads(Maker):
    def __init__(self, job: Job, printer: Printer, is_there: Callable[[str], bool]) -> None:
        super().__init__(job, printer)
        self.detours = plan.Detours(is_there)
        self.params = request_params.of_download(self.values)
        self.folder = plan.Target(self.target.root)
        self.new_folders = plan.NewFolders()
        self.keeps = bool(self.values.get("no_overwrite")) and job.command != "sync"

    def task(self, entry: Entry) -> Task | None:
        if self.archived(entry, "download"):
            return None
        if not self.target.named and "\0" not in entry.key and not self.folder.holds(entry.key):
            self.printer.warning(skipped(entry.key, OUTSIDE))
            return None
        path = self.target.root if self.target.named else self.folder.path(entry.key)
        if self.keeps and os.path.exists(path):
            return None
        key = self.source_key(entry)
        task = plan.download(entry, self.here, key, path, self.params, self.job.move, self.checksums)
        try:
            self._check_file(entry)
            if self.dryrun:
                return task
            self.new_folders.make(os.path.dirname(path))
            if self.target.named and is_device(path):
                return task._replace(target=Device(path))
        except (AwsminiError, plan.CreateFolderError, OSError) as error:
            self.fail(task, error)
            return None
        return task

    def keeps_file(self, key: str) -> bool:
        return key in self.detours

    def _check_file(self, entry: Entry) -> None:
        """Raises FileOfTwoError, and NoFileNameError for a key that no file can have."""
        if "\0" in entry.key:
            raise NoFileNameError
        other = self.detours.other(entry.key) if self.job.many else None
        if other is not None:
            raise FileOfTwoError(f"s3://{self.source.bucket}/{self.here.prefix}{other}")


class Deletions(Maker):
    def __init__(self, job: Job, printer: Printer) -> None:
        super().__init__(job, printer)
        self.params = request_params.payer(self.values)

    def task(self, entry: Entry) -> Task:
        return Delete(self.here.bucket, self.source_key(entry), params=self.params)
