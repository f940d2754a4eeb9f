"""A large object to a file or a stream: ranges, read in parallel, each going on where it broke."""

import os
from base64 import b64encode
from collections.abc import Callable
from threading import Condition, local
from time import monotonic, sleep
from typing import Any, BinaryIO, cast

from awsmini.errors import ClientError, SendError
from awsmini.send.checksums import checksum
from awsmini.transfer.connection import broken_stream
from awsmini.transfer.core import known_members
from awsmini.transfer.delete_object import delete_source
from awsmini.transfer.device import Device
from awsmini.transfer.errors import (
    ChangedObjectError,
    FullObjectChecksumError,
    InterruptedTransferError,
    WrongLengthError,
)
from awsmini.transfer.file_times import from_text
from awsmini.transfer.object_facts import Facts, Piece, head, object_facts, parts_are_even
from awsmini.transfer.parts import encoded_crc
from awsmini.transfer.records import Download
from awsmini.transfer.shared import Shared, bare
from awsmini.transfer.sums import POLYNOMIALS, combine, crc_of
from awsmini.transfer.temp_file import TempFile
from awsmini.transfer.workers import LargeTransfer

BUFFER = 256 * 1024
Write = Callable[[memoryview], None]

_buffers = local()


class DownloadParts(LargeTransfer):
    """What both have in common. Subclasses say where the bytes go."""

    def __init__(self, shared: Shared, task: Download) -> None:
        super().__init__()
        self.task = task
        self.shared = shared
        self.facts = Facts(0, None, None)
        self._started = monotonic()
        self._digests: dict[int, bytes] = {}  # by piece
        self._params = known_members(shared.core.operation("GetObject"), task.params)

    def begin(self) -> None:
        options = self.shared.options
        size = max(options.multipart_chunksize, 1)
        self.facts = object_facts(self.shared.core, self.task, size, options.multipart_threshold)
        if self.task.exact and self.facts.etag != self.task.etag:
            raise ChangedObjectError(self.task.bucket, self.task.key)
        self.open()
        self.count = len(self.facts.pieces)

    def open(self) -> None:
        """Make ready what the bytes go to."""

    def fetch(self, number: int, write: Write) -> None:
        """Read a piece; after a break, what is missing of it."""
        piece = self.facts.pieces[number]
        stated = self.facts.stated
        total = checksum(stated.algorithm) if stated is not None else None
        received = 0
        retries = self.shared.core.retries(self.shared.core.operation("GetObject"))
        while received < piece.size or not piece.size:
            before = received
            try:
                for block in self._blocks(piece, received):
                    if total is not None:
                        total.update(block)
                    write(block)
                    received += len(block)
                    self._moved(len(block))
                if received < piece.size:
                    raise broken_stream(received, piece.size - received)
            except SendError as error:
                if self.workers.stopping:
                    raise InterruptedTransferError from error
                if received > before:
                    retries = self.shared.core.retries(self.shared.core.operation("GetObject"))
                app = self.shared.core.app
                delay = retries.next_delay(app.uniform, error=error, time=app.now().timestamp())
                if delay is None:
                    raise
                self._rest(delay)
                continue
            if not piece.size:
                break
        if total is not None:
            self._digests[number] = total.digest()

    def verify(self) -> None:
        """Raises FullObjectChecksumError where what was read is not what the object's checksum vouches for."""
        stated = self.facts.stated
        if stated is None:
            return
        whole: list[bytes] = []
        for number, piece in enumerate(self.facts.pieces):
            if not whole or piece.part != self.facts.pieces[number - 1].part:
                whole.append(self._digests[number])
            elif stated.algorithm in POLYNOMIALS:
                joined = combine(stated.algorithm, crc_of(whole[-1]), crc_of(self._digests[number]), piece.size)
                whole[-1] = joined.to_bytes(len(whole[-1]), "big")
        if stated.parts:
            total = checksum(stated.algorithm)
            total.update(b"".join(whole))
            found = b64encode(total.digest()).decode()
        elif stated.algorithm in POLYNOMIALS:
            found = encoded_crc(stated.algorithm, crc_of(whole[0]))
        else:
            found = b64encode(whole[0]).decode()
        if found != stated.value:
            if stated.parts and not parts_are_even(self.shared.core, self.task, self.facts):
                self.facts = self.facts._replace(stated=None)  # its parts are others than was taken for granted
                return
            raise FullObjectChecksumError(stated.algorithm, stated.value, found)

    def tell(self) -> None:
        if isinstance(self.task.target, Device):
            self.task.target.close()
        if self.error is not None:
            self.shared.failed(self, self.task, self._started, self.error)
            return
        stated = self.facts.stated
        facts: dict[str, Any] = {
            "size": self.facts.size,
            "etag": self.facts.etag,
            "checksum": f"{stated.algorithm}:{stated.value}" if stated else None,
        }
        if self.task.move:
            delete_source(self.shared, self, self.task, self._started, facts)
        else:
            self.shared.done(self, self.task, self._started, **facts)

    def _blocks(self, piece: Piece, skip: int) -> Any:
        """The bytes of a piece from `skip` on, in a buffer that is used again."""
        task, facts = self.task, self.facts
        params: dict[str, Any] = {**self._params, "Bucket": task.bucket, "Key": task.key}
        ranged = len(facts.pieces) > 1 or skip > 0
        if ranged:
            params["Range"] = f"bytes={piece.start + skip}-{piece.start + piece.size - 1}"
        if facts.etag and (ranged or task.exact):
            params["IfMatch"] = f'"{facts.etag}"'
        try:
            output = self.shared.core.call("GetObject", params)
        except ClientError as error:
            if (ranged or task.exact) and error.response["ResponseMetadata"].get("HTTPStatusCode") == 412:
                raise ChangedObjectError(task.bucket, task.key) from error
            raise
        body = output["Body"]
        if task.exact and bare(output.get("ETag")) != facts.etag:
            body.close()
            raise ChangedObjectError(task.bucket, task.key)
        if facts.modified is None and output.get("LastModified") is not None:
            self.facts = facts._replace(modified=output["LastModified"].timestamp())
        try:
            length = output.get("ContentLength")
            wanted = piece.size - skip
            if length is not None and length != wanted:
                raise WrongLengthError(length, wanted)
            buffer = _buffer()
            while wanted:
                count = body.readinto(buffer[: min(len(buffer), wanted)])
                if not count:
                    return
                wanted -= count
                yield buffer[:count]
            if body.read(1):
                raise WrongLengthError(piece.size - skip + 1, piece.size - skip)
        finally:
            body.close()

    def _rest(self, seconds: float) -> None:
        until = monotonic() + seconds
        while not self.workers.stopping and (left := until - monotonic()) > 0:
            sleep(min(left, 0.2))
        if self.workers.stopping:
            raise InterruptedTransferError

    def _moved(self, count: int) -> None:
        self.workers.moved(count)
        if self.shared.options.progress is not None:
            self.workers.post(lambda: self.shared.progress(self.task, count))


class DownloadFile(DownloadParts):
    """Ranges go to their places in a temporary file, whose room was asked for before."""

    _file: TempFile | None = None
    _exactly: int | None = None  # the time that the file gets, if the object says one

    def open(self) -> None:
        kept = self.shared.options.modified_metadata
        if kept is not None:
            output = head(self.shared.core, self.task)
            self._exactly = from_text(output["ResponseMetadata"]["HTTPHeaders"].get(kept))
        self._file = TempFile(str(self.task.target), self.shared.journal)
        self._file.allocate(self.facts.size)

    def part(self, number: int) -> None:
        file = self._file
        assert file is not None
        at = self.facts.pieces[number].start

        def write(block: memoryview) -> None:
            nonlocal at
            while block:
                count = os.pwrite(file.descriptor, block, at)
                at += count
                block = block[count:]

        self.fetch(number, write)

    def finish(self) -> None:
        self.verify()
        assert self._file is not None
        self._file.finish(self.facts.modified, self._exactly)
        self._file = None

    def abort(self) -> None:
        if self._file is not None:
            self._file.discard()


class DownloadStream(DownloadParts):
    """Ranges are written one after the other; a thread that is ahead waits for its turn with its range in memory."""

    def __init__(self, shared: Shared, task: Download) -> None:
        super().__init__(shared, task)
        self._stream = cast(BinaryIO, task.target)
        self._turn = 0
        self._turns = Condition()

    def part(self, number: int) -> None:
        data = bytearray()
        try:
            self.fetch(number, data.extend)
            if number == 0 and len(self.facts.pieces) == 1:
                self.verify()
            self._write_in_turn(number, data)
        except BaseException as error:
            if isinstance(error, Exception):
                self.fail(error)
            with self._turns:
                self._turns.notify_all()
            raise

    def finish(self) -> None:
        self.verify()
        self._stream.flush()

    def _write_in_turn(self, number: int, data: bytearray) -> None:
        with self._turns:
            while self._turn != number:
                if self.error is not None or self.workers.stopping:
                    raise InterruptedTransferError
                self._turns.wait(0.5)
            view = memoryview(data)
            while view:
                count = self._stream.write(view[: 64 * 1024])
                view = view[count:]
            self._turn += 1
            self._turns.notify_all()


def _buffer() -> memoryview:
    """This thread's buffer."""
    kept: memoryview | None = getattr(_buffers, "view", None)
    if kept is None:
        kept = _buffers.view = memoryview(bytearray(BUFFER))
    return kept
