"""A file below the multipart threshold: one PutObject on the loop.

A file of up to 64 KB is read once. A larger one is read twice, for its sums and for sending, in blocks, so that many
of them at a time fill no memory; what changes between is noticed by its size and time, and by the service's look at
the checksum.
"""

import os
from binascii import b2a_base64
from hashlib import sha256
from time import monotonic
from zlib import crc32

from awsmini.records import Reply
from awsmini.send.checksums import checksum, digest_of
from awsmini.transfer.api_call import ApiCall
from awsmini.transfer.errors import ChangedFileError
from awsmini.transfer.http1 import Head
from awsmini.transfer.local import remove_unchanged
from awsmini.transfer.records import Upload
from awsmini.transfer.shared import Shared, bare
from awsmini.transfer.template import Template, put_header

WHOLE = 64 * 1024  # bytes of a file that is kept in memory while it is sent
BLOCK = 64 * 1024


class PutFile(ApiCall):
    """`descriptor` is the file, open and regular; it is closed here."""

    _data = b""
    _at = 0
    _told = 0

    def __init__(self, shared: Shared, task: Upload, descriptor: int, facts: os.stat_result) -> None:
        self.task = task
        self._shared = shared
        self._started = monotonic()
        self._facts = facts
        self._size = facts.st_size
        self._descriptor = descriptor
        self._varying = tuple(task.varying)
        values: dict[bytes, bytes] = {b"length": b"%d" % self._size}
        for name, text in task.varying.items():
            put_header(values, name, text)
        super().__init__(shared.loop, shared.templates, task.key, values)
        if self._size <= WHOLE:
            self._read_whole()
        else:
            self._sum_blocks()

    def make_template(self) -> Template:
        task = self.task
        return self._templates.get("PutObject", task.bucket, task.params, self._varying, True)

    def first_bytes(self) -> bytes:
        if self._told:
            self._progress(-self._told)
        self._at = 0
        if self._size <= WHOLE:
            self._progress(self._size)
            return self._data
        return b""

    def more(self) -> bytes:
        if self._descriptor < 0 or self._at >= self._size:
            return b""
        data = os.pread(self._descriptor, min(BLOCK, self._size - self._at), self._at)
        self._at += len(data)
        if not data or self._at == self._size:
            self._check_unchanged()
        self._progress(len(data))
        return data

    def succeeded(self, head: Head, reply: Reply) -> None:
        self.stop()
        if self.task.move:
            assert isinstance(self.task.source, str)
            remove_unchanged(self.task.source, self._facts)
        self.done = True
        headers = head.headers
        algorithm = self.template.algorithm
        self._shared.done(
            self,
            self.task,
            self._started,
            size=self._size,
            etag=bare(headers.get("etag")),
            checksum=f"{algorithm}:{self.values[b'sum'].decode()}" if algorithm else None,
            version_id=headers.get("x-amz-version-id"),
        )

    def failed(self, error: Exception) -> None:
        self.stop()
        self.done = True
        self._shared.failed(self, self.task, self._started, error)

    def stop(self) -> None:
        if self._descriptor >= 0:
            descriptor, self._descriptor = self._descriptor, -1
            os.close(descriptor)

    def _read_whole(self) -> None:
        size = self._size
        self._data = data = os.read(self._descriptor, size + 1)
        if len(data) != size:
            raise ChangedFileError(self.task.source, size, os.fstat(self._descriptor).st_size)
        self.stop()
        template = self.template
        if template.signs_body:
            self.values[b"hash"] = sha256(data).hexdigest().encode()
        algorithm = template.algorithm
        if algorithm == "crc32":
            self.values[b"sum"] = b2a_base64(crc32(data).to_bytes(4, "big"), newline=False)
        elif algorithm is not None:
            self.values[b"sum"] = b2a_base64(digest_of(algorithm, data), newline=False)

    def _sum_blocks(self) -> None:
        signed = sha256() if self.template.signs_body else None
        total = None if self.template.algorithm is None else checksum(self.template.algorithm)
        at = 0
        while (signed is not None or total is not None) and at < self._size:
            data = os.pread(self._descriptor, min(BLOCK, self._size - at), at)
            if not data:
                raise ChangedFileError(self.task.source, self._size, at)
            if signed is not None:
                signed.update(data)
            if total is not None:
                total.update(data)
            at += len(data)
        if signed is not None:
            self.values[b"hash"] = signed.hexdigest().encode()
        if total is not None:
            self.values[b"sum"] = b2a_base64(total.digest(), newline=False)

    def _check_unchanged(self) -> None:
        now = os.fstat(self._descriptor)
        if now.st_size != self._size:
            raise ChangedFileError(self.task.source, self._size, now.st_size)
        if now.st_mtime_ns != self._facts.st_mtime_ns:
            raise ChangedFileError(self.task.source, self._size)

    def _progress(self, count: int) -> None:
        if count and self._shared.options.progress is not None:
            self._told += count
            self._shared.progress(self.task, count)
