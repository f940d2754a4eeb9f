"""The page on this machine that the browser comes back to, with an authorization code."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from awsmini.commandline.handwritten import Values
from awsmini.errors import ParamValidationError
from awsmini.params.arguments import option
from awsmini.services.shared.signin_errors import CallbackServerError, PendingAuthorizationExpiredError

HOST = "127.0.0.1"
PATH = "/oauth/callback"
REQUEST_SECONDS = 10.0
OVERALL_SECONDS = 600.0
REDIRECT_PORT = option(
    "redirect-port",
    convert=int,
    doc="The port of this machine that the browser comes back to, for firewalls and containers that let one through; "
    "by default any that is free. Ways to sign in that need no such port do not look at it.",
)
LAST_PORT = 65535
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>awsmini</title></head>
<body style="font-family: sans-serif; text-align: center; margin-top: 4em">
<h1>{heading}</h1><p>You can close this window and go back to the command line.</p>
</body></html>
"""


class Answer(NamedTuple):
    """What came back; both None where the sign-in was refused."""

    code: str | None
    state: str | None


class CallbackServer(HTTPServer):
    """Listens on a port of the loopback interface."""

    timeout = REQUEST_SECONDS
    answer: Answer | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.server_port}{PATH}"

    def wait(self) -> Answer:
        """The first answer that comes. Raises PendingAuthorizationExpiredError when none does in ten minutes."""
        end = time.monotonic() + OVERALL_SECONDS
        while self.answer is None:
            if time.monotonic() >= end:
                raise PendingAuthorizationExpiredError
            self.handle_request()
        return self.answer


class _Handler(BaseHTTPRequestHandler):
    server: CallbackServer
    server_version = "awsmini"
    sys_version = ""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        if parts.path != PATH or not ("error" in query or {"code", "state"} <= query.keys()):
            self.send_error(404)
            return
        refused = "error" in query
        self.server.answer = Answer(None, None) if refused else Answer(query["code"][0], query["state"][0])
        page = PAGE.format(heading="Sign-in was refused" if refused else "You are signed in").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Requests are not printed: they hold the code."""


def redirect_port(values: Values) -> int:
    """The port that `--redirect-port` names, or 0 for any. Raises ParamValidationError."""
    port: int | None = values.get("redirect_port")
    if port is not None and not 1 <= port <= LAST_PORT:
        raise ParamValidationError(f"Invalid value for --redirect-port. Value must be between 1 and {LAST_PORT}.")
    return port or 0


@contextmanager
def callback_server(port: int) -> Iterator[CallbackServer]:
    """Listens on the port; 0 is any that is free. Raises CallbackServerError."""
    try:
        server = CallbackServer((HOST, port), _Handler)
    except OSError as error:
        raise CallbackServerError(error) from None
    with server:
        yield server
