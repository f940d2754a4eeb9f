"""Servers for tests, all on the loopback interface: one that records and answers as told, and moto's."""

import json
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.client import HTTPMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from awsmini.sandbox.state import read

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Received:
    """One request as it came over the wire."""

    method: str
    target: str  # path and query, as sent
    headers: HTTPMessage  # looked up without regard to case; `.items()` keeps the case and order sent
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @cached_property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True)

    @cached_property
    def json(self) -> Any:
        return json.loads(self.body)

    @cached_property
    def form(self) -> dict[str, str]:
        """The body of the query protocols."""
        return {name: values[0] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()}


@dataclass(frozen=True)
class Answer:
    """What the server says to one request."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    delay: float = 0.0  # seconds before it answers
    hang_up: bool = False  # close the connection instead of answering


Responder = Callable[[Received], Answer]


def answer(status: int, body: Any = b"", headers: Mapping[str, str] | None = None, **how: Any) -> Answer:
    """An answer whose body is bytes, text, or anything else as JSON."""
    if isinstance(body, str):
        body = body.encode()
    elif not isinstance(body, bytes):
        body = json.dumps(body).encode()
    return Answer(status, body, headers or {}, **how)


@dataclass
class CaptureServer:
    """Records every request, and answers with what was scripted, in order.

        service.replies(200, {"TableNames": ["orders"]})       once
        service.replies(500, "boom", times=2)
        service.always(lambda request: answer(200, {...}))     whenever nothing is scripted

    An answer that was scripted and never asked for fails the test, as does a request without an answer.
    """

    url: str = ""
    requests: list[Received] = field(default_factory=list)
    connections: int = 0
    _script: deque[Answer] = field(default_factory=deque)
    _otherwise: Responder | None = None
    _unexpected: list[Received] = field(default_factory=list)

    def replies(
        self, status: int, body: Any = b"", headers: Mapping[str, str] | None = None, *, times: int = 1, **how: Any
    ) -> None:
        self._script.extend([answer(status, body, headers, **how)] * times)

    def always(self, responder: Responder) -> None:
        self._otherwise = responder

    @property
    def request(self) -> Received:
        """The one request that came."""
        assert len(self.requests) == 1, f"{len(self.requests)} requests came: {self.requests}"
        return self.requests[0]

    def respond(self, request: Received) -> Answer:
        self.requests.append(request)
        if self._script:
            return self._script.popleft()
        if self._otherwise:
            return self._otherwise(request)
        self._unexpected.append(request)
        return answer(400, "nothing was scripted for this request")

    def check(self) -> None:
        """Fail where the script and the requests did not fit."""
        assert not self._script, f"{len(self._script)} scripted answers were never asked for: {list(self._script)}"
        assert not self._unexpected, f"nothing was scripted for {self._unexpected}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    service: CaptureServer  # set on a subclass made for one server

    def setup(self) -> None:
        super().setup()
        self.service.connections += 1

    def _serve(self) -> None:
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.send_response_only(100)
            self.end_headers()
        reply = self.service.respond(Received(self.command, self.path, self.headers, self._body()))
        time.sleep(reply.delay)
        if reply.hang_up:
            self.close_connection = True
            return
        self.send_response_only(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if "Content-Length" not in reply.headers:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = do_OPTIONS = _serve  # noqa: N815  (http.server looks for them)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return b"".join(iter(self._chunk, b""))
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _chunk(self) -> bytes:
        size = int(self.rfile.readline().split(b";")[0], 16)
        chunk = self.rfile.read(size)
        self.rfile.readline()
        return chunk

    def handle_expect_100(self) -> bool:
        return True  # _serve says it

    def log_message(self, *_: Any) -> None:
        """Nothing on the test's stderr."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no failure of the server's."""


@contextmanager
def capture_server() -> Iterator[CaptureServer]:
    """A running CaptureServer."""
    service = CaptureServer()
    server = _Server((HOST, 0), type("Handler", (_Handler,), {"service": service}))
    service.url = f"http://{HOST}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def moto(folder: Path) -> Iterator[str]:
    """The URL of a moto server of one's own: the sandbox's process, with its files in `folder`."""
    with open(folder / "output", "wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "awsmini.sandbox.server", str(folder), "0"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=Path(__file__).parent.parent,
            env={**clean_environment(folder), "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"},
        )
    try:
        give_up = time.monotonic() + 60
        while (server := read(folder)) is None:
            assert process.poll() is None, f"moto did not start: {(folder / 'output').read_text()}"
            assert time.monotonic() < give_up, "moto did not answer within a minute"
            time.sleep(0.05)
        yield server.url
    finally:
        process.terminate()
        process.wait(10)


def clean_environment(home: Path) -> dict[str, str]:
    """An environment with nothing of AWS, of proxies or of this user in it."""
    kept = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"HOME": str(home)}
