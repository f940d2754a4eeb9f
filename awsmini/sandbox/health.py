"""Whether the sandbox answers: asked when a call begins, and again whenever it says nothing for a second.

A call that takes long is no sign of anything: moto may be at work. So the question goes to the server's own page,
which is answered at once whatever else is going on, unless the process was stopped or hangs as a whole.
"""

import json
import socket
import time
from collections.abc import Mapping
from typing import NamedTuple

from awsmini.sandbox.lock import is_held
from awsmini.sandbox.state import HOST, LOCK, REPAIRED, STOP_IT, SandboxError, Server, folder, last_words, read, using

PAGE = "/_awsmini/health"
PATIENCE = 2.0  # seconds


class Health(NamedTuple):
    """What the server says of itself. It listens before it is ready: what is asked in between waits there."""

    pid: int
    is_ready: bool


def health(server: Server, patience: float = PATIENCE) -> Health | None:
    """None where the server does not answer in time, or something else does."""
    give_up = time.monotonic() + patience
    answer = b""
    try:
        with socket.create_connection((HOST, server.port), patience) as link:
            link.sendall(f"GET {PAGE} HTTP/1.0\r\nHost: {HOST}\r\n\r\n".encode())
            while (left := give_up - time.monotonic()) > 0 and len(answer) < 8192:
                link.settimeout(left)
                if not (data := link.recv(4096)):
                    break
                answer += data
        facts = json.loads(answer.partition(b"\r\n\r\n")[2])
        return Health(facts["pid"], facts["ready"] is True)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def answering(env: Mapping[str, str], server: Server) -> Server:
    """The server, found to answer: the same one, or the one that the state file names by now. Raises SandboxError.

    A state file that names the wrong port is mended by the server within a second.
    """
    where = folder(env)
    give_up = time.monotonic() + REPAIRED
    while True:
        found = health(server, max(give_up - time.monotonic(), 0.1))
        if found and found.pid == server.pid:
            return server
        with using(where):
            if not is_held(where / LOCK):
                said = last_words(where)
                raise SandboxError(
                    f"The local sandbox (pid {server.pid}) has ended{f': {said}' if said else ''}. "
                    f"The next call starts another; its log is {where / 'server.log'}"
                )
        if time.monotonic() > give_up:
            raise SandboxError(f"The local sandbox (pid {server.pid}, {server.url}) does not answer. {STOP_IT}")
        time.sleep(0.05)
        server = read(where) or server
