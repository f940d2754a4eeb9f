"""`s3 apply --cluster`: what workers do of a plan is what one machine does of it."""

import io
import json
import os
import random
import shutil
import tempfile
import tracemalloc
from multiprocessing.util import get_temp_dir

import pytest

from awsmini.services.s3 import clustered_plan, plans
from tests.services.s3.made_cluster import Made, in_this_process
from tests.services.s3.scenarios import big
from tests.services.s3.stand_in import NOW
from tests.services.s3.test_plans import END, HEADER, UPLOAD, files, keys, lines_of, text_of

KEY = "k" * 32


@pytest.fixture
def made(monkeypatch):
    """A cluster that is this process; two actions are enough for a shard."""
    monkeypatch.setattr(clustered_plan, "ACTIONS", 2)
    with in_this_process(Made(random.Random(3))) as cluster:
        yield cluster


def shards(made):
    return [order["given"] for order in made.orders if order["given"]["do"] == "apply"]


def prepared(aws_s3, s3):
    """A folder, and two buckets, that differ in many ways."""
    s3.reset()
    s3.bucket("b", "c")
    shutil.rmtree(aws_s3.home / "d", ignore_errors=True)
    for name, content in {"é": "1", "newer": "22", "only/here.html": "<html>", "big": big(9), "k": "-"}.items():
        os.utime(aws_s3.write(f"d/{name}", content), (1_500_000_000, 1_500_000_000))
    for key, content in {"newer": b"3", "there/only": b"444", "big": big(10), "a+ b": b"5", "m/n": b"6"}.items():
        s3.put("b", f"x/{key}", content, modified=NOW, metadata={"own": "1"}, tags={"t": "1"})
    for key in ("same", "gone", "also gone"):
        s3.put("c", f"y/{key}", b"1", modified=NOW)


def changed(aws_s3, s3):
    """What happens between plan and apply."""
    os.utime(aws_s3.write("d/newer", "other"), (1_600_000_000, 1_600_000_000))
    s3.put("b", "x/a+ b", b"another")
    s3.put("c", "y/also gone", b"back again")
    del s3.buckets["b"]["x/m/n"]
    s3.fail("*", "/b/x/big", status=403, code="AccessDenied")


def records(done):
    """What was printed, in no order, and without what differs from run to run."""
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return sorted(({**each, "seconds": None} for each in lines), key=lambda each: json.dumps(each))


def errors(done):
    return sorted(line for line in done.stderr.splitlines() if not line.startswith(("Cluster ", "What was done")))


@pytest.mark.parametrize("happens", [lambda *_: None, changed], ids=["unchanged", "changed"])
@pytest.mark.parametrize(
    "words",
    [
        "d s3://b/x --delete --metadata k=v --acl private",
        "d s3://b/x --delete --delete-after",
        "s3://b/x d --delete --preserve-times",
        "s3://b/x s3://c/y --delete --copy-props metadata-directive",
    ],
)
def test_apply_is_that_of_one_machine(aws_s3, s3, made, words, happens):
    def outcome(command):
        prepared(aws_s3, s3)
        assert aws_s3(f"s3 sync {words} --plan plan").code == 0
        happens(aws_s3, s3)
        dry = aws_s3(f"{command} --dryrun")
        done = aws_s3(f"{command} --json")
        assert "Traceback" not in done.stderr
        return dry.code, sorted(dry.stdout.splitlines()), done, s3.snapshot(), files(aws_s3.home / "d")

    plain = outcome("s3 apply plan")
    found = outcome("s3 apply plan --cluster local:3")
    assert len(shards(made)) > 4
    assert (found[0], found[1]) == (plain[0], plain[1])
    assert records(found[2]) == records(plain[2])
    assert len(plain[1]) > 3
    assert [line for line in errors(found[2]) if " planned, in " not in line] == errors(plain[2])
    assert found[2].code == plain[2].code == (1 if happens is changed else 0)
    assert found[3:] == plain[3:]
    assert s3.open_uploads() == []


def test_what_is_said(aws_s3, s3, made):
    for name in ("a", "b", "c"):
        aws_s3.write(f"d/{name}", "12")
    s3.put("b", "old", b"1")
    assert aws_s3("s3 sync d s3://b --delete --plan plan").code == 0
    aws_s3.write("d/b", "changed")
    done = aws_s3("s3 apply plan --cluster local:3")
    assert (done.code, done.stdout) == (1, "")
    greeting, failure, report, kept = done.stderr.splitlines()
    assert greeting == "Cluster local:3: 3 workers, 3 threads"
    assert failure.startswith("upload failed: d/b to s3://b/b The file is no longer the planned one: ")
    assert report.startswith("2 transferred (4 Bytes), 1 deleted, 1 failed, of 4 planned, in ")
    assert kept.startswith("What was done is kept. To go on: the same command with --journal ")
    assert [each["actions"] for each in shards(made)] == [2, 2]
    quiet = aws_s3("s3 apply plan --cluster local:3 --quiet")
    assert (quiet.code, quiet.stdout, quiet.stderr) == (1, "", "")


def test_how_a_plan_is_cut(monkeypatch):
    def cut(*sizes, **options):
        lines = [{**UPLOAD, "bytes": size} for size in sizes]
        text = text_of({**HEADER, "options": options}, *lines, END)
        file = io.BytesIO(text)
        sheet = clustered_plan.cut(file, "P")
        for each in sheet.shards:
            part = text[each["at"] : each["at"] + each["size"]]
            assert part.count(b"\n") == each["actions"]
            assert text.splitlines(keepends=True)[each["line"] - 1] == part.splitlines(keepends=True)[0]
        assert sheet.header.encode() == text.splitlines(keepends=True)[0]
        return [each["actions"] for each in sheet.shards]

    assert cut() == []
    assert cut(1) == [1]
    assert cut(*[1] * 4_001) == [2_000, 2_000, 1]
    assert cut(*[100 << 20] * 7) == [3, 3, 1]
    assert cut(1 << 40, 1, 1) == [1, 2]
    monkeypatch.setattr(clustered_plan, "TEXT", 900)
    assert cut(*[1] * 9) == [7, 2]
    monkeypatch.setattr(clustered_plan, "MOST", 1)
    assert cut(*[1] * 9) == [9]


def test_memory_is_flat(monkeypatch):
    """Of a plan, of which one shard at a time is in memory: the lines would take more."""

    class Endless(io.RawIOBase):
        def __init__(self):
            self.lines = 0

        def seek(self, at, how=0):
            self.lines = 0
            return at

        def readline(self, size=-1):
            self.lines += 1
            if self.lines == 1:
                return text_of(HEADER)
            if self.lines > 8_000:
                return text_of(END) if self.lines == 8_001 else b""
            return text_of({**UPLOAD, "source": f"/src/{self.lines}", "destination": f"s3://b/x/{self.lines}"})

    monkeypatch.setattr(clustered_plan, "ACTIONS", 400)
    tracemalloc.start()
    sheet = clustered_plan.cut(Endless(), "P")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(sheet.shards) == 20
    assert peak < 200_000  # the lines have 1.6 MB


def test_deletions_wait_for_all_transfers(aws_s3, s3, made):
    for name in range(4):
        aws_s3.write(f"d/{name}", "1")
    for name in range(3):
        s3.put("b", f"old{name}")
    assert aws_s3("s3 sync d s3://b --delete --delete-after --plan plan").code == 0
    lines = lines_of(aws_s3)
    lines[-2], lines[4] = lines[4], lines[-2]  # a transfer behind deletions goes with them
    aws_s3.write("plan", text_of(*lines))
    s3.fail("PUT", "/b/1", status=403, code="AccessDenied", times=1)
    failed = aws_s3("s3 apply plan --cluster local:3 --journal j")
    assert (failed.code, keys(s3)) == (1, ["0", "2", "old0", "old1", "old2"])
    assert "warning: Nothing is deleted, as not everything could be transferred." in failed.stderr
    s3.log.clear()
    done = aws_s3("s3 apply plan --cluster local:3 --journal j")
    assert (done.code, keys(s3)) == (0, ["0", "1", "2", "3"])
    methods = [each.method for each in s3.log if each.method in ("PUT", "POST", "DELETE")]
    assert methods[:2] == ["PUT", "PUT"]  # the shard of the one that failed, and then the rest
    assert "of 7 planned" in done.stderr


def test_a_run_goes_on_with_its_journal(aws_s3, s3, made):
    for name in range(20):
        aws_s3.write(f"d/{name}", "1")
    assert aws_s3("s3 sync d s3://b --plan plan").code == 0

    def stop(order):
        if len(made.answered) == 4:
            raise KeyboardInterrupt

    made.before = stop
    cancelled = aws_s3("s3 apply plan --cluster local:3 --journal j")
    assert (cancelled.code, len(s3.buckets["b"])) == (1, 8)
    assert "cancelled: ctrl-c received" in cancelled.stderr
    made.before = lambda order: None
    done = aws_s3("s3 apply plan --cluster local:3 --journal j")
    assert (done.code, len(s3.buckets["b"])) == (0, 20)
    assert "20 transferred (20 Bytes), 0 deleted, 0 failed, of 20 planned" in done.stderr
    assert len([each for each in s3.log if each.method == "PUT"]) == 20
    aws_s3.write("plan", text_of(*lines_of(aws_s3)[:-2], END))
    another = aws_s3("s3 apply plan --cluster local:3 --journal j")
    assert (another.code, "--journal: j is another command's" in another.message) == (255, True)


def test_what_is_lost_is_done_again(aws_s3, s3, made):
    for name in range(20):
        aws_s3.write(f"d/{name}", "1")
    s3.put("b", "old")
    assert aws_s3("s3 sync d s3://b --delete --plan plan").code == 0
    made.losses = 0.4
    done = aws_s3("s3 apply plan --cluster local:3")
    assert (done.code, len(keys(s3))) == (0, 20)
    assert len(shards(made)) > 15
    assert "20 transferred (20 Bytes), 1 deleted, 0 failed, of 21 planned" in done.stderr


def test_a_plan_may_come_from_stdin(aws_s3, s3, made):
    for name in range(5):
        aws_s3.write(f"d/{name}", "1")
    plan = aws_s3("s3 sync d s3://b --plan -").stdout
    done = aws_s3("s3 apply - --cluster local:3", stdin=plan)
    assert (done.code, len(keys(s3)), len(shards(made))) == (0, 5, 3)
    broken = aws_s3("s3 apply - --cluster local:3", stdin=plan[:-30])
    assert (broken.code, broken.message) == (1, "fatal error: stdin: line 6 is cut off.")


def test_a_plan_that_is_cut_off_meanwhile(aws_s3, s3, made):
    for name in range(30):
        aws_s3.write(f"d/{name:02}", "1")
    assert aws_s3("s3 sync d s3://b --plan plan").code == 0
    made.before = lambda order: os.truncate(aws_s3.home / "plan", 700)
    done = aws_s3("s3 apply plan --cluster local:1")
    assert done.code == 1
    assert "fatal error: The plan has been cut off since it was read." in done.stderr


def test_what_ends_a_shard(aws_s3, s3, made):
    """Tried anew elsewhere; if that does not help, it is told, with the lines of it."""
    aws_s3.write("d/.keep", "1")
    for name in range(3):
        s3.put("b", f"old{name}")
    assert aws_s3("s3 sync d s3://b --delete --exclude .keep --plan plan").code == 0
    del s3.buckets["b"]
    done = aws_s3("s3 apply plan --cluster local:1")
    assert (done.code, done.stdout) == (1, "")
    assert "\nfatal error: An error occurred (NoSuchBucket)" in done.stderr
    assert len([each for each in shards(made) if each["lines"] == shards(made)[0]["lines"]]) == 3
    s3.bucket("b")
    s3.put("b", "old0")
    s3.put("b", "old1")
    s3.fail("GET", "/b", status=403, code="AccessDenied")
    again = aws_s3("s3 apply plan --cluster local:1")
    assert (again.code, keys(s3)) == (1, [])
    assert "\nfatal error: line 4 of the plan: An error occurred (AccessDenied) when calling" in again.stderr
    assert "\n0 transferred (0 Bytes), 2 deleted, 1 failed, of 2 planned, in" in again.stderr


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("--cluster local:2 --shard 0/2", "--shard and --cluster exclude each other"),
        ("--cluster tcp://h:1", "/d/ lies on this machine. --shared-paths says that every worker sees it"),
        ("--cluster nowhere", "--cluster: nowhere is neither"),
        ("--shared-paths", "--shared-paths needs --cluster."),
        (f"--cluster local:2 --sse-c-key {KEY}", "--sse-c-key is not needed."),
    ],
)
def test_what_it_cannot_do(aws_s3, s3, made, words, error):
    aws_s3.write("d/f", "1")
    assert aws_s3("s3 sync d s3://b --plan plan").code == 0
    done = aws_s3(f"s3 apply plan {words}")
    assert done.code == 252
    assert error in done.message
    assert (made.orders, keys(s3)) == ([], [])


def test_keys_for_encryption(aws_s3, s3, made):
    """They go to other machines only where that is allowed, and into no journal."""
    aws_s3.write("d/f", "1")
    assert aws_s3(f"s3 sync d s3://b --sse-c --sse-c-key {KEY} --plan plan").code == 0
    refused = aws_s3(f"s3 apply plan --sse-c-key {KEY} --cluster tcp://h:1 --shared-paths")
    assert (refused.code, "--send-credentials allows that" in refused.message) == (252, True)
    for words in ("local:1", "tcp://h:1 --shared-paths --send-credentials"):
        s3.log.clear()
        done = aws_s3(f"s3 apply plan --sse-c-key {KEY} --cluster {words} --journal j-{words[:3]}")
        assert done.code == 0, done.stderr
        assert s3.log[-1].headers["x-amz-server-side-encryption-customer-algorithm"] == "AES256"
    assert KEY.encode() not in b"".join(path.read_bytes() for path in aws_s3.home.glob("j-*"))


def test_real_workers(aws_s3, s3, monkeypatch, tmp_path):
    """A plan and a sum, by two processes. Nothing is left of them."""
    monkeypatch.setattr(clustered_plan, "ACTIONS", 3)
    get_temp_dir()  # of this process, for as long as it lives
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in range(10):
        aws_s3.write(f"d/{name % 3}/{name}", "1" * name)
    assert aws_s3("s3 sync d s3://b --plan plan").code == 0
    done = aws_s3("s3 apply plan --cluster local:2 --json")
    assert (done.code, len(done.stdout.splitlines()), len(keys(s3))) == (0, 10, 10)
    assert "10 transferred (45 Bytes), 0 deleted, 0 failed, of 10 planned" in done.stderr
    plain = aws_s3("s3 du s3://b --versions")
    summed = aws_s3("s3 du s3://b --versions --cluster local:2")
    assert (summed.code, summed.stdout) == (0, plain.stdout)
    assert len(plain.stdout.splitlines()) == 4
    assert plans.FORMAT in (aws_s3.home / "plan").read_text()
    assert not [*tmp_path.glob("*dask*"), *tmp_path.glob("awsmini-*")]
