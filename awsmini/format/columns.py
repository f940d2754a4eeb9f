"""The columns of a grid: those asked for, those of `data/grids.json`, or those that tell most in the output's shape.

A column is written `HEADER=path:kind`; a path goes through members, and through tags by their keys (`Tags.Name`); `@`
is the record itself. `age` shows how long ago a time was, `count` how many there are, `tail` what stands behind the
last slash or colon, `pairs` tags and dimensions as `key=value`; `state` is text that may be coloured.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from typing import Any, NamedTuple

from awsmini.format.ndjson import dumps
from awsmini.format.records import record_path
from awsmini.format.view import View
from awsmini.model.load import data
from awsmini.model.shapes import ListShape, Shape, StructureShape

NOTHING_THERE = "-"
CHOSEN = 8  # columns, where nobody has said which
ITSELF = "@"
_MADE = ("creat", "launch", "start", "joined", "registered")  # times that tell an age
_STATES = ("status", "state", "health", "lifecycle")
_KEYS = (("Key", "Value"), ("key", "value"), ("TagKey", "TagValue"), ("Name", "Value"), ("name", "value"))
_KINDS = ("age", "count", "tail", "pairs", "state")


class Column(NamedTuple):
    """One column; the first of a grid tell most."""

    header: str
    path: str
    kind: str = ""


class Layout(NamedTuple):
    """Where the rows of an answer are, below each of its records, and what is shown of them; None: their own keys."""

    below: str | None
    columns: list[Column] | None


def layout(view: View) -> Layout:
    """The layout of the answers of an operation."""
    below, columns = _layout(view)
    if not view.leading:
        return Layout(below, columns)
    return Layout(
        None, None if columns is None else [*(Column(_header(name), name) for name in view.leading), *columns]
    )


def _layout(view: View) -> Layout:
    known: str = "" if view.query else data("grids.json").get(f"{view.service_name}.{view.operation_name}", "")
    words = known.split()
    below = words.pop(0)[:-2] if words and words[0].endswith("[]") else None
    if view.columns:
        return Layout(below, [_read(word) for word in view.columns])
    if view.query:
        names = view.query.columns
        return Layout(None, None if names is None else [Column(name, name) for name in names])
    item = _item(view)
    if isinstance(item, StructureShape) and below:
        inner = item.members.get(below)
        item = inner.member if isinstance(inner, ListShape) else item
    listed = [_read(word) for word in words]
    if listed and not view.wide:
        return Layout(below, listed)
    if not isinstance(item, StructureShape):
        return Layout(below, listed or None)
    telling = [column for column in _telling(item) if column.path not in {each.path for each in listed}]
    return Layout(below, [*listed, *telling] if view.wide else telling[:CHOSEN])


def _read(word: str) -> Column:
    header, equals, path = word.partition("=")
    path, colon, kind = (path if equals else word).rpartition(":")
    if not colon or kind not in _KINDS:
        path, kind = (path if equals else word) if not colon else f"{path}:{kind}", ""
        path = path if not equals else word.partition("=")[2]
    return Column((header if equals else path).replace("_", " ") if equals else path, path, kind)


def _item(view: View) -> Shape | None:
    """The shape of a record."""
    shape: Shape | None = view.output_shape
    path = record_path(view)
    for name in path.split(".") if path else ():
        shape = shape.members.get(name) if isinstance(shape, StructureShape) else None
    return shape.member if isinstance(shape, ListShape) else shape


def _telling(item: StructureShape) -> list[Column]:
    """All members as columns, those that tell most first."""
    return [column for _, column in sorted(_ranked(item), key=lambda pair: pair[0])]


def _ranked(item: StructureShape) -> Iterable[tuple[int, Column]]:
    for name, shape in item.members.items():
        low = name.lower()
        header = _header(name)
        if shape.type_name == "structure" and isinstance(shape, StructureShape):
            inner = next(
                (each for each in ("Name", "State", "Status", "Code", "Value", "Id") if each in shape.members), None
            )
            if inner and low.endswith(_STATES):
                yield 20, Column(header, f"{name}.{inner}", "state")
        elif low in ("tags", "taglist", "tagset") and shape.type_name == "list":
            yield 90, Column(header, name, "pairs")
        elif shape.type_name in ("list", "map"):
            yield 80, Column(header, name, "count")
        elif shape.type_name == "timestamp":
            yield (50, Column("AGE", name, "age")) if low.startswith(_MADE) else (60, Column(header, name, "age"))
        elif low.endswith(_STATES):
            yield 20, Column(header, name, "state")
        elif low.endswith("name"):
            yield (0 if low == "name" else 5), Column(header, name)
        elif low.endswith(("id", "identifier")):
            yield 10, Column(header, name)
        elif low.endswith("arn"):
            yield 70, Column(header, name)
        elif shape.type_name != "blob":
            yield (65 if low.startswith("desc") else 40), Column(header, name)


def _header(name: str) -> str:
    """`DBInstanceClass` gives `DBINSTANCE CLASS`."""
    words = "".join(
        f" {c}" if c.isupper() and before.islower() else c for before, c in zip(f" {name}", name, strict=False)
    )
    return words.strip().upper()


def getter(column: Column, now: datetime) -> Callable[[Any], str]:
    """What a column shows of a record."""
    find = _finder(column.path)
    show = {"age": lambda value: age(value, now), "count": _count, "tail": _tail, "pairs": _pairs}.get(
        column.kind, text
    )
    return lambda record: NOTHING_THERE if (value := find(record)) is None or value == "" else show(value)


def finder(path: str) -> Callable[[Any], Any]:
    """The value at a path; None where there is none."""
    return _finder(path)


def _finder(path: str) -> Callable[[Any], Any]:
    if path == ITSELF:
        return lambda record: record
    first, _, rest = path.partition(".")
    if not rest:
        return lambda record: record.get(first) if type(record) is dict else _through(record, first)
    below = _finder(rest)

    def find(record: Any) -> Any:
        value = record.get(first) if type(record) is dict else _through(record, first)
        return None if value is None else below(value)

    return find


def _through(value: Any, name: str) -> Any:
    """The value of the tag with that key, or that member of each item."""
    if not isinstance(value, list):
        return None
    for key, content in _KEYS:
        if value and isinstance(value[0], dict) and key in value[0] and content in value[0] and name not in value[0]:
            return next((each.get(content) for each in value if each.get(key) == name), None)
    found = [each[name] for each in value if isinstance(each, dict) and each.get(name) is not None]
    return found or None


def text(value: Any) -> str:
    """A value as one cell."""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        if not value:
            return NOTHING_THERE
        return ",".join(map(text, value)) if not isinstance(value[0], dict | list) else str(len(value))
    return dumps(value).strip('"') if isinstance(value, dict | bytes) else str(value)


def _count(value: Any) -> str:
    return str(len(value)) if isinstance(value, list | dict | str) else text(value)


def _tail(value: Any) -> str:
    return text(value).rstrip("/").replace(":", "/").rpartition("/")[2]


def _pairs(value: Any) -> str:
    for key, content in _KEYS:
        if isinstance(value, list) and value and isinstance(value[0], dict) and key in value[0]:
            return ",".join(f"{each.get(key)}={each.get(content, '')}" for each in value)
    return ",".join(f"{key}={each}" for key, each in value.items()) if isinstance(value, dict) else text(value)


def age(value: Any, now: datetime) -> str:
    """How long ago a time is, in its two greatest units; `in 3d` for one to come. What is no time stays as it is."""
    try:
        when = datetime.fromtimestamp(value / 1000 if value > 1e11 else value, timezone.utc) if not isinstance(value, str) else (
            datetime.fromisoformat(value.replace("Z", "+00:00")))  # fmt: skip
        seconds = int((now - (when if when.tzinfo else when.replace(tzinfo=timezone.utc))).total_seconds())
    except (ValueError, TypeError, OverflowError, OSError):
        return text(value)
    return f"in {_length(-seconds)}" if seconds < -60 else _length(max(seconds, 0))


def _length(seconds: int) -> str:
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if minutes < 2:
        return f"{seconds}s"
    if hours < 3:
        return f"{minutes}m"
    if days < 2:
        return f"{hours}h"
    return f"{days}d" if days < 730 else f"{days // 365}y{days % 365}d"
