"""The sandbox's process: `python -m awsmini.sandbox.server FOLDER PORT …`, the first port that is free.

It binds to the loopback interface and reaches nothing beyond it: moto would otherwise call SNS subscribers,
event destinations or the Docker daemon for real.
"""

import io
import logging
import os
import signal
import socket
import sys
from collections.abc import Sequence
from importlib.metadata import version
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from awsmini.sandbox.lock import acquire
from awsmini.sandbox.state import HOST, Server, write

_LOG_BYTES = 1_000_000  # one old log of this size is kept beside the one being written
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "", None})
_GUARDED = {  # audit events, and which of their details is the address
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
}


def main(arguments: Sequence[str]) -> None:
    """Serve until told to stop."""
    where = Path(arguments[0])
    lock = acquire(where / "server.lock", 1.0)
    if lock is None:
        sys.exit("another sandbox is running")
    os.ftruncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))  # at once: moto has threads that would be waited for
    server = _bind([int(port) for port in arguments[1:]])
    _log_to(where / "server.log")
    sys.addaudithook(_stay_on_loopback)
    write(where, Server(pid=os.getpid(), port=server.server_port, version=version("moto")))
    server.serve_forever()


def _bind(ports: Sequence[int]) -> Any:
    """moto's server, listening on the first of the ports that is free; 0 is any free one."""
    from moto.core.config import default_user_config  # a second of imports, after the lock is taken
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    default_user_config["lambda"] = default_user_config["batch"] = {"use_docker": False}
    application = DomainDispatcherApplication(create_backend_app)
    port = next((port for port in ports if _is_free(port)), None)
    if port is None:
        sys.exit(f"port {ports[0]} is in use by another program")
    return make_server(HOST, port, application, threaded=True, request_handler=MotoRequestHandler)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, sys.platform != "win32")
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _stay_on_loopback(event: str, details: tuple[Any, ...]) -> None:
    """An audit hook that lets no socket and no name look-up leave this machine."""
    at = _GUARDED.get(event)
    if at is None:
        return
    host = details[at][0] if isinstance(details[at], tuple) else details[at]
    if host not in _LOOPBACK:
        raise PermissionError(f"the sandbox reaches nothing beyond this machine, so not {host}")


class _Log(io.TextIOBase):
    """A text stream whose lines go to the log, for what moto prints."""

    def write(self, text: str) -> int:
        if text.strip():
            logging.getLogger("moto").info(text.rstrip())
        return len(text)


def _log_to(path: Path) -> None:
    handler = RotatingFileHandler(path, maxBytes=_LOG_BYTES, backupCount=1)
    logging.basicConfig(level=logging.INFO, handlers=[handler], format="%(asctime)s %(name)s %(message)s")
    sys.stdout = sys.stderr = _Log()


if __name__ == "__main__":
    main(sys.argv[1:])
