"""Starting and stopping the sandbox's process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from awsmini.sandbox.health import answering, health
from awsmini.sandbox.index import INSTALL
from awsmini.sandbox.lock import held, is_held
from awsmini.sandbox.state import (
    LOCK,
    REPAIRED,
    STOP_IT,
    SandboxError,
    Server,
    awaited,
    folder,
    last_words,
    lock_pid,
    named_pid,
    read,
    running,
    using,
)

MODULE = "awsmini.sandbox.server"
_NEEDED = ("moto", "werkzeug")
_IDLE = 8 * 3600.0  # seconds without a call, after which a server ends that a call has started
_LISTENS = 10.0  # seconds until it listens: a tenth of a second of imports on a quick machine
_READY = 90.0  # and until it is ready, as long as it answers
_STARTER = 5.0  # seconds that somebody else may take to start it
_STOPS = 1.0
_SERVER_FLAGS: dict[str, int | bool] = (
    {"creationflags": 0x00000200 | 0x00000008}  # CREATE_NEW_PROCESS_GROUP | DETACHED_PROCESS
    if sys.platform == "win32"
    else {"start_new_session": True}
)


def start(env: Mapping[str, str], port: int | None = None, by_call: bool = False) -> Server:
    """The running sandbox, started where there is none: on `port`, or on the port it had last, or on a free one.

    For a call it is enough that it listens; otherwise it is ready, and stays until it is stopped.
    """
    where = folder(env)
    with using(where):
        where.mkdir(parents=True, exist_ok=True, mode=0o700)
        with held(where / "start.lock", _STARTER) as mine:
            if not mine:
                pid = lock_pid(where / "start.lock")
                raise SandboxError(f"Another awsmini{f' (pid {pid})' if pid else ''} has been starting the local "
                                   f"sandbox for {_STARTER:.0f} seconds, and is not done; end that process")  # fmt: skip
            found = awaited(where) if is_held(where / LOCK) else None
            server = answering(env, found) if found else _launch(env, where, port, by_call)
    if port and server.port != port:
        raise SandboxError(f"The local sandbox already runs at {server.url}; stop it to start it on port {port}")
    return server if by_call else _ready(env, server)


def stop(env: Mapping[str, str]) -> bool:
    """End the sandbox; whether there was one."""
    where = folder(env)
    with using(where):
        if not is_held(where / LOCK):
            return False
        with held(where / "start.lock", _STOPS):  # who has been starting it for longer is not waited for
            for how in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
                if _ended(where, 0) or (_signal(where, how) and _ended(where, _STOPS)):
                    return True
    raise SandboxError(f"The local sandbox{named_pid(where)} does not stop; its files are in {where}")


def expect_running(env: Mapping[str, str]) -> Server:
    """The running sandbox, which answers; raises where there is none."""
    server = running(env)
    if server is None:
        raise SandboxError("The local sandbox is not running. Start it with: awsmini local start")
    return answering(env, server)


def _launch(env: Mapping[str, str], where: Path, port: int | None, by_call: bool) -> Server:
    if not all(find_spec(module) for module in _NEEDED):
        raise SandboxError(INSTALL)
    last = read(where)
    (where / "server.json").unlink(missing_ok=True)
    wanted = [str(port)] if port else [str(last.port), "0"] if last else ["0"]
    _check_writable(where / "start.log")
    with open(where / "start.log", "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", MODULE, str(where.absolute()), *wanted, *([f"idle={_IDLE:.0f}"] if by_call else [])],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=where,
            env=_server_environment(env),
            **_SERVER_FLAGS,  # type: ignore[call-overload]
        )
    give_up = time.monotonic() + _LISTENS
    state = str(where / "server.json")
    while not os.path.exists(state) or (server := read(where)) is None or server.pid != process.pid:
        if process.poll() is not None:
            raise SandboxError(
                f"The local sandbox did not start: {last_words(where) or f'it said nothing; see {where}'}"
            )
        if time.monotonic() > give_up:
            process.kill()
            raise SandboxError(f"The local sandbox did not start within {_LISTENS:.0f} seconds; see {where}")
        time.sleep(0.005)
    # The process is nobody's to wait for: it outlives this one.
    process.returncode = 0
    return server


def _check_writable(path: Path) -> None:
    """Raise the OSError that the server would meet when it writes: a disk that is full takes a file, but nothing in it."""
    with open(path, "wb", buffering=0) as file:
        file.write(b" " * 4096)


def _ready(env: Mapping[str, str], server: Server) -> Server:
    """The server as soon as it can answer calls. Raises SandboxError where it ends before."""
    give_up = time.monotonic() + _READY
    while time.monotonic() < give_up:
        found = health(server)
        if found and found.is_ready:
            return server
        if not found:
            _check_alive(env, server)
        time.sleep(0.01)
    raise SandboxError(f"The local sandbox (pid {server.pid}) is not ready after {_READY:.0f} seconds. {STOP_IT}")


def _check_alive(env: Mapping[str, str], server: Server) -> None:
    where = folder(env)
    try:
        answering(env, server)
    except SandboxError:
        if is_held(where / LOCK):
            raise
        said = last_words(where) or f"it said nothing; see {where}"
        raise SandboxError(f"The local sandbox did not start: {said}") from None


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


def _signal(where: Path, how: signal.Signals) -> bool:
    """Signal the process that holds the lock; False where it cannot be told which one that is."""
    give_up = time.monotonic() + REPAIRED / 2  # a server that runs writes its pid anew, where that is lost
    while (pid := _holder(where)) is None:
        if time.monotonic() > give_up:
            return False
        time.sleep(0.05)
    try:
        os.kill(pid, how)
        if hasattr(signal, "SIGCONT"):
            os.kill(pid, signal.SIGCONT)  # one that is stopped would not hear of it
    except ProcessLookupError:
        pass
    except PermissionError:
        raise SandboxError(f"The local sandbox (pid {pid}) is another user's, and cannot be stopped") from None
    return True


def _holder(where: Path) -> int | None:
    """The pid of the server, from the lock or from the state file, whichever names a process that is a sandbox."""
    state = read(where)
    pids = (lock_pid(where / LOCK), state.pid if state else None, *_of_system(where / LOCK))
    return next((pid for pid in pids if pid and _is_sandbox(pid)), None)


def _of_system(lock: Path) -> list[int]:
    """Who holds the lock, where the system tells."""
    try:
        inode = f":{lock.stat().st_ino}"
        lines = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
    except OSError:
        return []
    return [int(words[4]) for words in lines if words[1] == "FLOCK" and words[5].endswith(inode)]


def _is_sandbox(pid: int) -> bool:
    """Whether that process is a sandbox, as far as the system tells."""
    try:
        return MODULE.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return not Path("/proc/self/cmdline").exists()


def _ended(where: Path, patience: float) -> bool:
    give_up = time.monotonic() + patience
    while is_held(where / LOCK):
        if time.monotonic() >= give_up:
            return False
        time.sleep(0.02)
    return True
