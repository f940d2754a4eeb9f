"""YAML, as AWS CLI v2 2.36.7 (ruamel.yaml over libyaml) printed the same values."""

from copy import deepcopy
from datetime import datetime, timezone
from decimal import Decimal

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from awsmini import query
from awsmini.format import renderer
from awsmini.format.view import View
from awsmini.format.yaml import dump
from awsmini.paging import PageIterator, PagingConfig

SHARED = [1, {"a": 2}]
EMPTY: list[object] = []
WORDS = "word " * 20


@pytest.mark.parametrize(
    ("value", "text"),
    [
        # lone scalars are JSON
        ("123456789012", '"123456789012"\n'),
        (None, "null\n"),
        (True, "true\n"),
        (1.5, "1.5\n"),
        # strings that would be read as something else
        (
            [
                "",
                "~",
                "null",
                "true",
                "True",
                "no",
                "yes",
                "on",
                "y",
                "123",
                "0x1f",
                "0o17",
                "010",
                "1e5",
                "1.",
                ".5",
                "+1",
            ],
            "- ''\n- '~'\n- 'null'\n- 'true'\n- 'True'\n- no\n- yes\n- on\n- y\n- '123'\n- '0x1f'\n- '0o17'\n- '010'\n"
            "- '1e5'\n- '1.'\n- '.5'\n- '+1'\n",
        ),
        (
            ["2020-01-01", "2020-01-01T00:00:00+00:00", "12:30:45", "1_000", "_1", ".inf", ".NaN", "=", "<<", "1.2.3"],
            "- '2020-01-01'\n- '2020-01-01T00:00:00+00:00'\n- 12:30:45\n- '1_000'\n- _1\n- '.inf'\n- '.NaN'\n- '='\n- '<<'\n"
            "- 1.2.3\n",
        ),
        # indicators
        (
            [
                "a: b",
                "a:b",
                "a #b",
                "a#b",
                "#x",
                "- a",
                "-a",
                "-",
                "?",
                "it's",
                '"d"',
                "'q'",
                "*a",
                "[a",
                "a,b",
                "%",
                "@",
                "---",
            ],
            "- 'a: b'\n- a:b\n- 'a #b'\n- a#b\n- '#x'\n- '- a'\n- -a\n- '-'\n- '?'\n- it's\n- '\"d\"'\n- '''q'''\n- '*a'\n"
            "- '[a'\n- a,b\n- '%'\n- '@'\n- '---'\n",
        ),
        # spaces, breaks, and what cannot be printed
        (
            [" a", "a ", "a\nb", "a\n\nb\n", "a\n b", "a\tb"],
            "- ' a'\n- 'a '\n- 'a\n\n  b'\n- 'a\n\n\n  b\n\n  '\n- \"a\\n b\"\n- \"a\\tb\"\n",
        ),
        (
            ["é", "日本", "\U0001f600", "\u2028", "\x85", "\xa0", "\ufeff", "\0", "\x1b", "\x7f", "\ud800", "\r"],
            '- é\n- 日本\n- "\\U0001F600"\n- \'\u2028  \'\n- "\\N"\n- \xa0\n- "\\uFEFF"\n- "\\0"\n- "\\e"\n- "\\x7F"\n'
            '- "\\uD800"\n- "\\r"\n',
        ),
        # numbers
        ([1, -5, 10**30, 1e22, 1e-7, -0.0], f"- 1\n- -5\n- {10**30}\n- 1e+22\n- 1e-07\n- -0.0\n"),
        ([float("nan"), float("inf"), float("-inf"), Decimal("1.10")], "- .nan\n- .inf\n- -.inf\n- 1.10\n"),
        # containers
        ({"b": [], "a": {}, "c": [[1, 2], [{"x": 1}]]}, "a: {}\nb: []\nc:\n- - 1\n  - 2\n- - x: 1\n"),
        ([{"a": 1, "b": [3]}, {"c": {"d": 1}}], "- a: 1\n  b:\n  - 3\n- c:\n    d: 1\n"),
        ({"": 1, "~": 2, "a: b": 3}, "'': 1\n'a: b': 3\n'~': 2\n"),
        # long keys and keys of several lines
        ({"k" * 128: 1}, "k" * 128 + ": 1\n"),
        ({"k" * 129: 1}, "? " + "k" * 129 + "\n: 1\n"),
        ({"k" * 129: [1, {"x": [1]}]}, "? " + "k" * 129 + "\n: - 1\n  - x:\n    - 1\n"),
        ({"é" * 65: {"a": 1}}, "? " + "é" * 65 + "\n: a: 1\n"),
        ([{"a": "漢" * 43}, {"漢" * 43: 1}], "- a: " + "漢" * 43 + "\n- ? " + "漢" * 43 + "\n  : 1\n"),
        ({"a\nb": 1}, "? 'a\n\n  b'\n: 1\n"),
        # what stands twice
        ([SHARED, SHARED, {"k": SHARED}], "- &id001\n  - 1\n  - a: 2\n- *id001\n- k: *id001\n"),
        ([EMPTY, EMPTY], "- &id001 []\n- *id001\n"),
        ({"a": SHARED, "b": SHARED[1]}, "a:\n- 1\n- &id001\n  a: 2\nb: *id001\n"),
        # folding
        ({"a": WORDS + "end"}, "a: " + ("word " * 16).strip() + "\n  word word word word end\n"),
        (
            {"a": "'word' " * 12 + "x"},
            "a: '''word'' ''word'' ''word'' ''word'' ''word'' ''word'' ''word'' ''word'' ''word''\n"
            "  ''word'' ''word'' ''word'' x'\n",
        ),
        (
            {"a": "\nword" + "  word" * 15 + "\n x"},
            'a: "\\nword' + "  word" * 12 + '\n  \\ word  word  word\\n x"\n',
        ),
        # types of the DynamoDB commands
        ({"s": {"a", "b"}}, "s: !!set\n  a: null\n  b: null\n"),
        ([{"a"}], "- !!set\n  a: null\n"),
        ([b"hello"], "- !!binary |\n  aGVsbG8=\n"),
        ([{"k": b"a", "l": {"b": b""}}], '- k: !!binary |\n    YQ==\n  l:\n    b: !!binary ""\n'),
        ([[b"a", b"a"]], "- - !!binary |\n    YQ==\n  - !!binary |\n    YQ==\n"),
        ({"a": bytes(58)}, "a: !!binary |\n  " + "A" * 76 + "\n  AA==\n"),
        (
            [{"s": {b"x", b"y"}}],
            "- s: !!set\n    ? !!binary |\n      eA==\n    : null\n    ? !!binary |\n      eQ==\n    : null\n",
        ),
        ([datetime(2020, 1, 1, tzinfo=timezone.utc)], "- 2020-01-01 00:00:00+00:00\n"),
    ],
)
def test_values(value, text):
    assert dump(value) == text


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
        max_leaves=20,
    ).map(lambda value: [value])
)
def test_a_reader_finds_what_was_written(value):
    """PyYAML reads YAML 1.1, so only the strings are compared that both versions read alike."""
    assert _as_text(yaml.load(dump(value), _Strings)) == _as_text(value)


class _Strings(yaml.SafeLoader):
    """Takes every plain scalar for a string."""

    yaml_implicit_resolvers = {}  # noqa: RUF012


def _as_text(value):
    if isinstance(value, dict):
        return {key: _as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)


def shown(output, answer, expression=None):
    return list(renderer(output)(answer, View(query=query.compile(expression) if expression else None)))


def test_an_empty_answer_is_no_text():
    assert shown("yaml", {}) == []
    assert shown("yaml-stream", {}) == []
    assert shown("yaml", {"a": 1}, "`{}`") == []


@pytest.mark.parametrize(
    ("expression", "text"), [("@", "- Owner: me\n"), ("Owner", "- me\n"), ("nothing", "- null\n"), ("`[]`", "- []\n")]
)
def test_a_stream_of_one_answer_is_a_list_of_one(expression, text):
    assert shown("yaml-stream", {"Owner": "me"}, expression) == [text]


def pages():
    made = iter([{"Items": [{"A": "1"}], "Next": "t1"}, {}])
    return PageIterator(
        lambda _: next(made), {"input_token": "T", "output_token": "Next", "result_key": "Items"}, {}, PagingConfig()
    )


def test_each_page_of_a_stream_is_an_item():
    assert shown("yaml-stream", pages()) == ["- Items:\n  - A: '1'\n  Next: t1\n", "- {}\n"]
    assert shown("yaml-stream", pages(), "Next") == ["- t1\n", "- null\n"]


def test_pages_are_one_document():
    assert "".join(shown("yaml", pages())) == "Items:\n- A: '1'\n"


@pytest.mark.parametrize(
    ("made", "paginator", "text"),
    [
        ([{}], {}, ""),
        ([{"Items": [], "Next": "1"}, {"Items": []}], {}, "Items: []\n"),
        ([{"Items": ["1"], "Next": "1"}, {"Items": [{"b": [], "a": "x"}]}], {}, "Items:\n- '1'\n- a: x\n  b: []\n"),
        (
            [{"S": {"R": [[1]], "M": {"a": 1}}, "Next": "1"}, {"S": {"R": [[2]]}}],
            {"result_key": "S.R", "non_aggregate_keys": ["S.M", "A"]},
            "A: null\nS:\n  M:\n    a: 1\n  R:\n  - - 1\n  - - 2\n",
        ),
        (
            [{"Count": 1, "Items": [1], "Next": "1"}, {"Count": 2}],
            {"result_key": ["Items", "Count"]},
            "Count: 3\nItems:\n- 1\n",
        ),
    ],
)
def test_pages_written_as_they_come_are_the_merged_result(made, paginator, text):
    def fresh():
        iterator = iter(deepcopy(made))
        described = {"input_token": "T", "output_token": "Next", "result_key": "Items", **paginator}
        return PageIterator(lambda _: next(iterator), described, {}, PagingConfig())

    merged = fresh().build_full_result()
    assert "".join(shown("yaml", fresh())) == text == (dump(merged) if merged else "")
