"""What the stages hand each other: plain values that nobody changes in place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO, Literal

from awsmini.model.shapes import OperationModel


@dataclass(frozen=True, kw_only=True, repr=False)
class Credentials:
    """What a request is signed with. Its text form never shows a secret."""

    access_key: str
    secret_key: str
    token: str | None = None
    account_id: str | None = None
    expires: datetime | None = None
    method: str = "explicit"  # which provider found it: env, shared-credentials-file, assume-role …

    def __repr__(self) -> str:
        return f"Credentials(access_key=…{self.access_key[-4:]}, method={self.method})"


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """What the endpoint rules answer: a base URL, headers to add, and properties such as `authSchemes`."""

    url: str
    headers: Mapping[str, list[str]] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Scope:
    """How one request is signed: by which scheme, for which region and service."""

    auth: str  # v2, v4, v4a, s3v4, s3express, bearer, none (sign/__init__.py has the table)
    region: str = ""  # v4a: the region set, comma separated
    service: str = ""  # the credential scope's service name
    double_encode: bool = True  # S3 signs the path as it is sent, with v4a too
    unsigned_payload: bool = False
    unsigned_stream: bool = False  # S3: the body stays unsigned over https where a checksum header covers it


@dataclass(frozen=True, kw_only=True)
class Request:
    """One HTTP request, as it will be sent. Header names keep their case; a header stands once."""

    method: str
    url: str  # whole, with the query string, percent-encoded
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | BinaryIO | None = None  # a BinaryIO is seekable unless the user piped it in
    stream: bool = False  # the answer's body is handed on unread


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One HTTP answer. Header names are lower case."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes = b""  # empty where the request asked for a stream and the status is a success
    raw: Any = None  # the unread body of a streamed success: read(size), iterated, close()
    request: Request | None = None


@dataclass(frozen=True, kw_only=True)
class Conversions:
    """What parsing makes of the two types that JSON lacks: Python gets datetimes and bytes, commands text.

    `wire` leaves a timestamp as it was sent (`cli_timestamp_format = wire`): epoch numbers stay numbers.
    """

    timestamps: Literal["datetime", "iso8601", "wire"] = "datetime"
    blobs: Literal["bytes", "base64"] = "bytes"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One API call, ready to be serialized."""

    operation: OperationModel
    params: Mapping[str, Any]
    endpoint: Endpoint
    scope: Scope
    headers: Mapping[str, str] = field(default_factory=dict)  # user agent and the like


Output = dict[str, Any]
Pages = Iterator[Output]
