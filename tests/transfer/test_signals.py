"""What happens to signals while an engine is open, and while it closes."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from awsmini.send.options import SenderOptions
from awsmini.transfer.loop import Loop
from awsmini.transfer.signals import GentleSignals, Terminated
from awsmini.transfer.workers import LargeTransfer, Workers


def send(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)


def test_ctrl_c_is_ctrl_c() -> None:
    with pytest.raises(KeyboardInterrupt), GentleSignals():
        send(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_one_that_was_caught_within_is_over() -> None:
    with GentleSignals() as signals:
        with pytest.raises(KeyboardInterrupt):
            send(signal.SIGINT)
        signals.hold()


def test_held_until_the_end() -> None:
    done = []

    def close() -> None:
        with GentleSignals() as signals:
            signals.hold()
            send(signal.SIGINT)
            done.append(1)

    with pytest.raises(KeyboardInterrupt):
        close()
    assert done == [1]


def test_twice_is_impatience() -> None:
    done = []

    def close() -> None:
        with GentleSignals() as signals:
            signals.hold()
            send(signal.SIGINT)
            send(signal.SIGINT)
            done.append(1)

    with pytest.raises(KeyboardInterrupt):
        close()
    assert done == []


def test_somebodys_own_handler_stays() -> None:
    came = []
    before = signal.signal(signal.SIGTERM, lambda *_: came.append(1))
    try:
        with GentleSignals():
            send(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert came == [1]


@pytest.mark.parametrize("held", [False, True])
def test_sigterm_ends_the_process_as_it_would(held: bool) -> None:
    code = (
        "import os, signal\n"
        "from awsmini.transfer.signals import GentleSignals\n"
        "with GentleSignals() as signals:\n"
        "    try:\n"
        f"        {'signals.hold()' if held else 'pass'}\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "    finally:\n"
        "        print('undone', flush=True)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGTERM, "undone\n", "")


def test_terminated_is_no_exception_that_others_catch() -> None:
    assert not issubclass(Terminated, Exception)


def test_ctrl_c_while_a_thread_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(thread: threading.Thread) -> None:
        raise KeyboardInterrupt

    loop = Loop(SenderOptions())
    workers = Workers(loop, None, None)
    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(KeyboardInterrupt):
        workers.add(LargeTransfer())
    workers.stop()
    assert workers.join(1)
    loop.close()
