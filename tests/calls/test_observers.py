"""Those who watch calls: all of them are told everything, in its order."""

import pytest

from awsmini.calls.observers import NOBODY, CallObserver, observed
from awsmini.errors import SendError


class Diary(CallObserver):
    def __init__(self, pages):
        self._pages = pages

    def __getattribute__(self, name):
        if name.startswith("_"):
            return super().__getattribute__(name)
        return lambda told: self._pages.append((name, told))


def test_all_are_told_everything():
    first, second = [], []
    with observed("call", (lambda call: Diary(first), lambda call: Diary(second))) as watch:
        for tell in (watch.sending, watch.answered, watch.failed, watch.ended):
            tell("that")
    assert first == second == [(name, "that") for name in ("sending", "answered", "failed", "ended")]


def test_they_hear_of_the_end_in_any_case():
    pages, error = [], SendError("no")
    with pytest.raises(SendError), observed("call", [lambda call: Diary(pages)]):
        raise error
    assert pages == [("gave_up", error)]


def test_nobody_hears_nothing():
    with observed("call", ()) as watch:
        assert watch is NOBODY
        watch.sending("that")
        watch.ended("that")
