"""Our own texts on topics → blocks. They are Markdown, of which they use headings, paragraphs, lists and listings."""

import re
from collections.abc import Iterator

from awsmini.help.page import STEP, STRONG, Block, Code, Heading, Mark, Paragraph, Words, inline, tight

BULLET = "•"
_PART = re.compile(
    r"```\w*\n(?P<code>.*?)\n```|(?P<level>#+) (?P<heading>[^\n]+)|(?P<text>(?:(?!```|#+ )[^\n]+(?:\n|$))+)", re.DOTALL
)
_ITEM = re.compile(r"^- ", re.MULTILINE)


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a text, without its title."""
    below_heading = False
    for part in _PART.finditer(text):
        found = _part(part)
        yield from tight(found) if below_heading else found
        below_heading = part["heading"] is not None


def _part(part: re.Match[str]) -> Iterator[Block]:
    if part["code"] is not None:
        yield Code(part["code"], 2 * STEP)
    elif part["heading"] and len(part["level"]) == 2:
        yield Heading(part["heading"].upper())
    elif part["heading"]:
        words = Words(part["heading"], (Mark(0, len(part["heading"]), STRONG),))
        yield Paragraph(words, STEP // 2)
    else:
        yield from _text(part["text"])


def _text(text: str) -> Iterator[Block]:
    """A paragraph, or the items of a list; a line that is set in goes on with the item before it."""
    if not text.startswith("- "):
        yield Paragraph(inline(_one_line(text)), STEP)
        return
    for at, item in enumerate(_ITEM.split(text)[1:]):
        yield Paragraph(inline(_one_line(item)), STEP, gap=at == 0, bullet=BULLET)


def _one_line(text: str) -> str:
    return " ".join(text.split())
