"""The outside world as one object: streams, environment, clock, randomness and the way to the network.

It is made once, by `cli.main` or by a Session, and handed down. A test swaps the world by making another.
"""

import os
import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from pkgutil import resolve_name
from typing import TYPE_CHECKING, NamedTuple, TextIO, cast

if TYPE_CHECKING:
    from awsmini.records import Reply, Request
    from awsmini.send.http import SenderOptions

STAND_INS = "awsmini.system.std_streams:stand_ins"  # few are started without a stdin, stdout or stderr
SENDER = "awsmini.send.http:HttpSender"  # loads requests, so it is reached only when something is sent
ASK_SECRET = "getpass:getpass"
RANDOM = "random:random"


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


def _uniform() -> float:
    number: float = resolve_name(RANDOM)()
    return number


def open_sender(options: "SenderOptions") -> "Callable[[Request], Reply]":
    """A connection pool with those options, as a function from request to reply."""
    sender: Callable[[Request], Reply] = resolve_name(SENDER)(options)
    return sender


def ask_secret(prompt: str) -> str:
    """What the user types on the terminal, unseen. Raises EOFError where there is nothing to read."""
    answer: str = resolve_name(ASK_SECRET)(prompt)
    return answer


class App(NamedTuple):
    """Everything that is not a value: each field can be replaced by a test."""

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    env: Mapping[str, str]
    now: Callable[[], datetime] = _utc_now  # aware, UTC
    sleep: Callable[[float], None] = time.sleep  # seconds
    uniform: Callable[[], float] = _uniform  # in [0, 1), for back-off and jitter
    open_sender: "Callable[[SenderOptions], Callable[[Request], Reply]]" = open_sender
    ask_secret: Callable[[str], str] = ask_secret


def process_app() -> App:
    """The world of this process."""
    streams: tuple[TextIO | None, ...] = sys.stdin, sys.stdout, sys.stderr
    if None in streams:
        streams = resolve_name(STAND_INS)(*streams)
    stdin, stdout, stderr = cast(tuple[TextIO, TextIO, TextIO], streams)
    if getattr(stdout, "errors", "") == "strict":
        stdout.reconfigure(errors="replace")  # type: ignore[attr-defined]  # what its encoding lacks is a question mark
    return App(stdin=stdin, stdout=stdout, stderr=stderr, env=os.environ)
