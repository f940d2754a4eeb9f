"""`cp`, `mv` and `rm` of several sources, of a list of them, and of wildcards: one run of the engine for all."""

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from awsmini.client import Client
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ClientError, ParamValidationError, SendError
from awsmini.model.shapes import ServiceModel
from awsmini.services.s3 import paths, request_params, transfer, wildcards
from awsmini.services.s3.job import STREAM, Job, job
from awsmini.services.s3.same_paths import check_same_paths
from awsmini.services.s3.task_makers import Deletions, Downloads, Maker, Uploads
from awsmini.system.std_streams import ClosedInput
from awsmini.transfer.engine import Engine
from awsmini.transfer.local import Entry
from awsmini.transfer.records import Delete, Task

Values = Mapping[str, Any]


class SourceListError(AwsminiError):
    """The list of sources cannot be read, or has none."""


class NothingFitsError(AwsminiError):
    """Wildcards that fit nothing."""

    def __init__(self) -> None:
        super().__init__("Nothing fits this pattern.")


class TwiceError(AwsminiError):
    """Two sources would end in one place."""

    def __init__(self) -> None:
        super().__init__("Another source of this command goes to the same place.")


def run(command: str, invocation: Invocation, values: Values) -> int:
    """The exit code. Raises ParamValidationError, MissingPathError."""
    try:
        listed = _listed(values["from_file"], invocation, values) if "from_file" in values else []
    except SourceListError as error:
        invocation.app.stderr.write(f"fatal error: {error}\n")
        return 1
    words: list[str] = list(values["paths"])
    target = [] if command == "rm" else [words.pop()]
    if values.get("null") and "from_file" not in values:
        raise ParamValidationError("--null needs --from-file.")
    if len(words) == 1 and not listed and _is_there(words[0], invocation, values):
        return transfer.run(job(command, values), invocation)
    if target:
        _check_folder(target[0])
    several = len(words) + len(listed) > 1 or "from_file" in values
    make = partial(_job, command, target, values, several)
    jobs = [make(word, literal=len(words) > 1 and _is_there(word, invocation, values)) for word in words]
    jobs += [make(word, literal=True) for word in listed]
    if len({made.kind for made in jobs}) > 1:
        raise ParamValidationError("The sources are partly files and partly in S3. They have to be of one kind.")
    if several and values.get("case_conflict", "ignore") != "ignore":
        raise ParamValidationError("--case-conflict does not go with several sources.")
    for made in jobs[1:]:
        if made.move and made.kind == "copy":
            check_same_paths(made, invocation)
    return transfer.run(jobs[0], invocation, partial(Several, jobs))


def _listed(name: str, invocation: Invocation, values: Values) -> list[str]:
    """The sources of a list. Raises SourceListError."""
    stdin = invocation.app.stdin
    try:
        if name != STREAM:
            with open(name, "rb") as file:
                data = file.read()
        elif isinstance(stdin, ClosedInput):
            raise SourceListError("--from-file: stdin is not available.")
        else:
            data = stdin.buffer.read()
    except OSError as error:
        raise SourceListError(f"--from-file: {name} cannot be read: {error.strerror or error}") from None
    lines = data.split(b"\0") if values.get("null") else data.replace(b"\r\n", b"\n").split(b"\n")
    found = [os.fsdecode(line) for line in lines if line]
    if not found and len(values["paths"]) < 2:
        raise SourceListError(f"--from-file: {name} has no source.")
    return found


def _is_there(word: str, invocation: Invocation, values: Values) -> bool:
    """Whether a source has no wildcards, or exists by that very name, or may."""
    if not paths.is_s3(word):
        return os.path.lexists(word) or wildcards.split(word) is None
    if wildcards.split(word) is None:
        return True
    client: Client = invocation.session.client_for(ServiceModel(invocation.models.lines("s3")))
    with Engine(client) as engine:
        return _is_in_s3(word, engine, values)


def _is_in_s3(word: str, engine: Engine, values: Values) -> bool:
    """By HeadObject, or for --recursive by a listing. What cannot be found out counts as there: its use tells why."""
    bucket, key = paths.bucket_and_key(word)
    try:
        if values.get("dir_op"):
            prefix = key if key.endswith("/") else f"{key}/"
            pages = engine.list(bucket, prefix, page_size=1, params=request_params.payer(values), source=True)
            return any(page.objects for page in pages)
        engine.head(bucket, key, request_params.of_download(values), source=True)
    except ClientError as error:
        return str(error.response["Error"].get("Code")) != "404"
    return True


def _check_folder(target: str) -> None:
    """Raises ParamValidationError where several sources cannot go there."""
    if target == STREAM:
        raise ParamValidationError("Several sources cannot go to a stream.")
    if paths.is_s3(target):
        is_folder = paths.with_slash(target).endswith("/") or not paths.bucket_and_key(target)[1]
    else:
        is_folder = target.endswith(os.sep) or os.path.isdir(target)
    if not is_folder:
        raise ParamValidationError(
            f"The destination of several sources has to be a folder, or end in a slash: {target} does not."
        )


def _job(command: str, target: list[str], values: Values, several: bool, word: str, *, literal: bool) -> Job:
    """The job of one source; `literal`: in which no wildcards are meant. Raises ParamValidationError, MissingPathError."""
    if word == STREAM:
        raise ParamValidationError("A stream cannot be one of several sources.")
    found = None if literal else wildcards.split(word)
    if found is not None:
        root = found.root or f".{os.sep}"
        made = job(command, {**values, "paths": [root, *target], "dir_op": True})
        return made._replace(values=values, pattern=found.pattern)
    if not values.get("dir_op"):
        return job(command, {**values, "paths": [word, *target]})
    if not paths.is_s3(word) and not os.path.isdir(word) and os.path.exists(word):
        return job(command, {**values, "paths": [word, *target], "dir_op": False})
    if several and target:  # each folder by its name, so that they are not mixed
        name = os.path.basename(os.path.abspath(word)) if not paths.is_s3(word) else word.rstrip("/").rpartition("/")[2]
        target = [os.path.join(target[0], name, "")]
    return job(command, {**values, "paths": [word, *target]})


class _Part(transfer.Transfer):
    """One source of several, within the run of all."""

    def __init__(self, made: Job, whole: "Several") -> None:
        super().__init__(made, whole.invocation, whole.settings, whole.conflicts)
        self.printer, self.engine, self.in_order = whole.printer, whole.engine, whole.in_order
        self._warned = whole._warned
        self._params = whole.params
        self.nothing = True

    def tasks(self) -> Iterator[Task]:
        """Raises NothingFitsError, ClientError, SendError."""
        yield from self._planned()
        if self.job.pattern and self.nothing:
            raise NothingFitsError

    def _maker(self) -> Maker:
        maker = super()._maker()
        if isinstance(maker, Uploads | Downloads | Deletions):
            maker.params = self._params.setdefault(type(maker), maker.params)
        return maker

    def _filtered(self, found: Iterator[Entry], location: paths.Location) -> Iterator[Entry]:
        return super()._filtered(self._noticed(found) if self.job.pattern else found, location)

    def _noticed(self, found: Iterator[Entry]) -> Iterator[Entry]:
        for entry in found:
            self.nothing = False
            yield entry


class Several(transfer.Transfer):
    """The run of all."""

    def __init__(self, jobs: list[Job], *given: Any) -> None:
        super().__init__(*given)
        self.jobs = jobs
        self.batches = True
        self.params: dict[type, dict[str, Any]] = {}  # of requests, shared by all parts: the engine settles them once
        self._targets: set[object] = set()

    def rounds(self) -> Iterator[Iterator[Task]]:
        yield self._tasks(self._all())

    def _all(self) -> Iterator[Task]:
        for made in self.jobs:
            yield from self._of_one(made)

    def _of_one(self, made: Job) -> Iterator[Task]:
        """What is wrong with one source does not keep the others from going."""
        try:
            yield from self._once(_Part(made, self).tasks())
        except (ClientError, SendError, NothingFitsError) as error:
            self.printer.failed_source(made.command, made.source_path + made.pattern, error)

    def _once(self, tasks: Iterable[Task]) -> Iterator[Task]:
        """What goes where another has gone already fails: it would be lost."""
        for task in tasks:
            if len(self.jobs) > 1 and not isinstance(task, Delete):
                place = getattr(task, "target", None) or (task.bucket, task.key)
                if place in self._targets:
                    self.printer.queued(task)
                    self.printer.failure(task, TwiceError())
                    continue
                self._targets.add(place)
            yield task
