"""Ways to break the sandbox: what is printed then, the exit code, and within how many seconds.

Each row breaks a sandbox (that runs, unless the row says `stopped`), then runs commands; the last one's answer, time
and code are those of the row. The limits leave a busy machine room: unless a server starts, each takes a fraction.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest

from awsmini.sandbox import control, started
from awsmini.sandbox.lock import is_held
from awsmini.sandbox.state import LOCK, folder, lock_pid, read
from tests import oracle
from tests.terminal import Terminal

CALL = "--local kinesisvideo list-streams --query length(StreamInfoList)"
STATUS, RESET, START, STOP = (f"local {word}" for word in ("status", "reset", "start", "stop"))
ANSWER = r"^0\n$"
RUNS = r"^The local sandbox runs at http://127\.0\.0\.1:\d+ \(pid \d+, moto [\d.]+\)\.\n"
SILENT = r"The local sandbox \(pid {pid}, {url}\) does not answer\. End it with: awsmini local stop\n$"
LOST = r"The local sandbox \(pid \d+\) does not answer: its \S+/server\.json is lost or damaged.*awsmini local stop\n$"
STOPPED = r"^The local sandbox has stopped\.\n$"
NOT_RUNNING = r"^The local sandbox is not running\.\n$"
KEEPS = r"The local sandbox cannot keep its files in {where}: "

IMPOSTOR = """
import fcntl, json, os, socket, sys, time
folder, says = sys.argv[1:3]
lock = open(os.path.join(folder, "server.lock"), "w")
fcntl.flock(lock, fcntl.LOCK_EX)
lock.write(str(os.getpid())); lock.flush()
listening = socket.create_server(("127.0.0.1", 0))
if says == "state":
    facts = {"pid": os.getpid(), "port": listening.getsockname()[1], "version": "5.2.5"}
    json.dump(facts, open(os.path.join(folder, "server.json"), "w"))
print("ready", flush=True)
time.sleep(600)
"""


class World:
    """A terminal, its sandbox, and what was started beside it."""

    def __init__(self, aws: Terminal) -> None:
        self.aws = aws
        self.where = folder(aws.env)
        self.pid = 0
        self.url = ""
        self.beside: list[subprocess.Popen[str]] = []
        self.closing: list[Callable[[], object]] = []

    def start(self) -> None:
        server = started(self.aws.env)
        self.pid, self.url = server.pid, server.url

    def signal(self, how: signal.Signals) -> None:
        os.kill(self.pid, how)
        if how == signal.SIGKILL:
            assert control._ended(self.where, 5)

    def state(self, **facts: object) -> None:
        server = read(self.where)
        assert server
        text = {"pid": server.pid, "port": server.port, "version": server.version, **facts}
        (self.where / "server.json").write_text(str(text).replace("'", '"'))

    def program(self, code: str, *words: str) -> "subprocess.Popen[str]":
        """Another program, once it has said that it is ready."""
        program = subprocess.Popen([sys.executable, "-c", code, *words], stdout=subprocess.PIPE, text=True)
        self.beside.append(program)
        assert program.stdout
        assert program.stdout.readline() == "ready\n"
        return program

    def impostor(self, says: str) -> None:
        """A process that has the lock, as a sandbox would, and never says a word."""
        self.where.mkdir(parents=True)
        self.pid = self.program(IMPOSTOR, str(self.where), says, control.MODULE).pid
        server = read(self.where)
        self.url = server.url if server else ""

    def http_program(self) -> int:
        """The port of a program that speaks HTTP and is no sandbox."""

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"{}")

            do_POST = do_GET  # noqa: N815  (http.server looks for it)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        self.closing += [server.shutdown, server.server_close]
        return int(server.server_port)

    def close(self) -> None:
        for program in self.beside:
            program.kill()
            program.communicate()
        for close in self.closing:
            close()
        if self.pid and control._is_sandbox(self.pid):
            os.kill(self.pid, signal.SIGKILL)
        for path in (self.where / "server.lock", self.where / "start.lock", self.where / "start.log"):
            if path.is_dir():
                path.rmdir()
        if not (self.where.parent.parent.is_file() or self.where.parent.is_symlink()):
            control.stop(self.aws.env)


@pytest.fixture
def world(aws: Terminal) -> Iterator[World]:
    del aws.env["AWS_ENDPOINT_URL"]
    world = World(aws)
    yield world
    world.close()


class Row(NamedTuple):
    name: str
    breaks: Callable[[World], object]
    commands: str | tuple[str, ...]
    said: str  # a pattern of what is printed
    code: int = 0
    seconds: float = 4.0
    runs: bool = True  # beforehand
    every: bool = False


def _write(name: str, content: bytes) -> Callable[[World], object]:
    return lambda world: (world.where / name).write_bytes(content)


def _remove(name: str) -> Callable[[World], object]:
    return lambda world: (world.where / name).unlink()


def _kill(world: World) -> None:
    world.signal(signal.SIGKILL)


def _freeze(world: World) -> None:
    world.signal(signal.SIGSTOP)


def _nothing(world: World) -> None:
    """It is what is done next that breaks it."""


def _both(*steps: Callable[[World], object]) -> Callable[[World], object]:
    return lambda world: [step(world) for step in steps]


def _folder_instead(name: str) -> Callable[[World], object]:
    return lambda world: (world.where / name).mkdir(parents=True)


def _state_is_folder(world: World) -> None:
    _freeze(world)
    (world.where / "server.json").unlink()
    (world.where / "server.json").mkdir()


def _gone(world: World) -> None:
    shutil.rmtree(world.where)
    _wait_for_end(world)


def _wait_for_end(world: World) -> None:
    give_up = time.monotonic() + 5
    while control._is_sandbox(world.pid):
        assert time.monotonic() < give_up, "the server whose folder is gone still runs"
        time.sleep(0.02)


def _replaced(world: World) -> None:
    shutil.move(world.where, world.where.with_name("elsewhere"))
    world.where.mkdir()
    (world.where / LOCK).touch()
    _wait_for_end(world)


def _file_as_folder(world: World) -> None:
    path = world.where.parent.parent
    path.parent.mkdir(parents=True)
    path.write_text("a file")


def _loop(world: World) -> None:
    world.where.parent.parent.mkdir(parents=True)
    world.where.parent.symlink_to(world.where.parent)


def _full(name: str) -> Callable[[World], object]:
    """A file on a disk that has no room."""

    def link(world: World) -> None:
        world.where.mkdir(parents=True, exist_ok=True)
        (world.where / name).unlink(missing_ok=True)
        (world.where / name).symlink_to("/dev/full")

    return link


def _port_taken_meanwhile(world: World) -> None:
    server = read(world.where)
    assert server
    _kill(world)
    taking = socket.create_server(("127.0.0.1", server.port))
    world.closing.append(taking.close)


def _starter_hangs(world: World) -> None:
    world.where.mkdir(parents=True, exist_ok=True)
    code = "import fcntl, os, sys, time\nlock = open(sys.argv[1], 'w')\nfcntl.flock(lock, fcntl.LOCK_EX)\n"
    code += "lock.write(str(os.getpid())); lock.flush(); print('ready', flush=True); time.sleep(600)"
    world.program(code, str(world.where / "start.lock"))


def _interrupted(world: World) -> None:
    """Whoever starts it is killed as soon as the server has its lock."""
    command = [sys.executable, "-m", "awsmini", *CALL.split()]
    starter = subprocess.Popen(command, env=world.aws.env, stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[2])
    while not is_held(world.where / LOCK) and starter.poll() is None:
        time.sleep(0.001)
    starter.kill()
    starter.wait()


def _wrong_port(world: World) -> None:
    world.state(port=world.http_program())


def _impostor(says: str) -> Callable[[World], object]:
    return lambda world: world.impostor(says)


ROWS = (
    # What it says of itself is lost or damaged while it runs.
    Row("state lost: call", _remove("server.json"), CALL, ANSWER),
    Row("state lost: status", _remove("server.json"), STATUS, RUNS, every=True),
    Row("state empty: call", _write("server.json", b""), CALL, ANSWER, every=True),
    Row("state of bytes: reset", _write("server.json", b"\xff\0{"), RESET, "is empty", every=True),
    Row("state of another form: start", _write("server.json", b"[]"), START, RUNS, every=True),
    Row("state with a wrong port: call", lambda world: world.state(port=1), CALL, ANSWER),
    Row("state with another program's port: call", _wrong_port, CALL, ANSWER),
    Row("state with a wrong pid: call", lambda world: world.state(pid=2), CALL, ANSWER, every=True),
    Row("state and log lost: stop", _both(_remove("server.json"), _remove("start.log")), STOP, STOPPED, every=True),
    Row("lock damaged: stop", _write(LOCK, b"\xffx"), STOP, STOPPED),
    Row("lock empty: stop", _write(LOCK, b""), STOP, STOPPED, every=True),
    Row("lock with another pid: stop", _write(LOCK, str(os.getpid()).encode()), STOP, STOPPED, every=True),
    Row("lock lost: call", _both(_remove(LOCK), _wait_for_end), CALL, ANSWER, seconds=15, every=True),
    Row("folder lost: status", _gone, STATUS, NOT_RUNNING, code=1),
    Row("folder lost: call", _gone, CALL, ANSWER, seconds=15, every=True),
    Row("folder replaced: status", _replaced, STATUS, NOT_RUNNING, code=1, every=True),
    # It is killed.
    Row("killed: call", _kill, CALL, ANSWER, seconds=15),
    Row("killed: status", _kill, STATUS, NOT_RUNNING, code=1, every=True),
    Row("killed: stop", _kill, STOP, r"^The local sandbox was not running\.\n$", every=True),
    Row("killed: reset", _kill, RESET, "is not running. Start it with: awsmini local start\n$", code=255),
    # It is stopped, or hangs.
    Row("frozen: call", _freeze, CALL, SILENT, code=255),
    Row("frozen: status", _freeze, STATUS, SILENT, code=1, every=True),
    Row("frozen: reset", _freeze, RESET, SILENT, code=255, every=True),
    Row("frozen: start", _freeze, START, SILENT, code=255, every=True),
    Row("frozen: s3", _freeze, "--local s3 ls", SILENT, code=255, every=True),
    Row("frozen: stop", _freeze, STOP, STOPPED),
    Row("frozen, state lost: call", _both(_freeze, _remove("server.json")), CALL, LOST, code=255),
    Row("frozen, state a folder: call", _state_is_folder, CALL, LOST, code=255, every=True),
    Row("frozen, lock damaged: stop", _both(_freeze, _write(LOCK, b"x")), STOP, STOPPED, every=True),
    Row(
        "frozen, all damaged: stop",
        _both(_freeze, _write(LOCK, b""), _write("server.json", b"")),
        STOP,
        STOPPED,
        every=True,
    ),
    Row("frozen, stopped: call", _freeze, (STOP, CALL), ANSWER, seconds=15, every=True),
    Row("wedged: call", _impostor("state"), CALL, SILENT, code=255, runs=False),
    Row("wedged: status", _impostor("state"), STATUS, SILENT, code=1, runs=False, every=True),
    Row("wedged: stop", _impostor("state"), STOP, STOPPED, runs=False, every=True),
    Row("wedged before it listens: call", _impostor(""), CALL, LOST, code=255, runs=False),
    Row("wedged before it listens: stop", _impostor(""), STOP, STOPPED, runs=False, every=True),
    # Ports.
    Row("another port: start", _nothing, "local start --port 4", r"already runs at {url}; stop it to start", code=255),
    Row("port taken meanwhile: call", _port_taken_meanwhile, CALL, ANSWER, seconds=15, every=True),
    Row("no port: start", _nothing, "local start --port 70000", "70000 is no port number", code=252, runs=False),
    # The folder.
    Row("a file for a folder: call", _file_as_folder, CALL, KEEPS + "Not a directory", code=255, runs=False),
    Row("a loop for a folder: status", _loop, STATUS, KEEPS + "Too many levels of symbolic links", code=1, runs=False),
    Row(
        "a folder for a lock: call",
        _folder_instead(LOCK),
        CALL,
        "did not start: {where}/server.lock: Is a directory\n$",
        code=255,
        runs=False,
    ),
    Row(
        "a folder for the start's lock: call",
        _folder_instead("start.lock"),
        CALL,
        KEEPS + r"Is a directory \(start.lock\)",
        code=255,
        runs=False,
    ),
    Row(
        "a folder for a log: start",
        _folder_instead("start.log"),
        START,
        KEEPS + r"Is a directory \(start.log\)",
        code=255,
        runs=False,
        every=True,
    ),
    Row(
        "the disk is full: call", _full("start.log"), CALL, KEEPS + r"No space left on device\n$", code=255, runs=False
    ),
    Row("the disk is full for the log: call", _full("server.log"), (CALL, CALL), ANSWER, seconds=15, runs=False),
    # Others that start it.
    Row("start interrupted: call", _interrupted, CALL, ANSWER, seconds=20, runs=False),
    Row(
        "start hangs: call",
        _starter_hangs,
        CALL,
        r"Another awsmini \(pid \d+\) has been starting the local sandbox for 5 seconds",
        code=255,
        seconds=8,
        runs=False,
        every=True,
    ),
    Row("start hangs, it runs: stop", _starter_hangs, STOP, STOPPED, every=True),
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "row" in metafunc.fixturenames:
        rows = [row for row in ROWS if oracle.takes_every(metafunc.config) or not row.every]
        metafunc.parametrize("row", rows, ids=[row.name for row in rows])


@pytest.mark.every
def test_what_is_said_of_a_broken_one(world, row):
    if row.runs:
        world.start()
    row.breaks(world)
    commands = (row.commands,) if isinstance(row.commands, str) else row.commands
    for command in commands:
        begun = time.monotonic()
        outcome = world.aws(command)
        took = time.monotonic() - begun
    facts = {"pid": world.pid, "url": re.escape(world.url), "where": re.escape(str(world.where))}
    said = row.said
    for name, fact in facts.items():
        said = said.replace(f"{{{name}}}", str(fact))
    printed = outcome.stdout + outcome.stderr
    assert re.search(said, printed), printed
    assert outcome.code == row.code
    assert "Traceback" not in printed
    assert took < row.seconds, f"{took:.1f} s"


def test_there_are_forty_ways():
    assert len({row.name for row in ROWS}) == len(ROWS) >= 40
    assert lock_pid(Path("/nonexistent")) is None
