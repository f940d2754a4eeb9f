"""One file to one object, as hand-written commands upload it: in one request, or in parts where it is large.

`upload` is the one way that these commands have to S3, whatever carries the bytes.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import IO, Any

from awsmini.client import Client
from awsmini.errors import AwsminiError, ClientError

PART = 8 * 2**20  # a file of this size or more goes in parts of this size
MOST_PARTS = 10_000
STEP = 256 * 2**10  # bytes from one report of progress to the next
# Of what is given with an object, the parameters that its parts take too.
_OF_PARTS = ("SSECustomerAlgorithm", "SSECustomerKey", "RequestPayer", "ExpectedBucketOwner")
CHECKSUM = "CRC64NVME"

Progress = Callable[[int], None]


def upload(
    client: Client,
    bucket: str,
    key: str,
    body: IO[bytes],
    extra: Mapping[str, Any],
    progress: Progress | None = None,
    *,
    part_size: int = PART,
    step: int = STEP,
) -> None:
    """Make an object of a file that stands at its beginning. Raises what the client raises.

    `progress` gets the number of bytes sent so far, one step after the other. What is there of an
    upload in parts that fails is taken away.
    """
    size = body.seek(0, os.SEEK_END)
    body.seek(0)
    if size < part_size:
        try:
            client._make_api_call("PutObject", {"Bucket": bucket, "Key": key, "Body": body, **extra})
        except ClientError:  # the bytes were sent all the same
            report(progress, 0, size, step)
            raise
        report(progress, 0, size, step)
        return
    _upload_parts(client, {"Bucket": bucket, "Key": key}, body, size, extra, progress, part_size, step)


def report(progress: Progress | None, done: int, size: int, step: int) -> None:
    """Tell that the bytes from `done` to `size` are sent."""
    if progress is not None:
        for sent in range(done // step * step + step, size, step):
            progress(sent)
        if size > done:
            progress(size)


def _upload_parts(
    client: Client,
    where: dict[str, Any],
    body: IO[bytes],
    size: int,
    extra: Mapping[str, Any],
    progress: Progress | None,
    part_size: int,
    step: int,
) -> None:
    while size > part_size * MOST_PARTS:
        part_size *= 2
    begun = client._make_api_call("CreateMultipartUpload", {**where, "ChecksumAlgorithm": CHECKSUM, **extra})
    where = {**where, "UploadId": begun["UploadId"]}
    of_parts = {name: extra[name] for name in _OF_PARTS if name in extra}
    parts: list[dict[str, Any]] = []
    done = 0
    try:
        while data := body.read(part_size):
            number = len(parts) + 1
            answer = client._make_api_call("UploadPart", {**where, "PartNumber": number, "Body": data, **of_parts})
            checksums = {name: value for name, value in answer.items() if name.startswith("Checksum")}
            parts.append({"ETag": answer["ETag"], "PartNumber": number, **checksums})
            report(progress, done, done + len(data), step)
            done += len(data)
        client._make_api_call("CompleteMultipartUpload", {**where, "MultipartUpload": {"Parts": parts}, **of_parts})
    except (Exception, KeyboardInterrupt):
        _abort(client, where)
        raise


def _abort(client: Client, where: Mapping[str, Any]) -> None:
    """What went wrong is told already."""
    with suppress(AwsminiError):
        client._make_api_call("AbortMultipartUpload", where)
