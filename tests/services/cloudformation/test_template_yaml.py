"""Templates as they are read: short forms of functions, the booleans of YAML 1.1, merges and anchors."""

from datetime import date
from typing import Any

import pytest

from awsmini.services.cloudformation.template_yaml import TemplateError, parse
from awsmini.services.shared.block_yaml import SortedMapping

CASES: list[tuple[str, Any]] = [
    ("!Ref A", {"Ref": "A"}),
    ("!Condition C", {"Condition": "C"}),
    ("!GetAtt A", {"Fn::GetAtt": ["A"]}),
    ("!GetAtt A.B.C", {"Fn::GetAtt": ["A", "B.C"]}),
    ("!GetAtt [A, B]", {"Fn::GetAtt": ["A", "B"]}),
    ("!Base64 5", {"Fn::Base64": "5"}),
    ("!Ref", {"Ref": ""}),
    ("!Foo bar", {"Fn::Foo": "bar"}),
    ("!Sub [a, {b: !Ref C}]", {"Fn::Sub": ["a", {"b": {"Ref": "C"}}]}),
    ("!Cidr {b: 1, a: 2}", {"Fn::Cidr": {"b": 1, "a": 2}}),
    ("[yes, Off, n, y, True]", [True, False, "n", "y", True]),
    ("[0o17, 010, 0x1f, 1_000, 1e3, 1.10]", [15, 10, 31, 1000, 1000.0, 1.1]),
    ("[~, null, '', 12:30]", [None, None, "", "12:30"]),
    ("2010-09-09", date(2010, 9, 9)),
    ("{a: 1, b: 2, a: 3}", {"a": 3, "b": 2}),
    ("{x: &a {k: 1, l: 2}, y: {<<: *a, l: 3}}", {"x": {"k": 1, "l": 2}, "y": {"k": 1, "l": 3}}),
    ('{"a": "\\/", "n": 1E400}', {"a": "/", "n": float("inf")}),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_values(text: str, expected: Any) -> None:
    assert parse(text) == expected


def test_the_order_of_keys_is_kept_and_that_under_a_tag_is_marked() -> None:
    found = parse("{b: 1, a: !Cidr {z: 1, y: 2}}")
    assert list(found) == ["b", "a"]
    assert isinstance(found["a"]["Fn::Cidr"], SortedMapping)
    assert not isinstance(found, SortedMapping)


@pytest.mark.parametrize(
    "text", ["a: [1", "{? [a]: 1}", "!Cidr {a: 1, a: 2}", "!!python/object:os.system x", "2024-13-45"]
)
def test_what_is_no_template_is_told(text: str) -> None:
    with pytest.raises(TemplateError):
        parse(text)
