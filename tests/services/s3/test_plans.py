"""`s3 sync --plan` and `s3 apply`: what is written down is done later, elsewhere, in parts, or not at all."""

import io
import json
import os
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tracemalloc
from dataclasses import replace
from datetime import timedelta

import pytest

from awsmini.errors import ParamValidationError
from awsmini.model.load import DATA
from awsmini.services.s3 import applying, manifest, plans
from awsmini.services.s3.applying import shard_of
from awsmini.services.s3.job import job
from awsmini.services.s3.transfer_settings import TransferSettings
from awsmini.transfer.engine import Engine
from awsmini.transfer.listing_source import Times
from awsmini.transfer.local import Entry
from tests.services.s3.scenarios import big
from tests.services.s3.stand_in import NOW

OLD = NOW - timedelta(days=10)
HEADER = {
    "format": "awsmini-s3-plan",
    "version": 1,
    "command": ["s3", "sync", "d", "s3://b/x"],
    "source": "/src/",
    "destination": "s3://b/x/",
    "options": {},
}
UPLOAD = {
    "action": "upload",
    "source": "/src/k",
    "destination": "s3://b/x/k",
    "bytes": 3,
    "etag": None,
    "last_modified": "2024-06-01T12:00:00.000000Z",
}
DELETION = {**UPLOAD, "action": "delete", "source": "s3://b/x/old", "destination": None, "etag": "00"}
END = {"action": "end"}


def text_of(*records):
    return b"".join((each if isinstance(each, bytes) else json.dumps(each).encode()) + b"\n" for each in records)


def read(data):
    return list(plans.Reader(io.BytesIO(data), "P").actions())


def files(folder):
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def keys(s3, bucket="b"):
    return sorted(s3.buckets.get(bucket, {}))


def lines_of(aws, name="plan"):
    return [json.loads(line) for line in (aws.home / name).read_text().splitlines()]


# The text of a plan


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "1970-01-01T00:00:00.000000Z"),
        (1717243200.123456, "2024-06-01T12:00:00.123456Z"),
        (-0.000001, "1969-12-31T23:59:59.999999Z"),
        (-62_135_596_800.0, "0001-01-01T00:00:00.000000Z"),
        (253_402_300_799.0, "9999-12-31T23:59:59.000000Z"),
    ],
)
def test_times_go_there_and_back(seconds, text):
    assert plans.time_text(seconds) == text
    assert Times().seconds(text) == pytest.approx(seconds, abs=1e-6)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "line 1 is missing: the plan is empty"),
        (b"\x1f\x8b\x00\xff", "line 1 is not the first line of a plan"),
        (b"[" * 100_000, "line 1 is not the first line of a plan"),
        (text_of({"action": "upload"}), "line 1 is not the first line of a plan"),
        (text_of({**HEADER, "version": 2}), "line 1 is of version 2, and this awsmini knows version 1"),
        (text_of({**HEADER, "source": "src/"}), "line 1 has no source, or no destination"),
        (text_of({**HEADER, "source": "/src"}), "line 1 has no source, or no destination"),
        (text_of({**HEADER, "source": "/src/../etc/"}), "line 1 has no source, or no destination"),
        (text_of({**HEADER, "destination": "s3:///k/"}), "line 1 has no source, or no destination"),
        (text_of({**HEADER, "destination": 3}), "line 1 has no source, or no destination"),
        (text_of({**HEADER, "destination": "/dst/"}), "line 1 has sides or options that no plan has"),
        (text_of({**HEADER, "options": {"sse_c_key": "k"}}), "line 1 has sides or options that no plan has"),
        (text_of({**HEADER, "options": {"metadata": {"a": 1}}}), "line 1 has sides or options that no plan has"),
        (text_of({**HEADER, "options": None}), "line 1 has sides or options that no plan has"),
        (text_of(HEADER), "line 2 is missing: the plan is cut off"),
        (text_of(HEADER, UPLOAD), "line 3 is missing: the plan is cut off"),
        (text_of(HEADER, UPLOAD)[:-9], "line 2 is cut off"),
        (text_of(HEADER, UPLOAD, b"nonsense", END), "line 3 is no JSON object"),
        (text_of(HEADER, UPLOAD, b"\xff", END), "line 3 is no JSON object"),
        (text_of(HEADER, UPLOAD, b"", END), "line 3 is no JSON object"),
        (text_of(HEADER, [1], END), "line 2 is no JSON object"),
        (text_of(HEADER, UPLOAD, HEADER, UPLOAD, END), "line 3 is no action"),
        (text_of(HEADER, {**UPLOAD, "action": "download"}, END), "line 2 has no action of this plan: 'download'"),
        (text_of(HEADER, {**UPLOAD, "source": "/etc/k"}, END), "line 2 has a source that is not below /src/"),
        (text_of(HEADER, {**UPLOAD, "source": "/src/"}, END), "line 2 has a source that is not below /src/"),
        (
            text_of(HEADER, {**UPLOAD, "source": "/src/../k", "destination": "s3://b/x/../k"}, END),
            "line 2 has a source that is not below /src/",
        ),
        (text_of(HEADER, {**UPLOAD, "source": None}, END), "line 2 has a source that is not below /src/"),
        (
            text_of(HEADER, {**UPLOAD, "destination": "s3://b/x/l"}, END),
            "line 2 has a destination that does not belong",
        ),
        (text_of(HEADER, {**DELETION, "source": "s3://b/y/k"}, END), "line 2 has a source that is not below s3://b/x/"),
        (text_of(HEADER, {**DELETION, "destination": "s3://b/x/old"}, END), "line 2 has a destination that does not"),
        (text_of(HEADER, {**UPLOAD, "bytes": -1}, END), "line 2 lacks what is known of its source"),
        (text_of(HEADER, {**UPLOAD, "bytes": True}, END), "line 2 lacks what is known of its source"),
        (text_of(HEADER, {**UPLOAD, "bytes": 10**400}, END), "line 2 lacks what is known of its source"),
        (text_of(HEADER, {**UPLOAD, "etag": "x" * plans.LONGEST}, END), "line 2 is too long"),
        (text_of(HEADER, {**UPLOAD, "etag": 5}, END), "line 2 lacks what is known of its source"),
        (text_of(HEADER, {**UPLOAD, "last_modified": None}, END), "line 2 has no time in last_modified"),
        (text_of(HEADER, {**UPLOAD, "last_modified": "2024-13-01T00"}, END), "line 2 has no time in last_modified"),
        (
            text_of(HEADER, {**UPLOAD, "last_modified": "0000-01-01T00:00:00Z"}, END),
            "line 2 has no time in last_modified",
        ),
        (
            text_of(HEADER, {**UPLOAD, "last_modified": "2024-01-01T00:00:nanZ"}, END),
            "line 2 has no time in last_modified",
        ),
        (text_of(HEADER, {**UPLOAD, "last_modified": [1]}, END), "line 2 has no time in last_modified"),
        (text_of(HEADER, UPLOAD, END, UPLOAD), "line 4 follows the end"),
    ],
)
def test_what_is_no_plan(data, error):
    with pytest.raises(plans.PlanError) as found:
        read(data)
    assert str(found.value).startswith(f"P: {error}")


def test_a_line_may_be_taken_out_and_the_last_end_of_line_too():
    assert read(text_of(HEADER, END)) == []
    found = read(text_of(HEADER, UPLOAD, DELETION, END).rstrip(b"\n"))
    assert [(each.entry.key, each.entry.size, each.entry.etag, each.deletes) for each in found] == [
        ("k", 3, "", False),
        ("old", 3, "00", True),
    ]


class Lines:
    """A file whose lines are made when they are asked for."""

    def __init__(self, lines):
        self.lines = lines

    def readline(self, _size):
        return next(self.lines, b"")


def test_memory_is_flat():
    """Of many lines, which are written and read, in one of many shards: they would take 12 MB."""

    def lines():
        yield text_of(HEADER)
        for number in range(25_000):
            yield plans.action_line(
                "upload", f"/src/{number}", f"s3://b/x/{number}", Entry(str(number), 3, 1e9)
            ).encode()
        yield text_of(END)

    tracemalloc.start()
    try:
        count = sum(1 for _ in plans.shard(plans.Reader(Lines(lines()), "P").actions(), 1, 50))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 500
    assert peak < 1_000_000


# Shards


@pytest.mark.parametrize(
    ("text", "expected"),
    [(None, (0, 1)), ("0/1", (0, 1)), ("3/8", (3, 8)), ("00/2", (0, 2)), ("9/100000", (9, 100_000))],
)
def test_shards(text, expected):
    assert shard_of(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "1", "1/", "/2", "8/8", "9/8", "-1/8", "0/0", "a/b", "1/2/3", " 1/2", "1/2\n", "٣/٨", "0/100001", "1.0/2"],
)
def test_what_is_no_shard(aws_s3, text):
    with pytest.raises(ParamValidationError) as found:
        shard_of(text)
    assert str(found.value).startswith("--shard: ")
    assert aws_s3(["s3", "apply", "plan", f"--shard={text}"]).code == 252


@pytest.mark.parametrize("count", [1, 2, 3, 7, 100, 250])
def test_every_action_is_in_one_shard(count):
    sizes = [random.Random(number).choice([0, 5, 1000, 10**9]) for number in range(100)]
    actions = [plans.Action(Entry(f"{at}", size, 0.0), deletes=at % 9 == 0) for at, size in enumerate(sizes)]
    shards = [list(plans.shard(iter(actions), index, count)) for index in range(count)]
    assert sorted((each for shard in shards for each in shard), key=lambda each: int(each.entry.key)) == actions
    lengths = [len(shard) for shard in shards]
    assert max(lengths) - min(lengths) <= 1
    if count < 10:
        totals = [sum(each.entry.size for each in shard if not each.deletes) for shard in shards]
        assert max(totals) - min(totals) <= max(sizes)


def test_the_shards_of_a_plan_do_all_of_it(aws_s3, s3):
    for number in range(5):
        aws_s3.write(f"d/{number}", str(number))
    for number in range(4):
        s3.put("b", f"old{number}")
    assert aws_s3("s3 sync d s3://b --delete --plan plan").code == 0
    done = []
    for index in range(12):
        part = aws_s3(f"s3 apply plan --shard {index}/12 --no-progress")
        assert (part.code, part.stderr) == (0, "")
        assert len(part.stdout.splitlines()) == (1 if index < 9 else 0)
        done += part.stdout.splitlines()
    assert sorted(done) == sorted(
        [f"upload: d/{each} to s3://b/{each}" for each in range(5)] + [f"delete: s3://b/old{each}" for each in range(4)]
    )
    assert keys(s3) == ["0", "1", "2", "3", "4"]


# Plans


@pytest.fixture
def both(aws_s3, s3):
    """A folder and a bucket that differ in all ways."""

    def make():
        s3.reset()
        s3.bucket("b", "c")
        for folder in ("d", "new"):
            shutil.rmtree(aws_s3.home / folder, ignore_errors=True)
        for name, content in {
            "same": "1",
            "newer": "22",
            "only/here.html": "<html>",
            "big": big(9),
            "skip": "-",
        }.items():
            os.utime(aws_s3.write(f"d/{name}", content), (1_500_000_000, 1_500_000_000))
        os.utime(aws_s3.home / "d/newer", (NOW.timestamp() + 9.5, NOW.timestamp() + 9.5))
        for key, content in {"same": b"1", "newer": b"33", "there/only": b"444", "big": big(10), "a+ b": b"5"}.items():
            s3.put("b", f"x/{key}", content, modified=OLD, metadata={"own": "1"}, tags={"t": "1"})
        for key in ("same", "gone"):
            s3.put("c", f"y/{key}", b"1", modified=NOW)

    make()
    return make


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize(
    "words",
    [
        "d s3://b/x --delete --exclude skip --metadata k=v --acl private --storage-class STANDARD_IA",
        "d s3://b/x --size-only --preserve-times --no-guess-mime-type",
        "d s3://b/x --checksum --cache-control no-cache --delete --max-delete 5 --delete-after",
        "s3://b/x d --delete --exclude */o*",
        "s3://b/x new --preserve-times",
        "s3://b/x s3://c/y --delete",
        "s3://b/x s3://c/y --metadata n=w --sse aws:kms --copy-props metadata-directive",
        "s3://b/x s3://c/y --no-overwrite --copy-props none",
    ],
)
def test_a_plan_that_is_applied_is_the_sync(aws_s3, s3, both, words):
    def outcome(*commands):
        both()
        s3.log.clear()
        done = [aws_s3(command) for command in commands]
        assert [(each.code, each.stderr) for each in done[1:] or done] == [(0, "")] * len(done[1:] or done)
        changes = sorted(
            (each.line, sorted(item for item in each.headers.items() if item[0] not in CHANGING))
            for each in s3.log
            if each.method in ("PUT", "GET") and "list-type" not in each.query
        )
        return s3.snapshot(), files(aws_s3.home / "d"), sorted(done[-1].stdout.splitlines()), changes

    plain = outcome(f"s3 sync {words} --no-progress")
    new = files(aws_s3.home / "new") if "new" in words else None
    planned = outcome(f"s3 sync {words} --plan plan", "s3 apply plan --no-progress")
    assert len(plain[2]) > 1
    assert planned == plain
    if new is not None:
        assert files(aws_s3.home / "new") == new


# Headers that differ from run to run, or by the condition that the object is the planned one.
CHANGING = frozenset(
    (
        "x-amz-date",
        "authorization",
        "user-agent",
        "amz-sdk-invocation-id",
        "amz-sdk-request",
        "x-amz-copy-source-if-match",
        "if-match",
    )
)


def test_planning_transfers_nothing(aws_s3, s3, both):
    before = s3.snapshot(), files(aws_s3.home)
    for words in ("d s3://b/x", "s3://b/x d", "s3://b/x nowhere", "s3://b/x s3://c/y --metadata a=b"):
        s3.log.clear()
        done = aws_s3(f"s3 sync {words} --delete --plan -")
        assert (done.code, {each.method for each in s3.log}) == (0, {"GET"})
        assert done.stderr.startswith("Planned: ")
    assert (s3.snapshot(), files(aws_s3.home)) == before
    assert not (aws_s3.home / "nowhere").exists()


def test_what_a_plan_says(aws_s3, s3):
    os.utime(
        aws_s3.write("d/é\udcff".encode("utf-8", "surrogateescape").decode("latin-1"), "12"), (1_500_000_000, 1.5e9)
    )
    old = s3.put("b", "x/old", b"123", modified=OLD)
    done = aws_s3("s3 sync d s3://b/x --delete --acl private --plan plan --no-progress")
    assert (done.code, done.stdout, done.stderr) == (0, "", "Planned: 1 upload (2 Bytes), 1 deletion (3 Bytes).\n")
    header, upload, deletion, end = lines_of(aws_s3)
    root = f"{aws_s3.home}/d/"
    assert header == {
        "format": "awsmini-s3-plan",
        "version": 1,
        "command": ["s3", "sync", "d", "s3://b/x"],
        "source": root,
        "destination": "s3://b/x/",
        "options": {"acl": "private"},
    }
    assert deletion == {
        "action": "delete",
        "source": "s3://b/x/old",
        "destination": None,
        "bytes": 3,
        "etag": old.etag,
        "last_modified": "2024-05-22T12:00:00.000000Z",
    }
    name = upload["source"].removeprefix(root)
    assert upload == {
        "action": "upload",
        "source": root + name,
        "destination": f"s3://b/x/{name}",
        "bytes": 2,
        "etag": None,
        "last_modified": "2017-07-14T02:40:00.000000Z",
    }
    assert end == {"action": "end"}


def test_nothing_to_do_is_a_plan_too(aws_s3, s3):
    aws_s3.write("d/.keep", "")
    done = aws_s3("s3 sync s3://b d --plan plan")
    assert (done.code, done.stderr) == (0, "Planned: nothing, as there is nothing to do.\n")
    done = aws_s3("s3 apply plan")
    assert (done.code, done.stdout, done.stderr) == (0, "", "")


def test_the_plan_is_no_part_of_the_folder(aws_s3, s3):
    aws_s3.write("f", "1")
    s3.put("b", "plan", b"an old one")
    for _ in range(2):
        assert aws_s3("s3 sync . s3://b --delete --plan plan").code == 0
        assert [each["source"] for each in lines_of(aws_s3)[1:-1]] == [f"{aws_s3.home}/f"]
    s3.buckets["b"].clear()
    assert aws_s3("s3 sync s3://b . --delete --plan plan").code == 0
    assert [each["source"] for each in lines_of(aws_s3)[1:-1]] == [f"{aws_s3.home}/f"]


def test_a_plan_of_a_long_name_is_no_part_of_the_folder_either(aws_s3, s3):
    aws_s3.write("f", "1")
    name = "p" * 250
    assert aws_s3(f"s3 sync . s3://b --plan {name}").code == 0
    assert [each["source"] for each in lines_of(aws_s3, name)[1:-1]] == [f"{aws_s3.home}/f"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--plan plan --dryrun", "--plan and --dryrun exclude each other."),
        ("--plan plan --json", "--plan and --json exclude each other."),
        ("--plan plan --backup-dir kept", "--plan and --backup-dir exclude each other."),
        ("--plan ''", "--plan needs the name of a file, or `-` for stdout."),
        ("--plan-format ndjson", "--plan-format needs --plan."),
        ("--plan plan --max-delete 3", "--max-delete needs --delete."),
        ("--plan plan --plan-format csv", "argument --plan-format: Found invalid choice 'csv'"),
        ("--pla plan", "Unknown options: --pla"),
        ("--plan-for ndjson", "Unknown options: --plan-for"),
    ],
)
def test_what_goes_not_together(aws_s3, s3, words, message):
    aws_s3.write("d/f", "1")
    done = aws_s3(f"s3 sync d s3://b {words}")
    assert done.code == 252
    assert message in done.message
    assert os.listdir(aws_s3.home) == ["d"]


@pytest.mark.parametrize("old", [None, "what was there"])
def test_an_error_leaves_no_plan(aws_s3, s3, old):
    aws_s3.write("d/f", "1")
    if old is not None:
        aws_s3.write("plan", old)
    for number in range(3):
        s3.put("b", f"{number}")
    s3.fail("GET", "start-after|continuation-token", status=403, code="AccessDenied")
    for words in ("s3 sync d s3://b --delete --max-delete 2 --plan plan", "s3 sync d s3://b --page-size 2 --plan plan"):
        done = aws_s3(words)
        assert done.code == 1
        assert done.message.startswith("fatal error: ")
        assert sorted(os.listdir(aws_s3.home)) == (["d"] if old is None else ["d", "plan"])
        assert old is None or (aws_s3.home / "plan").read_text() == old


def test_where_no_plan_can_be_written(aws_s3, s3):
    aws_s3.write("d/f", "1")
    assert aws_s3("s3 sync d s3://b --plan no/plan").message == (
        "fatal error: --plan: no/plan cannot be written: No such file or directory"
    )
    assert aws_s3("s3 sync d s3://b --plan d").code == 1
    for number in (1, 100):  # at its end, and on the way
        for name in range(number):
            aws_s3.write(f"d/{name:0100}", "1")
        full = aws_s3("s3 sync d s3://b --plan /dev/full")
        assert (full.code, full.stderr) == (
            1,
            "fatal error: --plan: /dev/full cannot be written: No space left on device\n",
        )


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_an_interrupted_run_leaves_no_plan(aws_s3, s3, name):
    aws_s3.write("d/f", "1")
    fault = s3.fail("GET", "list-type", action="stall", seconds=30)
    process = subprocess.Popen(
        [sys.executable, "-m", "awsmini", *shlex.split("s3 sync d s3://b --plan plan")],
        cwd=aws_s3.home,
        env=aws_s3.env,
        stderr=subprocess.PIPE,
    )
    while not s3.log:
        process.poll()
        assert process.returncode is None
    assert any(each.startswith("plan.") for each in os.listdir(aws_s3.home))
    process.send_signal(getattr(signal, name))
    process.communicate(timeout=20)
    fault.times = 0
    assert process.returncode != 0
    assert os.listdir(aws_s3.home) == ["d"]


def test_warnings_and_failures_have_their_exit_codes(aws_s3, s3):
    aws_s3.write("d/f", "1")
    os.symlink("nowhere", aws_s3.home / "d/dangling")
    done = aws_s3("s3 sync d s3://b --plan plan")
    assert done.code == 2
    assert "dangling" in done.stderr
    assert len(lines_of(aws_s3)) == 3
    quiet = aws_s3("s3 sync d s3://b --plan plan --quiet")
    assert (quiet.code, quiet.stderr) == (2, "")
    errors = aws_s3("s3 sync d s3://b --plan plan --only-show-errors")
    assert (errors.code, "Planned" in errors.stderr, "dangling" in errors.stderr) == (2, False, True)
    s3.put("b", "a/b", b"1")
    s3.put("b", "a//b", b"2")
    done = aws_s3("s3 sync s3://b e --plan plan")
    assert done.code == 1
    assert done.stderr.startswith("download failed: s3://b/a//b to e/a/b The file is that of s3://b/a/b as well.\n")
    assert [each["source"] for each in lines_of(aws_s3)[1:-1]] == ["s3://b/a/b"]


# Application


def test_a_plan_holds_elsewhere(aws_s3, s3, tmp_path):
    aws_s3.write("d/f", "1")
    assert aws_s3("s3 sync d s3://b/x --plan plan").code == 0
    (tmp_path / "elsewhere").mkdir()
    there = replace(aws_s3, home=tmp_path / "elsewhere")
    done = there(f"s3 apply {aws_s3.home}/plan --no-progress")
    assert (done.code, done.stdout) == (0, "upload: ../work/d/f to s3://b/x/f\n")


def test_a_plan_may_come_from_stdin(aws_s3, s3):
    aws_s3.write("d/f", "1")
    plan = aws_s3("s3 sync d s3://b --plan -").stdout_bytes
    assert aws_s3("s3 apply - --no-progress", stdin=plan).stdout == "upload: d/f to s3://b/f\n"
    os.mkfifo(aws_s3.home / "pipe")
    with subprocess.Popen(["sh", "-c", "cat plan >pipe"], cwd=aws_s3.home) as writer:
        aws_s3.write("plan", plan)
        assert aws_s3("s3 apply pipe --no-progress").stdout in ("upload: d/f to s3://b/f\n", "")
        writer.kill()


def test_a_broken_plan_does_nothing(aws_s3, s3):
    aws_s3.write("d/a", "1")
    aws_s3.write("d/b", "1")
    assert aws_s3("s3 sync d s3://b --plan plan").code == 0
    whole = (aws_s3.home / "plan").read_bytes()
    aws_s3.write("plan", cut := whole.removesuffix(text_of(END).replace(b" ", b"")))
    s3.log.clear()
    done = aws_s3("s3 apply plan")
    assert (done.code, done.message, s3.log) == (1, "fatal error: plan: line 4 is missing: the plan is cut off.", [])
    streamed = aws_s3("s3 apply - --no-progress", stdin=cut)
    assert (streamed.code, streamed.stderr) == (1, "fatal error: stdin: line 4 is missing: the plan is cut off.\n")
    assert keys(s3) == ["a", "b"]
    assert aws_s3("s3 apply nothing").message == "fatal error: nothing cannot be read: No such file or directory"
    assert aws_s3("s3 apply d").message == "fatal error: d cannot be read: Is a directory"
    assert (aws_s3("s3 apply nothing --quiet").code, aws_s3("s3 apply nothing --quiet").stderr) == (1, "")


def test_files_that_changed_are_not_uploaded(aws_s3, s3):
    for name in ("a", "gone", "grown", "touched", "folder"):
        os.utime(aws_s3.write(f"d/{name}", "1"), (1_500_000_000, 1_500_000_000))
    assert aws_s3("s3 sync d s3://b --plan plan").code == 0
    (aws_s3.home / "d/gone").unlink()
    os.utime(aws_s3.write("d/grown", "22"), (1_500_000_000, 1_500_000_000))
    os.utime(aws_s3.home / "d/touched", ns=(0, 1_500_000_000_000_001_000))
    (aws_s3.home / "d/folder").unlink()
    (aws_s3.home / "d/folder").mkdir()
    done = aws_s3("s3 apply plan --no-progress")
    was = "The file is no longer the planned one: one of 1 bytes of 2017-07-14T02:40:00.000000Z was planned, there is one of"
    assert (done.code, done.stdout, done.stderr.splitlines()) == (
        1,
        "upload: d/a to s3://b/a\n",
        [
            "upload failed: d/folder to s3://b/folder The file is no longer the planned one: a file was planned, there is "
            "something else.",
            "upload failed: d/gone to s3://b/gone The file that was planned is no longer there.",
            f"upload failed: d/grown to s3://b/grown {was} 2 bytes of 2017-07-14T02:40:00.000000Z.",
            f"upload failed: d/touched to s3://b/touched {was} 1 bytes of 2017-07-14T02:40:00.000001Z.",
        ],
    )
    assert keys(s3) == ["a"]


@pytest.fixture(params=[True, False])
def by_loop(request, monkeypatch):
    """Whether the loop sends requests, or threads do, as behind a proxy."""
    if not request.param:
        monkeypatch.setattr(Engine, "_by_loop", lambda self, bucket: False)


@pytest.mark.usefixtures("by_loop")
@pytest.mark.parametrize("looks", [True, False])
@pytest.mark.parametrize("target", ["e", "s3://c"])
def test_objects_that_changed_are_not_transferred(aws_s3, s3, target, looks, monkeypatch):
    if not looks:
        monkeypatch.setattr(applying.Applying, "_has_to_look", lambda self, action: False)
    s3.bucket("c")
    for key, body in {"a": b"1", "gone": b"1", "other": b"1", "grown": b"1", "big": big(9)}.items():
        s3.put("b", key, body)
    assert aws_s3(f"s3 sync s3://b {target} --plan plan").code == 0
    del s3.buckets["b"]["gone"]
    s3.put("b", "other", b"2")
    s3.put("b", "grown", b"22")
    s3.put("b", "big", big(9)[::-1])
    done = aws_s3("s3 apply plan --no-progress")
    assert (done.code, len(done.stdout.splitlines())) == (1, 1), done.stdout
    failed = done.stderr.splitlines()
    assert len(failed) == 4
    for key in ("other", "grown", "big"):
        (line,) = [each for each in failed if f"failed: s3://b/{key} to " in each]
        assert "The object is no longer the planned one" in line
    there = os.listdir(aws_s3.home / "e") if target == "e" else keys(s3, "c")
    assert there == ["a"]


def test_objects_that_change_at_the_last_moment_are_not_copied(aws_s3, s3):
    """The condition of the request holds where a look came too early; with --no-overwrite too."""
    s3.bucket("c")
    s3.put("b", "k", b"1")
    for options in ("", " --no-overwrite"):
        s3.put("b", "k", b"1")
        assert aws_s3(f"s3 sync s3://b s3://c --plan plan{options}").code == 0
        s3.watch = lambda request, stage: (
            s3.put("b", "k", b"2") and None if (request.method, stage) == ("HEAD", "sent") else None
        )
        try:
            done = aws_s3("s3 apply plan --no-progress")
        finally:
            s3.watch = lambda request, stage: None
        assert (done.code, done.stdout) == (1, "")
        assert done.stderr == (
            "copy failed: s3://b/k to s3://c/k The object is no longer the planned one: its ETag is another.\n"
        )
        assert keys(s3, "c") == []
    assert aws_s3("s3 sync s3://b s3://c --no-overwrite --plan plan").code == 0
    s3.put("c", "k", b"own")
    done = aws_s3("s3 apply plan --no-progress")
    assert (done.code, done.stdout, done.stderr, s3.buckets["c"]["k"].body) == (0, "", "", b"own")


@pytest.mark.usefixtures("by_loop")
@pytest.mark.parametrize("looks", [True, False])
def test_objects_that_changed_are_not_deleted(aws_s3, s3, looks, monkeypatch):
    """Whether they are looked at before, as with servers that are not AWS's, or the request's condition is enough."""
    if not looks:
        monkeypatch.setattr(applying.Applying, "_has_to_look", lambda self, action: False)
    aws_s3.write("d/f", "1")
    for key in ("a", "other", "gone", "odd\x01"):
        s3.put("b", key, b"1")
    assert aws_s3("s3 sync d s3://b --delete --plan plan").code == 0
    s3.put("b", "other", b"2")
    del s3.buckets["b"]["gone"]
    s3.put("b", "odd\x01", b"2")
    s3.log.clear()
    done = aws_s3("s3 apply plan --no-progress")
    assert any(each.method == "HEAD" for each in s3.log) is looks
    assert (done.code, keys(s3)) == (1, ["f", "odd\x01", "other"])
    assert sorted(done.stdout.splitlines()) == ["delete: s3://b/a", "delete: s3://b/gone", "upload: d/f to s3://b/f"]
    assert sorted(line.partition(" The object ")[0] for line in done.stderr.splitlines()) == [
        "delete failed: s3://b/odd\x01",
        "delete failed: s3://b/other",
    ]
    again = aws_s3("s3 apply plan --no-progress")
    assert (again.code, keys(s3)) == (1, ["f", "odd\x01", "other"])


def test_objects_that_change_at_the_last_moment_are_not_deleted(aws_s3, s3):
    aws_s3.write("d/f", "1")
    s3.put("b", "old", b"1")
    assert aws_s3("s3 sync d s3://b --delete --plan plan").code == 0
    s3.watch = lambda request, stage: (
        s3.put("b", "old", b"2") and None if (request.method, stage) == ("HEAD", "sent") else None
    )
    try:
        done = aws_s3("s3 apply plan --no-progress")
    finally:
        s3.watch = lambda request, stage: None
    assert (done.code, keys(s3)) == (1, ["f", "old"])
    assert done.stderr == "delete failed: s3://b/old The object is no longer the planned one: its ETag is another.\n"


@pytest.mark.parametrize(
    ("etag", "headers", "same"),
    [
        ("e", {"content-length": "3", "etag": '"e"'}, True),
        ("e", {"content-length": "3", "etag": "e", "last-modified": "Mon, 01 Jan 2024 00:00:00 GMT"}, True),
        ("e", {"content-length": "3", "etag": '"f"'}, False),
        ("e", {"content-length": "4", "etag": '"e"'}, False),
        ("e", {"content-length": "3"}, False),
        ("e", {}, False),
        ("", {"content-length": "3", "etag": '"e"', "last-modified": "Sat, 01 Jun 2024 12:00:00 GMT"}, True),
        ("", {"content-length": "3", "last-modified": "Sat, 01 Jun 2024 12:00:01 GMT"}, False),
        ("", {"content-length": "3"}, False),
    ],
)
def test_whether_an_object_is_the_planned_one(etag, headers, same):
    """By its ETag, or where a listing told none, by its time."""
    entry = Entry("k", 3, NOW.timestamp() + 0.123, etag)
    assert (applying.changed_object(entry, headers) is None) is same


def test_names_that_are_no_text(aws_s3, s3):
    """A plan holds them; they fail as in a sync."""
    with open(os.fsencode(aws_s3.write("d/f", "1").parent) + b"/\xff", "wb"):
        pass
    assert aws_s3("s3 sync d s3://b --plan plan").code == 0
    planned = aws_s3("s3 apply plan --no-progress")
    s3.buckets["b"].clear()
    plain = aws_s3("s3 sync d s3://b --no-progress")
    assert (planned.code, planned.stdout, planned.stderr) == (plain.code, plain.stdout, plain.stderr)
    assert planned.code == 1


def test_in_a_bucket_that_is_not_there_nothing_is_gone(aws_s3, s3):
    aws_s3.write("d/.keep", "1")
    s3.put("b", "old", b"1")
    assert aws_s3("s3 sync d s3://b --delete --exclude .keep --plan plan").code == 0
    del s3.buckets["b"]
    done = aws_s3("s3 apply plan --no-progress")
    assert (done.code, done.stdout) == (1, "")
    assert done.stderr.startswith("fatal error: An error occurred (NoSuchBucket)")


def test_files_that_changed_are_not_deleted(aws_s3, s3, tmp_path):
    for name in ("a", "gone", "grown", "link/f"):
        aws_s3.write(f"d/{name}", "1")
    assert aws_s3("s3 sync s3://b d --delete --plan plan").code == 0
    (aws_s3.home / "d/gone").unlink()
    aws_s3.write("d/grown", "22")
    (aws_s3.home / "d/link").rename(tmp_path / "outside")
    os.symlink(tmp_path / "outside", aws_s3.home / "d/link")
    done = aws_s3("s3 apply plan --no-progress")
    assert (done.code, done.stdout) == (1, "delete: d/a\ndelete: d/gone\n")
    assert "delete failed: d/grown The file is no longer the planned one" in done.stderr
    assert "d/link/f. File lies outside" in done.stderr
    assert sorted(os.listdir(aws_s3.home / "d")) == ["grown", "link"]
    assert (tmp_path / "outside/f").exists()


def test_downloads_stay_in_their_folder(aws_s3, s3, tmp_path):
    s3.put("b", "f", b"1")
    s3.put("b", "l/f", b"1")
    assert aws_s3("s3 sync s3://b d --plan plan").code == 0
    lines = lines_of(aws_s3)
    lines.insert(1, {**lines[1], "source": "s3://b/../f", "destination": f"{aws_s3.home}/d/../f"})
    aws_s3.write("plan", text_of(*lines))
    (aws_s3.home / "d").mkdir()
    os.symlink(tmp_path, aws_s3.home / "d/l")
    done = aws_s3("s3 apply plan --no-progress")
    assert (done.code, done.stdout) == (2, "download: s3://b/f to d/f\n")
    assert not (aws_s3.home / "f").exists()
    assert not (tmp_path / "f").exists()


def test_the_same_plan_again(aws_s3, s3):
    aws_s3.write("d/f", "1")
    s3.put("b", "old")
    assert aws_s3("s3 sync d s3://b --delete --plan plan").code == 0
    first, second = (aws_s3("s3 apply plan --no-progress") for _ in range(2))
    assert first.code == second.code == 0
    assert sorted(first.stdout.splitlines()) == sorted(second.stdout.splitlines())
    assert keys(s3) == ["f"]


def test_how_it_is_told(aws_s3, s3):
    aws_s3.write("d/f", "12")
    s3.put("b", "old", b"1")
    assert aws_s3("s3 sync d s3://b --delete --plan plan").code == 0
    s3.log.clear()
    dry = aws_s3("s3 apply plan --dryrun")
    assert dry.stdout == "(dryrun) upload: d/f to s3://b/f\n(dryrun) delete: s3://b/old\n"
    assert s3.log == []
    told = [json.loads(line) for line in aws_s3("s3 apply plan --json").stdout.splitlines()]
    assert {(each["action"], each["source"], each["bytes"], each["error"]) for each in told} == {
        ("upload", "d/f", 2, None),
        ("delete", "s3://b/old", None, None),
    }
    aws_s3.write("d/f", "changed")
    told = aws_s3("s3 apply plan --json --only-show-errors")
    assert json.loads(told.stdout)["error"].startswith("The file is no longer the planned one")
    assert (aws_s3("s3 apply plan --quiet").stderr, aws_s3("s3 apply plan --quiet").code) == ("", 1)
    assert "Completed" in aws_s3("s3 apply plan").stdout


def test_keys_for_encryption_are_given_again(aws_s3, s3):
    key, other = "k" * 32, "o" * 32
    aws_s3.write("d/f", "1")
    assert aws_s3(f"s3 sync d s3://b --sse-c --sse-c-key {key} --plan plan").code == 0
    text = (aws_s3.home / "plan").read_text()
    assert key not in text
    assert lines_of(aws_s3)[0]["options"] == {"sse_c": "AES256"}
    lacking = aws_s3("s3 apply plan")
    assert (lacking.code, "--sse-c-key has to be given, as the plan was made with --sse-c." in lacking.message) == (
        252,
        True,
    )
    assert "--sse-c-copy-source-key is not needed." in aws_s3(
        f"s3 apply plan --sse-c-key {key} --sse-c-copy-source-key {other}"
    ).message  # fmt: skip
    aws_s3.write("key", key)
    assert aws_s3("s3 apply plan --sse-c-key fileb://key --no-progress").code == 0
    assert s3.log[-1].headers["x-amz-server-side-encryption-customer-algorithm"] == "AES256"


def test_deletions_that_wait_for_transfers(aws_s3, s3):
    aws_s3.write("d/z", "1")
    s3.put("b", "a")
    assert aws_s3("s3 sync d s3://b --delete --delete-after --plan plan").code == 0
    assert "--shard: this plan was made with --delete-after" in aws_s3("s3 apply plan --shard 0/2").message
    s3.fail("PUT", "/b/z", status=403, code="AccessDenied", times=1)
    failed = aws_s3("s3 apply plan --no-progress")
    assert (failed.code, keys(s3)) == (1, ["a"])
    assert "warning: Nothing is deleted, as not everything could be transferred." in failed.stderr
    assert aws_s3("s3 apply plan --no-progress --shard 0/1").code == 0
    assert keys(s3) == ["z"]


# Manifests


SETTINGS = TransferSettings()


def copied(source, target, **values):
    return job("sync", {"paths": [source, target], "plan": "m.csv", **values})


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("a/b.c-d_e~", "a/b.c-d_e~"),
        ("a b", "a%20b"),
        ('",\n+%', "%22%2C%0A%2B%25"),
        ("é", "%C3%A9"),
        ("x=1&y", "x%3D1%26y"),
    ],
)
def test_rows(key, expected):
    assert manifest.row("b", key) == f"b,{expected}\n"


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("s3://b", "s3://c", ""),
        ("s3://b", "s3://c/2024/x", "2024/x"),
        ("s3://b/d", "s3://c/d", ""),
        ("s3://b/d/e", "s3://c/old/d/e/", "old"),
        ("s3://b/d", "s3://c/xd", None),
        ("s3://b/d", "s3://c", None),
        ("s3://b/d", "s3://c/e", None),
    ],
)
def test_prefixes_of_a_copy_job(source, target, expected):
    if expected is None:
        with pytest.raises(ParamValidationError, match="The destination has to end in the prefix of the source"):
            manifest.Manifest(copied(source, target))
    else:
        assert manifest.target_prefix(copied(source, target)) == expected


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("d s3://b", "is for syncs from bucket to bucket"),
        ("s3://b d", "is for syncs from bucket to bucket"),
        ("s3://b s3://c --delete", "cannot do what --delete asks for"),
        ("s3://b s3://c --metadata a=b", "cannot do what --metadata asks for"),
        ("s3://b s3://c --no-overwrite", "cannot do what --no-overwrite asks for"),
        (f"s3://b s3://c --sse-c --sse-c-key {'k' * 32}", "cannot do what --sse-c asks for"),
        ("s3://b s3://c --sse", "cannot do what --sse without a key"),
        ("s3://b s3://c --copy-props none", "cannot do what --copy-props none asks for"),
        ("s3://b s3://c --metadata-directive REPLACE", "cannot do what --metadata-directive REPLACE asks for"),
        ("s3://b s3://c --storage-class REDUCED_REDUNDANCY", "cannot do what --storage-class REDUCED_REDUNDANCY"),
        (
            "s3://arn:aws:s3:us-east-1:123456789012:accesspoint/a s3://c",
            "no arn:aws:s3:us-east-1:123456789012:accesspoint/a",
        ),
    ],
)
def test_what_a_copy_job_cannot_do(aws_s3, s3, words, message):
    aws_s3.write("d/f", "1")
    done = aws_s3(f"s3 sync {words} --plan m.csv --plan-format s3-batch")
    assert done.code == 252
    assert message in done.message
    assert not (aws_s3.home / "m.csv").exists()


def test_a_manifest_and_the_commands_that_start_its_job(aws_s3, s3):
    """Both commands run as they are printed, with names put in for the placeholders."""
    s3.bucket("c", "m")
    for key in ("d/a b", "d/c,d", "d/same"):
        s3.put("b", key, b"123")
    s3.put("c", "new/d/same", b"123")
    words = (
        "s3 sync s3://b/d s3://c/new/d --plan out/m.csv --plan-format s3-batch --storage-class STANDARD_IA --acl private "
        "--checksum-algorithm SHA256 --request-payer --sse aws:kms --sse-kms-key-id arn:aws:kms:eu-west-1:1:key/k"
    )
    assert aws_s3(words).code == 1  # there is no such folder
    (aws_s3.home / "out").mkdir()
    done = aws_s3(words)
    assert (done.code, done.stdout) == (0, "")
    assert (aws_s3.home / "out/m.csv").read_text() == "b,d/a%20b\nb,d/c%2Cd\n"
    first, about, upload, create = done.stderr.splitlines()
    assert first == "Planned: 2 copies (6 Bytes)."
    assert "ACCOUNT, ROLE and MANIFEST-BUCKET" in about
    for placeholder, name in (("ACCOUNT", "123456789012"), ("ROLE", "batch"), ("MANIFEST-BUCKET", "m")):
        upload, create = upload.replace(placeholder, name), create.replace(placeholder, name)
    assert aws_s3(upload.split("awsmini ")[1]).code == 0
    request = aws_s3(create.split("awsmini ")[1] + " --print-request http")
    assert request.code == 0
    body = request.stdout
    for text in (
        "<S3PutObjectCopy><TargetResource>arn:aws:s3:::c</TargetResource>",
        "<CannedAccessControlList>private</CannedAccessControlList>",
        "<AnnotationDirective>EXCLUDE</AnnotationDirective>",
        "<RequesterPays>true</RequesterPays>",
        "<StorageClass>STANDARD_IA</StorageClass>",
        "<SSEAwsKmsKeyId>arn:aws:kms:eu-west-1:1:key/k</SSEAwsKmsKeyId>",
        "<TargetKeyPrefix>new</TargetKeyPrefix>",
        "<ChecksumAlgorithm>SHA256</ChecksumAlgorithm>",
        "<Format>S3BatchOperations_CSV_20180820</Format><Fields><member>Bucket</member><member>Key</member></Fields>",
        f"<ObjectArn>arn:aws:s3:::m/m.csv</ObjectArn><ETag>{s3.buckets['m']['m.csv'].etag}</ETag>",
        "<RoleArn>arn:aws:iam::123456789012:role/batch</RoleArn>",
        "<ConfirmationRequired>false</ConfirmationRequired>",
    ):
        assert text in body


def test_the_example_of_the_topic_is_what_is_printed(aws_s3):
    """And it can be sent."""
    (example,) = re.findall(
        r"^awsmini (s3control (?:.*\\\n)*.*)", (DATA / "topics/s3-plans.md").read_text(), re.MULTILINE
    )
    _, made = manifest.Manifest(copied("s3://a/logs", "s3://b/old/logs")).commands("us-east-1", "ETAG")
    assert shlex.split(example.replace("\\\n", "")) == made[1:]
    assert aws_s3(example.replace("\\\n", "").replace("ACCOUNT", "123456789012") + " --print-request json").code == 0


@pytest.mark.parametrize("chunk", [5 << 20, 6 << 20])
@pytest.mark.parametrize("size", [0, 1, 6 << 20, (8 << 20) - 1, 8 << 20, (12 << 20) + 5])
def test_etags_are_those_of_the_upload(aws_s3, s3, size, chunk):
    content = big(13)[:size]
    sums = manifest.Sums(SETTINGS._replace(multipart_chunksize=chunk))
    for at in range(0, size, 1_000_003):
        sums.add(content[at : at + 1_000_003])
    aws_s3.write("f", content)
    aws_s3.write(".aws/config", f"[default]\ns3 =\n  multipart_chunksize = {chunk}\n")
    config = {"AWS_CONFIG_FILE": str(aws_s3.home / ".aws/config")}
    assert aws_s3("s3 cp f s3://b/f --no-progress", env=config).code == 0
    assert sums.etag() == s3.buckets["b"]["f"].etag


def test_objects_too_large_for_a_copy_job_are_left_out(aws_s3, s3, monkeypatch):
    monkeypatch.setattr(manifest, "LARGEST", 3)
    s3.bucket("c")
    s3.put("b", "x", b"123")
    s3.put("b", "y", b"1234")
    done = aws_s3("s3 sync s3://b s3://c --plan - --plan-format s3-batch")
    assert (done.code, done.stdout) == (2, "b,x\n")
    assert done.stderr.startswith(
        "warning: Skipping file s3://b/y. A job of S3 Batch Operations copies no objects over 5 GB.\n"
    )
    assert "Planned: 1 copy (3 Bytes)." in done.stderr


def test_an_empty_manifest_starts_no_job(aws_s3, s3):
    s3.bucket("c")
    done = aws_s3("s3 sync s3://b s3://c --plan m --plan-format s3-batch")
    assert (done.code, done.stderr) == (0, "Planned: nothing, as there is nothing to do.\n")


@pytest.mark.parametrize(("region", "partition"), [("cn-north-1", "aws-cn"), ("eu-west-1", "aws")])
def test_arns_are_of_the_partition(region, partition):
    made = manifest.Manifest(copied("s3://b", "s3://c"))
    _, create = made.commands(region, "e")
    assert f'"arn:{partition}:s3:::c"' in create[create.index("--operation") + 1]


def test_a_manifest_on_stdout_has_a_name_in_the_commands():
    made = manifest.Manifest(copied("s3://b", "s3://c", plan="-"))
    assert made.commands("r", "e")[0] == ["awsmini", "s3", "cp", "manifest.csv", "s3://MANIFEST-BUCKET/manifest.csv"]
