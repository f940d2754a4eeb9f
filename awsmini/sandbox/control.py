"""Starting and stopping the sandbox's process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

from awsmini.sandbox.lock import held, is_held
from awsmini.sandbox.state import SandboxError, Server, folder, read, running

_NEEDED = ("moto", "flask", "flask_cors", "werkzeug")
_START_PATIENCE = 90.0  # seconds: moto is a second of imports on a quick machine
_STOP_PATIENCE = 5.0
_SERVER_FLAGS: dict[str, int | bool] = (
    {"creationflags": 0x00000200 | 0x00000008}  # CREATE_NEW_PROCESS_GROUP | DETACHED_PROCESS
    if sys.platform == "win32"
    else {"start_new_session": True}
)


def start(env: Mapping[str, str], port: int | None = None) -> Server:
    """The running sandbox, started where there is none: on `port`, or on the port it had last, or on a free one."""
    where = _made(folder(env))
    with held(where / "start.lock", 2 * _START_PATIENCE) as mine:
        if not mine:
            raise SandboxError(f"Another process has been starting the local sandbox for too long; see {where}")
        server = _awaited(where, None) if is_held(where / "server.lock") else _launch(env, where, port)
    if port and server.port != port:
        raise SandboxError(f"The local sandbox already runs at {server.url}; stop it to start it on port {port}")
    return server


def stop(env: Mapping[str, str]) -> bool:
    """End the sandbox; whether there was one."""
    where = folder(env)
    if not is_held(where / "server.lock"):
        return False
    with held(where / "start.lock", _START_PATIENCE):
        for how in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
            if _ended(where, 0) or (_signal(where, how) and _ended(where, _STOP_PATIENCE)):
                return True
    raise SandboxError(f"The local sandbox does not stop; its files are in {where}")


def expect_running(env: Mapping[str, str]) -> Server:
    """The running sandbox; raises where there is none."""
    server = running(env)
    if server is None:
        raise SandboxError("The local sandbox is not running. Start it with: awsmini local start")
    return server


def _made(where: Path) -> Path:
    try:
        where.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SandboxError(f"The local sandbox cannot keep its files in {where}: {error.strerror}") from error
    return where


def _launch(env: Mapping[str, str], where: Path, port: int | None) -> Server:
    if not all(find_spec(module) for module in _NEEDED):
        raise SandboxError("The local sandbox needs moto's server. Install it with: pip install 'awsmini[local]'")
    last = read(where)
    (where / "server.json").unlink(missing_ok=True)
    wanted = [str(port)] if port else [str(last.port), "0"] if last else ["0"]
    with open(where / "start.log", "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "awsmini.sandbox.server", str(where), *wanted],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=where,
            env=_server_environment(env),
            **_SERVER_FLAGS,  # type: ignore[call-overload]
        )
    server = _awaited(where, process.poll)
    # The process is nobody's to wait for: it outlives this one.
    process.returncode = 0
    return server


def _server_environment(env: Mapping[str, str]) -> dict[str, str]:
    """The environment of the server: no proxy, and nothing of AWS but credentials that are none."""
    kept = {
        name: value
        for name, value in env.items()
        if not name.startswith(("AWS_", "AWSMINI_")) and not name.lower().endswith("_proxy")
    }
    packages = str(Path(__file__).parent.parent.parent)
    return {
        **kept,
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONPATH": os.pathsep.join(filter(None, (packages, env.get("PYTHONPATH")))),
    }


def _awaited(where: Path, exit_code: Callable[[], int | None] | None) -> Server:
    """The server as soon as it answers; raises when its process ends before, or takes too long."""
    give_up = time.monotonic() + _START_PATIENCE
    while time.monotonic() < give_up:
        server = read(where)
        if server is not None:
            return server
        if exit_code() is not None if exit_code else not is_held(where / "server.lock"):
            raise SandboxError(f"The local sandbox did not start: {_last_words(where)}")
        time.sleep(0.02)
    raise SandboxError(f"The local sandbox did not answer within {_START_PATIENCE:.0f} seconds; see {where}")


def _last_words(where: Path) -> str:
    lines = (where / "start.log").read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"it said nothing; see {where}"


def _signal(where: Path, how: signal.Signals) -> bool:
    """Signal the process that holds the lock; False where it has not written its pid yet."""
    try:
        os.kill(int((where / "server.lock").read_bytes()), how)
    except ValueError:
        return False
    except ProcessLookupError:
        pass
    return True


def _ended(where: Path, patience: float) -> bool:
    give_up = time.monotonic() + patience
    while is_held(where / "server.lock"):
        if time.monotonic() >= give_up:
            return False
        time.sleep(0.02)
    return True
