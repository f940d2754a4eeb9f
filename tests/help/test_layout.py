"""Blocks → lines: nothing is wider than the screen, and nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsmini.help.layout import Line, breaks, folds, lay_out
from awsmini.help.page import CODE, STRONG, Code, Grid, Heading, Mark, Paragraph, Rows, Words, code, join, plain


def lines(*blocks, width=40):
    return [" " * line.indent + line.text for line in lay_out(blocks, width)]


TEXT = "one two three four five six seven eight nine ten"


@pytest.mark.parametrize(
    ("block", "width", "expected"),
    [
        (Paragraph(plain("short")), 40, ["short"]),
        (Paragraph(plain("")), 40, [""]),
        (Paragraph(plain(TEXT), 4), 44, ["    one two three four five six seven eight", "    nine ten"]),
        (Paragraph(plain(TEXT), 2, bullet="•"), 43, ["  • one two three four five six seven eight", "    nine ten"]),
        (Paragraph(plain(TEXT), 0, hang=4), 40, ["one two three four five six seven eight", "    nine ten"]),
        (Paragraph(plain("x" * 50)), 40, ["x" * 40, "x" * 10]),
        (Paragraph(plain("a " + "x" * 50 + " b")), 40, ["a", "x" * 40, "x" * 10 + " b"]),
        (Paragraph(plain("see https://example.com/" + "x" * 40)), 40, ["see", "https://example.com/" + "x" * 40]),
        (Paragraph(plain("a" * 39 + "  b"), folded=True), 40, ["a" * 39 + " ", " b"]),
        (Code("a\n  b\n\nc", 4), 60, ["    a", "      b", "", "    c"]),
        (
            Code("A=string,B=string,C=string,D=string,E=string"),
            40,
            ["A=string,B=string,C=string,D=string,", "  E=string"],
        ),
        (Grid(["a", "b", "c", "d", "e"]), 40, ["a  b  c  d  e"]),
        (Grid([f"word-{n:02}" for n in range(9)], 4), 44, None),
        (Rows([("a", plain("first")), ("bcd", plain("second"))], 4), 80, ["    a    first", "    bcd  second"]),
        (Rows([("a", plain(""))], 4), 80, ["    a"]),
        (Heading("NAME"), 40, ["NAME"]),
    ],
)
def test_one_block(block, width, expected):
    if expected is not None:
        assert lines(block, width=width) == expected
    assert all(len(line) <= width for line in lines(block, width=width) if "://" not in line)


def test_a_grid_is_read_downwards():
    assert lines(Grid(list("abcdefg")), width=8) == ["a  d  g", "b  e", "c  f"]


def test_a_long_term_has_its_own_line():
    term = "associate-transit-gateway-route-table"
    assert lines(Rows([("short", plain("x")), (term, plain("y"))]), width=80) == ["short  x", term, "       y"]


def test_rows_without_room_for_two_columns():
    rows = Rows([("--connect-timeout <value>", plain(TEXT))])
    assert lines(rows, width=40)[0] == "--connect-timeout <value>"
    assert lines(rows, width=40)[1].startswith("    one two")


def test_gaps():
    blocks = [
        Heading("NAME"),
        Paragraph(plain("a")),
        Paragraph(plain("b"), gap=False),
        Paragraph(plain("c")),
        Code("d", gap=False),
        Paragraph(plain("e"), gap=False),
        Heading("NEXT"),
    ]
    assert lines(*blocks) == ["NAME", "a", "b", "", "c", "d", "", "e", "", "NEXT"]


def test_deeply_nested_text_keeps_columns_to_be_read_in():
    assert lines(Paragraph(plain(TEXT), 70), width=80) == [" " * 40 + TEXT[:39], " " * 40 + TEXT[40:]]


def test_marks_are_cut_where_lines_are():
    words = join(["one two ", code("three four"), " five"])
    assert list(lay_out([Paragraph(words)], 15)) == [
        Line(0, "one two three", (Mark(8, 13, CODE),)),
        Line(0, "four five", (Mark(0, 4, CODE),)),
    ]


def test_marks_of_a_row_start_behind_its_term():
    [line] = lay_out([Rows([("a", code("b"))])], 80)
    assert line == Line(0, "a  b", (Mark(0, 1, STRONG), Mark(3, 4, CODE)))


@given(st.text(alphabet="ab \n·", max_size=200), st.integers(5, 60))
def test_breaks_lose_nothing_but_blanks(text, width):
    text = " ".join(text.split())
    pieces = [text[start:end] for start, end in breaks(text, width)]
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
    assert all(len(piece) <= width for piece in pieces)
    assert all(piece == piece.strip() for piece in pieces)


@given(st.text(max_size=100), st.integers(1, 30))
def test_folds_lose_nothing(text, width):
    assert "".join(text[start:end] for start, end in folds(text, width)) == text


@given(st.lists(st.tuples(st.text("abc-", min_size=1, max_size=45), st.text("xy ", max_size=90)), max_size=6))
def test_rows_never_overflow(rows):
    rows = [(term, Words(" ".join(text.split()))) for term, text in rows]
    for width in (60, 80, 120):
        assert all(len(line) <= width for line in lines(Rows(rows, 4), width=width))
