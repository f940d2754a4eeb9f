"""`cp`, `mv`, `rm` and `sync`: entries of the source, compared or not, to tasks for the engine, to lines."""

import os
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pkgutil import resolve_name
from typing import Any

from awsmini.client import Client
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ClientError
from awsmini.model.shapes import ServiceModel
from awsmini.send.retry import max_attempts
from awsmini.services.s3 import paths, request_params, transfer_settings, wildcards
from awsmini.services.s3.case_conflict import CaseConflictError, CaseConflicts, warn_of_directory_bucket
from awsmini.services.s3.job import Job, number
from awsmini.services.s3.places import client_of
from awsmini.services.s3.printing import Printer, told
from awsmini.services.s3.task_makers import Deletions, Downloads, Maker, Uploads
from awsmini.system.std_streams import ClosedInput
from awsmini.transfer import plan
from awsmini.transfer.compare import Difference, Rules, always_missing, differences
from awsmini.transfer.engine import Engine
from awsmini.transfer.file_times import HEADER
from awsmini.transfer.filters import Filters
from awsmini.transfer.listing_source import entries, in_order
from awsmini.transfer.local import Entry, LeftOut, single, skipped, walk
from awsmini.transfer.records import Delete, Download, Page, Result, Task, TransferOptions, Upload

BEHIND_LINK = "File lies outside of the destination folder, behind a symbolic link, and is not deleted."
BAR = "awsmini.services.s3.progress_bar:BarPrinter"  # loads rich
JSON = "awsmini.services.s3.json_lines:JsonPrinter"
COPIES = "awsmini.services.s3.copies:Copies"
SAME_PATHS = "awsmini.services.s3.same_paths:check_same_paths"
_WHOLE: Mapping[str, str] = {
    "ChecksumCRC32": "crc32",
    "ChecksumCRC32C": "crc32c",
    "ChecksumCRC64NVME": "crc64nvme",
    "ChecksumSHA1": "sha1",
    "ChecksumSHA256": "sha256",
}


class NoInputError(AwsminiError):
    """A stream is to be uploaded, and there is none."""

    def __init__(self) -> None:
        super().__init__("stdin is required for this operation, but is not available.")


def run(made: Job, invocation: Invocation, make: "Callable[..., Transfer] | None" = None) -> int:
    """The exit code: 1 where something failed, 2 where something was left out with a warning."""
    if made.move and made.kind == "copy":
        resolve_name(SAME_PATHS)(made, invocation)
    if made.kind == "download" and made.many and not made.values.get("dryrun"):
        os.makedirs(made.target_path, exist_ok=True)
    conflicts = _conflicts(made, invocation)
    return (make or Transfer)(made, invocation, settings_for(made, invocation), conflicts).run()


def settings_for(job: Job, invocation: Invocation) -> transfer_settings.TransferSettings:
    """The section `s3`, with a word on what of it does not count. Raises TransferConfigError."""
    value = invocation.settings.value
    section = value("s3")
    if not isinstance(section, Mapping):
        return transfer_settings.read({})
    settings = transfer_settings.read(section)
    facts = transfer_settings.RunFacts(
        copies=job.kind == "copy",
        stdin=job.stream and job.kind == "upload",
        retry_mode=str(value("retry_mode")),
        max_attempts=max_attempts(value("max_attempts")),
    )
    for warning in transfer_settings.warnings(settings.client, section, facts):
        invocation.app.stderr.write(warning)
    if transfer_settings.client_for(settings.client, section, facts) == "crt":
        return settings._replace(max_bandwidth=None)
    return settings


def _conflicts(job: Job, invocation: Invocation) -> CaseConflicts | None:
    """What watches over names that differ by case alone, where that is asked for."""
    wanted = job.values.get("case_conflict", "ignore")
    if wanted == "ignore" or job.kind != "download" or not job.many:
        return None
    if job.command != "sync" and paths.is_directory_bucket(job.source.bucket):
        warn_of_directory_bucket(wanted, invocation.app.stderr)
        return None
    return CaseConflicts(wanted)


def printer_for(job: Job, invocation: Invocation) -> Printer:
    values = job.values
    json = bool(values.get("json"))
    bar = values.get("progress") == "bar" and not values.get("progress_multiline") and invocation.app.stdout.isatty()
    make: type[Printer] = resolve_name(JSON) if json else resolve_name(BAR) if bar else Printer
    return make(
        invocation.app.stdout,
        invocation.app.stderr,
        quiet=bool(values.get("quiet")),
        errors_only=bool(values.get("only_show_errors")) or (job.stream and not json),
        progress=bool(values.get("progress", True)) and job.command != "rm" and not json,
        frequency=number(values, "progress_frequency") or 0,
        multiline=bool(values.get("progress_multiline")),
    )


class Transfer:
    """One run of a command."""

    def __init__(
        self,
        job: Job,
        invocation: Invocation,
        settings: transfer_settings.TransferSettings,
        conflicts: CaseConflicts | None,
    ) -> None:
        self.job, self.values, self.settings, self.conflicts = job, job.values, settings, conflicts
        self.invocation = invocation
        self.source, self.target = job.source, job.target
        self.printer = printer_for(job, invocation)
        roots = [paths.filter_root(path, many=job.many) for path in (job.source_path, job.target_path)]
        self.filters = Filters(job.values.get("filters", ()), roots)
        self.payer = request_params.payer(job.values)
        self.follow = bool(job.values.get("follow_symlinks", True))
        self.batches = job.many  # deletions go together
        self._warned: set[str] = set()
        self._left_out = LeftOut()  # of the source
        self._fatal: Exception | None = None  # what ended the tasks ahead of time

    def run(self) -> int:
        engine = self.prepared()
        try:
            self.work(engine)
        except KeyboardInterrupt:
            self.printer.fatal("cancelled: ctrl-c received" if self.printer.under_way else "fatal error: ")
        except Exception as error:  # whatever it is, it ends this run and is told in one line
            self.printer.fatal(f"fatal error: {told(error)}")
        self.printer.end()
        return 1 if self.printer.failed else 2 if self.printer.warned else 0

    def prepared(self) -> Engine:
        """What will do it. Raises AwsminiError where the settings are no good."""
        client, source = client_of(self.invocation), source_client(self.job, self.invocation)
        self.in_order = _are_amazons(client, source)
        options = TransferOptions(
            multipart_threshold=self.settings.multipart_threshold,
            multipart_chunksize=self.settings.multipart_chunksize,
            max_concurrent_requests=self.settings.max_concurrent_requests,
            max_bandwidth=self.settings.max_bandwidth,
            modified_metadata=HEADER if self.values.get("preserve_times") else None,
            batch_deletes=self.batches,
            progress=self.printer.moved if self.printer.watches else None,
        )
        return self._engine(client, options, source)

    def work(self, engine: Engine) -> None:
        """Do all of it. What ends it ahead of time is raised when what was begun has ended."""
        with engine:
            self.carry_out(engine)

    def carry_out(self, engine: Engine) -> None:
        self.engine = engine
        engine.sweep()
        for tasks in self.rounds():
            for result in engine.run(tasks):
                self._tell(result)
        if self._fatal is not None:
            raise self._fatal

    def _engine(self, client: Client, options: TransferOptions, source: Client | None) -> Engine:
        return Engine(client, options, source)

    # results

    def _tell(self, result: Result) -> None:
        task, error = result.task, result.error
        if self.conflicts is not None and isinstance(task, Download):
            self.conflicts.ended(task.tag.key)
        if error is None:
            self.printer.succeeded(task, result)
        elif self.values.get("no_overwrite") and _is_there(error):
            self.printer.skipped(task)
        else:
            self.printer.failure(task, error, result)

    def _warn(self, message: str) -> None:
        """Tell a warning of a walk, which may be made twice."""
        if message not in self._warned:
            self._warned.add(message)
            self.printer.warning(message)

    # tasks

    def rounds(self) -> Iterator[Iterator[Task]]:
        """What is to be done. Each round has ended when the next is asked for."""
        yield self._tasks(self._stream() if self.job.stream else self._planned())

    def _tasks(self, tasks: Iterator[Task], *, last: bool = True) -> Iterator[Task]:
        """What is to be transferred. An error on the way ends the tasks; those handed out are finished first."""
        try:
            yield from self._queued(tasks)
        except CaseConflictError:
            raise
        except Exception as error:
            self._fatal = error
        if last:
            self.printer.all_queued()

    def _queued(self, tasks: Iterator[Task]) -> Iterator[Task]:
        dryrun, queued = self.values.get("dryrun"), self.printer.queued
        for task in tasks:
            if dryrun:
                self.printer.dryrun(task)
            else:
                queued(task)
                yield task

    def _stream(self) -> Iterator[Task]:
        app = self.invocation.app
        if self.job.kind == "upload":
            if isinstance(app.stdin, ClosedInput):
                raise NoInputError
            key = self.target.root if self.target.named else f"{self.target.root}-"
            size = number(self.values, "expected_size")
            yield Upload(app.stdin.buffer, self.target.bucket, key, size, request_params.of_upload(self.values))
        else:
            params = request_params.of_download(self.values)
            yield Download(self.source.bucket, self.source.root, app.stdout.buffer, params=params)

    def _planned(self) -> Iterator[Task]:
        maker = self._maker()
        if self.job.command == "sync" or self.conflicts is not None:
            for difference in self._differences():
                if difference.deleted:
                    if self._goes(maker, difference.entry.key):
                        yield from self._deletion(difference.entry)
                elif (task := maker.task(difference.entry)) is not None:
                    yield task
            return
        make = maker.task
        for entry in self._entries(maker):
            task = make(entry)
            if task is not None:
                yield task

    def _goes(self, maker: Maker, key: str) -> bool:
        """Whether what the source seems to lack is to be deleted: it may be there by another name, or be unreadable."""
        return not maker.keeps_file(key) and key not in self._left_out

    def _maker(self) -> Maker:
        if self.job.kind == "copy":
            maker: Maker = resolve_name(COPIES)(self.job, self.printer, lambda: self.engine)
            return maker
        if self.job.kind == "download":
            return Downloads(self.job, self.printer, self._is_there)
        return (Uploads if self.job.kind == "upload" else Deletions)(self.job, self.printer)

    # what there is

    def _entries(self, maker: Maker) -> Iterator[Entry]:
        """What the source has, filtered."""
        if self.job.many:
            return self._side(self.source, True, False)
        root = self.source.root
        if self.source.kind == "s3":
            return self._filtered(self._one_object(maker), self.source)
        name = root.rpartition(os.sep)[2]
        return self._filtered(single(root, name, self._warn, follow_symlinks=self.follow), self.source)

    @property
    def _recursive(self) -> bool:
        return bool(self.values.get("dir_op"))

    def _side(self, location: paths.Location, source: bool, checked: bool) -> Iterator[Entry]:
        """One side from its beginning, filtered; `checked`: a listing out of order is an error."""
        return self._filtered(self._side_found(location, source, checked), location)

    def _side_found(self, location: paths.Location, source: bool, checked: bool) -> Iterator[Entry]:
        if location.kind == "local":
            if not source and not os.path.isdir(location.root):
                return iter(())
            if source and self.job.pattern:
                return wildcards.files(
                    location.root,
                    self.job.pattern,
                    self._warn,
                    follow_symlinks=self.follow,
                    recursive=self._recursive,
                )
            return self._files(location.root, self._left_out if source else None)
        wanted = self.job.pattern if source else ""
        pages = self._pages(location.bucket, location.root + wildcards.beginning(wanted), source)
        markers = self.job.kind == "delete"
        found = entries(in_order(pages) if checked else pages, location.root, markers=markers)
        return wildcards.fitting(found, wanted, recursive=self._recursive)

    def _files(self, root: str, left_out: LeftOut | None) -> Iterator[Entry]:
        return walk(root, self._warn, follow_symlinks=self.follow, left_out=left_out)

    def _pages(self, bucket: str, prefix: str, source: bool) -> Iterator[Page]:
        return self.engine.list(bucket, prefix, page_size=self.job.page_size, params=self.payer, source=source)

    def _filtered(self, found: Iterator[Entry], location: paths.Location) -> Iterator[Entry]:
        root = location.root if location.kind == "local" else f"{location.bucket}/{location.root}"
        if not self.job.many:
            root = root[: root.rfind("/") + 1]
        return self.filters.of(found, root)

    def _one_object(self, maker: Maker) -> Iterator[Entry]:
        bucket, key = self.source.bucket, self.source.root
        if not key:  # a bucket is no object, but it has to be there
            next(iter(self.engine.list(bucket, page_size=self.job.page_size, params=self.payer, source=True)), None)
            return
        name = key.rpartition("/")[2]
        if self.job.kind == "delete":
            yield Entry(name, 0, 0.0)
            return
        head = maker.head = self._head(bucket, key)
        if lacking := [name for name in ("ContentLength", "LastModified") if name not in head]:
            raise AwsminiError(f"The answer to HeadObject for s3://{bucket}/{key} has no {' and no '.join(lacking)}.")
        if head.get("ChecksumType") == "FULL_OBJECT":
            maker.checksums = {name: head[member] for member, name in _WHOLE.items() if member in head}
        restored = 'ongoing-request="false"' in head.get("Restore", "")
        yield Entry(
            name,
            int(head["ContentLength"]),
            head["LastModified"].timestamp(),
            head.get("ETag", "").strip('"'),
            "" if restored else head.get("StorageClass", ""),
        )

    def _head(self, bucket: str, key: str) -> Mapping[str, Any]:
        """What S3 says of the one object. Raises ClientError."""
        of_head = request_params.of_copy_source if self.job.kind == "copy" else request_params.of_download
        params = of_head(self.values)
        if self.invocation.settings.value("response_checksum_validation") == "when_supported":
            params = {"ChecksumMode": "ENABLED", **params}
        try:
            return self.engine.head(bucket, key, params, source=True)
        except ClientError as error:
            told = error.response["Error"]
            if told.get("Code") != "404":
                raise
            told = {**told, "Message": f'Key "{key}" does not exist'}
            raise ClientError({**error.response, "Error": told}, "HeadObject") from None

    def _is_there(self, key: str) -> bool:
        """Whether the source has an object of that key below its prefix. Raises ClientError."""
        try:
            self._head(self.source.bucket, self.source.root + key)
        except ClientError as error:
            if error.response["Error"].get("Code") == "404":
                return False
            raise
        return True

    # comparison

    def _rules(self) -> Rules:
        sync = self.job.command == "sync"
        assert self.job.kind != "delete"
        return Rules(
            self.job.kind,
            size_only=bool(self.values.get("size_only")),
            exact_timestamps=bool(self.values.get("exact_timestamps")),
            no_overwrite=sync and bool(self.values.get("no_overwrite")),
            always=not sync,
            delete=bool(self.values.get("delete")),
        )

    @property
    def _holds_destination(self) -> bool:
        """Whether all that the destination has must be known first, which takes memory."""
        return False

    def _differences(self) -> Iterator[Difference]:
        missing = always_missing if self.conflicts is None else partial(self._missing, self.conflicts)
        source, target = partial(self._side, self.source, True), partial(self._side, self.target, False)
        return differences(
            source,
            target,
            self._rules(),
            missing,
            hold_deletions=not self.in_order,
            hold_destination=self._holds_destination,
        )

    def _missing(self, conflicts: CaseConflicts, entry: Entry) -> bool:
        source = f"{self.source.bucket}/{self.source.root}{entry.key}"
        return conflicts.takes(entry.key, source, self.target.root + entry.key, self.printer.aside)

    def _deletion(self, entry: Entry) -> Iterator[Task]:
        """An object's deletion is a task; a file's is done at once."""
        if self.target.kind == "s3":
            yield Delete(self.target.bucket, self.target.root + entry.key, params=self.payer)
            return
        path = self.target.root + entry.key
        if entry.through_link:  # what lies inside is met by its own name, which may be one that stays
            if not plan.Target(self.target.root).holds(entry.key):
                self.printer.warning(skipped(path, BEHIND_LINK))
        elif self.values.get("dryrun"):
            self.printer.dryrun_file(path)
        else:
            try:
                os.remove(path)
            except OSError as error:
                self.printer.failed_file(path, error)
            else:
                self.printer.deleted_file(path)


def source_client(job: Job, invocation: Invocation) -> Client | None:
    """The client that reads the sources of copies, where that is another one."""
    region = job.values.get("source_region")
    if not region or job.kind != "copy":
        return None
    model = ServiceModel(invocation.models.lines("s3"))
    return invocation.session.client_for(model, region_name=region, endpoint_flag=False)


def lists_in_order(job: Job, invocation: Invocation) -> bool:
    """Whether what is listed comes in the order of the keys for sure."""
    return _are_amazons(client_of(invocation), source_client(job, invocation))


def _are_amazons(*clients: Client | None) -> bool:
    """A server of somebody else's may list in any order, and what it lists late must not be taken for missing."""
    return all(each is None or each._context.endpoints.endpoint_url is None for each in clients)


def _is_there(error: Exception) -> bool:
    """Whether the service refused to write over what is there."""
    return isinstance(error, ClientError) and error.response.get("Error", {}).get("Code") == "PreconditionFailed"
