"""Tables on a terminal, drawn with rich: the sections of `format/table.py`, folded to the width of the screen.

All sections are as wide as the widest, nested ones set in by a bar on either side. Cells that are too long
go on in the next line; where there are more columns than the screen has room for, each row is turned to a
column of keys and a column of values.
"""

from collections.abc import Iterator, Sequence
from io import StringIO

from rich.box import SQUARE, Box
from rich.console import Console
from rich.segment import Segment, Segments
from rich.style import Style
from rich.table import Table
from rich.text import Text

from awsmini.format.table import Section

NARROWEST = 10  # columns of the screen that a long cell keeps
TITLE, HEADER, CELL, LINE = Style(bold=True), Style(bold=True), Style(color="blue", bold=True), Style(dim=True)
BAR = "│"
# What could give orders to the terminal is shown by its picture (␛).
_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\n\t"} | dict.fromkeys(
    range(127, 160), 65533
)
BELOW_TITLE = Box("├─┬┤\n│ ││\n├─┼┤\n│ ││\n├─┼┤\n├─┼┤\n│ ││\n└─┴┘\n")


def draw(sections: Sequence[Section], *, width: int, color: bool) -> Iterator[str]:
    """The sections as text for a terminal of `width` columns, with ANSI codes where `color` is on."""
    out = StringIO()
    console = Console(
        file=out, width=width, color_system="standard" if color else None, force_terminal=color, legacy_windows=False,
        highlight=False, markup=False, emoji=False, no_color=not color,
    )  # fmt: skip
    fitting = [part for section in sections for part in _fitted(section, width)]
    shared = min(width, max(_natural_width(section) for section in fitting))
    for section in fitting:
        _print(console, section, shared)
    yield out.getvalue()


def _natural_width(section: Section) -> int:
    """Columns that a section takes unfolded, as rich draws it: a blank on either side of a cell, and lines."""
    cells = sum(section.widths) + 3 * len(section.widths) + 1 if section.widths else 0
    return 2 * section.depth + max(cells, len(section.title) + 4)


def _fitted(section: Section, width: int) -> Iterator[Section]:
    """The section itself, or where its columns have no room, a section for each row."""
    least = sum(min(column, NARROWEST) + 3 for column in section.widths) + 1 + 2 * section.depth
    if least <= width or not section.header:
        yield section
        return
    for row in section.rows:
        turned = Section(section.title, section.depth)
        for name, cell in zip(section.header, row, strict=True):
            turned.add_row([name, cell])
        yield turned


def _print(console: Console, section: Section, shared: int) -> None:
    width = shared - 2 * section.depth
    options = console.options.update_width(width)
    bars = Segment(BAR * section.depth, LINE)
    rows = _rows(section, width)
    lines = console.render_lines(_title(section, width), options) if section.title else []
    if rows:
        lines = [*lines[:-1], *console.render_lines(rows, options)]
    for line in lines:
        console.print(Segments([bars, *line, bars, Segment.line()]), end="", soft_wrap=True)


def _title(section: Section, width: int) -> Table:
    title = Table(box=SQUARE, width=width, show_header=False, border_style=LINE)
    title.add_column(justify="center", overflow="fold")
    title.add_row(_text(section.title, TITLE))
    return title


def _rows(section: Section, width: int) -> Table | None:
    """Header and rows; the line above them is also the lower line of the title."""
    if not any(section.rows):
        return None
    table = Table(
        box=BELOW_TITLE if section.title else SQUARE, width=width, show_header=bool(section.header),
        border_style=LINE, header_style=HEADER,
    )  # fmt: skip
    for index, widest in enumerate(section.widths):
        name = section.header[index] if section.header else ""
        table.add_column(_text(name), overflow="fold", min_width=min(widest, NARROWEST))
    for row in section.rows:
        table.add_row(*[_text(cell, CELL) for cell in row])
    return table


def _text(text: str, style: Style | str = "") -> Text:
    return Text(text.translate(_PICTURES), style)
