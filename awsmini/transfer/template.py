"""Call templates: requests of one operation on one bucket, settled once by the core and then only filled in.

The core makes one signed request in which what varies (the key, the checksum, a range …) is a mark. Where the marks
stand becomes a format; for each object, the path, a few values and the signature are put into it. This takes 10 µs
where all the stages take 600.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from awsmini.model.shapes import OperationModel
from awsmini.records import Call, Credentials, Request
from awsmini.sign.sigv4 import (
    ALGORITHM,
    EMPTY_HASH,
    UNSIGNED_PAYLOAD,
    canonical_path,
    canonical_query,
    credential_scope,
    headers_to_sign,
    host_of,
    required,
    signed_headers,
    signing_key,
    timestamp,
)
from awsmini.transfer.core import Core
from awsmini.transfer.http1 import check_header

MARK = "awsmini.mark."  # of letters that stay as they are in paths, queries and headers
KEY = f"{MARK}Key"
TOKENS = ("x-amz-security-token", "x-amz-s3session-token")
CHECKSUM = "x-amz-checksum-"
DEFAULT_PORTS = {"http": 80, "https": 443}
_VARYING = re.compile(r"%\(([A-Z])")  # marks of members in headers, whose runs of blanks are signed as one
SIGNED = r"%(=\1"
_SETTLED = re.compile(rb"%%|%\((date|token|credential)\)b")
_PLAIN = re.compile(r"[A-Za-z0-9_.~/-]*").fullmatch  # keys that stand in a path as they are
_NOTHING, _SECOND = timedelta(0), timedelta(seconds=1)
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


class Origin(NamedTuple):
    """Where a request goes."""

    scheme: str
    host: str
    port: int


class Moment(NamedTuple):
    """What requests of one second have in common: date, token and credential are in its formats."""

    begin: datetime
    head: bytes
    canonical: bytes
    inner: Any  # SHA-256 states that have taken the key and the beginning of what is signed; None: nothing is signed
    outer: Any
    token: str = ""


class MarkedBody(BytesIO):
    """Stands for the body while a template is made."""

    payload_hash = f"{MARK}hash"
    checksum = f"{MARK}sum"

    def __init__(self, unsigned: bool) -> None:
        super().__init__()
        if unsigned:
            self.payload_hash = UNSIGNED_PAYLOAD


class Template:
    """Makes the heads of requests. `values` are by the names of what varies, with `key` first of all."""

    def __init__(self, core: Core, call: Call, request: Request, body: bool) -> None:
        self.call = call
        self.method = request.method
        self.url = request.url  # with marks
        parts = urlsplit(request.url)
        self.origin = Origin(parts.scheme, parts.hostname or "", parts.port or DEFAULT_PORTS.get(parts.scheme, 80))
        self.algorithm: str | None = None  # of the checksum that each body needs
        self.signs_body = False
        self._core = core
        self._signs = call.scope.auth != "none"
        self._moment: Moment | None = None
        headers = dict(request.headers)
        headers.pop("Expect", None)
        host = host_of(parts)
        marked = {name: self._marked(name.lower(), value) for name, value in headers.items()}
        path = _format(canonical_path(parts.path, call.scope))
        target = path + (f"?{_format(parts.query)}" if parts.query else "")
        self.target = target.encode()  # what follows the method, as a format
        self.has_key = b"%(key)b" in self.target
        self._head = self._head_format(target, host, marked, body or request.method not in ("GET", "HEAD"))
        if self._signs:
            self._canonical = self._canonical_format(path, _format(canonical_query(parts.query)), host, marked)

    def head(self, key: str, now: datetime, values: dict[bytes, bytes]) -> bytes:
        """The head of one request, signed now. `values` gets further entries."""
        values[b"key"] = key.encode() if _PLAIN(key) else quote(key, safe="/").encode()
        moment = self._moment
        if moment is None or not _NOTHING <= now - moment.begin < _SECOND:
            moment = self._moment = self._renewed(now.replace(microsecond=0))
        if moment.inner is not None:
            inner = moment.inner.copy()
            inner.update(sha256(moment.canonical % values).hexdigest().encode())
            outer = moment.outer.copy()
            outer.update(inner.digest())
            values[b"signature"] = outer.hexdigest().encode()
        return moment.head % values

    @property
    def moment(self) -> Moment | None:
        """What the last head was signed with."""
        return self._moment

    def forget(self) -> None:
        """Sign with what is good now."""
        self._moment = None

    def _renewed(self, now: datetime) -> Moment:
        """Credentials are asked for once a second, which renews those that are about to expire."""
        stamp = timestamp(now)
        values = {b"date": stamp.encode()}
        if not self._signs:
            return Moment(now, _filled(self._head, values), b"", None, None)
        keys = required(self._core.identity(self.call))
        scope = credential_scope(stamp, self.call.scope)
        values |= {
            b"token": " ".join((keys.token or "").split()).encode(),
            b"credential": f"{keys.access_key}/{scope}".encode(),
        }
        inner, outer = _states(keys, stamp, self.call)
        inner.update(f"{ALGORITHM}\n{stamp}\n{scope}\n".encode())
        return Moment(
            now, _filled(self._head, values), _filled(self._canonical, values), inner, outer, keys.token or ""
        )

    def _marked(self, name: str, value: str) -> str:
        """The format of a header's value. Raises ValueError where the header would break the head."""
        if name == "x-amz-date":
            return "%(date)b"
        if name in TOKENS:
            return "%(token)b"
        if name == "authorization":
            before, _, _ = value.partition("Credential=")
            _, _, after = value.partition(", SignedHeaders=")
            return (
                f"{before}Credential=%(credential)b, SignedHeaders={after.partition(', ')[0]}, Signature=%(signature)b"
            )
        if name == "x-amz-content-sha256" and value not in (EMPTY_HASH, UNSIGNED_PAYLOAD):
            self.signs_body = True
            return "%(hash)b"
        if name.startswith(CHECKSUM) and not self._was_given(name):
            self.algorithm = name[len(CHECKSUM) :]
            return "%(sum)b"
        check_header(name, value)
        return _format(value)

    def _was_given(self, name: str) -> bool:
        """Whether a header's value is the user's own, or no checksum (`x-amz-checksum-mode`)."""
        member = name[len(CHECKSUM) :]
        names = {known.lower() for known in self.call.params if known.startswith("Checksum")}
        return member in ("mode", "algorithm", "type") or f"checksum{member}" in names

    def _head_format(self, target: str, host: str, marked: Mapping[str, str], has_length: bool) -> bytes:
        lines = [f"{self.method} {target} HTTP/1.1", f"Host: {_escaped(host)}", "Accept-Encoding: identity"]
        lines += [f"{name}: {value}" for name, value in marked.items()]
        lines += ["amz-sdk-invocation-id: %(invocation)b", "amz-sdk-request: %(attempt)b"]
        if has_length:
            lines.append("Content-Length: %(length)b")
        return "\r\n".join([*lines, "", ""]).encode()

    def _canonical_format(self, path: str, query: str, host: str, marked: Mapping[str, str]) -> bytes:
        """The canonical request (`sign.sigv4.canonical_request`), whose headers are in order of their names."""
        headers = {name: value for name, value in marked.items() if name.lower() != "authorization"}
        chosen = headers_to_sign(headers, _escaped(host))
        lines = "".join(f"{name}:{_VARYING.sub(SIGNED, chosen[name])}\n" for name in sorted(chosen))
        payload = next(value for name, value in chosen.items() if name == "x-amz-content-sha256")
        return f"{self.method}\n{path}\n{query}\n{lines}\n{signed_headers(chosen)}\n{payload}".encode()


def template(
    core: Core,
    operation: OperationModel,
    params: Mapping[str, Any],
    varying: Sequence[str] = (),
    body: bool = False,
) -> Template:
    """The template of calls with `params`, whose key varies, and texts named in `varying`.

    These are members (`ContentType`), or one of a map (`Metadata.mtime`). `body`: each request has one. Raises what
    the core says of the parameters.
    """
    marked = dict(params)
    if "Key" in (operation.input_shape.traits.get("members", {}) if operation.input_shape else {}):
        marked.setdefault("Key", KEY)
    for name in varying:
        member, _, entry = name.partition(".")
        if entry:
            marked[member] = {**marked.get(member, {}), entry: MARK + name}
        else:
            marked[member] = MARK + name
    call = core.prepare(operation, marked)
    if body and operation.has_streaming_input:
        secure = call.endpoint.url.startswith("https:")
        unsigned = core.leaves_payload_unsigned or (secure and not core.signs_payload)
        call = call._replace(params={**call.params, "Body": MarkedBody(unsigned)})
    return Template(core, call, core.signed(call), body)


def put_header(values: dict[bytes, bytes], name: str, text: str) -> None:
    """Adds a text that varies, as it is sent and as it is signed. Raises ValueError where it would break the head."""
    values.update(_header(name, text))


@lru_cache(maxsize=64)
def _header(name: str, text: str) -> tuple[tuple[bytes, bytes], tuple[bytes, bytes]]:
    """Most files of one run are of a few types."""
    check_header(name, text)
    return (name.encode(), text.encode()), (b"=" + name.encode(), " ".join(text.split()).encode())


def _filled(form: bytes, values: Mapping[bytes, bytes]) -> bytes:
    """The format with some of its values put in."""
    return _SETTLED.sub(lambda found: values[found[1]].replace(b"%", b"%%") if found[1] is not None else found[0], form)


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def _format(text: str) -> str:
    """A text with marks, as a format: `awsmini.mark.Key` becomes `%(key)b`, others keep their names."""
    if MARK not in text:
        return _escaped(text)
    before, _, rest = text.partition(MARK)
    end = next((at for at, char in enumerate(rest) if not (char.isalnum() or char in "._-")), len(rest))
    name = "key" if rest[:end] == "Key" else rest[:end]
    return f"{_escaped(before)}%({name})b{_format(rest[end:])}"


def _states(keys: Credentials, stamp: str, call: Call) -> tuple[Any, Any]:
    """The two halves of HMAC-SHA256 with the signing key, which is 32 bytes, taken in."""
    key = signing_key(keys.secret_key, stamp[:8], call.scope.region, call.scope.service).ljust(64, b"\0")
    return sha256(key.translate(_INNER)), sha256(key.translate(_OUTER))
