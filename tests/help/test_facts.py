"""What is said of a shape."""

import pytest

from awsmini.help.facts import bounds, core, kind, kind_and_bounds, patterns
from tests.help.models import list_of, map_of, service, structure

MODEL = service(
    {
        "Names": list_of("String"),
        "NameLists": list_of("Names"),
        "Tags": map_of("String", "Names"),
        "Animal": structure(Name="String"),
        "Choice": {**structure(A="String", B="String"), "union": True},
        "Anything": {**structure(), "document": True},
        "Events": {**structure(A="String"), "eventstream": True},
        "Endless": list_of("Endless"),
        "Body": {"type": "blob", "streaming": True},
        "Header": {"type": "string", "jsonvalue": True},
    }
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("String", "string"),
        ("Names", "list of string"),
        ("NameLists", "list of list of string"),
        ("Tags", "map of string to list of string"),
        ("Animal", "structure"),
        ("Choice", "tagged union structure"),
        ("Anything", "document"),
        ("Events", "event stream"),
        ("Body", "streaming blob"),
        ("Header", "JSON"),
        ("Endless", "list of list of list of list of list"),
    ],
)
def test_kind(name, expected):
    assert kind(MODEL.shape_for(name)) == expected


@pytest.mark.parametrize(
    ("traits", "expected"),
    [
        ({"type": "string"}, ""),
        ({"type": "string", "min": 1, "max": 128}, "1 to 128 characters"),
        ({"type": "string", "min": 0, "max": 1}, "at most 1 character"),
        ({"type": "string", "min": 36, "max": 36}, "exactly 36 characters"),
        ({"type": "list", "member": {"shape": "String"}, "min": 1}, "at least 1 item"),
        ({"type": "list", "member": {"shape": "String"}, "max": 50}, "at most 50 items"),
        ({"type": "map", "key": {"shape": "String"}, "value": {"shape": "String"}, "max": 2}, "at most 2 entries"),
        ({"type": "blob", "max": 10}, "at most 10 bytes"),
        ({"type": "integer", "min": 0, "max": 900}, "0 to 900"),
        ({"type": "integer", "min": -1}, "at least -1"),
        ({"type": "string", "min": "one"}, ""),
    ],
)
def test_bounds(traits, expected):
    assert bounds(service({"It": traits}).shape_for("It")) == expected


def test_kind_and_bounds_in_one():
    assert kind_and_bounds(service({"It": {"type": "integer", "max": 9}}).shape_for("It")) == "integer, at most 9"


def test_core_of_what_is_endless():
    assert core(MODEL.shape_for("Endless")).name == "Endless"
    assert core(MODEL.shape_for("NameLists")).name == "String"


def test_patterns_of_items_keys_and_values():
    model = service(
        {
            "Name": {"type": "string", "pattern": "[a-z]+", "max": 9},
            "Names": list_of("Name"),
            "Map": map_of("Name", "Name"),
        }
    )
    assert [words.text for words in patterns(model.shape_for("Name"))] == ["Pattern: [a-z]+"]
    assert [words.text for words in patterns(model.shape_for("Names"))] == [
        "Each item: at most 9 characters.",
        "Pattern of each item: [a-z]+",
    ]
    assert [words.text.split(":")[0] for words in patterns(model.shape_for("Map"))] == [
        "Each key",
        "Pattern of each key",
        "Each value",
        "Pattern of each value",
    ]
