"""Whole commands that are interrupted at any moment, and run again: nothing half done, nothing lost, nothing left.

The moments are those of the service: a request has come, is read, done, half answered, answered. A few of them in each
run, all kinds of commands and of interruptions in each; many with `-m every`.
"""

import os
import random
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timezone
from functools import partial
from pathlib import Path

import pytest

from tests.servers import clean_environment
from tests.services.s3.stand_in import NOW, Logged, StandIn, Upload
from tests.transfer.clients import KEYS
from tests.transfer.forks import Forks

MB = 1024 * 1024
TEMPORARY = re.compile(r".+\.[0-9a-fA-F]{8}")
SIZES = [100, 5000, 30_000, 100_000, 2 * MB + 7, 5 * MB + 9, 10, 0]  # the large ones go in one part, and in two
NAMES = [f"k{number}" for number in range(len(SIZES))]
CONTENT = {name: random.Random(name).randbytes(size) for name, size in zip(NAMES, SIZES, strict=True)}
CONFIG = "[default]\ns3 =\n  multipart_threshold = 1MB\n  multipart_chunksize = 5MB\n"
LINES = {
    f"{command} {way}": f"s3 {command} {paths}{'' if command == 'sync' else ' --recursive'} --no-progress"
    for command in ("cp", "sync", "mv")
    for way, paths in (("up", "src s3://box"), ("down", "s3://full dst"), ("copy", "s3://full s3://box"))
}
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
STAGES = ("came", "read", "done", "half", "sent")


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with Forks() as made:
        yield made


@pytest.fixture(scope="module")
def service() -> Iterator[StandIn]:
    with StandIn() as server:
        yield server


class Run:
    """One command line in a folder with files and a service with objects, as many times as it takes."""

    def __init__(self, name: str, s3: StandIn, forks: Forks, home: Path) -> None:
        self.command, _, self.way = name.partition(" ")
        self.words = LINES[name].split()
        self.s3, self.forks, self.home = s3, forks, home
        self.folder = home / "work"
        (self.folder / "src").mkdir(parents=True)
        s3.reset()
        s3.bucket("box", "full")
        s3.watch = lambda request, stage: None
        for key, content in CONTENT.items():
            s3.put("full", key, content)
            (self.folder / "src" / key).write_bytes(content)
            os.utime(self.folder / "src" / key, (1_600_000_000, 1_600_000_000))
        (home / "config").write_text(CONFIG)
        self.env = clean_environment(home) | {
            **KEYS,
            "AWS_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": str(home / "config"),
            "AWS_ENDPOINT_URL": s3.url,
        }

    def start(self, **how: int) -> int:
        return self.forks.start(self.words, self.folder, self.env, **how)

    def ends(self) -> tuple[int, str]:
        """Exit code and stderr."""
        code = self.forks.wait()
        return code, (self.home / "err").read_text()

    @property
    def sources(self) -> dict[str, bytes]:
        return files(self.folder / "src") if self.way == "up" else objects(self.s3, "full")

    @property
    def targets(self) -> dict[str, bytes]:
        return files(self.folder / "dst") if self.way == "down" else objects(self.s3, "box")

    def check(self, *, tidy: bool, unheard: bool = False) -> None:
        """Whatever is there under its name is whole, and nothing is lost; with `tidy`, nothing else is there.

        `unheard`: an upload may be left that was begun twice, as the first answer was lost on the way.
        """
        sources, targets = self.sources, self.targets
        named = {name: content for name, content in targets.items() if not TEMPORARY.fullmatch(name)}
        assert {name: content == CONTENT[name] for name, content in named.items()} == dict.fromkeys(named, True)
        assert sources.keys() <= CONTENT.keys()
        assert (sources if self.command != "mv" else sources | named) == CONTENT
        if tidy:
            assert targets.keys() == named.keys()
            assert [upload for upload in self.s3.open_uploads() if upload.parts or not unheard] == []
            assert list((self.home / ".local/state/awsmini/transfers").glob("*.jsonl")) == []

    def again(self, *, unheard: bool = False) -> None:
        """Nobody interrupts it: everything is where it should be."""
        self.s3.watch = lambda request, stage: None
        self.s3.faults.clear()
        self.start()
        assert self.ends() == (0, "")
        self.check(tidy=True, unheard=unheard)
        assert self.targets == CONTENT
        assert self.sources == ({} if self.command == "mv" else CONTENT)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*")} if folder.exists() else {}


def objects(s3: StandIn, bucket: str) -> dict[str, bytes]:
    return {key: stored.body for key, stored in s3.buckets[bucket].items()}


def moments(name: str, kind: str, request: pytest.FixtureRequest, few: int = 1) -> Iterator[tuple[int, str, Path]]:
    """Which request, at which of its stages; and a folder for the run."""
    rng = random.Random(f"{name} {kind}")
    for _ in range(few * 12 if "every" in request.config.getoption("-m") else few):
        folder = request.getfixturevalue("tmp_path_factory").mktemp("run")
        yield rng.randrange(1, 21 if "mv" in name else 14), rng.choice(STAGES), folder


class Watch:
    """Calls `act` when request number `at` has come to `stage`."""

    def __init__(self, at: int, stage: str, act: Callable[[], None]) -> None:
        self.at, self.stage, self.act = at, stage, act
        self.numbers: dict[int, int] = {}
        self.came = 0

    def __call__(self, request: Logged, stage: str) -> None:
        who = threading.get_ident()  # each connection has a thread
        if stage == "came":
            self.came += 1
            self.numbers[who] = self.came
        if stage == self.stage and self.numbers[who] == self.at:
            self.act()


def kill(process: list[int], number: signal.Signals) -> None:
    """Send a signal to a process that is about to be known."""
    give_up = time.monotonic() + 5
    while not process and time.monotonic() < give_up:
        time.sleep(0.001)
    with suppress(ProcessLookupError):  # it was at its end
        os.kill(process[0], number)
    if number == signal.SIGKILL:
        time.sleep(0.02)


def hang_up() -> None:
    raise ConnectionResetError


@pytest.mark.every
@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("name", LINES)
def test_signals(
    name: str, number: signal.Signals, service: StandIn, forks: Forks, request: pytest.FixtureRequest
) -> None:
    for at, stage, folder in moments(name, str(number), request):
        run = Run(name, service, forks, folder)
        process: list[int] = []
        service.watch = Watch(at, stage, partial(kill, process, number))
        process.append(run.start())
        code, errors = run.ends()
        run.check(tidy=number != signal.SIGKILL or code == 0)
        if code >= 0:
            assert (code, errors.strip()) in ((0, ""), (1, "cancelled: ctrl-c received"), (1, "fatal error:")), errors
        else:
            assert (code, errors) == (-number, "")
        run.again()


@pytest.mark.every
@pytest.mark.parametrize("name", LINES)
def test_a_connection_that_is_cut(name: str, service: StandIn, forks: Forks, request: pytest.FixtureRequest) -> None:
    """The request goes out again, or the download goes on; an upload whose end was heard by nobody may fail."""
    for at, stage, folder in moments(name, "cut", request):
        run = Run(name, service, forks, folder)
        service.watch = Watch(at, stage, hang_up)
        run.start()
        code, errors = run.ends()
        assert (code, errors) == (0, "") or (code == 1 and "NoSuchUpload" in errors), errors
        run.check(tidy=True, unheard=True)
        assert code == 1 or run.targets == CONTENT
        run.again(unheard=True)


@pytest.mark.every
@pytest.mark.parametrize("name", LINES)
def test_the_server_goes_away(name: str, service: StandIn, forks: Forks, request: pytest.FixtureRequest) -> None:
    for at, stage, folder in moments(name, "gone", request):
        run = Run(name, service, forks, folder)
        run.env["AWS_MAX_ATTEMPTS"] = "1"

        def go(stage: str = stage) -> None:
            service.fail("*", ".", action="drop")
            if stage != "sent":
                hang_up()

        service.watch = Watch(at, stage, go)
        run.start()
        code, errors = run.ends()
        run.check(tidy=False)
        assert (code, run.targets) == (0, CONTENT) or (code == 1 and "onnection" in errors), (code, errors)
        assert run.way != "down" or not [name for name in run.targets if TEMPORARY.fullmatch(name)]
        run.again()


@pytest.mark.parametrize("name", [name for name in LINES if name.endswith("down")])
def test_a_full_disk(name: str, service: StandIn, forks: Forks, tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk."""
    run = Run(name, service, forks, tmp_path)
    run.start(file_size=MB)
    code, errors = run.ends()
    assert (code, errors.count("File too large")) == (1, 2)
    run.check(tidy=True)
    assert run.targets.keys() == {name for name, content in CONTENT.items() if len(content) <= MB}
    run.again()


@pytest.mark.parametrize("stage", ["done", "sent"])
@pytest.mark.parametrize("name", ["cp up", "mv up", "sync copy"])
def test_killed_before_an_upload_is_known(
    name: str, stage: str, service: StandIn, forks: Forks, tmp_path: Path
) -> None:
    """The service has begun an upload, of which the command never hears: the next run finds it, and no other."""
    run = Run(name, service, forks, tmp_path)
    process: list[int] = []

    def watch(request: Logged, at: str) -> None:
        if request.method == "POST" and "uploads" in request.query and at == stage:
            kill(process, signal.SIGKILL)

    service.watch = watch
    process.append(run.start())
    assert run.ends()[0] == -signal.SIGKILL
    begun = service.open_uploads()
    assert begun
    now = datetime.now(timezone.utc)
    others: list[tuple[str, dict[int, tuple[bytes, str]]]] = [("k", {}), ("k4", {1: (b"x", "e")}), ("k5x", {})]
    strangers = [Upload("box", key, {}, parts, begun=now) for key, parts in others]
    old = [Upload("box", "k4", {}, begun=NOW), Upload("box", "k5", {}, begun=NOW)]
    for other in (*strangers, *old):
        service.uploads[f"other-{len(service.uploads)}"] = other
    service.watch = lambda request, stage: None
    run.start()
    assert run.ends() == (0, "")
    assert service.open_uploads() == [*strangers, *old]


@pytest.mark.every
@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("way", ["up", "down"])
def test_what_a_sync_keeps_is_kept_first(
    way: str, number: signal.Signals, service: StandIn, forks: Forks, request: pytest.FixtureRequest
) -> None:
    """With --backup-dir, what was there is there or kept, whatever happens."""
    for at, stage, folder in moments(f"keep {way}", str(number), request):
        run = Run(f"sync {way}", service, forks, folder)
        run.words += ["--backup-dir", "s3://kept" if way == "up" else "kept", "--delete"]
        service.bucket("kept")
        old = {name: b"old " + name.encode() for name in [*NAMES, "only"]}
        (run.folder / "dst").mkdir()
        for name, content in old.items():
            if way == "up":
                service.put("box", name, content)
            else:
                (run.folder / "dst" / name).write_bytes(content)
        process: list[int] = []
        service.watch = Watch(at, stage, partial(kill, process, number))
        process.append(run.start())
        run.ends()
        service.watch = lambda request, stage: None
        for _ in range(2):
            kept = objects(service, "kept") if way == "up" else files(run.folder / "kept")
            there = run.targets
            assert {name: content for name, content in kept.items() if name in old and content != old[name]} == {}
            assert [name for name in old if old[name] not in (kept.get(name), there.get(name))] == []
            run.start()
            assert run.ends() == (0, "")
        assert run.targets == CONTENT


def test_what_a_killed_download_left_is_not_kept(service: StandIn, forks: Forks, tmp_path: Path) -> None:
    """Temporary files are gone before the destination is looked at."""
    run = Run("sync down", service, forks, tmp_path)
    process: list[int] = []

    def watch(request: Logged, at: str) -> None:
        if request.path == "/full/k5" and at == "half":
            time.sleep(0.1)
            kill(process, signal.SIGKILL)

    service.watch = watch
    process.append(run.start())
    assert run.ends()[0] == -signal.SIGKILL
    assert [name for name in run.targets if TEMPORARY.fullmatch(name)]
    run.words += ["--backup-dir", "kept", "--delete"]
    run.again()
    assert files(run.folder / "kept") == {}
