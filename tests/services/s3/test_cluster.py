"""`--cluster`: the same comes of it as without, wherever the keys are cut, and whatever gets lost on the way."""

import json
import os
import random
import shutil
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.services.s3.made_cluster import Made, in_this_process
from tests.services.s3.stand_in import NOW, Logged, StandIn
from tests.terminal import CREDENTIALS, Outcome, Terminal

pytest.importorskip("distributed")


@pytest.fixture
def made() -> Iterator[Made]:
    with in_this_process(Made(random.Random(1))) as cluster:
        yield cluster


@pytest.mark.parametrize(
    "paths", [("src", "s3://b/t"), ("s3://b/full", "dst"), ("s3://b/full", "s3://b/t")], ids=["up", "down", "copy"]
)
def test_what_an_old_copy_has_moved_is_no_failure(
    aws_s3: Terminal, s3: StandIn, made: Made, paths: tuple[str, str]
) -> None:
    """A worker that was taken for gone goes on beside the one that does its shard anew."""
    (aws_s3.home / "src").mkdir()
    (aws_s3.home / "dst").mkdir()
    for name in "abc":
        (aws_s3.home / "src" / name).write_bytes(b"hello")
        s3.put("b", f"full/{name}", b"hello")

    def moves(request: Logged, stage: str) -> None:
        """Between a listing and each transfer, the other one has been there; the third object has gone another way."""
        whole = request.headers.get("x-amz-copy-source", request.path)
        name = whole[-1]
        if (
            stage != "came"
            or request.path == "/b"
            or request.method == "HEAD"
            or not whole.endswith(("/a", "/b", "/c"))
            or name in moved
        ):
            return
        moved.append(name)
        if paths[0] == "src":
            (aws_s3.home / "src" / name).unlink()
        else:
            s3.buckets["b"].pop(f"full/{name}")
        if name == "c":
            return
        if paths[1] == "dst":
            (aws_s3.home / "dst" / name).write_bytes(b"hello")
        else:
            s3.put("b", f"t/{name}", b"hello")

    moved: list[str] = []
    s3.watch = moves
    done = aws_s3(["s3", "mv", *paths, "--recursive", "--cluster", "local:1"])
    s3.watch = lambda request, stage: None
    assert sorted(moved) == ["a", "b", "c"]
    if paths[0] == "src":  # all three had been read
        assert "3 transferred (15 Bytes)" in done.stderr
        assert done.code == 0, done.stderr
    else:
        assert "2 transferred (10 Bytes)" in done.stderr
        assert done.code == 1, done.stderr
        assert done.stderr.count("move failed") == 1, done.stderr
        assert f"{paths[0]}/c" in done.stderr


PARTS = ["a", "b", "a-", "a.", "ab", "é", "\U0001f600", "a b", "0", "-", "a0", "c", "~", "A", "日"]
MANY = [pytest.mark.every, pytest.mark.long]
LOCAL = ("src", "up"), ("dst", "down")
OLD, NEW = NOW - timedelta(days=10), NOW + timedelta(days=10)
Side = Mapping[str, tuple[int, bool, str]]  # by key: size, whether new, what it is


class Case:
    """Two random sides and a random command line for them."""

    def __init__(self, seed: int) -> None:
        chance = self.chance = random.Random(seed)
        self.way = chance.choice(["up", "down", "copy"])
        self.command = chance.choice(["sync"] * 5 + ["cp", "mv", "rm"])
        most = chance.choice([3, 10, 40])
        ours, theirs = self._keys(most), self._keys(most)
        theirs |= {key for key in sorted(ours) if chance.random() < 0.6}
        if self.way != "copy":
            files = theirs if self.way == "down" else ours
            files = {key for key in files if not key.endswith("/") and "//" not in key and key[0] != "/"}
            both = ours | files if self.way == "down" else files
            above = {key[:at] for key in both for at, sign in enumerate(key) if sign == "/"}
            if self.way == "down":
                ours = {key for key in ours if "//" not in key and key[0] != "/" and key.rstrip("/") not in above}
                above |= {key for key in ours if not key.endswith("/")}
                theirs = {key for key in files if key not in above or key in ours}
                theirs = {key for key in theirs if not any(key.startswith(f"{other}/") for other in ours)}
                ours = {key for key in ours if not any(key.startswith(f"{other}/") for other in theirs)}
            else:
                ours = files - above
        self.ours = self._side(ours, {}, linked=self.way == "up")
        self.theirs = self._side(theirs, self.ours, linked=self.way == "down")
        self.prefix = chance.choice(["", "p/", "p"])
        self.flags = self._flags()

    def _keys(self, most: int) -> set[str]:
        chance = self.chance
        found = set()
        for _ in range(chance.randint(0, most)):
            parts = [chance.choice([*PARTS, ""]) for _ in range(chance.randint(1, 4))]
            found.add("/".join(parts) + ("/" if chance.random() < 0.1 else ""))
        return found - {""}

    def _side(self, keys: set[str], other: Side, *, linked: bool) -> Side:
        chance = self.chance
        found = {}
        for key in sorted(keys):
            size = 0 if key.endswith("/") and chance.random() < 0.7 else chance.randint(0, 3)
            same = key in other and chance.random() < 0.7
            kind = "link" if linked and chance.random() < 0.1 else "file"
            found[key] = other[key][0] if same else size, chance.random() < 0.5, kind
        return found

    def _flags(self) -> list[str]:
        chance, flags = self.chance, []
        if self.command == "sync":
            if chance.random() < 0.8:
                flags.append("--delete")
            if chance.random() < 0.4:
                names = "--size-only", "--exact-timestamps", "--no-overwrite", "--checksum", "--preserve-times"
                flags.append(chance.choice(names))
            if flags[:1] == ["--delete"] and chance.random() < 0.3:
                flags += chance.choice([["--delete-after"], ["--max-delete", "2"], ["--max-delete", "100"]])
            if chance.random() < 0.15:
                flags += ["--backup-dir", "s3://keep/k"]
        else:
            flags.append("--recursive")
        for _ in range(chance.choice([0, 0, 0, 1, 2])):
            pattern = chance.choice(["*", "a*", "*a", "a/*", "*/b/*", "[!a]*", "*.*"])
            flags += [chance.choice(["--exclude", "--include"]), pattern]
        flags += chance.choice([[], [], ["--dryrun"], ["--json"], ["--dryrun", "--json"], ["--quiet"]])
        return flags + chance.choice([[], ["--page-size", str(chance.choice([1, 2, 7]))]])

    @property
    def words(self) -> list[str]:
        source = "src" if self.way == "up" else f"s3://s/{self.prefix}"
        target = "dst" if self.way == "down" else f"s3://d/{self.prefix}"
        return ["s3", self.command, *([source if self.way == "down" else target] if self.command == "rm" else [source, target]), *self.flags]  # fmt: skip

    def begin(self, s3: StandIn, folder: Path) -> None:
        s3.reset()
        s3.bucket("s", "d", "keep")
        for name, side in (("src", self.ours), ("dst", self.theirs)):
            shutil.rmtree(folder / name, ignore_errors=True)
            (folder / name).mkdir()
            for key, (size, new, kind) in side.items():
                if (name, self.way) in LOCAL:
                    _write(folder / name / key, size, new, kind)
                else:
                    bucket, _, whole = self.name(name, key).partition("/")
                    s3.put(bucket, whole, bytes([75 + size]) * size, modified=NEW if new else OLD)

    def name(self, side: str, key: str) -> str:
        """As `state` has it."""
        if (side, self.way) in LOCAL:
            return f"{side}/{key}"
        between = "/" if self.prefix == "p" and self.command != "rm" else ""
        return f"{side[0]}/{self.prefix}{between}{key}"


def _write(path: Path, size: int, new: bool, kind: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "link":
        path.symlink_to("nowhere")
        return
    path.write_bytes(bytes([65 + size]) * size)
    os.utime(path, ((NEW if new else OLD).timestamp(),) * 2)


def state(s3: StandIn, folder: Path) -> dict[str, Any]:
    """All that is there."""
    files = {
        str(path.relative_to(folder)): os.readlink(path) if path.is_symlink() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }
    return {**s3.snapshot(), **files}


def lines(text: str, *without: str) -> list[str]:
    """What was printed that does not hang on time or order."""
    found = [line.split("\r")[-1].rstrip().split(',"seconds":')[0] for line in text.split("\n")]
    return sorted(line for line in found if line and not line.startswith(("Completed", *without)))


def run_both(
    aws: Terminal, s3: StandIn, case: Case, seed: int
) -> tuple[tuple[Outcome, dict[str, Any]], tuple[Outcome, dict[str, Any]], Made]:
    """Without a cluster, and with one whose shards are small."""
    case.begin(s3, aws.home)
    plain = aws(case.words)
    wanted = state(s3, aws.home)
    case.begin(s3, aws.home)
    chance = random.Random(seed)
    made = Made(chance, chance.randint(1, 4))
    made.losses = chance.choice([0, 0, 0.15])
    objects, listed = chance.choice([1, 2, 3, 7, 1000]), chance.choice([1, 2, 3, 8, 30, 1000])
    with in_this_process(made, objects=objects, listed=listed, size=chance.choice([1, 5, 2**29])):
        done = aws([*case.words, "--cluster", "local:2"])
    return (plain, wanted), (done, state(s3, aws.home)), made


@pytest.fixture(autouse=True)
def later(s3: StandIn) -> Iterator[None]:
    """What is written is newer than all that was there."""
    s3.now = lambda: NOW + timedelta(days=20)
    yield
    s3.now = lambda: NOW


@pytest.mark.parametrize("seeds", [range(24), pytest.param(range(24, 1500), marks=MANY)])
def test_the_same_as_without(aws_s3: Terminal, s3: StandIn, seeds: range) -> None:
    """Random sides, command lines, cuts and losses."""
    for seed in seeds:
        case = Case(seed)
        (plain, wanted), (done, found), made = run_both(aws_s3, s3, case, seed)
        where = f"{seed}: {case.words}\n{plain.stderr}\n{done.stderr}"
        assert found == wanted, where
        if not made.losses:  # what is done once more finds other things than were there
            assert done.code == plain.code, where
            told = "Cluster ", "What was done"
            assert [each for each in lines(done.stderr, *told) if " listed, in " not in each] == lines(plain.stderr), (
                where
            )
            if {"--dryrun", "--json"} & set(case.flags):
                assert lines(done.stdout) == lines(plain.stdout), where


@pytest.mark.parametrize("seeds", [range(2000, 2012), pytest.param(range(2012, 3000), marks=MANY)])
def test_listings_of_folders(aws_s3: Terminal, s3: StandIn, seeds: range) -> None:
    """A server that goes through folders lists `a/b` before `a-b`: that is found out, or does no harm."""
    refused = 0
    for seed in seeds:
        case = Case(seed)
        s3.order = lambda key: tuple(key.split("/"))
        (_, wanted), (done, found), _ = run_both(aws_s3, s3, case, seed)
        told = "does not list in the order of the keys" in done.stderr
        if not told and not ("--quiet" in case.flags and done.code == 1):
            assert found == wanted, f"{seed}: {case.words}"
            continue
        refused += 1
        assert done.code == 1
        if case.command == "sync":  # what the source has is not taken for missing
            there = [case.name("dst", key) for key in case.ours if key in case.theirs]
            assert not [name for name in there if name not in found], f"{seed}: {case.words}"
    s3.order = StandIn().order
    assert refused


@pytest.mark.parametrize("role", [False, True])
@pytest.mark.parametrize("sent", [False, True])
def test_orders_hold_secrets_where_that_is_wanted_alone(
    aws_s3: Terminal, s3: StandIn, made: Made, role: bool, sent: bool
) -> None:
    s3.put("b", "full/a", b"hello")
    config = aws_s3.home / "config"
    config.write_text("[profile p]\nrole_arn=arn:aws:iam::123456789012:role/r\nsource_profile=default\n")
    secret = CREDENTIALS["AWS_SECRET_ACCESS_KEY"]
    (aws_s3.home / "keys").write_text(f"[default]\naws_access_key_id=AKID\naws_secret_access_key={secret}\n")
    env = {
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_CONFIG_FILE": str(config),
        "AWS_SHARED_CREDENTIALS_FILE": str(aws_s3.home / "keys"),
    }
    words = ["s3", "sync", "s3://b/full", "s3://b/t", "--cluster", "tcp://127.0.0.1:1"]
    words += ["--profile", "p"] if role else []
    aws_s3([*words, *(["--send-credentials"] if sent and not role else [])], env=env)
    text = json.dumps(made.orders)
    assert made.orders
    assert (secret in text) == (sent and not role)
    assert ("role/r" in text) == role
    if not role:
        assert s3.buckets["b"]["t/a"].body == b"hello"


def test_what_is_wrong_with_all_keys_is_told_once(aws_s3: Terminal, s3: StandIn, made: Made) -> None:
    for number in range(100):
        s3.put("b", f"{number:03}", b"1")
    done = aws_s3("s3 sync s3://b s3://nothing --cluster local:3")
    assert done.code == 1
    assert done.stderr.count("NoSuchBucket") == 1, done.stderr
    failed = sum(bool(each.get("fatal")) for each in made.answered)
    assert failed > 3
    assert f" {failed // 3} failed, of 0 listed, in " in done.stderr, done.stderr


@pytest.mark.parametrize("objects", [1, 2, 100])
def test_a_file_to_which_a_detour_leads_is_not_surplus_to_another_shard(
    aws_s3: Terminal, s3: StandIn, made: Made, objects: int
) -> None:
    keys = ("x//lead", "x/./dot", "x/../up", "x/plain", "y/./plain", "y/plain", "z")
    for key in keys:
        s3.put("b", key, key.encode())
    for side in ("plain", "shared"):
        for name in ("a", "x/old", "zz"):
            (aws_s3.home / side / name).parent.mkdir(parents=True, exist_ok=True)
            (aws_s3.home / side / name).write_text("surplus")
    wanted = aws_s3("s3 sync s3://b plain --delete")
    for _ in range(2):
        with in_this_process(made, objects=objects, listed=objects * 2):
            done = aws_s3("s3 sync s3://b shared --delete --cluster local:2")
        assert done.code == wanted.code, done.stderr
        there = [
            {str(each.relative_to(top)): each.read_text() for each in sorted(top.rglob("*")) if each.is_file()}
            for top in (aws_s3.home / "plain", aws_s3.home / "shared")
        ]
        assert there[0] == there[1]
        assert set(there[0]) >= {"x/lead", "x/dot", "up"}
