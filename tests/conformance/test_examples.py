"""The commands that AWS shows as examples make the same requests as AWS CLI v1 makes of them.

The examples come with the `awscli` package, which pip fetches once into a cache outside the repository. v1 runs in a
process of its own (`v1_driver.py`), awsmini in this one; both take blobs raw, as v1 does. Files that an example names
are made up from the model. A sample of the examples in the default run, all of them with `-m every`.
"""

import base64
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from pprint import pformat
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote
from zlib import crc32

import pytest

from awsmini.app import App
from awsmini.cli import run_in
from awsmini.records import Reply, Request
from tests import oracle
from tests.conformance.aws_examples import examples, with_files

DRIVER = Path(__file__).parent / "v1_driver.py"
CONFIG = """\
[default]
region = us-west-2
cli_binary_format = raw-in-base64-out
cli_follow_urlparam = false
request_checksum_calculation = when_required
s3 =
  us_east_1_regional_endpoint = regional
"""
LIMIT = 4  # requests of one command, as in the driver
PARTS = 4  # for as many test processes
SHARE = 40  # the default run takes one example of so many

# Headers that differ from call to call, from program to program, or that other tests are about.
IGNORED = {
    "accept", "accept-encoding", "amz-sdk-invocation-id", "amz-sdk-request", "authorization", "connection",
    "content-length", "content-md5", "date", "expect", "host", "transfer-encoding", "user-agent", "x-amz-content-sha256",
    "x-amz-date", "x-amz-sdk-checksum-algorithm", "x-amz-trailer",
}  # fmt: skip
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_UNIQUE = re.compile(r"-1\d{9}-\d+\b")  # CloudFront's caller references: a time and a random number
_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/([^,]+),")


class Different(NamedTuple):
    """Where v2, and so awsmini, does otherwise than v1."""

    commands: str  # a pattern for the beginning of a command line
    what: str  # the part of the request; or whether v1 has "accepted" or "refused" the command, and awsmini not
    why: str


CERTIFICATE = "v1 calls the name that the certificate of the host has first, v2 the one that the endpoint rules give"
SPELLING = "v1 has another name for the option"
DIFFERENT = (
    Different("emr ", "url", CERTIFICATE),
    Different("sqs ", "url", CERTIFICATE),
    Different("(rds|docdb|neptune) .*--region us-east-1", "url", CERTIFICATE),
    Different("health describe-events --filter", "url", "v1 calls the one endpoint in us-east-1"),
    Different("importexport get-shipping-label .*--street-1", "accepted", SPELLING),
    Different("deploy list-application-revisions .*--s-3-bucket", "accepted", SPELLING),
    Different("medical-imaging update-image-set-metadata .*--cli-binary-format", "refused", "an option of v2"),
)


class V1:
    """The driver's process."""

    def __init__(self, folder: Path, home: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(DRIVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=home,
            env={**environment(home), "PYTHONPATH": str(folder)},
            text=True,
        )

    def __call__(self, words: list[str]) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        self._process.communicate()


def environment(home: Path) -> dict[str, str]:
    return {
        "HOME": str(home),
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
        "NO_PROXY": "*",
    }


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/config").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def v1(awscli_folder: Path, home: Path) -> Iterator[V1]:
    driver = V1(awscli_folder, home)
    yield driver
    driver.close()


def awsmini(words: list[str], home: Path) -> dict[str, Any]:
    """What the driver answers, from awsmini."""
    requests: list[dict[str, Any]] = []

    def send(request: Request) -> Reply:
        if len(requests) == LIMIT:
            raise RuntimeError("too many requests")
        body = request.body.read() if hasattr(request.body, "read") else request.body or b""
        encoded = base64.b64encode(body).decode()
        requests.append(
            {"method": request.method, "url": request.url, "headers": dict(request.headers), "body": encoded}
        )
        raw = io.BytesIO() if request.stream else None
        return Reply(status=200, reason="OK", headers={}, raw=raw, request=request)

    app = App(
        stdin=io.StringIO(),
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        env={**environment(home), "AWS_MAX_ATTEMPTS": "1"},  # nothing is no answer, and would be asked for again
        sleep=lambda seconds: None,
        open_sender=lambda options: send,
    )
    code = run_in(app, words)
    return {"code": code, "requests": requests, "error": app.stderr.getvalue()}  # type: ignore[attr-defined]


def normal(request: Mapping[str, Any]) -> dict[str, Any]:
    """A request with nothing in it that differs from call to call, in a form that can be compared."""
    headers = {name.lower(): value for name, value in request["headers"].items()}
    scope = _SCOPE.search(headers.get("authorization", ""))
    text = base64.b64decode(request["body"]).decode("latin-1")
    return {
        "method": request["method"],
        "url": _UUID.sub("UUID", request["url"]),
        "scope": scope[1] if scope else headers.get("authorization"),
        "headers": {name: _UUID.sub("UUID", headers[name]) for name in sorted(headers.keys() - IGNORED)},
        "body": _body(_UNIQUE.sub("-N", _UUID.sub("UUID", text)), headers.get("content-type", "")),
    }


def _body(text: str, content_type: str) -> Any:
    if content_type.startswith("application/x-www-form-urlencoded"):
        return {name: _form_value(name, value) for name, value in parse_qsl(text, keep_blank_values=True)}
    try:
        return json.loads(text)
    except ValueError:
        return text


def _form_value(name: str, value: str) -> str:
    """Values of the query protocol that hold a time or a signature of their own."""
    if name == "PresignedUrl":
        return re.sub(r"(X-Amz-(?:Date|Signature))=\w+", r"\1=", unquote(value))
    if name == "Storage.S3.UploadPolicy":
        return re.sub(r'"expiration": "[^"]*"', '"expiration": ""', base64.b64decode(value).decode())
    return "" if name == "Storage.S3.UploadPolicySignature" else value


def difference(words: list[str], v1: V1, home: Path) -> dict[str, Any]:
    """What differs, by part of the request, v1's and awsmini's. Nothing does where v1 has the command from a hand."""
    theirs = v1(words)
    if not theirs["generated"]:
        return {}
    ours = awsmini(words, home)
    if bool(theirs["requests"]) != bool(ours["requests"]):
        return {"accepted" if theirs["requests"] else "refused": (theirs["error"][-400:], ours["error"][-400:])}
    pairs = [tuple(map(normal, each["requests"])) for each in (theirs, ours)]
    if len(pairs[0]) != len(pairs[1]):
        return {"number of requests": tuple(map(len, pairs))}
    return {
        part: (one[part], other[part])
        for one, other in zip(*pairs, strict=True)
        for part in one
        if one[part] != other[part]
    }


def known(line: str) -> set[str]:
    """The parts in which the request of a command line is known to differ."""
    return {different.what for different in DIFFERENT if re.match(different.commands, line, re.DOTALL)}


@pytest.mark.every
@pytest.mark.parametrize("part", range(PARTS))
def test_examples(request, part, v1, awscli_folder, home):
    every = oracle.takes_every(request.config)
    found: dict[str, Any] = {}
    tried = 0
    for words in examples(awscli_folder / "awscli/examples"):
        line = " ".join(words)
        number = crc32(line.encode())
        if number % PARTS == part and (every or number // PARTS % SHARE == 0):
            tried += 1
            differs = difference(with_files(words, home), v1, home)
            if not differs.keys() <= known(line):
                found[line] = differs
    assert tried > (1500 if every else 30)
    assert not found, f"{len(found)} of {tried}:\n{pformat(found, width=200)}"


@pytest.mark.parametrize("different", DIFFERENT, ids=lambda different: different.commands)
def test_known_differences_are_there(different, v1, awscli_folder, home):
    """The table above holds what is so, and no more."""
    words = next(
        words
        for words in examples(awscli_folder / "awscli/examples")
        if re.match(different.commands, " ".join(words), re.DOTALL) and v1(words)["generated"]
    )
    assert set(difference(with_files(words, home), v1, home)) == {different.what}
