"""What one would not guess of the s3 commands, where no scenario shows it."""

import gzip
import os
from datetime import datetime, timezone

import pytest

from awsmini.transfer import local
from tests.services.s3.scenarios import big

POINT = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"


@pytest.mark.parametrize("size", [10, 9_000_000], ids=["small", "large"])
def test_what_is_packed_stays_packed(aws_s3, s3, size):
    packed = gzip.compress(big(size // 1_000_000 + 1), 0 if size > 1000 else 9)
    s3.put("b", "k.gz", packed, content_encoding="gzip")
    assert aws_s3("s3 cp s3://b/k.gz k.gz --quiet").code == 0
    assert (aws_s3.home / "k.gz").read_bytes() == packed
    assert aws_s3("s3 cp s3://b/k.gz -").stdout_bytes == packed


def test_times_of_downloads_are_whole_seconds(aws_s3, s3):
    for key, size in (("a", 1), ("big", 9)):
        s3.put("b", key, big(size), modified=datetime(2024, 5, 6, 7, 8, 9, 750_000, tzinfo=timezone.utc))
    assert aws_s3("s3 cp s3://b d --recursive --quiet").code == 0
    seconds = datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone.utc).timestamp()
    for name in ("a", "big"):
        facts = (aws_s3.home / "d" / name).stat()
        assert (facts.st_mtime, facts.st_atime) == (seconds, seconds)
    again = aws_s3("s3 sync s3://b d --exact-timestamps --no-progress").stdout.splitlines()
    assert again == ["download: s3://b/a to d/a", "download: s3://b/big to d/big"]
    assert aws_s3("s3 sync s3://b d --no-progress").stdout == ""


def test_files_of_other_times(aws_s3, s3):
    """Those of before 1970 go up once, those of the future at every sync."""
    for name, seconds in (("old", -1_000_000_000), ("new", 16_725_225_600)):
        os.utime(aws_s3.write(f"d/{name}", "x"), (seconds, seconds))
    assert len(aws_s3("s3 sync d s3://b --no-progress").stdout.splitlines()) == 2
    assert aws_s3("s3 sync d s3://b --no-progress").stdout == "upload: d/new to s3://b/new\n"


def test_a_moved_file_that_cannot_be_deleted(aws_s3, s3, monkeypatch):
    path = aws_s3.write("f", "x")

    def refuse(path):
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(local.os, "unlink", refuse)
    done = aws_s3(["s3", "mv", str(path), "s3://b/k", "--no-progress"])
    assert (done.code, done.stdout) == (1, "")
    assert done.stderr == f"move failed: ./f to s3://b/k [Errno 13] Permission denied: '{path}'\n"
    assert s3.buckets["b"]["k"].body == b"x"
    assert path.exists()


def test_presigned_for_many_regions(aws_s3):
    del aws_s3.env["AWS_ENDPOINT_URL"]
    url = aws_s3(f"s3 presign s3://{POINT}/k").stdout
    host, _, query = url.partition("?")
    assert host == "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/k"
    given = dict(pair.split("=") for pair in query.strip().split("&"))
    assert given["X-Amz-Algorithm"] == "AWS4-ECDSA-P256-SHA256"
    assert given["X-Amz-Region-Set"] == "%2A"
    assert given["X-Amz-Credential"].endswith("%2Fs3%2Faws4_request")
    assert given["X-Amz-Credential"].count("%2F") == 3  # no region among them


@pytest.mark.parametrize("path", ["/pre/fix", "/pre/fix/"])
def test_the_path_of_an_endpoint_stays_in_front(aws_s3, s3, path):
    aws_s3.write("f", "x")
    for line in ("cp f s3://b/k", "ls s3://b", "rm s3://b/k"):
        aws_s3(f"s3 {line} --endpoint-url {s3.url}{path}")
    assert [request.path for request in s3.log] == ["/pre/fix/b/k", "/pre/fix/b", "/pre/fix/b/k"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9?a=b", "ftp://127.0.0.1:9"])
def test_endpoints_that_are_none(aws_s3, s3, url):
    aws_s3.write("f", "x")
    done = aws_s3(f"s3 cp f s3://b/k --endpoint-url {url}")
    assert (done.code, done.stderr) == (
        1,
        f"upload failed: ./f to s3://b/k Custom endpoint `{url}` was not a valid URI\n",
    )
    assert aws_s3(f"s3 ls s3://b --endpoint-url {url}").code == 255
    assert not s3.log


def test_sessions_lengths_and_names_are_no_matter_of_presign(aws_s3):
    assert "X-Amz-Expires=604801" in aws_s3("s3 presign s3://b/k --expires-in 604801").stdout
    assert aws_s3("s3 presign s3://b/k --expires-in 3600.5").code == 255


def test_a_prefix_is_a_folder_but_for_ls(aws_s3, s3):
    for key in ("d/x", "dd", "d"):
        s3.put("b", key, b"1")
    assert aws_s3("s3 rm s3://b/d --recursive --dryrun").stdout == "(dryrun) delete: s3://b/d/x\n"
    assert len(aws_s3("s3 ls s3://b/d").stdout.splitlines()) == 3
    for line in ("rm s3://b", "cp s3://b f"):
        done = aws_s3(f"s3 {line}")
        assert (done.code, done.stdout, done.stderr) == (0, "", "")
    assert set(s3.buckets["b"]) == {"d/x", "dd", "d"}


def test_markers_take_no_part(aws_s3, s3):
    """Empty keys that end in a slash, in every direction; `rm` alone sees them."""
    for key in ("m/", "m/x"):
        s3.put("b", key, b"1" if key == "m/x" else b"")
    s3.bucket("c")
    assert aws_s3("s3 sync s3://b s3://c --no-progress").stdout == "copy: s3://b/m/x to s3://c/m/x\n"
    aws_s3.write("d/y", "y")
    assert "m/ " not in aws_s3("s3 sync d s3://b --delete --no-progress").stdout
    assert set(s3.buckets["b"]) == {"m/", "y"}
    assert aws_s3("s3 rm s3://b --recursive").stdout == "delete: s3://b/m/\ndelete: s3://b/y\n"


@pytest.mark.parametrize(("size", "requests"), [(8 * 1024 * 1024 - 1, 1), (8 * 1024 * 1024 + 1, 4)])
def test_where_parts_begin(aws_s3, s3, size, requests):
    aws_s3.write("f", b"\0" * size)
    assert aws_s3("s3 cp f s3://b/ --quiet").code == 0
    assert len(s3.log) == requests


@pytest.mark.parametrize(("expected", "parts"), [("9000000", 1), ("3", 0)])
def test_the_expected_size_alone_decides(aws_s3, s3, expected, parts):
    assert aws_s3(f"s3 cp - s3://b/k --expected-size {expected}", stdin=b"abc").code == 0
    assert sum("partNumber" in line for line in s3.lines()) == parts
    assert s3.buckets["b"]["k"].body == b"abc"
