"""`apply --cluster`: the workers get some lines of a plan each, as they lie there one behind the other."""

import os
import shutil
import zlib
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from tempfile import TemporaryFile
from typing import Any, BinaryIO, NamedTuple

from awsmini.cluster import address
from awsmini.cluster.journal import Piece
from awsmini.cluster.run import RunError
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError
from awsmini.services.s3 import plans
from awsmini.services.s3.applying import called, can_be_read_again, check_keys, job_of, plan_file
from awsmini.services.s3.clustered import HERE, Care, Session, TransferRun, check_paths, prepare, sent_keys
from awsmini.services.s3.given import KEYS
from awsmini.services.s3.job import Values
from awsmini.services.s3.plans import Plan, PlanError, Reader
from awsmini.transfer.records import MB
from awsmini.transfer.span import ALL

WORK = "awsmini.services.s3.plan_shard:work"
ACTIONS = 2_000  # of one shard: so many, or so many bytes, that what a task costs is little beside them
BYTES = 256 * MB
TEXT = 8 * MB  # of its lines
MOST = 20_000  # shards: of a plan that is longer, they are larger


class Sheet(NamedTuple):
    """A plan that has been read through, and where it is cut."""

    plan: Plan
    header: str
    shards: list[dict[str, Any]]
    digest: str


def run(invocation: Invocation, values: Values) -> int:
    """The exit code of `apply`. Raises ParamValidationError, PlanError."""
    if "shard" in values:
        raise ParamValidationError("--shard and --cluster exclude each other: a cluster divides the plan itself.")
    place = address.parse(values["cluster"])
    with _held(values["plan"], invocation) as file:
        sheet = cut(file, called(values["plan"]))
        found = sheet.plan
        check_keys(found, values)
        check_paths((found.source, found.destination), place, values)
        given = {name: value for name, value in values.items() if name not in HERE and name not in KEYS}
        given |= {"delete_after": False, "sha256": sheet.digest}  # who waits for whom is seen to here
        order = {"command": "apply", "values": given, "bytes": sent_keys(place, values), "header": sheet.header}
        prepare(job_of(found, values), invocation)
        care = Care(delete_after=bool(found.options.get("delete_after")))
        return Session(invocation, values, place, order).run(
            lambda *parts: ApplyRun(*parts, values=values, care=care, file=file, shards=sheet.shards)
        )


@contextmanager
def _held(name: str, invocation: Invocation) -> Iterator[BinaryIO]:
    """The plan as a file that can be read again: what comes from a pipe is put into one first. Raises PlanError."""
    with plan_file(name, invocation) as file:
        if can_be_read_again(file, name):
            yield file
            return
        with TemporaryFile() as copy:
            try:
                shutil.copyfileobj(file, copy)
            except OSError as error:
                raise PlanError(f"{called(name)} cannot be read: {error.strerror or error}") from None
            yield copy


class _Measured:
    """A file of which is known how far it has been read, and what it said."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.at, self.digest = file, 0, sha256()

    def readline(self, size: int, /) -> bytes:
        line = self._file.readline(size)
        self.at += len(line)
        self.digest.update(line)
        return line


def cut(file: BinaryIO, name: str) -> Sheet:
    """A plan in shards: each is known by where it begins and how long it is. Raises PlanError."""
    least = file.seek(0, os.SEEK_END) // MOST
    file.seek(0)
    measured = _Measured(file)
    reader = Reader(measured, name)
    start = end = measured.at
    line, actions, size, waits = 2, 0, 0, False
    shards: list[dict[str, Any]] = []

    def close() -> None:
        shards.append(
            {"do": "apply", "span": ALL, "at": start, "size": end - start, "line": line, "actions": actions,
             "waits": waits}
        )  # fmt: skip

    for action in reader.actions():
        is_enough = (actions >= ACTIONS or size >= BYTES or end - start >= TEXT) and end - start >= least
        begins_to_wait = action.deletes and not waits and bool(reader.plan.options.get("delete_after"))
        if actions and (is_enough or begins_to_wait):
            close()
            start, line, actions, size = end, line + actions, 0, 0
        waits = waits or begins_to_wait
        actions += 1
        size += plans.weight(action)
        end = measured.at
    if actions:
        close()
    file.seek(0)
    return Sheet(reader.plan, file.readline().decode(), shards, measured.digest.hexdigest())


class ApplyRun(TransferRun):
    """A plan, shard by shard. Those that wait begin with a deletion of a plan that was made with --delete-after."""

    looked_at = "planned"

    def __init__(self, *parts: Any, values: Values, care: Care, file: BinaryIO, shards: list[dict[str, Any]]) -> None:
        super().__init__(*parts, values=values, care=care)
        self.file, self.shards = file, shards

    def do(self) -> None:
        """Raises RunError, ClusterError."""
        pieces = self.begin(self.shards)
        self._recall(pieces)
        self._abort_left()
        waiting = [each for each in pieces if each.given["waits"]]
        self.run([each for each in pieces if not each.given["waits"]])
        self.totals["due"] = len(waiting)
        if waiting and self._may_delete():
            self.run(waiting)
        self._abort_left()
        self.is_whole = not self.failed_count and not self.given_up

    def order(self, piece: Piece) -> Mapping[str, Any]:
        if piece.given["do"] != "apply":
            return super().order(piece)
        lines = b64encode(zlib.compress(self._lines(piece), 1)).decode()
        sent = self.session.sent({"do": "apply", "actions": piece.given["actions"], "lines": lines})
        return {**sent, "work": WORK}

    def failed(self, piece: Piece, reason: str) -> None:
        first, count = piece.given["line"], piece.given["actions"]
        where = f"line {first}" if count == 1 else f"lines {first} to {first + count - 1}"
        self._tell_failed(f"{where} of the plan", reason)

    def _lines(self, piece: Piece) -> bytes:
        """Raises RunError where the plan is another one by now."""
        self.file.seek(piece.given["at"])
        lines = self.file.read(piece.given["size"])
        if len(lines) != piece.given["size"]:
            raise RunError("The plan has been cut off since it was read.")
        return lines
