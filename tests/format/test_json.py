"""JSON: the bytes of `json.dumps(indent=4, ensure_ascii=False)`, pages joined, nothing before the last page."""

import json
from copy import deepcopy
from datetime import datetime, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awsmini import query
from awsmini.errors import AwsminiError
from awsmini.format import json as format_json
from awsmini.format import renderer
from awsmini.format.spool import Spool
from awsmini.format.view import View
from awsmini.paging import PageIterator, PagingConfig

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=30,
)


def shown(answer, **view):
    text = view.pop("query", None)
    return "".join(renderer("json")(answer, View(query=query.compile(text) if text else None, **view)))


def pages_of(*pages, result_key="Items", config=None, **paginator):
    made = iter(deepcopy(pages))  # paging changes what it cuts
    described = {"input_token": "Token", "output_token": "Next", "result_key": result_key, **paginator}
    return PageIterator(lambda _: next(made), described, {}, config or PagingConfig())


@settings(deadline=None)
@given(VALUES)
def test_any_value_is_written_as_by_the_json_module(value):
    assert format_json.dumps(value) == json.dumps(value, indent=4, ensure_ascii=False)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (10**40, "1" + "0" * 40),
        (1e22, "1e+22"),
        (-0.0, "-0.0"),
        (float("nan"), "NaN"),
        (float("inf"), "Infinity"),
        (float("-inf"), "-Infinity"),
        (Decimal("1.10"), "1.10"),
        (b"hello", '"aGVsbG8="'),
        (datetime(2020, 1, 2, 3, 4, 5, tzinfo=timezone.utc), '"2020-01-02T03:04:05+00:00"'),
        ("é\u2028\x00\x7f\ud800", '"é\u2028\\u0000\x7f\ud800"'),
        ('"\\/\n', '"\\"\\\\/\\n"'),
        (("a",), '[\n    "a"\n]'),
        ({1: True, None: 2, 1.5: 3}, '{\n    "1": true,\n    "null": 2,\n    "1.5": 3\n}'),
        ([], "[]"),
        ({}, "{}"),
    ],
)
def test_values(value, text):
    assert format_json.dumps(value) == text


def test_what_has_no_form_is_an_error():
    with pytest.raises(AwsminiError, match=r"^Encountered unrecognized type in JSON encoder\.$"):
        format_json.dumps([object()])


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("nothing", "null\n"),
        ("`{}`", ""),
        ("`[]`", "[]\n"),
        ('`""`', '""\n'),
        ("Owner", '"me"\n'),
        ("length(@)", "1\n"),
    ],
)
def test_results_of_a_query(expression, text):
    assert shown({"Owner": "me"}, query=expression) == text


def test_an_empty_answer_is_no_text():
    assert shown({}) == ""
    assert shown({"ResponseMetadata": {"HTTPStatusCode": 200}}) == ""


PAGES = (
    {"Items": [{"A": "1", "B": "é"}], "Prefix": "", "Next": "t1", "More": True},
    {"Items": [{"A": "2"}, {"A": "3", "B": "x"}], "Next": None, "More": False},
)
MORE = {"result_key": ["Items", "Others"], "non_aggregate_keys": ["Prefix", "Charged"], "more_results": "More"}
MERGED = """\
{
    "Items": [
        {
            "A": "1",
            "B": "é"
        },
        {
            "A": "2"
        },
        {
            "A": "3",
            "B": "x"
        }
    ],
    "Prefix": "",
    "Charged": null
}
"""


def test_pages_are_one_document():
    assert shown(pages_of(*PAGES, **MORE)) == MERGED


def test_a_listing_cut_short_ends_with_the_token():
    text = shown(pages_of(*PAGES, config=PagingConfig(max_items=2), **MORE))
    assert text == (
        '{\n    "Items": [\n        {\n            "A": "1",\n            "B": "é"\n        },\n        {\n'
        '            "A": "2"\n        }\n    ],\n    "Prefix": "",\n    "Charged": null,\n'
        '    "NextToken": "eyJUb2tlbiI6ICJ0MSIsICJib3RvX3RydW5jYXRlX2Ftb3VudCI6IDF9"\n}\n'
    )


@pytest.mark.parametrize(
    ("pages", "paginator"),
    [
        ([{}], {}),
        ([{"Items": []}], {}),
        ([{"Items": [], "Next": "1"}, {"Items": [{"x": []}]}], {}),
        ([{"Next": "1"}, {"Items": ["a"], "Next": "2"}, {}], {}),
        ([{"D": {"Items": [1], "N": "1"}}, {"D": {"Items": [2]}}], {"result_key": "D.Items", "output_token": "D.N"}),
        (
            [{"S": {"R": [[1]], "M": {"a": 1}}, "Next": "1"}, {"S": {"R": [[2]], "M": {"a": 2}}}],
            {"result_key": "S.R", "non_aggregate_keys": ["S.M", "Else"]},
        ),
        (
            [{"Items": [1], "Count": 1, "Text": "a", "Next": "1"}, {"Items": [2], "Count": 2, "Text": "b"}],
            {"result_key": ["Items", "Count", "Text"]},
        ),
        ([{"Items": {"a": 1}, "Next": "1"}, {"Items": {"b": 2}}], {}),
        (
            [{"A": {"X": [1], "Y": ["ü"]}, "Next": "1"}, {"A": {"X": [], "Y": ["\ud800"]}}],
            {"result_key": ["A.X", "A.Y"]},
        ),
        ([{"Items": ["key"], "Items2": {"Items": 3}}], {"non_aggregate_keys": ["Items2"]}),
    ],
)
def test_pages_written_as_they_come_are_the_merged_result(pages, paginator):
    def fresh():
        return pages_of(*pages, **paginator)

    merged = fresh().build_full_result()
    assert shown(fresh()) == ("" if merged == {} else json.dumps(merged, indent=4, ensure_ascii=False) + "\n")


def test_a_query_sees_the_merged_pages_once():
    assert shown(pages_of(*PAGES, **MORE), query="length(Items)") == "3\n"


def test_nothing_is_printed_when_a_later_page_fails():
    def call(params):
        if "Token" in params:
            raise AwsminiError("second page")
        return {"Items": [1], "Next": "t"}

    pages = PageIterator(
        call, {"input_token": "Token", "output_token": "Next", "result_key": "Items"}, {}, PagingConfig()
    )
    chunks = renderer("json")(pages, View())
    with pytest.raises(AwsminiError, match="second page"):
        next(chunks)


def test_colours_come_only_on_a_terminal():
    plain = shown({"a": "b", "n": -1.5, "t": True})
    assert shown({"a": "b", "n": -1.5, "t": True}, color="on") == plain
    colored = shown({"a": "b", "n": -1.5, "t": True}, is_tty=True)
    assert colored == (
        '{\n    \x1b[34;1m"a"\x1b[0m: \x1b[32m"b"\x1b[0m,\n    \x1b[34;1m"n"\x1b[0m: \x1b[36m-1.5\x1b[0m,\n'
        '    \x1b[34;1m"t"\x1b[0m: \x1b[35mtrue\x1b[0m\n}\n'
    )
    for off in ({"no_color": True}, {"color": "off"}):
        assert shown({"a": "b", "n": -1.5, "t": True}, is_tty=True, **off) == plain
    assert shown({"a": "b", "n": -1.5, "t": True}, is_tty=True, no_color=True, color="on") == colored


@pytest.mark.parametrize("in_memory", [0, 5, 1000])
def test_a_spool_gives_back_what_it_got(in_memory):
    spool = Spool(in_memory)
    assert not spool
    pieces = ["one\r\n", "zwei ü", "\ud800", "four" * 10]
    for count, piece in enumerate(pieces, 1):
        spool.add(piece)
        assert spool
        assert "".join(spool) == "".join(pieces[:count])
