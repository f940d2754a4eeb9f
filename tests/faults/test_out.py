"""What OUT may be, for each command that writes one: what stands there after a good answer and after a cut one.

The whole table is run with `-m every`, a sample of it otherwise.
"""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.faults.commands import COMMANDS, OBJECT, OUT
from tests.faults.faults import cut_body
from tests.faults.server import FaultServer, Good, Wire, running
from tests.oracle import takes_every
from tests.servers import clean_environment
from tests.terminal import CREDENTIALS, PROJECT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="mounts, users and devices are Linux's")

WRITERS = ("get-object", "invoke", "select-object-content")
LARGE = OBJECT * 200  # more than the small disk holds
SHARE = 17
OLD = b"old"
NOBODY = "setpriv --reuid=65534 --regid=65534 --clear-groups "


class Kind(NamedTuple):
    """`prepare` is shell, run in the folder; `run` stands before the command. `fails`: what the message holds."""

    prepare: str = ""
    out: str = "out"
    run: str = ""
    fails: str = ""
    asks: bool = True  # whether the call is made
    where: str = "out"  # the file that has the content then; "" for stdout
    keeps: str = ""  # shell that has to be true afterwards
    old: bool = True  # whether a failure leaves what was there
    is_new: bool = False  # nothing was there


KINDS: dict[str, Kind] = {
    "a new file": Kind(is_new=True),
    "a file": Kind("printf old > out"),
    "a private file": Kind("printf old > out; chmod 600 out", keeps='[ "$(stat -c %a out)" = 600 ]'),
    "a file of another": Kind("printf old > out; chown 1 out", keeps='[ "$(stat -c %u out)" = 1 ]'),
    "a link": Kind("printf old > target; ln -s target out", where="target", keeps="[ -L out ]"),
    "a link to nothing": Kind("ln -s target out", where="target", keeps="[ -L out ]", is_new=True),
    "a loop of links": Kind("ln -s out out", fails="symbolic links", asks=False, keeps="[ -L out ]", is_new=True),
    "another name": Kind("printf old > out; ln out other", where="other", keeps="[ out -ef other ]"),
    "a pipe": Kind("mkfifo out; cat out > got &", where="got", keeps="[ -p out ]", old=False),
    "stdout": Kind(out="/dev/stdout", where="", old=False),
    "stdout by its number": Kind(out="/proc/self/fd/1", where="", old=False),
    "nowhere": Kind(out="/dev/null", where="/dev/null", keeps="[ -c /dev/null ]", is_new=True),
    "a full device": Kind(out="/dev/full", fails="No space left", where="/dev/null", keeps="[ -c /dev/full ]", is_new=True),
    "a folder": Kind("mkdir out", fails="Is a directory", asks=False, where="/dev/null", is_new=True),
    "in no folder": Kind(out="none/out", fails="No such file", asks=False, is_new=True),
    "below a file": Kind("touch file", out="file/out", fails="Not a directory", asks=False, where="none", is_new=True),
    "a long name": Kind(out="n" * 250, where="n" * 250, is_new=True),
    "too long a name": Kind(out="n" * 256, fails="File name too long", asks=False, where="none", is_new=True),
    "a protected file": Kind("printf old > out; chmod 444 out; chmod 777 .", run=NOBODY, fails="Permission denied",
                             asks=False),
    "ours, in another's folder": Kind("printf old > out; chown 65534 out", run=NOBODY,
                                      keeps='[ "$(stat -c %u out)" = 65534 ]'),
    "new, in another's folder": Kind(run=NOBODY, fails="Permission denied", asks=False, is_new=True),
    "open to all, in a sticky folder": Kind("printf old > out; chmod 666 out; chmod 1777 .", run=NOBODY,
                                            keeps='[ "$(stat -c %u out)" = 0 ]'),
    "mounted by itself": Kind("printf old > disk; touch out; mount --bind disk out", where="disk"),
    "in a folder that is read only": Kind(
        "mkdir d; printf old > d/out; mount --bind d d; mount -o remount,bind,ro d", out="d/out",
        fails="Read-only file system", asks=False, where="d/out",
    ),
    "on a full disk": Kind(
        "mkdir d; mount -t tmpfs -o size=64k none d; printf old > d/out", out="d/out", fails="No space left",
        where="d/out", keeps='[ "$(ls d)" = out ]',
    ),
    "another name, on a full disk": Kind(
        "mkdir d; mount -t tmpfs -o size=64k none d; printf old > d/out; ln d/out d/other", out="d/out",
        fails="No space left", where="d/other", keeps="[ d/out -ef d/other ]",
    ),
    "mounted by itself, from a full disk": Kind(
        "mkdir d; mount -t tmpfs -o size=64k none d; printf old > d/disk; touch out; mount --bind d/disk out",
        fails="No space left", where="d/disk",
    ),
}  # fmt: skip


class Row(NamedTuple):
    command: str
    kind: str
    is_cut: bool

    def __str__(self) -> str:
        return f"{self.command}, {self.kind}, {'cut' if self.is_cut else 'good'}"


ROWS = [Row(*each) for each in ((c, k, cut) for k in KINDS for c in WRITERS for cut in (False, True))]


def pytest_generate_tests(metafunc: Any) -> None:
    if "row" in metafunc.fixturenames:
        metafunc.parametrize("row", ROWS if takes_every(metafunc.config) else ROWS[::SHARE], ids=str)


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that every user can get into."""
    made = Path(tempfile.mkdtemp())
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@cache
def another_user_runs_this() -> bool:
    return subprocess.run(f"{NOBODY}{sys.executable} -c ''", shell=True, capture_output=True).returncode == 0


def content_of(command: str) -> bytes:
    return b"a,b\nc,d\n" if command == "select-object-content" else OBJECT


def script(row: Row, url: str) -> str:
    kind = KINDS[row.kind]
    line = COMMANDS[row.command].line.replace(OUT, kind.out)
    return (
        f"{kind.prepare}\n{kind.run}{sys.executable} -m awsmini {line} --endpoint-url {url}; code=$?\n"
        f'wait\n{kind.keeps or ":"} || echo "not kept: $(ls -l)" >&2\n'
        f"cat {kind.where or '/dev/null'} > $CONTENT 2>/dev/null\nexit $code"
    )


def environment(home: Path) -> dict[str, str]:
    env = clean_environment(home) | CREDENTIALS | {"AWS_DEFAULT_REGION": "us-east-1", "AWS_MAX_ATTEMPTS": "1"}
    return env | {"AWS_EC2_METADATA_DISABLED": "true", "PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.mark.every
def test_what_out_may_be(folder, tmp_path, row):
    kind = KINDS[row.kind]
    if kind.run and not another_user_runs_this():
        pytest.skip("another user cannot run this Python")
    good = COMMANDS[row.command].pages[0]
    if row.kind.endswith("full disk"):
        if row.command == "select-object-content":
            pytest.skip("its answer is small")
        good = Good(LARGE, good.headers)
    server = FaultServer([good], cut_body(0.5), every=row.is_cut, counts=False, at=0 if row.is_cut else 9)
    content = tmp_path / "content"
    with running(server):
        done = subprocess.run(
            ["unshare", "-m", "sh", "-c", script(row, server.url)],
            cwd=folder,
            env={**environment(folder), "CONTENT": str(content)},
            capture_output=True,
            timeout=60,
            check=False,
        )
    stderr = done.stderr.decode()
    if "unshare" in stderr or "mount:" in stderr:
        pytest.skip(f"nothing can be mounted here: {stderr}")
    assert "not kept" not in stderr
    assert "Traceback" not in stderr
    assert len(server.requests) == (1 if kind.asks else 0), stderr
    assert [path.name for path in folder.iterdir() if path.suffix == ".part"] == []
    found = content.read_bytes() if content.exists() else b""
    if kind.fails or row.is_cut:
        assert done.returncode == 255, stderr
        assert stderr.strip()
        assert row.is_cut or kind.fails in stderr
        if kind.old:
            assert found == (b"" if kind.is_new else OLD)
        return
    assert done.returncode == 0, stderr
    if kind.where == "":
        assert done.stdout.startswith(content_of(row.command))
    elif kind.where != "/dev/null":
        assert found == content_of(row.command)


# Signals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "name"),
    [(command, "SIGTERM") for command in WRITERS] + [("get-object", name) for name in ("SIGINT", "SIGHUP", "SIGKILL")],
)
def test_a_signal_in_the_middle_leaves_the_old_file(folder, command, name):
    number = getattr(signal, name)
    good = COMMANDS[command].pages[0]
    large = good.body[:-30] if command == "select-object-content" else OBJECT
    server = FaultServer(
        [good], lambda _: Wire(Good(good.body, good.headers).head(("Content-Length", "999999")) + large, "hang")
    )
    out = folder / "out"
    out.write_bytes(OLD)
    out.chmod(0o600)
    with running(server):
        words = COMMANDS[command].line.replace(OUT, str(out)).split()
        process = subprocess.Popen(
            [sys.executable, "-m", "awsmini", *words, "--endpoint-url", server.url],
            env=environment(folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        wait_for(lambda: any(path.suffix == ".part" for path in folder.iterdir()) or process.poll() is not None)
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == (130 if name == "SIGINT" else -number)
    assert (stdout, stderr) == (b"\n" if name == "SIGINT" else b"", b"")
    assert out.read_bytes() == OLD
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    left = [path.name for path in folder.iterdir() if path.suffix == ".part"]
    assert len(left) == (1 if name == "SIGKILL" else 0)  # nothing can be done about that


def wait_for(happened: Any) -> None:
    give_up = time.monotonic() + 60
    while not happened() and time.monotonic() < give_up:
        time.sleep(0.02)


@pytest.mark.parametrize("command", ["get-object"])
@pytest.mark.parametrize("closing", [">&-", ">/dev/full", "| true"])
def test_the_file_is_saved_whatever_becomes_of_stdout(folder, command, closing):
    server = FaultServer(COMMANDS[command].pages, cut_body(1), at=9)
    with running(server):
        line = COMMANDS[command].line.replace(OUT, "out")
        done = subprocess.run(
            ["sh", "-c", f"{sys.executable} -m awsmini {line} --endpoint-url {server.url} {closing}"],
            cwd=folder,
            env=environment(folder),
            capture_output=True,
            timeout=60,
            check=False,
        )
    assert b"Traceback" not in done.stderr
    assert (folder / "out").read_bytes() == content_of(command)


def test_nobody_reads_the_pipe_any_more(folder):
    """A reader that has gone ends the command, and nothing hangs."""
    os.mkfifo(folder / "out")
    reader = threading.Thread(target=lambda: os.close(os.open(folder / "out", os.O_RDONLY)))
    reader.start()
    server = FaultServer([Good(LARGE, COMMANDS["get-object"].pages[0].headers)], cut_body(1), at=9)
    with running(server):
        words = COMMANDS["get-object"].line.replace(OUT, str(folder / "out")).split()
        done = subprocess.run(
            [sys.executable, "-m", "awsmini", *words, "--endpoint-url", server.url],
            env=environment(folder),
            capture_output=True,
            timeout=60,
            check=False,
        )
    reader.join()
    assert b"Traceback" not in done.stderr
    assert done.returncode != 0
