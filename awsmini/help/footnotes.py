"""Links in text that cannot be clicked: a number stands behind each, and its address at the end of the page."""

from collections.abc import Iterable, Iterator

from awsmini.help.page import LINK, STEP, Block, Heading, Mark, Paragraph, Rows, Words, plain


def footnotes(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks with numbers for their links, and the section LINKS after them where there are any."""
    numbers: dict[str, int] = {}
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block._replace(words=_numbered(block.words, numbers))
        elif isinstance(block, Rows):
            yield block._replace(rows=[(term, _numbered(words, numbers)) for term, words in block.rows])
        else:
            yield block
    if numbers:
        yield Heading("LINKS")
        yield Rows([(f"[{number}]", plain(url)) for url, number in numbers.items()], STEP)


def _numbered(words: Words, numbers: dict[str, int]) -> Words:
    if not any(mark.style == LINK for mark in words.marks):
        return words
    text, marks = words
    links = sorted((mark for mark in marks if mark.style == LINK and mark.url), key=lambda mark: mark.start)
    notes = [f" [{numbers.setdefault(str(link.url), len(numbers) + 1)}]" for link in links]
    for link, note in zip(reversed(links), reversed(notes), strict=True):
        text = text[: link.end] + note + text[link.end :]
        marks = tuple(_moved(mark, link.end, len(note)) for mark in marks)
    return Words(text, marks)


def _moved(mark: Mark, at: int, by: int) -> Mark:
    """The mark where text of that length is put in at `at`."""
    start = mark.start + by if mark.start >= at else mark.start
    end = mark.end + by if mark.end > at else mark.end
    return mark._replace(start=start, end=end)
