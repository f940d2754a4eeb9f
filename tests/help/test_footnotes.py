"""Links: numbered in the text, their addresses at the end."""

from awsmini.help.footnotes import footnotes
from awsmini.help.page import CODE, LINK, Mark, Paragraph, Rows, Words, inline, plain
from tests.help.models import shown


def test_the_same_address_has_the_same_number():
    text = shown([Paragraph(inline("[one](https://a/1), [two](https://a/2) and [one again](https://a/1)"))])
    assert text == "one [1], two [2] and one again [1]\n\nLINKS\n    [1]  https://a/1\n    [2]  https://a/2"


def test_numbers_count_up_over_blocks():
    blocks = [Paragraph(inline("[a](https://a/1)")), Rows([("x", inline("[b](https://a/2)"))])]
    assert shown(blocks).splitlines()[:3] == ["a [1]", "", "x  b [2]"]


def test_no_links_no_section():
    blocks = [Paragraph(plain("nothing"))]
    assert list(footnotes(blocks)) == blocks


def test_marks_move_with_the_text():
    marks = (Mark(0, 4, LINK, "https://a"), Mark(0, 2, CODE), Mark(5, 9, CODE))
    [block, *_] = footnotes([Paragraph(Words("link code", marks))])
    assert block.words == Words("link [1] code", (Mark(0, 4, LINK, "https://a"), Mark(0, 2, CODE), Mark(9, 13, CODE)))


def test_an_address_stays_in_one_piece():
    url = "https://docs.aws.amazon.com/" + "very/" * 20
    assert f"[1]  {url}" in shown([Paragraph(inline(f"[a]({url})"))])
