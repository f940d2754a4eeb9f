"""The sandbox: moto's server on the loopback interface, which `--local` sends calls to.

One server runs per user and machine, as a background process. `ensure_running` is what a call needs: where a
server runs it costs a file and a lock looked at, and a word with it; where none runs, one is started. Its files lie
in `folder(env)`:

    server.json   pid, port and version of the server; stays, so that the next one has the same port
    server.lock   held by the server as long as it lives, with its pid inside
    start.lock    held by whoever starts or stops it, with its pid inside
    server.log    what it was asked, one old log kept beside it
    start.log     what it said before it was ready

That a server runs is known from the lock, which the system gives up when the process ends however it ends.
So a pid that now belongs to another program is never taken for the server's, nor stopped in its place. The server
looks after its files: it writes anew what is lost or damaged, and ends where the lock is no longer its own.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from awsmini.errors import ReadTimeoutError, SendError
from awsmini.records import replace
from awsmini.sandbox.health import answering
from awsmini.sandbox.state import SandboxError, Server, running
from awsmini.send.body import rewind

if TYPE_CHECKING:
    from awsmini.app import App
    from awsmini.model.shapes import ServiceModel
    from awsmini.records import Reply, Request
    from awsmini.send.options import SenderOptions

START = "awsmini.sandbox.control:start"  # loads subprocess, and is rarely needed
ASKED = "x-awsmini-service"  # the header that tells the sandbox what a request without a signature is meant for
VERSION = "x-awsmini-sandbox"  # the header that each of its answers has


def enter(app: "App", service_model: "ServiceModel") -> "tuple[App, str, Callable[[], object]]":
    """The same world but that every request goes to the sandbox, its endpoint URL, and what asks whether it lives.

    Whatever host a request names (by a prefix of the operation's, an account, a bucket, a redirect), and
    whatever proxies there are, it reaches the sandbox and nothing else.
    """
    server = answered(app.env)

    def open_sender(options: "SenderOptions") -> "Callable[[Request], Reply]":
        return _Way(app, server, options, service_model.endpoint_prefix)

    return replace(app, open_sender=open_sender), server.url, partial(answering, app.env, server)


class _Way:
    """The way of a client's requests to the sandbox."""

    def __init__(self, app: "App", server: Server, options: "SenderOptions", service: str) -> None:
        self._env = app.env
        self._server = server
        self._service = service
        self._read_timeout = options.read_timeout
        self._send = app.open_sender(replace(options, alive=self._check))  # Session has put up the fence
        self.close: Callable[[], None] = getattr(self._send, "close", lambda: None)

    def __call__(self, request: "Request") -> "Reply":
        """The answer. Raises SandboxError, which nobody tries again."""
        try:
            reply = self._ask(request)
        except ReadTimeoutError as error:
            raise SandboxError(
                f"The local sandbox (pid {self._server.pid}) is there, but has not answered this call within "
                f"{self._read_timeout:.0f} seconds"
            ) from error
        except SendError as error:
            before = self._server
            self._check()
            if self._server == before:
                raise SandboxError(f"The local sandbox (pid {before.pid}) has hung up. {error}") from error
            reply = self._ask(rewind(request))
        if VERSION not in reply.headers:
            raise SandboxError(f"Something else than the local sandbox answers at {self._server.url}")
        return reply

    def _ask(self, request: "Request") -> "Reply":
        headers = {**request.headers, ASKED: self._service}
        return self._send(replace(request, url=_moved(request.url, self._server.url), headers=headers))

    def _check(self) -> None:
        self._server = answering(self._env, self._server)


def ensure_running(app: "App") -> str:
    """The sandbox's endpoint URL; starts the sandbox where it is not running. Raises SandboxError."""
    return answered(app.env).url


def answered(env: Mapping[str, str]) -> Server:
    """The sandbox, which answers; started where there is none."""
    server = running(env)
    return answering(env, server) if server else started(env, by_call=True)


def started(env: Mapping[str, str], port: int | None = None, *, by_call: bool = False) -> Server:
    """The running sandbox, started where there is none: for calls, it ends when none has come for hours."""
    server: Server = resolve_name(START)(env, port, by_call)
    return server


def _moved(url: str, base: str) -> str:
    """`url` at another scheme, host and port."""
    host, slash, rest = url.partition("://")[2].partition("/")
    if slash:
        return f"{base}/{rest}"
    return base + host[host.find("?") :] if "?" in host else base
