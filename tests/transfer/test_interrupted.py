"""Runs that are interrupted at any moment: nothing half done under a final name, nothing left lying about."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import clean_environment
from tests.services.s3.stand_in import StandIn
from tests.transfer.clients import KEYS

MB = 1024 * 1024
TEMPORARY = re.compile(r".+\.[0-9a-fA-F]{8}")
SIZES = [100, 5000, 70_000, 200_000, MB, 2 * MB + 7, 10, 3000]


def content(name: str, size: int) -> bytes:
    return random.Random(name).randbytes(size)


@pytest.fixture
def s3() -> Iterator[StandIn]:
    with StandIn() as server:
        server.bucket("box", "full")
        for number, size in enumerate(SIZES):
            server.put("full", f"k{number}", content(f"k{number}", size))
        yield server


def start(s3: StandIn, folder: Path, what: str) -> "subprocess.Popen[bytes]":
    env = clean_environment(folder) | {**KEYS, "AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}
    command = [sys.executable, "-m", "tests.transfer.interrupted", s3.url, what, str(folder)]
    return subprocess.Popen(command, env=env, cwd=Path(__file__).parents[2], stderr=subprocess.PIPE)


def prepare(folder: Path) -> None:
    (folder / "src").mkdir()
    for number, size in enumerate(SIZES):
        (folder / "src" / f"k{number}").write_bytes(content(f"k{number}", size))


def check(s3: StandIn, folder: Path, what: str, *, tidy: bool, killed: bool = False) -> None:
    """Whatever is there under its name is whole; with `tidy`, nothing else is there.

    A run that was `killed` may not have heard of an upload that the service had begun for it.
    """
    for key, stored in s3.buckets["box"].items():
        assert stored.body == content(key, SIZES[int(key[1:])]), key
    for path in (folder / "dst").glob("*") if (folder / "dst").exists() else ():
        if not TEMPORARY.fullmatch(path.name):
            assert path.read_bytes() == content(path.name, SIZES[int(path.name[1:])])
    if what == "move":
        there = {path.name for path in (folder / "src").iterdir()} | set(s3.buckets["box"])
        assert there == {f"k{number}" for number in range(len(SIZES))}
    if tidy:
        assert [path.name for path in folder.rglob("*") if TEMPORARY.fullmatch(path.name)] == []
        assert [upload.key for upload in s3.open_uploads() if upload.parts or not killed] == []
        assert list((folder / ".local/state/awsmini/transfers").glob("*")) == []


def finish(s3: StandIn, folder: Path, what: str, *, killed: bool = False) -> None:
    process = start(s3, folder, what)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, b"")
    check(s3, folder, what, tidy=True, killed=killed)
    there = s3.buckets["box"] if what != "down" else {path.name: None for path in (folder / "dst").iterdir()}
    assert sorted(there) == [f"k{number}" for number in range(len(SIZES))]


@pytest.mark.parametrize("what", ["up", "down", "copy", "move"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_signals_at_random_moments(s3: StandIn, tmp_path: Path, what: str, number: signal.Signals) -> None:
    prepare(tmp_path)
    rng = random.Random(f"{what}{number}")
    for _ in range(2):
        before = len(s3.log)
        process = start(s3, tmp_path, what)
        until = time.monotonic() + 20
        wanted = before + rng.randrange(1, 14)
        while len(s3.log) < wanted and process.poll() is None and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(rng.random() * 0.15)
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
        assert errors == b""
        assert process.returncode in (0, 2 if number == signal.SIGINT else 0, -number)
        check(s3, tmp_path, what, tidy=number != signal.SIGKILL)
        if what != "move":
            s3.buckets["box"].clear()
    finish(s3, tmp_path, what, killed=number == signal.SIGKILL)


def test_a_full_disk(s3: StandIn, tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk."""
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000));"
        "from tests.transfer.interrupted import main; from pathlib import Path;"
        f"sys.exit(main({s3.url!r}, 'down', Path({str(tmp_path)!r})))"
    )
    env = clean_environment(tmp_path) | {**KEYS, "AWS_REGION": "us-east-1"}
    done = subprocess.run([sys.executable, "-c", code], env=env, cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == 1
    check(s3, tmp_path, "down", tidy=True)
    assert len(os.listdir(tmp_path / "dst")) == len([size for size in SIZES if size <= 300_000])


def test_the_server_goes_away(s3: StandIn, tmp_path: Path) -> None:
    prepare(tmp_path)
    s3.fail("*", "/box/", action="drop", skip=6, times=400)
    process = start(s3, tmp_path, "move")
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (1, b"")
    check(s3, tmp_path, "move", tidy=False)
    s3.faults.clear()
    for upload in s3.open_uploads():
        upload.ended = "aborted"  # nobody was there to ask
    finish(s3, tmp_path, "move")
