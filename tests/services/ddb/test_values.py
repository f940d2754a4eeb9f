"""Values: from YAML to DynamoDB's types, and from these to YAML."""

from decimal import Decimal

import pytest

from awsmini.errors import AwsminiError
from awsmini.services.ddb.items import read
from awsmini.services.ddb.shown import as_yaml
from awsmini.services.ddb.values import ItemSet, UnsupportedValueError, typed, untyped


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.50", {"N": "1.50"}),
        ("017", {"N": "17"}),
        ("0o17", {"N": "15"}),
        ("0x1F", {"N": "31"}),
        ("1_000", {"N": "1000"}),
        ("1e3", {"N": "1E+3"}),
        (".5", {"N": "0.5"}),
        ("-0.0", {"N": "-0.0"}),
        ("yes", {"S": "yes"}),
        ("'1'", {"S": "1"}),
        ("true", {"BOOL": True}),
        ("~", {"NULL": True}),
        ("!!binary aGk=", {"B": b"hi"}),
        ("!!set {b, a}", {"SS": ["b", "a"]}),
        ("!!set {1.50, 2}", {"NS": ["1.50", "2"]}),
        ("!!set {}", {"NS": []}),
        ("!!omap [{x: 1}, {y: b}]", {"M": {"x": {"N": "1"}, "y": {"S": "b"}}}),
        ("!!int 1E+3", {"N": "1E+3"}),
        ("!!set {? !!binary aGk=}", {"BS": [b"hi"]}),
        ("{a: [1, {b: x}], c: {}}", {"M": {"a": {"L": [{"N": "1"}, {"M": {"b": {"S": "x"}}}]}, "c": {"M": {}}}}),
    ],
)
def test_from_yaml(text, expected):
    [item] = read(f"{{v: {text}}}")
    assert typed(item["v"]) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2001-01-01", 'Unsupported type "<class \'datetime.date\'>" for value "2001-01-01"'),
        ("1234567890123456789012345678901234567890", "[<class 'decimal.Inexact'>, <class 'decimal.Rounded'>]"),
        (".nan", "'.nan' is no number"),
        ("!!binary 'my secret!'", 'Invalid base64: "my secret!"'),
        ("!!set {1, x}", "Unsupported type \"<class 'set'>\""),
        ("!!set {true}", "Unsupported type \"<class 'set'>\""),
        ("!!set {2.50, 2.5}", 'found duplicate key "2.5"'),
        ("!!binary x", 'Invalid base64: "x"'),
        ("[", "while parsing"),
    ],
)
def test_what_dynamodb_does_not_take(text, message):
    with pytest.raises(AwsminiError) as caught:
        typed(read(f"{{v: {text}}}")[0]["v"])
    assert message in str(caught.value)


def test_documents_of_several_items():
    assert read("[]") == []
    assert read("- {a: 1}\n- {a: 2}\n") == [{"a": 1}, {"a": 2}]
    assert read("") == [None]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"N": "1.50"}, "1.50"),
        ({"N": "1.0"}, "!!int 1.0"),
        ({"N": "1E+3"}, "!!int 1E+3"),
        ({"N": "1E-7"}, "1E-7"),
        ({"N": "-5"}, "-5"),
        ({"N": "-0.0"}, "!!int -0.0"),
        ({"S": "yes"}, "yes"),
        ({"S": "1.50"}, "'1.50'"),
        ({"S": ""}, "''"),
        ({"NULL": True}, "null"),
        ({"BOOL": False}, "false"),
        ({"B": b"hi"}, '!!binary "aGk="'),
        ({"L": []}, "[]"),
        ({"M": {}}, "{}"),
        ({"SS": ["b", "a"]}, "!!set\n  a: null\n  b: null"),
        ({"NS": ["10", "9", "1E+3"]}, "!!set\n  9: null\n  10: null\n  !!int 1E+3: null"),
        ({"BS": [b"hi"]}, '!!set\n  !!binary "aGk=": null'),
    ],
)
def test_to_yaml_and_back(value, text):
    shown = as_yaml({"v": untyped(value)})
    assert shown == f"v: {text}\n"
    again = typed(read(shown)[0]["v"])
    (kind,) = value
    assert sorted(again[kind]) == sorted(value[kind]) if kind in ("SS", "BS") else list(again) == [kind]


def test_what_a_query_finds():
    assert as_yaml(Decimal("1.50")) == "1.50\n"
    assert as_yaml("a\nb\n") == '"a\\nb\\n"\n'
    assert as_yaml({}) == ""
    assert as_yaml(ItemSet(["b", "a"])) == "!!set\na: null\nb: null\n"


@pytest.mark.parametrize("value", [{}, {"X": "1"}])
def test_types_that_there_are_not(value):
    with pytest.raises(UnsupportedValueError):
        untyped(value)
