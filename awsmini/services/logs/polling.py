"""The events of log groups, read once or again and again, each of them once.

An event may reach a group long after the moment that it is about. So each poll asks for a while that was read
before, and each twelfth for a long one; events that were there then are known by their ids.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from heapq import merge
from itertools import chain
from typing import Any, NamedTuple

from awsmini.services.logs.lines import Event

PAUSE = 5.0  # seconds between two polls
LATE = 30_000  # milliseconds that each poll looks back from the newest event
VERY_LATE = 300_000  # and that some do
EACH_SO_MANY = 12  # of them: once a minute
FEW = 10_000  # ids that are kept without a thought

Params = Mapping[str, Any]
Pages = Callable[[Params], Iterator[dict[str, Any]]]  # the answers to a call, until there are no more


class Asked(NamedTuple):
    """What is asked of each group."""

    start: int  # milliseconds since 1970
    filters: Params
    with_names: bool = True  # each event gets its group's name


def once(pages: Pages, groups: Sequence[str], asked: Asked) -> Iterator[Sequence[Event]]:
    """All events that there are now, some at a time."""
    streams = [_found(pages, group, asked, asked.start) for group in groups]
    return streams[0] if len(streams) == 1 else zip(in_order([chain.from_iterable(stream) for stream in streams]))


def follow(pages: Pages, groups: Sequence[str], asked: Asked, pause: Callable[[], object]) -> Iterator[Event]:
    """All events that there are, and then those that come. `pause` is called when all are read."""
    readers = [Reader(pages, group, asked) for group in groups]
    poll = 0
    while True:
        yield from in_order([reader.new(poll) for reader in readers])
        poll += 1
        pause()


def in_order(streams: Sequence[Iterator[Event]]) -> Iterator[Event]:
    """Events of several groups by their time; those of one group as they come."""
    if len(streams) == 1:
        return streams[0]
    return merge(*streams, key=lambda event: event["timestamp"])


def _found(pages: Pages, group: str, asked: Asked, start: int) -> Iterator[list[Event]]:
    """The events of each page."""
    params = {"logGroupName": group, "interleaved": True, "startTime": start, **asked.filters}
    for page in pages(params):
        events = page.get("events", [])
        if asked.with_names:
            for event in events:
                event["logGroupName"] = group
        yield events


class Reader:
    """Reads one group, and knows what it has read."""

    def __init__(self, pages: Pages, group: str, asked: Asked) -> None:
        self._pages = pages
        self._group = group
        self._asked = asked
        self._newest: int | None = None
        # When each event was that may be met again, and how many are like it; by its id, or by what it looks like.
        self._seen: dict[Any, tuple[int, int]] = {}
        self._many = FEW

    def new(self, poll: int) -> Iterator[Event]:
        """The events that were not there when the group was read before."""
        for events in _found(self._pages, self._group, self._asked, self._start(poll)):
            yield from filter(self._is_new, events)

    def _is_new(self, event: Event) -> bool:
        event_id = event.get("eventId")
        if event_id is not None and event_id in self._seen:
            return False
        self._remember(event_id, event["timestamp"])
        return True

    def _remember(self, event_id: Any, time: int, count: int = 1) -> None:
        self._newest = time if self._newest is None else max(self._newest, time)
        if event_id is not None:
            self._seen[event_id] = time, count
            if len(self._seen) > self._many:
                self._forget(self._newest - VERY_LATE)

    def _start(self, poll: int) -> int:
        if self._newest is None:
            return self._asked.start
        back = LATE if poll % EACH_SO_MANY else VERY_LATE
        return max(self._asked.start, self._newest - back)

    def _forget(self, before: int) -> None:
        """Drop what no poll will ask for any more."""
        self._seen = {event_id: seen for event_id, seen in self._seen.items() if seen[0] >= before}
        self._many = max(FEW, 2 * len(self._seen))
