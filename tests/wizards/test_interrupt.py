"""Ctrl+C while the screen waits."""

import os
import pty
import signal
from contextlib import suppress

import pytest

from awsmini.wizards.interrupt import interruptible


@pytest.fixture
def terminal():
    ours, theirs = pty.openpty()
    with open(theirs) as stream:
        yield stream
    os.close(ours)


def test_it_interrupts_within_and_nowhere_else(terminal):
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), interruptible(terminal):
        os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def dropped(failure):
    with suppress(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
    if failure:
        raise failure


@pytest.mark.parametrize("failure", [None, ValueError("an answer that nobody waits for")])
def test_one_that_was_dropped_counts_in_the_end(terminal, failure):
    with pytest.raises(KeyboardInterrupt), interruptible(terminal):
        dropped(failure)
