"""The sandbox's process: `python -m awsmini.sandbox.server FOLDER PORT … [idle=SECONDS]`, the first port that is free.

It listens before it loads moto: what is asked in between waits, and whoever started it can get ready meanwhile. It
binds to the loopback interface and reaches nothing beyond it: moto would otherwise call SNS subscribers, event
destinations or the Docker daemon for real. It ends after so many seconds without a call, if it is told to.
"""

import errno
import gc
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from awsmini.sandbox.fence import is_own_address
from awsmini.sandbox.lock import acquire, write_pid
from awsmini.sandbox.state import HOST, LOCK, Server, lock_pid, read, write

SERVE = "awsmini.sandbox.front:serve"  # http.server and werkzeug: they are loaded when the port is open
LOG_TO = "awsmini.sandbox.log:log_to"
_WATCH = 0.5  # seconds between two looks at its own files
_BACKLOG = 128
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "", None})
_GUARDED = {  # audit events, and which of their details is the address
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
}


def main(arguments: Sequence[str]) -> None:
    """Serve until told to stop."""
    gc.disable()  # a tenth of what loading takes
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # at once: moto has threads that would be waited for
    where = Path(arguments[0])
    idle = next((float(word[5:]) for word in arguments if word.startswith("idle=")), 0.0)
    try:
        lock = acquire(where / LOCK, 1.0)
        if lock is None:
            sys.exit("another sandbox is running")
        listening = bind([int(word) for word in arguments[1:] if word.isdecimal()])
        server = Server(pid=os.getpid(), port=listening.getsockname()[1], version=_moto_version())
        write(where, server)
    except OSError as error:
        sys.exit(f"{error.filename or where}: {error.strerror}")
    front = resolve_name(SERVE)(listening, server)
    watch = threading.Thread(target=_watch, args=(where, lock, server, front, idle), daemon=True)
    watch.start()
    sys.addaudithook(_stay_on_loopback)
    front.load()
    resolve_name(LOG_TO)(where / "server.log")
    front.open()
    gc.freeze()
    gc.enable()
    watch.join()


def bind(ports: Sequence[int]) -> socket.socket:
    """A socket that listens on the first of the ports that is to be had; 0 is any free one."""
    why = ""
    for port in ports:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, sys.platform != "win32")
        try:
            listening.bind((HOST, port))
            listening.listen(_BACKLOG)
        except OSError as error:
            listening.close()
            why = why or _refused(port, error)
        else:
            return listening
    sys.exit(why)


def _refused(port: int, error: OSError) -> str:
    if error.errno in (errno.EADDRINUSE, 10048):
        return f"port {port} is in use by another program"
    if error.errno in (errno.EACCES, errno.EPERM, 10013):
        return f"this user may not listen on port {port}; ports from 1024 on are for everybody"
    return f"port {port} cannot be listened on: {error.strerror}"


def _moto_version() -> str:
    """moto's version, without importing it or anything that reads metadata."""
    for folder in map(Path, sys.path):
        if (folder / "moto").is_dir():
            found = next(folder.glob("moto-*.dist-info"), None)
            return found.name.split("-")[1].removesuffix(".dist") if found else "unknown"
    return "unknown"


def _watch(where: Path, lock: int, server: Server, front: Any, idle: float) -> None:
    """Write anew what others have lost or damaged, and end when the lock is not its own, or nobody asks any more."""
    while _owns(where / LOCK, lock):
        try:
            if lock_pid(where / LOCK) != server.pid:
                write_pid(lock)
            if read(where) != server:
                write(where, server)
        except OSError:
            pass  # the disk is full, or may not be written: the next time
        if idle and front.idle_for() > idle:
            break
        time.sleep(_WATCH)
    os._exit(0)


def _owns(path: Path, lock: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(lock))
    except OSError:
        return False


def _stay_on_loopback(event: str, details: tuple[Any, ...]) -> None:
    """An audit hook that lets no socket and no name look-up leave this machine."""
    at = _GUARDED.get(event)
    if at is None:
        return
    host = details[at][0] if isinstance(details[at], tuple) else details[at]
    if host not in _LOOPBACK and not (isinstance(host, str) and is_own_address(host)):
        raise PermissionError(f"the sandbox reaches nothing beyond this machine, so not {host}")


if __name__ == "__main__":
    main(sys.argv[1:])
