"""Signals that end the process, while a file is half written."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType


@contextmanager
def removed_by_signals(temporary: str) -> Iterator[None]:
    """What would end the process on the spot removes the file first. Signals that are ignored or caught stay so."""

    def remove(number: int, _frame: FrameType | None) -> None:
        with suppress(OSError):
            os.unlink(temporary)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    names = ("SIGTERM", "SIGHUP")
    numbers = [number for name in names if (number := getattr(signal, name, None)) is not None]
    ours = [number for number in numbers if signal.getsignal(number) == signal.SIG_DFL]
    try:
        for number in ours:
            signal.signal(number, remove)
    except ValueError:  # signals are for the main thread
        ours = []
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)
