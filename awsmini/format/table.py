"""Tables as AWS CLI v2 draws them: what goes into which section, and the drawing in plain characters.

A section is a title with rows below it; what is nested in a row is a section of its own, set in by a bar on
either side. Columns are sorted. Where the whole is wider than the terminal, sections of one row are turned
to `key | value`. On a terminal `format/boxes.py` draws the sections, and folds long cells to its width.
"""

import unicodedata
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from pkgutil import resolve_name
from typing import Any

from awsmini.errors import AwsminiError
from awsmini.format.pages import merged
from awsmini.format.view import View

BOXES = "awsmini.format.boxes:draw"  # rich: only a terminal needs it
MOST_CELLS = 10_000  # beyond, and on a screen with fewer columns than the next, tables are drawn plainly
NARROWEST = 24
CELL, BAR, RESET = "\x1b[1m\x1b[34m", "\x1b[2m\x1b[33m", "\x1b[0m"

Paint = Callable[[str], str]


class TableError(AwsminiError):
    """The value has no form in a table."""

    def __init__(self) -> None:
        super().__init__("Table output cannot show lists whose items differ in shape; see --query.")


class Section:
    """A title, a header (or none) and rows of text, `depth` bars in from the sides."""

    def __init__(self, title: str = "", depth: int = 0) -> None:
        self.title = title
        self.depth = depth
        self.header: list[str] = []
        self.rows: list[list[str]] = []
        self.widths: list[int] = []  # of the widest cell in each column

    def set_header(self, names: list[str]) -> None:
        self._fit(names)
        self.header = names

    def add_row(self, values: Iterable[Any]) -> None:
        row = [value if type(value) is str else _cell(value) for value in values]
        if (self.rows or self.header) and len(row) != len(self.widths):
            raise TableError
        self._fit(row)
        self.rows.append(row)

    def _fit(self, cells: list[str]) -> None:
        if not self.widths:
            self.widths = [text_width(cell) for cell in cells]
        elif len(cells) != len(self.widths):
            raise TableError
        else:
            self.widths = [max(width, text_width(cell)) for width, cell in zip(self.widths, cells, strict=True)]

    def total_width(self) -> int:
        """With two blanks on either side of each cell, and the borders and bars at the sides."""
        sides = 2 + 2 * self.depth
        return sides + max(text_width(self.title), sum(self.widths) + 4 * len(self.widths))


def render(answer: Any, view: View) -> Iterator[str]:
    """The whole answer as one table; nothing for an empty one."""
    sections = build(view.operation_name, view.search(merged(answer)))
    if not sections:
        return
    if max(section.total_width() for section in sections) > view.width:
        sections = [turned(section) for section in sections]
    if view.is_tty and not view.ascii_only and _has_room(sections, view.width):
        yield from resolve_name(BOXES)(sections, width=view.width, color=view.colors_table)
    else:
        yield draw(sections, color=view.colors_table)


def _has_room(sections: Sequence[Section], width: int) -> bool:
    """Whether boxes can be drawn: rich takes 0.14 ms a cell, and deep nesting leaves no room on a narrow screen."""
    cells = sum(len(section.rows) * len(section.widths) for section in sections)
    return cells <= MOST_CELLS and width - 2 * max(section.depth for section in sections) >= NARROWEST


def dump(title: str, value: Any, *, width: int = 80, color: bool = False) -> str:
    """A value as a table in plain characters; an empty one as nothing."""
    sections = build(title, value)
    if not sections:
        return ""
    if max(section.total_width() for section in sections) > width:
        sections = [turned(section) for section in sections]
    return draw(sections, color=color)


def dump_error(info: Any, *, width: int, color: bool) -> str:
    return dump("error", info, width=width, color=color)


def build(title: str, value: Any) -> list[Section]:
    """The sections of a value, from the top; none where there is nothing to show."""
    sections: list[Section] = []
    _add(sections, title, value, 0)
    return sections


def turned(section: Section) -> Section:
    """A section of one row as a column of keys and a column of values; others as they are."""
    if len(section.rows) != 1 or not section.header:
        return section
    new = Section(section.title, section.depth)
    for name, cell in zip(section.header, section.rows[0], strict=True):
        new.add_row([name, cell])
    return new


def _add(sections: list[Section], title: str | None, value: Any, depth: int) -> None:
    if not value:
        return
    if title is not None:
        sections.append(Section(title, depth))
    if isinstance(value, dict):
        _add_dict(sections, value, depth)
    elif isinstance(value, list) and isinstance(value[0], dict):
        _add_rows(sections, title, value, depth)
    elif isinstance(value, list):
        for item in value:
            if not isinstance(item, dict | list):
                sections[-1].add_row([item])
            elif any(isinstance(cell, dict | list) for cell in item):  # of a structure among scalars, v2 shows the keys
                _add(sections, None, item, 0)
            else:
                sections[-1].add_row(item)


def _add_dict(sections: list[Section], value: dict[str, Any], depth: int) -> None:
    names = sorted(name for name, item in value.items() if not isinstance(item, dict | list))
    if len(names) == 1:
        sections[-1].add_row([names[0], value[names[0]]])
    elif names:
        sections[-1].set_header(names)
        sections[-1].add_row([value[name] for name in names])
    for name in sorted(value):
        if isinstance(value[name], dict | list):
            _add(sections, name, value[name], depth + 1)


def _add_rows(sections: list[Section], title: str | None, rows: list[Any], depth: int) -> None:
    """A list of structures: rows of one section, or a section each where something is nested in them."""
    header: set[str] = set()
    nested: set[str] = set()
    rows = [row if row != [] else {} for row in rows]
    for row in rows:
        if not isinstance(row, dict):
            raise TableError
        for name, item in row.items():
            (nested if isinstance(item, dict | list) else header).add(name)
    names, below = sorted(header), sorted(nested)
    sections[-1].set_header(names)
    for position, row in enumerate(rows):
        if position and below:
            sections.append(Section(title or "", depth))
            sections[-1].set_header(names)
        sections[-1].add_row([row.get(name, "") for name in names])
        for name in below:
            if name in row:
                _add(sections, name, row[name], depth + 1)


def _cell(value: Any) -> str:
    return b64encode(value).decode() if isinstance(value, bytes) else str(value)


def text_width(text: str) -> int:
    """Columns of a text, where East Asian wide and ambiguous characters take two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def draw(sections: Sequence[Section], *, color: bool) -> str:
    """The sections in plain characters, all of one width."""
    width = max(section.total_width() for section in sections)
    lines = ["-" * width]
    cell = _painter(CELL) if color else str
    bar = _painter(BAR)("|") if color else "|"
    for section in sections:
        bars = bar * section.depth
        lines += [f"{bars}{line}{bars}" for line in _draw_section(section, width - 2 * section.depth, cell)]
    return "\n".join([*lines, ""])


def _painter(start: str) -> Paint:
    return lambda text: f"{start}{text}{RESET}"


def _draw_section(section: Section, width: int, paint: Paint) -> Iterator[str]:
    if section.title:
        yield _centered(section.title, width, "|")
        if not section.header and not section.rows:
            yield f"+{'-' * (width - 2)}+"
    widths = _scaled([column + 4 for column in section.widths], width)
    if not widths:
        return
    edges = ["|", *[""] * (len(widths) - 1)]  # the border before a cell is its own in the first column alone
    rule = "".join("-" * (column - 1) + "+" for column in [widths[0] - 1, *widths[1:]])
    if section.header:
        yield "+" + rule
        yield "".join(map(_centered, section.header, widths, edges))
    if section.rows:
        yield "+" + rule
        for row in section.rows:
            yield "".join(map(_left, row, widths, edges, [paint] * len(row)))
        yield "+" + rule


def _scaled(widths: list[int], total: int) -> list[int]:
    """Column widths stretched to `total`; what rounding leaves is spread from one end or the other."""
    if not widths:
        return []
    factor = total / float(sum(widths))
    scaled = [round(factor * width) for width in widths]
    surplus = sum(scaled) - total
    while surplus:
        step = 1 if surplus > 0 else -1
        order = range(len(scaled)) if surplus > 0 else reversed(range(len(scaled)))
        for index in order:
            scaled[index] -= step
            surplus -= step
            if not surplus:
                break
    return scaled


def _centered(text: str, width: int, edge: str) -> str:
    """A text in the middle of `width` columns, borders included."""
    size = text_width(text)
    before = width // 2 - size // 2 - 1
    after = width - len(edge) - before - size - 1
    return f"{edge}{' ' * before}{text}{' ' * after}|"


def _left(text: str, width: int, edge: str, paint: Paint) -> str:
    """A text after two blanks in `width` columns, borders included; without the blanks where there is no room."""
    size = text_width(text)
    before = 2 if width >= size + len(edge) + 3 else 0
    return f"{edge}{' ' * before}{paint(text)}{' ' * (width - len(edge) - before - size - 1)}|"
