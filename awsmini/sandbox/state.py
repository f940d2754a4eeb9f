"""Where the sandbox keeps its files, and whether it runs. On the path of every `--local` call, so it loads little."""

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from awsmini.errors import AwsminiError
from awsmini.sandbox.lock import is_held
from awsmini.system.app_dirs import state_folder
from awsmini.system.atomic import writing

HOST = "127.0.0.1"
LOCK = "server.lock"
REPAIRED = 2.0  # seconds: a server that runs writes its state anew within one
STOP_IT = "End it with: awsmini local stop"


class SandboxError(AwsminiError):
    """The sandbox cannot be started, stopped or reached."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running sandbox."""

    pid: int
    port: int
    version: str  # of moto

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"


def folder(env: Mapping[str, str]) -> Path:
    """The sandbox's own folder. The machine's name is part of it: pids and ports of one machine mean nothing on
    another, and home folders are shared between machines and containers."""
    node = os.uname().nodename if hasattr(os, "uname") else env.get("COMPUTERNAME", "localhost")
    return state_folder(env, sys.platform) / "sandbox" / (os.path.basename(node) or "localhost")


@contextmanager
def using(where: Path) -> Iterator[None]:
    """What is wrong with the folder, or with a file in it, is told with its name."""
    try:
        yield
    except OSError as error:
        what = error.strerror or str(error)
        path = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else where
        also = f" ({path.name})" if path.parent == where else f" ({path})" if path != where else ""
        raise SandboxError(f"The local sandbox cannot keep its files in {where}: {what}{also}") from error


def running(env: Mapping[str, str]) -> Server | None:
    """The sandbox that runs, or None. Raises SandboxError where it does not say in time where it listens."""
    where = folder(env)
    with using(where):
        return awaited(where) if is_held(where / LOCK) else None


def awaited(where: Path, patience: float = REPAIRED) -> Server | None:
    """What a server that runs says of itself; None where it has ended."""
    give_up = time.monotonic() + patience
    while (server := read(where)) is None:
        if not is_held(where / LOCK):
            return None
        if time.monotonic() > give_up:
            raise SandboxError(
                f"The local sandbox{named_pid(where)} does not answer: its {where / 'server.json'} is lost or damaged, "
                f"and it does not write it anew. {STOP_IT}"
            )
        time.sleep(0.01)
    return server


def named_pid(where: Path) -> str:
    """The pid of the server for a message, as far as it is known."""
    pid = lock_pid(where / LOCK)
    return f" (pid {pid})" if pid else ""


def last_words(where: Path) -> str:
    """What a server that did not get ready said last; "" where it said nothing."""
    try:
        lines = (where / "start.log").read_text(errors="replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1] if lines else ""


def lock_pid(path: Path) -> int | None:
    """The pid that whoever holds a lock has written into it."""
    try:
        pid = int(path.read_bytes()[:20])
    except (OSError, ValueError):
        return None
    return pid if pid > 1 else None


def read(where: Path) -> Server | None:
    """What the state file says, or None where there is no (readable) one."""
    try:
        server = Server(**json.loads((where / "server.json").read_bytes()))
        good = isinstance(server.version, str) and server.version.isprintable() and server.pid > 1
        return server if good and 0 < server.port < 65536 and type(server.port) is type(server.pid) is int else None
    except (OSError, ValueError, TypeError):
        return None


def write(where: Path, server: Server) -> None:
    """Say where the server listens. Others see the whole file or none."""
    with writing(str(where / "server.json")) as file:
        file.write(json.dumps(asdict(server)).encode())
