"""Where the sandbox keeps its files, and whether it runs. On the path of every `--local` call, so it loads little."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from awsmini.errors import AwsminiError
from awsmini.sandbox.lock import is_held
from awsmini.system.app_dirs import state_folder
from awsmini.system.atomic import writing

HOST = "127.0.0.1"


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


def running(env: Mapping[str, str]) -> Server | None:
    """The sandbox that runs and answers, or None."""
    where = folder(env)
    return read(where) if is_held(where / "server.lock") else None


def read(where: Path) -> Server | None:
    """What the state file says, or None where there is no (readable) one."""
    try:
        return Server(**json.loads((where / "server.json").read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def write(where: Path, server: Server) -> None:
    """Say that the server answers. Others see the whole file or none."""
    with writing(str(where / "server.json")) as file:
        file.write(json.dumps(asdict(server)).encode())
