"""Events of a log as lines of text: the three formats of `logs tail`, and one JSON object a line."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from functools import partial
from typing import Any, NamedTuple

from awsmini.format.color import RESET
from awsmini.services.logs.picks import NOT_JSON, Pick, read_json

GREEN, CYAN = "\x1b[32m", "\x1b[36m"

Event = Mapping[str, Any]
Line = Callable[[Event], str]


class Style(NamedTuple):
    """How lines are to look."""

    colored: bool = False
    with_group: bool = False  # name the group of each event: there are several
    pick: Pick | None = None  # what is shown of a message instead of all of it


class Clock:
    """Times of day as text. Most events follow another within the same second, so that it is spelled once."""

    def __init__(self) -> None:
        self._second: int | None = None
        self._text = ""

    def parts(self, milliseconds: int) -> tuple[str, int]:
        """`2024-01-01T00:00:00` and the milliseconds beyond. Beyond the calendar, seconds since 1970."""
        second, rest = divmod(milliseconds, 1000)
        if second != self._second:
            self._second = second
            try:
                self._text = datetime.fromtimestamp(second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
            except (ValueError, OverflowError, OSError):
                self._text = str(second)
        return self._text, rest

    def detailed(self, milliseconds: int) -> str:
        text, rest = self.parts(milliseconds)
        return f"{text}.{rest:03d}000+00:00"

    def short(self, milliseconds: int) -> str:
        return self.parts(milliseconds)[0]

    def iso(self, milliseconds: int) -> str:
        """As `detailed`, without a fraction where it is zero."""
        text, rest = self.parts(milliseconds)
        return f"{text}.{rest:03d}000+00:00" if rest else f"{text}+00:00"


def line_of(format_name: str, style: Style) -> Line:
    """The function from an event to its line. Formats are those of --format, and `ndjson`."""
    if format_name == "ndjson":
        return partial(_record, style.pick)
    paint = _painted if style.colored else _plain
    clock = Clock()
    message = _message(format_name, style.pick)
    if format_name == "short":
        return lambda event: f"{paint(GREEN, clock.short(event['timestamp']))} {message(event)}".rstrip() + "\n"
    time = clock.iso if format_name == "json" else clock.detailed

    def line(event: Event) -> str:
        group = f"{paint(CYAN, event['logGroupName'])} " if style.with_group else ""
        stream = paint(CYAN, event.get("logStreamName", ""))
        return f"{paint(GREEN, time(event['timestamp']))} {group}{stream} {message(event)}".rstrip() + "\n"

    return line


def _painted(color: str, text: str) -> str:
    return f"{color}{text}{RESET}"


def _plain(color: str, text: str) -> str:
    return text


def _message(format_name: str, pick: Pick | None) -> Callable[[Event], str]:
    """What is shown of an event's message."""
    if pick is not None:
        return partial(_picked, pick.of, _indented if format_name == "json" else pick.as_text)
    return partial(_picked, read_json, _indented) if format_name == "json" else _in_full


def _in_full(event: Event) -> str:
    text: str = event.get("message", "")
    return text


def _picked(find: Callable[[str], Any], show: Callable[[Any], str], event: Event) -> str:
    """What is found in the message; one that is no JSON is shown in full."""
    text = _in_full(event)
    value = find(text)
    return text if value is NOT_JSON else show(value)


def _indented(value: Any) -> str:
    """JSON below the line that it belongs to."""
    return f"\n{json.dumps(value, indent=4)}"


def _record(pick: Pick | None, event: Event) -> str:
    """The event as the service sent it, with its group's name, on one line."""
    if pick is not None and (value := pick.of(_in_full(event))) is not NOT_JSON:
        event = {**event, "message": value}
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n"
