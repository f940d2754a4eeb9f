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
WAIT = 1.0  # seconds until the body is sent without a word from the server (RFC 9110, 10.1.1)


class ReadAhead(http.client.HTTPResponse):
    """A response whose status line was read already. The connection ends with it, for its body was not sent."""

    def __init__(self, status_line: bytes, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._status_line: bytes | None = status_line

    def _read_status(self) -> tuple[str, int, str]:
        if self._status_line is None:
            return super()._read_status()  # type: ignore[misc,no-any-return]  # http.client's own
        version, status, reason = (*self._status_line.decode("latin-1").split(None, 2), "", "")[:3]
        self._status_line = None
        return version, int(status), reason.strip()

    def begin(self) -> None:
        super().begin()
        self.will_close = True


class ExpectMixin:
    """Holds the body back until the server asks for it, and for good where it answers at once."""

    sock: Any
    response_class: Any
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
        """Reads an interim answer, if one comes in time; a final one is kept for `getresponse`."""
        timeout = self.sock.gettimeout()
        self.sock.settimeout(WAIT if timeout is None else min(WAIT, timeout))
        with self.sock.makefile("rb", 0) as stream:
            try:
                if type(self.sock) is socket.socket and self.sock.recv(len(GO_ON), socket.MSG_PEEK) == GO_ON:
                    self.sock.recv(len(GO_ON))  # at once, where byte by byte would be a system call for each
                    return
                line = stream.read(1)
            except TimeoutError:
                return
            finally:
                self.sock.settimeout(timeout)
            line += stream.readline()
            if line.split(None, 2)[1:2] == [b"100"]:
                while stream.readline() not in (b"\r\n", b"\n", b""):
                    pass
            elif line.startswith(b"HTTP/") and line.split(None, 2)[1:2]:
                self._answered = True
                self.response_class = partial(ReadAhead, line)
            else:
                raise http.client.BadStatusLine(line.decode("latin-1"))


class ExpectHTTPConnection(ExpectMixin, HTTPConnection):
    pass


class ExpectHTTPSConnection(ExpectMixin, HTTPSConnection):
    pass


class ExpectHTTPPool(HTTPConnectionPool):
    ConnectionCls = ExpectHTTPConnection


class ExpectHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = ExpectHTTPSConnection


POOLS = {"http": ExpectHTTPPool, "https": ExpectHTTPSPool}
