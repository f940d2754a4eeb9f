"""The outside world as one object: streams, environment, clock, randomness and the way to the network.

It is made once, by `cli.main` or by a Session, and handed down. A test swaps the world by making another.
"""

import os
import random
import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from pkgutil import resolve_name
from typing import TYPE_CHECKING, NamedTuple, TextIO

if TYPE_CHECKING:
    from awsmini.records import Reply, Request
    from awsmini.send.http import SenderOptions

SENDER = "awsmini.send.http:HttpSender"  # loads requests, so it is reached only when something is sent


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


def open_sender(options: "SenderOptions") -> "Callable[[Request], Reply]":
    """A connection pool with those options, as a function from request to reply."""
    sender: Callable[[Request], Reply] = resolve_name(SENDER)(options)
    return sender


class App(NamedTuple):
    """Everything that is not a value: each field can be replaced by a test."""

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    env: Mapping[str, str]
    now: Callable[[], datetime] = _utc_now  # aware, UTC
    sleep: Callable[[float], None] = time.sleep  # seconds
    uniform: Callable[[], float] = random.random  # in [0, 1), for back-off and jitter
    open_sender: "Callable[[SenderOptions], Callable[[Request], Reply]]" = open_sender


def process_app() -> App:
    """The world of this process."""
    return App(stdin=sys.stdin, stdout=sys.stdout, stderr=sys.stderr, env=os.environ)
