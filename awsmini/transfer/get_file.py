"""An object that comes in one piece: one GetObject on the loop, into a temporary file."""

import os
import re
from binascii import b2a_base64
from datetime import date as date_of
from functools import lru_cache
from time import monotonic
from typing import Any

from awsmini.errors import ChecksumError
from awsmini.records import Reply
from awsmini.send.checksums import checksum
from awsmini.transfer.api_call import ApiCall
from awsmini.transfer.connection import broken_stream
from awsmini.transfer.delete_object import delete_source
from awsmini.transfer.errors import ChangedObjectError, WrongLengthError
from awsmini.transfer.file_times import from_text
from awsmini.transfer.http1 import Head
from awsmini.transfer.records import Download
from awsmini.transfer.shared import Shared, bare
from awsmini.transfer.sums import stated_checksum
from awsmini.transfer.temp_file import TempFile
from awsmini.transfer.template import Template

EPOCH = date_of(1970, 1, 1).toordinal()
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = r"[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT"


class GetFile(ApiCall):
    """The body goes to the file as it comes; each attempt begins with an empty one."""

    def __init__(self, shared: Shared, task: Download) -> None:
        self.task = task
        self._shared = shared
        self._started = monotonic()
        self._file: TempFile | None = None
        self._sum: Any = None
        self._stated = ""
        self._algorithm: str | None = None
        self._size = 0
        self._head: Head | None = None
        super().__init__(shared.loop, shared.templates, task.key, {})

    def make_template(self) -> Template:
        return self._templates.get("GetObject", self.task.bucket, self.task.params)

    def begin(self) -> bytes:
        self._drop_file()
        return super().begin()

    def head(self, head: Head) -> None:
        super().head(head)
        if head.status >= 300:
            return
        self._head = head
        if self.task.exact and bare(head.headers.get("etag")) != self.task.etag:
            raise ChangedObjectError(self.task.bucket, self.task.key)
        self._file = TempFile(str(self.task.target), self._shared.journal)
        if self._core.validates_answers or "ChecksumMode" in self.task.params:
            length = head.headers.get("content-length", "")
            stated = stated_checksum(head.headers, int(length) if length.isdecimal() else None)
            if stated is not None and not stated.parts:
                self._algorithm, self._stated = stated.algorithm, stated.value
                self._sum = checksum(stated.algorithm)

    def body(self, data: bytes) -> None:
        file = self._file
        if file is None:
            super().body(data)
            return
        if self._sum is not None:
            self._sum.update(data)
        written = os.write(file.descriptor, data)
        while written < len(data):
            written += os.write(file.descriptor, memoryview(data)[written:])
        self._size += len(data)
        self._shared.progress(self.task, len(data))

    def succeeded(self, head: Head, reply: Reply) -> None:
        file = self._file
        assert file is not None
        length = head.headers.get("content-length")
        expected = self.task.size if length is None else int(length)
        if length is None and self._size < (1 if expected is None else expected):
            raise broken_stream(self._size, None)
        if expected is not None and expected != self._size:
            raise WrongLengthError(self._size, expected)
        if self._sum is not None:
            found = b2a_base64(self._sum.digest(), newline=False).decode()
            if found != self._stated:
                raise ChecksumError(f"Expected checksum {self._stated} did not match calculated checksum: {found}")
        modified = self.task.last_modified
        kept = self._shared.options.modified_metadata
        exactly = from_text(head.headers.get(kept)) if kept else None
        file.finish(last_modified(head) if modified is None else modified, exactly)
        self._file = None
        facts: dict[str, Any] = {
            "size": self._size,
            "etag": bare(head.headers.get("etag")),
            "checksum": f"{self._algorithm}:{self._stated}" if self._algorithm else None,
            "version_id": head.headers.get("x-amz-version-id"),
        }
        self.done = True
        if self.task.move:
            delete_source(self._shared, self, self.task, self._started, facts)
        else:
            self._shared.done(self, self.task, self._started, **facts)

    def failed(self, error: Exception) -> None:
        self.stop()
        self.done = True
        self._shared.failed(self, self.task, self._started, error)

    def stop(self) -> None:
        self._drop_file()

    def _drop_file(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.discard()
            self._shared.progress(self.task, -self._size)
        self._size = 0
        self._sum = None
        self._algorithm = None


def last_modified(head: Head) -> float | None:
    """When the object was written, as its header says; None where it says nothing of use."""
    return http_date(head.headers.get("last-modified", ""))


@lru_cache(maxsize=256)
def http_date(text: str) -> float | None:
    """Seconds since 1970 of a date such as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7)."""
    found = re.fullmatch(_DATE, text)
    if found is None:
        return None
    day, month, year, hour, minute, second = found.groups()
    try:
        date = date_of(int(year), MONTHS.index(month) + 1, int(day))
    except ValueError:
        return None
    return (date.toordinal() - EPOCH) * 86400.0 + int(hour) * 3600 + int(minute) * 60 + int(second)
