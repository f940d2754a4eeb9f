"""YAML as templates are written: the bytes of AWS CLI v2, and nothing that reads back as something else."""

from datetime import date, datetime, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awsmini.services.cloudformation.template_yaml import parse
from awsmini.services.shared.block_yaml import SortedMapping, YamlWriteError, dump

LONG = "http://example.com/a/very/long/path/without/any/blank/in/it/that/does/not/fit/into/the/line"
CASES: list[tuple[Any, str]] = [
    ({"a": "plain"}, "a: plain\n"),
    ({"a": {}, "b": [], "c": [{}, []]}, "a: {}\nb: []\nc:\n- {}\n- []\n"),
    ({"b": 1, "a": 2}, "b: 1\na: 2\n"),
    ({"t": SortedMapping(ipBlock="x", count=4)}, "t:\n  count: 4\n  ipBlock: x\n"),
    ({"l": [{"a": 1, "b": [2]}, [3, [4]]]}, "l:\n- a: 1\n  b:\n  - 2\n- - 3\n  - - 4\n"),
    ({"a": True, "b": None, "c": 1.0, "d": 1e300}, "a: true\nb: null\nc: 1.0\nd: 1e+300\n"),
    ({"a": "true", "b": "null", "c": "1.50", "d": "012", "e": ""}, "a: 'true'\nb: 'null'\nc: '1.50'\nd: '012'\ne: ''\n"),
    ({"a": "yes", "b": "Off", "c": "y"}, "a: 'yes'\nb: 'Off'\nc: y\n"),
    ({"a": date(2010, 9, 9)}, "a: 2010-09-09\n"),
    ({"a": datetime(2024, 1, 1, tzinfo=timezone.utc)}, "a: 2024-01-01 00:00:00+00:00\n"),
    ({"a": "2010-09-09", "b": "12:30"}, "a: '2010-09-09'\nb: 12:30\n"),
    ({"a": "l1\nl2\n"}, 'a: "l1\\nl2\\n"\n'),
    ({"a": "it's"}, "a: it's\n"),
    ({"a": "- it's"}, 'a: "- it\'s"\n'),
    ({"a": "x: y", "b": "x #y", "c": "x#y"}, "a: 'x: y'\nb: 'x #y'\nc: x#y\n"),
    ({"a": "\x1b[0m\x7f\t"}, 'a: "\\e[0m\\x7F\\t"\n'),
    ({"a": "é 日本 😀"}, "a: é 日本 😀\n"),
    ({"TemplateURL": LONG}, f"TemplateURL: \n  {LONG}\n"),
    ({"a": "word " * 20 + "end"}, f"a: {'word ' * 15}\n  word word word word word end\n"),
    ({"a": ["x " * 45 + "'\n"]}, 'a:\n- "' + "x " * 39 + "x\\\n  \\ " + "x " * 5 + "'\\n\"\n"),
    ({"k" * 122: 1}, f"{'k' * 122}: \n  1\n"),
    ({"k" * 123: 1}, f"? {'k' * 123}\n: 1\n"),
    ({1: {True: "x"}, "a\nb": 2}, '1:\n  true: x\n? "a\\nb"\n: 2\n'),
    ("text", "text\n...\n"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), CASES, ids=lambda case: repr(case)[:40])
def test_bytes_of_v2(value: Any, expected: str) -> None:
    assert dump(value, old_booleans=True) == expected


def test_words_of_yaml_11_are_plain_unless_asked_otherwise() -> None:
    assert dump({"a": "on", "b": "true"}) == "a: on\nb: 'true'\n"


def test_what_has_no_form_is_an_error() -> None:
    with pytest.raises(YamlWriteError, match="cannot represent an object"):
        dump({"a": object()})


@pytest.mark.parametrize("text", ["a\u2028b", "a\x85b", f"two  {LONG}", "x" * 79 + "  " + LONG, "a\u2029 b"])
def test_what_v2_loses_is_kept(text: str) -> None:
    assert parse(dump({"a": [text, {"k": text}]}, old_booleans=True)) == {"a": [text, {"k": text}]}


TEXTS = st.text(st.sampled_from(" \n\t'\"#:-?!&*|>%@`,[]{}<=~._/\\0129eExoé\u2028\x1b abyesonN"), max_size=60)
SCALARS = TEXTS | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=3))
def test_all_is_read_back_as_it_was(value: dict[str, Any]) -> None:
    assert parse(dump(value, old_booleans=True)) == value
