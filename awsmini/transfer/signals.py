"""SIGINT and SIGTERM while transfers are under way: what was begun is undone, and then the process ends as it would have."""

import os
import signal
import threading
from types import FrameType, TracebackType


class Terminated(BaseException):
    """SIGTERM came. Nobody but the engine catches it."""


class GentleSignals:
    """Within the block, SIGTERM is an error like Ctrl+C. After `hold`, both wait for the block's end.

    Whoever presses Ctrl+C once more while they are held is not made to wait. Left alone where this is not the main
    thread, or where somebody has handlers of his own.
    """

    def __init__(self) -> None:
        self._before: dict[signal.Signals, object] = {}
        self._held = False
        self._came: signal.Signals | None = None

    def __enter__(self) -> "GentleSignals":
        if threading.current_thread() is threading.main_thread():
            for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGTERM, signal.SIG_DFL)):
                if signal.getsignal(number) == usual:
                    self._before[number] = usual
                    signal.signal(number, self._end)
        return self

    def hold(self) -> None:
        """From now on, what comes is told at the end of the block."""
        self._held = True

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for number, usual in self._before.items():
            signal.signal(number, usual)  # type: ignore[arg-type]
        if kind is Terminated or self._came == signal.SIGTERM:
            os.kill(os.getpid(), signal.SIGTERM)
        elif self._came == signal.SIGINT and error is None:
            raise KeyboardInterrupt

    def _end(self, number: int, _frame: FrameType | None) -> None:
        if self._held and self._came is None:
            self._came = signal.Signals(number)
            return
        raise KeyboardInterrupt if number == signal.SIGINT else Terminated
