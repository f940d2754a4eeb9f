"""A large file, or a stream, to an object in parts."""

import os
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from threading import Lock
from typing import Any, BinaryIO, cast

from awsmini.send.checksums import checksum
from awsmini.transfer.core import Core, known_members
from awsmini.transfer.errors import ChangedFileError
from awsmini.transfer.local import remove_unchanged
from awsmini.transfer.parts import CHECKSUM_MEMBERS, InParts, checksum_member, crc_in, part_size
from awsmini.transfer.records import Upload
from awsmini.transfer.shared import Shared
from awsmini.transfer.slices import FileSlice, SentBytes
from awsmini.transfer.sums import POLYNOMIALS

GROWTH = 2_500  # parts of a stream of unknown length, after which they are twice as large


class UploadFile(InParts):
    """`descriptor` is the file, open and regular; it is closed here."""

    def __init__(self, shared: Shared, task: Upload, descriptor: int, facts: os.stat_result) -> None:
        super().__init__(shared, task)
        self._facts = facts
        self.size = facts.st_size
        self._path = str(task.source)
        self._descriptor = descriptor
        self._part_size = part_size(shared.options.multipart_chunksize, self.size)
        self._params = with_varying(task.params, task.varying)

    def begin(self) -> None:
        self.create(self._params)
        self.count = max(1, -(-self.size // self._part_size))

    def part(self, number: int) -> None:
        start = number * self._part_size
        size = min(self._part_size, self.size - start)
        body = FileSlice(self._path, self._descriptor, start, size, signs(self.shared.core), self._moved)
        params = self.part_params("UploadPart", number)
        if self.algorithm is not None:
            value = body.sum(self.algorithm)
            assert value is not None
            params |= {"ChecksumAlgorithm": self.algorithm.upper(), checksum_member(self.algorithm): value}
            if self.algorithm in POLYNOMIALS:
                self.crcs[number] = crc_in(value), size
        else:
            body.sum(None)
        self.keep_part(number, self.shared.core.call("UploadPart", {**params, "Body": body}))

    def finish(self) -> None:
        self.check_unchanged()
        self.complete()

    def check_unchanged(self) -> None:
        """Raises ChangedFileError."""
        now = os.fstat(self._descriptor)
        if now.st_size != self.size:
            raise ChangedFileError(self._path, self.size, now.st_size)
        if now.st_mtime_ns != self._facts.st_mtime_ns:
            raise ChangedFileError(self._path, self.size)

    def tell(self) -> None:
        with suppress(OSError):
            os.close(self._descriptor)
        if self.error is None and cast(Upload, self.task).move:
            try:
                remove_unchanged(self._path, self._facts)
            except (OSError, ChangedFileError) as error:
                self.error = error
        super().tell()

    def _moved(self, count: int) -> None:
        self.workers.moved(max(count, 0))
        if self.shared.options.progress is not None:
            self.workers.post(lambda: self.shared.progress(self.task, count))


class UploadStream(InParts):
    """Read in order, one part at a time, which is then sent while the next one is read.

    A stream that turns out to be shorter than the multipart threshold is one PutObject. `task.size` is what was said
    of its length: that decides alone, also where it is wrong.
    """

    def __init__(self, shared: Shared, task: Upload) -> None:
        super().__init__(shared, task)
        self._stream = cast(BinaryIO, task.source)
        self._reading = Lock()
        self._part_size = part_size(shared.options.multipart_chunksize, task.size)
        self._params = with_varying(task.params, task.varying)
        self._first = b""
        self._read = 0  # parts
        self._ended = False

    def begin(self) -> None:
        expected = self.cast.size
        threshold = self.shared.options.multipart_threshold
        if expected is not None and expected < threshold:
            self._put(self._read_up_to(None))
            return
        self._first = self._read_up_to(max(threshold, self._part_size))
        if expected is None and len(self._first) < threshold:
            self._put(self._first)
            return
        self.create(self._params)
        self.count = None

    @property
    def cast(self) -> Upload:
        return cast(Upload, self.task)

    def part(self, number: int) -> None:
        with self._reading:
            if self._ended:
                return
            number = self._read
            data = self._next_part()
            if not data and number:
                self._ended = True
                self.count = 0
                return
            self._read += 1
            self.size += len(data)
        params = self.part_params("UploadPart", number)
        members, body = self._summed(data, number)
        output = self.shared.core.call("UploadPart", {**params, **members, "Body": body})
        self.keep_part(number, output)
        self._moved(len(data))

    def finish(self) -> None:
        if self.parts:
            self.complete()

    def _put(self, data: bytes) -> None:
        """All of it in one request."""
        self.count = 0
        self.size = len(data)
        asked = self.task.params.get("ChecksumAlgorithm")
        self.algorithm = str(asked).lower() if asked else None
        params = known_members(self.shared.core.operation("PutObject"), self._params)
        body = SentBytes(data)
        if signs(self.shared.core):
            body.payload_hash = sha256(data).hexdigest()
        self.output = self.shared.core.call(
            "PutObject", {**params, "Bucket": self.task.bucket, "Key": self.task.key, "Body": body}
        )
        self._moved(len(data))

    def _summed(self, data: bytes, number: int) -> tuple[dict[str, Any], SentBytes]:
        body = SentBytes(data)
        if signs(self.shared.core):
            body.payload_hash = sha256(data).hexdigest()
        if self.algorithm is None:
            return {}, body
        total = checksum(self.algorithm)
        total.update(data)
        value = b64encode(total.digest()).decode()
        if self.algorithm in POLYNOMIALS:
            self.crcs[number] = crc_in(value), len(data)
        return {"ChecksumAlgorithm": self.algorithm.upper(), checksum_member(self.algorithm): value}, body

    def _next_part(self) -> bytes:
        size = self._part_size if self.cast.size is not None else self._part_size << (self._read // GROWTH)
        data, self._first = self._first[:size], self._first[size:]
        return data if len(data) == size else data + self._read_up_to(size - len(data))

    def _read_up_to(self, size: int | None) -> bytes:
        """That much of the stream, less only at its end; all of it without a size."""
        parts = []
        left = size
        while left is None or left > 0:
            self.workers.moved(0)
            data = self._stream.read(1024 * 1024 if left is None else min(left, 1024 * 1024))
            if not data:
                break
            parts.append(data)
            if left is not None:
                left -= len(data)
        return b"".join(parts)

    def _moved(self, count: int) -> None:
        self.workers.moved(count)
        if self.shared.options.progress is not None:
            self.workers.post(lambda: self.shared.progress(self.task, count))


class PutOnce(UploadFile):
    """A file by one PutObject from a thread, where the loop cannot send it."""

    def begin(self) -> None:
        core, task = self.shared.core, self.task
        body = FileSlice(self._path, self._descriptor, 0, self.size, signs(core), self._moved)
        params = known_members(core.operation("PutObject"), self._params)
        asked = params.get("ChecksumAlgorithm")
        given = any(name in CHECKSUM_MEMBERS for name in params)
        if given or not (asked or core.adds_checksums):
            body.sum(None)
        else:
            algorithm = str(asked or core.default_algorithm).lower()
            params |= {"ChecksumAlgorithm": algorithm.upper(), checksum_member(algorithm): body.sum(algorithm)}
        self.output = core.call("PutObject", {**params, "Bucket": task.bucket, "Key": task.key, "Body": body})

    def finish(self) -> None:
        self.check_unchanged()


def signs(core: Core) -> bool:
    """Whether bodies are signed: over http, unless the user wants none signed; over https where he does."""
    if core.leaves_payload_unsigned:
        return False
    return core.signs_payload or not core.is_secure


def with_varying(params: Mapping[str, Any], varying: Mapping[str, str]) -> Mapping[str, Any]:
    """The parameters with a task's own put in."""
    if not varying:
        return params
    merged = dict(params)
    for name, text in varying.items():
        member, _, entry = name.partition(".")
        merged[member] = {**merged.get(member, {}), entry: text} if entry else text
    return merged
