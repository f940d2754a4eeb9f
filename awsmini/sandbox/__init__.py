"""The sandbox: moto's server on the loopback interface, which `--local` sends calls to.

One server runs per user and machine, as a background process. `ensure_running` is what a call needs: where a
server runs it costs a file and a lock looked at; where none runs, one is started (1–2 s). Its files lie in
`folder(env)`:

    server.json   pid, port and version of the server, written when it answers; stays, so that the next one has the same port
    server.lock   held by the server as long as it lives, with its pid inside
    start.lock    held by whoever starts or stops it
    server.log    what it was asked, one old log kept beside it
    start.log     what it said before it answered

That a server runs is known from the lock, which the system gives up when the process ends however it ends.
So a pid that now belongs to another program is never taken for the server's, nor stopped in its place.
"""

from collections.abc import Callable, Mapping
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from awsmini.records import replace
from awsmini.sandbox.state import Server, running
from awsmini.send.proxies import Proxies

if TYPE_CHECKING:
    from awsmini.app import App
    from awsmini.records import Reply, Request
    from awsmini.send.options import SenderOptions

START = "awsmini.sandbox.control:start"  # loads subprocess, and is rarely needed


def enter(app: "App") -> "tuple[App, str]":
    """The sandbox's endpoint URL, and the same world but that every request goes there.

    Whatever host a request names (by a prefix of the operation's, an account, a bucket, a redirect), and
    whatever proxies there are, it reaches the sandbox and nothing else.
    """
    url = ensure_running(app)

    def open_sender(options: "SenderOptions") -> "Callable[[Request], Reply]":
        send = app.open_sender(replace(options, proxies=Proxies()))
        return lambda request: send(replace(request, url=_moved(request.url, url)))

    return replace(app, open_sender=open_sender), url


def ensure_running(app: "App") -> str:
    """The sandbox's endpoint URL; starts the sandbox where it is not running. Raises SandboxError."""
    server = running(app.env)
    return server.url if server else started(app.env).url


def started(env: Mapping[str, str], port: int | None = None) -> Server:
    """The running sandbox, started where there is none."""
    server: Server = resolve_name(START)(env, port)
    return server


def _moved(url: str, base: str) -> str:
    """`url` at another scheme, host and port."""
    host, slash, rest = url.partition("://")[2].partition("/")
    if slash:
        return f"{base}/{rest}"
    return base + host[host.find("?") :] if "?" in host else base
