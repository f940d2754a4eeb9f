"""Lines of a page with their styles, as a terminal shows them: drawn with rich."""

from collections.abc import Iterable, Iterator
from io import StringIO

from rich.console import Console
from rich.segment import Segment, Segments
from rich.style import Style

from awsmini.help.layout import Line, pieces
from awsmini.help.page import CODE, EMPHASIS, LINK, STRONG

STYLES = {
    STRONG: Style(bold=True),
    CODE: Style(color="cyan"),
    EMPHASIS: Style(italic=True),
    LINK: Style(underline=True),
}
HEADING = Style(bold=True, color="blue")
AT_ONCE = 100  # lines: a pager shows the first while the others are drawn


def draw(lines: Iterable[Line], width: int) -> Iterator[str]:
    """The lines as text with ANSI codes, many at a time."""
    out = StringIO()
    console = Console(
        file=out, width=width, color_system="standard", force_terminal=True, legacy_windows=False,
        highlight=False, markup=False, emoji=False,
    )  # fmt: skip
    segments: list[Segment] = []
    for count, line in enumerate(lines, 1):
        segments += _segments(line)
        if count % AT_ONCE == 0:
            yield _printed(console, out, segments)
            segments = []
    yield _printed(console, out, segments)


def _printed(console: Console, out: StringIO, segments: list[Segment]) -> str:
    out.seek(0)
    out.truncate()
    console.print(Segments(segments), end="", soft_wrap=True)
    return out.getvalue()


def _segments(line: Line) -> Iterator[Segment]:
    """The line in pieces of one style each; of marks that lie in each other the styles add up."""
    if line.indent:
        yield Segment(" " * line.indent)
    for text, names in pieces(line):
        styles = [HEADING] if line.indent == 0 and names else [STYLES[name] for name in names]
        yield Segment(text, Style.combine(styles) if styles else None)
    yield Segment.line()
