"""With --local, nothing beyond this machine is asked, by whatever part of the program and at whatever address."""

from collections.abc import Callable
from socket import AF_INET6, inet_aton, inet_pton
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from awsmini.errors import ParamValidationError
from awsmini.records import Reply, Request, replace
from awsmini.sandbox.state import SandboxError
from awsmini.send.proxies import Proxies

if TYPE_CHECKING:
    from awsmini.app import App
    from awsmini.send.options import SenderOptions

_MAPPED = bytes(10) + b"\xff\xff"  # ::ffff:127.0.0.1
Send = Callable[[Request], Reply]


class Fence:
    """An `App.open_sender` whose senders ask no proxy, and refuse what is not on this machine."""

    def __init__(self, open_sender: "Callable[[SenderOptions], Send]") -> None:
        self._open_sender = open_sender

    def __call__(self, options: "SenderOptions") -> Send:
        return _Inside(self._open_sender(replace(options, proxies=Proxies())))


class _Inside:
    def __init__(self, send: Send) -> None:
        self._send = send
        self.close: Callable[[], None] = getattr(send, "close", lambda: None)

    def __call__(self, request: Request) -> Reply:
        if not is_inside(request.url):
            host = urlsplit(request.url).hostname
            raise SandboxError(f"With --local nothing beyond this machine is asked, so not {host}")
        return self._send(request)


def fenced(app: "App") -> "App":
    """The same world without what lies beyond this machine."""
    return app if isinstance(app.open_sender, Fence) else replace(app, open_sender=Fence(app.open_sender))


def check_endpoint(url: str) -> None:
    """Refuse an address given by hand that is not on this machine: it contradicts --local."""
    if "://" in url and not is_inside(url):
        scheme, _, rest = url.partition("://")
        shown = f"{scheme}://{rest.rpartition('@')[2]}"  # without a password
        raise ParamValidationError(
            f"With --local (or AWSMINI_LOCAL) nothing beyond this machine is asked, so not --endpoint-url {shown}"
        )


def is_inside(url: str) -> bool:
    """Whether the host is this machine, in whatever spelling the system takes for an address of it."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return False
    return host == "localhost" or is_own_address(host)


def is_own_address(host: str) -> bool:
    """Whether it is an address of the loopback interface (127.1 and 0x7f000001 are too), or the one that is any."""
    packed = _packed(host)
    if len(packed) == 16 and packed[:12] != _MAPPED:
        return packed in (bytes(16), bytes(15) + b"\1")
    return packed[-4:-3] == b"\x7f" or packed[-4:] == bytes(4)


def _packed(host: str) -> bytes:
    """The bytes of an address; none where it is a name."""
    try:
        if host.split() != [host]:  # of what follows a blank nothing is looked at
            return b""
        return inet_pton(AF_INET6, host) if ":" in host else inet_aton(host)
    except (OSError, ValueError):
        return b""
