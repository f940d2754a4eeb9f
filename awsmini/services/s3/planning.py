"""`sync --plan`: what is to be done goes to a file, line by line, and nothing is transferred."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, BinaryIO

from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError
from awsmini.services.s3 import plans, transfer
from awsmini.services.s3.careful_sync import CarefulSync, care
from awsmini.services.s3.job import STREAM, Job, is_careful
from awsmini.services.s3.manifest import Manifest
from awsmini.services.s3.paths import Location
from awsmini.services.s3.places import uri
from awsmini.services.s3.plan_sheet import Sheet
from awsmini.services.s3.printing import Printer, write
from awsmini.services.s3.task_makers import Maker
from awsmini.system.atomic import saving
from awsmini.transfer.local import Entry
from awsmini.transfer.records import Copy, Delete, Download, Task, Upload

NOT_WITH = ("dryrun", "json", "backup_dir")
ACTIONS: Mapping[type, str] = {Upload: "upload", Download: "download", Copy: "copy", Delete: plans.DELETE}


class _WithoutFileError(Exception):
    """The plan is none, as has been told: the file stays what it was."""


class _File:
    """What the plan is written to. `error`: why it could not be."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.error: OSError | None = None

    def write(self, text: str) -> None:
        """Raises OSError."""
        try:
            self._file.write(text.encode())
        except OSError as error:
            self.error = error
            raise


def run(made: Job, invocation: Invocation) -> int:
    """The exit code: 1 where something could not be planned, 2 where something was left out with a warning.

    Raises ParamValidationError.
    """
    name = _checked(made)
    sheet = Manifest(made) if made.values.get("plan_format") == "s3-batch" else Sheet(made)
    app = invocation.app
    planned = made._replace(values={**made.values, "dryrun": True})  # no folder is made on the way
    make = CarefulPlanner if is_careful(made.values) else Planner
    code = 1
    try:
        with _stdout(app.stdout.buffer) if name == STREAM else saving(name) as opened:
            file = _File(opened)
            code = transfer.run(planned, invocation, partial(make, sheet, file))
            if file.error is not None:
                raise file.error
            if sheet.broken:
                raise _WithoutFileError
            file.write(sheet.end())
    except _WithoutFileError:
        return code
    except OSError as error:
        write(app.stderr, f"fatal error: --plan: {name} cannot be written: {error.strerror or error}\n")
        return 1
    if not made.values.get("quiet") and not made.values.get("only_show_errors"):
        write(app.stderr, sheet.summary(invocation))
    return code


def _checked(made: Job) -> str:
    """The name of the file. Raises ParamValidationError where the options do not go together."""
    values = made.values
    name: str | None = values.get("plan")
    if name is None:
        raise ParamValidationError("--plan-format needs --plan.")
    if not name:
        raise ParamValidationError("--plan needs the name of a file, or `-` for stdout.")
    for each in NOT_WITH:
        if values.get(each) is not None:
            raise ParamValidationError(f"--plan and --{each.replace('_', '-')} exclude each other.")
    care(made)
    return name


@contextmanager
def _stdout(stream: BinaryIO) -> Iterator[BinaryIO]:
    yield stream
    stream.flush()


class PlanPrinter(Printer):
    """Tasks go to the sheet. Warnings and errors go to stderr, as ever."""

    def __init__(self, sheet: Sheet, file: _File, invocation: Invocation, values: Mapping[str, Any]) -> None:
        super().__init__(invocation.app.stdout, invocation.app.stderr, quiet=bool(values.get("quiet")), progress=False)
        self.sheet, self.file = sheet, file
        self.entry: Entry | None = None  # of the file that is deleted

    def dryrun(self, task: Task, error: object = None) -> None:
        if error is not None:
            self.queued(task)
            self.failure(task, error)
        else:
            self._add(ACTIONS[type(task)], *_sides(task), task.tag)

    def dryrun_file(self, path: str) -> None:
        assert self.entry is not None
        self._add(plans.DELETE, path, None, self.entry)

    def fatal(self, message: str) -> None:
        self.sheet.broken = True
        if self.file.error is None:
            super().fatal(message)

    def _add(self, action: str, source: str, destination: str | None, entry: Entry) -> None:
        refusal = self.sheet.refusal(entry)
        if refusal is not None:
            self.warning(refusal)
        else:
            self.file.write(self.sheet.line(action, source, destination, entry))


def _sides(task: Task) -> tuple[str, str | None]:
    """From where, and to where, in whole paths."""
    if isinstance(task, Upload):
        return str(task.source), uri(task.bucket, task.key)
    if isinstance(task, Download):
        return uri(task.bucket, task.key), str(task.target)
    if isinstance(task, Delete):
        return uri(task.bucket, task.key), None
    return uri(task.source_bucket, task.source_key), uri(task.bucket, task.key)


class _Tagged(Maker):
    """The tasks of another maker, each with its entry for a tag."""

    def __init__(self, maker: Maker) -> None:
        self.maker = maker

    def task(self, entry: Entry) -> Task | None:
        task = self.maker.task(entry)
        return None if task is None else task._replace(tag=entry)

    def keeps_file(self, key: str) -> bool:
        return self.maker.keeps_file(key)


class Planner(transfer.Transfer):
    """A sync, of which each task is written down."""

    def __init__(self, sheet: Sheet, file: _File, job: Job, invocation: Invocation, *settings: Any) -> None:
        super().__init__(job, invocation, *settings)
        self.printer = self.plan = PlanPrinter(sheet, file, invocation, job.values)
        self._own = _own_key(job, job.values["plan"])
        file.write(sheet.begin(self.settings))

    def _side(self, location: Location, source: bool, checked: bool) -> Iterator[Entry]:
        """Without the plan itself, which may lie in the folder, and while it is written has another name beside it."""
        found = super()._side(location, source, checked)
        own = self._own
        if own is None:
            return found
        written = re.compile(
            rf"{re.escape(own[:200])}.*\.{os.getpid()}\.[0-9a-f]+\.part"
        ).fullmatch  # a long name is cut
        return (entry for entry in found if entry.key != own and not written(entry.key))

    def _maker(self) -> Maker:
        return _Tagged(super()._maker())

    def _deletion(self, entry: Entry) -> Iterator[Task]:
        self.plan.entry = entry
        return (task._replace(tag=entry) for task in super()._deletion(entry))


class CarefulPlanner(Planner, CarefulSync):
    """The same of a careful one."""


def _own_key(job: Job, name: str) -> str | None:
    """The key that the plan's file has as one of the folder that is synchronized; None where it lies elsewhere."""
    path = os.path.realpath(name)
    for side in (job.source, job.target):
        root = os.path.join(os.path.realpath(side.root), "") if side.kind == "local" else ""
        if name != STREAM and root and path.startswith(root):
            return path[len(root) :].replace(os.sep, "/")
    return None
