"""Help on what is no command: `data/topics/*.md`, each with its title in the first line and a summary in the next."""

import re
from collections.abc import Iterator

from awsmini.help.markdown import blocks
from awsmini.help.page import STEP, Block, Heading, Paragraph, Rows, Words, inline, plain, sentence
from awsmini.model.load import content, data_names

FOLDER = "topics"
_HEAD = re.compile(r"# (?P<title>.*)\n+(?P<summary>.*)\n")


def names() -> list[str]:
    """The topics, sorted."""
    return data_names(FOLDER)


def rows() -> list[tuple[str, Words]]:
    """Each topic with its summary."""
    return [(name, inline(_head(name, _text(name))["summary"])) for name in names()]


def list_page() -> Iterator[Block]:
    """`awsmini help topics`."""
    yield Heading("NAME")
    yield Paragraph(inline("`awsmini help topics` - what there is help on beside the commands"), STEP)
    yield Heading("TOPICS")
    yield Rows(rows(), STEP)
    yield sentence("More on each: `awsmini help <topic>`.")


def page(name: str) -> Iterator[Block]:
    """The page of one topic."""
    text = _text(name)
    head = _head(name, text)
    yield Heading("NAME")
    yield Paragraph(plain(f"{name} - {head['title']}"), STEP)
    yield Heading("DESCRIPTION")
    yield Paragraph(inline(head["summary"]), STEP)
    yield from blocks(text[head.end() :])


def _text(name: str) -> str:
    return content(f"{FOLDER}/{name}.md").decode()


def _head(name: str, text: str) -> re.Match[str]:
    head = _HEAD.match(text)
    assert head is not None, f"{name} has no head"
    return head
