"""The prompt as a user meets it: the whole program, on a terminal of its own."""

import json
import os
import re
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.terminal import PROJECT, Terminal, words

pty = pytest.importorskip("pty", reason="there are no pseudo terminals here")
fcntl = pytest.importorskip("fcntl")
termios = pytest.importorskip("termios")

_CODES = re.compile(rb"\x1b\[[0-9;?>=]*[A-Za-z]|\x1b[()=>78][B0]?")
SHOWN = "[F1] Show Shortkey Help"
ENTER, CTRL_C = "\r", "\x03"


class OnTerminal:
    """A running program; `answer` is what stands on the terminal once the screen of the prompt is gone."""

    def __init__(self, command: str, aws: Terminal, env: dict[str, str], stdout: Path | None) -> None:
        self._terminal, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        to: Any = theirs if stdout is None else stdout.open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "awsmini", *words(command)],
            stdin=theirs, stdout=to, stderr=theirs, cwd=aws.home, start_new_session=True,
            env={**aws.env, "TERM": "xterm", "AWSMINI_COMPLETE_REMOTE": "0", **env, "PYTHONPATH": str(PROJECT)},
        )  # fmt: skip
        os.close(theirs)
        if stdout is not None:
            to.close()
        self._seen = b""

    def until(self, text: str) -> "OnTerminal":
        """Wait until a text has been written, after what was waited for before."""
        deadline = time.monotonic() + 60
        while text.encode() not in _CODES.sub(b"", self._seen):
            assert time.monotonic() < deadline, f"{text!r} is not in {_CODES.sub(b'', self._seen)!r}"
            self._read()
        self._seen = b""
        return self

    def keys(self, *keys: str) -> None:
        for key in keys:
            os.write(self._terminal, key.encode())

    def interrupt(self) -> None:
        self._process.send_signal(signal.SIGINT)

    def _read(self) -> bool:
        if not select.select([self._terminal], [], [], 0.1)[0]:
            return self._process.poll() is None
        try:
            chunk = os.read(self._terminal, 65536)
        except OSError:  # how Linux says that nobody is at the other end
            return False
        self._seen += chunk
        return bool(chunk)

    def ended(self) -> tuple[int, str]:
        """The exit code, and what was written after the screen of the prompt."""
        deadline = time.monotonic() + 60
        while self._read():
            assert time.monotonic() < deadline
        code = self._process.wait(10)
        text = _CODES.sub(b"", self._seen.rpartition(b"\x1b[?1049l")[2])
        return code, text.decode().replace("\r\n", "\n")

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._terminal)


Started = Callable[..., OnTerminal]


@pytest.fixture
def start(aws: Terminal) -> Iterator[Started]:
    running: list[OnTerminal] = []

    def started(command: str, stdout: Path | None = None, **env: str) -> OnTerminal:
        running.append(OnTerminal(command, aws, env, stdout))
        return running[-1]

    yield started
    for each in running:
        each.close()


def agent(aws: Terminal) -> str:
    found = re.search(r"md/prompt#(\S+)", aws.service.request.headers["User-Agent"])
    return found[1] if found else ""


def test_what_is_typed_runs_as_if_typed_in_the_shell(aws, start):
    aws.service.replies(200, {"TableNames": ["orders"]})
    program = start("--cli-auto-prompt dynamodb list-tables").until("--cli-input-json")
    program.keys("--output text --no-cli-pager" + ENTER)
    code, text = program.ended()
    assert (code, text) == (0, "> awsmini dynamodb list-tables --output text --no-cli-pager\nTABLENAMES\torders\n")
    assert agent(aws) == "on"
    kept = json.loads((aws.home / ".aws/cli/cache/prompt_history.json").read_text())
    assert kept == {"version": 1, "commands": ["dynamodb list-tables --output text --no-cli-pager"]}


def test_an_interrupt_is_a_way_to_leave(start):
    program = start("--cli-auto-prompt sts get-caller-identity").until(SHOWN)
    program.interrupt()
    assert program.ended() == (130, "> awsmini sts get-caller-identity \n")


def test_what_the_encoding_lacks_and_what_debug_tells(aws, start):
    program = start("sts --debug é", AWS_CLI_AUTO_PROMPT="on-partial", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    program.until(SHOWN).keys(ENTER, "\x15sts help é --no-cli-pager" + ENTER)
    _, text = program.ended()
    assert text.startswith("> awsmini sts help \\")
    assert "Traceback" not in text
    assert "awsmini.cli" not in text  # --debug is not among the words any more


def test_what_is_wrong_with_it_is_told_afterwards(start):
    program = start("", AWS_CLI_AUTO_PROMPT="on").until(SHOWN)
    program.keys("nosuch" + ENTER)
    program.keys(ENTER)
    code, text = program.ended()
    assert code == 252
    assert text.startswith(
        "> awsmini nosuch\n\nawsmini: [ERROR]: An error occurred (ParamValidation): argument command"
    )


def test_leaving(aws, start):
    program = start("--cli-auto-prompt sts get-caller-identity").until(SHOWN)
    program.keys(CTRL_C)
    assert program.ended() == (130, "> awsmini sts get-caller-identity \n")
    assert not (aws.home / ".aws/cli/cache/prompt_history.json").exists()


@pytest.mark.parametrize(
    "command",
    ["dynamodb", "dynamodb describe-table", "dynamodb list-tables --x"],
)
def test_partial_opens_where_the_words_are_no_command(start, command):
    program = start(command, AWS_CLI_AUTO_PROMPT="on-partial").until(SHOWN)
    program.keys(CTRL_C)
    code, text = program.ended()
    assert (code, text.strip()) == (130, f"> awsmini {command}")


def test_partial_runs_what_the_words_have_become(aws, start):
    aws.service.replies(200, {"Table": {"TableName": "orders"}})
    program = start("dynamodb describe-table --query Table.TableName", AWS_CLI_AUTO_PROMPT="on-partial").until(SHOWN)
    program.keys(" --table-name orders --no-cli-pager" + ENTER)
    assert program.ended() == (
        0,
        '> awsmini dynamodb describe-table --query Table.TableName --table-name orders --no-cli-pager\n"orders"\n',
    )
    assert agent(aws) == "partial"


def test_partial_leaves_commands_alone(aws, start):
    aws.service.replies(200, {"TableNames": []})
    program = start("dynamodb list-tables --output text --no-cli-pager", AWS_CLI_AUTO_PROMPT="on-partial")
    assert program.ended() == (0, "")
    assert agent(aws) == "off"


def test_partial_leaves_other_errors_alone(aws, start):
    aws.service.replies(400, {"__type": "AccessDeniedException", "message": "no"})
    code, text = start("dynamodb list-tables", AWS_CLI_AUTO_PROMPT="on-partial").ended()
    assert code == 254
    assert "AccessDeniedException" in text


def test_an_answer_may_go_to_a_file(aws, start):
    aws.service.replies(200, {"TableNames": ["orders"]})
    answer = aws.home / "answer"
    program = start("--cli-auto-prompt dynamodb list-tables", answer).until(SHOWN)
    program.keys(" --output text" + ENTER)
    assert program.ended() == (0, "> awsmini dynamodb list-tables  --output text\n")
    assert answer.read_text() == "TABLENAMES\torders\n"


def test_lines_that_go_on(aws, start):
    aws.service.replies(200, {"TableNames": ["orders"]})
    program = start("--cli-auto-prompt --no-cli-pager").until(SHOWN)
    program.keys(ENTER)  # closes the menu
    program.keys("\x1b[200~dynamodb list-tables \\\n --output text\x1b[201~" + ENTER)
    code, text = program.ended()
    assert (code, text.splitlines()[-1]) == (0, "TABLENAMES\torders")


def no_terminal(aws: Terminal, command: str, env: dict[str, str]) -> Sequence[str]:
    outcome = aws(command, env=env)
    assert (outcome.code, outcome.stdout) == (255, "")
    return [line for line in outcome.stderr.splitlines() if line]


def test_where_nobody_can_be_asked(aws):
    neither = "awsmini: [ERROR]: The auto-prompt needs a terminal, and neither stdout nor stderr is one."
    assert no_terminal(aws, "--cli-auto-prompt ec2", {}) == [neither]
    assert no_terminal(aws, "ec2 describe-vpcs", {"AWS_CLI_AUTO_PROMPT": "on"}) == [neither]
    found = no_terminal(aws, "dynamodb describe-table", {"AWS_CLI_AUTO_PROMPT": "on-partial"})
    assert "the following arguments are required: --table-name" in found[0]
    assert found[-1] == neither


@pytest.mark.parametrize("command", ["--version", "help", "dynamodb help", "dynamodb list-tables help", "--help"])
def test_what_never_asks(aws, command):
    outcome = aws(command, env={"AWS_CLI_AUTO_PROMPT": "on"})
    assert (outcome.code, outcome.stderr) == (0, "")
    assert aws(f"{command} --cli-auto-prompt").code == 0
