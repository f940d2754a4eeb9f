"""`--json` of the transfer commands: a record for each object, and nothing else on stdout."""

import json

import pytest

from tests.services.s3.scenarios import big


@pytest.fixture
def records(aws_s3):
    """Runs a command: its exit code, its records by their sources, and stderr."""

    def run(words, stdin=b""):
        done = aws_s3(f"s3 {words} --json", stdin=stdin)
        found = [json.loads(line) for line in done.stdout.splitlines()]
        return done.code, {record["source"]: record for record in found}, done.stderr

    return run


FIELDS = ["action", "source", "destination", "bytes", "seconds", "etag", "checksum", "error", "dryrun"]


def test_an_upload(aws_s3, s3, records):
    aws_s3.write("é", "hello")
    code, found, stderr = records("cp é s3://b/d/")
    (record,) = found.values()
    assert (code, stderr, list(record)) == (0, "", FIELDS)
    assert 0 < record.pop("seconds") < 60
    assert record.pop("checksum") in ("crc32:NhCmhg==", "crc64nvme:M3eFcAZSQlc=")
    assert record == {
        "action": "upload",
        "source": "./é",
        "destination": "s3://b/d/é",
        "bytes": 5,
        "etag": s3.buckets["b"]["d/é"].etag,
        "error": None,
        "dryrun": False,
    }


@pytest.mark.parametrize(
    ("words", "action", "source", "destination", "size"),
    [
        ("cp s3://b/k f", "download", "s3://b/k", "./f", 3),
        ("cp s3://b/big f", "download", "s3://b/big", "./f", 9 << 20),
        ("cp s3://b/k s3://b/l", "copy", "s3://b/k", "s3://b/l", 3),
        ("cp s3://b/big s3://b/l", "copy", "s3://b/big", "s3://b/l", 9 << 20),
        ("mv s3://b/k s3://b/l", "move", "s3://b/k", "s3://b/l", 3),
        ("mv s3://b/k f", "move", "s3://b/k", "./f", 3),
        ("mv g s3://b/g", "move", "./g", "s3://b/g", 4),
        ("rm s3://b/k", "delete", "s3://b/k", None, None),
        ("rm s3://b/k --recursive --exclude x", None, None, None, None),
        ("rm s3://b --recursive --exclude big", "delete", "s3://b/k", None, None),
        ("sync . s3://c", "upload", "./g", "s3://c/g", 4),
    ],
)
def test_actions(aws_s3, s3, records, words, action, source, destination, size):
    s3.put("b", "k", b"123")
    s3.put("b", "big", big(9))
    s3.bucket("c")
    aws_s3.write("g", "1234")
    dry_code, dry, _ = records(f"{words} --dryrun")
    code, found, stderr = records(words)
    assert (code, dry_code, stderr) == (0, 0, "")
    if action is None:
        assert (found, dry) == ({}, {})
        return
    assert list(found) == list(dry) == [source]
    for record, dryrun in ((found[source], False), (dry[source], True)):
        assert [record[name] for name in ("action", "destination", "bytes", "error", "dryrun")] == [
            action, destination, size, None, dryrun
        ]  # fmt: skip
        assert (record["seconds"] is None) is dryrun
    assert bool(found[source]["etag"]) is (action != "delete")


def test_failures_have_records_and_lines(aws_s3, s3, records):
    aws_s3.write("d/a", "1")
    aws_s3.write("d/b", "22")
    s3.fail("PUT", "/b/b", status=403, code="AccessDenied", message="no")
    code, found, stderr = records("cp d s3://b --recursive")
    assert code == 1
    error = "An error occurred (AccessDenied) when calling the PutObject operation: no"
    assert stderr == f"upload failed: d/b to s3://b/b {error}\n"
    assert {source: record["error"] for source, record in found.items()} == {"d/a": None, "d/b": error}
    assert found["d/b"]["bytes"] == 2
    code, found, _ = records("cp d s3://b --recursive --only-show-errors")
    assert (code, list(found)) == (1, ["d/b"])
    code, found, stderr = records("cp d s3://b --recursive --quiet")
    assert (code, found, stderr) == (1, {}, "")


def test_deletions_of_a_sync(aws_s3, s3, records):
    aws_s3.write("d/old", "1")
    code, found, _ = records("sync s3://b d --delete --dryrun")
    assert (code, found["d/old"]["action"], found["d/old"]["dryrun"]) == (0, "delete", True)
    code, found, _ = records("sync s3://b d --delete")
    assert (code, found["d/old"]["action"], found["d/old"]["dryrun"]) == (0, "delete", False)
    assert not (aws_s3.home / "d/old").exists()


def test_what_is_kept_has_records(aws_s3, s3, records):
    aws_s3.write("d/old", "1")
    aws_s3.write("d/k", "1")
    s3.put("b", "k", b"22")
    words = "sync s3://b d --delete --backup-dir kept"
    for options in (" --dryrun", ""):
        code, found, stderr = records(words + options)
        assert (code, stderr) == (0, "")
        assert found["d/old"]["destination"] == "kept/old"
        assert found["s3://b/k"]["dryrun"] is bool(options)
    assert (aws_s3.home / "kept/old").exists()


def test_sources_without_objects_have_records(aws_s3, s3, records):
    s3.put("b", "a1", b"1")
    code, found, stderr = records("rm s3://b/a* s3://b/x*")
    assert code == 1
    assert stderr.startswith("rm failed: s3://b/x* ")
    assert found["s3://b/a1"]["error"] is None
    assert found["s3://b/x*"]["action"] == "delete"
    assert found["s3://b/x*"]["error"]


def test_streams(aws_s3, s3, records):
    code, found, _ = records("cp - s3://b/k", stdin=b"12345")
    assert (code, found["-"]["action"], found["-"]["bytes"]) == (0, "upload", 5)
    done = aws_s3("s3 cp s3://b/k - --json")
    assert done.code == 252
    assert "--json" in done.message


def test_no_abbreviation_stands_for_it(aws_s3, s3):
    for word in ("ls", "du", "find"):
        assert aws_s3(f"s3 {word} s3://b --jso").code == 252
