"""The columns of a grid: those asked for, those of `data/grids.json`, or those that tell most in the output's shape.

A column is written `HEADER=path:kind`; a path goes through members, and through tags by their keys (`Tags.Name`); `@`
is the record itself, `A|B` is A or else B. `age` shows how long ago a time was, `count` how many there are, `size`
bytes, `tail` what stands behind the last slash or colon, `pairs` tags and dimensions as `key=value`; `state` is text
that may be coloured. Before the columns of `data/grids.json`, `A.B[]` says where in an answer the records are.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from typing import Any, NamedTuple

from awsmini.errors import ParamValidationError
from awsmini.format.ndjson import dumps
from awsmini.format.records import record_path
from awsmini.format.view import View
from awsmini.model.load import data
from awsmini.model.shapes import ListShape, MapShape, OperationModel, Shape, StructureShape

NOTHING_THERE = "-"
CHOSEN = 8  # columns, where nobody has said which
ITSELF = "@"
_MADE = ("creat", "launch", "start", "joined", "registered")  # times that tell an age
_STATES = ("status", "state", "health", "lifecycle")
_KEYS = (("Key", "Value"), ("key", "value"), ("TagKey", "TagValue"), ("Name", "Value"), ("name", "value"))
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_KINDS = ("age", "count", "size", "tail", "pairs", "state")
_LAST = 95  # the rank of structures, which are no cells
_BESIDE = re.compile(r"(?i)fail|error|warning|invalid|unprocess|not_?found|missing")  # lists beside the one meant
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z]{2})(?=[A-Z](?!s\b)[a-z](?!\d))")


class Column(NamedTuple):
    """One column; the first of a grid tell most."""

    header: str
    path: str
    kind: str = ""


class Layout(NamedTuple):
    """Where in an answer the rows are, none: its records; and what is shown of them, None: their own keys."""

    lists: tuple[str, ...]
    columns: list[Column] | None
    sort_by: str | None = None


def layout(view: View) -> Layout:
    """The layout of the answers of an operation. Raises ParamValidationError."""
    lists, columns, sort_by = _layout(view)
    if not view.leading:
        return Layout(lists, columns, sort_by)
    led = [Column(_header(name), name) for name in view.leading]
    alone = "Value" if sort_by == ITSELF else sort_by  # what is no record has become one
    return Layout((), None if columns is None else [*led, *map(_of_a_value, columns)], alone)


def names(operation: OperationModel) -> list[str]:
    """What --columns takes: the members of the records, and the headers of a grid that nobody has chosen columns of."""
    view = View.of(operation)
    lists, columns, _ = layout(view)
    item = _item(view, lists)
    headers = [column.header.replace(" ", "_") for column in columns or ()]
    return [*headers, *(item.members if isinstance(item, StructureShape) else ())]


def _of_a_value(column: Column) -> Column:
    return column._replace(path="Value") if column.path == ITSELF else column


def _layout(view: View) -> Layout:
    if view.query:
        names = view.query.columns
        own = None if names is None else [Column(name, name) for name in names]
        return Layout((), [_read(word) for word in view.columns] or own, view.sort_by)
    words = data("grids.json").get(f"{view.service_name}.{view.operation_name}", "").split()
    lists = tuple(word[:-2] for word in words if word.endswith("[]")) or _lists(view)
    listed = [_read(word) for word in words if not word.endswith("[]")]
    item = _item(view, lists)
    ranked = sorted(_ranked(item), key=lambda pair: pair[0]) if isinstance(item, StructureShape) else []
    known = {column.path: column for column in listed}
    for _, column in ranked:
        known.setdefault(column.path, column)
    sort_by = None if view.sort_by is None else _named(view.sort_by, known, item, "--sort-by").path
    if view.columns:
        return Layout(lists, [_named(word, known, item, "--columns") for word in view.columns], sort_by)
    if view.wide:
        return Layout(lists, list(known.values()) or None, sort_by)
    telling = [column for rank, column in ranked if rank < _LAST][:CHOSEN] or [column for _, column in ranked]
    return Layout(lists, listed or telling or None, sort_by)


def _lists(view: View) -> tuple[str, ...]:
    """Where the records of an operation are that has no paginator: its one list, or its one structure."""
    if view.output_shape is None or record_path(view) is not None:
        return ()
    members = view.output_shape.members
    nested = [name for name, shape in members.items() if shape.type_name in ("list", "structure") and not _BESIDE.search(name)]  # fmt: skip
    plain = [name for name, shape in members.items() if shape.type_name not in ("list", "structure", "map") and name.lower() != "nexttoken"]  # fmt: skip
    return (nested[0],) if len(nested) == 1 and not plain else ()


def _named(word: str, known: dict[str, Column], item: Shape | None, label: str) -> Column:
    """A column that was asked for: by a path, or by the header that it has without being asked for."""
    column = _read(word)
    if column.path in known:
        kind = known[column.path].kind
        return column if column.kind or kind != "state" else column._replace(kind=kind)
    for each in known.values():
        if each.header.replace(" ", "_") == word:
            return each
    if isinstance(item, StructureShape) and not all(_is_there(item, path) for path in column.path.split("|")):
        names = ", ".join(item.members)
        raise ParamValidationError(f"{label}: the records have no {column.path}. They have {names}.")
    return column


def _is_there(shape: Shape | None, path: str) -> bool:
    """Whether a path leads to something, as far as the model knows."""
    for name in [] if path == ITSELF else path.split("."):
        while isinstance(shape, ListShape):
            shape = shape.member
        if not isinstance(shape, StructureShape):
            return isinstance(shape, MapShape)
        if name not in shape.members:
            return shape.is_document_type or any({key, content} <= set(shape.members) for key, content in _KEYS)
        shape = shape.members[name]
    return True


def _read(word: str) -> Column:
    header, equals, path = word.partition("=")
    path, colon, kind = (path if equals else word).rpartition(":")
    if not colon or kind not in _KINDS:
        path, kind = (path if equals else word) if not colon else f"{path}:{kind}", ""
        path = path if not equals else word.partition("=")[2]
    return Column((header if equals else path).replace("_", " ") if equals else path, path, kind)


def _item(view: View, lists: tuple[str, ...]) -> Shape | None:
    """The shape of a record."""
    shape: Shape | None = view.output_shape
    path = lists[0] if lists else record_path(view)
    for name in path.split(".") if path else ():
        shape = shape.members.get(name) if isinstance(shape, StructureShape) else None
        shape = shape.member if isinstance(shape, ListShape) else shape
    return shape


def _ranked(item: StructureShape) -> Iterable[tuple[int, Column]]:
    aged = False
    for name, shape in item.members.items():
        low = name.lower()
        header = _header(name)
        if shape.type_name == "structure" and isinstance(shape, StructureShape):
            inner = next(
                (each for each in ("Name", "State", "Status", "Code", "Value", "Id") if each in shape.members), None
            )
            if inner and low.endswith(_STATES):
                yield 20, Column(header, f"{name}.{inner}", "state")
            else:
                yield _LAST, Column(header, name)
        elif low in ("tags", "taglist", "tagset") and shape.type_name == "list":
            yield 90, Column(header, name, "pairs")
        elif shape.type_name in ("list", "map"):
            yield 80, Column(header, name, "count")
        elif shape.type_name == "timestamp":
            made = low.startswith(_MADE) and not aged
            aged = aged or made
            yield (50, Column("AGE", name, "age")) if made else (60, Column(header, name, "age"))
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
    """`DBInstanceClass` gives `DB INSTANCE CLASS`."""
    return _HUMP.sub(" ", name).upper()


def getter(column: Column, now: datetime) -> Callable[[Any], str]:
    """What a column shows of a record."""
    find = finder(column.path)
    if column.kind == "age":
        return lambda record: NOTHING_THERE if (value := find(record)) is None or value == "" else age(value, now)
    show = {"count": _count, "size": _size, "tail": _tail, "pairs": _pairs}.get(column.kind, text)
    return lambda record: NOTHING_THERE if (value := find(record)) is None or value == "" else show(value)


def finder(path: str) -> Callable[[Any], Any]:
    """The value at a path; None where there is none."""
    first, bar, rest = path.partition("|")
    if not bar:
        return _finder(path)
    find, otherwise = _finder(first), finder(rest)
    return lambda record: otherwise(record) if (value := find(record)) is None else value


def _finder(path: str) -> Callable[[Any], Any]:
    if path == ITSELF:
        return lambda record: record
    first, _, rest = path.partition(".")
    if not rest:
        return lambda record: record.get(path) if type(record) is dict else _through(record, path)
    below = _finder(rest)

    def find(record: Any) -> Any:
        value = record.get(first) if type(record) is dict else _through(record, first)
        if value is None:  # a key may have dots
            return record.get(path) if type(record) is dict else _through(record, path)
        return below(value)

    return find


def _through(value: Any, name: str) -> Any:
    """The value of the tag with that key, or that member of each item."""
    if not isinstance(value, list):
        return None
    for key, content in _KEYS:
        if value and isinstance(value[0], dict) and key in value[0] and content in value[0] and name not in value[0]:
            pairs = (each for each in value if isinstance(each, dict))
            return next((each.get(content) for each in pairs if each.get(key) == name), None)
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


def _size(value: Any) -> str:
    """Bytes in the greatest unit of which there is one."""
    if not isinstance(value, int | float):
        return text(value)
    try:
        at = min(max(int(value).bit_length() - 1, 0) // 10, len(_UNITS) - 1)
        return f"{value / (1 << 10 * at):.1f}{_UNITS[at]}" if at else f"{value}B"
    except (ValueError, OverflowError):  # no number, or more than there is
        return text(value)


def _tail(value: Any) -> str:
    return text(value).rstrip("/").replace(":", "/").rpartition("/")[2]


def _pairs(value: Any) -> str:
    for key, content in _KEYS:
        if isinstance(value, list) and value and isinstance(value[0], dict) and key in value[0]:
            pairs = (each for each in value if isinstance(each, dict))
            return ",".join(f"{each.get(key)}={each.get(content, '')}" for each in pairs)
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
