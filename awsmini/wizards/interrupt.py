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
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    termios.tcsetattr(stdin, termios.TCSANOW, within)
    try:
        yield
    finally:
        termios.tcsetattr(stdin, termios.TCSANOW, before)
        signal.signal(signal.SIGINT, handler)
