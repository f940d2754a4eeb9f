"""Commands in a pseudo-terminal: keys are typed once the screen shows what they answer."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from dataclasses import dataclass

from tests.terminal import PROJECT, Terminal, words

ROWS, COLUMNS = 40, 120
PATIENCE = 40.0  # seconds


# The terminal is made the one that sends signals: nothing but the program itself can do that.
_LAUNCH = """\
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from awsmini.cli import main
sys.exit(main(sys.argv[1:]))
"""
SEQUENCE = re.compile(r"\x1b\[([?\d;]*)([A-Za-z])|\x1b\[[?\d;]*$|\x1b$|([\r\n\b])|([^\x1b\r\n\b]+)")
LEFT = "\x1b[?1049l"  # the screen that a full-screen program has to itself


@dataclass(frozen=True)
class Shown:
    """All that came to the terminal, and how the command ended. `last` is what stands there after the screen is gone."""

    text: str
    code: int

    @property
    def last(self) -> str:
        return re.sub(r"\x1b\[[?\d;]*[A-Za-z]", "", self.text.rpartition(LEFT)[2]).replace("\r\n", "\n")


WHERE_IS_THE_CURSOR = b"\x1b[6n"


def on_screen(text: str) -> str:
    """What somebody sees: the lines of the screen, after everything in the text was done to it."""
    return "\n".join("".join(row).rstrip() for row in _drawn(text)[0])


def _drawn(text: str) -> tuple[list[list[str]], int, int]:
    """The rows of the screen, and the cursor's row and column."""
    rows = [[" "] * COLUMNS for _ in range(ROWS)]
    y = x = 0
    for found in SEQUENCE.finditer(text):
        numbers, letter, control, plain = found.groups()
        count = int(numbers) if numbers and numbers.isdecimal() else 1
        if plain:
            for character in plain[: COLUMNS - x]:
                rows[y][x] = character
                x += 1
            x = min(x, COLUMNS - 1)
        elif control:
            y, x = {"\r": (y, 0), "\n": (min(y + 1, ROWS - 1), x), "\b": (y, max(x - 1, 0))}[control]
        elif letter == "H":
            y = x = 0
        elif letter in ("A", "B"):
            y = min(max(y + (count if letter == "B" else -count), 0), ROWS - 1)
        elif letter in ("C", "D"):
            x = min(max(x + (count if letter == "C" else -count), 0), COLUMNS - 1)
        elif letter in ("J", "K"):
            rows[y][x:] = [" "] * (COLUMNS - x)
            for below in range(y + 1, ROWS if letter == "J" else y):
                rows[below] = [" "] * COLUMNS
    return rows, y, x


def on_a_terminal(aws: Terminal, command: str, *steps: tuple[str, str]) -> Shown:
    """Run a command. Each step is what has to be shown first, and the keys that are typed then."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-c", _LAUNCH, *words(command)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=aws.home,
        env={**aws.env, "PYTHONPATH": str(PROJECT), "TERM": "xterm"},
        start_new_session=True,
    )
    os.close(theirs)
    try:
        shown = b""
        for wanted, keys in steps:
            give_up = time.monotonic() + PATIENCE  # what is on the screen may change for ever
            while wanted not in (screen := on_screen(shown.decode(errors="replace"))):
                more = _more(ours, shown) if time.monotonic() < give_up else b""
                assert more, f"{wanted!r} was not shown:\n{screen}"
                shown += more
            os.write(ours, keys.encode())
        while more := _more(ours, shown):
            shown += more
        return Shown(shown.decode(errors="replace"), process.wait(PATIENCE))
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def _more(terminal: int, shown: bytes) -> bytes:
    """What has come since; nothing when the command has ended, or says nothing for too long."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        ready, _, _ = select.select([terminal], [], [], 1)
        if ready:
            try:
                more = os.read(terminal, 65536)
            except OSError:  # Linux's way of saying that nobody has the other end
                return b""
            _tell_cursor(terminal, shown, more)
            return more
    return b""


def _tell_cursor(terminal: int, shown: bytes, more: bytes) -> None:
    """A terminal says where its cursor is when it is asked."""
    before, asked, _ = more.rpartition(WHERE_IS_THE_CURSOR)
    if asked:
        _, y, x = _drawn((shown + before).decode(errors="replace"))
        os.write(terminal, f"\x1b[{y + 1};{x + 1}R".encode())
