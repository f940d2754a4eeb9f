"""Connections that know `Expect: 100-continue`: the server has a second for its word before the body follows.

S3 redirects and refuses uploads before they are sent this way. urllib3 knows nothing of it, so its
connections are extended here; botocore does the same (`botocore/awsrequest.py`).

What most requests are, a plain head with bytes behind it or nothing, is written here in one piece, and plain heads of
answers are read here: line by line through urllib3, http.client and email that is a third of a call's time.
"""

import http.client
import re
import socket
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from io import BytesIO
from typing import Any, ClassVar

from urllib3 import HTTPHeaderDict, HTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

JOIN = 64 * 1024  # bytes of a body that goes out together with the headers, in one system call
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"  # what most servers say, and nothing else
WAIT = 1.0  # seconds until the body is sent without a word from the server (RFC 9110, 10.1.1)


LINE = 65536  # bytes of a header, and lines of a head: http.client's limits
LINES = 100
INTERIM = 16  # answers of 1xx before the real one
CUT = "Remote end closed connection within the head of its answer"
_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_PLAIN_HEAD = re.compile(rf"[A-Z]+ /[!-~]* HTTP/1\.1\r\n(?:{_TOKEN}: [\t -~]*\r\n)+\r\n").fullmatch
_PLAIN_LINE = re.compile(rf"{_TOKEN}:[\t -~]*\r\n".encode()).fullmatch


class PlainResponse(http.client.HTTPResponse):
    """Reads heads of plain lines by itself. `headers` is urllib3's dictionary then."""

    def begin(self) -> None:
        if self.headers is not None:
            return
        version, status, reason = self._read_status()
        if not version.startswith("HTTP/1.") and version != "HTTP/0.9":
            raise http.client.UnknownProtocol(version)
        self.code = self.status = status
        self.reason = reason.strip()
        self.version = 10 if version in ("HTTP/1.0", "HTTP/0.9") else 11
        self.headers = self.msg = headers = self._read_lines()
        self.chunked = _first(headers, "transfer-encoding").lower() == "chunked"
        self.chunk_left = None
        self.length = None
        length = _first(headers, "content-length")
        if length and not self.chunked:
            with suppress(ValueError):
                self.length = int(length)
        if self.length is not None and self.length < 0:
            self.length = None
        if status in (204, 304) or status < 200 or self._method == "HEAD":
            self.length = 0
        closes = self._check_close() or "close" in headers.get("connection", "").lower()
        self.will_close = closes or (not self.chunked and self.length is None)

    def _read_status(self) -> tuple[str, int, str]:
        """Of the final answer, past interim ones."""
        for _ in range(INTERIM):
            line: tuple[str, int, str] = super()._read_status()  # type: ignore[misc]  # http.client's own
            if line[1] >= 200:
                return line
            if line[1] == 101:
                break
            skip_head(self.fp)
        raise http.client.BadStatusLine(" ".join(map(str, line)))

    def _read_lines(self) -> HTTPHeaderDict:
        lines: list[bytes] = []
        while (line := self.fp.readline(LINE + 1)) not in (b"\r\n", b"\n"):
            if not line:
                raise http.client.RemoteDisconnected(CUT)
            if len(line) > LINE:
                raise http.client.LineTooLong("header line")
            lines.append(line)
            if len(lines) > LINES:
                raise http.client.HTTPException(f"got more than {LINES} headers")
        headers = HTTPHeaderDict()
        if not all(map(_PLAIN_LINE, lines)):
            for name, value in http.client.parse_headers(BytesIO(b"".join(lines) + b"\r\n")).items():
                headers.add(name, re.sub(r"[ \t]*\r\n[ \t]+", " ", value))  # obsolete folding
            return headers
        for line in lines:
            name, _, value = line.decode("ascii").partition(":")
            headers.add(name, value[:-2].lstrip(" \t"))
        return headers


def skip_head(stream: Any) -> None:
    """Past the headers of an interim answer."""
    while line := stream.readline(LINE):
        if line in (b"\r\n", b"\n"):
            return
    raise http.client.RemoteDisconnected(CUT)


def _first(headers: HTTPHeaderDict, name: str) -> str:
    """Of several, the first one counts."""
    found = headers.getlist(name)
    return found[0] if found else ""


class ReadAhead(PlainResponse):
    """A response whose status line was read already. The connection ends with it, for its body was not sent."""

    def __init__(self, status_line: bytes, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._status_line: bytes | None = status_line

    def _read_status(self) -> tuple[str, int, str]:
        if self._status_line is None:
            return super()._read_status()
        version, status, reason = (*self._status_line.decode("latin-1").split(None, 2), "", "")[:3]
        self._status_line = None
        return version, int(status), reason.strip()

    def begin(self) -> None:
        super().begin()
        self.will_close = True


class ExpectMixin:
    """Holds the body back until the server asks for it, and for good where it answers at once."""

    sock: Any
    host: str
    port: int
    default_port: ClassVar[int]
    timeout: Any
    proxy: Any
    response_class: Any = PlainResponse
    _expects = False
    _answered = False
    _holds = False  # the headers wait for a short body
    _held = b""
    # Method and target, whether the length is looked at, and whether the request was written here.
    _asked: tuple[str, str, bool, bool] | None = None

    def close(self) -> None:
        super().close()  # type: ignore[misc]
        self._forget()

    def _forget(self) -> None:
        """Takes back what the last answer left behind: the next use may begin with a proxy's CONNECT."""
        self._expects = self._answered = self._holds = False
        self._held = b""
        self._asked = None
        self.__dict__.pop("response_class", None)

    def request(self, method: str, url: str, body: Any = None, headers: Any = None, **kwargs: Any) -> None:
        self._forget()
        self._expects = (headers or {}).get("Expect") == "100-continue"
        plain = (body is None or isinstance(body, bytes)) and not kwargs.get("chunked") and self.proxy is None
        head = self._head(method, url, headers or {}, bool(body)) if plain else None
        self._asked = method, url, kwargs.get("enforce_content_length", True), head is not None
        if head is None:
            self._holds = isinstance(body, bytes) and 0 < len(body) <= JOIN and not self._expects
            super().request(method, url, body=body, headers=headers, **kwargs)  # type: ignore[misc]
            return
        if self.sock is not None:
            self.sock.settimeout(self.timeout)
        joined = body and len(body) <= JOIN and not self._expects
        self.send(head + body if joined else head)
        if self._expects:
            self._expects = False
            self._await_word()
        if body and not joined:
            self.send(body)

    def _head(self, method: str, url: str, headers: Mapping[str, Any], has_body: bool) -> bytes | None:
        """The head as http.client and urllib3 would write it; None where there is anything about it but plain words."""
        names = {name.lower() for name in headers}
        framed = not has_body or "content-length" in names
        if not framed or "user-agent" not in names or ":" in self.host or not self.host.isascii():
            return None
        lines = [f"{method} {url} HTTP/1.1"]
        if "host" not in names:
            lines.append(f"Host: {self.host}" if self.port == self.default_port else f"Host: {self.host}:{self.port}")
        if "accept-encoding" not in names:
            lines.append("Accept-Encoding: identity")
        for name, value in headers.items():
            if not isinstance(value, str):
                return None
            lines.append(f"{name}: {value}")
        text = "\r\n".join([*lines, "", ""])
        return text.encode() if _PLAIN_HEAD(text) and text.count("\n") == len(lines) + 1 else None

    def getresponse(self) -> Any:
        """urllib3's response."""
        asked, self._asked = self._asked, None
        if asked is None:
            raise http.client.ResponseNotReady
        method, url, enforced, plain = asked
        self.sock.settimeout(self.timeout)
        connection: Any = self
        answer: Any = self._answer(method) if plain else http.client.HTTPConnection.getresponse(connection)
        made = HTTPResponse(
            body=answer,
            headers=answer.headers,
            status=answer.status,
            version=answer.version,
            reason=answer.reason,
            preload_content=False,
            decode_content=False,
            original_response=answer,
            enforce_content_length=enforced,
            request_method=method,
            request_url=url,
        )
        made.version_string = "HTTP/1.1"  # as urllib3 logs it
        return made

    def _answer(self, method: str) -> Any:
        """What http.client.HTTPConnection.getresponse gives where it knows of the request."""
        answer = self.response_class(self.sock, method=method)
        try:
            answer.begin()
        except BaseException as error:
            if isinstance(error, ConnectionError):
                self.close()
            answer.close()
            raise
        if answer.will_close:
            self.close()
        return answer

    def endheaders(self, *args: Any, **kwargs: Any) -> None:
        super().endheaders(*args, **kwargs)  # type: ignore[misc]
        if self._expects:
            self._expects = False
            self._await_word()

    def send(self, data: Any) -> None:
        if self._answered:
            return
        if self._holds:
            self._holds = False
            self._held = data
            return
        if self._held:
            data, self._held = self._held + data, b""
        super().send(data)  # type: ignore[misc]

    def _await_word(self) -> None:
        """Reads interim answers, if any come in time; a final one is kept for `getresponse`."""
        with self.sock.makefile("rb", 0) as stream:
            for _ in range(INTERIM):
                line = self._word(stream)
                if line is None or line == GO_ON:
                    return
                status = line.split(None, 2)[1:2]
                if not line.startswith(b"HTTP/") or not status or status == [b"101"]:
                    break
                if not status[0].startswith(b"1"):
                    self._answered = True
                    self.response_class = partial(ReadAhead, line)
                    return
                skip_head(stream)
                if status == [b"100"]:
                    return
        raise http.client.BadStatusLine((line or b"").decode("latin-1"))

    def _word(self, stream: Any) -> bytes | None:
        """The line that comes in time, or all of `GO_ON`; None where nothing does."""
        timeout = self.sock.gettimeout()
        self.sock.settimeout(WAIT if timeout is None else min(WAIT, timeout))
        try:
            if type(self.sock) is socket.socket and self.sock.recv(len(GO_ON), socket.MSG_PEEK) == GO_ON:
                # at once, where byte by byte would be a system call for each
                return self.sock.recv(len(GO_ON))
            line: bytes = stream.read(1)
        except TimeoutError:
            return None
        finally:
            self.sock.settimeout(timeout)
        return line + bytes(stream.readline(LINE))


class ExpectHTTPConnection(ExpectMixin, HTTPConnection):
    pass


class ExpectHTTPSConnection(ExpectMixin, HTTPSConnection):
    pass


class ExpectHTTPPool(HTTPConnectionPool):
    ConnectionCls = ExpectHTTPConnection


class ExpectHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = ExpectHTTPSConnection


POOLS = {"http": ExpectHTTPPool, "https": ExpectHTTPSPool}
