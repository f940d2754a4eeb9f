"""Time series in an answer: lists of times beside lists of numbers, records with a time and numbers, names with numbers.

Nothing here knows a service. What looks like a time is one; text that is a number counts as one (prices and costs are).
"""

from collections.abc import Iterator
from datetime import datetime, timezone
from math import nan
from typing import Any, NamedTuple

from awsmini.errors import ParamValidationError
from awsmini.format.columns import finder

_TIMES = ("time", "timestamp", "date", "start", "bin(", "day", "hour")
_UNITS = ("Unit", "unit", "Units")
_LABELS = ("Label", "label", "Name", "name", "Id", "id", "MetricName")
_NO_DIMENSION = ("Description", "ProductDescription", "Estimated", "StatusCode")

_LARGEST = 1e300  # twice as much is a number still
_MADE = ("creat", "launch", "last", "updat", "modif", "regist")  # times of a thing, not of a number

X = datetime | str


class Series(NamedTuple):
    """Points in their order: times (local), or names where there are none; a value that is none is NaN."""

    label: str
    points: list[tuple[X, float]]
    unit: str = ""


def series_of(value: Any, x: str | None = None, y: str | None = None) -> list[Series]:
    """All series of an answer. `x` and `y` are paths within its records, where they are to be told."""
    found = list(_asked(value, x, y)) if x or y else list(_walk(value, "")) or list(_named(value))
    return [each._replace(label=plain(each.label), points=_in_order(each.points)) for each in found if each.points]


def plain(text: str) -> str:
    """Text of one line, without what a terminal would take for an order."""
    return text if text.isprintable() else "".join([c if c.isprintable() else " " for c in text])


def _in_order(points: list[tuple[X, float]]) -> list[tuple[X, float]]:
    if all(isinstance(when, datetime) for when, _ in points):
        return sorted(points, key=lambda point: point[0])
    return points


def _walk(value: Any, name: str) -> Iterator[Series]:
    """The series below a value, those of a list of records together."""
    if isinstance(value, dict):
        beside = _lists_side_by_side(value)
        if beside:
            yield Series(_label(value, name), *beside)
            return
        for key, below in value.items():
            yield from _walk(below, _label(value, key))
    elif isinstance(value, list) and value:
        rows = [_row(each) for each in value]
        if all(isinstance(row, dict) for row in rows) and any(_time_key(row) for row in rows):
            yield from _of_records(rows, name)
        else:
            for each in value:
                yield from _walk(each, name)


def _row(value: Any) -> Any:
    """A record; one of CloudWatch Logs is a list of fields with values."""
    if (
        isinstance(value, list)
        and value
        and all(isinstance(each, dict) and isinstance(each.get("field"), str) for each in value)
    ):
        return {each["field"]: each.get("value") for each in value if not each["field"].startswith("@ptr")}
    return value


def _label(value: dict[str, Any], otherwise: str) -> str:
    return next((str(value[name]) for name in _LABELS if isinstance(value.get(name), str)), otherwise)


def _lists_side_by_side(value: dict[str, Any]) -> tuple[list[tuple[X, float]], str] | None:
    lists = [each for each in value.values() if isinstance(each, list) and each]
    times = next((each for each in lists if all(when(item) is not None for item in each)), None)
    if times is None:
        return None
    numbers = next(
        (each for each in lists if each is not times and len(each) == len(times) and all(map(_is_number, each))), None
    )
    if numbers is None:
        return None
    return [(when(time) or "", number(each)) for time, each in zip(times, numbers, strict=True)], _unit(value)


def _of_records(rows: list[dict[str, Any]], name: str) -> Iterator[Series]:
    """A series for each number of the records, and for each of the things that tell records apart."""
    key = next(filter(None, map(_time_key, rows)), "")
    found: dict[tuple[str, str], Series] = {}
    for row in rows:
        moment = when(finder(key)(row))
        if moment is None:
            continue
        for label, amount, unit in _amounts(row, key):
            held = found.setdefault((label, unit), Series(label or name, [], unit))
            held.points.append((moment, amount))
    yield from found.values()


def _time_key(row: Any) -> str:
    """The path of the time of a record."""
    if not isinstance(row, dict):
        return ""
    for key, value in row.items():
        if isinstance(value, dict) and "Start" in value and when(value["Start"]) is not None:
            return f"{key}.Start"
        low = key.lower()
        if any(word in low for word in _TIMES) and not low.startswith(_MADE) and when(value) is not None:
            return str(key)
    return ""


def _amounts(row: dict[str, Any], key: str) -> Iterator[tuple[str, float, str]]:
    """Label, number and unit of all numbers of a record."""
    apart = [str(value) for name, value in row.items()
             if isinstance(value, str) and name != key and not _is_number(value) and when(value) is None
             and name not in (*_UNITS, *_NO_DIMENSION)]  # fmt: skip
    groups = row.get("Groups")
    if isinstance(groups, list) and groups and all(isinstance(group, dict) and "Metrics" in group for group in groups):
        for group in groups:
            label, metrics = " ".join(map(str, group.get("Keys", ()))), _metrics(group["Metrics"])
            yield from ((label if len(metrics) == 1 else f"{label} {name}", *metric) for name, *metric in metrics)  # type: ignore[misc]
        return
    if total := _metrics(row.get("Total")):
        yield from total
        return
    numbers = [(name, number(value)) for name, value in row.items() if name != key and _is_number(value)]
    for name, amount in numbers:
        label = " ".join(apart)
        yield (f"{label} {name}".strip() if len(numbers) > 1 or not label else label), amount, _unit(row)


def _metrics(value: Any) -> list[tuple[str, float, str]]:
    """Name, amount and unit of the metrics of Cost Explorer."""
    metrics = value.items() if isinstance(value, dict) else ()
    return [
        (name, number(each["Amount"]), str(each.get("Unit", "")))
        for name, each in metrics
        if isinstance(each, dict) and _is_number(each.get("Amount"))
    ]


def _named(value: Any) -> Iterator[Series]:
    """Where there are no times: the numbers of records that have a name."""
    for rows in _record_lists(value):
        found: dict[str, Series] = {}
        for row in rows:
            name = next(
                (str(each) for key, each in row.items() if key.lower().endswith("name") and isinstance(each, str)), None
            )
            name = name or next((plain(each) for each in row.values() if isinstance(each, str)), "")
            for key, amount in row.items():
                if isinstance(amount, int | float) and not isinstance(amount, bool):
                    found.setdefault(key, Series(key, [])).points.append((name, float(amount)))
        yield from found.values()


def _record_lists(value: Any) -> Iterator[list[dict[str, Any]]]:
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        yield value
    else:
        for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from _record_lists(each)


def _asked(value: Any, x: str | None, y: str | None) -> Iterator[Series]:
    seen = drawn = False
    for rows in _record_lists(value):
        found_x = finder(x or _time_key(rows[0])) if x or _time_key(rows[0]) else None
        find_y = finder(y) if y else None
        points = []
        for place, row in enumerate(rows):
            across = found_x(row) if found_x else place
            seen |= across is not None
            amounts = (
                [find_y(row)] if find_y else [each for name, each in row.items() if name != x and _is_number(each)][:1]
            )
            if across is not None:
                points += [(across, number(each)) for each in amounts if _is_number(each)]
        if points:
            drawn = True
            times = [when(across) for across, _ in points]
            found: list[tuple[X, float]] = [
                (across, amount) for across, (_, amount) in zip(times, points, strict=True) if across
            ]
            if len(found) < len(points):  # all of them are times, or all are names
                found = [(plain(str(across)), amount) for across, amount in points]
            yield Series(y or x or "", found, _unit(rows[0]))
    if not drawn and any(_record_lists(value)):
        said = (
            f"--chart-x: no record has {x}."
            if x and not seen
            else f"--chart-y: no record has a number at {y}."
            if y
            else "--chart-x: there are no numbers beside it."
        )
        raise ParamValidationError(said)


def _unit(value: dict[str, Any]) -> str:
    found = next((value[name] for name in _UNITS if isinstance(value.get(name), str)), "")
    return "" if found == "None" else found


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        try:
            float(value)
        except ValueError:
            return False
        return True
    return isinstance(value, int | float) and not isinstance(value, bool)


def number(value: Any) -> float:
    """A number, NaN for what no axis has room for."""
    try:
        found = float(value)
    except OverflowError:
        return nan
    return found if abs(found) < _LARGEST else nan


def when(value: Any) -> datetime | None:
    """A time in the local zone; None for what is none. A day is the same day everywhere."""
    if not isinstance(value, str) or len(value) < 10 or value[4:5] != "-":
        return None
    try:
        found = datetime.fromisoformat(value.replace("Z", "+00:00").replace(".000", ""))
    except ValueError:
        return None
    try:
        if len(value) == 10:
            return found.astimezone()
        return (found if found.tzinfo else found.replace(tzinfo=timezone.utc)).astimezone()
    except (ValueError, OverflowError):  # the end of all time, in a zone where it is later
        return None
