"""Transfers on real workers that die, or whose client or scheduler does: all is there in the end, and nothing more."""

import os
import random
import signal
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.servers import clean_environment, free_ports
from tests.services.s3.stand_in import StandIn
from tests.terminal import CREDENTIALS, PROJECT

pytest.importorskip("distributed")

MB = 1024 * 1024
MANY = [pytest.mark.every, pytest.mark.long]
SECRET = "wJalrXUtnFEMIxK7MDENGxbPxRfiCYEXAMPLEKEY"
# Workers whose shards are small: there are many of them, and they are cut often.
SMALL = """\
import os
if {objects}:
    from awsmini.services.s3 import counted, shard
    shard.OBJECTS, shard.LISTED, counted.PULSE = {objects}, {objects} * 3, 0.1
"""
CONFIG = "[default]\ns3 =\n  multipart_threshold = 1MB\n  multipart_chunksize = 5MB\n"


class Place:
    """A folder, a home and an environment for commands and for what they talk to."""

    def __init__(self, home: Path, url: str, objects: int = 20) -> None:
        self.home, self.work = home, home / "work"
        self.work.mkdir()
        self.temporary = home / "tmp"
        self.temporary.mkdir()
        small = home / "small"
        small.mkdir()
        (small / "sitecustomize.py").write_text(SMALL.format(objects=objects))
        (home / "config").write_text(CONFIG)
        self.env = clean_environment(home) | {
            **CREDENTIALS,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": str(home / "config"),
            "AWS_ENDPOINT_URL": url,
            "PYTHONPATH": f"{small}{os.pathsep}{PROJECT}",
            "TMPDIR": str(self.temporary),
        }
        self._stack = ExitStack()

    def start(self, words: Sequence[str], name: str = "client", **env: str) -> "Started":
        return self._started([sys.executable, "-m", "awsmini", *words], name, env)

    def dask(self, *words: str, name: str, **env: str) -> "Started":
        code = "from distributed.cli import dask_{0}; dask_{0}.main()".format(words[0])
        return self._started([sys.executable, "-c", code, *words[1:]], name, env)

    def scheduler(self, port: int, *words: str, **env: str) -> "Started":
        ends = ("--dashboard-address", "127.0.0.1:0", "--host", "127.0.0.1", "--port", str(port))
        found = self.dask("scheduler", *ends, *words, name=f"scheduler-{len(list(self.home.glob('*.err')))}", **env)
        found.wait_for("Scheduler at")
        return found

    def worker(self, port: int, *words: str, name: str = "worker", **env: str) -> "Started":
        folder = self.home / f"local-{name}"
        options = ("--nthreads", "1", "--memory-limit", "0", "--local-directory", str(folder))
        found = self.dask("worker", f"tcp://127.0.0.1:{port}", *options, *words, name=name, **env)
        found.wait_for("Registered to")
        return found

    def _started(self, command: Sequence[str], name: str, env: Mapping[str, str]) -> "Started":
        paths = self.home / f"{name}.out", self.home / f"{name}.err"
        with open(paths[0], "wb") as out, open(paths[1], "wb") as err:
            process = subprocess.Popen(
                command, cwd=self.work, env={**self.env, **env}, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                start_new_session=True,
            )  # fmt: skip
        started = Started(process, *paths)
        self._stack.callback(started.end)
        return started

    def close(self) -> None:
        self._stack.close()


class Started:
    """A process, and what it wrote."""

    def __init__(self, process: "subprocess.Popen[bytes]", out: Path, err: Path) -> None:
        self.process, self._out, self._err = process, out, err

    @property
    def out(self) -> str:
        return self._out.read_text()

    @property
    def err(self) -> str:
        return self._err.read_text()

    @property
    def children(self) -> list[int]:
        """All processes below."""
        found, new = [], [self.process.pid]
        while new:
            with suppress(OSError):
                for task in Path(f"/proc/{new[0]}/task").iterdir():
                    more = [int(word) for word in (task / "children").read_text().split()]
                    found += more
                    new += more
            del new[0]
        return found

    @property
    def workers(self) -> list[int]:
        servers = [each for each in self.children if b"forkserver" in _command(each)]
        return [each for each in servers if _parent(each) in servers]

    def wait_for(self, text: str, seconds: float = 60) -> None:
        until(lambda: text in self.err or self.process.poll() is not None, seconds)
        assert text in self.err, self.err

    def wait(self, seconds: float = 120) -> int:
        return self.process.wait(seconds)

    def kill(self, number: int = signal.SIGKILL) -> None:
        os.kill(self.process.pid, number)

    def end(self) -> None:
        below = self.children
        with suppress(OSError):
            self.process.kill()
        self.process.wait(30)
        for each in below:
            with suppress(OSError):
                os.kill(each, signal.SIGKILL)


def _command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def _parent(process: int) -> int:
    with suppress(OSError):
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "it did not come"
        time.sleep(0.02)


def until_gone(processes: Sequence[int]) -> None:
    until(lambda: not any(_command(each) for each in processes), 20)


@pytest.fixture(scope="module")
def service() -> Iterator[StandIn]:
    with StandIn() as server:
        yield server


@pytest.fixture
def s3(service: StandIn) -> StandIn:
    service.reset()
    service.watch = lambda request, stage: None
    service.bucket("box", "full")
    return service


@pytest.fixture
def place(tmp_path: Path, s3: StandIn) -> Iterator[Place]:
    made = Place(tmp_path, s3.url)
    yield made
    made.close()


def content(number: int) -> bytes:
    """Every fiftieth object goes in two parts."""
    return random.Random(number).randbytes(5 * MB + number if number % 50 == 7 else number % 300)


def fill(place: Place, s3: StandIn, way: str, count: int) -> dict[str, bytes]:
    """The source of a transfer that way."""
    found = {f"{number % 7}/k{number:05}": content(number) for number in range(count)}
    for key, body in found.items():
        if way == "up":
            path = place.work / "src" / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        else:
            s3.put("full", key, body)
    return found


def words(command: str, way: str, *more: str) -> list[str]:
    paths = {"up": ("src", "s3://box"), "down": ("s3://full", "dst"), "copy": ("s3://full", "s3://box")}[way]
    return ["s3", command, *paths, *(() if command == "sync" else ("--recursive",)), *more]


def arrived(place: Place, s3: StandIn, way: str) -> dict[str, bytes]:
    if way != "down":
        return {key: stored.body for key, stored in s3.buckets["box"].items()}
    folder = place.work / "dst"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def check(place: Place, s3: StandIn, command: str, way: str, wanted: dict[str, bytes]) -> None:
    """All is there, byte for byte, and nothing else; nothing is left of what was under way."""
    found = arrived(place, s3, way)
    assert sorted(found) == sorted(wanted)
    assert found == wanted
    assert not s3.open_uploads()
    if command == "mv":
        left = (
            s3.buckets["full"] if way != "up" else [each for each in (place.work / "src").rglob("*") if each.is_file()]
        )
        assert not left


@pytest.mark.parametrize(("command", "way"), [("sync", "up"), ("mv", "copy"), ("cp", "down")])
def test_workers_die(place: Place, s3: StandIn, command: str, way: str) -> None:
    wanted = fill(place, s3, way, 250)
    chance = random.Random(command + way)
    s3.watch = lambda request, stage: time.sleep(0.05) if stage == "came" else None  # so that it takes a while
    client = place.start(words(command, way, "--cluster", "local:2"))
    killed = 0
    while client.process.poll() is None:
        time.sleep(chance.uniform(0.1, 0.6) if s3.log else 0.01)
        if s3.log and (workers := client.workers):
            with suppress(OSError):
                os.kill(chance.choice(workers), signal.SIGKILL)
            killed += 1
            if killed > 12:
                break
    assert client.wait() == 0, client.err
    assert killed
    s3.watch = lambda request, stage: None
    check(place, s3, command, way, wanted)
    assert " 0 failed" in client.err


@pytest.mark.parametrize(
    ("way", "times"),
    [
        ("up", 1),
        ("copy", 1),
        pytest.param("up", 10, marks=MANY),
        pytest.param("copy", 10, marks=MANY),
    ],
)
def test_clients_die(place: Place, s3: StandIn, way: str, times: int) -> None:
    """At any moment, and go on with the journal. Nothing is left of them on the machine."""
    wanted = fill(place, s3, way, 250 * min(times, 6))
    chance = random.Random(way)
    line = words("sync", way, "--cluster", "local:2", "--journal", str(place.home / "journal"))
    for _ in range(times):
        before = len(s3.log)
        client = place.start(line)
        enough = before + chance.randrange(20, 300)
        while len(s3.log) < enough and client.process.poll() is None:
            time.sleep(0.01)
        below = client.children
        client.kill()
        client.wait()
        until_gone(below)
    client = place.start(line)
    assert client.wait() == 0, client.err
    check(place, s3, "sync", way, wanted)
    again = place.start(line)
    assert again.wait() == 0, again.err
    assert " transferred (" in again.err


def test_a_scheduler_dies(place: Place, s3: StandIn) -> None:
    wanted = fill(place, s3, "up", 250)
    (port,) = free_ports(1)
    scheduler, worker = place.scheduler(port), place.worker(port)
    line = words("sync", "up", "--cluster", f"127.0.0.1:{port}", "--shared-paths")
    client = place.start(line)
    until(lambda: len(s3.log) > 100)
    scheduler.kill()
    began = time.monotonic()
    assert client.wait(30) == 1
    assert time.monotonic() - began < 10
    assert f"fatal error: The scheduler at tcp://127.0.0.1:{port} is gone." in client.err
    assert "Traceback" not in client.err
    assert "To go on: the same command with --journal " in client.err
    journal = client.err.rpartition("--journal ")[2].strip()
    worker.end()
    place.scheduler(port)
    place.worker(port, name="another")
    client = place.start([*line, "--journal", journal], "next")
    assert client.wait() == 0, client.err
    check(place, s3, "sync", "up", wanted)


def test_workers_go_and_come(place: Place, s3: StandIn) -> None:
    """One is asked to end, and later there is another; its copies that still ran do no harm."""
    wanted = fill(place, s3, "copy", 250)
    (port,) = free_ports(1)
    place.scheduler(port)
    worker = place.worker(port)
    client = place.start(words("mv", "copy", "--cluster", f"tcp://127.0.0.1:{port}"))
    until(lambda: len(s3.log) > 100)
    worker.kill(signal.SIGTERM)
    worker.wait()
    client.wait_for("The scheduler has no workers yet")
    place.worker(port, name="another")
    assert client.wait() == 0, client.err
    check(place, s3, "mv", "copy", wanted)


WITHOUT = "import sys; sys.path.append({0!r}); from distributed.cli import dask_worker; dask_worker.main()"


def test_workers_that_are_no_good(place: Place, s3: StandIn) -> None:
    """Of another version, without awsmini, without credentials."""
    fill(place, s3, "copy", 3)
    (port,) = free_ports(1)
    place.scheduler(port)
    line = words("sync", "copy", "--cluster", f"127.0.0.1:{port}")

    def told() -> str:
        client = place.start(line)
        assert client.wait(60) == 1, client.err
        assert "Traceback" not in client.err
        assert "--journal" not in client.err  # nothing was done
        return client.err

    other = place.home / "other"
    other.mkdir()
    (other / "sitecustomize.py").write_text("import awsmini.version\nawsmini.version.__version__ = '0.0'\n")
    worker = place.worker(port, name="other", PYTHONPATH=f"{other}{os.pathsep}{PROJECT}")
    message = told()
    assert "fatal error: Worker on " in message
    assert "awsmini is 0.0 (" in message
    worker.end()
    packages = place.home / "packages"
    packages.mkdir()
    import distributed

    for each in Path(distributed.__file__).parents[1].iterdir():
        if "awsmini" not in each.name:
            (packages / each.name).symlink_to(each)
    code = WITHOUT.format(str(packages))
    ends = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(place.home / "none"))
    command = [sys.executable, "-S", "-c", code, f"tcp://127.0.0.1:{port}", *ends]
    worker = place._started(command, "none", {"PYTHONPATH": ""})
    worker.wait_for("Registered to")
    assert "A worker cannot load awsmini (No module named 'awsmini')" in told()
    worker.end()
    worker = place.worker(port, name="poor", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="", AWS_CONFIG_FILE="none")
    assert "fatal error: Unable to locate credentials" in told()


def test_nothing_secret_is_printed(place: Place, s3: StandIn) -> None:
    """Not at the level of debugging either, with errors and workers that die."""
    key = "K3yThatNobodyMaySee-0123456789ab"
    fill(place, s3, "up", 60)
    s3.fail("PUT", "/box/3/", status=403, code="AccessDenied", times=3)
    (port,) = free_ports(1)
    loud = {"DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "debug", "AWS_SECRET_ACCESS_KEY": "", "AWS_ACCESS_KEY_ID": ""}
    started = [place.scheduler(port, **loud), place.worker(port, **loud)]
    journal = place.home / "journal"
    line = words("sync", "up", "--cluster", f"127.0.0.1:{port}", "--shared-paths", "--journal", str(journal))
    line += ["--sse-c", "AES256", "--sse-c-key", key]
    client = place.start([*line, "--debug"])
    assert client.wait() != 0
    assert "--send-credentials allows that" in client.err
    client = place.start([*line, "--send-credentials", "--debug"], "second")
    until(lambda: any(request.method == "PUT" for request in s3.log))
    with suppress(IndexError, OSError):
        os.kill(started[1].workers[0], signal.SIGKILL)
    assert client.wait() == 1
    assert "AccessDenied" in client.err
    header = "x-amz-server-side-encryption-customer-key"
    assert {each.headers[header] for each in s3.log if each.method == "PUT"} == {b64encode(key.encode()).decode()}
    text = "".join([each.err + each.out for each in (*started, client)]) + journal.read_bytes().decode("latin1")
    for secret in (SECRET, key, b64encode(key.encode()).decode()):
        assert secret not in text, text[text.index(secret) - 300 :][:600]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=["INT", "TERM", "KILL"])
def test_interrupted(place: Place, s3: StandIn, number: int) -> None:
    """Ctrl+C reaches all processes of a terminal; the other two the client alone."""
    wanted = fill(place, s3, "up", 200)
    client = place.start(words("sync", "up", "--cluster", "local:2"))
    until(lambda: len(s3.log) > 80)
    below = client.children
    (os.killpg if number == signal.SIGINT else os.kill)(client.process.pid, number)
    code = client.wait(30)
    until_gone(below)
    assert "Traceback" not in client.err
    assert "Exception" not in client.err
    assert code == (1 if number == signal.SIGINT else -number), client.err
    if number == signal.SIGINT:
        lines = client.err.splitlines()
        assert lines[1] == "cancelled: ctrl-c received", client.err
        assert len(lines) == 4, client.err
        assert not s3.open_uploads()
    if number != signal.SIGKILL:
        assert not list(place.temporary.glob("awsmini-*"))
    journal = next((place.home / ".local/state/awsmini/clusters").glob("*.sqlite"))
    if number == signal.SIGINT:
        assert client.err.endswith(f"the same command with --journal {journal}\n")
    client = place.start(words("sync", "up", "--cluster", "local:2", "--journal", str(journal)), "next")
    assert client.wait() == 0, client.err
    check(place, s3, "sync", "up", wanted)
    assert not list(place.temporary.glob("awsmini-*"))


@pytest.mark.every
@pytest.mark.long
@pytest.mark.parametrize("way", ["up", "copy"])
def test_many_objects_while_workers_die(tmp_path: Path, s3: StandIn, way: str) -> None:
    """Fifty thousand, and a worker killed every five seconds."""
    place = Place(tmp_path, s3.url, objects=1000)
    (place.home / "config").write_text(f"{CONFIG}  max_concurrent_requests = 4\n")
    s3.watch = lambda request, stage: time.sleep(0.005) if stage == "came" else None  # so that it takes half a minute
    try:
        wanted = {
            f"{number % 97}/k{number:05}": random.Random(number).randbytes(number % 300) for number in range(50_000)
        }
        wanted |= {f"large/k{number:05}": content(50 * number + 7) for number in range(20)}
        for key, body in wanted.items():
            if way == "copy":
                s3.put("full", key, body)
            else:
                (place.work / "src" / key).parent.mkdir(parents=True, exist_ok=True)
                (place.work / "src" / key).write_bytes(body)
        client = place.start(words("sync", way, "--cluster", "local:2"))
        killed = 0
        while client.process.poll() is None:
            time.sleep(5)
            s3.log.clear()
            if workers := client.workers:
                with suppress(OSError):
                    os.kill(random.choice(workers), signal.SIGKILL)
                killed += 1
        assert client.process.returncode == 0, client.err
        assert killed > 2
        s3.watch = lambda request, stage: None
        check(place, s3, "sync", way, wanted)
    finally:
        place.close()


def test_progress_on_a_terminal(place: Place, s3: StandIn) -> None:
    """One line that is written over, and nothing of it left."""
    import pty

    fill(place, s3, "copy", 150)
    main, other = pty.openpty()
    command = [sys.executable, "-m", "awsmini", *words("sync", "copy", "--cluster", "local:1")]
    process = subprocess.Popen(command, cwd=place.work, env=place.env, stdin=other, stdout=other, stderr=other)
    os.close(other)
    text = b""
    with suppress(OSError):  # the end of a terminal
        while more := os.read(main, 4096):
            text += more
    os.close(main)
    assert process.wait(60) == 0
    lines = text.decode().replace("\r\n", "\n").split("\n")
    shown = [each for each in lines[1].split("\r") if each.strip()]
    assert "/s, 1 workers, 0 failed" in shown[0]
    assert shown[-1].startswith("150 transferred (")
    assert len(lines) == 3, lines
