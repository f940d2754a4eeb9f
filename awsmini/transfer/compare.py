"""Two sides compared: what has to be transferred, and what is to go.

Both are in key order, so they are merged, and neither is held in memory. A listing that is found to be in another
order (S3's never are; some servers walk folders instead) is compared once more, with one side held.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Literal, NamedTuple

from awsmini.transfer.listing_source import DisorderError
from awsmini.transfer.local import Entry

Direction = Literal["upload", "download", "copy"]
# Begins a side anew; told whether a listing out of order is to raise DisorderError.
Side = Callable[[bool], Iterator[Entry]]


class Rules(NamedTuple):
    """When an object that both sides have is transferred, and whether what the source lacks is deleted."""

    direction: Direction
    size_only: bool = False
    exact_timestamps: bool = False
    no_overwrite: bool = False
    always: bool = False
    delete: bool = False
    look: bool = False  # what is of equal size has to be looked at

    def unsure(self, source: Entry, destination: Entry) -> bool:
        """Whether what a listing says of the two is not enough."""
        return self.look and not self.no_overwrite and not self.always and source.size == destination.size

    def differ(self, source: Entry, destination: Entry) -> bool:
        """Whether the destination has to be brought up to date."""
        if self.no_overwrite:
            return False
        if self.always or source.size != destination.size:
            return True
        if self.size_only:
            return False
        if self.direction == "download":
            if self.exact_timestamps:
                return source.modified != destination.modified
            return destination.modified > source.modified
        return source.modified > destination.modified


class Difference(NamedTuple):
    """Something to do: a transfer of `entry`, or (with `deleted`) its deletion at the destination."""

    entry: Entry
    deleted: bool = False
    other: Entry | None = None  # what the destination has in its place
    unsure: bool = False  # it has to be found out whether the two differ


def always_missing(_entry: Entry) -> bool:
    """What the destination lacks is transferred."""
    return True


def differences(
    source: Side,
    destination: Side,
    rules: Rules,
    missing: Callable[[Entry], bool] = always_missing,
    *,
    hold_deletions: bool = False,
    hold_destination: bool = False,
) -> Iterator[Difference]:
    """What has to be done. `missing` is asked about each entry that the destination lacks.

    With `hold_deletions` they come when both sides are known to be in order. Where one is not, the destination is
    held, and the source gone through again. With `hold_destination` it is held from the beginning, so that nothing that
    it has is ever taken for missing.
    """
    if hold_destination:
        yield from _joined(source, destination, rules, missing, 0)
        return
    merge = _Merge(rules, missing)
    held: list[Difference] = []
    try:
        for difference in merge.run(source(True), destination(True)):
            if difference.deleted and hold_deletions:
                held.append(difference)
            else:
                yield difference
    except DisorderError:
        yield from _joined(source, destination, rules, missing, merge.settled)
        return
    yield from held


class _Merge:
    """The merge of two sorted sides. `settled` entries of the source need not be looked at again."""

    def __init__(self, rules: Rules, missing: Callable[[Entry], bool]) -> None:
        self.rules, self.missing, self.settled = rules, missing, 0

    def run(self, source: Iterator[Entry], destination: Iterator[Entry]) -> Iterator[Difference]:
        differ, delete, missing = self.rules.differ, self.rules.delete, self.missing
        unsure = self.rules.unsure
        ours, theirs = next(source, None), next(destination, None)
        while ours is not None or theirs is not None:
            if theirs is None or (ours is not None and ours.key < theirs.key):
                assert ours is not None
                if missing(ours):
                    yield Difference(ours)
                self.settled += 1
                ours = next(source, None)
            elif ours is None or theirs.key < ours.key:
                if delete:
                    yield Difference(theirs, deleted=True)
                theirs = next(destination, None)
            else:
                if unsure(ours, theirs):
                    yield Difference(ours, other=theirs, unsure=True)
                elif differ(ours, theirs):
                    yield Difference(ours, other=theirs)
                self.settled += 1
                ours, theirs = next(source, None), next(destination, None)


def _joined(
    source: Side, destination: Side, rules: Rules, missing: Callable[[Entry], bool], settled: int
) -> Iterator[Difference]:
    """The same without trust in any order: the destination is held.

    The first `settled` entries of the source have been given out where they had to be, for what the destination
    really lacks is lacking in any order. What was given out needlessly has been transferred once too often.
    """
    held = {entry.key: entry for entry in destination(False)}
    entries = source(False)
    for entry in islice(entries, settled):
        held.pop(entry.key, None)
    for entry in entries:
        theirs = held.pop(entry.key, None)
        if theirs is not None and rules.unsure(entry, theirs):
            yield Difference(entry, other=theirs, unsure=True)
        elif missing(entry) if theirs is None else rules.differ(entry, theirs):
            yield Difference(entry, other=theirs)
    if rules.delete:
        yield from (Difference(entry, deleted=True) for entry in held.values())
