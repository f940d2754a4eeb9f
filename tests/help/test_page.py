"""Words: text with marks, and how they are put together."""

import pytest

from awsmini.help.page import CODE, LINK, STRONG, Mark, Paragraph, Words, code, inline, join, plain, strong, tight


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", Words("plain")),
        ("`ls` lists", Words("ls lists", (Mark(0, 2, CODE),))),
        ("see **this**", Words("see this", (Mark(4, 8, STRONG),))),
        ("[here](https://a.b/c) it is", Words("here it is", (Mark(0, 4, LINK, "https://a.b/c"),))),
        ("`a` and `b`", Words("a and b", (Mark(0, 1, CODE), Mark(6, 7, CODE)))),
        ("2 * 3 * 4 [no link]", Words("2 * 3 * 4 [no link]")),
        ("a lone ` stays", Words("a lone ` stays")),
    ],
)
def test_our_own_sentences(text, expected):
    assert inline(text) == expected


def test_join_moves_marks():
    assert join([code("a"), "b", strong("c")], ", ") == Words("a, b, c", (Mark(0, 1, CODE), Mark(6, 7, STRONG)))


def test_join_of_nothing():
    assert join([]) == plain("")


def test_what_comes_from_a_model_is_no_markup():
    assert join(["Pattern: ", code("`.*`**")]) == Words("Pattern: `.*`**", (Mark(9, 15, CODE),))


def test_sum():
    assert plain("a ") + code("b") == Words("a b", (Mark(2, 3, CODE),))


def test_tight_takes_the_first_gap_only():
    blocks = [Paragraph(plain("a")), Paragraph(plain("b"))]
    assert [block.gap for block in tight(blocks)] == [False, True]
