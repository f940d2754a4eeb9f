"""AWS's documentation, which is HTML of a kind, → blocks.

Only the tags that this documentation uses are tags: `<region>` in `arn:aws:kms:<region>:…` is text, as its
author meant it. Elements that are not closed, or closed twice, end with what they are in.
"""

import re
from collections.abc import Iterator
from html import unescape

from awsmini.help.page import CODE, EMPHASIS, LINK, STEP, STRONG, Block, Code, Mark, Paragraph, Words

STYLES = {
    "code": CODE, "b": STRONG, "strong": STRONG, "i": EMPHASIS, "em": EMPHASIS, "u": EMPHASIS,
    "replaceable": EMPHASIS, "filename": CODE, "a": LINK,
}  # fmt: skip
NOTES = {
    "note": "Note", "important": "Important", "warning": "Warning", "caution": "Caution", "tip": "Tip",
    "notice": "Notice",
}  # fmt: skip
PARAGRAPHS = ("p", "div", "br", "para", "table", "thead", "tbody", "tr", "blockquote", "section", "title", "shortdesc")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "fullname", "dt")
WITHOUT_EFFECT = ("span", "text", "value", "link", "ulink", "xref", "xhtml", "zonbook", "sup", "sub", "function")
_TAGS = (
    *STYLES, *NOTES, *PARAGRAPHS, *HEADINGS, *WITHOUT_EFFECT,
    "ul", "ol", "li", "dl", "dd", "pre", "td", "th", "programlisting",
)  # fmt: skip
_TAG = re.compile(rf"<(/?)({'|'.join(sorted(_TAGS, key=len, reverse=True))})(\s[^>]*)?/?>", re.IGNORECASE)
_HREF = re.compile(r"""href\s*=\s*["']?([^"'\s>]+)""")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FIRST_NOTES = re.compile(rf"(\s*<({'|'.join(NOTES)})>.*?</\2>)+", re.DOTALL)
_DOUBLY_ESCAPED = re.compile(r"&lt;/?p&gt;")
_BLANK = re.compile(r"[ \t\r\n\f\xa0\u200b\u2028\u2029]+")
BULLET = "•"


def blocks(html: str, indent: int = 0) -> Iterator[Block]:
    """The paragraphs, lists and listings of a documentation text, `indent` columns in."""
    if not html:
        return iter(())
    return _Converter(indent).run(html)


def first_sentence(html: str) -> str:
    """The first sentence of a documentation text, as plain text; "" where there is none. Notes do not count."""
    notes = _FIRST_NOTES.match(html)
    return _first_sentence(html[notes.end() :]) or _first_sentence(html) if notes else _first_sentence(html)


def _first_sentence(html: str) -> str:
    start = html.find("<p>")
    end = html.find("</p>", start)
    words = _TAG.sub("", html[max(start, 0) : end if end > 0 else len(html)])
    text = _BLANK.sub(" ", unescape(words)).strip()
    stop = re.search(r"(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)\.(?= [A-Z]|$)", text)
    return text[: stop.end()] if stop else text


def plain_text(html: str) -> str:
    """All of a documentation text in one line, without its tags."""
    return _BLANK.sub(" ", unescape(_TAG.sub(" ", html))).strip() if html else ""


class _Converter:
    """One walk over the tags; a block is ready when the next begins."""

    def __init__(self, indent: int) -> None:
        self.indent = indent
        self.lists: list[int] = []  # the number that the next item has; 0 in a list without numbers
        self.bullet = ""
        self.lead = ""
        self.last: Paragraph | None = None
        self.after: str | None = None  # the text of a listing, while in one
        self.ready: list[Block] = []
        self._begin()

    def _begin(self) -> None:
        self.text = ""
        self.marks: list[Mark] = []
        self.open: list[tuple[str, int, str, str | None]] = []  # tag, start, style, url
        self.heading = False

    def run(self, html: str) -> Iterator[Block]:
        if "<!--" in html:
            html = _COMMENT.sub("", html)
        if "&lt;p&gt;" in html:
            html = _DOUBLY_ESCAPED.sub("", html)
        at = 0
        for tag in _TAG.finditer(html):
            if tag.start() > at:
                self._add(html[at : tag.start()])
            at = tag.end()
            name = tag.group(2).lower()
            if tag.group(1):
                self._end(name)
            else:
                self._start(name, tag.group(3) or "")
            yield from self._take()
        self._add(html[at:])
        self._flush()
        yield from self._take()

    def _take(self) -> list[Block]:
        ready, self.ready = self.ready, []
        return ready

    def _add(self, chunk: str) -> None:
        if "&" in chunk:
            chunk = unescape(chunk)
        if self.after is not None:
            self.after += chunk
            return
        chunk = _BLANK.sub(" ", chunk)
        if chunk.startswith(" ") and (not self.text or self.text.endswith(" ")):
            chunk = chunk[1:]
        self.text += chunk

    def _start(self, name: str, attributes: str) -> None:
        if self.after is not None:
            return
        if name in STYLES:
            url = _HREF.search(attributes) if name == "a" else None
            self.open.append((name, len(self.text), STYLES[name], unescape(url.group(1)) if url else None))
        elif name in ("td", "th"):
            self.text += " | " if self.text else ""
        elif name not in WITHOUT_EFFECT:
            self._flush()
            self._open_block(name)

    def _open_block(self, name: str) -> None:
        if name in ("ul", "ol"):
            self.lists.append(1 if name == "ol" else 0)
            self.indent += 2
        elif name == "li":
            self.bullet = self._next_bullet()
        elif name == "dd":
            self.indent += STEP
        elif name in ("pre", "programlisting"):
            self.after = ""
        elif name in HEADINGS:
            self.heading = True
        elif name in NOTES:
            self.lead = NOTES[name] + ": "

    def _end(self, name: str) -> None:
        if self.after is not None and name not in ("pre", "programlisting"):
            return
        if name in STYLES:
            self._close_style(name)
        elif name not in WITHOUT_EFFECT and name not in ("td", "th"):
            self._flush()
            self._close_block(name)

    def _close_block(self, name: str) -> None:
        if name in ("ul", "ol") and self.lists:
            self.lists.pop()
            self.indent -= 2
            self.bullet = ""
        elif name == "li":
            self.bullet = ""
        elif name == "dd":
            self.indent -= STEP
        elif name in NOTES:
            self.lead = ""

    def _next_bullet(self) -> str:
        if not self.lists or not self.lists[-1]:
            return BULLET
        self.lists[-1] += 1
        return f"{self.lists[-1] - 1}."

    def _close_style(self, name: str) -> None:
        for at in range(len(self.open) - 1, -1, -1):
            if self.open[at][0] == name:
                _, start, style, url = self.open.pop(at)
                self._mark(start, len(self.text), style, url)
                return

    def _mark(self, start: int, end: int, style: str, url: str | None) -> None:
        """The blanks at either end of an element are not of its style."""
        text = self.text[start:end]
        start += len(text) - len(text.lstrip(" "))
        end -= len(text) - len(text.rstrip(" "))
        if style == LINK and not (url and url.startswith(("http://", "https://"))):
            url = None
            style = CODE  # an <a> without an address is the name of an operation or a type
        if start < end:
            self.marks.append(Mark(start, end, style, url))

    def _flush(self) -> None:
        """What has been read since the last block is the next one."""
        if self.after is not None:
            if self.after.strip():
                self.ready.append(Code(self.after.strip("\n"), self.indent + STEP))
            self.after = None
        for name in [name for name, *_ in self.open]:
            self._close_style(name)
        text = self.text.rstrip(" ")
        if text:
            end = len(text)
            marks = tuple(mark._replace(end=min(mark.end, end)) for mark in self.marks if mark.start < end)
            self._paragraph(Words(text, marks))
        self._begin()

    def _paragraph(self, words: Words) -> None:
        if self.heading:
            words = Words(words.text, (Mark(0, len(words.text), STRONG),))
        if self.lead:
            words = Words(self.lead, (Mark(0, len(self.lead) - 1, STRONG),)) + words
            self.lead = ""
        in_item = 2 if self.lists and not self.bullet else 0
        paragraph = Paragraph(words, self.indent + in_item, bullet=self.bullet)
        if paragraph != self.last or self.bullet:  # some paragraphs stand there twice
            self.ready.append(paragraph)
        self.last = paragraph
        self.bullet = ""
