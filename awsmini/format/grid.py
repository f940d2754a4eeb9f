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
from awsmini.format.pages import without_metadata
from awsmini.format.records import batches
from awsmini.format.view import View
from awsmini.paging import PageIterator

GAP = "  "
LEAST = 24  # columns of the screen that a cut cell keeps
CELL_LEN = "rich.cells:cell_len"
GOOD = frozenset(["active", "available", "running", "ok", "issued", "enabled", "true", "in_service", "inservice", "healthy", "complete", "create_complete", "update_complete", "import_complete", "succeeded", "success", "passed", "online", "in-use", "attached", "ready", "deployed", "valid", "confirmed", "in_sync", "associated", "completed", "installed", "normal"])  # fmt: skip
BAD = frozenset(["failed", "fail", "error", "stopped", "terminated", "alarm", "unhealthy", "false", "disabled", "expired", "revoked", "timed_out", "aborted", "create_failed", "update_failed", "delete_failed", "rollback_complete", "rollback_failed", "update_rollback_complete", "update_rollback_failed", "connectionlost", "inactive", "impaired", "faulted", "drifted", "invalid", "suspended"])  # fmt: skip
GREEN, YELLOW, RED, DIM, BOLD, PLAIN = "\x1b[32m", "\x1b[33m", "\x1b[31m", "\x1b[2m", "\x1b[1m", "\x1b[0m"
# What could give orders to a terminal, or break a line.
_CONTROLS = dict.fromkeys((*range(32), *range(127, 160)), " ")

Row = list[str]


def render(answer: Any, view: View) -> Iterator[str]:
    """The header, and the rows of each page."""
    lists, columns, sort_by = layout(view)
    pages = iter([answer]) if view.leading else rows(answer, view, lists)
    if sort_by:
        pages = iter([_sorted(chain.from_iterable(pages), sort_by)])
    first: list[Any] = next(filter(None, pages), [])
    if columns is None and not first:
        return
    columns = columns or _own_columns(first, view)
    getters = [getter(column, view.now) for column in columns]
    table = [_cells(record, getters) for record in first]
    headers = [column.header for column in columns]
    widths = [max(map(_width, cells)) for cells in zip(headers, *table, strict=True)]
    fits = view.is_tty and not view.wide
    shown = _fitting(widths, view.width) if fits else list(range(len(widths)))
    lines = _line_maker([columns[at] for at in shown], [widths[at] for at in shown], view.width if fits else 0, view)
    if len(shown) < len(headers):
        getters = [getters[at] for at in shown]
        table = [[row[at] for at in shown] for row in table]
    if any(headers):
        [line] = lines([[headers[at] for at in shown]], False)
        yield (f"{BOLD}{line}{PLAIN}" if view.colors_terminal else line) + "\n"
    yield "\n".join([*lines(table, True), ""])
    del table, first
    for page in pages:
        yield "\n".join([*lines([_cells(record, getters) for record in page], True), ""])
    if len(shown) < len(headers):
        note = f"Not shown for want of room: {', '.join(headers[at] for at in range(len(headers)) if at not in shown)}."
        note = note if len(note) <= view.width else f"{note[: view.width - 1]}…"
        yield f"{DIM}{note}{PLAIN}\n" if view.colors_terminal else f"{note}\n"


def rows(answer: Any, view: View, lists: tuple[str, ...] | None = None) -> Iterator[list[Any]]:
    """The records of each page: those of the operation, or those that the layout names."""
    lists = layout(view).lists if lists is None else lists
    if not lists:
        yield from batches(answer, view)
        return
    paths = [path.split(".") for path in lists]
    for page in answer if isinstance(answer, PageIterator) else [without_metadata(answer)]:
        found = [record for path in paths for record in _listed(page, path)]
        del page  # or it would be in memory while the next is read
        yield found
        del found


def _listed(page: Any, path: list[str]) -> list[Any]:
    """What is listed at a path, through lists."""
    found = [page]
    for name in path:
        below = [each[name] for each in found if isinstance(each, dict) and each.get(name) is not None]
        found = [each for inner in below for each in (inner if isinstance(inner, list) else (inner,))]
    return found


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


def _fitting(widths: list[int], room: int) -> list[int]:
    """Which of the columns fit, the first in any case; a long one may be cut to make room, what is narrow fills it."""
    used = -len(GAP)
    shown = []
    for number, width in enumerate(widths):
        needed = len(GAP) + min(width, max(LEAST, room // 4))
        if used + needed <= room or not number:
            shown.append(number)
            used += needed
    return shown


def _line_maker(
    columns: list[Column], widths: list[int], room: int, view: View
) -> Callable[[list[Row], bool], Iterator[str]]:
    """Rows as lines. On a terminal that has so much room, cells are cut to what is left of its width."""
    cut = _cut(widths, room) if room else widths
    crowded, widths = cut != widths, cut
    states = [number for number, column in enumerate(columns) if column.kind == "state"] if view.colors_terminal else []
    last = len(widths) - 1
    form = GAP.join([*(f"%-{width}s" for width in widths[:-1]), "%s"])

    def cell_of(cell: str, number: int, whole: bool) -> str:
        if not cell.isprintable():
            cell = cell.translate(_CONTROLS)
        width, taken = widths[number], _width(cell)
        if not whole and taken > width:
            cell = cell[: width - 1]
            while (taken := _width(cell) + 1) > width:
                cell = cell[:-1]
            cell += "…"
        return cell if number == last else cell + " " * (width - taken)

    def lines(rows: list[Row], colored: bool) -> Iterator[str]:
        for row in rows:
            line = form % tuple(row)
            fits = not room or (not crowded and len(line) <= room)
            if not (fits and line.isascii() and line.isprintable()) or (states and colored):
                whole = not room or (not crowded and _width(line) <= room)
                cells = [cell_of(cell, number, whole) for number, cell in enumerate(row)]
                for number in states if colored else ():
                    cells[number] = _color(cells[number])
                line = GAP.join(cells)
            yield line

    return lines


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
