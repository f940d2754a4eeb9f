"""Events of a log as lines of text: the three formats of `logs tail`, and one JSON object a line."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from functools import partial
from typing import Any, NamedTuple

from awsmini.format.color import RESET
from awsmini.format.ndjson import dumps
from awsmini.services.logs.picks import NOT_JSON, Pick, read_json

GREEN, CYAN = "\x1b[32m", "\x1b[36m"

Event = Mapping[str, Any]
Line = Callable[[Event], str]


class Style(NamedTuple):
    """How lines are to look."""

    colored: bool = False
    with_group: bool = False  # name the group of each event: there are several
    pick: Pick | None = None  # what is shown of a message instead of all of it


def line_of(format_name: str, style: Style) -> Line:
    """The function from an event to its line. Formats are those of --format, and `ndjson`."""
    if format_name == "ndjson":
        return partial(_record, style.pick)
    time_color, name_color, reset = (GREEN, CYAN, RESET) if style.colored else ("", "", "")
    between, fractions = f"{reset} ", _FRACTIONS[format_name]
    with_group, with_stream = style.with_group, format_name != "short"
    shown = _message(format_name, style.pick)
    second, spelled = None, ""  # most events follow another within the same second

    def line(event: Event) -> str:
        nonlocal second, spelled
        time = event["timestamp"]
        if time // 1000 != second:
            second = time // 1000
            spelled = time_color + _spelled(second)
        group = f"{name_color}{event['logGroupName']}{between}" if with_group else ""
        stream = f"{name_color}{event.get('logStreamName', '')}{between}" if with_stream else ""
        message = event.get("message", "") if shown is None else shown(event)
        return f"{spelled}{fractions[time % 1000]}{between}{group}{stream}{message}".rstrip() + "\n"

    return line


def _spelled(second: int) -> str:
    """`2024-01-01T00:00:00`; beyond the calendar, the seconds since 1970."""
    try:
        return datetime.fromtimestamp(second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    except (ValueError, OverflowError, OSError):
        return str(second)


# What follows the second, by the millisecond: with microseconds, without any, and with them where they are not zero.
_DETAILED = [f".{rest:03d}000+00:00" for rest in range(1000)]
_FRACTIONS = {"detailed": _DETAILED, "short": [""] * 1000, "json": ["+00:00", *_DETAILED[1:]]}


def _message(format_name: str, pick: Pick | None) -> Callable[[Event], str] | None:
    """What is shown of an event's message, where that is not all of it."""
    if pick is not None:
        return partial(_picked, pick.of, _indented if format_name == "json" else pick.as_text)
    return partial(_picked, read_json, _indented) if format_name == "json" else None


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
    return dumps(event) + "\n"
