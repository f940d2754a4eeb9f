"""A request as text: as it goes over the wire, as a command line of curl, as JSON.

What goes over the wire and JSON are whole, signature and session token included, for that is what would be sent;
only a bearer token, which is a secret by itself, is hidden. curl signs for itself, with credentials that the shell
has in variables, so its command line holds none of them and stays good tomorrow. What curl would change by itself is
switched off: it sends the same method, target, headers and body. Where it signs, its own `Accept: */*` goes along, for
versions before 8.3 sign a header that is taken out; its `Expect` is kept back by HTTP/1.0. And a checksum that would
follow the body (of a stream, over TLS) stands in a header.
"""

import base64
import json
import os
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from itertools import combinations
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from awsmini.errors import AwsminiError
from awsmini.records import Request, Scope
from awsmini.send.body import length
from awsmini.serialize.url import without_dots
from awsmini.sign.sigv4 import canonical_query, host_of

BLOCK = 128 * 1024  # bytes of a body read at a time; of a chunk, where it goes in chunks
PEEK = 1024 * 1024  # bytes of a body that are looked at: is it text?
NO_LENGTH = ("GET", "HEAD", "OPTIONS")  # methods that say nothing of a body they do not have
HIDDEN = "****"
EXPECT_FROM = 1024 * 1024  # bytes of a body that curl announces; an upload it always does
INLINE = 64 * 1024  # bytes of a body that stand on the command line; Linux has 128 KiB for a word

_SIGNED_BY_CURL = ("v4", "s3v4")
_CURL = "curl --disable --globoff --path-as-is"  # no .curlrc, no patterns, no paths made shorter
_OF_CURL = {"host", "content-length", "authorization", "x-amz-date", "x-amz-security-token", "user-agent"}


class CurlError(AwsminiError):
    """A request that curl cannot make as it is."""


class Shown(NamedTuple):
    """A signed request with what the texts need beside it."""

    request: Request
    scope: Scope
    user: str = '"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"'  # the keys, as the shell reads them
    token_variable: str | None = None  # that holds the token of a session
    bearer_variable: str = "AWS_BEARER_TOKEN"  # that may hold the bearer token
    bearer: str | None = None  # one that is no secret, the sandbox's
    verify: bool | str = True  # TLS certificates; a path is a CA bundle
    is_proxied: bool = False


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
    path = urlsplit(request.url).path
    if scope.auth == "v4" and scope.double_encode and without_dots(path) != path:
        raise CurlError(f"curl cannot sign a path that is signed in another form ({path}); print it as http or json.")
    words = [_curl_version(request, scope.auth), *_curl_method(request), *_curl_url(shown)]
    if scope.auth in _SIGNED_BY_CURL:
        words += ["--aws-sigv4", shlex.quote(f"aws:amz:{scope.region}:{scope.service}"), "--user", shown.user]
        if shown.token_variable:
            words += ["--header", f'"X-Amz-Security-Token: ${shown.token_variable}"']
    elif scope.auth == "bearer":
        words += ["--header", f'"Authorization: Bearer {shown.bearer or f"${shown.bearer_variable}"}"']
    for header in _curl_headers(request, scope.auth):
        words += ["--header", shlex.quote(header)]
    words += _curl_rest(shown)
    yield from _curl_line(request, words)


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


def _curl_version(request: Request, auth: str) -> str:
    announced = "expect" in _header_names(request) or auth not in _SIGNED_BY_CURL
    size = length(request.body)
    if size and not announced and (_uploads(request) or size > EXPECT_FROM):
        return "--http1.0 --no-alpn"
    return "--http1.1"


def _curl_method(request: Request) -> list[str]:
    if request.method == "HEAD":
        return ["--head"]
    return [] if request.method == "GET" and not length(request.body) else ["--request", request.method]


def _curl_url(shown: Shown) -> Iterator[str]:
    """The URL with its query as it is signed, for older versions of curl sign it as it stands; what is sent may differ."""
    url = urlsplit(shown.request.url)
    target = sent = _target(shown.request.url)
    if shown.scope.auth in _SIGNED_BY_CURL and url.query:
        target = f"{url.path or '/'}?{canonical_query(url.query)}"
    yield shlex.quote(f"{url.scheme}://{host_of(url)}{target}")
    if sent != target and not (shown.is_proxied and url.scheme == "http"):
        yield from ("--request-target", shlex.quote(sent))


def version_needed(shown: Shown) -> tuple[str, str] | None:
    """The first version of curl that signs the request rightly, and what older ones sign wrongly; None for any."""
    if shown.scope.auth == "v4" and shown.scope.double_encode and "%" in urlsplit(shown.request.url).path:
        return "8.15", "the % in the path"  # https://github.com/curl/curl/pull/17129
    if shown.scope.auth in _SIGNED_BY_CURL:  # https://github.com/curl/curl/pull/14370 and /pull/11668
        names = sorted(_header_names(shown.request) | {"accept-encoding"})
        if any(f"{name}-" in longer[: len(name) + 1] for name, longer in combinations(names, 2)):
            return "8.10", "headers of which one's name begins another's"
        if not all(value.strip() for value in shown.request.headers.values()):
            return "8.3", "a header without a value"
        if _is_typeless(shown.request) and not _uploads(shown.request):
            return "8.3", "a body without a Content-Type"
    return None


def _header_names(request: Request) -> set[str]:
    return {name.lower() for name in request.headers}


def _is_typeless(request: Request) -> bool:
    return length(request.body) != 0 and "content-type" not in _header_names(request)


def _uploads(request: Request) -> bool:
    """Whether the body, without a type, can be an upload, to which curl adds none: then it takes the hash from a
    header, and puts the file's name after a slash.
    """
    hashed = "x-amz-content-sha256" in _header_names(request)
    return _is_typeless(request) and hashed and not urlsplit(request.url).path.endswith("/")


def _curl_headers(request: Request, auth: str) -> Iterator[str]:
    """The headers, and names for those that curl is to leave out."""
    names = _header_names(request)
    for name, value in _on_the_wire(request).items():
        if name.lower() not in _OF_CURL or (name.lower() == "authorization" and auth == "none"):
            yield f"{name}: {value}" if value.strip() else f"{name};"
    if length(request.body) == 0 and request.method not in NO_LENGTH:
        yield "Content-Length: 0"
    if auth not in _SIGNED_BY_CURL:
        yield from (f"{name}:" for name in ("Accept", "Expect") if name.lower() not in names)
    if _is_typeless(request) and not _uploads(request):
        yield "Content-Type:"


def _curl_rest(shown: Shown) -> list[str]:
    headers = {name.lower(): value for name, value in shown.request.headers.items()}
    words = ["--user-agent", shlex.quote(headers["user-agent"])] if "user-agent" in headers else []
    if shown.verify is False:
        words.append("--insecure")
    elif shown.verify is not True:
        words += ["--capath" if os.path.isdir(shown.verify) else "--cacert", shlex.quote(shown.verify)]
    return words


def _curl_line(request: Request, words: list[str]) -> Iterator[bytes]:
    """The line with the body: in a file, on the line, or after it."""
    body = request.body
    size = length(body)
    uploads = _uploads(request)
    path = getattr(body, "name", None)
    if size == 0:
        yield _line(words)
    elif isinstance(path, str) and os.path.isfile(path):
        path = os.path.abspath(path)
        yield _line([*words, *(("--upload-file", path) if uploads else ("--data-binary", f"@{path}"))], 1)
    else:
        text = None if size is None or size > INLINE else _text(request)
        if not uploads and text is not None:
            yield _line([*words, "--data-raw", text], 1)
        else:
            source = "base64 -d <<'END'" if text is None else f"printf %s {shlex.quote(text)}"
            line = _line([*words, *(("--upload-file", '"$body"') if uploads else ("--data-binary", "@-"))])
            if uploads:
                yield f'(body=$(mktemp) && {source} >"$body" && '.encode()
                yield line[:-1] + b'; code=$?; rm -f "$body"; exit $code)\n'
            else:
                yield f"{source} | ".encode() + line
            if text is None:
                yield base64.encodebytes(b"".join(_blocks(request))) + b"END\n"


def _line(words: list[str], to_quote: int = 0) -> bytes:
    """A command line of words, of which the last ones are quoted here."""
    at = len(words) - to_quote
    return f"{_CURL} {_wrapped([*words[:at], *map(shlex.quote, words[at:])])}\n".encode()


def _wrapped(words: Sequence[str]) -> str:
    """An option with its value on each line."""
    lines: list[list[str]] = [[]]
    for word in words:
        if word.startswith("--") and lines != [[]]:
            lines.append([])
        lines[-1].append(word)
    return " \\\n    ".join(map(" ".join, lines))
