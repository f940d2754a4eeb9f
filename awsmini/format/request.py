"""A request as text: as it goes over the wire, as a command line of curl, as JSON.

What goes over the wire and JSON are whole, signature and session token included, for that is what would be sent;
only a bearer token, which is a secret by itself, is hidden. curl signs for itself, with credentials that the shell
has in variables, so its command line holds none of them and stays good tomorrow.
"""

import base64
import json
import os
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from awsmini.errors import AwsminiError
from awsmini.records import Request, Scope
from awsmini.send.body import length
from awsmini.sign.sigv4 import host_of

BLOCK = 128 * 1024  # bytes of a body read at a time; of a chunk, where it goes in chunks
PEEK = 1024 * 1024  # bytes of a body that are looked at: is it text?
NO_LENGTH = ("GET", "HEAD", "OPTIONS")  # methods that say nothing of a body they do not have
HIDDEN = "****"
NO_TYPE = (
    "binary/octet-stream"  # what S3 takes a body for that has no type; without a type, curl would say it is a form
)

_USER = '"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"'
_SIGNED_BY_CURL = ("v4", "s3v4")
# What curl sets itself, or what was true of our own sending only.
_NOT_FOR_CURL = {
    "host", "content-length", "transfer-encoding", "expect", "authorization", "x-amz-date", "x-amz-security-token",
    "user-agent", "accept-encoding", "amz-sdk-invocation-id", "amz-sdk-request",
}  # fmt: skip


class CurlError(AwsminiError):
    """A request that curl cannot make as it is."""


class Shown(NamedTuple):
    """A signed request with what the texts need beside it."""

    request: Request
    scope: Scope
    has_token: bool = False  # of a session
    bearer_variable: str = "AWS_BEARER_TOKEN"  # that may hold the bearer token
    public_key: str | None = None  # of credentials that are no secret, the sandbox's: they are shown
    verify: bool | str = True  # TLS certificates; a path is a CA bundle


def http(shown: Shown) -> Iterator[bytes]:
    """The request as it goes over the wire."""
    request = shown.request
    headers = _on_the_wire(request)
    yield f"{request.method} {_target(request.url)} HTTP/1.1\r\n".encode()
    for name, value in _bearer_hidden(headers).items():
        yield f"{name}: {value}\r\n".encode()
    yield b"\r\n"
    chunked = headers.get("Transfer-Encoding") == "chunked"
    for data in _blocks(request):
        yield b"%x\r\n%b\r\n" % (len(data), data) if chunked else data
    if chunked:
        yield b"0\r\n\r\n"


def as_json(shown: Shown) -> Iterator[bytes]:
    """Method, URL, headers and body; `bodyBase64` instead of `body` where that is no text."""
    request = shown.request
    about: dict[str, Any] = {
        "method": request.method,
        "url": request.url,
        "headers": _bearer_hidden(_on_the_wire(request)),
    }
    blocks = _blocks(request)
    text = _text(request)
    if text is not None:
        yield _dumped({**about, "body": text}).encode() + b"\n"
        return
    yield _dumped(about).encode()[:-2] + b',\n    "bodyBase64": "'
    left = b""
    for data in blocks:
        data = left + data
        whole = len(data) - len(data) % 3
        left = data[whole:]
        yield base64.b64encode(data[:whole])
    yield base64.b64encode(left) + b'"\n}\n'


def curl(shown: Shown) -> Iterator[bytes]:
    """A command line for a POSIX shell. Raises CurlError."""
    request, scope = shown.request, shown.scope
    if scope.auth not in (*_SIGNED_BY_CURL, "bearer", "none"):
        raise CurlError(f"curl cannot sign as this request is signed ({scope.auth}); print it as http or json.")
    feed, body = _curl_body(request)
    words = [*_curl_method(request, bool(body)), shlex.quote(_ordered(request.url))]
    if scope.auth in _SIGNED_BY_CURL:
        words += ["--aws-sigv4", shlex.quote(f"aws:amz:{scope.region}:{scope.service}")]
        words += ["--user", f"{shown.public_key}:{shown.public_key}" if shown.public_key else _USER]
        if shown.has_token:
            words += ["--header", '"X-Amz-Security-Token: $AWS_SESSION_TOKEN"']
    elif scope.auth == "bearer":
        token = shown.public_key or f"${shown.bearer_variable}"
        words += ["--header", f'"Authorization: Bearer {token}"']
    for header in _curl_headers(request, bool(body)):
        words += ["--header", shlex.quote(header)]
    words += _curl_rest(shown)
    yield (feed + "curl " + _wrapped([*words, *body]) + "\n").encode()


FORMS: Mapping[str, Callable[[Shown], Iterator[bytes]]] = {"http": http, "curl": curl, "json": as_json}


def _on_the_wire(request: Request) -> dict[str, str]:
    """The headers with those that sending adds."""
    headers = {"Host": host_of(urlsplit(request.url)), "Accept-Encoding": "identity", **request.headers}
    names = {name.lower() for name in headers}
    if not names & {"content-length", "transfer-encoding"}:
        size = length(request.body)
        if size is None:
            headers["Transfer-Encoding"] = "chunked"
        elif size or request.method not in NO_LENGTH:
            headers["Content-Length"] = str(size)
    return headers


def _target(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _bearer_hidden(headers: Mapping[str, str]) -> dict[str, str]:
    return {
        name: f"Bearer {HIDDEN}" if name.lower() == "authorization" and value.startswith("Bearer ") else value
        for name, value in headers.items()
    }


def _blocks(request: Request) -> Iterator[bytes]:
    body = request.body
    stream = BytesIO(body) if isinstance(body, bytes | bytearray) else body
    while stream is not None and (data := stream.read(BLOCK)):
        yield data


def _text(request: Request) -> str | None:
    """The whole body where it is text and not long; None otherwise. A stream is left where it was."""
    body = request.body
    if body is None or isinstance(body, bytes | bytearray):
        data = bytes(body or b"")
    else:
        data = body.read(PEEK + 1)
        body.seek(0)
        if len(data) > PEEK:
            return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _dumped(value: Any) -> str:
    return json.dumps(value, indent=4, ensure_ascii=False)


def _curl_method(request: Request, has_body: bool) -> list[str]:
    if request.method == "HEAD":
        return ["--head"]
    if request.method == "GET" and not has_body:
        return []
    return ["--request", request.method]


def _ordered(url: str) -> str:
    """The URL with its query in the order that is signed, and `=` after every name: older versions of curl sign it
    as it stands.
    """
    parts = urlsplit(url)
    pairs = sorted(pair if "=" in pair else f"{pair}=" for pair in parts.query.split("&") if pair)
    return parts._replace(query="&".join(pairs)).geturl()


def is_signed_wrongly(shown: Shown) -> bool:
    """Whether older versions of curl sign the request wrongly (https://github.com/curl/curl/pull/17129)."""
    return shown.scope.auth == "v4" and shown.scope.double_encode and "%" in urlsplit(shown.request.url).path


def _curl_headers(request: Request, has_body: bool) -> Iterator[str]:
    names = {name.lower() for name in request.headers}
    for name, value in request.headers.items():
        if name.lower() not in _NOT_FOR_CURL:
            yield f"{name}: {value}" if value else f"{name};"
    if has_body and "content-type" not in names:
        yield f"Content-Type: {NO_TYPE}"


def _curl_rest(shown: Shown) -> list[str]:
    headers = {name.lower(): value for name, value in shown.request.headers.items()}
    words = ["--user-agent", shlex.quote(headers["user-agent"])] if "user-agent" in headers else []
    if shown.verify is False:
        words.append("--insecure")
    elif shown.verify is not True:
        words += ["--cacert", shlex.quote(shown.verify)]
    return words


def _curl_body(request: Request) -> tuple[str, list[str]]:
    """What stands before curl to feed it the body, and the options for it."""
    body = request.body
    path = getattr(body, "name", None)
    if isinstance(path, str) and os.path.isfile(path):
        return "", ["--data-binary", shlex.quote(f"@{os.path.abspath(path)}")]
    text = _text(request)
    if text is not None:
        empty = [] if request.method in (*NO_LENGTH, "DELETE") else ["--data-raw", "''"]
        return "", ["--data-raw", shlex.quote(text)] if text else empty
    encoded = base64.b64encode(b"".join(_blocks(request))).decode()
    return f"printf %s {encoded} | base64 -d | ", ["--data-binary", "@-"]


def _wrapped(words: Sequence[str]) -> str:
    """An option with its value on each line."""
    lines: list[list[str]] = [[]]
    for word in words:
        if word.startswith("--") and lines != [[]]:
            lines.append([])
        lines[-1].append(word)
    return " \\\n    ".join(map(" ".join, lines))
