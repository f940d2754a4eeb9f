"""Tables: piped ones as AWS CLI v2 2.36.7 drew them, and those on a terminal."""

import re

import pytest

from awsmini import query
from awsmini.format import renderer
from awsmini.format.table import TableError, dump, text_width
from awsmini.format.view import View

NESTED = {
    "Owner": "me",
    "Things": [
        {"Id": "a", "Size": 1, "Tags": [{"Key": "k", "Value": "v"}]},
        {"Id": "b", "Tags": []},
        {"Size": 2.5, "Id": "c", "Deep": {"On": True, "Off": None}},
    ],
    "Names": ["x", "y"],
    "Empty": [],
    "None": None,
    "Map": {},
}
NESTED_TABLE = """\
----------------------
|   DescribeThings   |
+--------+-----------+
|  None  |   Owner   |
+--------+-----------+
|  None  |  me       |
+--------+-----------+
||       Names      ||
|+------------------+|
||  x               ||
||  y               ||
|+------------------+|
||      Things      ||
|+-------+----------+|
||  Id   |  Size    ||
|+-------+----------+|
||  a    |  1       ||
|+-------+----------+|
|||      Tags      |||
||+------+---------+||
|||  Key |  Value  |||
||+------+---------+||
|||  k   |  v      |||
||+------+---------+||
||      Things      ||
|+-------+----------+|
||  Id   |  Size    ||
|+-------+----------+|
||  b    |          ||
|+-------+----------+|
||      Things      ||
|+-------+----------+|
||  Id   |  Size    ||
|+-------+----------+|
||  c    |  2.5     ||
|+-------+----------+|
|||      Deep      |||
||+-------+--------+||
|||  Off  |  On    |||
||+-------+--------+||
|||  None |  True  |||
||+-------+--------+||
"""
WIDE = {"Account": "123456789012", "UserId": "AIDA", "Arn": "arn:aws:iam::123456789012:user/" + "x" * 40}
WIDE_TABLE = """\
----------------------------------------------------------------------------------------
|                                    DescribeThings                                    |
+---------+----------------------------------------------------------------------------+
|  Account|  123456789012                                                              |
|  Arn    |  arn:aws:iam::123456789012:user/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx   |
|  UserId |  AIDA                                                                      |
+---------+----------------------------------------------------------------------------+
"""
BOX = "----------------\n|DescribeThings|\n+--------------+\n"


def shown(answer, expression=None, **view):
    compiled = query.compile(expression) if expression else None
    return "".join(renderer("table")(answer, View(operation_name="DescribeThings", query=compiled, **view)))


def test_nested_tables():
    assert shown(NESTED) == NESTED_TABLE


def test_one_row_that_is_too_wide_is_turned():
    assert shown(WIDE) == WIDE_TABLE
    assert "| Account | Arn |" in re.sub(" +", " ", shown(WIDE, width=140))


@pytest.mark.parametrize(
    ("expression", "table"),
    [
        ("nothing", ""),
        ("`{}`", ""),
        ("`[]`", ""),
        ('`""`', ""),
        ("Owner", BOX),
        ("length(Things)", BOX),
        ("Names", f"{BOX}|  x           |\n|  y           |\n+--------------+\n"),
        ("[Owner,`null`,`true`]", f"{BOX}|  me          |\n|  None        |\n|  True        |\n+--------------+\n"),
        (
            "Things[].[Id,Size]",
            "----------------\n|DescribeThings|\n+----+---------+\n|  a |  1      |\n|  b |  None   |\n|  c |  2.5    |\n"
            "+----+---------+\n",
        ),
        ("{x: Owner}", "----------------\n|DescribeThings|\n+-----+--------+\n|  x  |  me    |\n+-----+--------+\n"),
        (
            "Things[0]",
            "--------------------\n|  DescribeThings  |\n+-------+----------+\n|  Id   |  Size    |\n+-------+----------+\n"
            "|  a    |  1       |\n+-------+----------+\n||      Tags      ||\n|+------+---------+|\n||  Key |  Value  ||\n"
            "|+------+---------+|\n||  k   |  v      ||\n|+------+---------+|\n",
        ),
    ],
)
def test_results_of_a_query(expression, table):
    assert shown(NESTED, expression) == table


@pytest.mark.parametrize(
    "value", [["a", {"x": 1, "y": 2}], [{"a": 1}, "b"], [["a"], ["b", "c"]], [[{"a": 1}], [{"b": 1, "c": 2}]]]
)
def test_lists_that_are_no_table_are_a_clean_error(value):
    with pytest.raises(TableError) as raised:
        dump("Title", value)
    assert raised.value.exit_code == 255


def test_wide_characters_take_two_columns():
    assert text_width("日本é") == 6  # é is of ambiguous width
    assert shown({"Name": "日本", "Id": "x"}).splitlines()[-2] == "|  x  |  日本  |"


def test_colour_on_a_pipe_only_when_asked_for():
    assert "\x1b" not in shown(NESTED)
    colored = shown(NESTED, color="on")
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == NESTED_TABLE
    assert "\x1b[1m\x1b[34mme\x1b[0m" in colored
    assert "\x1b[2m\x1b[33m|\x1b[0m" in colored


ON_A_TERMINAL = """\
┌─────────────────┐
│ DescribeThings  │
├────────┬────────┤
│ None   │ Owner  │
├────────┼────────┤
│ None   │ me     │
└────────┴────────┘
│┌───────────────┐│
││     Names     ││
│├───────────────┤│
││ x             ││
││ y             ││
│└───────────────┘│
│┌───────────────┐│
││    Things     ││
│├──────┬────────┤│
││ Id   │ Size   ││
│├──────┼────────┤│
││ a    │ 1      ││
│└──────┴────────┘│
││┌─────────────┐││
│││    Tags     │││
││├─────┬───────┤││
│││ Key │ Value │││
"""


def test_on_a_terminal_it_is_drawn_in_boxes():
    assert shown(NESTED, is_tty=True, no_color=True).startswith(ON_A_TERMINAL)


def test_an_encoding_without_boxes_gets_the_plain_table():
    assert shown(NESTED, is_tty=True, no_color=True, ascii_only=True) == NESTED_TABLE


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("count", [1, 3])
def test_boxes_fit_the_screen_and_lose_nothing(width, count):
    row = {f"Column{number}": f"value-{number}-" + "x" * number * 3 for number in range(9)} | {"日本": "漢字" * 20}
    answer = {"Rows": [{**row, "Inner": [{"Key": "k" * 50, "Value": "v" * 200}]}] * count}
    text = shown(answer, is_tty=True, no_color=True, width=width)
    lines = text.splitlines()
    assert {_columns(line) for line in lines} <= set(range(width + 1))
    assert len({_columns(line) for line in lines}) == 1  # one right edge
    cells = re.sub(r"[│┌┐└┘├┤┬┴┼─ \n]", "", text)
    for name, value in row.items():
        assert name in cells
        assert all(cells.count(char) >= value.count(char) * count for char in value)
    assert cells.count("v") >= 200 * count


def _columns(line):
    return sum(2 if char in "日本漢字" else 1 for char in line)


def test_codes_in_the_data_do_not_reach_the_terminal():
    text = shown({"a": "\x1b[2J\x07boo\x9b", "b": "x"}, is_tty=True, no_color=True)
    assert "│ ␛[2J␇boo�" in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


def test_a_terminal_is_coloured_unless_told_otherwise():
    assert "\x1b[" in shown(NESTED, is_tty=True)
    assert "\x1b[" not in shown(NESTED, is_tty=True, color="off")
    assert "\x1b[" in shown(NESTED, is_tty=True, color="on", no_color=True)


def test_a_very_long_table_is_drawn_plainly():
    rows = {"Rows": [{"A": str(number), "B": "x"} for number in range(5001)]}
    assert "│" not in shown(rows, is_tty=True, no_color=True)
