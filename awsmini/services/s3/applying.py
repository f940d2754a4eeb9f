"""`s3 apply`: the actions of a plan to tasks for the engine, as long as all is still as it was planned."""

import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pkgutil import resolve_name
from typing import Any, BinaryIO

from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ClientError, ParamValidationError
from awsmini.services.s3 import plans, request_params, transfer
from awsmini.services.s3.careful_sync import NOT_DELETED
from awsmini.services.s3.job import STREAM, Job, number
from awsmini.services.s3.plans import Action, Plan, PlanError, Reader
from awsmini.services.s3.printing import write
from awsmini.services.s3.transfers import check_cluster_options
from awsmini.system.std_streams import ClosedInput
from awsmini.transfer import plan
from awsmini.transfer.errors import ChangedObjectError
from awsmini.transfer.get_file import http_date
from awsmini.transfer.local import Entry, modified, skipped
from awsmini.transfer.records import Copy, Delete, Download, Result, Task, Upload
from awsmini.transfer.shared import bare

READ = "awsmini.services.s3.given:read"  # the model: few give keys
CLUSTERED = "awsmini.services.s3.clustered_plan:run"
BLOCK = 256  # objects that are asked about at a time
SHARDS_MOST = 100_000
KEYS = {"sse_c": "sse_c_key", "sse_c_copy_source": "sse_c_copy_source_key"}
GONE = ("404", "NoSuchKey")  # codes
REFUSED = ("412", "PreconditionFailed")
Looked = Mapping[str, str] | Exception | None  # what HeadObject answered, if it was asked


class NotPlannedError(AwsminiError):
    """Something is no longer what it was when the plan was made."""

    def __init__(self, what: str, planned: str, found: str) -> None:
        super().__init__(f"The {what} is no longer the planned one: {planned} was planned, there is {found}.")


class AnotherError(AwsminiError):
    """The service refused, as an object has another ETag."""

    def __init__(self) -> None:
        super().__init__("The object is no longer the planned one: its ETag is another.")


class GoneError(AwsminiError):
    """Something is no longer there."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The {what} that was planned is no longer there.")


def run(invocation: Invocation, values: Mapping[str, Any]) -> int:
    """The exit code: 1 where something failed or the plan is none. Raises ParamValidationError."""
    check_cluster_options(values)
    index, count = shard_of(values.get("shard"))
    number(values, "progress_frequency")
    if not set(values).isdisjoint(KEYS.values()):
        values = resolve_name(READ)(invocation, values)
    try:
        if "cluster" in values:
            clustered: int = resolve_name(CLUSTERED)(invocation, values)
            return clustered
        with _opened(values["plan"], invocation) as reader:
            return _apply(reader, index, count, invocation, values)
    except PlanError as error:
        if not values.get("quiet"):
            write(invocation.app.stderr, f"fatal error: {error}\n")
        return 1


def shard_of(text: str | None) -> tuple[int, int]:
    """The number of a shard and how many there are. Raises ParamValidationError."""
    if text is None:
        return 0, 1
    found = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", text)
    index, count = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= count <= SHARDS_MOST:
        raise ParamValidationError(f"--shard: {text!r} is no part of a plan. 0/4 is the first of four, 3/4 the last.")
    if index >= count:
        raise ParamValidationError(
            f"--shard: {text} is beyond the last: shards count from 0, so that is {count - 1}/{count}."
        )
    return index, count


@contextmanager
def plan_file(name: str, invocation: Invocation) -> Iterator[BinaryIO]:
    """What the plan is read from. Raises PlanError."""
    if name == STREAM:
        if isinstance(invocation.app.stdin, ClosedInput):
            raise PlanError("The plan is to come from stdin, which is not available.")
        yield invocation.app.stdin.buffer
        return
    with _open(name) as file:
        yield file


def can_be_read_again(file: BinaryIO, name: str) -> bool:
    """Whether it is a file, and no pipe; stdin counts as one."""
    return name != STREAM and stat.S_ISREG(os.fstat(file.fileno()).st_mode)


@contextmanager
def _opened(name: str, invocation: Invocation) -> Iterator[Reader]:
    """The plan at its first action. One that can be read twice has been read through. Raises PlanError."""
    with plan_file(name, invocation) as file:
        if can_be_read_again(file, name):
            yield _checked(file, name)
        else:
            yield Reader(file, called(name))


def called(name: str) -> str:
    """The plan, as errors call it."""
    return "stdin" if name == STREAM else name


def _open(name: str) -> BinaryIO:
    try:
        return open(name, "rb")  # closed by who asks for it
    except (OSError, ValueError) as error:
        raise PlanError(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _checked(file: BinaryIO, name: str) -> Reader:
    for _ in Reader(file, name).actions():
        pass
    file.seek(0)
    return Reader(file, name)


def _apply(reader: Reader, index: int, count: int, invocation: Invocation, values: Mapping[str, Any]) -> int:
    found = reader.plan
    check_keys(found, values)
    if count > 1 and found.options.get("delete_after"):
        raise ParamValidationError(
            "--shard: this plan was made with --delete-after, so it is applied as a whole: nobody knows of one shard how "
            "the transfers of the others end."
        )
    actions = reader.actions()
    if count > 1:
        actions = plans.shard(actions, index, count)
    return transfer.run(job_of(found, values), invocation, partial(Applying, found, actions))


def check_keys(found: Plan, values: Mapping[str, Any]) -> None:
    """Raises ParamValidationError where a key for encryption lacks, or is too much."""
    for option, key in KEYS.items():
        if bool(found.options.get(option)) != bool(values.get(key)):
            name, made = (f"--{each.replace('_', '-')}" for each in (key, option))
            why = f"has to be given, as the plan was made with {made}" if option in found.options else "is not needed"
            raise ParamValidationError(f"{name} {why}.")


def job_of(found: Plan, values: Mapping[str, Any]) -> Job:
    """The transfers of a plan, as a command would have them."""
    merged = {**found.options, **values}
    return Job("cp", found.kind, merged, found.source, found.destination, many=True, stream=False)


class Applying(transfer.Transfer):
    """One run of it."""

    def __init__(
        self, found: Plan, actions: Iterator[Action], job: Job, invocation: Invocation, *settings: Any
    ) -> None:
        super().__init__(job, invocation, *settings)
        self.actions = actions
        self.dryrun = bool(job.values.get("dryrun"))
        self.inside = plan.Target(job.target.root)
        self.of_source = (request_params.of_copy_source if job.kind == "copy" else request_params.of_download)(
            job.values
        )
        self.of_target = request_params.of_download(job.values)
        self._knows_bucket = False

    def rounds(self) -> Iterator[Iterator[Task]]:
        """One round, or with --delete-after one of transfers and one of deletions."""
        if not self.values.get("delete_after"):
            yield self._tasks(self._made(self.actions))
            return
        held: list[Action] = []
        yield self._tasks(self._made(_until_deletion(self.actions, held)), last=False)
        if held and self.printer.failed and self._fatal is None:
            self.printer.warning(NOT_DELETED)
            held.clear()
        yield self._tasks(self._made(chain(held, self.actions)) if held and self._fatal is None else iter(()))

    def _made(self, actions: Iterator[Action]) -> Iterator[Task]:
        self.maker = self._maker()
        for block in plans.blocks(actions, BLOCK):
            looked = self._looked(block)
            for at, action in enumerate(block):
                if action.deletes:
                    yield from self._deleted(action.entry, looked.get(at))
                else:
                    yield from self._transferred(action.entry, looked.get(at))

    # what there is now

    def _looked(self, block: Sequence[Action]) -> Mapping[int, Looked]:
        """What HeadObject says of the objects of a block that have to be looked at, by their place."""
        found: dict[int, Looked] = {}
        for deletes, params in ((False, self.of_source), (True, self.of_target)):
            location = self.target if deletes else self.source
            if self.dryrun or location.kind == "local":
                continue
            asked = [at for at, each in enumerate(block) if each.deletes == deletes and self._has_to_look(each)]
            keys = [location.root + block[at].entry.key for at in asked]
            found.update(zip(asked, self.engine.looks(location.bucket, keys, params, source=not deletes), strict=True))
        return found

    def _has_to_look(self, action: Action) -> bool:
        """Whether no condition of a request says enough: servers that are not AWS's may read over it."""
        if not action.entry.etag:
            return True
        if not action.deletes and self.job.kind == "download":
            return False
        location = self.target if action.deletes else self.source
        replaces = not action.deletes and getattr(self.maker, "replaces", False)
        return replaces or not self.in_order or location.bucket.startswith("arn:")

    def _transferred(self, entry: Entry, looked: Looked) -> Iterator[Task]:
        if self.dryrun:
            error = None
        elif self.job.kind == "upload":
            error = changed_file(self.source.root + entry.key, entry)
        else:
            error = changed_object(entry, looked)
        if error is not None:
            self.maker.fail(self._bare(entry), error)
            return
        task = self.maker.task(entry)
        if task is not None:
            yield task._replace(exact=bool(entry.etag)) if isinstance(task, Copy | Download) else task

    def _bare(self, entry: Entry) -> Task:
        """The task of an entry that will not be done."""
        source, target = self.source.root + entry.key, self.target.root + entry.key
        if self.job.kind == "upload":
            return Upload(source, self.target.bucket, target, entry.size)
        if self.job.kind == "download":
            return Download(self.source.bucket, source, self.inside.path(entry.key), entry.size)
        return Copy(self.source.bucket, source, self.target.bucket, target, entry.size)

    def _deleted(self, entry: Entry, looked: Looked) -> Iterator[Task]:
        if self.target.kind == "local":
            self._delete_file(self.target.root + entry.key, entry)
            return
        task = Delete(self.target.bucket, self.target.root + entry.key, params=self.payer, etag=entry.etag or None)
        if is_gone(looked):
            self._check_bucket()
            self.printer.queued(task)
            self.printer.succeeded(task)
        elif (error := changed_object(entry, looked)) is not None:
            self.maker.fail(task, error)
        else:
            yield task

    def _check_bucket(self) -> None:
        """In a bucket that there is not, nothing is gone. Raises ClientError."""
        if not self._knows_bucket:
            next(iter(self.engine.list(self.target.bucket, page_size=1, params=self.payer)), None)
            self._knows_bucket = True

    def _delete_file(self, path: str, entry: Entry) -> None:
        if not self.inside.holds(entry.key):
            self.printer.warning(skipped(path, transfer.BEHIND_LINK))
        elif self.dryrun:
            self.printer.dryrun_file(path)
        elif os.path.lexists(path) and (error := changed_file(path, entry)) is not None:
            self.printer.failed_file(path, error)
        else:
            self._remove(path)

    def _remove(self, path: str) -> None:
        try:
            os.remove(path)
        except FileNotFoundError:  # gone already
            self.printer.deleted_file(path)
        except OSError as error:
            self.printer.failed_file(path, error)
        else:
            self.printer.deleted_file(path)

    # results

    def _tell(self, result: Result) -> None:
        error = result.error
        if error is not None and isinstance(result.task, Delete) and is_gone(error):
            result = result._replace(error=None)
        elif error is not None and self._was_another(result.task, error):
            result = result._replace(error=AnotherError())
        super()._tell(result)

    def _was_another(self, task: Task, error: Exception) -> bool:
        """Whether the service refused, as an object is not the planned one."""
        if isinstance(error, ChangedObjectError):
            return True
        if isinstance(task, Upload) or not isinstance(error, ClientError):
            return False
        if error.response.get("Error", {}).get("Code") not in REFUSED:
            return False
        return not (isinstance(task, Copy) and self.values.get("no_overwrite") and self._is_there_now(task))

    def _is_there_now(self, task: Copy) -> bool:
        """Whether the destination of a copy exists: there are two conditions, and a refusal says not which failed."""
        try:
            self.engine.head(task.bucket, task.key, self.of_target)
        except ClientError as error:
            return not is_gone(error)
        return True


def _until_deletion(actions: Iterator[Action], held: list[Action]) -> Iterator[Action]:
    """The actions before the first deletion, which goes to `held`."""
    for action in actions:
        if action.deletes:
            held.append(action)
            return
        yield action


def is_gone(found: object) -> bool:
    """Whether an error says that there is no such object."""
    return isinstance(found, ClientError) and found.response.get("Error", {}).get("Code") in GONE


def changed_object(entry: Entry, looked: Looked) -> Exception | None:
    """Why an object is not the planned one, or cannot be looked at; None where it is, or was not looked at."""
    if looked is None:
        return None
    if isinstance(looked, Exception):
        return GoneError("object") if is_gone(looked) else looked
    size, etag = looked.get("content-length", ""), bare(looked.get("etag")) or ""
    if size == str(entry.size) and (etag == entry.etag if entry.etag else _is_of_time(entry, looked)):
        return None
    return NotPlannedError(
        "object", f"one of {entry.size} bytes with ETag {entry.etag}", f"one of {size} bytes with ETag {etag}"
    )


def _is_of_time(entry: Entry, looked: Mapping[str, str]) -> bool:
    return http_date(looked.get("last-modified", "")) == float(int(entry.modified // 1))


def changed_file(path: str, entry: Entry) -> Exception | None:
    """Why a file is not the planned one, or cannot be looked at; None where it is."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return GoneError("file")
    except (OSError, ValueError) as error:
        return error
    if not stat.S_ISREG(found.st_mode):
        return NotPlannedError("file", "a file", "something else")
    if found.st_size == entry.size and round(modified(found) * 1e6) == round(entry.modified * 1e6):
        return None
    planned, now = (
        f"one of {size} bytes of {plans.time_text(time)}"
        for size, time in ((entry.size, entry.modified), (found.st_size, modified(found)))
    )
    return NotPlannedError("file", planned, now)
