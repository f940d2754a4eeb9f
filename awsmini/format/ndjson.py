"""NDJSON: one record a line, each line compact JSON; a page is printed before the next is asked for."""

from collections.abc import Iterator
from json import JSONEncoder
from typing import Any

from awsmini.format.json import plain
from awsmini.format.records import batches
from awsmini.format.view import View
from awsmini.records import Written

dumps = JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"), default=plain).encode


def render(answer: Any, view: View) -> Iterator[Any]:
    """The records of each page."""
    for records in batches(answer, view):
        lines = _lines(records)
        del records  # or they would be in memory while the next are read
        if isinstance(lines, bytes):
            yield lines if view.takes_utf8 else lines.decode()
            yield "\n"
        elif lines:
            yield lines
        del lines


def _lines(records: list[Any]) -> str | bytes:
    if type(records) is not Written:
        return "\n".join([*map(dumps, records), ""]) if records else ""
    lines = records.joined("\n")
    return f"{lines}\n" if isinstance(lines, str) and records else lines
