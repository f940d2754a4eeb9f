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
        if type(records) is Written and records:
            lines = records.joined("\n")
            yield lines if view.takes_utf8 or isinstance(lines, str) else lines.decode()
            yield "\n"
        elif records:
            yield "\n".join([*map(dumps, records), ""])
