"""NDJSON: one record a line, each line compact JSON; a page is printed before the next is asked for.

JSON has no NaN and no infinity: they are the texts "NaN", "Infinity" and "-Infinity", as AWS's own JSON has them.
"""

from collections.abc import Iterator
from json import JSONEncoder
from typing import Any

from awsmini.format.json import dumps as written
from awsmini.format.json import plain
from awsmini.format.records import batches
from awsmini.format.view import View
from awsmini.records import Written

_encode = JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":"), default=plain
).encode


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


def dumps(value: Any) -> str:
    """A value as compact JSON."""
    try:
        return _encode(value)
    except ValueError:
        return _encode(_finite(value))


def _finite(value: Any) -> Any:
    """The value with texts for the numbers that JSON lacks."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return written(value) if isinstance(value, float) and value - value != 0 else value
