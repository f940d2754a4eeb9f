"""What a terminal shows: the same text, with styles."""

import pytest

from awsmini.help.layout import Line, lay_out
from awsmini.help.page import CODE, EMPHASIS, LINK, STRONG, Heading, Mark, Paragraph, inline
from awsmini.help.terminal import AT_ONCE, draw
from tests.help.screen import without_codes


def drawn(*lines, width=80):
    return "".join(draw(lines, width))


@pytest.mark.parametrize(
    ("style", "codes"), [(STRONG, "\x1b[1m"), (CODE, "\x1b[36m"), (EMPHASIS, "\x1b[3m"), (LINK, "\x1b[4m")]
)
def test_styles(style, codes):
    assert drawn(Line(2, "a word here", (Mark(2, 6, style),))) == f"  a {codes}word\x1b[0m here\n"


def test_styles_add_up():
    assert "\x1b[1;36mb" in drawn(Line(4, "ab", (Mark(0, 2, CODE), Mark(1, 2, STRONG))))


def test_headings_stand_out():
    [line] = lay_out([Heading("NAME")], 80)
    assert drawn(line) == "\x1b[1;34mNAME\x1b[0m\n"


def test_the_text_is_that_of_the_lines():
    lines = list(lay_out([Paragraph(inline("`a` **b** [c](https://d) [e] {f} :smile: " * 20), 4)], 60))
    assert without_codes(drawn(*lines, width=60)) == "".join(f"    {line.text}\n" for line in lines)


def test_long_pages_come_in_pieces():
    lines = [Line(0, str(number)) for number in range(3 * AT_ONCE)]
    pieces = list(draw(lines, 80))
    assert len(pieces) >= 3
    assert "".join(pieces).split() == [str(number) for number in range(3 * AT_ONCE)]


def test_what_is_wider_than_the_screen_is_left_to_it():
    assert drawn(Line(0, "x" * 100), width=80) == "x" * 100 + "\n"
