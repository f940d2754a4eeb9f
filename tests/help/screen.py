"""A terminal of a certain width, for what only a terminal shows."""

import fcntl
import io
import os
import pty
import re
import struct
import termios
import threading
from collections.abc import Mapping, Sequence

from awsmini.app import App
from awsmini.cli import run_in

_CODES = re.compile(r"\x1b\[[0-9;]*m")


class Screen:
    """What is written to `stream` comes out as `text`, after the stream is closed."""

    def __init__(self, columns: int) -> None:
        self.reader, writer = pty.openpty()
        fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.stream = os.fdopen(writer, "w", encoding="utf-8")
        self.chunks: list[bytes] = []
        self.thread = threading.Thread(target=self._read)
        self.thread.start()

    def _read(self) -> None:
        try:
            while chunk := os.read(self.reader, 65536):
                self.chunks.append(chunk)
        except OSError:  # how Linux says that the other end is closed
            pass

    def text(self) -> str:
        self.stream.close()
        self.thread.join(20)
        os.close(self.reader)
        return b"".join(self.chunks).decode().replace("\r\n", "\n")


def run_on_screen(argv: Sequence[str], env: Mapping[str, str], columns: int = 80) -> tuple[int, str]:
    """The exit code of a command on a terminal, and what the terminal shows."""
    screen = Screen(columns)
    world = App(stdin=io.StringIO(), stdout=screen.stream, stderr=io.StringIO(), env=env)
    try:
        code = run_in(world, argv)
    finally:
        text = screen.text()
    return code, text


def without_codes(text: str) -> str:
    return _CODES.sub("", text)
