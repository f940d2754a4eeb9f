"""Templates filled in."""

import pytest

from awsmini.wizards.template import NotJsonError, fill, holds, merged, names
from tests.wizards.worlds import Recorder

ROLES = {"Roles": [{"RoleName": "b", "Arn": "arn:b"}, {"RoleName": "a", "Arn": "arn:a"}]}
VALUES = {
    "n": 5,
    "s": "text",
    "e": "",
    "none": None,
    "yes": True,
    "l": [1],
    "t": '{"a": [1]}',
    "bad": "{a",
    "f": "file",
}

CASES = [
    ("{n}", 5),
    ("{l}", [1]),
    ("{none}", None),
    ("rate({n} minutes)", "rate(5 minutes)"),
    ("{s}{none}{e}.", "text."),
    ("{} {a b} {", "{} {a b} {"),
    (7, 7),
    (True, True),
    (None, None),
    ({"a": "{n}", "b": "{none}", "c": {"d": "{none}"}, "e": "{e}"}, {"a": 5, "c": {}, "e": ""}),
    (["{n}", "{none}", {"a": "{s}"}], [5, {"a": "text"}]),
    ({"$when": {"s": "text"}, "a": "{n}"}, {"a": 5}),
    ({"$when": {"s": "other"}, "a": "{n}"}, None),
    ({"$when": {"s": ["other", "text"], "n": 5}, "$value": "{n}"}, 5),
    ({"$when": {"s": "text", "n": 6}, "$value": "{n}"}, None),
    ({"$when": {"n": 6}, "$value": 1, "$else": "{s}"}, "text"),
    ({"$when": {"yes": True}, "$value": {"$when": {"yes": False}, "$value": 1, "$else": 2}}, 2),
    ([{"$when": {"n": 6}, "a": 1}, {"$when": {"n": 5}, "a": 2}], [{"a": 2}]),
    ({"$json": {"a": "{l}", "é": "{none}", "b": '"'}}, '{"a": [1], "b": "\\""}'),
    ({"$parse": "{t}"}, {"a": [1]}),
    ({"$parse": "{e}"}, {}),
    ({"$parse": {"$read": "{f}"}}, {"x": "é"}),
    ({"$read": "{f}"}, '{"x": "é"}'.encode()),
    ({"$merge": [{"a": [1], "b": 1}, {"a": "{l}", "c": 2}]}, {"a": [1, 1], "b": 1, "c": 2}),
    ({"$call": "iam.ListRoles", "$pick": "sort_by(Roles, &RoleName)[].[RoleName, Arn]"}, [["a", "arn:a"], ["b", "arn:b"]]),
    ({"$call": "iam.ListRoles"}, ROLES),
    ({"$enum": "lambda.CreateFunction.Runtime"}, ["python3.13", "python3.14"]),
    ({"$profiles": "all"}, ["base", "other"]),
]  # fmt: skip


@pytest.mark.parametrize(("template", "expected"), CASES)
def test_filled_in(template, expected):
    recorder = Recorder({"iam.ListRoles": ROLES}, {"file": '{"x": "é"}'.encode()})
    assert fill(template, VALUES, recorder.world) == expected


def test_what_is_no_json():
    with pytest.raises(NotJsonError, match="This is no JSON: Expecting property name"):
        fill({"$parse": "{bad}"}, VALUES, Recorder().world)


def test_a_call_asks_with_its_parameters():
    asked = []
    world = Recorder().world._replace(ask=lambda *call: asked.append(call))
    fill({"$call": "iam.GetPolicy", "$params": {"PolicyArn": "{s}", "Not": "{none}"}}, VALUES, world)
    assert asked == [("iam", "GetPolicy", {"PolicyArn": "text"})]


def test_no_condition_holds_always():
    assert holds({}, VALUES)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({}, {"a": 1}, {"a": 1}),
        ([1], [2], [1, 2]),
        ({"a": {"b": [1]}}, {"a": {"b": [2], "c": 3}}, {"a": {"b": [1, 2], "c": 3}}),
        ({"a": 1}, {"a": 2}, {"a": 2}),
        ({"a": [1]}, {"a": 2}, {"a": 2}),
    ],
)
def test_merged(one, other, expected):
    assert merged(one, other) == expected


def test_names():
    template = {"a": "{x}{y}", "b": [{"$when": {"z": 1}, "$value": "{w}"}], "c": 1, "d": "{v }"}
    assert names(template) == {"x", "y", "z", "w"}
