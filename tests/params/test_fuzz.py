"""Whatever is written on the command line, the answer is a message and one of v2's exit codes, and it comes soon.

2,000 lines in the default run, 100,000 with `-m every`; `AWSMINI_FUZZ=500000` for more, `AWSMINI_FUZZ_SEED` for others.
"""

import io
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pprint import pformat
from typing import Any

import click
import pytest

from awsmini.app import App
from awsmini.commands.report import report
from awsmini.commands.tree import Root, run
from awsmini.errors import AwsminiError
from awsmini.log import stop
from awsmini.records import Reply, Request
from tests import nasty, oracle

CODES = {0, 252, 255}  # 253 and 254 need a configuration that is wrong, or a service that refuses
CPU_SECONDS = 20  # for one line; the longest takes a hundredth of that
EMPTY = {"json": b"{}", "rest-json": b"{}", "smithy-rpc-v2-cbor": b"\xbf\xff"}
ENDPOINTS = b'{"Endpoints": [{"Address": "example.com", "CachePeriodInMinutes": 1}]}'
FILES = {
    "text": b"a=b",
    "json": b'{"a": [1, null, "\\ud800"]}',
    "bytes": b"\x00\xff\xfe",
    "yaml": b"a: &x [1, 2001-01-01]\nb: *x\n",
}
# Told with their own message: what files and folders answer, and words that are no UTF-8.
FORESEEN = (AwsminiError, OSError, UnicodeEncodeError, click.ClickException)


class Hang(BaseException):
    """A line that takes too long."""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder of files to name, which is the home too."""
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return {
        "HOME": str(tmp_path),
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-west-2",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
    }


@contextmanager
def limited() -> Iterator[None]:
    """Raises Hang in the block when it has used its share of the processor."""

    def hang(*_: Any) -> None:
        raise Hang

    before = signal.signal(signal.SIGVTALRM, hang)
    signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


class Body(io.BytesIO):
    """A streamed answer."""


def outcome(words: list[str], protocol: str, env: dict[str, str]) -> tuple[int, str]:
    """The exit code and what stands on stderr. Errors that nobody foresaw are raised."""

    def send(request: Request) -> Reply:
        body = EMPTY.get(protocol, b"<a/>")
        if request.headers.get("X-Amz-Target", "").endswith(".DescribeEndpoints"):
            body = ENDPOINTS
        raw = Body(body) if request.stream else None
        return Reply(status=200, reason="OK", headers={}, body=b"" if raw else body, raw=raw, request=request)

    app = App(
        stdin=io.StringIO(""),
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        env=env,
        sleep=lambda seconds: None,
        open_sender=lambda options: send,
    )
    root = Root(app)
    try:
        with limited():
            code = run(root, words)
    except click.exceptions.Exit as done:
        code = done.exit_code
    except FORESEEN as error:
        code = report(error, root.invocation)
    finally:
        stop()
    return code, app.stderr.getvalue()  # type: ignore[attr-defined]


def wrong_with(words: list[str], protocol: str, env: dict[str, str], codes: set[int]) -> str | None:
    """What is not as it should be."""
    try:
        code, message = outcome(words, protocol, env)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    if code not in codes or ("Traceback" in message) > (" - DEBUG - " in message):
        return f"exit code {code}: {message}"
    return "nothing is told" if code > 1 and not message.strip() else None


def check(seed: int, count: int, env: dict[str, str]) -> None:
    wrong = {}
    for number in range(seed, seed + count):
        line = nasty.line(number)
        if problem := wrong_with(*line, env, CODES):
            wrong[number] = problem[:300], " ".join(line.words)[:300]
    assert not wrong, f"{len(wrong)} of {count}; the words are those of tests.nasty.line(number)\n{pformat(wrong)}"


def test_random_lines(place):
    check(0, 2_000, place)


@pytest.mark.every
def test_many_random_lines(request, place):
    if oracle.takes_every(request.config) or "AWSMINI_FUZZ" in os.environ:
        check(int(os.environ.get("AWSMINI_FUZZ_SEED", 10_000)), int(os.environ.get("AWSMINI_FUZZ", 100_000)), place)


def test_random_lines_of_configure(place, tmp_path):
    """Here 1 is an answer too (there is no such value), and 253 where a line has made a bad config file."""
    wrong = {}
    for number in range(500):
        words = nasty.configure_line(number)
        shutil.rmtree(tmp_path / ".aws", ignore_errors=True)
        if problem := wrong_with(words, "", place, CODES | {1, 253}):
            wrong[number] = problem[:300], words
    assert not wrong, pformat(wrong)
