"""Every fault, in the way of every command: of its first attempt or of each, on its first page or on the second.

The whole table is run with `-m every`, a sample of it otherwise.
"""

import io
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from awsmini.app import App
from awsmini.cli import run_in
from tests.faults.commands import COMMANDS, IN, OBJECT, OUT, Command
from tests.faults.faults import CLOSED, FAULTS
from tests.faults.server import FaultServer, running
from tests.oracle import takes_every
from tests.servers import clean_environment
from tests.terminal import CREDENTIALS

ATTEMPTS = 3
SHARE = 37  # one row in so many is in the sample
SAVED = {"select-object-content": b"a,b\nc,d\n"}
SLOW = ("get-item", "list-functions", "invoke", "list-users", "get-object", "put-object", "s3 cp down", "s3 ls")
BEFORE = b"what was there before"


class Row(NamedTuple):
    command: str
    fault: str
    page: int
    every: bool

    def __str__(self) -> str:
        return f"{self.command}, {self.fault}, {'every' if self.every else 'first'} of page {self.page + 1}"


class Expected(NamedTuple):
    """What is to come of a row. `words` stand on stderr."""

    success: bool
    requests: int
    code: int = 0
    words: str = ""


class Done(NamedTuple):
    code: int
    stdout: str
    stderr: str
    requests: list[bytes]
    bodies: list[bytes]


def rows() -> Iterator[Row]:
    for name, command in COMMANDS.items():
        for fault_name, fault in FAULTS.items():
            if command.shape not in fault.shapes or command.format not in fault.formats:
                continue
            if fault.slow and name not in SLOW:
                continue
            for page in range(len(command.pages)):
                if shape_of(command, page) in fault.shapes:
                    yield Row(name, fault_name, page, every=False)
                    if fault.kind != "fine":
                        yield Row(name, fault_name, page, every=True)


def shape_of(command: Command, page: int) -> str:
    """A download by the engine begins with a HEAD."""
    return "head" if command.shape == "blob" and command.engine and page == 0 else command.shape


def expected(row: Row) -> Expected:
    command, fault = COMMANDS[row.command], FAULTS[row.fault]
    pages = len(command.pages)
    once = Expected(False, row.page + 1, 255, fault.words)
    if fault.kind == "fine":
        return Expected(True, pages)
    if fault.kind == "refused":
        return with_code(once._replace(code=254, requests=once.requests + asks_for_region(row)), command)
    is_damaged = "dynamodb" in command.line and row.fault.endswith("closed")  # its checksum says so
    if fault.kind == "none" and not is_damaged and not (command.repeatable or command.s3):
        return once
    if fault.kind == "cut":
        if shape_of(command, row.page) in ("blob", "events") and not command.resumes:
            return once
        once = once._replace(words="Read timeout" if fault.slow else "" if command.s3 else CLOSED)
    if not row.every:
        return Expected(True, pages + 1)
    # The engine sends once more what a connection kept alive has not taken.
    is_stale = row.command == "s3 ls" and row.page and row.fault in ("closed at once", "reset at once")
    return with_code(
        once._replace(requests=row.page + ATTEMPTS + bool(is_stale), code=254 if fault.status else 255), command
    )


def asks_for_region(row: Row) -> bool:
    """Whether S3 is asked where the bucket is: after a redirect, and after a 400 without a word."""
    command = COMMANDS[row.command]
    is_head = shape_of(command, row.page) == "head" and ("head" in row.command or command.shape == "blob")
    return (
        command.s3
        and row.command != "list-buckets"
        and ("redirect" in row.fault or (is_head and row.fault.startswith("2 MB")))
    )


def with_code(found: Expected, command: Command) -> Expected:
    return found._replace(code=command.code or found.code)


def run(command: Command, server: FaultServer, home: Path) -> Done:
    """The command in this process, where no time passes between attempts."""
    line = command.line.replace(IN, str(home / "in")).replace(OUT, str(home / "out"))
    streams = {name: io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for name in ("stdout", "stderr")}
    env = clean_environment(home) | CREDENTIALS
    env |= {"AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true", "AWS_ENDPOINT_URL": server.url}
    app = App(
        stdin=io.StringIO(), env=env, sleep=lambda _: None, uniform=lambda: 0.0, **streams
    )  # fmt: skip
    code = run_in(app, shlex.split(line))
    out, err = (streams[name].buffer.getvalue().decode() for name in ("stdout", "stderr"))
    return Done(code, out, err, server.requests, server.bodies)


def check(row: Row, done: Done, home: Path) -> None:
    command, wanted = COMMANDS[row.command], expected(row)
    told = (done.code, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr
    assert len(done.stderr) < 4000
    assert len(done.requests) == wanted.requests, told
    saved = (home / "out").read_bytes() if command.saves else BEFORE
    assert sorted(path.name for path in home.iterdir() if path.suffix == ".part") == []
    if wanted.success:
        assert (done.code, done.stderr) == (0, ""), told
        assert command.stdout is None or done.stdout == command.stdout, told
        assert saved == (SAVED.get(row.command, OBJECT) if command.saves else BEFORE)
        if IN in command.line:
            assert done.bodies[-1] == OBJECT
        return
    assert done.code == wanted.code, told
    assert wanted.words in done.stderr, told
    assert done.stderr.strip(), told
    assert is_empty_or_pages_before(done.stdout, row, command), told
    assert saved == BEFORE, told


def is_empty_or_pages_before(stdout: str, row: Row, command: Command) -> bool:
    if not stdout:
        return True
    if row.page == 0 or command.line.endswith("--query length(TableNames)"):
        return False
    return command.stdout is None or command.stdout.startswith(stdout)


@pytest.fixture
def try_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def attempt(row: Row) -> None:
        command, fault = COMMANDS[row.command], FAULTS[row.fault]
        if fault.slow:
            monkeypatch.setattr("awsmini.send.options.DEFAULT_TIMEOUT", 1.0)
        (tmp_path / "in").write_bytes(OBJECT)
        if command.saves:
            (tmp_path / "out").write_bytes(BEFORE)
        server = FaultServer(command.pages, fault.make, row.page, row.every, fault.kind == "fine")
        with running(server):
            done = run(command, server, tmp_path)
        check(row, done, tmp_path)

    return attempt


ROWS = list(rows())
SAMPLE = [row for row in ROWS if not FAULTS[row.fault].slow][::SHARE]


def test_the_table_is_as_large_as_it_should_be():
    assert len(ROWS) >= 600
    assert len(FAULTS) >= 60
    assert len({row.fault for row in SAMPLE}) > 50
    assert {row.command for row in SAMPLE} == set(COMMANDS)


def pytest_generate_tests(metafunc: Any) -> None:
    if "row" in metafunc.fixturenames:
        every = takes_every(metafunc.config)
        metafunc.parametrize("row", ROWS if every else SAMPLE, ids=str)


@pytest.mark.every
def test_row(try_row, row):
    try_row(row)
