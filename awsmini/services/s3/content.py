"""`sync --checksum`: whether two of equal size have the same content.

A checksum that an object has stored for all of it is believed first, then an ETag that is the MD5 of the content or of
the MD5s of its parts. Where neither says anything (ETags of objects encrypted with KMS or with one's own key are none),
the object is read.
"""

import hashlib
import os
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from awsmini.errors import ClientError
from awsmini.send.checksums import checksum
from awsmini.services.s3 import request_params
from awsmini.services.s3.stored_times import Headers, Looked
from awsmini.transfer.local import Entry
from awsmini.transfer.sums import PREFIX, stated_checksum

CHUNK = 1024 * 1024
_ETAG = re.compile(r'"?([0-9a-f]{32})(?:-([0-9]{1,5}))?"?')
_ENCRYPTION = "x-amz-server-side-encryption"
_CUSTOMER = f"{_ENCRYPTION}-customer-algorithm"


class Content(Looked):
    asked: Mapping[str, str] = {"ChecksumMode": "ENABLED"}

    def differ(self, source: Entry, destination: Entry, ours: Headers, theirs: Headers) -> bool:
        """A file that cannot be read is left to its transfer, which tells."""
        try:
            if self.job.kind == "copy":
                same = _same_objects(ours, theirs)
                if same is None:
                    same = self._read(source, source=True) == self._read(destination, source=False)
            elif self.job.kind == "upload":
                same = self._same_file(self.job.source.root + source.key, destination, theirs, source=False)
            else:
                same = self._same_file(self.job.target.root + destination.key, source, ours, source=True)
        except (OSError, ClientError):
            return True
        return not same

    def _same_file(self, path: str, entry: Entry, headers: Headers, *, source: bool) -> bool:
        """Whether a file has the content of an object."""
        if not entry.size:
            return True
        stated = stated_checksum(headers, entry.size)
        if stated is not None and not stated.parts and headers.get(f"{PREFIX}type") != "COMPOSITE":
            with open(path, "rb") as file:
                return b64encode(_digest(file, checksum(stated.algorithm))).decode() == stated.value
        found = _md5_of(headers)
        if found is not None:
            value, parts = found
            size = self._part_size(entry, parts, source) if parts else entry.size
            if size is not None:
                with open(path, "rb") as file:
                    return _etag(file, size, bool(parts)) == value
        with open(path, "rb") as file:
            return _digest(file, hashlib.sha256()) == self._read(entry, source=source)

    def _part_size(self, entry: Entry, parts: int, source: bool) -> int | None:
        """Of an object that came in parts, all but the last of one size; None where they cannot have been so."""
        where, params = self._object(entry, source)
        size = int(self.transfer.engine.call("HeadObject", {**where, **params, "PartNumber": 1})["ContentLength"])
        return size if size and -(-entry.size // size) == parts else None

    def _read(self, entry: Entry, *, source: bool) -> bytes:
        """The digest of an object's content."""
        where, params = self._object(entry, source)
        body = self.transfer.engine.call("GetObject", {**where, **params}, source=source)["Body"]
        try:
            return _digest(body, hashlib.sha256())
        finally:
            body.close()

    def _object(self, entry: Entry, source: bool) -> tuple[dict[str, Any], dict[str, Any]]:
        location = self.job.source if source else self.job.target
        copied = source and self.job.kind == "copy"
        params = request_params.of_copy_source(self.values) if copied else request_params.of_download(self.values)
        return {"Bucket": location.bucket, "Key": location.root + entry.key}, params


def _same_objects(ours: Headers, theirs: Headers) -> bool | None:
    """Whether two objects have the same content; None where their headers do not say."""
    sums = [
        {name: value for name, value in each.items() if name.startswith(PREFIX) and name != f"{PREFIX}type"}
        for each in (ours, theirs)
        if each.get(f"{PREFIX}type") != "COMPOSITE"
    ]
    if len(sums) == 2:
        for name in sorted(set(sums[0]) & set(sums[1])):
            if "-" not in sums[0][name] + sums[1][name]:
                return sums[0][name] == sums[1][name]
    first, second = _md5_of(ours), _md5_of(theirs)
    if first is None or second is None:
        return None
    if first == second:
        return True
    return None if first[1] or second[1] else False


def _md5_of(headers: Headers) -> tuple[str, int] | None:
    """The MD5 that an ETag is, and of how many parts (0: it came in one); None where it is none."""
    if _CUSTOMER in headers or headers.get(_ENCRYPTION, "AES256") != "AES256":
        return None
    found = _ETAG.fullmatch(headers.get("etag", ""))
    return (found[1], int(found[2] or 0)) if found else None


def _etag(file: BinaryIO, size: int, in_parts: bool) -> str:
    """The MD5 of a file, or that of the MD5s of its parts."""
    if not in_parts:
        return _digest(file, hashlib.md5(usedforsecurity=False)).hex()
    whole = hashlib.md5(usedforsecurity=False)
    for _ in range(0, os.fstat(file.fileno()).st_size, size):
        part = hashlib.md5(usedforsecurity=False)
        for block in _blocks(file, size):
            part.update(block)
        whole.update(part.digest())
    return whole.hexdigest()


def _digest(file: Any, total: Any) -> bytes:
    for block in _blocks(file, None):
        total.update(block)
    digest: bytes = total.digest()
    return digest


def _blocks(file: Any, size: int | None) -> Iterator[bytes]:
    """What a file holds from where it is, as far as that size."""
    while size is None or size > 0:
        block = file.read(CHUNK if size is None else min(size, CHUNK))
        if not block:
            return
        if size is not None:
            size -= len(block)
        yield block
