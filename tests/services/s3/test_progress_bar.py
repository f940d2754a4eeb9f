"""`--progress bar`, on a terminal and elsewhere."""

import io
import os
import pty
import re
import subprocess
import sys

import pytest

from awsmini.services.s3.progress_bar import BarPrinter
from awsmini.transfer.records import Download, Upload
from tests.services.s3.scenarios import big
from tests.terminal import PROJECT


class Screen(io.StringIO):
    def isatty(self):
        return True


def on_a_terminal(aws, *words):
    """What a command writes to a terminal, and its exit code."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "awsmini", *words],
        cwd=aws.home,
        env={**aws.env, "PYTHONPATH": str(PROJECT), "TERM": "xterm", "COLUMNS": "100"},
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    written = b""
    while True:
        try:
            data = os.read(leader, 65536)
        except OSError:
            break
        if not data:
            break
        written += data
    os.close(leader)
    return written.decode(), process.wait(30)


def plain(text):
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def test_a_bar_on_a_terminal(aws_s3, s3):
    aws_s3.write("d/big", big(20))
    aws_s3.write("d/small", "x")
    s3.fail("PUT", "partNumber=2", action="headers", seconds=0.5, times=1)
    text, code = on_a_terminal(aws_s3, "s3", "cp", "d", "s3://b", "--recursive", "--progress", "bar")
    assert code == 0
    shown = plain(text)
    assert "upload: d/big to s3://b/big\r\n" in shown
    assert "upload: d/small to s3://b/small\r\n" in shown
    assert re.search(r"\d+ files? left .*/\d+\.\d MiB", shown)
    assert "━" in shown
    assert "Completed" not in shown
    assert text.endswith("\x1b[2K") or shown.rstrip().endswith(("big", "small"))


def test_errors_stand_above_the_bar(aws_s3, s3):
    aws_s3.write("d/big", big(20))
    aws_s3.write("d/bad", "x")
    s3.fail("PUT", "/b/bad", status=403, code="AccessDenied")
    s3.fail("PUT", "partNumber=2", action="headers", seconds=0.5, times=1)
    text, code = on_a_terminal(aws_s3, "s3", "sync", "d", "s3://b", "--progress", "bar")
    assert code == 1
    lines = [line.rpartition("\r")[2] for line in plain(text).replace("\r\n", "\n").split("\n")]
    assert any(line.startswith("upload failed: d/bad to s3://b/bad An error occurred (AccessDenied)") for line in lines)


@pytest.mark.parametrize("options", [["--progress", "bar"], ["--progress", "plain"], []])
def test_elsewhere_it_is_plain(aws_s3, s3, options):
    aws_s3.write("f", "x")
    done = aws_s3(["s3", "cp", "f", "s3://b/", *options])
    assert done.code == 0
    assert done.stdout.startswith("Completed 1 Byte/1 Byte (")
    assert "\rupload: ./f to s3://b/f " in done.stdout


def test_other_kinds_are_refused(aws_s3, s3):
    done = aws_s3("s3 cp f s3://b/ --progress dots")
    assert done.code == 252
    assert "Found invalid choice 'dots'" in done.stderr


def test_no_bar_where_nothing_is_to_be_seen(aws_s3, s3):
    aws_s3.write("f", "x")
    for option in ("--quiet", "--only-show-errors", "--no-progress"):
        text, code = on_a_terminal(aws_s3, "s3", "cp", "f", "s3://b/", "--progress", "bar", option)
        assert code == 0
        assert "━" not in text
        assert "left" not in text


def test_what_a_bar_shows():
    now = [0.0]
    screen = Screen()
    printer = BarPrinter(screen, Screen(), clock=lambda: now[0])
    first, second = Upload("/f", "b", "f", 3_000_000), Download("b", "g", "/g", 1_000_000)
    printer.queued(first)
    printer.queued(second)
    printer.moved(first, 1_500_000)
    assert "2+ files left" in plain(screen.getvalue())
    assert "1.4/3.8 MiB" in plain(screen.getvalue())
    printer.all_queued()
    before = len(screen.getvalue())
    printer.moved(first, 100)  # too soon to be seen
    assert len(screen.getvalue()) == before
    now[0] = 1.0
    printer.moved(first, 1_499_900)
    printer.succeeded(first)
    now[0] = 2.0
    printer.failure(second, "broken")
    printer.end()
    printer.end()
    shown = plain(screen.getvalue())
    assert "2 files left" in shown
    assert "2.9/3.8 MiB" in shown
    assert "s3://b/f\n" in shown
    assert plain(printer.stderr.getvalue()).startswith("download failed: s3://b/g to ")
