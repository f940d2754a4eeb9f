"""S3 Glacier: the account that is the caller's own, the version header, and the checksums of uploads."""

import hashlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any, BinaryIO

from awsmini.model.shapes import OperationModel
from awsmini.records import Request, replace

_CHUNK = 1024 * 1024  # bytes; the leaves of the tree hash


def default_account(_operation: OperationModel, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The account `-`, the caller's own, where none is given."""
    return params if params.get("accountId") is not None else {**params, "accountId": "-"}


def add_version(request: Request, operation: OperationModel, _params: Mapping[str, Any]) -> Request:
    """The API version that every call names."""
    return replace(request, headers={**request.headers, "x-amz-glacier-version": operation.service_model.api_version})


def add_checksums(request: Request, _operation: OperationModel, _params: Mapping[str, Any]) -> Request:
    """The SHA-256 of the body and its tree hash, where they are not given. A pipe is read into memory for it."""
    body: Any = request.body or b""
    if not isinstance(body, bytes) and not body.seekable():
        body = body.read()
    stream: BinaryIO = BytesIO(body) if isinstance(body, bytes) else body
    start = stream.tell()
    linear, tree = checksums(stream)
    stream.seek(start)
    headers = {"x-amz-content-sha256": linear, "x-amz-sha256-tree-hash": tree, **request.headers}
    return replace(request, headers=headers, body=body or None)


def checksums(stream: BinaryIO) -> tuple[str, str]:
    """The SHA-256 and the tree hash of what is left in a file, in hex.

    The tree hash is the hash of pairs of hashes, over chunks of a megabyte
    (https://docs.aws.amazon.com/amazonglacier/latest/dev/checksum-calculations.html).
    """
    linear = hashlib.sha256()
    hashes = []
    while chunk := stream.read(_CHUNK):
        linear.update(chunk)
        hashes.append(hashlib.sha256(chunk).digest())
    while len(hashes) > 1:
        pairs = [hashes[place : place + 2] for place in range(0, len(hashes), 2)]
        hashes = [hashlib.sha256(b"".join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs]
    return linear.hexdigest(), hashes[0].hex() if hashes else linear.hexdigest()
