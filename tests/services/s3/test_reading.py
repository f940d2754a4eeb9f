"""`du`, `find`, `tree`, `cat` and `head`: whole commands against the stand-in."""

import base64
import json
import subprocess
import sys
import tracemalloc
import zlib
from datetime import datetime, timedelta, timezone

import pytest

from awsmini.services.s3.usage import Sums
from tests.services.s3.scenarios import big
from tests.terminal import PROJECT

KEYS = {
    "a.txt": 10,
    "logs/2025/x.gz": 1024,
    "logs/2026/01/y.gz": 2048,
    "logs/2026/z é.gz": 512,
    "logs/notes": 1,
    "zoo/": 0,
}


@pytest.fixture
def filled(s3):
    for key, size in KEYS.items():
        s3.put("b", key, b"x" * size, modified=datetime(2024, 1, 1, tzinfo=timezone.utc))
    return s3


def lines(outcome):
    assert outcome.stderr == ""
    return [line.split(None, 2) for line in outcome.stdout.splitlines()]


# du


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        ("s3://b", ["3585 4 s3://b/logs/", "0 1 s3://b/zoo/", "3595 6 s3://b/"]),
        ("s3://b --summarize", ["3595 6 s3://b/"]),
        ("s3://b --depth 0", ["3595 6 s3://b/"]),
        (
            "s3://b --depth 2",
            [
                "3585 4 s3://b/logs/",
                "1024 1 s3://b/logs/2025/",
                "2560 2 s3://b/logs/2026/",
                "0 1 s3://b/zoo/",
                "3595 6 s3://b/",
            ],
        ),
        (
            "s3://b/logs/ --depth 9 --sort size",
            [
                "2560 2 s3://b/logs/2026/",
                "2048 1 s3://b/logs/2026/01/",
                "1024 1 s3://b/logs/2025/",
                "3585 4 s3://b/logs/",
            ],
        ),
        ("s3://b/logs/2", ["1024 1 s3://b/logs/2025/", "2560 2 s3://b/logs/2026/", "3584 3 s3://b/logs/2"]),
        ("s3://b/a s3://b/logs/2025/ --page-size 1", ["10 1 s3://b/a", "1024 1 s3://b/logs/2025/"]),
        ("", ["3595 6 s3://b/", "5 1 s3://c/"]),
    ],
)
def test_du(aws_s3, filled, words, rows):
    filled.put("c", "d/k", b"12345")
    assert [" ".join(row) for row in lines(aws_s3(f"s3 du {words}"))] == rows


def test_du_for_people(aws_s3, filled):
    done = aws_s3("s3 du s3://b/logs/ --human-readable --sort size")
    assert done.stdout == (
        "     2.5 KiB          2 s3://b/logs/2026/\n"
        "     1.0 KiB          1 s3://b/logs/2025/\n"
        "     3.5 KiB          4 s3://b/logs/\n"
    )


@pytest.mark.parametrize("page_size", [1, 2, 1000])
def test_du_counts_old_versions(aws_s3, filled, page_size):
    filled.old_versions["b"] = [
        ("a.txt", b"x" * 5),
        ("a.txt", b"x" * 6),
        ("gone/k é", b"x" * 7),
        ("logs/2025/x.gz", b""),
    ]
    done = aws_s3(f"s3 du s3://b --versions --page-size {page_size}")
    assert [" ".join(row) for row in lines(done)] == [
        "7 1 s3://b/gone/",
        "3585 5 s3://b/logs/",
        "0 1 s3://b/zoo/",
        "3613 10 s3://b/",
    ]


def test_du_keeps_nothing_but_the_sums_that_are_shown():
    sums = Sums("", 1)
    tracemalloc.start()
    for number in range(300):
        sums.add((f"f{number % 3}/{number}/{at}", 2) for at in range(100))
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [(name, found.bytes, found.objects) for name, found in sums.rows("name")] == [
        (f"f{at}/", 20_000, 10_000) for at in range(3)
    ]
    assert held < 20_000


# find


@pytest.mark.parametrize(
    ("tests", "found"),
    [
        ("", [*KEYS]),
        ("--name *.gz", ["logs/2025/x.gz", "logs/2026/01/y.gz", "logs/2026/z é.gz"]),
        ("--name [!xy]*.gz", ["logs/2026/z é.gz"]),
        ("--name zoo", ["zoo/"]),
        ("--name logs", []),
        ("--path logs/*/y.gz", ["logs/2026/01/y.gz"]),
        ("--path *notes --larger 0", ["logs/notes"]),
        ("--larger 1KiB", ["logs/2026/01/y.gz"]),
        ("--larger 1023 --smaller 1025", ["logs/2025/x.gz"]),
        ("--smaller 1", ["zoo/"]),
        ("--newer 3d", ["new"]),
        ("--newer 2d --older 1d", []),
        ("--older 2024-01-01", []),
        ("--older 2024-01-01T00:00:01Z --name *.txt", ["a.txt"]),
        ("--newer 2024-01-01 --name a*", ["a.txt"]),
        ("--newer 2024-01-01T00:00:01 --name a*", []),
        ("--storage-class GLACIER", ["new"]),
        ("--storage-class STANDARD --name n*", ["logs/notes"]),
    ],
)
def test_find(aws_s3, filled, tests, found):
    if "new" in found or "--newer 2d" in tests:
        modified = datetime.now(timezone.utc) - timedelta(hours=30 if found else 50)
        filled.put("b", "new", b"", modified=modified, x_amz_storage_class="GLACIER")
    done = aws_s3(f"s3 find s3://b --page-size 2 {tests}".split())
    assert done.stdout == "".join(f"s3://b/{key}\n" for key in found)
    assert (done.code, done.stderr) == (0 if found else 1, "")


def test_find_ends_names_with_nul(aws_s3, filled):
    filled.put("b", "zz\nz")
    for option in ("-0", "--print0"):
        done = aws_s3(["s3", "find", "s3://b/z", "s3://b/a", option])
        assert done.stdout == "s3://b/zoo/\0s3://b/zz\nz\0s3://b/a.txt\0"


# tree


def test_tree(aws_s3, filled):
    done = aws_s3("s3 tree s3://b --page-size 1")
    assert done.stdout == (
        "s3://b/\n"
        "├── a.txt\n"
        "├── logs/\n"
        "│   ├── 2025/\n"
        "│   │   └── x.gz\n"
        "│   ├── 2026/\n"
        "│   │   ├── 01/\n"
        "│   │   │   └── y.gz\n"
        "│   │   └── z é.gz\n"
        "│   └── notes\n"
        "└── zoo/\n"
        "\n"
        "5 folders, 5 objects\n"
    )


def test_tree_asks_for_nothing_below_its_depth(aws_s3, filled):
    done = aws_s3("s3 tree s3://b/logs/ --depth 1 --human-readable")
    assert done.stdout == ("s3://b/logs/\n├── 2025/\n├── 2026/\n└── [    1 Byte]  notes\n\n2 folders, 1 object\n")
    assert len(filled.log) == 1
    assert aws_s3("s3 tree s3://b/logs/2").stdout.startswith("s3://b/logs/2\n├── 2025/\n")


def test_tree_where_the_encoding_has_no_lines(aws_s3, filled):
    done = aws_s3.run("s3 tree s3://b/logs/2026/", env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert done.stdout == ("s3://b/logs/2026/\n|-- 01/\n|   `-- y.gz\n`-- z ?.gz\n\n1 folder, 2 objects\n")


# cat


def test_cat_writes_objects_in_their_order(aws_s3, s3):
    s3.put("b", "big", big(20))
    s3.put("b", "k", b"small\0\xff")
    done = aws_s3("s3 cat s3://b/k s3://b/big s3://b/k")
    assert done.stdout_bytes == b"small\0\xff" + big(20) + b"small\0\xff"
    assert (done.code, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("span", "content"),
    [("0-2", b"012"), ("bytes=3-3", b"3"), ("7-", b"789"), ("-4", b"6789"), ("8-100", b"89")],
)
def test_cat_a_range(aws_s3, s3, span, content):
    s3.put("b", "k", b"0123456789")
    done = aws_s3(["s3", "cat", "s3://b/k", f"--range={span}"])
    assert (done.code, done.stdout_bytes) == (0, content)


@pytest.mark.parametrize("options", ["", " --range 5-"])
def test_cat_goes_on_where_it_broke(aws_s3, s3, options):
    content = big(2)
    s3.put("b", "k", content)
    s3.fail("GET", "/b/k", action="cut", after=1_000_000, times=1)
    done = aws_s3(f"s3 cat s3://b/k{options}")
    assert done.stdout_bytes == content[5 if options else 0 :]
    assert done.code == 0
    asked = [request.headers for request in s3.log if request.method == "GET"]
    assert len(asked) == 2
    assert asked[1]["if-match"].strip('"') == s3.buckets["b"]["k"].etag


def test_cat_of_an_object_that_changes_on_the_way(aws_s3, s3):
    s3.put("b", "k", big(2))
    s3.fail("GET", "/b/k", action="cut", after=1_000_000, times=1)
    s3.fail("GET", "/b/k", status=412, code="PreconditionFailed")
    done = aws_s3("s3 cat s3://b/k --range 0-")
    assert done.code == 255
    assert "did not match expected ETag" in done.stderr


def test_cat_checks_what_it_reads(aws_s3, s3):
    wrong = base64.b64encode(zlib.crc32(b"other").to_bytes(4, "big")).decode()
    s3.put("b", "k", b"content", sums={"crc32": wrong})
    done = aws_s3("s3 cat s3://b/k")
    assert done.code == 255
    assert "checksum" in done.stderr
    assert done.stdout == ""


def test_cat_tells_what_is_not_there(aws_s3, s3):
    s3.put("b", "k", b"x")
    done = aws_s3("s3 cat s3://b/none s3://b/k")
    assert (done.code, done.stdout) == (1, "x")
    assert done.stderr.startswith("cat failed: s3://b/none An error occurred (404)")
    done = aws_s3("s3 cat s3://b/none --range 0-1")
    assert (done.code, done.stdout) == (1, "")
    assert done.stderr.startswith("cat failed: s3://b/none An error occurred (NoSuchKey)")


# head


def test_head(aws_s3, s3):
    s3.put("b", "d/k é", b"hello", content_type="text/x", metadata={"by": "ann"}, sums={"crc32": "NhCmhg=="})
    found = aws_s3(["s3", "head", "s3://b/d/k é"]).json
    assert found["ContentLength"] == 5
    assert (found["ContentType"], found["Metadata"], found["ChecksumCRC32"]) == ("text/x", {"by": "ann"}, "NhCmhg==")
    assert found["LastModified"] == "2024-06-01T12:00:00+00:00"
    assert "ResponseMetadata" not in found
    assert aws_s3(["s3", "head", "s3://b/d/k é", "--query", "ContentLength", "--output", "text"]).stdout == "5\n"
    aws_s3(["s3", "head", "s3://b/d/k é", "--version-id", "v 1", "--request-payer"])
    assert s3.log[-1].query["versionId"] == "v 1"
    assert s3.log[-1].headers["x-amz-request-payer"] == "requester"


@pytest.mark.parametrize("words", ["cat s3://b/k", "cat s3://b/k --range 0-", "head s3://b/k"])
def test_keys_of_the_users_own(aws_s3, s3, words):
    s3.put("b", "k", b"x")
    aws_s3.write("key", b"k" * 32)
    assert aws_s3(f"s3 {words} --sse-c --sse-c-key fileb://key").code == 0
    for request in s3.log:
        assert request.headers["x-amz-server-side-encryption-customer-key"] == base64.b64encode(b"k" * 32).decode()


# all of them


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("du s3://b/none/", 1),
        ("du s3://empty", 0),
        ("du s3://b/none s3://b/a", 1),
        ("find s3://b/none", 1),
        ("tree s3://b/none", 1),
        ("tree s3://empty", 0),
        ("head s3://b/none", 1),
        ("cat s3://b/none", 1),
        ("du s3://nob", 254),
        ("du s3://nob --versions", 254),
        ("find s3://nob", 254),
        ("tree s3://nob/x", 254),
        ("cat s3://b/denied", 254),
        ("cat s3://b/denied --range 0-", 254),
        ("head s3://b/denied", 254),
        ("cat s3://b/a.txt --range 1000-", 254),
        ("du b", 252),
        ("find s3://", 252),
        ("find", 252),
        ("tree b/x", 252),
        ("cat s3://b", 252),
        ("head s3://b/", 252),
        ("cat s3://b/a.txt --range 5", 252),
        ("cat s3://b/a.txt --range 5-4", 252),
        ("cat s3://b/a.txt --sse-c", 252),
        ("du s3://b --depth x", 252),
        ("du s3://b --depth=-1", 252),
        ("du s3://b --sort age", 252),
        ("tree s3://b --depth 0", 252),
        ("find s3://b --larger x", 252),
        ("find s3://b --older soon", 252),
        ("find s3://b --newer 99999999w", 252),
        ("find s3://b --storage-class COLD", 252),
    ],
)
def test_exit_codes(aws_s3, filled, words, code):
    filled.bucket("empty")
    filled.fail("*", "/b/denied", status=403, code="AccessDenied")
    done = aws_s3(f"s3 {words}")
    assert done.code == code
    assert "Traceback" not in done.stderr
    assert bool(done.stderr) is (code > 1 or words.startswith(("cat", "head")))


@pytest.mark.parametrize("line", ["du s3://b", "find s3://b", "tree s3://b", "cat s3://b/big", "head s3://b/big"])
def test_a_reader_that_leaves(aws_s3, filled, line):
    filled.put("b", "big", big(9))
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m awsmini s3 {line} | true; echo ${{PIPESTATUS[0]}}"],
        cwd=aws_s3.home,
        env={**aws_s3.env, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert int(done.stdout) in (0, 255)  # 255: it was told that nobody reads
    assert "Traceback" not in done.stderr


def test_json_of_lists(aws_s3, filled):
    def records(words):
        return [json.loads(line) for line in aws_s3(f"s3 {words}").stdout.splitlines()]

    (found,) = records("find s3://b --name a* --json")
    etag = filled.buckets["b"]["a.txt"].etag
    assert found == {
        "action": "list",
        "source": "s3://b/a.txt",
        "destination": None,
        "bytes": 10,
        "seconds": None,
        "etag": etag,
        "checksum": None,
        "error": None,
        "dryrun": False,
        "last_modified": "2024-01-01T00:00:00.000Z",
        "storage_class": "STANDARD",
    }
    listed = records("ls s3://b --json --summarize")
    assert [record["source"] for record in listed] == ["s3://b/logs/", "s3://b/zoo/", "s3://b/a.txt", "s3://b/"]
    assert listed[2] == found
    assert (listed[3]["action"], listed[3]["bytes"], listed[3]["objects"]) == ("summarize", 10, 1)
    assert [record["source"] for record in records("ls s3://b --recursive --json")] == [f"s3://b/{key}" for key in KEYS]
    (bucket,) = records("ls --json")
    assert (bucket["source"], bucket["created"]) == ("s3://b/", "2024-06-01T12:00:00.000Z")
    sums = records("du s3://b/logs/ --json")
    assert [(record["action"], record["source"], record["bytes"], record["objects"]) for record in sums] == [
        ("sum", "s3://b/logs/2025/", 1024, 1),
        ("sum", "s3://b/logs/2026/", 2560, 2),
        ("sum", "s3://b/logs/", 3585, 4),
    ]
    assert aws_s3("s3 ls s3://b/none --json").code == 1
