"""Text, as AWS CLI v2 2.36.7 printed the same answers."""

import pytest

from awsmini import query
from awsmini.format import renderer
from awsmini.format.text import TextError, dump
from awsmini.format.view import View
from awsmini.paging import PageIterator, PagingConfig

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


def test_scalars_first_then_nested_by_key():
    assert dump(NESTED) == (
        "None\tme\nNAMES\tx\nNAMES\ty\nTHINGS\ta\t1\nTAGS\tk\tv\nTHINGS\tb\t\nTHINGS\tc\t2.5\nDEEP\tNone\tTrue\n"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({}, ""),
        ([], ""),
        ("", "\n"),
        (None, "None\n"),
        (True, "True\n"),
        (10**30, f"{10**30}\n"),
        (1e22, "1e+22\n"),
        (float("nan"), "nan\n"),
        (b"hello", "aGVsbG8=\n"),
        (["x", "y"], "x\ty\n"),
        (["me", None, True], "me\tNone\tTrue\n"),
        ([["a", 1], ["b", None]], "a\t1\nb\tNone\n"),
        ([1, [2, 3], "x", [4]], "1\tx\n2\t3\n4\n"),
        ({"k": [1, [2, 3]]}, "K\t1\nK\t2\nK\t3\n"),
        ([{"a": 1}, {"b": 2}], "1\t\n\t2\n"),
        ({"x": {"y": {"z": [{"q": 1, "r": []}]}}}, "Z\t1\n"),
        ([{"a": "one"}, {"a": ["two"]}], "one\n['two']\n"),  # a column is one when any row has it so
        ([{"l": [1]}, {"l": [2]}], "L\t1\nL\t2\n"),
        ({"a": "tab\there", "b": "new\nline"}, "tab\there\tnew\nline\n"),
    ],
)
def test_values(value, text):
    assert dump(value) == text


def test_a_mixed_list_is_a_clean_error():
    with pytest.raises(TextError) as raised:
        dump(["me", {"a": 1}])
    assert raised.value.exit_code == 255


PAGINATOR = {
    "input_token": "Token",
    "output_token": "Next",
    "result_key": ["Items", "Others"],
    "non_aggregate_keys": ["Prefix", "Charged"],
}


def chunks(expression=None, **config):
    pages = iter(
        [{"Items": [{"A": "1", "B": "é"}], "Prefix": "", "Next": "t1"}, {"Items": [{"A": "2"}, {"A": "3", "B": "x"}]}]
    )
    answer = PageIterator(lambda _: next(pages), PAGINATOR, {}, PagingConfig(**config))
    return list(renderer("text")(answer, View(query=query.compile(expression) if expression else None)))


def test_pages_as_they_come():
    assert chunks() == ["None\tNone\t\nITEMS\t1\té\n", "None\nITEMS\t2\t\nITEMS\t3\tx\n"]


def test_a_query_sees_each_page():
    assert chunks("length(Items)") == ["1\n", "2\n"]


def test_the_resume_token_is_a_row():
    *_, last = chunks(max_items=2)
    word, token = last.rstrip("\n").split("\t")
    assert word == "NEXTTOKEN"
    assert token.startswith("eyJ")


def test_a_query_sees_the_token_too():
    assert chunks("Items[].A", max_items=2) == ["1\n", "2\n", "None\n"]


def test_a_map_that_the_first_page_lacks():
    paginator = {**PAGINATOR, "result_key": ["Found.Names", "Found.Tags"], "non_aggregate_keys": ["Found"]}
    answer = PageIterator(lambda _: {}, paginator, {}, PagingConfig())
    assert "".join(renderer("text")(answer, View())) == "FOUND\tNone\tNone\n"
