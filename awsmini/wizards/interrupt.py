"""Ctrl+C while the screen waits for an answer: it reads no keys then, so the terminal has to make a signal of it."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

if sys.platform != "win32":
    import termios

_NEVER = b"\0"


@contextmanager
def interruptible(stdin: TextIO) -> Iterator[None]:
    """Within it, Ctrl+C raises KeyboardInterrupt; elsewhere it stays a key. Nothing where `stdin` is no terminal."""
    if sys.platform == "win32" or not stdin.isatty():
        yield
        return
    before = termios.tcgetattr(stdin)
    within = termios.tcgetattr(stdin)
    within[3] |= termios.ISIG
    for other in (termios.VQUIT, termios.VSUSP):  # those would leave the terminal as it is
        within[6][other] = _NEVER
    pressed = False

    def press(*_: object) -> None:
        nonlocal pressed
        pressed = True
        raise KeyboardInterrupt

    handler = signal.signal(signal.SIGINT, press)
    termios.tcsetattr(stdin, termios.TCSANOW, within)
    try:
        yield
    finally:
        termios.tcsetattr(stdin, termios.TCSANOW, before)
        signal.signal(signal.SIGINT, handler)
        if pressed and not isinstance(sys.exc_info()[1], KeyboardInterrupt):
            raise KeyboardInterrupt  # it came up where Python drops it, as in the clean-up of an object
