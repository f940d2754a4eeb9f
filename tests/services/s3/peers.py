"""awsmini beside other S3 clients, on servers that others wrote: each reads what the other has written.

    python -m tests.services.s3.peers [--aws AWS] [--s5cmd S5CMD] [--rclone RCLONE] [--s3rver S3RVER.JS] [--only WORD]

The servers are SeaweedFS (checks signatures), moto, and s3rver (of npm; checks signatures) where its script is given.
Each pair of a server and a client plays all of `CHECKS`. Not part of the test run, as these programs need not be there.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

from tests.servers import HOST, clean_environment, free_ports, moto, seaweedfs
from tests.terminal import PROJECT

MB = 1024 * 1024
OLD = 1_600_000_000.123456789
FILES: Mapping[str, bytes] = {
    "small": b"hello",
    "empty": b"",
    "sub/page.html": b"<html>" * 500,
    "sub/ü b+c": b"name",
    "exactly-8": bytes(range(256)) * (8 * MB // 256),
    "big": b"".join(number.to_bytes(8, "big") * 128 for number in range(17 * 1024 + 5)),
    "sub/huge": b"".join(number.to_bytes(8, "little") * 512 for number in range(60 * 256)),
}


# What a server cannot do for anybody, by its name and the other client's.
UNCOPIED = {"s3rver": ["*+*", "big", "exactly-8", "sub/huge"]}  # it reads a + as a blank, and has no UploadPartCopy
UNREAD = {("s3rver", "s5cmd"): {"empty"}}  # it answers a ranged GET of an empty object with a body that breaks off
SETTINGS = {("s3rver", "aws"): {"AWS_REQUEST_CHECKSUM_CALCULATION": "when_required"}}  # or it keeps the framing
CUTOFF = {"moto": "100M"}  # it refuses parts as rclone 1.60 sends them


class Server(NamedTuple):
    name: str
    url: str
    access_key: str
    secret_key: str


class Client(NamedTuple):
    """Another program. `up` and `down` copy a whole tree."""

    name: str
    up: Callable[[str, str], list[str]]  # folder, bucket/prefix
    down: Callable[[str, str], list[str]]  # bucket/prefix, folder
    list: Callable[[str], list[str]]


def s5cmd(program: str, server: Server) -> Client:
    base = [program, "--endpoint-url", server.url]
    return Client(
        "s5cmd",
        lambda folder, to: [*base, "cp", f"{folder}/", f"s3://{to}/"],
        lambda source, folder: [*base, "cp", f"s3://{source}/*", f"{folder}/"],
        lambda source: [*base, "ls", f"s3://{source}/*"],
    )


def rclone(program: str, server: Server) -> Client:
    remote = (
        ":s3,provider=Other,env_auth=true,region=us-east-1,chunk_size=5M,force_path_style=true,"
        f"upload_cutoff={CUTOFF.get(server.name, '8M')},endpoint='{server.url}':"
    )
    base = [program, "--quiet", "--retries", "1"]
    return Client(
        "rclone",
        lambda folder, to: [*base, "copy", folder, remote + to],
        lambda source, folder: [*base, "copy", remote + source, folder],
        lambda source: [*base, "lsf", "-R", "--files-only", remote + source],
    )


def aws(program: str, server: Server) -> Client:
    return Client(
        "aws",
        lambda folder, to: [program, "s3", "cp", folder, f"s3://{to}", "--recursive", "--only-show-errors"],
        lambda source, folder: [program, "s3", "cp", f"s3://{source}", folder, "--recursive", "--only-show-errors"],
        lambda source: [program, "s3", "ls", "--recursive", f"s3://{source}/"],
    )


class Place:
    """A folder and a bucket for one pair, and the two programs."""

    def __init__(self, server: Server, client: Client, folder: Path, bucket: str) -> None:
        self.server, self.client, self.folder, self.bucket = server, client, folder, bucket
        self.env = clean_environment(folder) | {
            "AWS_ACCESS_KEY_ID": server.access_key,
            "AWS_SECRET_ACCESS_KEY": server.secret_key,
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": server.url,
            "PYTHONPATH": str(PROJECT),
            "LC_ALL": "C.UTF-8",
            **SETTINGS.get((server.name, client.name), {}),
        }
        self.unread = UNREAD.get((server.name, client.name), set())
        self.write("src")

    def write(self, name: str) -> None:
        """The files, with times of long ago."""
        for path, content in FILES.items():
            target = self.folder / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            os.utime(target, ns=(int(OLD * 10**9), int(OLD * 10**9)))

    def run(self, words: Sequence[str]) -> str:
        done = subprocess.run(
            words, cwd=self.folder, env=self.env, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, f"{' '.join(words)}: {done.returncode} {done.stdout} {done.stderr}"
        return done.stdout

    def awsmini(self, line: str) -> str:
        return self.run([sys.executable, "-m", "awsmini", "s3", *line.split()])

    def tree(self, name: str) -> dict[str, bytes]:
        root = self.folder / name
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    def times(self, name: str) -> set[int]:
        return {path.stat().st_mtime_ns for path in (self.folder / name).rglob("*") if path.is_file()}


def it_reads_what_awsmini_wrote(place: Place) -> None:
    place.awsmini(f"cp src s3://{place.bucket}/ours --recursive --no-progress")
    for name in place.unread:
        place.awsmini(f"rm s3://{place.bucket}/ours/{name}")
    place.run(place.client.down(f"{place.bucket}/ours", "theirs"))
    assert place.tree("theirs") == {name: FILES[name] for name in FILES if name not in place.unread}


def awsmini_reads_what_it_wrote(place: Place) -> None:
    place.run(place.client.up("src", f"{place.bucket}/theirs"))
    place.awsmini(f"cp s3://{place.bucket}/theirs back --recursive --no-progress")
    assert place.tree("back") == FILES
    without = [*UNCOPIED.get(place.server.name, []), *place.unread]
    words = " ".join(f"--exclude {name}" for name in without)
    source, target = f"s3://{place.bucket}/theirs", f"s3://{place.bucket}/copy"
    place.awsmini(f"cp {source} {target} --recursive --no-progress --copy-props none {words}")
    place.run(place.client.down(f"{place.bucket}/copy", "copy"))
    left = {name: FILES[name] for name in FILES if not any(fnmatch(name, pattern) for pattern in without)}
    assert place.tree("copy") == left


def both_list_the_same(place: Place) -> None:
    ours = place.awsmini(f"ls s3://{place.bucket}/theirs/ --recursive")
    theirs = place.run(place.client.list(f"{place.bucket}/theirs"))
    assert len(ours.splitlines()) == len(theirs.splitlines()) == len(FILES), (ours, theirs)


def nothing_is_to_be_synced(place: Place) -> None:
    """Size and time say so; nor has content changed, however its parts were cut."""
    for words in ("", " --checksum"):
        for line in (f"src s3://{place.bucket}/theirs", f"s3://{place.bucket}/theirs back"):
            done = place.awsmini(f"sync {line} --no-progress{words}")
            assert done == "", done


def a_byte_is_noticed(place: Place) -> None:
    for path in ("big", "sub/huge", "small"):
        target = place.folder / "src" / path
        before = target.stat()
        content = bytearray(FILES[path])
        content[-1] ^= 1
        target.write_bytes(content)
        os.utime(target, ns=(before.st_mtime_ns, before.st_mtime_ns))
    done = place.awsmini(f"sync src s3://{place.bucket}/theirs --no-progress --checksum --dryrun")
    place.write("src")
    assert len(done.splitlines()) == 3, done


def times_are_rclones(place: Place) -> None:
    """In rclone's own form, both ways."""
    if place.client.name != "rclone":
        return
    place.awsmini(f"sync src s3://{place.bucket}/times --no-progress --preserve-times")
    place.run(place.client.down(f"{place.bucket}/times", "times"))
    assert place.times("times") == place.times("src"), (place.times("times"), place.times("src"))
    remote = place.client.list(f"{place.bucket}/times")[-1]
    told = place.run([place.client.list("")[0], "lsl", remote])
    assert told.count("2020-09-13 12:26:40.123456") == len(FILES), told
    place.run([place.client.list("")[0], "check", "src", remote])
    place.awsmini(f"cp s3://{place.bucket}/theirs stamped --recursive --no-progress --preserve-times")
    assert place.times("stamped") == place.times("src")
    again = place.awsmini(f"sync s3://{place.bucket}/theirs stamped --no-progress --preserve-times")
    again += place.awsmini(f"sync stamped s3://{place.bucket}/theirs --no-progress --preserve-times")
    assert again == "", again


def all_is_gone(place: Place) -> None:
    place.awsmini(f"rm s3://{place.bucket} --recursive --quiet")
    assert place.awsmini(f"ls s3://{place.bucket} --recursive") == ""


CHECKS = (
    it_reads_what_awsmini_wrote,
    awsmini_reads_what_it_wrote,
    both_list_the_same,
    nothing_is_to_be_synced,
    a_byte_is_noticed,
    times_are_rclones,
    all_is_gone,
)


@contextmanager
def s3rver(script: Path, folder: Path) -> Iterator[Server]:
    port = free_ports(1)[0]
    command = ["node", str(script), "-d", str(folder), "-a", HOST, "-p", str(port), "--silent", "--no-vhost-buckets"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        time.sleep(2)
        yield Server("s3rver", f"http://{HOST}:{port}", "S3RVER", "S3RVER")
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def servers(asked: argparse.Namespace, folder: Path) -> Iterator[Callable[[], Iterator[Server]]]:
    def each() -> Iterator[Server]:
        for name in ("seaweedfs", "moto", "s3rver"):
            base = folder / name
            base.mkdir()
            if name == "seaweedfs":
                with seaweedfs(base) as weed:
                    yield Server(name, weed.url, weed.access_key, weed.secret_key)
            elif name == "moto":
                with moto(base) as url:
                    yield Server(name, url, "AKIDEXAMPLE", "secret")
            elif asked.s3rver:
                with s3rver(asked.s3rver, base) as server:
                    yield server

    yield each


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("aws", "s5cmd", "rclone"):
        parser.add_argument(f"--{name}", default=shutil.which(name))
    parser.add_argument("--s3rver", type=Path)
    parser.add_argument("--only", default="", help="pairs with this in their name")
    asked = parser.parse_args()
    base = Path(tempfile.mkdtemp(prefix="peers-"))
    failed = 0
    made = {"s5cmd": s5cmd, "rclone": rclone, "aws": aws}
    with servers(asked, base) as each:
        for server in each():
            for name, make in made.items():
                program = getattr(asked, name)
                if program is None or asked.only not in f"{server.name} {name}":
                    continue
                folder = base / f"{server.name}-{name}"
                folder.mkdir()
                place = Place(server, make(program, server), folder, f"peers-{name}")
                place.awsmini(f"mb s3://{place.bucket}")
                for check in CHECKS:
                    try:
                        check(place)
                        outcome = "ok"
                    except AssertionError as error:
                        failed += 1
                        outcome = f"FAILED {str(error)[:1500]}"
                    print(f"{server.name:10} {name:7} {check.__name__}: {outcome}", flush=True)
                shutil.rmtree(folder)
    shutil.rmtree(base, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
