"""Two listings side by side, a stretch of keys at a time: that a stretch is the same in both is seen at one look."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import gt, itemgetter
from typing import NamedTuple

from awsmini.transfer.records import Listed, Page

_key, _time, _size = itemgetter(0), itemgetter(1), itemgetter(3)  # of what is listed


class Block(NamedTuple):
    """What one side has of a stretch."""

    keys: Sequence[str]  # below its root
    objects: list[Listed]


class Stretch(NamedTuple):
    """Both sides as far as a key."""

    until: str
    ours: Block
    theirs: Block

    def is_even(self, *, times: bool) -> bool:
        """Whether both have the same keys and sizes and (with `times`) nothing of ours is newer."""
        ours, theirs = self.ours, self.theirs
        if ours.keys != theirs.keys or list(map(_size, ours.objects)) != list(map(_size, theirs.objects)):
            return False
        if not times:
            return True
        one, other = list(map(_time, ours.objects)), list(map(_time, theirs.objects))
        # As text they can be compared where they are written alike.
        return one == other or (len({*map(len, one), *map(len, other)}) == 1 and not any(map(gt, one, other)))


def stretches(ours: Iterator[Page], theirs: Iterator[Page], roots: tuple[str, str]) -> Iterator[Stretch]:
    """Two listings in order, each below its root, from their beginning. A stretch is as long as a page, or shorter."""
    first, second = _Side(ours, len(roots[0])), _Side(theirs, len(roots[1]))
    while lasts := [side.keys[-1] for side in (first, second) if side.is_filled()]:
        until = min(lasts)
        yield Stretch(until, first.taken(until), second.taken(until))


class _Side:
    """One listing, and what is left of its page."""

    def __init__(self, pages: Iterator[Page], start: int) -> None:
        self._pages, self._start = pages, start
        self._objects: list[Listed] = []
        self._at = 0
        self.keys: list[str] = []

    def is_filled(self) -> bool:
        """Whether there is more."""
        while self._at == len(self.keys):
            page = next(self._pages, None)
            if page is None:
                return False
            self._at, self._objects, start = 0, page.objects, self._start
            keys = map(_key, page.objects)
            self.keys = [key[start:] for key in keys] if start else list(keys)
        return True

    def taken(self, until: str) -> Block:
        start, self._at = self._at, bisect_right(self.keys, until, self._at)
        return Block(self.keys[start : self._at], self._objects[start : self._at])
