"""The server before moto: it says that it lives, and what moto does not have.

    GET /_awsmini/health   {"pid": …, "ready": …}, at once, whatever moto is doing
    everything else        is moto's, as soon as that is loaded

Where moto ends in a page of HTML or with a traceback (a service or an operation that it does not have, a fault of
its own), the caller gets an error of the protocol that it speaks.
"""

import json
import logging
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from pkgutil import resolve_name
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from awsmini.sandbox import VERSION
from awsmini.sandbox.health import PAGE
from awsmini.sandbox.refusal import Refusal, refusal
from awsmini.sandbox.state import HOST, Server

DISPATCHER = "awsmini.sandbox.dispatch:application"  # moto
_HTML = ("404 ", "405 ", "500 ", "501 ")  # statuses of pages that are no answers of AWS's
_PAGE_BEGINS = b"<!doctype html>\n<html lang=en>\n<title>"


class _Handler(WSGIRequestHandler):
    """Reads a request, and waits for moto where that is not loaded yet; then moto's own handler takes it."""

    server: "_Server"

    def run_wsgi(self) -> None:
        if self.path != PAGE and type(self) is _Handler:
            self.server.front.loaded.wait()
            self.__class__ = self.server.front.handler
        super().run_wsgi()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        if self.path != PAGE:
            logging.getLogger("werkzeug").info('%s "%s" %s', self.address_string(), self.requestline, code)


class _Server(ThreadedWSGIServer):
    daemon_threads = True
    front: "Front"


class Front:
    """The application, and what the process knows of it."""

    def __init__(self, server: Server) -> None:
        self.loaded = threading.Event()
        self.handler: type[_Handler] = _Handler
        self._server = server
        self._moto: Any = None
        self._asked = time.monotonic()
        self._busy = 0
        self._lock = threading.Lock()

    def load(self) -> None:
        """Load moto."""
        self._moto, handler = resolve_name(DISPATCHER)()
        self.handler = type("MotoHandler", (_Handler, handler), {})

    def open(self) -> None:
        """Let in who has waited."""
        self.loaded.set()

    def idle_for(self) -> float:
        """Seconds since moto was asked last."""
        return 0.0 if self._busy else time.monotonic() - self._asked

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == PAGE:
            facts = json.dumps({"pid": self._server.pid, "ready": self.loaded.is_set()}).encode()
            start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(facts)))])
            return [facts]
        with self._lock:
            self._busy += 1
        try:
            return self._answer(environ, start_response)
        finally:
            with self._lock:
                self._busy -= 1
                self._asked = time.monotonic()

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        said: list[Any] = []
        about = environ.copy()  # moto changes it
        try:
            body = self._moto(environ, lambda status, headers, *_: said.extend((status, headers)))
            status, headers = said
            if status.startswith(_HTML):
                body = [b"".join(body)]
                if body[0].startswith(_PAGE_BEGINS) or body[0] == b"Not Found":
                    raise NotImplementedError
        except Refusal as error:
            status, headers, body = refusal(about, "NotImplemented", self._named(str(error)))
        except NotImplementedError:
            status, headers, body = refusal(about, "NotImplemented", self._named("does not have this operation"))
        except Exception as error:
            logging.getLogger("moto").error(traceback.format_exc())
            what = f"cannot do this: {type(error).__name__}: {error}"
            status, headers, body = refusal(about, "InternalFailure", self._named(what))
        start_response(status, [*headers, (VERSION, self._server.version)])
        answer: Iterable[bytes] = body
        return answer

    def _named(self, what: str) -> str:
        return f"The local sandbox (moto {self._server.version}) {what}"


def serve(listening: socket.socket, server: Server) -> Front:
    """Answer on the socket from now on."""
    front = Front(server)
    http = _Server(HOST, server.port, front, handler=_Handler, fd=listening.fileno())
    http.front = front
    threading.Thread(target=http.serve_forever, args=(60.0,), daemon=True).start()
    return front
