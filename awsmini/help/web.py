"""A page as HTML, for a browser."""

from collections.abc import Iterable, Iterator
from html import escape

from awsmini.help.page import CODE, EMPHASIS, LINK, STRONG, Block, Code, Grid, Heading, Paragraph, Rows, Words

TAGS = {CODE: "code", STRONG: "b", EMPHASIS: "i"}
HEAD = """\
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; }}
code, pre {{ font-family: ui-monospace, monospace; font-size: 0.9em; }}
pre {{ background: #8881; padding: 0.7em; overflow-x: auto; }}
p {{ margin: 0.5em 0; }} p.tight {{ margin: 0; }}
dt {{ font-weight: bold; }} .grid {{ columns: 16em; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #111; color: #ddd; }} a {{ color: #8af; }} }}
</style>
<h1>{title}</h1>
"""


def document(title: str, blocks: Iterable[Block]) -> Iterator[str]:
    """The whole document, piece by piece."""
    yield HEAD.format(title=escape(title))
    for block in blocks:
        yield _block(block) + "\n"


def _block(block: Block) -> str:
    inset = f' style="margin-left: {block.indent / 2:g}em"' if block.indent else ""
    if isinstance(block, Heading):
        return f"<h2>{escape(block.text)}</h2>"
    if isinstance(block, Code):
        return f"<pre{inset}>{escape(block.text)}</pre>"
    if isinstance(block, Grid):
        return f"<div class=grid{inset}>{''.join(f'<div>{escape(cell)}</div>' for cell in block.cells)}</div>"
    if isinstance(block, Rows):
        rows = "".join(f"<dt>{escape(term)}</dt><dd>{_words(words)}</dd>" for term, words in block.rows)
        return f"<dl{inset}>{rows}</dl>"
    return _paragraph(block, inset)


def _paragraph(block: Paragraph, inset: str) -> str:
    bullet = escape(block.bullet) + " " if block.bullet else ""
    tight = "" if block.gap else " class=tight"
    return f"<p{tight}{inset}>{bullet}{_words(block.words)}</p>"


def _words(words: Words) -> str:
    """The text with a tag around each mark; those that lie in others are opened after them."""
    starts: dict[int, list[str]] = {}
    ends: dict[int, list[str]] = {}
    for mark in sorted(words.marks, key=lambda mark: (mark.start, -mark.end)):
        if mark.style == LINK:
            starts.setdefault(mark.start, []).append(f'<a href="{escape(mark.url or "")}">')
            ends.setdefault(mark.end, []).insert(0, "</a>")
        else:
            starts.setdefault(mark.start, []).append(f"<{TAGS[mark.style]}>")
            ends.setdefault(mark.end, []).insert(0, f"</{TAGS[mark.style]}>")
    edges = sorted({0, len(words.text), *starts, *ends})
    pieces = []
    for start, end in zip(edges, [*edges[1:], len(words.text)], strict=True):
        pieces += [*ends.get(start, ()), *starts.get(start, ()), escape(words.text[start:end])]
    return "".join(pieces)
