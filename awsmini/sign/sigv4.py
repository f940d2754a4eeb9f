"""AWS Signature Version 4, in headers and in URLs.

Each step of AWS's description is a function of its own, so that a wrong signature can be traced to a step:
canonical request → string to sign → signing key → signature. Where AWS leaves a choice (which headers
are signed, how a path is normalised, when a body stays unsigned) the choice is botocore's.
"""

import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from functools import lru_cache
from hashlib import sha256
from typing import Any, BinaryIO
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

from awsmini.errors import AwsminiError, EndpointError, NoCredentialsError
from awsmini.log import debug, is_on
from awsmini.records import Credentials, Request, Scope, replace
from awsmini.send.body import UnseekableStreamError
from awsmini.serialize.url import without_dots

ALGORITHM = "AWS4-HMAC-SHA256"
EMPTY_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
FORM_TYPE = "application/x-www-form-urlencoded; charset=utf-8"
BUFFER = 1024 * 1024  # bytes read at a time when a stream is hashed

# Headers that a proxy or the HTTP library may change on the way.
UNSIGNED_HEADERS = frozenset(
    (
        "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization", "te",
        "trailer", "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
    )
)  # fmt: skip
DEFAULT_PORTS = {"http": 80, "https": 443}


class UnsendableKeyError(AwsminiError):
    """What goes into a header breaks it. It may be a secret, so it is not shown."""

    def __init__(self, label: str, source: str) -> None:
        super().__init__(f"The {label} ({source}) holds a carriage return or a line end, so it cannot be sent.")


def sign(request: Request, scope: Scope, credentials: Credentials | None, now: datetime) -> Request:
    """The request with the headers X-Amz-Date, X-Amz-Security-Token (with a token) and Authorization."""
    keys = required(credentials)
    headers = without(request.headers, "authorization", "x-amz-date", "x-amz-security-token")
    headers["X-Amz-Date"] = timestamp(now)
    if keys.token:
        headers["X-Amz-Security-Token"] = keys.token
    if scope.unsigned_payload:
        headers = without(headers, "x-amz-content-sha256")
        headers["X-Amz-Content-SHA256"] = UNSIGNED_PAYLOAD
    request = replace(request, headers=headers)
    return authorized(request, scope, keys, now, payload(request, scope))


def presign(request: Request, scope: Scope, credentials: Credentials | None, now: datetime, expires: int) -> Request:
    """The request as a URL that carries the signature; parameters of a body move into its query."""
    request = in_query(request)
    return presigned(request, scope, required(credentials), now, expires, payload(request, scope))


# The four steps.


def canonical_request(method: str, path: str, query: str, headers: Mapping[str, str], payload_hash: str) -> str:
    """Step 1. `path` and `query` are canonical already, `headers` come from `headers_to_sign`."""
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    return f"{method.upper()}\n{path}\n{query}\n{lines}\n{signed_headers(headers)}\n{payload_hash}"


def string_to_sign(stamp: str, credential_scope: str, canonical: str) -> str:
    """Step 2."""
    return f"{ALGORITHM}\n{stamp}\n{credential_scope}\n{sha256(canonical.encode()).hexdigest()}"


@lru_cache(maxsize=64)
def signing_key(secret_key: str, date: str, region: str, service: str) -> bytes:
    """Step 3. The key of one day (YYYYMMDD), region and service, kept for the requests that follow."""
    key = f"AWS4{secret_key}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def signature(key: bytes, text: str) -> str:
    """Step 4."""
    return hmac.digest(key, text.encode(), "sha256").hex()


# What the steps are made of.


@lru_cache(maxsize=4)  # a signature says it several times
def timestamp(now: datetime) -> str:
    return f"{now.astimezone(timezone.utc):%Y%m%dT%H%M%SZ}"


def credential_scope(stamp: str, scope: Scope) -> str:
    return f"{stamp[:8]}/{scope.region}/{scope.service}/aws4_request"


def host_of(url: SplitResult) -> str:
    """The Host header of a URL: lower case, with the port unless it is the scheme's own. Raises EndpointError."""
    host = url.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    try:
        port = url.port
    except ValueError as error:
        raise EndpointError(str(error)) from None
    return host if port is None or port == DEFAULT_PORTS.get(url.scheme) else f"{host}:{port}"


def canonical_path(path: str, scope: Scope) -> str:
    """S3 signs the path as it is sent; everything else without dot segments and encoded once more."""
    if not scope.double_encode:
        return path or "/"
    return quote(without_dots(path), safe="/~")


def canonical_query(query: str) -> str:
    """The query sorted by name, then by value, both as encoded; a name alone gets an empty value."""
    if not query:
        return ""
    pairs = sorted(pair.partition("=")[::2] for pair in query.split("&"))
    return "&".join(f"{name}={value}" for name, value in pairs)


def headers_to_sign(headers: Mapping[str, str], host: str) -> dict[str, str]:
    """Lower-case names to values with their runs of white space made single spaces."""
    chosen = {name.lower(): " ".join(value.split()) for name, value in headers.items()}
    for name in UNSIGNED_HEADERS.intersection(chosen):
        del chosen[name]
    chosen.setdefault("host", host)
    return chosen


def signed_headers(names: Iterable[str]) -> str:
    return ";".join(sorted(names))


def payload(request: Request, scope: Scope) -> str:
    """The payload's hash, or the word that stands for it."""
    stated = header(request.headers, "x-amz-content-sha256")
    if stated is not None:
        return stated
    if header(request.headers, "x-amz-trailer") is not None:
        return UNSIGNED_TRAILER
    if scope.unsigned_payload and request.url.startswith("https"):
        return UNSIGNED_PAYLOAD
    return body_hash(request.body)


def body_hash(body: bytes | BinaryIO | None) -> str:
    """SHA-256 of a body; a stream is read from where it stands and put back there, unless it states a `payload_hash`."""
    known = getattr(body, "payload_hash", None)
    if known is not None:
        return str(known)
    if not body:
        return EMPTY_HASH
    if isinstance(body, (bytes, bytearray)):
        return sha256(body).hexdigest()
    try:
        start = body.tell()
    except OSError as error:
        raise UnseekableStreamError(body) from error
    digest = sha256()
    while chunk := body.read(BUFFER):
        digest.update(chunk)
    body.seek(start)
    return digest.hexdigest()


# Putting it together; S3's variants start from here too.


def authorized(request: Request, scope: Scope, keys: Credentials, now: datetime, payload_hash: str) -> Request:
    """The request, whose other headers are complete, with its Authorization header."""
    url = urlsplit(request.url)
    headers = headers_to_sign(request.headers, host_of(url))
    path = canonical_path(url.path, scope)
    canonical = canonical_request(request.method, path, canonical_query(url.query), headers, payload_hash)
    proof = prove(canonical, scope, keys, now)
    credential = f"{keys.access_key}/{credential_scope(timestamp(now), scope)}"
    authorization = f"{ALGORITHM} Credential={credential}, SignedHeaders={signed_headers(headers)}, Signature={proof}"
    return replace(request, headers={**request.headers, "Authorization": authorization})


def presigned(
    request: Request,
    scope: Scope,
    keys: Credentials,
    now: datetime,
    expires: int,
    payload_hash: str,
    token_name: str = "X-Amz-Security-Token",
) -> Request:
    """The request, made by `in_query`, with our parameters after its own and the signature at the end."""
    url = urlsplit(request.url)
    request = replace(request, headers=without_form_type(request.headers))
    headers = headers_to_sign(request.headers, host_of(url))
    stamp = timestamp(now)
    ours = {
        "X-Amz-Algorithm": ALGORITHM,
        "X-Amz-Credential": f"{keys.access_key}/{credential_scope(stamp, scope)}",
        "X-Amz-Date": stamp,
        "X-Amz-Expires": str(expires),
        "X-Amz-SignedHeaders": signed_headers(headers),
    }
    if keys.token is not None:
        ours[token_name] = keys.token
    query = "&".join(filter(None, (url.query, encoded(ours))))
    path = canonical_path(url.path, scope)
    canonical = canonical_request(request.method, path, canonical_query(query), headers, payload_hash)
    query += f"&X-Amz-Signature={prove(canonical, scope, keys, now)}"
    return replace(request, url=url._replace(query=query).geturl())


def prove(canonical: str, scope: Scope, keys: Credentials, now: datetime) -> str:
    """Steps 2 to 4: the signature of a canonical request."""
    stamp = timestamp(now)
    text = string_to_sign(stamp, credential_scope(stamp, scope), canonical)
    if is_on():
        debug(
            "sign",
            "CanonicalRequest:\n%s",
            canonical.replace(" ".join(keys.token.split()), "…") if keys.token else canonical,
        )
        debug("sign", "StringToSign:\n%s", text)
    return signature(signing_key(keys.secret_key, stamp[:8], scope.region, scope.service), text)


def required(credentials: Credentials | None) -> Credentials:
    """The credentials. Raises NoCredentialsError, and UnsendableKeyError before what they hold breaks a header."""
    if credentials is None:
        raise NoCredentialsError
    for label, variable, text in (
        ("access key id", "AWS_ACCESS_KEY_ID", credentials.access_key),
        ("session token", "AWS_SESSION_TOKEN", credentials.token or ""),
    ):
        if "\r" in text or "\n" in text:
            raise UnsendableKeyError(label, variable if credentials.method == "env" else credentials.method)
    return credentials


def header(headers: Mapping[str, str], name: str) -> str | None:
    """The value of a header whose lower-case name is given."""
    return next((value for key, value in headers.items() if key.lower() == name), None)


def without(headers: Mapping[str, str], *names: str) -> dict[str, str]:
    """A copy of the headers without some, given in lower case."""
    return {key: value for key, value in headers.items() if key.lower() not in names}


# Parameters of presigned URLs.


def in_query(request: Request) -> Request:
    """The request with its parameters, those of a form or JSON in its body too, in the query, encoded as AWS does.

    Of a name that stands twice in the query the first value is kept.
    """
    url = urlsplit(request.url)
    parameters: dict[str, Any] = {
        name: values[0] for name, values in parse_qs(url.query, keep_blank_values=True).items()
    }
    if request.body:
        if not isinstance(request.body, (bytes, bytearray)):
            raise ValueError("a stream cannot be put into a URL")
        parameters |= body_parameters(request.body, header(request.headers, "content-type") or "")
    return replace(request, url=url._replace(query=encoded(parameters)).geturl(), body=None)


def body_parameters(body: bytes, content_type: str) -> Mapping[str, Any]:
    if content_type.startswith("application/x-www-form-urlencoded"):
        pairs = parse_qs(body.decode(), keep_blank_values=True)
        return {name: values[0] for name, values in pairs.items()}
    members: Mapping[str, Any] = json.loads(body)
    return members


def encoded(parameters: Mapping[str, Any]) -> str:
    """`name=value&…`, percent-encoded; a list stands once for each element."""
    pairs = []
    for name, value in parameters.items():
        for element in value if isinstance(value, list) else [value]:
            pairs.append(f"{quote(str(name), safe='-._~')}={quote(str(element), safe='-._~')}")  # noqa: PERF401
    return "&".join(pairs)


def without_form_type(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers for a URL: the content type that a form body had means nothing without the body."""
    return {key: value for key, value in headers.items() if not (key.lower() == "content-type" and value == FORM_TYPE)}
