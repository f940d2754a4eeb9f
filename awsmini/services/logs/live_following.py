"""What comes to log groups, by a live session with polls beside it.

A session tells at once what comes in, but neither what was there before nor, where much comes, all of it; and it
ends after three hours. Polls find everything, later. So both are asked, and what one has told the other does not
tell again. Where there can be no session, the polls are those of following without one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event as Flag
from threading import Thread
from time import monotonic
from typing import Any

from awsmini.services.logs.lines import Event
from awsmini.services.logs.polling import PAUSE, Asked, Pages, Reader, in_order

SELDOM = 60.0  # seconds between two polls beside a session
MOST_GROUPS, MOST_STREAMS = 10, 10  # of a session

Update = Mapping[str, Any]
_ENDED: Update = {}


def session_params(groups: Sequence[str], asked: Asked) -> dict[str, Any] | None:
    """What a session of the same events is started with, but for the groups; None where there is none."""
    filters = asked.filters
    names, prefix = filters.get("logStreamNames", ()), filters.get("logStreamNamePrefix")
    if len(groups) > MOST_GROUPS or len(names) > MOST_STREAMS or ((names or prefix) and len(groups) > 1):
        return None
    params = {
        "logStreamNames": names,
        "logStreamNamePrefixes": [prefix] if prefix else None,
        "logEventFilterPattern": filters.get("filterPattern"),
    }
    return {name: value for name, value in params.items() if value}


def follow_live(
    pages: Pages,
    groups: Sequence[str],
    asked: Asked,
    start: Callable[[], Iterable[Update]],
    told: Callable[[], object],
    pause: float = PAUSE,
    seldom: float = SELDOM,
) -> Iterator[Event]:
    """All events that there are, and then those that come. `told` is called when all are given that came so far."""
    readers = {group: _LiveReader(pages, group, asked) for group in groups}
    due, poll, soon, is_open = 0.0, 0, 0, False
    with _Session(start, pause) as session:
        while True:
            if monotonic() >= due:
                # What came just before a session began may be seen only a while later, so some more look far back.
                yield from in_order([reader.new(0 if soon or is_open else poll) for reader in readers.values()])
                due = monotonic() + (seldom if is_open and not soon else pause)
                poll, soon = poll + 1, max(soon - 1, 0)
            told()
            update = session.next(due - monotonic())
            if update is None:
                continue
            if update is _ENDED or "sessionStart" in update:
                is_open = update is not _ENDED
                due, soon = 0.0, 2
                for reader in readers.values():
                    reader.new_session()
                continue
            found = update.get("sessionUpdate", {})
            if found.get("sessionMetadata", {}).get("sampled"):
                due = min(due, monotonic() + pause)
            for event in found.get("sessionResults") or ():
                group = _name(event.pop("logGroupIdentifier", ""))
                reader = readers.get(group) or next(iter(readers.values()))
                if reader.takes(event):
                    yield event


def _name(identifier: str) -> str:
    """The name in `account:name`, in an ARN, or as it is."""
    return identifier.removesuffix(":*").rpartition(":")[2]


class _LiveReader(Reader):
    """Reads one group. What a session tells has no id, so events that look alike are counted: a poll that finds
    two of them, of which one was given, has found one more."""

    def __init__(self, pages: Pages, group: str, asked: Asked) -> None:
        super().__init__(pages, group, asked)
        self._in_poll: dict[Any, int] = {}
        self._in_session: dict[Any, int] = {}

    def new(self, poll: int) -> Iterator[Event]:
        self._in_poll = {}
        yield from super().new(poll)

    def new_session(self) -> None:
        self._in_session = {}

    def takes(self, event: Event) -> bool:
        """Whether an event that a session tells is asked for, and new. It gets its group's name."""
        if event["timestamp"] < self._asked.start or not self._counts(event, self._in_session):
            return False
        event["logGroupName"] = self._group  # type: ignore[index]
        return True

    def _is_new(self, event: Event) -> bool:
        return self._counts(event, self._in_poll)

    def _counts(self, event: Event, found: dict[Any, int]) -> bool:
        look = event["timestamp"], event.get("logStreamName"), hash(event.get("message"))
        found[look] = count = found.get(look, 0) + 1
        if count <= self._seen.get(look, (0, 0))[1]:
            return False
        self._remember(look, event["timestamp"], count)
        return True

    def _forget(self, before: int) -> None:
        super()._forget(before)
        for name in ("_in_poll", "_in_session"):
            setattr(self, name, {look: count for look, count in getattr(self, name).items() if look[0] >= before})


class _Session:
    """Live sessions, one after the other, in a thread of their own, as long as they tell anything."""

    def __init__(self, start: Callable[[], Iterable[Update]], pause: float) -> None:
        self._start = start
        self._pause = pause
        self._updates: SimpleQueue[Update] = SimpleQueue()
        self._left = Flag()

    def __enter__(self) -> "_Session":
        Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._left.set()

    def next(self, seconds: float) -> Update | None:
        """What comes within that time, if anything does."""
        with suppress(Empty):
            return self._updates.get(timeout=max(seconds, 0.0))
        return None

    def _listen(self) -> None:
        while self._one():
            self._updates.put(_ENDED)
            if self._left.wait(self._pause):
                return

    def _one(self) -> bool:
        """One session from its start to its end, whatever ends it: the polls go on. Whether it told anything."""
        told = False
        with suppress(Exception):
            for update in self._start():
                told = True
                self._updates.put(update)
                if self._left.is_set():
                    break
        return told
