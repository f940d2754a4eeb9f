"""`--cluster` on workers of this machine: what sharing out costs, and what it gains.

    python tests/benchmarks/cluster.py [WORK …] [--rounds 3] [--scale 0.1]

WORK is copy, up, delay, plan or even. A start, which ends when the workers answer, is told apart from the work behind
it. CPU is that of all processes, of those too that outlive the command's own. The server is `fast_s3.c` beside this
file. Figures beyond a target are marked OVER; walls only mean something on a machine that has nothing else to do.
"""

import argparse
import ctypes
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

from measure import PROJECT, awsmini_command, environment
from s3 import Place, Work, fast_server

SUBREAPER = 36  # of prctl: orphans come to this process
TICK = os.sysconf("SC_CLK_TCK")
READER = """
import sys
from awsmini.session import Session
from awsmini.transfer.engine import Engine
with Engine(Session().client("s3")) as engine:
    for bucket in sys.argv[1:]:
        for _ in engine.list(bucket):
            pass
"""


class Spent(NamedTuple):
    """Seconds, and MB of memory of the command's own process. `start` and `start_cpu`: until its workers answered."""

    wall: float
    cpu: float
    peak: float
    start: float = 0.0
    start_cpu: float = 0.0

    @property
    def work(self) -> float:
        return self.wall - self.start

    @property
    def work_cpu(self) -> float:
        return self.cpu - self.start_cpu


def spent(command: Sequence[str], env: dict[str, str]) -> Spent:
    """Run a command and all that it leaves behind, in a process that takes in orphans."""
    reader, writer = os.pipe()
    if not (child := os.fork()):
        found = _spent(command, env)
        os.write(writer, json.dumps(found).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    if not told:
        raise SystemExit(f"{' '.join(command)} failed")
    return Spent(*json.loads(told))


def _spent(command: Sequence[str], env: dict[str, str]) -> Spent:
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    began = time.perf_counter()
    start = start_cpu = cpu = 0.0
    with subprocess.Popen(
        command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        for line in process.stderr:
            if line.startswith("Cluster "):
                start, start_cpu = time.perf_counter() - began, _cpu_of_tree(process.pid)
            elif "transferred" not in line:
                sys.stderr.write(line)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    cpu += used.ru_utime + used.ru_stime
    while True:
        try:
            _, _, left = os.wait3(0)
        except ChildProcessError:
            break
        cpu += left.ru_utime + left.ru_stime
    if process.returncode:
        os._exit(1)
    return Spent(wall, cpu, used.ru_maxrss / 1024, start, start_cpu)


def _cpu_of_tree(root: int) -> float:
    """Seconds that a process and those below it have taken."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            fields = Path("/proc", name, "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(name)], ticks[int(name)] = int(fields[1]), sum(map(int, fields[11:15]))
    below = {root}
    while more := {each for each, parent in parents.items() if parent in below and each not in below}:
        below |= more
    return sum(ticks[each] for each in below) / TICK


def told(what: str, value: float, target: float) -> str:
    return f"{what} {value:.2f}{' OVER' if value > target else ''} (at most {target:g})"


class Bench:
    """Where it runs, and how often."""

    def __init__(self, place: Place, rounds: int) -> None:
        self.place, self.rounds = place, rounds
        (place.folder / "home").mkdir()

    @contextmanager
    def server(self, delay: int = 0) -> Iterator[dict[str, str]]:
        """The environment of commands that talk to it."""
        work = Work("", lambda _place: [], None, delay=delay)
        with fast_server(self.place.folder, work, (Path(), Path())) as url:
            yield {**environment(str(self.place.folder / "home")), "AWS_ENDPOINT_URL": url}

    def beside_plain(self, name: str, words: Sequence[str], target: float = 1.15) -> None:
        """A command with and without `--cluster local:2`, in turn."""
        plain, shared = [*words, "--only-show-errors"], [*words, "--cluster", "local:2"]
        rounds = []
        with self.server() as env:
            for number in range(self.rounds):
                pair = [spent([*awsmini_command(), *each], env) for each in (plain, shared)[:: 1 - 2 * (number % 2)]]
                rounds.append(pair[:: 1 - 2 * (number % 2)])
        cpu = median(cluster.work_cpu / alone.cpu for alone, cluster in rounds)
        wall = min(cluster.work for _, cluster in rounds) / min(alone.wall for alone, _ in rounds)
        start, start_cpu = (min(getattr(each, what) for _, each in rounds) for what in ("start", "start_cpu"))
        alone, cluster = (median(pair[at].cpu for pair in rounds) for at in (0, 1))
        print(
            f"{name}: {told('start', start, 1.5)} s, {start_cpu:.2f} s CPU; {told('CPU x', cpu, target)}, {told('wall x', wall, 1.1)}; plain "
            f"{alone:.1f} s CPU, cluster {cluster:.1f}; wall {min(a.wall for a, _ in rounds):.1f} and "
            f"{min(c.wall for _, c in rounds):.1f} s",
            flush=True,
        )


def copy(bench: Bench) -> None:
    source = bench.place.bucket(200_000)
    bench.beside_plain("200,000 copies", ["s3", "cp", source, "s3://box/", "--recursive"])


def up(bench: Bench) -> None:
    tree = str(bench.place.tree(200_000))
    bench.beside_plain("200,000 up", ["s3", "cp", tree, "s3://box/", "--recursive"])


def delay(bench: Bench) -> None:
    """One worker and eight, where the network is the limit."""
    config = bench.place.folder / "config"
    config.write_text("[default]\ns3 =\n  max_concurrent_requests = 16\n")
    count = bench.place.count(80_000)
    words = [*awsmini_command(), "s3", "cp", f"s3://n{count}-4096", "s3://box/", "--recursive"]
    with bench.server(20) as env:
        env["AWS_CONFIG_FILE"] = str(config)
        one, eight = (
            max(count / spent([*words, "--cluster", f"local:{workers}"], env).work for _ in range(bench.rounds))
            for workers in (1, 8)
        )
    verdict = "" if eight >= 6 * one else " OVER"
    print(f"20 ms an answer: 1 worker {one:.0f}/s, 8 workers {eight:.0f}/s: x {eight / one:.2f}{verdict} (at least 6)")


def plan(bench: Bench) -> None:
    """Nothing to do, found out. The peak is that of the client."""
    for number in (1_000_000, 10_000_000):
        count = bench.place.count(number)
        buckets = [f"n{count}-4096", f"n{count}-4096-b"]
        with bench.server() as env:
            sync = ["s3", "sync", *(f"s3://{each}" for each in buckets), "--cluster", "local:2"]
            read = spent([sys.executable, "-c", READER, *buckets], {**env, "PYTHONPATH": str(PROJECT)})
            found = spent([*awsmini_command(), *sync], env)
        print(
            f"{count:,} keys planned: {told('CPU x', found.cpu / read.cpu, 2)} of reading them ({read.cpu:.1f} s), wall "
            f"{found.wall:.1f} s, {told('client', found.peak, 150)} MB",
            flush=True,
        )


def even(bench: Bench) -> None:
    """How large the shards of flat buckets are, by the journal of a run."""
    count = bench.place.count(1_000_000)
    for kind in ("f", "h", "u"):
        journal = bench.place.folder / f"journal-{kind}"
        sides = [f"s3://{kind}{count}-4096{each}/all/" for each in ("", "-b")]
        words = ["s3", "sync", *sides, "--cluster", "local:2", "--journal", str(journal)]
        with bench.server() as env:
            spent([*awsmini_command(), *words], env)
        with sqlite3.connect(journal) as database:
            rows = database.execute("select answer from pieces where ended").fetchall()
        sizes = [json.loads(row[0])["listed"] for row in rows]
        assert sum(sizes) == 2 * count
        ratio = max(sizes) / (sum(sizes) / len(sizes))
        print(f"flat bucket {kind}{count}: {len(sizes)} shards, {told('largest x', ratio, 2)} of the mean", flush=True)


def main() -> None:
    works: dict[str, Callable[[Bench], None]] = {each.__name__: each for each in (copy, up, delay, plan, even)}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", nargs="*", choices=[*works, []], help="what to measure")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        bench = Bench(Place(Path(folder), options.scale), options.rounds)
        for name in options.work or works:
            works[name](bench)


if __name__ == "__main__":
    main()
