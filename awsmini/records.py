"""What the stages hand each other: plain values that nobody changes in place."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, NamedTuple, TypeVar

if TYPE_CHECKING:
    from awsmini.model.shapes import OperationModel

NOTHING: Mapping[str, Any] = MappingProxyType({})


R = TypeVar("R", bound=tuple[Any, ...])


def replace(record: R, **changes: Any) -> R:
    """The record with some of its fields changed.

    Records are NamedTuples: such a class costs 0.06 ms at import, a frozen dataclass 0.44 ms.
    """
    changed: R = record._replace(**changes)  # type: ignore[attr-defined]
    return changed


class Credentials(NamedTuple):
    """What a request is signed with. Its text form never shows a secret."""

    access_key: str
    secret_key: str
    token: str | None = None
    account_id: str | None = None
    expires: datetime | None = None
    method: str = "explicit"  # which provider found it: env, shared-credentials-file, assume-role …

    def __repr__(self) -> str:
        return f"Credentials(access_key=…{self.access_key[-4:]}, method={self.method})"


class Endpoint(NamedTuple):
    """What the endpoint rules answer: a base URL, headers to add, and properties such as `authSchemes`."""

    url: str
    headers: Mapping[str, list[str]] = NOTHING
    properties: Mapping[str, Any] = NOTHING
    features: tuple[str, ...] = ()  # what the User-Agent says of how it was found


class Scope(NamedTuple):
    """How one request is signed: by which scheme, for which region and service."""

    auth: str  # v2, v4, v4a, s3v4, s3express, bearer, none (sign/__init__.py has the table)
    region: str = ""  # v4a: the region set, comma separated
    service: str = ""  # the credential scope's service name
    double_encode: bool = True  # S3 signs the path as it is sent, with v4a too
    unsigned_payload: bool = False
    unsigned_stream: bool = False  # S3: the body stays unsigned over https where a checksum header covers it


class Request(NamedTuple):
    """One HTTP request, as it will be sent. Header names keep their case; a header stands once."""

    method: str
    url: str  # whole, with the query string, percent-encoded
    headers: Mapping[str, str] = NOTHING
    body: bytes | BinaryIO | None = None  # a BinaryIO is seekable unless the user piped it in
    stream: bool = False  # the answer's body is handed on unread


class Reply(NamedTuple):
    """One HTTP answer. Header names are lower case."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes = b""  # empty where the request asked for a stream and the status is a success
    raw: Any = None  # the unread body of a streamed success: read(size), iterated, close()
    request: Request | None = None
    spelled: Iterable[str] = ()  # the names of the headers as they came, in their own case
    framed: bool = True  # whether it says where its body ends; one that does not may have been cut anywhere


class Listing(NamedTuple):
    """The list that the pages of an operation are made of, to be written where it is parsed, as `Written`."""

    holder: str  # the name of the output shape
    member: str
    write: Callable[
        [Any, Any], Callable[[Any], Any] | None
    ]  # of a codec and its shape makes: what came -> Written; None: parse it
    rows: Callable[[Any, Any], dict[str, Any] | None]  # a reply, and how it is parsed -> output, if its rows are alike


class Written(list[Any]):
    """The items of a list, in the output format already: text of each, or one piece of UTF-8 for all of them."""

    def joined(self, separator: str) -> str | bytes:
        return self[0] if self and isinstance(self[0], bytes) else separator.join(self)


class Conversions(NamedTuple):
    """What parsing makes of the two types that JSON lacks: Python gets datetimes and bytes, commands text.

    `wire` leaves a timestamp as it was sent (`cli_timestamp_format = wire`): epoch numbers stay numbers.
    """

    timestamps: Literal["datetime", "iso8601", "wire"] = "datetime"
    blobs: Literal["bytes", "base64"] = "bytes"
    listing: Listing | None = None


class Call(NamedTuple):
    """One API call, ready to be serialized."""

    operation: "OperationModel"
    params: Mapping[str, Any]
    endpoint: Endpoint
    scope: Scope
    headers: Mapping[str, str] = NOTHING  # user agent and the like
    features: tuple[str, ...] = ()  # what the User-Agent says of who makes the call: PAGINATOR, WAITER


Output = dict[str, Any]
Pages = Iterator[Output]
