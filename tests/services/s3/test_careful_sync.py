"""The options of `sync` that AWS CLI v2 does not have: with deletions, with what is written over, with what is equal."""

import hashlib
import os
from datetime import timedelta

import pytest

from awsmini.services.s3.backups import keep_file
from awsmini.services.s3.content import _etag, _md5_of, _same_objects
from awsmini.transfer import file_times
from tests.services.s3.scenarios import big
from tests.services.s3.stand_in import NOW, seaweed_order

OLD = NOW - timedelta(days=10)


def keys(s3, bucket="b"):
    return sorted(s3.buckets.get(bucket, {}))


def bodies(s3, bucket="b"):
    return {key: stored.body.decode() for key, stored in sorted(s3.buckets.get(bucket, {}).items())}


def files(folder):
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def aged(aws, name, content, seconds):
    path = aws.write(name, content)
    os.utime(path, (seconds, seconds))
    return path


# --max-delete and --delete-after


@pytest.fixture
def stale(aws_s3, s3):
    """A folder with one new file, and a bucket with three objects that it lacks."""
    aws_s3.write("d/new", "x")
    for name in ("one", "three", "two"):
        s3.put("b", name, b"x")


@pytest.mark.usefixtures("stale")
@pytest.mark.parametrize("dryrun", ["", " --dryrun"])
@pytest.mark.parametrize("allowed", [0, 2])
def test_too_many_deletions_delete_nothing(aws_s3, s3, allowed, dryrun):
    done = aws_s3(f"s3 sync d s3://b --delete --max-delete {allowed}{dryrun}")
    assert done.code == 1
    assert done.stderr == (
        f"fatal error: --max-delete: 3 deletions are due, {allowed} are allowed. Nothing is deleted.\n"
    )
    assert keys(s3) == sorted(["one", "three", "two", *([] if dryrun else ["new"])])
    assert "delete: " not in done.stdout


@pytest.mark.usefixtures("stale")
@pytest.mark.parametrize("allowed", [3, 100])
def test_as_many_deletions_as_are_allowed(aws_s3, s3, allowed):
    done = aws_s3(f"s3 sync d s3://b --delete --max-delete {allowed} --no-progress")
    assert (done.code, done.stderr, keys(s3)) == (0, "", ["new"])
    assert done.stdout.splitlines()[0] == "upload: d/new to s3://b/new"
    assert len(done.stdout.splitlines()) == 4


def test_too_many_deletions_of_files(aws_s3, s3):
    for name in ("a", "b", "c"):
        aws_s3.write(f"d/{name}", "x")
    done = aws_s3("s3 sync s3://b d --delete --max-delete 2")
    assert done.code == 1
    assert set(files(aws_s3.home / "d")) == {"a", "b", "c"}
    assert aws_s3("s3 sync s3://b d --delete --max-delete 3").code == 0
    assert files(aws_s3.home / "d") == {}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--delete --max-delete x", "--max-delete: 'x' is no number of deletions. It is 0 or more."),
        ("--delete --max-delete -1", "--max-delete"),
        ("--delete --max-delete 1.5", "--max-delete: '1.5'"),
        ("--max-delete 1", "--max-delete needs --delete."),
        ("--delete-after", "--delete-after needs --delete."),
        ("--checksum --size-only", "--checksum and --size-only exclude each other."),
        ("--checksum --exact-timestamps", "--checksum and --exact-timestamps exclude each other."),
        ("--backup-dir s3://b/old", "--backup-dir: s3://b/old lies within the destination."),
        ("--backup-dir d/old", "--backup-dir: d/old lies within the source."),
        ("--backup-dir s3://", "--backup-dir: 's3://' is neither a folder nor s3://bucket/prefix."),
        (["--backup-dir", ""], "--backup-dir: '' is neither a folder nor s3://bucket/prefix."),
    ],
)
def test_options_that_do_not_go_together(aws_s3, s3, options, told):
    aws_s3.write("d/f", "x")
    done = aws_s3(["s3", "sync", "d", "s3://b", *(options.split() if isinstance(options, str) else options)])
    assert done.code == 252
    assert told in done.stderr
    assert not s3.log


@pytest.mark.usefixtures("stale")
def test_deletions_come_after_all_transfers(aws_s3, s3):
    done = aws_s3("s3 sync d s3://b --delete --delete-after --no-progress")
    assert done.code == 0
    assert [request.method for request in s3.log if request.method != "GET"] == ["PUT", "POST"]
    assert keys(s3) == ["new"]


@pytest.mark.usefixtures("stale")
def test_nothing_is_deleted_after_a_transfer_that_failed(aws_s3, s3):
    s3.fail("PUT", "/b/new", status=403, code="AccessDenied")
    done = aws_s3("s3 sync d s3://b --delete --delete-after --no-progress")
    assert done.code == 1
    assert keys(s3) == ["one", "three", "two"]
    assert done.stderr.splitlines()[-1] == "warning: Nothing is deleted, as not everything could be transferred."


def test_nothing_is_deleted_where_a_listing_breaks_off(aws_s3, s3):
    aws_s3.write("d/kept", "x")
    s3.fail("GET", "list-type", status=403, code="AccessDenied")
    done = aws_s3("s3 sync s3://b d --delete --max-delete 5")
    assert done.code == 1
    assert done.stderr.startswith("fatal error: ")
    assert files(aws_s3.home / "d") == {"kept": "x"}


@pytest.mark.parametrize(
    "options", ["--max-delete 9", "--delete-after", "--checksum", "--preserve-times", "--backup-dir k"]
)
def test_what_nobody_knows_to_be_missing_is_kept(aws_s3, s3, options):
    """What the source has and cannot be read, and the file of a key that leads to it by a detour."""
    aws_s3.write("d/f", "x")
    (aws_s3.home / "d/link").symlink_to("nowhere")
    for key in ("link", "link/x", "other"):
        s3.put("b", key, b"x")
    done = aws_s3(f"s3 sync d s3://b --delete {options} --no-progress")
    assert (done.code, keys(s3)) == (2, ["f", "link", "link/x"])
    s3.put("c", "a//b", b"x")
    aws_s3.write("e/a/b", "x")
    aws_s3.write("e/other", "x")
    done = aws_s3(f"s3 sync s3://c e --delete {options} --no-progress")
    assert (done.code, sorted(files(aws_s3.home / "e"))) == (0, ["a/b"])


# --backup-dir


@pytest.mark.parametrize("order", ["s3", "folders"])
def test_objects_are_kept_in_a_prefix(aws_s3, s3, order):
    if order == "folders":
        s3.order = seaweed_order
    for name in ("a", "o/a-b", "o/a/b"):
        aged(aws_s3, f"d/{name}", "new", NOW.timestamp() + 60)
        s3.put("b", f"p/{name}", b"old!", metadata={"m": "1"}, tags={"t": "1"}, content_type="text/x")
    s3.put("b", "p/gone/x", b"gone")
    aws_s3.write("d/more", "more")
    done = aws_s3("s3 sync d s3://b/p --delete --backup-dir s3://b/old --no-progress")
    assert (done.code, done.stderr) == (0, "")
    assert bodies(s3) == {
        "old/a": "old!", "old/gone/x": "gone", "old/o/a-b": "old!", "old/o/a/b": "old!",
        "p/a": "new", "p/more": "more", "p/o/a-b": "new", "p/o/a/b": "new",
    }  # fmt: skip
    kept = s3.buckets["b"]["old/a"]
    assert (kept.metadata, kept.tags, kept.headers["content-type"]) == ({"m": "1"}, {"t": "1"}, "text/x")
    lines = done.stdout.splitlines()
    assert lines[-1] == "move: s3://b/p/gone/x to s3://b/old/gone/x"
    assert "copy: s3://b/p/a to s3://b/old/a" in lines
    assert lines.index("copy: s3://b/p/a to s3://b/old/a") < lines.index("upload: d/a to s3://b/p/a")


def test_large_objects_are_kept_with_their_properties(aws_s3, s3):
    s3.put("b", "p/k", big(9), metadata={"m": "1"})
    aged(aws_s3, "d/k", "new", NOW.timestamp() + 60)
    assert aws_s3("s3 sync d s3://b/p --backup-dir s3://c/x").code != 0  # there is no such bucket
    assert s3.buckets["b"]["p/k"].body == big(9)
    s3.bucket("c")
    assert aws_s3("s3 sync d s3://b/p --backup-dir s3://c/x").code == 0
    assert s3.buckets["c"]["x/k"].body == big(9)
    assert s3.buckets["c"]["x/k"].metadata == {"m": "1"}
    assert s3.buckets["b"]["p/k"].body == b"new"


@pytest.mark.parametrize("backup", ["old", "s3://b/old"])
def test_files_are_kept(aws_s3, s3, backup):
    path = aged(aws_s3, "d/s/a", "mine", NOW.timestamp() + 60)
    aws_s3.write("d/gone", "gone")
    s3.put("b", "p/s/a", b"theirs")
    done = aws_s3(f"s3 sync s3://b/p d --delete --backup-dir {backup} --no-progress")
    assert (done.code, done.stderr) == (0, "")
    assert files(aws_s3.home / "d") == {"s/a": "theirs"}
    words = ("copy", "move") if backup == "old" else ("upload", "move")
    assert done.stdout == (
        f"{words[0]}: d/s/a to {backup}/s/a\ndownload: s3://b/p/s/a to d/s/a\n{words[1]}: d/gone to {backup}/gone\n"
    )
    if backup == "old":
        assert files(aws_s3.home / "old") == {"gone": "gone", "s/a": "mine"}
        assert (aws_s3.home / "old/s/a").stat().st_mtime == NOW.timestamp() + 60
        assert path.read_text() == "theirs"
    else:
        assert bodies(s3) == {"old/gone": "gone", "old/s/a": "mine", "p/s/a": "theirs"}


def test_objects_are_kept_in_a_folder(aws_s3, s3):
    s3.put("b", "p/a", b"old!")
    s3.put("b", "p/s/gone", b"gone")
    aged(aws_s3, "d/a", "new", NOW.timestamp() + 60)
    assert aws_s3("s3 sync d s3://b/p --delete --backup-dir old").code == 0
    assert files(aws_s3.home / "old") == {"a": "old!", "s/gone": "gone"}
    assert bodies(s3) == {"p/a": "new"}


def test_what_cannot_be_kept_stays(aws_s3, s3):
    for name in ("a", "b"):
        s3.put("b", f"p/{name}", b"old!")
        aged(aws_s3, f"d/{name}", "new", NOW.timestamp() + 60)
    s3.put("b", "p/gone", b"gone")
    s3.fail("PUT", "/b/old/(a|gone)", status=403, code="AccessDenied")
    done = aws_s3("s3 sync d s3://b/p --delete --backup-dir s3://b/old --no-progress")
    assert done.code == 1
    assert bodies(s3) == {"old/b": "old!", "p/a": "old!", "p/b": "new", "p/gone": "gone"}
    assert "copy failed: s3://b/p/a to s3://b/old/a An error occurred (AccessDenied)" in done.stderr
    assert "move failed: s3://b/p/gone to s3://b/old/gone" in done.stderr


def test_a_file_that_cannot_be_kept_stays(aws_s3, s3):
    aged(aws_s3, "d/a/b", "mine", NOW.timestamp() + 60)
    aws_s3.write("old/a", "no folder")
    s3.put("b", "a/b", b"theirs")
    done = aws_s3("s3 sync s3://b d --backup-dir old --no-progress")
    assert (done.code, done.stdout) == (1, "")
    assert done.stderr.startswith("copy failed: d/a/b to old/a/b ")
    assert files(aws_s3.home / "d") == {"a/b": "mine"}


def test_a_dry_run_keeps_nothing(aws_s3, s3):
    s3.put("b", "p/a", b"old!")
    s3.put("b", "p/gone", b"gone")
    aged(aws_s3, "d/a", "new", NOW.timestamp() + 60)
    done = aws_s3("s3 sync d s3://b/p --delete --backup-dir s3://b/old --dryrun")
    assert done.stdout.splitlines() == [
        "(dryrun) copy: s3://b/p/a to s3://b/old/a",
        "(dryrun) upload: d/a to s3://b/p/a",
        "(dryrun) move: s3://b/p/gone to s3://b/old/gone",
    ]
    assert keys(s3) == ["p/a", "p/gone"]
    done = aws_s3("s3 sync s3://b/p d --delete --exact-timestamps --backup-dir old --dryrun")
    assert done.stdout.splitlines()[0] == "(dryrun) copy: d/a to old/a"
    assert not (aws_s3.home / "old").exists()


def test_a_file_moves_to_another_file_system_too(tmp_path, monkeypatch):
    (tmp_path / "f").write_text("x")
    replace = os.replace

    def refuse(source, target):
        if str(source).endswith("f"):
            raise OSError(18, "Invalid cross-device link")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    keep_file(str(tmp_path / "f"), str(tmp_path / "old/f"), move=True)
    assert files(tmp_path) == {"old/f": "x"}


# --preserve-times


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "0"),
        (1_706_691_845_250_000_000, "1706691845.25"),
        (1_706_691_845_123_456_789, "1706691845.123456789"),
        (1_706_691_845_000_000_001, "1706691845.000000001"),
        (5, "0.000000005"),
        (-1_500_000_000, "-1.5"),
    ],
)
def test_times_as_text(nanoseconds, text):
    assert file_times.to_text(nanoseconds) == text
    assert file_times.from_text(text) == nanoseconds


@pytest.mark.parametrize("text", [None, "", "now", "1e9", "1,5", ".5", "1.2.3", "9" * 13])
def test_texts_that_are_no_times(text):
    assert file_times.from_text(text) is None


WHEN = 1_600_000_000_123_456_789


@pytest.mark.parametrize("size", [3, 9_000_000])
@pytest.mark.parametrize(
    "command", ["cp d s3://b/ --recursive", "mv d s3://b/ --recursive", "sync d s3://b", "cp d/f s3://b/f"]
)
def test_times_go_up_and_come_down(aws_s3, s3, command, size):
    os.utime(aws_s3.write("d/f", b"x" * size), ns=(WHEN, WHEN))
    assert aws_s3(f"s3 {command} --preserve-times --metadata a=b").code == 0
    assert s3.buckets["b"]["f"].metadata == {"a": "b", "mtime": "1600000000.123456789"}
    back = command.split()[0]
    line = "sync s3://b e" if back == "sync" else f"{back} s3://b/f e/f"
    assert aws_s3(f"s3 {line} --preserve-times").code == 0
    assert (aws_s3.home / "e/f").stat().st_mtime_ns == WHEN
    if back == "cp":
        assert aws_s3("s3 cp s3://b/f e/g").code == 0
        assert (aws_s3.home / "e/g").stat().st_mtime == NOW.timestamp()


def test_a_time_of_ones_own_is_kept(aws_s3, s3):
    aws_s3.write("f", "x")
    assert aws_s3("s3 cp f s3://b/f --preserve-times --metadata mtime=5").code == 0
    assert s3.buckets["b"]["f"].metadata == {"mtime": "5"}


def test_a_copy_with_other_metadata_keeps_the_time(aws_s3, s3):
    s3.put("b", "k", b"x", metadata={"mtime": "7", "other": "y"})
    assert aws_s3("s3 cp s3://b/k s3://b/l --preserve-times --metadata a=b").code == 0
    assert s3.buckets["b"]["l"].metadata == {"a": "b", "mtime": "7"}
    assert aws_s3("s3 cp s3://b/k s3://b/m --metadata a=b").code == 0
    assert s3.buckets["b"]["m"].metadata == {"a": "b"}


@pytest.mark.parametrize("size", [3, 9_000_000])
@pytest.mark.parametrize("text", ["x", "99999999999999"])
def test_metadata_that_says_no_time(aws_s3, s3, text, size):
    s3.put("b", "k", b"x" * size, metadata={"mtime": text})
    assert aws_s3("s3 cp s3://b/k f --preserve-times").code == 0
    assert (aws_s3.home / "f").stat().st_mtime == NOW.timestamp()


@pytest.mark.parametrize("page_size", [1, 1000])
def test_a_sync_goes_by_the_times_of_files(aws_s3, s3, page_size):
    for name, mtime in {"same": "1000", "older": "2000", "newer": "500", "none": None, "size": "1000"}.items():
        aged(aws_s3, f"d/{name}", "xx" if name == "size" else "x", 1000)
        s3.put("b", name, b"y", modified=OLD, metadata={"mtime": mtime} if mtime else {})
    up = aws_s3(f"s3 sync d s3://b --preserve-times --dryrun --page-size {page_size}")
    assert [line.rpartition("/")[2] for line in up.stdout.splitlines()] == ["newer", "older", "size"]
    down = aws_s3(f"s3 sync s3://b d --preserve-times --dryrun --page-size {page_size}")
    assert [line.rpartition("/")[2] for line in down.stdout.splitlines()] == ["newer", "older", "size"]
    assert aws_s3("s3 sync d s3://b --preserve-times").code == 0
    assert aws_s3("s3 sync d s3://b --preserve-times").stdout == ""


def test_times_of_two_prefixes(aws_s3, s3):
    s3.put("b", "x/a", b"1", metadata={"mtime": "5"})
    s3.put("b", "y/a", b"2", metadata={"mtime": "5"}, modified=OLD)
    s3.put("b", "x/b", b"1", metadata={"mtime": "5"}, modified=OLD)
    s3.put("b", "y/b", b"2", metadata={"mtime": "6"})
    done = aws_s3("s3 sync s3://b/x s3://b/y --preserve-times --no-progress")
    assert done.stdout == "copy: s3://b/x/b to s3://b/y/b\n"


def test_metadata_that_may_not_be_seen(aws_s3, s3):
    s3.put("b", "a", b"1")
    aws_s3.write("d/a", "2")
    s3.fail("HEAD", "/b/a", status=403, code="403")
    done = aws_s3("s3 sync d s3://b --preserve-times --delete")
    assert done.code == 1
    assert done.stderr.startswith("fatal error: An error occurred (403)")


# --checksum


def synced(aws, line):
    """What a sync would transfer."""
    done = aws(f"s3 sync {line} --checksum --dryrun")
    assert (done.code, done.stderr) == (0, "")
    return [text.rpartition(" to ")[2] for text in done.stdout.splitlines()]


def crc32(content):
    from base64 import b64encode

    from tests.services.s3.stand_in import CHECKSUMS

    return {"crc32": b64encode(CHECKSUMS["crc32"](content)).decode()}


@pytest.mark.parametrize("stored", ["crc32", "crc64nvme", "sha256", "etag", "kms", "strange etag"])
@pytest.mark.parametrize("direction", ["up", "down"])
def test_content_is_compared(aws_s3, s3, stored, direction):
    from base64 import b64encode

    from tests.services.s3.stand_in import CHECKSUMS

    for name, content in {"same": b"same", "other": b"diff", "size": b"longer"}.items():
        aws_s3.write(f"d/{name}", b"same")
        os.utime(aws_s3.home / "d" / name, (1, 1) if direction == "up" else None)
        more = {"x_amz_server_side_encryption": "aws:kms"} if stored == "kms" else {}
        sums = {}
        if stored in CHECKSUMS:
            sums = {stored: b64encode(CHECKSUMS[stored](content)).decode()}
        made = s3.put("b", name, content, modified=OLD, sums=sums, **more)
        if stored in ("kms", "strange etag"):
            made.etag = "0" * 32 if stored == "kms" else "abc"
    if direction == "up":
        assert synced(aws_s3, "d s3://b") == ["s3://b/other", "s3://b/size"]
    else:
        assert synced(aws_s3, "s3://b d") == ["d/other", "d/size"]
    read = {request.path for request in s3.log if request.method == "GET" and request.path != "/b"}
    assert read == ({"/b/same", "/b/other"} if stored in ("kms", "strange etag") else set())


def test_etags_of_parts(aws_s3, s3):
    aws_s3.write("d/k", big(20))
    assert aws_s3("s3 cp d/k s3://b/k").code == 0
    stored = s3.buckets["b"]["k"]
    assert stored.etag.endswith("-3")
    stored.sums = {}
    assert synced(aws_s3, "d s3://b") == []
    assert [request.line for request in s3.log if request.query.get("partNumber") == "1"][-1].startswith("HEAD")
    content = bytearray(big(20))
    content[-1] ^= 1
    aws_s3.write("d/k", bytes(content))
    assert synced(aws_s3, "d s3://b") == ["s3://b/k"]
    aws_s3.write("d/k", big(20))
    stored.parts = [stored.body[:1_000_000], stored.body[1_000_000:]]  # of no size that is known
    stored.etag = f"{'0' * 32}-2"
    assert synced(aws_s3, "d s3://b") == []
    assert s3.log[-1].method == "GET"


def test_content_of_two_prefixes(aws_s3, s3):
    for name, (ours, theirs) in {
        "same": (b"1", b"1"),
        "other": (b"1", b"2"),
        "read": (b"1", b"1"),
        "sum": (b"1", b"2"),
    }.items():
        first, second = s3.put("b", f"x/{name}", ours), s3.put("b", f"y/{name}", theirs, modified=OLD)
        if name == "read":
            second.etag = f"{'1' * 32}-1"
        if name == "sum":
            first.sums, second.sums = crc32(ours), crc32(theirs)
    assert synced(aws_s3, "s3://b/x s3://b/y") == ["s3://b/y/other", "s3://b/y/sum"]
    assert {request.path for request in s3.log if request.method == "GET"} == {"/b", "/b/x/read", "/b/y/read"}


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ({"etag": f'"{"a" * 32}"'}, {"etag": f'"{"a" * 32}"'}, True),
        ({"etag": f'"{"a" * 32}"'}, {"etag": f'"{"b" * 32}"'}, False),
        ({"etag": f'"{"a" * 32}-2"'}, {"etag": f'"{"a" * 32}-2"'}, True),
        ({"etag": f'"{"a" * 32}-2"'}, {"etag": f'"{"b" * 32}-3"'}, None),
        ({"x-amz-checksum-crc32": "a"}, {"x-amz-checksum-crc32": "a"}, True),
        ({"x-amz-checksum-crc32": "a"}, {"x-amz-checksum-crc32": "b"}, False),
        ({"x-amz-checksum-crc32": "a-2"}, {"x-amz-checksum-crc32": "b-3"}, None),
        ({"x-amz-checksum-crc32": "a"}, {"x-amz-checksum-sha1": "a"}, None),
        ({}, {}, None),
    ],
)
def test_headers_of_two_objects(ours, theirs, same):
    assert _same_objects(ours, theirs) is same


@pytest.mark.parametrize(
    "headers",
    [
        {"etag": "x"},
        {},
        {"etag": "a" * 32, "x-amz-server-side-encryption": "aws:kms"},
        {"etag": "a" * 32, "x-amz-server-side-encryption-customer-algorithm": "AES256"},
    ],
)
def test_etags_that_say_nothing(headers):
    assert _md5_of(headers) is None


def test_the_etag_of_a_file(tmp_path):
    (tmp_path / "f").write_bytes(b"abcde")
    parts = b"".join(hashlib.md5(part).digest() for part in (b"ab", b"cd", b"e"))
    with open(tmp_path / "f", "rb") as file:
        assert _etag(file, 2, True) == hashlib.md5(parts).hexdigest()
    with open(tmp_path / "f", "rb") as file:
        assert _etag(file, 5, False) == hashlib.md5(b"abcde").hexdigest()


# Where requests go by threads


@pytest.fixture
def by_threads(monkeypatch):
    monkeypatch.setattr("awsmini.transfer.engine.goes_by_loop", lambda *_: False)


@pytest.mark.usefixtures("by_threads")
def test_times_by_threads(aws_s3, s3):
    for number in range(5):
        os.utime(aws_s3.write(f"d/f{number}", "x"), ns=(WHEN, WHEN))
    assert aws_s3("s3 sync d s3://b --preserve-times").code == 0
    assert s3.buckets["b"]["f0"].metadata == {"mtime": "1600000000.123456789"}
    assert aws_s3("s3 sync d s3://b --preserve-times").stdout == ""
    assert aws_s3("s3 sync s3://b e --preserve-times").code == 0
    assert {(aws_s3.home / f"e/f{number}").stat().st_mtime_ns for number in range(5)} == {WHEN}


@pytest.mark.usefixtures("by_threads")
def test_content_by_threads(aws_s3, s3):
    aws_s3.write("d/same", "1")
    aws_s3.write("d/other", "1")
    s3.put("b", "same", b"1", modified=OLD)
    s3.put("b", "other", b"2", modified=OLD)
    assert synced(aws_s3, "d s3://b") == ["s3://b/other"]
    s3.fail("HEAD", "/b/same", status=403, code="403")
    done = aws_s3("s3 sync d s3://b --checksum")
    assert done.code == 1
    assert done.stderr.startswith("fatal error: An error occurred (403)")
