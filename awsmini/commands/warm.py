"""`awsmini warm`: the parent of warm calls, started, looked at and stopped."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError
from awsmini.sandbox.lock import is_held
from awsmini.warm import paths, reached, start

PATIENCE = 20.0  # seconds for a parent to come or to go
POLL = 0.02


class WarmError(AwsminiError):
    """Warm calls cannot be had here."""


def run(invocation: Invocation, values: Values) -> int:
    """`start` without a subcommand would be a surprise: what there is is told."""
    return _status(invocation, values)


def _start(invocation: Invocation, values: Values) -> int:
    if not hasattr(os, "fork"):
        raise WarmError(f"Warm calls need a system on which processes can be forked, and {sys.platform} is none.")
    folder, path, _ = paths()
    if not _is_there():
        start()
        if not _until(_is_there):
            raise WarmError(f"No parent for warm calls came up in {folder}. Its socket would be {path}.")
    return _status(invocation, values)


def _status(invocation: Invocation, values: Values) -> int:
    lock = paths()[2]
    found = list(_parents())
    say = invocation.app.stdout.write
    for pid, file in found:
        say(
            f"A parent for warm calls runs (pid {pid})"
            + (".\n" if str(file) == lock else ", started in another environment.\n")
        )
    if not found:
        say("No parent for warm calls runs.\n")
    return 0 if found else 1


def _stop(invocation: Invocation, values: Values) -> int:
    for pid, _ in list(_parents()):
        os.kill(pid, signal.SIGTERM)
    if not _until(lambda: not list(_parents())):
        for pid, _ in list(_parents()):
            os.kill(pid, signal.SIGKILL)
    return 0


def _parents() -> Iterator[tuple[int, Path]]:
    """The parents that live, by their locks."""
    for lock in sorted(Path(paths()[0]).glob("*.lock")):
        text = lock.read_text("ascii", "replace").strip()
        if text.isdigit() and is_held(lock):
            yield int(text), lock


def _is_there() -> bool:
    try:
        connection = reached()
    except OSError as error:
        raise WarmError(f"{paths()[0]} is not yours alone, or cannot be used: {error.strerror or error}") from None
    if connection is not None:
        connection.close()
    return connection is not None


def _until(holds: Callable[[], bool]) -> bool:
    give_up = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > give_up:
            return False
        time.sleep(POLL)
    return True


start_command = HandWritten("start", _start, doc="Start a parent for warm calls, which is gone after 15 idle minutes.")
status_command = HandWritten("status", _status, doc="Say whether one runs; the exit code is 1 where none does.")
stop_command = HandWritten("stop", _stop, doc="Stop the parents of this user. Commands under way end by themselves.")
command = HandWritten(
    "warm",
    run,
    doc="Warm calls: with AWSMINI_WARM=1, a call whose output is no terminal is run by a child of a process that has "
    "loaded everything already. It costs a fifth of the time; each command is still a process of its own.",
    subcommands={
        "start": "awsmini.commands.warm:start_command",
        "status": "awsmini.commands.warm:status_command",
        "stop": "awsmini.commands.warm:stop_command",
    },
)
