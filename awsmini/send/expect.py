"""Connections that know `Expect: 100-continue`: the server has a second for its word before the body follows.

S3 redirects and refuses uploads before they are sent this way. urllib3 knows nothing of it, so its
connections are extended here; botocore does the same (`botocore/awsrequest.py`).
"""

import http.client
import socket
from functools import partial
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

JOIN = 64 * 1024  # bytes of a body that goes out together with the headers, in one system call
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"  # what most servers say, and nothing else
INTERIM = 16  # answers of 1xx before the real one
LONGEST_LINE = 64 * 1024
WAIT = 1.0  # seconds until the body is sent without a word from the server (RFC 9110, 10.1.1)


class HeadReader:
    """Lines of a head. One that ends before its empty line is none: `http.client` would take it for whole."""

    def __init__(self, stream: Any) -> None:
        self._readline = stream.readline
        self.close = stream.close

    def readline(self, limit: int = -1) -> bytes:
        line: bytes = self._readline(limit)
        if not line:
            raise http.client.RemoteDisconnected("Remote end closed connection within the head of its answer")
        return line


class Response(http.client.HTTPResponse):
    """A response whose head has to be whole, and that is not an interim one."""

    fp: Any

    def begin(self) -> None:
        stream = self.fp
        self.fp = HeadReader(stream)
        try:
            super().begin()
        finally:
            if self.fp is not None:  # it was closed
                self.fp = stream

    def _read_status(self) -> tuple[str, int, str]:
        for _ in range(INTERIM):
            line: tuple[str, int, str] = super()._read_status()  # type: ignore[misc]  # http.client's own
            if line[1] >= 200:
                return line
            if line[1] == 101:
                break
            skip_head(self.fp)
        raise http.client.BadStatusLine(" ".join(map(str, line)))


def skip_head(stream: Any) -> None:
    """Past the headers of an interim answer."""
    while line := stream.readline(LONGEST_LINE):
        if line in (b"\r\n", b"\n"):
            return
    raise http.client.RemoteDisconnected("Remote end closed connection within the head of its answer")


class ReadAhead(Response):
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
    response_class: Any = Response
    _expects = False
    _answered = False
    _holds = False  # the headers wait for a short body
    _held = b""

    def close(self) -> None:
        super().close()  # type: ignore[misc]
        self._forget()

    def _forget(self) -> None:
        """Takes back what the last answer left behind: the next use may begin with a proxy's CONNECT."""
        self._expects = self._answered = self._holds = False
        self._held = b""
        self.__dict__.pop("response_class", None)

    def request(self, method: str, url: str, body: Any = None, headers: Any = None, **kwargs: Any) -> None:
        self._forget()
        self._expects = (headers or {}).get("Expect") == "100-continue"
        self._holds = isinstance(body, bytes) and 0 < len(body) <= JOIN and not self._expects
        super().request(method, url, body=body, headers=headers, **kwargs)  # type: ignore[misc]

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
        return line + bytes(stream.readline(LONGEST_LINE))


class ExpectHTTPConnection(ExpectMixin, HTTPConnection):
    pass


class ExpectHTTPSConnection(ExpectMixin, HTTPSConnection):
    pass


class ExpectHTTPPool(HTTPConnectionPool):
    ConnectionCls = ExpectHTTPConnection


class ExpectHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = ExpectHTTPSConnection


POOLS = {"http": ExpectHTTPPool, "https": ExpectHTTPSPool}
