"""Help on what is no command: `data/topics/*.md`, each with its title in the first line and a summary in the next."""

import re
from collections.abc import Iterator
from pathlib import Path

from awsmini.help.markdown import blocks
from awsmini.help.page import STEP, Block, Heading, Paragraph, Rows, Words, inline, plain, sentence
from awsmini.model.load import DATA

FOLDER = DATA / "topics"
_HEAD = re.compile(r"# (?P<title>.*)\n+(?P<summary>.*)\n")


def names() -> list[str]:
    """The topics, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.md"))


def rows() -> list[tuple[str, Words]]:
    """Each topic with its summary."""
    return [(name, inline(_head(FOLDER / f"{name}.md")["summary"])) for name in names()]


def list_page() -> Iterator[Block]:
    """`awsmini help topics`."""
    yield Heading("NAME")
    yield Paragraph(inline("`awsmini help topics` - what there is help on beside the commands"), STEP)
    yield Heading("TOPICS")
    yield Rows(rows(), STEP)
    yield sentence("More on each: `awsmini help <topic>`.")


def page(name: str) -> Iterator[Block]:
    """The page of one topic."""
    text = (FOLDER / f"{name}.md").read_text("utf-8")
    head = _HEAD.match(text)
    assert head is not None, f"{name} has no head"
    yield Heading("NAME")
    yield Paragraph(plain(f"{name} - {head['title']}"), STEP)
    yield Heading("DESCRIPTION")
    yield Paragraph(inline(head["summary"]), STEP)
    yield from blocks(text[head.end() :])


def _head(path: Path) -> re.Match[str]:
    with path.open(encoding="utf-8") as file:
        head = _HEAD.match("".join(file.readline() for _ in range(4)))
    assert head is not None, f"{path.name} has no head"
    return head
