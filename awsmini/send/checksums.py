"""Checksums of what is sent and of what comes back, as `httpChecksum` in the models asks (S3, mostly).

A request's checksum is a header, or, where a stream goes over TLS, a trailer after the body in aws-chunked form.
CRC-32 is the default; with awscrt installed it is CRC-64/NVME, as in AWS CLI v2. What AWS CLI v2 does stands in
`botocore/httpchecksum.py`.
"""

import base64
import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib.util import find_spec
from io import BytesIO
from typing import Any, Protocol, cast
from urllib.parse import urlsplit
from zlib import crc32

from awsmini.errors import AwsminiError, ChecksumError
from awsmini.log import debug
from awsmini.model.shapes import OperationModel
from awsmini.records import Call, Reply, Request, replace
from awsmini.references import resolve_name
from awsmini.send.body import Body, UnseekableStreamError, length

WHEN_SUPPORTED = "when_supported"
PREFIX = "x-amz-checksum-"
CHUNK = 1024 * 1024  # bytes read at a time
_python_left = 64 * 1024  # bytes that may still be summed in Python before C code is loaded for it
SLOW_LIMIT = 1024 * 1024  # bytes of an answer that are summed in Python; longer ones only by C code

CRCS: dict[str, tuple[str, str, int]] = {  # by awscrt, in Python, size in bytes
    "crc32c": ("awscrt.checksums:crc32c", "awsmini.send.crc:crc32c", 4),
    "crc64nvme": ("awscrt.checksums:crc64nvme", "awsmini.send.crc:crc64nvme", 8),
}
HASHES = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha512": hashlib.sha512}
CRT_HASHES = {
    "xxhash64": "awscrt.checksums:XXHash.new_xxhash64",
    "xxhash3": "awscrt.checksums:XXHash.new_xxhash3_64",
    "xxhash128": "awscrt.checksums:XXHash.new_xxhash3_128",
}
# Of an answer's checksums the first of these is verified.
PREFERENCE = ("xxhash128", "xxhash3", "crc64nvme", "xxhash64", "crc32c", "crc32", "sha1", "sha256", "sha512")


class UnsupportedChecksumError(AwsminiError):
    """A checksum algorithm is not known here, or not without awscrt."""


def default_algorithm() -> str:
    """What is sent where nobody names an algorithm, as S3 spells it."""
    return "CRC64NVME" if has_crt() else "CRC32"


@lru_cache(maxsize=1)
def has_crt() -> bool:
    return find_spec("awscrt") is not None


# Requests.


def with_checksum(
    request: Request,
    operation: OperationModel,
    params: Mapping[str, Any],
    calculation: str = WHEN_SUPPORTED,
    presigning: bool = False,
    *,
    trailers: bool = True,
) -> Request:
    """The request with its checksum, where the operation takes or needs one and the user has not given it.

    With `trailers` off it is a header, whatever the body.
    """
    if has_checksum(request):
        return request
    traits = operation.http_checksum
    member = traits.get("requestAlgorithmMember")
    headers: dict[str, str] = {}
    if member and member in params:
        algorithm = str(params[member]).lower()
    elif not presigning and (
        operation.http_checksum_required
        or traits.get("requestChecksumRequired")
        or (member and calculation == WHEN_SUPPORTED)
    ):
        algorithm = default_algorithm().lower()
        headers = _algorithm_header(operation, member)
    else:
        return request
    in_trailer = trailers and operation.has_streaming_input and urlsplit(request.url).scheme == "https"
    request = _with_trailer(request, algorithm) if in_trailer else _with_header(request, algorithm)
    return replace(request, headers={**request.headers, **headers})


def has_checksum(request: Request) -> bool:
    """Whether the user gave a checksum (or `x-amz-checksum-algorithm`, which says that one was given elsewhere)."""
    names = (name.lower() for name in request.headers)
    return any(name.startswith(PREFIX) and name[len(PREFIX) :].isalnum() for name in names)


def features(request: Request, calculation: str = WHEN_SUPPORTED, validation: str = WHEN_SUPPORTED) -> Iterator[str]:
    """What the User-Agent says of checksums: the two settings, and the algorithms that the request carries."""
    yield f"FLEXIBLE_CHECKSUMS_REQ_{calculation.upper()}"
    yield f"FLEXIBLE_CHECKSUMS_RES_{validation.upper()}"
    for name, value in request.headers.items():
        stated = value if name.lower() == "x-amz-trailer" else name
        algorithm = stated.lower().removeprefix(PREFIX)
        if algorithm in (*PREFERENCE, "md5") and stated.lower() != algorithm:
            yield f"FLEXIBLE_CHECKSUMS_REQ_{'CRC64' if algorithm == 'crc64nvme' else algorithm.upper()}"


def _algorithm_header(operation: OperationModel, member: str | None) -> dict[str, str]:
    """The header that tells S3 which algorithm the default is."""
    shape = operation.input_shape.members.get(member) if operation.input_shape and member else None
    name = shape.serialization.get("name") if shape else None
    return {name: default_algorithm()} if name else {}


def _with_header(request: Request, algorithm: str) -> Request:
    return replace(request, headers={**request.headers, f"{PREFIX}{algorithm}": body_checksum(request.body, algorithm)})


def _with_trailer(request: Request, algorithm: str) -> Request:
    """The body in aws-chunked form; its checksum is computed while it is read and follows it."""
    name = f"{PREFIX}{algorithm}"
    headers = {key: value for key, value in request.headers.items() if key.lower() != "content-encoding"}
    before = next((value for key, value in request.headers.items() if key.lower() == "content-encoding"), None)
    headers |= {
        "Transfer-Encoding": "chunked",
        "Content-Encoding": f"{before},aws-chunked" if before else "aws-chunked",
        "X-Amz-Trailer": name,
    }
    size = length(request.body)
    if size is not None:
        headers = {key: value for key, value in headers.items() if key.lower() != "content-length"}
        headers["X-Amz-Decoded-Content-Length"] = str(size)
    body = AwsChunked(_stream(request.body), algorithm)
    return replace(request, headers=headers, body=cast("Any", body))


def _stream(body: Body) -> Any:
    return BytesIO(body or b"") if body is None or isinstance(body, (bytes, bytearray)) else body


class AwsChunked:
    """A stream in aws-chunked form, with its checksum as trailer. It can be read again from the start only."""

    def __init__(self, raw: Any, algorithm: str) -> None:
        self._raw = raw
        self._algorithm = algorithm
        self._begin()

    def _begin(self) -> None:
        self._sum = checksum(self._algorithm)
        self._ready = b""
        self._at = 0  # how much of it was read
        self._ended = False

    def read(self, size: int | None = -1) -> bytes:
        whole = size is None or size < 0
        while not self._ended and (whole or len(self._ready) - self._at < (size or 0)):
            self._ready = self._ready[self._at :] + self._next_chunk()
            self._at = 0
        end = len(self._ready) if whole else self._at + (size or 0)
        data = self._ready[self._at : end]
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        if offset or whence:
            raise OSError("Can only seek to start of stream")
        self._raw.seek(0)
        self._begin()
        return 0

    def _next_chunk(self) -> bytes:
        data = self._raw.read(CHUNK)
        if data:
            self._sum.update(data)
            return b"%x\r\n%b\r\n" % (len(data), data)
        self._ended = True
        return f"0\r\n{PREFIX}{self._algorithm}:{encoded(self._sum.digest())}\r\n\r\n".encode()


# Replies.


def verified(reply: Reply, call: Call, validation: str = WHEN_SUPPORTED) -> Reply:
    """The reply, its body checked, or to be checked while it is read, against the checksum it states.

    That is done where the call asked for a checksum, or the setting `response_checksum_validation` does; what vouches
    for an object says nothing of a range of it. Raises ChecksumError, and so does the end of a stream.
    """
    traits = call.operation.http_checksum
    member = traits.get("requestValidationModeMember")
    if (
        reply.status >= 300
        or reply.status == 206
        or not member
        or (validation != WHEN_SUPPORTED and not call.params.get(member))
    ):
        return reply
    offered = {algorithm.lower() for algorithm in traits.get("responseAlgorithms", [])}
    stated = {
        algorithm: reply.headers[f"{PREFIX}{algorithm}"]
        for algorithm in PREFERENCE
        if algorithm in offered and "-" not in reply.headers.get(f"{PREFIX}{algorithm}", "-")  # a-b: sums of parts
    }
    algorithm = next((name for name in stated if _can_sum(name, reply)), None)
    if algorithm is None:
        debug(
            "send", "Skipping checksum validation: none of the checksums that the answer states can be computed here."
        )
        return reply
    if reply.raw is not None:
        return replace(reply, raw=ValidatedStream(reply.raw, algorithm, stated[algorithm]))
    total = checksum(algorithm)
    total.update(reply.body)
    verify(stated[algorithm], total.digest())
    return reply


def verify(stated: str, digest: bytes) -> None:
    """Raises ChecksumError where a digest is not the one stated in base64."""
    if encoded(digest) != stated.strip():
        raise ChecksumError(f"Expected checksum {stated} did not match calculated checksum: {encoded(digest)}")


class ValidatedStream:
    """The unread body of an answer, which is verified when its end is reached."""

    def __init__(self, raw: Any, algorithm: str, stated: str) -> None:
        self._raw = raw
        self._stated: str | None = stated
        self._sum = checksum(algorithm)

    def read(self, size: int | None = None) -> bytes:
        data: bytes = self._raw.read(size)
        self._sum.update(data)
        ended = size is None or size < 0 or (not data and size)
        if ended and self._stated is not None:
            stated, self._stated = self._stated, None
            verify(stated, self._sum.digest())
        return data

    def __iter__(self) -> Iterator[bytes]:
        while data := self.read(64 * 1024):
            yield data

    def close(self) -> None:
        self._raw.close()


def _can_sum(algorithm: str, reply: Reply) -> bool:
    if algorithm in CRCS and not has_crt():
        size = reply.headers.get("content-length", "")
        return size.isdecimal() and int(size) <= SLOW_LIMIT
    return algorithm not in CRT_HASHES or has_crt()


# Sums.


class Checksum(Protocol):
    def update(self, data: bytes, /) -> None: ...

    def digest(self) -> bytes: ...


class Crc:
    """A CRC as an object that takes data bit by bit."""

    def __init__(self, function: Callable[[bytes, int], int], size: int) -> None:
        self._function = function
        self._size = size
        self._crc = 0

    def update(self, data: bytes, /) -> None:
        self._crc = self._function(data, self._crc)

    def digest(self) -> bytes:
        return self._crc.to_bytes(self._size, "big")


class CrtHash:
    """A hash of awscrt's, whose end can be asked for once only."""

    def __init__(self, function: Any) -> None:
        self._hash = function
        self.update = function.update

    def digest(self) -> bytes:
        return bytes(self._hash.finalize())


def checksum(algorithm: str) -> Checksum:
    """A fresh sum. Raises UnsupportedChecksumError."""
    if algorithm == "crc32":
        return Crc(crc32, 4)
    if algorithm in HASHES:
        return HASHES[algorithm]()
    if algorithm in CRCS:
        by_crt, in_python, size = CRCS[algorithm]
        return Crc(resolve_name(by_crt if has_crt() else in_python), size)
    if algorithm not in CRT_HASHES:
        raise UnsupportedChecksumError(f"Unsupported checksum algorithm: {algorithm}")
    if not has_crt():
        raise UnsupportedChecksumError(
            f"Unsupported checksum algorithm: {algorithm} needs an additional dependency. "
            'Install it with: pip install "awsmini[crt]"'
        )
    return CrtHash(resolve_name(CRT_HASHES[algorithm])())


def digest_of(algorithm: str, data: bytes) -> bytes:
    """The sum of some data. To load awscrt takes as long as 400 KB take in Python, so a few small ones do without."""
    global _python_left
    if algorithm in CRCS and len(data) <= _python_left and "awscrt" not in sys.modules:
        _python_left -= len(data)
        _, in_python, size = CRCS[algorithm]
        found: bytes = resolve_name(in_python)(data).to_bytes(size, "big")
        return found
    total = checksum(algorithm)
    total.update(data)
    return total.digest()


def body_checksum(body: Body, algorithm: str) -> str:
    """The checksum of a body, in base64; a stream is read from where it stands and put back there.

    A body may state its `checksum` instead.
    """
    stated = getattr(body, "checksum", None)
    if stated is not None:
        return str(stated)
    if body is None or isinstance(body, (bytes, bytearray)):
        return encoded(digest_of(algorithm, bytes(body or b"")))
    total = checksum(algorithm)
    try:
        start = body.tell()
    except (AttributeError, OSError) as error:
        raise UnseekableStreamError(body) from error
    while data := body.read(CHUNK):
        total.update(data)
    body.seek(start)
    return encoded(total.digest())


def encoded(digest: bytes) -> str:
    return base64.b64encode(digest).decode()
