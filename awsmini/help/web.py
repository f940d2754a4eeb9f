"""Blocks → HTML. What is set in below an option or a member lies within it, and folds where that has members."""

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape

from awsmini.help.page import CODE, EMPHASIS, LINK, STRONG, Block, Code, Grid, Heading, Paragraph, Rows, Words
from awsmini.model.load import content

TAGS = {CODE: "code", STRONG: "b", EMPHASIS: "i"}
STYLE = "docs/site.css"
BULLET = "•"
TERM, LIST, ITEM = "term", "list", "item"  # what blocks may lie within
_PLAIN = re.compile(r"[\w.:/-]+", re.ASCII)  # values of attributes that need no quotes

Link = Callable[[str], str]  # what stands in a cell or as code → the address of its page; "" where it has none


def document(title: str, blocks: Iterable[Block]) -> Iterator[str]:
    """A page that stands alone, piece by piece."""
    title = escape(title)
    yield f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
    yield f'<meta name="viewport" content="width=device-width">\n<style>\n{content(STYLE).decode()}</style></head>\n'
    yield f"<body><main><h1>{title}</h1>\n"
    yield from body(blocks, lambda _: "")
    yield "</main></body></html>\n"


def body(blocks: Iterable[Block], link: Link, part: str = "") -> list[str]:
    """The blocks as HTML, to be joined. `link` finds the pages of a site. Of a part, no name is the page's own.

    End tags that HTML does not need are left out. Members of members get their anchors by the script of the site.
    """
    writer = _Writer(link, part)
    for block in blocks:
        writer.add(block)
    writer.close_from(0)
    return writer.out


def _attribute(name: str, value: str) -> str:
    return f" {name}={value}" if _PLAIN.fullmatch(value) else f' {name}="{escape(value)}"'


def _text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


class _Open:
    """Something that what follows may lie within; its beginning is written when it is known what that is."""

    __slots__ = ("head", "ids", "indent", "inner", "kind", "part", "start", "unfolds")

    def __init__(self, kind: str, indent: int, start: int, head: str = "", ids: str = "", part: str = "") -> None:
        self.kind = kind
        self.indent = indent
        self.start = start
        self.head = head
        self.ids = ids
        self.part = part
        self.unfolds = bool(part)
        self.inner = -1  # columns that the first block within is set in


class _Writer:
    def __init__(self, link: Link, part: str) -> None:
        self.link = link
        self.part = part
        self.out: list[str] = []
        self.open: list[_Open] = []
        self.ids: set[str] = set()
        self.base = -1  # columns that the first block of the section is set in

    def add(self, block: Block) -> None:
        if isinstance(block, Paragraph) and (block.anchors or block.bullet):
            (self._term if block.anchors else self._item)(block)
            return
        indent = block.indent
        while self.open and (isinstance(block, Heading) or self.open[-1].indent >= indent):
            self._close()
        if isinstance(block, Paragraph):
            self.out.append(f"<p{self._set_in(indent)}>{self._words(block.words)}\n")
        elif isinstance(block, Heading):
            self.base = -1
            self.out.append(f"<h2{self._id(block.text.lower())}>{_text(block.text)}</h2>\n")
        elif isinstance(block, Code):
            self._set_in(indent)
            self.out.append(f"<pre>{_text(block.text)}</pre>\n")
        elif isinstance(block, Grid):
            cells = "".join([f"<li>{self._named(cell)}" for cell in block.cells])
            self.out.append(f'<ul class="grid">{cells}</ul>\n')
        else:
            self._rows(block)

    def _rows(self, block: Rows) -> None:
        self.out.append("<dl>")
        for term, words in block.rows:
            name = self._id(term.split()[0]) if term.startswith("--") else ""
            self.out.append(f"<dt{name}>{self._named(term)}<dd>{self._words(words)}\n")
        self.out.append("</dl>\n")

    def close_from(self, depth: int) -> None:
        while len(self.open) > depth:
            self._close()

    def _term(self, block: Paragraph) -> None:
        while self.open and self.open[-1].indent >= block.indent:
            self._close()
        for around in self.open:
            around.unfolds = True
        self._set_in(block.indent)
        ids = [""] if self.open or self.part else [self._id(name) for name in block.anchors]
        more = "".join([f"<a{name}></a>" for name in ids[1:] if name])
        part = self._part(block)
        if part and ids[0].startswith(" id=error-"):
            ids[0] = ""  # the script knows it by the name
        self.open.append(_Open(TERM, block.indent, len(self.out), more + self._words(block.words), ids[0], part))
        self.out.append("")

    def _part(self, block: Paragraph) -> str:
        """The attribute; the name of a part that is as the name that is shown is left out."""
        if not block.part:
            return ""
        place, _, name = block.part.rpartition("/")
        mark = block.words.marks[0]
        shown = block.words.text[mark.start : mark.end]
        return _attribute("data-part", f"{place}/" if name == shown else block.part)

    def _item(self, block: Paragraph) -> None:
        indent = block.indent
        while self.open and (
            self.open[-1].indent > indent or (self.open[-1].indent == indent and self.open[-1].kind != LIST)
        ):
            self._close()
        if not self.open or self.open[-1].kind != LIST:
            tag = "ul" if block.bullet == BULLET else "ol"
            self.open.append(_Open(LIST, indent, len(self.out), tag))
            self.out.append(f"<{tag}>")
        self.open.append(_Open(ITEM, indent, len(self.out)))
        self.out.append(f"<li>{self._words(block.words)}")

    def _close(self) -> None:
        last = self.open.pop()
        if last.kind == ITEM:
            return
        if last.kind == LIST:
            self.out.append(f"</{last.head}>\n")
        elif last.unfolds:
            state = last.part or (" open" if not self.open else "")
            self.out[last.start] = f"<details{state}><summary{last.ids}>{last.head}</summary>\n"
            self.out.append("</details>\n")
        else:
            self.out[last.start] = f"<div><p{last.ids}>{last.head}\n"
            self.out.append("</div>\n")

    def _set_in(self, indent: int) -> str:
        """The class of what is set in further than the first block beside it."""
        if not self.open:
            if self.base < 0:
                self.base = indent
            return ' class="in"' if indent > self.base else ""
        around = self.open[-1]
        if around.inner < 0:
            around.inner = indent
        return ' class="in"' if indent > around.inner and around.kind == TERM else ""

    def _id(self, name: str) -> str:
        """The attribute; nothing for a name that the page has already."""
        name = "_".join(name.split())
        if name in self.ids:
            return ""
        self.ids.add(name)
        return _attribute("id", name)

    def _named(self, text: str) -> str:
        url = self.link(text)
        return f'<a href="{escape(url)}">{_text(text)}</a>' if url else _text(text)

    def _words(self, words: Words) -> str:
        """The text with a tag around each mark; those that lie in others are opened after them."""
        text, marks = words
        if not marks:
            return _text(text)
        starts: dict[int, list[str]] = {}
        ends: dict[int, list[str]] = {}
        links = [mark for mark in marks if mark.style == LINK]
        for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
            url = mark.url or ""
            if mark.style == CODE and not any(a.start < mark.end and a.end > mark.start for a in links):
                url = self.link(text[mark.start : mark.end])
            tag = TAGS.get(mark.style, "")
            before, after = (f"<{tag}>", f"</{tag}>") if tag else ("", "")
            if url:
                before, after = f'<a href="{escape(url)}">{before}', f"{after}</a>"
            starts.setdefault(mark.start, []).append(before)
            ends.setdefault(mark.end, []).insert(0, after)
        edges = sorted({0, len(text), *starts, *ends})
        pieces = []
        for start, end in zip(edges, [*edges[1:], len(text)], strict=True):
            pieces += [*ends.get(start, ()), *starts.get(start, ()), _text(text[start:end])]
        return "".join(pieces)
