"""What a page of help is made of: blocks, in order, each with how far it is set in.

Text is `Words`: characters, and marks on parts of them. `inline` reads our own sentences, in which `code` stands
between backquotes, **strong** between double asterisks and a link as [text](url).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

STEP = 4  # columns that one level of a page is set in
CODE, STRONG, EMPHASIS, LINK = "code", "strong", "emphasis", "link"

_INLINE = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\((https?://[^)]+)\)")


class Mark(NamedTuple):
    """From `start` up to `end`, the characters have that style; a link leads to `url`."""

    start: int
    end: int
    style: str
    url: str | None = None


class Words(NamedTuple):
    """A run of text with marks, which do not overlap in disorder: each lies within, or apart from, the others."""

    text: str
    marks: tuple[Mark, ...] = ()

    def __add__(self, other: object) -> "Words":
        assert isinstance(other, Words)
        at = len(self.text)
        moved = (mark._replace(start=mark.start + at, end=mark.end + at) for mark in other.marks)
        return Words(self.text + other.text, (*self.marks, *moved))


class Heading(NamedTuple):
    text: str
    indent: int = 0


class Paragraph(NamedTuple):
    """Text that is wrapped. `bullet` stands before the first line; with `gap`, an empty line goes before."""

    words: Words
    indent: int = 0
    gap: bool = True
    bullet: str = ""
    hang: int = 0  # how much further the lines after the first are set in
    folded: bool = False  # cut at the edge of the screen wherever that is, for blanks in it mean something
    anchors: tuple[str, ...] = ()  # what it introduces, by which it can be found; what is set in below is about that
    part: str = ""  # where the members of that are told, on pages that share them


class Code(NamedTuple):
    """Lines that are kept as they are; only what the screen has no room for goes on in the next line."""

    text: str
    indent: int = 0
    gap: bool = True


class Grid(NamedTuple):
    """Short words in as many columns as there is room for, to be read downwards."""

    cells: Sequence[str]
    indent: int = 0


class Rows(NamedTuple):
    """Terms, and beside each what it is."""

    rows: Sequence[tuple[str, Words]]
    indent: int = 0


Block = Heading | Paragraph | Code | Grid | Rows


def plain(text: str) -> Words:
    return Words(text)


def marked(text: str, style: str, url: str | None = None) -> Words:
    """Text of one style all through."""
    return Words(text, (Mark(0, len(text), style, url),))


def code(text: str) -> Words:
    return marked(text, CODE)


def strong(text: str) -> Words:
    return marked(text, STRONG)


def inline(text: str) -> Words:
    """One of our own sentences. What comes from a model is put in by `join`, for it may have any characters."""
    found: list[str] = []
    marks: list[Mark] = []
    done = length = 0
    for match in _INLINE.finditer(text):
        in_code, in_strong, link, url = match.groups()
        content = in_code or in_strong or link
        found += (text[done : match.start()], content)
        length += match.start() - done
        style = CODE if in_code else STRONG if in_strong else LINK
        marks.append(Mark(length, length + len(content), style, url))
        length += len(content)
        done = match.end()
    return Words("".join((*found, text[done:])), tuple(marks))


def join(parts: Iterable[Words | str], separator: str = "") -> Words:
    """Parts in one, with `separator` between them."""
    texts: list[str] = []
    marks: list[Mark] = []
    at = 0
    for part in parts:
        if texts and separator:
            texts.append(separator)
            at += len(separator)
        words = Words(part) if isinstance(part, str) else part
        texts.append(words.text)
        marks += [mark._replace(start=mark.start + at, end=mark.end + at) for mark in words.marks]
        at += len(words.text)
    return Words("".join(texts), tuple(marks))


def sentence(text: str, indent: int = 1, *, gap: bool = True) -> Paragraph:
    """A paragraph of our own, `indent` levels in."""
    return Paragraph(inline(text), indent * STEP, gap)


def tight(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks, the first of them without an empty line before it."""
    first = True
    for block in blocks:
        yield block._replace(gap=False) if first and isinstance(block, Paragraph | Code) else block
        first = False
