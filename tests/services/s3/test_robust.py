"""Servers, networks, trees and keys that are not as one would wish them."""

import base64
import os
import threading
from dataclasses import replace

import pytest

from awsmini import log
from awsmini.transfer import sender
from awsmini.transfer.blocking import BlockingConnection
from awsmini.transfer.template import Origin
from tests.services.s3.scenarios import big
from tests.services.s3.stand_in import _Refused

KEY, COPY_KEY = "0123456789abcdefSECRETKEYOFMINE0", "fedcba9876543210COPYKEYOFMINE000"
TOKEN, PASSWORD = "FwoGZXIvYXdzEXAMPLE/token==", "proxy-password"
SSE = f"--sse-c AES256 --sse-c-key {KEY}"
EXPRESS = "box--use1-az4--x-s3"


@pytest.fixture
def odd(s3):
    """The stand-in with ways of its own, for one test."""
    yield s3
    s3.chunked = s3.closes = False
    s3.session_seconds = 300.0
    s3.__dict__.pop("_inject", None)


# What --debug tells


@pytest.mark.parametrize("proxies", [False, True])
@pytest.mark.parametrize(
    "line",
    [
        f"cp d s3://b/z --recursive {SSE}",
        f"cp s3://b/k - {SSE}",
        f"cp s3://b/big g {SSE}",
        f"mv s3://b/big s3://b/l {SSE} --sse-c-copy-source AES256 --sse-c-copy-source-key={COPY_KEY}",
        f"cat s3://b/k {SSE}",
        f"cp d s3://none/z --recursive {SSE}",
        "presign s3://b/k",
        "rm s3://b --recursive",
    ],
)
def test_no_secret_is_told(aws_s3, s3, line, proxies):
    aws_s3.write("d/f", "x")
    aws_s3.write("d/big", big(9))
    s3.put("b", "k", b"x")
    s3.put("b", "big", big(9))
    env = {"AWS_SESSION_TOKEN": TOKEN}
    if proxies:
        env |= {"HTTP_PROXY": f"http://user:{PASSWORD}@127.0.0.1:9", "NO_PROXY": "127.0.0.1"}
    done = aws_s3(f"s3 {line} --debug", env=env)
    log.stop()
    assert "DEBUG" in done.stderr
    told = done.stderr_bytes + (b"" if line.startswith("presign") else done.stdout_bytes)
    for secret in (KEY, COPY_KEY, TOKEN, PASSWORD, aws_s3.env["AWS_SECRET_ACCESS_KEY"]):
        for form in (secret.encode(), base64.b64encode(secret.encode())):
            assert form not in told, next(each for each in told.splitlines() if form in each)[:500]


# Answers in other forms, and connections that end


@pytest.mark.parametrize("way", ["chunked", "closes"])
def test_other_ways_of_answering(aws_s3, odd, way):
    """Bodies without a length; connections that end after each answer, without a word."""
    setattr(odd, way, True)
    files = {"d/big": big(9), "d/empty": b"", **{f"d/{number}": b"x" * number for number in range(1, 40)}}
    for path, content in files.items():
        aws_s3.write(path, content)
    for line in (
        "sync d s3://b",
        "sync s3://b e --page-size 7",
        "cp s3://b s3://b/copy --recursive --copy-props none --exclude copy/*",
        "cp s3://b/big one",
        "mv s3://b/copy f --recursive --page-size 1",
        "rm s3://b --recursive",
    ):
        done = aws_s3(f"s3 {line} --only-show-errors")
        assert (done.code, done.stdout, done.stderr) == (0, "", ""), (line, done.stderr)
    for folder in ("e", "f"):
        found = {f"d/{path.name}": path.read_bytes() for path in (aws_s3.home / folder).iterdir()}
        assert found == files
    assert not odd.buckets["b"]


def test_a_server_that_takes_its_time(aws_s3, s3):
    """Answers that come late are waited for, as long as the timeout allows."""
    aws_s3.write("f", "x")
    s3.fail("PUT", "/b/f", action="headers", seconds=1.2, times=1)
    assert aws_s3("s3 cp f s3://b/f --cli-read-timeout 4 --quiet").code == 0
    assert len(s3.log) == 1


def test_a_storm_of_slow_down(aws_s3, s3):
    """Each request is refused once; nothing fails, and each is repeated once."""
    for number in range(60):
        aws_s3.write(f"d/{number}", "x")
    refused = set()

    def inject(request):
        if request.method == "PUT" and request.path not in refused:
            refused.add(request.path)
            raise _Refused(503, "SlowDown", "Please reduce your request rate.")

    s3._inject = inject
    try:
        done = aws_s3("s3 cp d s3://b --recursive --quiet")
    finally:
        del s3.__dict__["_inject"]
    assert (done.code, len(s3.buckets["b"])) == (0, 60)
    assert len(s3.log) == 120


@pytest.mark.parametrize("status", [301, 307, 400])
@pytest.mark.parametrize("size", [1, 9 * 1024 * 1024], ids=["small", "large"])
def test_a_bucket_of_another_region(aws_s3, odd, status, size):
    code = {301: "PermanentRedirect", 307: "TemporaryRedirect", 400: "AuthorizationHeaderMalformed"}[status]
    odd.regions["b"] = "eu-central-1"

    def inject(request):
        if "/us-east-1/" in request.headers.get("authorization", "") and request.method != "HEAD":
            extra = "<Region>eu-central-1</Region>" if status == 400 else ""
            raise _Refused(status, code, "elsewhere", extra)

    odd._inject = inject
    aws_s3.write("d/f", b"x" * size)
    for line in ("sync d s3://b", "cp s3://b e --recursive", "mv s3://b s3://b/c --recursive", "rm s3://b --recursive"):
        done = aws_s3(f"s3 {line} --only-show-errors")
        assert (done.code, done.stderr) == (0, ""), line
    assert (aws_s3.home / "e/f").stat().st_size == size
    assert not odd.buckets["b"]


# Directory buckets


def test_sessions_of_a_directory_bucket(aws_s3, odd):
    odd.bucket(EXPRESS)
    for number in range(30):
        aws_s3.write(f"d/{number}", "x")
    aws_s3.write("d/big", big(9))
    for line, done in (
        (f"cp d s3://{EXPRESS} --recursive", 31),
        (f"cp s3://{EXPRESS} e --recursive", 31),
        (f"rm s3://{EXPRESS} --recursive", 0),
    ):
        odd.sessions = 0
        odd.log.clear()
        assert aws_s3(f"s3 {line} --quiet").code == 0
        assert odd.sessions == 1, line
        assert len(odd.buckets[EXPRESS]) == done
        for request in odd.log:
            token = request.headers.get("x-amz-s3session-token")
            assert token == (None if "session" in request.query else "session-1"), request.line
            assert ("AKIDEXAMPLE/" in request.headers["authorization"]) == ("session" in request.query)
    assert len(list((aws_s3.home / "e").iterdir())) == 31


def test_sessions_are_renewed(aws_s3, odd):
    """Before they expire: what lasts for less than a while is asked for anew, and nothing is signed with what is old."""
    odd.bucket(EXPRESS)
    odd.session_seconds = 46.0  # a second before it is time
    odd.fail("PUT", EXPRESS, action="headers", seconds=0.15)
    for number in range(90):
        aws_s3.write(f"d/{number}", "x")
    assert aws_s3(f"s3 cp d s3://{EXPRESS} --recursive --quiet", env={"AWS_CONFIG_FILE": str(slow(aws_s3))}).code == 0
    tokens = [request.headers["x-amz-s3session-token"] for request in odd.log if request.method == "PUT"]
    assert len(set(tokens)) > 1
    assert len(set(tokens)) <= odd.sessions < 60


def slow(aws_s3):
    path = aws_s3.home.parent / "config"
    path.write_text("[default]\ns3 =\n  max_concurrent_requests = 6\n")
    return path


# Trees that change


@pytest.mark.parametrize("change", ["gone", "folder", "shorter", "longer"])
def test_a_file_that_changes_after_it_was_listed(aws_s3, s3, change):
    """What is there when its turn comes goes up whole, or fails by itself."""
    for number in range(600):
        aws_s3.write(f"d/{number:03}", "x" * 10)
    last = aws_s3.home / "d/599"

    def alter(request, stage):
        if stage == "came" and not alter.done:
            alter.done = True
            last.unlink()
            if change == "folder":
                last.mkdir()
            elif change != "gone":
                last.write_bytes(b"y" * (3 if change == "shorter" else 3000))

    alter.done = False
    s3.watch = alter
    try:
        done = aws_s3("s3 cp d s3://b --recursive --no-progress")
    finally:
        s3.watch = lambda request, stage: None
    assert len(done.stdout.splitlines()) + len(done.stderr.splitlines()) == 600
    if change in ("gone", "folder"):
        assert done.code == (2 if change == "gone" else 1)  # gone before its turn to be looked at
        assert "d/599. File does not exist." in done.stderr or "d/599 to s3://b/599 [Errno 21]" in done.stderr
        assert len(s3.buckets["b"]) == 599
    else:
        assert (done.code, done.stderr) == (0, "")
        assert s3.buckets["b"]["599"].body == last.read_bytes()


def test_objects_that_vanish_after_they_were_listed(aws_s3, s3):
    for number in range(40):
        s3.put("b", f"{number:02}", b"x")
    waiting = threading.Event()

    def remove(request, stage):
        if stage == "came" and request.method == "GET" and "list-type" not in request.query and not waiting.is_set():
            waiting.set()
            del s3.buckets["b"]["39"]

    s3.watch = remove
    try:
        done = aws_s3("s3 mv s3://b e --recursive --no-progress")
    finally:
        s3.watch = lambda request, stage: None
    assert done.code == 1
    assert done.stderr == (
        "move failed: s3://b/39 to e/39 An error occurred (NoSuchKey) when calling the GetObject operation: "
        "The specified key does not exist.\n"
    )
    assert len(os.listdir(aws_s3.home / "e")) == 39
    assert not s3.buckets["b"]


# Keys

HOSTILE = [  # of keys that are there alone: whether they come down
    ("../up", False),
    ("a/../../up", False),
    ("..", False),
    (".", False),
    ("a/..", False),
    ("a/../b", True),
    ("./b", True),
    ("/etc/x", True),
    ("//x", True),
    ("a//b", True),
    ("a/./b", True),
    ("...", True),
    ("..a/b", True),
    ("a\x01\x1f\x7f", True),
    ("line\nbreak\ttab\r", True),
    ("x" * 255, True),
    ("x" * 256, False),
    ("/".join(["y" * 127] * 8), True),  # of 1,023 bytes
    ("ü" * 127, True),
    ("\u00e9 and e\u0301", True),
    ("\\..\\..\\x", True),
    ("~/x", True),
    ("-rf", True),
    ("C:x", True),
    ("%2e%2e/x", True),
    ("a b+c&d=e?f#g;h", True),
    ("\U0001f600", True),
]


@pytest.mark.parametrize("command", ["cp", "sync", "mv"])
@pytest.mark.parametrize(("key", "comes"), HOSTILE, ids=lambda value: ascii(value)[:20])
def test_hostile_keys(aws_s3, s3, command, key, comes):
    """Each comes down to its place below the folder and goes up again, or is refused; nothing is written elsewhere."""
    s3.put("b", f"p/{key}", b"content")
    words = ["s3", command, "s3://b/p", "in/side", "--no-progress", *([] if command == "sync" else ["--recursive"])]
    done = aws_s3(words)
    inside = [path for path in (aws_s3.home / "in/side").rglob("*") if path.is_file()]
    everywhere = [path for path in aws_s3.home.parent.rglob("*") if path.is_file() and "awsmini" not in str(path)]
    assert everywhere == inside
    assert (done.code == 0) == comes == bool(inside), done.stderr
    assert "Traceback" not in done.stderr
    assert (f"p/{key}" in s3.buckets["b"]) == (command != "mv" or not comes)
    if not comes:
        return
    assert [path.read_bytes() for path in inside] == [b"content"]
    assert aws_s3(["s3", "cp", "in/side", "s3://b/q", "--recursive", "--quiet"]).code == 0
    normal = os.path.normpath(f"q/{key}")
    assert [name for name in s3.buckets["b"] if name.startswith("q/")] == [normal.replace("//", "/")]


def test_keys_that_are_folders_of_others(aws_s3, s3):
    """One of each two has its place; the other fails with a line, and nothing is lost."""
    for key in ("a", "a/b", "c/", "c/d", "A", "\u00e9", "e\u0301"):
        s3.put("b", key, key.encode())
    done = aws_s3("s3 mv s3://b e --recursive --no-progress")
    assert done.code == 1
    there = {str(path.relative_to(aws_s3.home / "e")) for path in (aws_s3.home / "e").rglob("*") if path.is_file()}
    assert there | set(s3.buckets["b"]) == {"a", "a/b", "c/", "c/d", "A", "\u00e9", "e\u0301"}
    assert set(s3.buckets["b"]) in ({"a", "c/"}, {"a/b", "c/"}), done.stderr


def test_a_proxy_is_never_passed_by(aws_s3, s3):
    """The service is known to the proxy alone: what goes past it does not arrive."""
    env = {"AWS_ENDPOINT_URL": "http://nowhere.invalid", "HTTP_PROXY": s3.url, "AWS_MAX_ATTEMPTS": "1"}
    files = {"d/big": big(9), "d/small": b"x", "d/sub/empty": b""}
    for path, content in files.items():
        aws_s3.write(path, content)
    for line in (
        "sync d s3://b/p",
        "sync s3://b/p e",
        "cp s3://b/p s3://b/q --recursive --copy-props none",
        "mv s3://b/p s3://b/r --recursive",
        "mv s3://b/q f --recursive",
        "mv d s3://b/s --recursive",
        "rm s3://b/r --recursive",
        "rm s3://b/s/small",
    ):
        done = aws_s3(f"s3 {line} --only-show-errors", env=env)
        assert (done.code, done.stdout, done.stderr) == (0, "", ""), (line, done.stderr)
    assert aws_s3("s3 ls s3://b --recursive", env=env).stdout.split()[3::4] == ["s/big", "s/sub/empty"]
    for folder in ("e", "f"):
        root = aws_s3.home / folder
        found = {f"d/{path.relative_to(root)}": path.read_bytes() for path in root.rglob("*") if path.is_file()}
        assert found == files
    assert not [path for path in (aws_s3.home / "d").rglob("*") if path.is_file()]


# Access points of many regions, whose requests are signed for all of them at once, by threads

POINT = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"
POINT_HOST = "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com"


def test_an_access_point_of_many_regions(aws_s3, s3, monkeypatch):
    del aws_s3.env["AWS_ENDPOINT_URL"]
    here = Origin("http", "127.0.0.1", int(s3.url.rpartition(":")[2]))
    hosts = set()

    def connection(origin, *more):
        hosts.add((origin.scheme, origin.host))
        return BlockingConnection(here, *more)

    answered = s3.answer
    monkeypatch.setattr(sender, "BlockingConnection", connection)
    monkeypatch.setattr(s3, "answer", lambda request: answered(replace(request, path=f"/b{request.path}")))
    files = {"d/big": big(9), "d/small": b"x", "d/sub/empty": b""}
    for path, content in files.items():
        aws_s3.write(path, content)
    for line in (
        f"cp d s3://{POINT} --recursive",
        f"sync d s3://{POINT}",
        f"cp s3://{POINT} e --recursive",
        f"mv s3://{POINT}/small there",
        f"mv there s3://{POINT}/moved",
        f"cp s3://{POINT}/big one",
    ):
        done = aws_s3(f"s3 {line} --only-show-errors")
        assert (done.code, done.stdout, done.stderr) == (0, "", ""), (line, done.stderr)
    assert aws_s3(f"s3 ls s3://{POINT} --recursive").stdout.split()[3::4] == ["big", "moved", "sub/empty"]
    assert {
        f"d/{path.relative_to(aws_s3.home / 'e')}" for path in (aws_s3.home / "e").rglob("*") if path.is_file()
    } == set(files)
    assert (aws_s3.home / "one").read_bytes() == files["d/big"]
    assert aws_s3(f"s3 rm s3://{POINT} --recursive --quiet").code == 0
    assert not s3.buckets["b"]
    assert hosts == {("https", POINT_HOST)}
    for request in s3.log:
        assert request.headers["authorization"].startswith("AWS4-ECDSA-P256-SHA256 "), request.line
        assert request.headers["x-amz-region-set"] == "*"
        assert request.headers["host"] == POINT_HOST


@pytest.mark.parametrize("line", ["cp s3://b s3://c --recursive", "sync s3://b s3://c", "mv s3://b/big s3://c/big"])
def test_source_and_target_in_two_regions(aws_s3, s3, line):
    """The source is read, and after a move deleted, in its region; all else is asked for in the other one."""
    s3.bucket("c")
    s3.put("b", "big", big(9), tags={"a": "b"})
    s3.put("b", "small", b"x")
    assert aws_s3(f"s3 {line} --source-region eu-west-1 --region us-west-2 --quiet").code == 0
    assert s3.buckets["c"]["big"].body == big(9)
    for request in s3.log:
        region = "eu-west-1" if request.path.startswith("/b") else "us-west-2"
        assert f"/{region}/s3/aws4_request" in request.headers["authorization"], request.line
    assert ("big" in s3.buckets["b"]) == (not line.startswith("mv"))
