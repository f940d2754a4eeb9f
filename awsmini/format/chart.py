"""Charts in the terminal: lines with plotext (the extra `charts`), without it sparklines; names with numbers are bars."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from importlib.util import find_spec
from math import isnan, nan
from pkgutil import resolve_name
from typing import Any

from awsmini.errors import AwsminiError
from awsmini.format.pages import merged
from awsmini.format.series import Series, series_of
from awsmini.format.view import View

PLOTEXT = "plotext"
CELL_LEN = "rich.cells:cell_len"
PICTURE = "awsmini.format.picture:save"
BLOCKS = "▁▂▃▄▅▆▇█"
BAR, GAP = "█", "·"
LABEL = 32  # columns of a label at most
HEIGHT = 20  # lines of a chart of lines
COLORS = ("blue", "red", "green", "orange", "magenta", "cyan", "gray")


class NoSeriesError(AwsminiError):
    """There is nothing in the answer that a chart could show."""

    exit_code = 252

    def __init__(self) -> None:
        super().__init__(
            "--output chart finds no numbers beside times or names in the answer; --chart-x and --chart-y say where they are."
        )


def render(answer: Any, view: View) -> Iterator[str]:
    """The chart of an answer, or of Series; of an empty one a line that says so; into a file where one was named."""
    found = answer if _are_series(answer) else found_in(answer, view)
    found = [each for each in found if not all(isnan(amount) for _, amount in each.points)]
    if not found:
        yield "No data.\n"
        return
    if view.chart_file:
        resolve_name(PICTURE)(found, view.chart_file, view.operation_name)
        yield f"{view.chart_file}\n"
        return
    named = [each for each in found if any(isinstance(when, str) for when, _ in each.points)]
    timed = [each for each in found if each not in named]
    if named:
        yield from _bars(named, view.width)
    if timed and find_spec(PLOTEXT):
        for unit in dict.fromkeys(each.unit for each in timed):  # an axis has one
            yield _lines([each for each in timed if each.unit == unit], view)
    elif timed:
        yield from _sparklines(timed, view.width)


def found_in(answer: Any, view: View) -> list[Series]:
    """What a chart of an answer shows; nothing of an empty one. Raises NoSeriesError for one without numbers."""
    value = view.search(merged(answer))
    found = series_of(value, view.chart_x, view.chart_y)
    if not found and value and not _is_empty(value):
        raise NoSeriesError
    return found


def _are_series(answer: Any) -> bool:
    return isinstance(answer, list) and all(isinstance(each, Series) for each in answer)


def _is_empty(value: Any) -> bool:
    """Whether there is nothing in it but names: a list of series without points."""
    if isinstance(value, dict):
        return all(_is_empty(each) for each in value.values())
    if isinstance(value, list):
        return all(_is_empty(each) for each in value)
    return isinstance(value, str) or value is None


def _sparklines(found: Sequence[Series], width: int) -> Iterator[str]:
    """A line for each series, and the time from left to right below."""
    label = min(LABEL, max(_width(_title(each)) for each in found))
    room = max(width - label - 30, 10)
    times = [when for each in found for when, _ in each.points if isinstance(when, datetime)]
    first, last = min(times), max(times)
    count = min(room, max(len(each.points) for each in found))
    for each in found:
        known = [value for _, value in each.points if not isnan(value)]
        low, high = (min(known), max(known)) if known else (nan, nan)
        values = _sampled(each, first, last, count)
        blocks = "".join(" " if isnan(value) else _block(value, low, high) for value in values)
        yield f"{_padded(_title(each), label)}  {blocks}  {short(low)} … {short(high)}\n"
    yield f"{'':<{label}}  {first:%Y-%m-%d %H:%M} – {last:%Y-%m-%d %H:%M} {last:%Z}\n"


def _sampled(each: Series, first: datetime, last: datetime, count: int) -> list[float]:
    """The highest of as many stretches of time, so that no peak is lost; NaN where nothing was measured."""
    span = (last - first).total_seconds() or 1.0
    highest = [nan] * count
    for when, value in each.points:
        if isinstance(when, datetime) and not isnan(value):
            at = min(int((when - first).total_seconds() / span * count), count - 1)
            highest[at] = value if isnan(highest[at]) else max(highest[at], value)
    return highest


def _block(value: float, low: float, high: float) -> str:
    return BLOCKS[0 if high == low else min(int((value - low) / (high - low) * len(BLOCKS)), len(BLOCKS) - 1)]


def _bars(found: Sequence[Series], width: int) -> Iterator[str]:
    names = [str(name) for each in found for name, _ in each.points]
    label = min(LABEL, max(map(_width, names)))
    for each in found:
        known = [abs(value) for _, value in each.points if not isnan(value)]
        most = max(known, default=0.0) or 1.0
        room = max(width - label - 16, 10)
        yield f"{_title(each)}\n"
        for name, value in each.points:
            bar = "" if isnan(value) else BAR * round(abs(value) / most * room)
            yield f"  {_padded(str(name), label)}  {bar} {short(value)}\n"


def _lines(found: Sequence[Series], view: View) -> str:
    plotext: Any = resolve_name(PLOTEXT)
    plotext.clear_figure()
    plotext.limit_size(False, False)
    plotext.plotsize(view.width, HEIGHT)
    plotext.theme("clear")
    for number, each in enumerate(found):
        color = {"color": COLORS[number % len(COLORS)]} if view.colors_terminal else {}
        label: str | None = _counted(_padded(_title(each), LABEL).rstrip())
        for points in _stretches(each):
            across, up = zip(*points, strict=True)
            (plotext.plot if len(points) > 1 else plotext.scatter)(across, up, label=label, **color)
            label = None
    amounts = [value for each in found for _, value in each.points if not isnan(value)]
    low, high = min(amounts), max(amounts)
    if low < high:
        ticks = [low + (high - low) * part / 6 for part in range(7)]
        plotext.yticks(ticks, [short(tick) for tick in ticks])
    times = sorted({when for each in found for when, _ in each.points if isinstance(when, datetime)})
    marks = times if len(times) < 6 else [times[len(times) * part // 5] for part in range(5)] + [times[-1]]
    days = (times[-1] - times[0]).days
    form = "%Y-%m-%d" if days > 10 else "%d %b %H:%M" if days else "%H:%M"
    plotext.xticks([each.timestamp() for each in marks], [each.strftime(form) for each in marks])
    units = found[0].unit
    plotext.title(f"{view.operation_name} ({units})" if units else view.operation_name)
    plotext.xlabel(f"{times[0]:%Z}")
    text: str = plotext.build()
    plain: str = text if view.colors_terminal else plotext.uncolorize(text)
    return plain.rstrip() + "\n"


def _stretches(each: Series) -> Iterator[list[tuple[float, float]]]:
    """The points between gaps."""
    points: list[tuple[float, float]] = []
    for when, value in [*each.points, (each.points[-1][0], nan)]:
        if isinstance(when, datetime) and not isnan(value):
            points.append((when.timestamp(), value))
        elif points:
            yield points
            points = []


def _padded(text: str, width: int) -> str:
    """Cut, or with blanks behind it, so that it takes so many columns."""
    if _width(text) > width:
        while _width(text) >= width:
            text = text[:-1]
        text += "…"
    return text + " " * (width - _width(text))


def _counted(text: str) -> str:
    """Text with as many characters as it takes columns, which is what plotext counts."""
    return text if text.isascii() else "".join([c + "\u200b" * (_width(c) - 1) for c in text])


def _width(text: str) -> int:
    measure: Callable[[str], int] = len if text.isascii() else resolve_name(CELL_LEN)
    return measure(text)


def _title(each: Series) -> str:
    return f"{each.label} ({each.unit})" if each.unit else each.label


def short(value: float) -> str:
    """A number in few characters."""
    if isnan(value):
        return "-"
    for unit, size in (("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if abs(value) >= size * 10:
            return f"{value / size:.4g}{unit}"
    return f"{value:.4g}"
