"""What one model adds to another, and the additions laid over it."""

import json

import pytest

from awsmini.model.additions import additions_to, with_additions


def model(**lines):
    """The lines of a model: `shape_A={...}`, `operation_B={...}`."""
    found = [
        f"{key.replace('_', chr(9), 1)}\t{json.dumps(facts, separators=(',', ':'))}" for key, facts in lines.items()
    ]
    return "".join(f"{line}\n" for line in sorted(found)).encode()


def structure(*names, **more):
    return {"type": "structure", "members": {name: {"shape": "Text"} for name in names}, **more}


TEXT = {"type": "string"}
OURS = model(operation_Ask={"input": {"shape": "In"}}, shape_In=structure("A", "C", required=["A"]), shape_Text=TEXT)
SAME = [
    ("the same", OURS),
    ("less", model(shape_Text=TEXT)),
    ("other facts", model(shape_In={"type": "structure", "members": {"A": {"shape": "Other"}}}, shape_Text=TEXT)),
    ("a shape that nothing needs", OURS + model(shape_Zoo=TEXT)),
    ("a waiter", OURS + model(waiter_Asked={"operation": "Ask"})),
]


@pytest.mark.parametrize(("what", "theirs"), SAME)
def test_nothing_to_add(what, theirs):
    assert additions_to(OURS, theirs) == [], what
    assert with_additions(OURS, additions_to(OURS, theirs)) == OURS


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("A", "B", "C"), ["A", "B", "C"]),
        (("B", "A", "C"), ["B", "A", "C"]),
        (("A", "C", "B", "D"), ["A", "C", "B", "D"]),
        (("X", "B", "Y"), ["X", "B", "Y", "A", "C"]),
        (("C", "B", "A"), ["A", "C", "B"]),
    ],
)
def test_members_stand_behind_the_one_that_they_follow(names, expected):
    added = additions_to(OURS, model(shape_In=structure(*names), shape_Text=TEXT))
    line = next(line for line in with_additions(OURS, added).splitlines() if line.startswith(b"shape\tIn\t"))
    made = json.loads(line.split(b"\t", 2)[2])
    assert list(made["members"]) == expected
    assert made["required"] == ["A"]
    assert {json.dumps(member) for member in made["members"].values()} == {'{"shape": "Text"}'}


def test_an_operation_comes_with_its_paginator_and_the_shapes_that_it_needs():
    theirs = model(
        operation_List={"input": {"shape": "ListIn"}, "output": {"shape": "ListOut"}, "errors": ["Wrong"]},
        paginator_Ask={"input_token": "A"},
        paginator_List={"input_token": "B"},
        shape_In=structure("A", "C"),
        shape_Item=structure("Name", "Items"),
        shape_Items={"type": "list", "member": {"shape": "Item"}},
        shape_ListIn={"type": "structure", "members": {"In": {"shape": "In"}}},
        shape_ListOut={"type": "structure", "members": {"ByName": {"shape": "Map"}}},
        shape_Map={"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Items"}},
        shape_Text={"type": "string", "max": 3},
        shape_Unused=TEXT,
        shape_Wrong=structure(exception=True),
    )
    added = additions_to(OURS, theirs)
    assert [line.decode().rsplit("\t", 1)[0] for line in added] == [
        "operation\tList",
        "paginator\tList",
        *(f"shape\t{name}" for name in ("Item", "Items", "ListIn", "ListOut", "Map", "Wrong")),
    ]
    assert with_additions(OURS, added).splitlines() == sorted([*OURS.splitlines(), *added])


def test_what_a_newer_model_has_by_itself_counts():
    added = additions_to(OURS, model(operation_New={"input": {"shape": "In"}}, shape_In=structure("A", "B", "C")))
    newer = model(operation_New={}, shape_In=structure("A", "C", "B"), shape_Text=TEXT)
    assert with_additions(newer, added) == newer
