"""A grid: one row a record, as `kubectl get` and `docker ps` have it. For eyes: pipes get it plain and uncut.

Widths are settled by the first page. On a terminal the last columns give way where there is no room, and a line at the
end names them; what is too long for its column there is cut.
"""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain
from pkgutil import resolve_name
from typing import Any

from awsmini.format.columns import Column, finder, getter, layout
from awsmini.format.records import batches
from awsmini.format.view import View

GAP = "  "
LEAST = 12  # columns of the screen that a cut cell keeps
CELL_LEN = "rich.cells:cell_len"
GOOD = frozenset(["active", "available", "running", "ok", "issued", "enabled", "true", "in_service", "inservice", "healthy", "complete", "create_complete", "update_complete", "import_complete", "succeeded", "success", "passed", "online", "in-use", "attached", "ready", "deployed", "valid", "confirmed", "in_sync", "associated", "completed", "installed", "normal"])  # fmt: skip
BAD = frozenset(["failed", "fail", "error", "stopped", "terminated", "alarm", "unhealthy", "false", "disabled", "expired", "revoked", "timed_out", "aborted", "create_failed", "update_failed", "delete_failed", "rollback_complete", "rollback_failed", "update_rollback_complete", "update_rollback_failed", "connectionlost", "inactive", "impaired", "faulted", "drifted", "invalid", "suspended"])  # fmt: skip
GREEN, YELLOW, RED, DIM, BOLD, PLAIN = "\x1b[32m", "\x1b[33m", "\x1b[31m", "\x1b[2m", "\x1b[1m", "\x1b[0m"
# What could give orders to a terminal, or break a line.
_CONTROLS = dict.fromkeys((*range(32), *range(127, 160)), " ")

Row = list[str]


def render(answer: Any, view: View) -> Iterator[str]:
    """The header, and the rows of each page."""
    below, columns = layout(view)
    pages = iter([answer]) if view.leading else _rows(batches(answer, view), below)
    if view.sort_by:
        pages = iter([_sorted(chain.from_iterable(pages), view.sort_by)])
    first: list[Any] = next(pages, [])
    if columns is None:
        columns = _own_columns(first, view)
    getters = [getter(column, view.now) for column in columns]
    table = [_cells(record, getters) for record in first]
    headers = [column.header for column in columns]
    widths = [max(map(_width, cells)) for cells in zip(headers, *table, strict=True)] if headers else []
    shown = _fitting(widths, view.width) if view.is_tty else len(widths)
    line = _line_maker(columns[:shown], widths[:shown], view)
    if any(headers):
        yield (f"{BOLD}{line(headers, False)}{PLAIN}" if view.colors_terminal else line(headers, False)) + "\n"
    yield "".join([f"{line(row, True)}\n" for row in table])
    for page in pages:
        yield "".join([f"{line(_cells(record, getters), True)}\n" for record in page])
    if shown < len(headers):
        note = f"Not shown for want of room: {', '.join(headers[shown:])}."
        note = note if len(note) <= view.width else f"{note[: view.width - 1]}…"
        yield f"{DIM}{note}{PLAIN}\n" if view.colors_terminal else f"{note}\n"


def _rows(pages: Iterator[list[Any]], below: str | None) -> Iterator[list[Any]]:
    """The records of each page, or what is listed below each of them."""
    if below is None:
        return pages
    return ([row for record in page for row in record.get(below) or ()] for page in pages)


def _own_columns(records: list[Any], view: View) -> list[Column]:
    """The keys of records whose shape nobody knows; rows of a query have no header."""
    if records and all(isinstance(record, list) for record in records):
        return [Column("", str(number)) for number in range(max(map(len, records)))]
    names = dict.fromkeys(name for record in records if isinstance(record, dict) for name in record)
    return [Column(name, name) for name in names] or [Column("VALUE", "@")]


def _cells(record: Any, getters: list[Callable[[Any], str]]) -> Row:
    if isinstance(record, list):
        record = {str(number): cell for number, cell in enumerate(record)}
    return [get(record) for get in getters]


def _sorted(records: Iterator[Any], path: str) -> list[Any]:
    """Numbers by size, before text; what has no such value comes last."""
    find = finder(path)

    def key(record: Any) -> tuple[int, Any]:
        value = find(record)
        if isinstance(value, int | float):
            return 0, value
        return (2, "") if value is None else (1, str(value))

    return sorted(records, key=key)


def _fitting(widths: list[int], room: int) -> int:
    """How many of the columns fit, the first in any case; a long one may be cut to make room."""
    used = -len(GAP)
    for number, width in enumerate(widths):
        used += len(GAP) + min(width, max(LEAST, room // 3))
        if used > room and number:
            return number
    return len(widths)


def _line_maker(columns: list[Column], widths: list[int], view: View) -> Callable[[Row, bool], str]:
    """A row as a line. On a terminal, cells are cut to what is left of its width."""
    if view.is_tty:
        widths = _cut(widths, view.width)
    states = [number for number, column in enumerate(columns) if column.kind == "state"] if view.colors_terminal else []
    last = len(widths) - 1

    def line(row: Row, colored: bool) -> str:
        cells = []
        for number, width in enumerate(widths):
            cell = row[number]
            if not cell.isprintable():
                cell = cell.translate(_CONTROLS)
            if cell.isascii():
                if view.is_tty and len(cell) > width:
                    cell = f"{cell[: width - 1]}…"
                cells.append(cell.ljust(width) if number < last else cell)
            else:
                if view.is_tty:
                    while _width(cell) > width:
                        cell = f"{cell.rstrip('…')[:-1]}…"
                cells.append(cell + " " * (width - _width(cell)) if number < last else cell)
        if colored:
            for number in states:
                cells[number] = _color(cells[number])
        return GAP.join(cells).rstrip() if not colored or not states else GAP.join(cells)

    return line


def _cut(widths: list[int], room: int) -> list[int]:
    """The widths, the widest cut until all fit."""
    widths = list(widths)
    over = sum(widths) + len(GAP) * (len(widths) - 1) - room
    while over > 0 and max(widths) > 1:
        at = widths.index(max(widths))
        second = max([width for number, width in enumerate(widths) if number != at], default=1)
        step = max(1, min(over, widths[at] - second))
        widths[at] -= step
        over -= step
    return widths


def _color(cell: str) -> str:
    word = cell.strip().lower().replace(" ", "_")
    if word in ("-", ""):
        return cell
    return f"{GREEN if word in GOOD else RED if word in BAD else YELLOW}{cell}{PLAIN}"


def _width(text: str) -> int:
    return len(text) if text.isascii() else _measure()(text)


@cache
def _measure() -> Callable[[str], int]:
    measure: Callable[[str], int] = resolve_name(CELL_LEN)  # rich: only what is no ASCII needs it
    return measure
