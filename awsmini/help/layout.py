"""Blocks → lines of a screen. A line is how far it is set in, its text, and the marks on it."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from awsmini.help.page import STRONG, Block, Code, Grid, Heading, Mark, Paragraph, Rows, Words

LEAST = 40  # columns that text keeps, however deep it is set in
BETWEEN = 2  # columns between two columns
NARROW_TERM = 4  # columns of terms where there is no room for two columns
WIDEST_TERM = 30  # of a row, on a screen of 80 columns or less; what is longer has its own line
_BREAKS = ",|/ "  # characters after which a line of code may go on in the next


# (text, width) → (start, end) of each line
Cut = Callable[[str, int], Iterator[tuple[int, int]]]


class Line(NamedTuple):
    indent: int
    text: str
    marks: tuple[Mark, ...] = ()


EMPTY = Line(0, "")


def pieces(line: Line) -> Iterator[tuple[str, list[str]]]:
    """The text of a line in pieces, each with all the styles that the marks on it give."""
    edges = sorted({0, len(line.text), *(mark.start for mark in line.marks), *(mark.end for mark in line.marks)})
    for start, end in pairwise(edges):
        yield line.text[start:end], [mark.style for mark in line.marks if mark.start <= start and mark.end >= end]


def lay_out(blocks: Iterable[Block], width: int) -> Iterator[Line]:
    """The lines of a page on a screen of `width` columns."""
    before: Block | None = None
    for block in blocks:
        if before is not None and not isinstance(before, Heading) and _is_apart(block, before):
            yield EMPTY
        before = block
        yield from _lines(block, width)


def _is_apart(block: Block, before: Block) -> bool:
    return isinstance(before, Code) or getattr(block, "gap", True)


def _lines(block: Block, width: int) -> Iterator[Line]:
    if isinstance(block, Paragraph):
        return _paragraph(block, width)
    if isinstance(block, Code):
        return _code(block, width)
    if isinstance(block, Grid):
        return _grid(block, width)
    return _rows(block, width) if isinstance(block, Rows) else _heading(block, width)


def folds(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Where the lines begin and end of a text that is cut at `width` characters, in words or out of them."""
    for start in range(0, len(text), width):
        yield start, min(start + width, len(text))


def breaks(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Where the lines of a text begin and end, of at most `width` characters. Only an address may be longer."""
    start, end = 0, len(text.rstrip(" "))
    while end - start > width:
        cut = text.rfind(" ", start, start + width + 1)
        if cut > start:
            yield start, cut
            start = cut + 1
            continue
        after = text.find(" ", start)
        word_end = end if after < 0 else after
        if text.find("://", start, word_end) >= 0:
            yield start, word_end
            start = word_end + 1
            continue
        yield start, start + width
        start += width
    if start < end or not text:
        yield start, end


def _part(words: Words, start: int, end: int) -> tuple[Mark, ...]:
    """The marks on a part of the text, counted from its beginning."""
    return tuple(
        Mark(max(mark.start, start) - start, min(mark.end, end) - start, mark.style, mark.url)
        for mark in words.marks
        if mark.start < end and mark.end > start
    )


def _indent(wanted: int, width: int) -> int:
    """How far a block is set in: what is deeply nested still gets columns enough to be read."""
    return max(0, min(wanted, width - LEAST))


def _heading(block: Heading, width: int) -> Iterator[Line]:
    yield from _wrapped(Words(block.text, (Mark(0, len(block.text), STRONG),)), block.indent, 0, width)


def _paragraph(block: Paragraph, width: int) -> Iterator[Line]:
    words = block.words
    if block.bullet:
        words = Words(block.bullet + " ") + words
    hang = len(block.bullet) + 1 if block.bullet else block.hang
    yield from _wrapped(words, _indent(block.indent, width), hang, width, folds if block.folded else breaks)


def _wrapped(words: Words, indent: int, hang: int, width: int, cut: Cut = breaks) -> Iterator[Line]:
    room = width - indent
    if len(words.text) <= room:
        yield Line(indent, words.text, words.marks)
        return
    at = indent
    for start, end in _first_and_others(words.text, room, hang, cut):
        yield Line(at, words.text[start:end], _part(words, start, end) if words.marks else ())
        at = indent + hang


def _first_and_others(text: str, room: int, hang: int, cut: Cut) -> Iterator[tuple[int, int]]:
    """The lines of a text, of which those after the first are `hang` columns shorter."""
    lines = cut(text, room)
    if not hang:
        yield from lines
        return
    first = next(lines)
    yield first
    rest = first[1] if cut is folds else first[1] + (text[first[1] : first[1] + 1] == " ")
    if rest < len(text):
        for start, end in cut(text[rest:], room - hang):
            yield rest + start, rest + end


def _code(block: Code, width: int) -> Iterator[Line]:
    indent = _indent(block.indent, width)
    for text in block.text.split("\n"):
        if not text.strip(" "):
            yield EMPTY
            continue
        own = len(text) - len(text.lstrip(" "))
        own = min(own, max(0, width - indent - LEAST))
        yield from _code_line(text.strip(" "), indent + own, width)


def _code_line(text: str, indent: int, width: int) -> Iterator[Line]:
    room, further = width - indent, 0
    while len(text) > room:
        cut = max(text.rfind(character, 0, room) for character in _BREAKS) + 1
        if cut < room // 2:
            cut = room
        yield Line(indent + further, text[:cut].rstrip(" "))
        text = text[cut:].lstrip(" ")
        further = 2
        room = width - indent - further
    yield Line(indent + further, text)


def _grid(block: Grid, width: int) -> Iterator[Line]:
    indent = _indent(block.indent, width)
    widest = max(map(len, block.cells), default=0)
    columns = max(1, (width - indent + BETWEEN) // (widest + BETWEEN))
    height = -(-len(block.cells) // columns)
    for row in range(height):
        cells = block.cells[row::height]
        yield Line(indent, "".join(cell.ljust(widest + BETWEEN) for cell in cells).rstrip())


def _rows(block: Rows, width: int) -> Iterator[Line]:
    indent = _indent(block.indent, width)
    widest = max(WIDEST_TERM, width // 3)
    column = max((len(term) for term, _ in block.rows if len(term) <= widest), default=0)
    column = column + BETWEEN if width - indent - column >= LEAST else NARROW_TERM
    for term, words in block.rows:
        lines = list(_wrapped(words, indent + column, 0, width))
        mark = (Mark(0, len(term), STRONG),)
        if len(term) + BETWEEN > column or not words.text:
            yield Line(indent, term, mark)
            if words.text:
                yield from lines
            continue
        first = Words(term.ljust(column), mark) + Words(lines[0].text, lines[0].marks)
        yield Line(indent, *first)
        yield from lines[1:]
