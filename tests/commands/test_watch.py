"""`awsmini watch`: frames in place on a terminal, one after the other elsewhere; what has changed, and when it ends."""

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time

import pytest

from awsmini.commands.watch import MARK, PLAIN, _cut, marked
from tests import servers
from tests.terminal import PROJECT


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, ["a  b"], ["a  b"]),
        (["a  b"], ["a  b"], ["a  b"]),
        (["web  i-1  pending"], ["web  i-1  running"], [f"web  i-1  {MARK}running{PLAIN}"]),
        (
            ["a  1", "b  2"],
            ["new  0", "a  1", "b  3"],
            [f"{MARK}new{PLAIN}  {MARK}0{PLAIN}", "a  1", f"b  {MARK}3{PLAIN}"],
        ),
        (["a  \x1b[32mon\x1b[0m"], ["a  \x1b[31moff\x1b[0m"], [f"a  {MARK}off{PLAIN}"]),
        (["two words  x"], ["two words  y"], [f"two words  {MARK}y{PLAIN}"]),
        (["a"], [""], [""]),
    ],
)
def test_cells_that_are_not_as_they_were_are_marked(before, after, expected):
    assert marked(after, before) == expected


def streams(*names: str) -> dict[str, object]:
    return {"StreamInfoList": [{"StreamName": name, "Status": "ACTIVE"} for name in names]}


WATCH = (
    "watch",
    "-n",
    "0.01",
    "--until",
    "length(StreamInfoList) > `1`",
    "--",
    "kinesisvideo",
    "list-streams",
    "--columns",
    "StreamName",
)


def test_it_ends_when_what_is_waited_for_is_true(aws):
    for names in ((), ("a",), ("a",), ("a", "b")):
        aws.service.replies(200, streams(*names))
    done = aws(WATCH)
    assert done.code == 0, done.stderr
    frames = [frame.split() for frame in done.stdout.split("\n\n")]
    assert frames == [["StreamName"], ["StreamName", "a"], ["StreamName", "a", "b"]]  # one that is the same is not told


def test_an_error_in_the_middle_is_shown_and_survived(aws):
    aws.service.replies(200, streams("a"))
    aws.service.replies(400, {"message": "slow down"}, {"x-amzn-errortype": "ClientLimitExceededException"})
    aws.service.replies(200, streams("a", "b"))
    done = aws(WATCH)
    assert done.code == 0
    assert "ClientLimitExceededException" in done.stdout


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ("watch -n 0 -- sts get-caller-identity", 252, "--interval is more than 0 seconds."),
        ("watch --until 'a[' -- sts get-caller-identity", 252, "a["),
        ("watch -- sts get-caller", 252, "Found invalid choice"),
        ("watch", 252, "the following arguments are required: words"),
    ],
)
def test_what_no_time_would_mend_ends_it_at_once(aws, words, code, says):
    done = aws(words)
    assert done.code == code
    assert says in done.stderr + done.stdout


def test_it_does_not_wait_for_ever(aws):
    aws.service.always(lambda request: servers.answer(200, streams("a")))
    done = aws(("watch", "--timeout", "0.3", "-n", "0.1", *WATCH[3:]))
    assert done.code == 255
    assert "--until has not become true in 0.3 seconds." in done.stderr


class Screen:
    """A terminal of its own that the command runs in."""

    def __init__(self, aws, *words: str) -> None:
        self.leader, follower = pty.openpty()
        self.resize(12, 60)
        env = {**aws.env, "PYTHONPATH": str(PROJECT), "TERM": "xterm"}
        self.process = subprocess.Popen([sys.executable, "-m", "awsmini", *words], stdin=follower, stdout=follower,
                                        stderr=follower, env=env, cwd=aws.home, start_new_session=True)  # fmt: skip
        os.close(follower)
        self.shown = ""

    def resize(self, lines: int, columns: int) -> None:
        fcntl.ioctl(self.leader, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def until(self, text: str) -> str:
        give_up = time.monotonic() + 60
        while text not in self.shown:
            assert time.monotonic() < give_up, self.shown
            try:
                self.shown += os.read(self.leader, 65536).decode()
            except OSError:
                break
        assert text in self.shown, self.shown
        return self.shown

    def end(self, how: int = signal.SIGINT) -> int:
        self.process.send_signal(how)
        code = self.process.wait(30)
        try:
            while more := os.read(self.leader, 65536):
                self.shown += more.decode()
        except OSError:
            pass
        os.close(self.leader)
        return code


def test_on_a_terminal_it_is_drawn_in_place_with_changes_marked(aws):
    answers = [streams("one"), streams("one", "two"), streams(*(f"s{n}" for n in range(30)))]
    aws.service.always(lambda request: servers.answer(200, answers[min(len(aws.service.requests), 3) - 1]))
    screen = Screen(aws, "watch", "-n", "0.2", "--", "kinesisvideo", "list-streams", "--columns", "StreamName")
    screen.until("one")
    screen.until(f"{MARK}two{PLAIN}")
    screen.until("more lines")  # what has no room
    screen.resize(40, 20)
    screen.until("s29")
    assert screen.end() == 130
    assert screen.shown.startswith("\x1b[?25l")
    assert "\x1b[?25h" in screen.shown  # the cursor is back
    assert re.search(r"Every 0\.2 s: kinesisvideo list-streams", screen.shown)
    assert "Traceback" not in screen.shown


def test_answers_are_values_whatever_they_are_shown_as(aws):
    """Formats that write lists where they are parsed do so for print alone."""
    aws.service.replies(200, streams("a"))
    done = aws(("watch", "-n", "0.01", "--until", "StreamInfoList[0].StreamName == 'a'", "--", "kinesisvideo", "list-streams", "--output", "json"))  # fmt: skip
    assert done.code == 0, done.stderr
    assert json.loads(done.stdout) == streams("a")


def test_until_sees_all_pages(aws):
    aws.service.replies(200, {**streams("a"), "NextToken": "t"})
    aws.service.replies(200, streams("b"))
    assert aws(WATCH).code == 0


def test_commands_that_are_no_operations_are_watched(aws):
    done = aws("watch -n 0.01 --timeout 0.001 -- configure list")
    assert done.code == 255
    assert "region" in done.stdout
    assert "The time is up." in done.stderr


def test_it_ends_when_nobody_reads_any_more(aws):
    answers = iter(range(10**6))
    aws.service.always(lambda request: servers.answer(200, streams(f"s{next(answers)}")))
    words = [sys.executable, "-m", "awsmini", "watch", "-n", "0.01", "--", "kinesisvideo", "list-streams"]
    env = {**aws.env, "PYTHONPATH": str(PROJECT)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, cwd=aws.home) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


def test_sigterm_gives_the_cursor_back(aws):
    aws.service.always(lambda request: servers.answer(200, streams("one")))
    screen = Screen(aws, "watch", "-n", "5", "--", "kinesisvideo", "list-streams")
    screen.until("one")
    assert screen.end(signal.SIGTERM) == -signal.SIGTERM
    assert screen.shown.endswith("\x1b[?25h")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("abcdef", "abcdef"), ("abcdefg", "abcde…"), ("データ", "データ"), ("データベ", "デー…"),
        (f"ab{MARK}cdefgh{PLAIN}", f"ab{MARK}cde…\x1b[0m"), (f"a{MARK}b{PLAIN}", f"a{MARK}b{PLAIN}"),
    ],
)  # fmt: skip
def test_lines_are_cut_by_the_columns_they_take(line, shown):
    assert _cut(line, 6) == shown


@pytest.mark.parametrize(
    ("before", "behind"),
    [(["--regions", "us-east-1,eu-west-1"], []), ([], ["--regions", "us-east-1,eu-west-1"])],
)
def test_many_places_are_watched_as_one(aws, before, behind):
    aws.service.always(lambda request: servers.answer(200, streams("aa" if len(aws.service.requests) > 2 else "a")))
    condition = "length([?StreamName == 'aa']) == `2`"
    words = [
        "watch",
        "-n",
        "0.01",
        "--timeout",
        "30",
        "--until",
        condition,
        "--",
        *behind,
        "kinesisvideo",
        "list-streams",
    ]
    done = aws([*before, *words])
    assert (done.code, done.stderr) == (0, "")
    assert {"us-east-1", "eu-west-1"} <= set(done.stdout.split())
    assert len(aws.service.requests) == 4
