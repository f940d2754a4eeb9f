"""Where awsmini does otherwise than AWS CLI v2: each thing that `awsmini help s3-differences` names."""

import os
import re
import signal
import subprocess
import sys
import time
from unittest import mock

import pytest

from awsmini.model.load import DATA
from tests.services.s3.scenarios import big
from tests.services.s3.stand_in import Answer, seaweed_order
from tests.terminal import PROJECT

TELL = re.findall(r"^- `([\w-]+)`:", (DATA / "topics/s3-differences.md").read_text(), re.MULTILINE)
TESTED: set[str] = set()


def shows(name):
    """Marks the test of a difference."""
    assert name in TELL
    TESTED.add(name)
    return lambda test: test


@shows("silent-failures")
@pytest.mark.parametrize(
    ("line", "method"),
    [
        ("cp f s3://b/f", "PUT"),
        ("cp s3://b/k g", "GET"),
        ("cp s3://b/k s3://b/l", "PUT"),
        ("cp s3://b/k -", "GET"),
        ("rm s3://b/k", "DELETE"),
        ("mv f s3://b/f", "PUT"),
        ("sync d s3://b", "PUT"),
    ],
)
def test_a_lost_connection_is_told(aws_s3, s3, line, method):
    aws_s3.write("f", "x")
    aws_s3.write("d/f", "x")
    s3.put("b", "k", b"x")
    s3.fail(method, "^/b/", action="drop")
    done = aws_s3(f"s3 {line}")
    assert done.code == 1
    assert "failed: " in done.stderr
    assert "Connection was closed before we received a valid response" in done.stderr
    assert (aws_s3.home / "f").exists()
    assert "k" in s3.buckets["b"]


@shows("silent-failures")
def test_a_source_that_could_not_be_deleted_is_told(aws_s3, s3):
    s3.put("b", "k", b"x")
    s3.fail("DELETE", "/b/k", action="drop")
    done = aws_s3("s3 mv s3://b/k g")
    assert (done.code, (aws_s3.home / "g").read_bytes(), "k" in s3.buckets["b"]) == (1, b"x", True)
    assert "move failed: s3://b/k to ./g" in done.stderr


@shows("changed-files")
def test_a_file_that_gets_shorter_is_noticed(aws_s3, s3):
    path = aws_s3.write("big", big(24))

    def cut(request, stage):
        if stage == "came" and "partNumber" in request.query:
            os.truncate(path, 1000)

    s3.watch = cut
    try:
        done = aws_s3("s3 cp big s3://b/ --no-progress")
    finally:
        s3.watch = lambda request, stage: None
    assert done.code == 1
    assert "upload failed: ./big to s3://b/big" in done.stderr
    assert "big" not in s3.buckets["b"]
    assert not s3.open_uploads()


@shows("changed-objects")
def test_a_source_that_changes_on_the_way_fails_the_copy(aws_s3, s3):
    s3.put("b", "k", big(9))
    s3.fail("PUT", "partNumber=2", status=412, code="PreconditionFailed", times=1)
    done = aws_s3("s3 mv s3://b/k s3://b/l")
    assert done.code == 1
    assert "move failed: s3://b/k to s3://b/l" in done.stderr
    assert set(s3.buckets["b"]) == {"k"}
    assert not s3.open_uploads()


@shows("checked-downloads")
@pytest.mark.parametrize("line", ["cp s3://b/d x --recursive", "sync s3://b/d x", "cp s3://b/d/k x/k"])
def test_the_checksum_of_a_download_in_parts_is_checked(aws_s3, s3, line):
    s3.put("b", "d/k", big(9), sums={"crc32": "AAAAAA=="})
    done = aws_s3(f"s3 {line}")
    assert done.code == 1
    assert "download failed: s3://b/d/k to x/k Expected full object checksum (crc32) AAAAAA==" in done.stderr
    assert list((aws_s3.home / "x").iterdir()) == []


@shows("plain-errors")
def test_errors_are_told_in_plain_words(aws_s3, s3):
    aws_s3.write("d/f", "x")
    assert "[Errno 21] Is a directory" in aws_s3("s3 cp d s3://b/k").stderr


@shows("mv-onto-itself")
@pytest.mark.parametrize(
    "line",
    [
        "mv s3://b/d s3://b/d/ --recursive",
        "mv s3://b/d/ s3://b/d --recursive",
        "mv s3://b s3://b/ --recursive",
        "mv s3://b/d s3://b/d --recursive",
    ],
)
def test_a_prefix_is_not_moved_onto_itself(aws_s3, s3, line):
    s3.put("b", "d/e", b"x")
    done = aws_s3(f"s3 {line}")
    assert done.code == 252
    assert "Cannot mv a file onto itself: s3://b" in done.stderr
    assert not s3.log
    assert "d/e" in s3.buckets["b"]


@shows("unordered-listings")
@pytest.mark.parametrize("page_size", [1, 2, 3, 1000])
def test_no_key_is_both_transferred_and_deleted(aws_s3, s3, page_size):
    names = ["o/a/b", "o/a/c", "o/a-b", "o/a.b", "o/a b", "o/c", "o/c/d"]
    s3.order = seaweed_order
    for name in names[:-2]:
        aws_s3.write(f"d/{name}", name)
        s3.put("b", name, name.encode(), modified=s3.now())
        os.utime(aws_s3.home / "d" / name, (1, 1))
    s3.put("b", "o/only", b"x")
    s3.put("b", "o/a+b", b"x")
    up = aws_s3(f"s3 sync d s3://b --delete --no-progress --page-size {page_size}")
    assert up.code == 0
    deleted = {line for line in up.stdout.splitlines() if line.startswith("delete")}
    assert deleted == {"delete: s3://b/o/only", "delete: s3://b/o/a+b"}
    assert set(s3.buckets["b"]) == set(names[:-2])
    aws_s3.write("d/o/local", "x")
    down = aws_s3(f"s3 sync s3://b d --delete --no-progress --page-size {page_size}")
    assert down.code == 0
    assert [line for line in down.stdout.splitlines() if line.startswith("delete")] == ["delete: d/o/local"]
    assert all((aws_s3.home / "d" / name).read_text() == name for name in names[:-2])


@shows("delete-through-links")
def test_files_behind_a_link_that_leads_out_are_not_deleted(aws_s3, s3):
    aws_s3.write("e/x", "outside")
    aws_s3.write("d/in/y", "inside")
    (aws_s3.home / "d/out").symlink_to("../e")
    (aws_s3.home / "d/within").symlink_to("in")
    done = aws_s3("s3 sync s3://b d --delete --no-progress")
    assert done.code == 2
    assert done.stdout == "delete: d/in/y\n"
    assert (aws_s3.home / "e/x").exists()
    assert done.stderr.splitlines()[0] == (
        f"warning: Skipping file {aws_s3.home}/d/out/x. File lies outside of the destination folder, behind a symbolic "
        "link, and is not deleted."
    )


@shows("links-out-of-the-target")
def test_no_download_goes_through_a_link_that_leads_out(aws_s3, s3):
    aws_s3.write("e/x", "outside")
    (aws_s3.home / "d").mkdir()
    (aws_s3.home / "d/out").symlink_to("../e")
    (aws_s3.home / "d/file").symlink_to("../e/x")
    for key in ("out/x", "out/new", "out/../../e/x", "file", "ok"):
        s3.put("b", key, key.encode())
    done = aws_s3("s3 cp s3://b d --recursive --no-progress")
    assert done.code == 2
    assert sorted(done.stderr.splitlines()) == [
        f"warning: Skipping file {key}. File references a parent directory."
        for key in ("out/../../e/x", "out/new", "out/x")
    ]
    assert os.listdir(aws_s3.home / "e") == ["x"]
    assert (aws_s3.home / "e/x").read_text() == "outside"
    assert (aws_s3.home / "d/file").read_text() == "file"
    assert not (aws_s3.home / "d/file").is_symlink()


@shows("names-of-folders")
@pytest.mark.parametrize("key", ["a/..", "a/.", ".."])
def test_a_key_that_is_no_name_is_left_out(aws_s3, s3, key):
    s3.put("b", key, b"x")
    done = aws_s3(["s3", "cp", f"s3://b/{key}", "d/"])
    assert done.code == 2
    assert "File references a parent directory." in done.stderr


@shows("changed-moves")
@pytest.mark.parametrize("size", [1000, 100_000, 9_000_000])
@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_changes_after_it_was_read_is_not_deleted(aws_s3, s3, size, replaced):
    path = aws_s3.write("log", b"x" * size)
    answer = s3.answer

    def change(request):
        if request.body and (request.query.get("partNumber") in (None, "2")):
            other = aws_s3.write("new", b"y" * size)
            if replaced:
                other.replace(path)
            else:
                with path.open("ab") as file:
                    file.write(b"more")
        return answer(request)

    with mock.patch.object(s3, "answer", change):
        done = aws_s3("s3 mv log s3://b/ --no-progress")
    assert done.code == 1
    assert "move failed: ./log to s3://b/log The file " in done.stderr
    assert path.read_bytes().endswith(b"y" if replaced else b"more")


@shows("doubtful-answers")
@pytest.mark.parametrize("body", [b"", b"<html>a proxy's page</html>", b"<CopyObjectResult/>"])
def test_a_copy_of_which_nothing_is_told_is_none(aws_s3, s3, body):
    s3.put("b", "k", b"x")
    answer = s3.answer
    with mock.patch.object(s3, "answer", lambda asked: Answer(body=body) if asked.method == "PUT" else answer(asked)):
        done = aws_s3.run("s3 mv s3://b/k s3://b/l --no-progress", timeout=20)
    assert done.code == 1
    assert "move failed: s3://b/k to s3://b/l" in done.stderr
    assert set(s3.buckets["b"]) == {"k"}


@shows("files-of-two")
@pytest.mark.parametrize("command", ["mv {} --recursive", "cp {} --recursive", "sync {}"])
def test_two_objects_are_not_one_file(aws_s3, s3, command):
    keys = ["/x", "a//-b", "a//b", "a/-b", "a/b", "a/./c", "a/d/../c", "x", "y/../alone", "..z/e"]
    for key in keys:
        s3.put("b", key, key.encode())
    done = aws_s3(f"s3 {command.format('s3://b d')} --no-progress")
    twice = {"/x": "x", "a//-b": "a/-b", "a//b": "a/b", "a/d/../c": "a/./c"}
    assert done.code == 1
    assert sorted(line.partition(" The ")[2] for line in done.stderr.splitlines()) == sorted(
        f"file is that of s3://b/{key} as well." for key in twice.values()
    )
    kept = {os.path.normpath(key.lstrip("/")): key for key in keys if key not in twice}
    found = {
        str(path.relative_to(aws_s3.home / "d")): path.read_text()
        for path in (aws_s3.home / "d").rglob("*")
        if path.is_file()
    }
    assert found == kept
    assert set(s3.buckets["b"]) == (set(twice) if command.startswith("mv") else set(keys))


@shows("files-of-two")
def test_the_file_of_a_key_with_detours_is_not_deleted(aws_s3, s3):
    s3.put("b", "a//b", b"x")
    for _ in range(2):
        done = aws_s3("s3 sync s3://b d --delete --no-progress")
        assert (done.code, done.stdout) == (0, "download: s3://b/a//b to d/a/b\n")
    assert (aws_s3.home / "d/a/b").read_text() == "x"


@shows("unread-sources")
def test_what_cannot_be_read_is_not_deleted_at_the_destination(aws_s3, s3):
    aws_s3.write("d/f", "x")
    (aws_s3.home / "d/link").symlink_to("nowhere")
    (aws_s3.home / "d/in").mkdir()
    for key in ("f", "in/x", "in/y/z", "in.txt", "link", "link/x", "other"):
        s3.put("b", key, b"x")
    scandir = os.scandir

    def scan(path):
        if str(path).endswith("/in/"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    with mock.patch.object(os, "scandir", scan):
        done = aws_s3("s3 sync d s3://b --delete --no-progress")
    assert done.code == 2
    assert sorted(done.stdout.splitlines()) == [
        "delete: s3://b/in.txt",
        "delete: s3://b/other",
        "upload: d/f to s3://b/f",
    ]
    assert set(s3.buckets["b"]) == {"f", "in/x", "in/y/z", "link", "link/x"}
    with mock.patch.object(os, "scandir", side_effect=PermissionError(13, "Permission denied")):
        done = aws_s3("s3 sync d s3://b --delete --no-progress")
    assert (done.code, done.stdout) == (2, "")
    assert len(s3.buckets["b"]) == 5


@shows("devices")
@pytest.mark.parametrize("size", [0, 5, 9_000_000])
def test_a_pipe_in_the_place_of_a_file(aws_s3, s3, size):
    s3.put("b", "k", big(9)[:size])
    os.mkfifo(aws_s3.home / "pipe")
    with subprocess.Popen(["sh", "-c", "cat pipe >got"], cwd=aws_s3.home) as reader:
        done = aws_s3("s3 cp s3://b/k pipe --no-progress")
        assert reader.wait(20) == 0
    assert (aws_s3.home / "got").read_bytes() == big(9)[:size]
    assert (done.code, done.stdout) == (0, "download: s3://b/k to ./pipe\n")
    assert (aws_s3.home / "pipe").is_fifo()


@shows("delete-through-links")
def test_files_are_not_deleted_by_another_name(aws_s3, s3):
    s3.put("b", "in/y", b"x")
    aws_s3.write("d/in/y", "x")
    (aws_s3.home / "d/within").symlink_to("in")
    done = aws_s3("s3 sync s3://b d --delete --size-only --no-progress")
    assert (done.code, done.stdout) == (0, "")
    assert (aws_s3.home / "d/in/y").exists()


@shows("batched-deletes")
def test_keys_that_xml_cannot_hold_are_deleted_singly(aws_s3, s3):
    keys = ["a\x01b", "a\x1f", "b\ufffe", "plain", "a\tb", "a\rb", "a\nb", "<&>\"'"]
    for key in keys:
        s3.put("b", key, b"x")
    done = aws_s3("s3 rm s3://b --recursive")
    assert (done.code, done.stderr) == (0, "")
    assert not s3.buckets["b"]
    assert sorted(request.method for request in s3.log) == ["DELETE"] * 3 + ["GET", "POST"]


@shows("batched-deletes")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>a proxy's page</html>",
        b"<DeleteResult><Error><Key>/a</Key><Code>AccessDenied</Code></Error></DeleteResult>",
        b"<DeleteResult><Error><Key>a</Key><VersionId>1</VersionId><Code>AccessDenied</Code></Error></DeleteResult>",
    ],
)
def test_answers_that_do_not_tell_what_is_gone(aws_s3, s3, body):
    for key in "abc":
        s3.put("b", key, b"x")
    s3.fail("DELETE", "/b/a", status=403, code="AccessDenied")
    answer = s3.answer
    with mock.patch.object(s3, "answer", lambda asked: Answer(body=body) if asked.method == "POST" else answer(asked)):
        done = aws_s3("s3 rm s3://b --recursive")
    assert done.code == 1
    assert "delete failed: s3://b/a " in done.stderr
    assert set(s3.buckets["b"]) == {"a"}


@shows("dryrun-folders")
@pytest.mark.parametrize("line", ["cp s3://b new --recursive", "sync s3://b new", "mv s3://b new --recursive"])
def test_a_dry_run_makes_no_folder(aws_s3, s3, line):
    s3.put("b", "k", b"x")
    done = aws_s3(f"s3 {line} --dryrun")
    assert done.stdout.startswith("(dryrun) ")
    assert done.code == 0
    assert os.listdir(aws_s3.home) == []


@shows("broken-downloads")
@pytest.mark.parametrize("size", [100_000, 10_000_000])
def test_a_broken_download_goes_on(aws_s3, s3, size):
    s3.put("b", "k", big(10)[:size])
    s3.fail("GET", "/b/k", action="cut", after=50_000, times=1)
    done = aws_s3("s3 cp s3://b/k k --no-progress")
    assert (done.code, done.stderr) == (0, "")
    assert (aws_s3.home / "k").read_bytes() == big(10)[:size]
    assert os.listdir(aws_s3.home) == ["k"]


@shows("batched-deletes")
def test_many_objects_are_deleted_with_one_request(aws_s3, s3):
    for number in range(30):
        s3.put("b", f"k{number}", b"x")
    done = aws_s3("s3 rm s3://b --recursive")
    assert len(done.stdout.splitlines()) == 30
    assert [request.method for request in s3.log] == ["GET", "POST"]
    assert not s3.buckets["b"]


@shows("crc32")
def test_uploads_carry_a_checksum(aws_s3, s3):
    aws_s3.write("f", "x")
    assert aws_s3("s3 cp f s3://b/").code == 0
    headers = s3.log[-1].headers
    assert {"x-amz-checksum-crc32", "x-amz-checksum-crc64nvme"} & set(headers)


@shows("mb-without-region")
@pytest.mark.parametrize(
    ("region", "body"),
    [
        (None, b""),
        ("aws-global", b""),
        ("us-east-1", b""),
        ("eu-west-1", b"<LocationConstraint>eu-west-1</LocationConstraint>"),
    ],
)
def test_where_a_bucket_is_made(aws_s3, s3, region, body):
    aws_s3.env.pop("AWS_DEFAULT_REGION")
    assert aws_s3(f"s3 mb s3://new {f'--region {region}' if region else ''}").code == 0
    assert body in s3.log[-1].body
    assert bool(s3.log[-1].body) is bool(body)


@shows("several-sources")
def test_several_sources_go_to_a_folder(aws_s3, s3):
    aws_s3.write("f", "x")
    aws_s3.write("g", "x")
    assert aws_s3("s3 cp f g s3://b/to/").code == 0
    assert set(s3.buckets["b"]) == {"to/f", "to/g"}


@shows("wildcards")
def test_a_name_that_is_not_there_is_a_pattern(aws_s3, s3):
    for key in ("ax", "a*", "b"):
        s3.put("b", key, b"x")
    assert aws_s3(["s3", "rm", "s3://b/a*"]).code == 0
    assert set(s3.buckets["b"]) == {"ax", "b"}
    assert aws_s3(["s3", "rm", "s3://b/a*"]).code == 0
    assert set(s3.buckets["b"]) == {"b"}


@shows("odd-roots")
def test_a_root_with_signs_of_patterns_in_its_name(aws_s3, s3):
    aws_s3.write("d[1]/f", "x")
    aws_s3.write("d[1]/g", "x")
    done = aws_s3(["s3", "cp", "d[1]", "s3://b", "--recursive", "--exclude", "f", "--no-progress"])
    assert done.stdout == "upload: d[1]/g to s3://b/g\n"


@shows("link-loops")
def test_links_that_lead_back_have_an_end(aws_s3, s3):
    aws_s3.write("d/f", "x")
    for name in "abc":
        (aws_s3.home / "d" / name).symlink_to(".")
    done = aws_s3("s3 cp d s3://b --recursive --dryrun --no-progress")
    assert done.code == 2
    assert len(done.stdout.splitlines()) == 41
    assert "/d/b. It leads back to a folder above it, too many times.\n" in done.stderr


@shows("terminated")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_leaves_nothing_behind(aws_s3, s3, name):
    aws_s3.write("big", big(30))
    s3.put("b", "k", big(30))
    s3.fail("PUT", "partNumber", action="headers", seconds=0.4)
    s3.fail("GET", "/b/k", action="headers", seconds=0.4)
    for line in ("s3 cp big s3://b/", "s3 cp s3://b/k down/"):
        s3.log.clear()
        process = subprocess.Popen(
            [sys.executable, "-m", "awsmini", *line.split()],
            cwd=aws_s3.home,
            env={**aws_s3.env, "PYTHONPATH": str(PROJECT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        give_up = time.monotonic() + 30
        while not any("partNumber" in request.line or request.method == "GET" for request in s3.log):
            assert time.monotonic() < give_up
            time.sleep(0.02)
        process.send_signal(getattr(signal, name))
        _, stderr = process.communicate(timeout=30)
        if name == "SIGTERM":
            assert process.returncode == -signal.SIGTERM
        else:
            assert (process.returncode, stderr.strip()) == (1, b"cancelled: ctrl-c received")
        assert not s3.open_uploads()
        assert not (aws_s3.home / "down").exists() or os.listdir(aws_s3.home / "down") == []


def test_each_has_a_test():
    assert set(TELL) == TESTED
