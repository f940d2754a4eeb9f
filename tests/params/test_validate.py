"""Validation of parameters: the wording is AWS CLI v2's, and no problem found by botocore is missed or made up."""

import random
from datetime import date, datetime
from decimal import Decimal

import pytest
from botocore.validate import ParamValidator

from awsmini.errors import ParamValidationError
from awsmini.model.build import service_lines
from awsmini.model.load import ModelLines
from awsmini.model.shapes import ServiceModel
from awsmini.params.validate import validate
from tests import oracle

SHAPES = {
    "Input": {
        "type": "structure",
        "required": ["Name"],
        "members": {
            "Name": {"shape": "Name"},
            "Label": {"shape": "String", "hostLabel": True},
            "Count": {"shape": "Count"},
            "Ratio": {"shape": "Ratio"},
            "Flag": {"shape": "Flag"},
            "Body": {"shape": "Body"},
            "When": {"shape": "When"},
            "Names": {"shape": "Names"},
            "Tags": {"shape": "Tags"},
            "Union": {"shape": "Union"},
            "Document": {"shape": "Document"},
            "Json": {"shape": "String", "jsonvalue": True, "location": "header"},
            "Child": {"shape": "Input"},
        },
    },
    "Name": {"type": "string", "min": 3, "max": 4, "pattern": "[a-z]+"},
    "String": {"type": "string"},
    "Count": {"type": "integer", "min": 1, "max": 2},
    "Ratio": {"type": "double", "min": 0},
    "Flag": {"type": "boolean"},
    "Body": {"type": "blob", "min": 5},
    "When": {"type": "timestamp"},
    "Names": {"type": "list", "member": {"shape": "Name"}, "min": 1},
    "Tags": {"type": "map", "key": {"shape": "Name"}, "value": {"shape": "Count"}},
    "Union": {"type": "structure", "union": True, "members": {"A": {"shape": "String"}, "B": {"shape": "String"}}},
    "Document": {"type": "structure", "document": True, "members": {}},
}
TYPES = {
    "text": "<class 'str'>",
    "number": "<class 'float'>, <class 'decimal.Decimal'>, <class 'int'>",
    "blob": "<class 'bytes'>, <class 'bytearray'>, file-like object",
    "time": "<class 'datetime.datetime'>, timestamp-string",
    "document": "<class 'str'>, <class 'int'>, <class 'bool'>, <class 'float'>, <class 'list'>, <class 'dict'>",
}
ALL = ", ".join(SHAPES["Input"]["members"])


@pytest.fixture(scope="module")
def shape():
    model = {"metadata": {"protocol": "json"}, "shapes": SHAPES, "operations": {}}
    lines = service_lines("test", lambda file: model if file == "service-2" else None)
    return ServiceModel(ModelLines("test", lines)).shape_for("Input")


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({}, 'Missing required parameter in input: "Name"'),
        ({"Name": "abc", "Nope": 1}, f'Unknown parameter in input: "Nope", must be one of: {ALL}'),
        ({"Name": "ab"}, "Invalid length for parameter Name, value: 2, valid min length: 3"),
        ({"Name": 1}, "Invalid type for parameter Name, value: 1, type: <class 'int'>, valid types: <class 'str'>"),
        ({"Name": "abc", "Label": ""}, "Invalid length for parameter Label, value: 0, valid min length: 1"),
        ({"Name": "abc", "Count": 0}, "Invalid value for parameter Count, value: 0, valid min value: 1"),
        ({"Name": "abc", "Count": "1"}, "Invalid type for parameter Count, value: 1, type: <class 'str'>, valid types: <class 'int'>"),
        ({"Name": "abc", "Ratio": "x"}, f"Invalid type for parameter Ratio, value: x, type: {TYPES['text']}, valid types: {TYPES['number']}"),
        ({"Name": "abc", "Ratio": -1}, "Invalid value for parameter Ratio, value: -1, valid min value: 0"),
        ({"Name": "abc", "Flag": 1}, "Invalid type for parameter Flag, value: 1, type: <class 'int'>, valid types: <class 'bool'>"),
        ({"Name": "abc", "Body": 1}, f"Invalid type for parameter Body, value: 1, type: <class 'int'>, valid types: {TYPES['blob']}"),
        ({"Name": "abc", "When": "yesterday"}, f"Invalid type for parameter When, value: yesterday, type: {TYPES['text']}, valid types: {TYPES['time']}"),
        ({"Name": "abc", "When": date(2021, 1, 2)}, f"Invalid type for parameter When, value: 2021-01-02, type: <class 'datetime.date'>, valid types: {TYPES['time']}"),
        ({"Name": "abc", "Names": []}, "Invalid length for parameter Names, value: 0, valid min length: 1"),
        ({"Name": "abc", "Names": "x"}, f"Invalid type for parameter Names, value: x, type: {TYPES['text']}, valid types: <class 'list'>, <class 'tuple'>"),
        ({"Name": "abc", "Names": ["abc", "a"]}, "Invalid length for parameter Names[1], value: 1, valid min length: 3"),
        ({"Name": "abc", "Tags": []}, "Invalid type for parameter Tags, value: [], type: <class 'list'>, valid types: <class 'dict'>"),
        ({"Name": "abc", "Tags": {"k": 1}}, "Invalid length for parameter Tags (key: k), value: 1, valid min length: 3"),
        ({"Name": "abc", "Tags": {"key": 0}}, "Invalid value for parameter Tags.key, value: 0, valid min value: 1"),
        ({"Name": "abc", "Union": {}}, "Must set one of the following keys for tagged unionstructure Union: A. B."),
        ({"Name": "abc", "Union": {"A": "1", "B": "2"}}, "Invalid number of parameters set for tagged union structure Union. Can only set one of the following keys: A. B."),
        ({"Name": "abc", "Document": {"a": [{"b": b"x"}]}}, f"Invalid type for document parameter b, value: b'x', type: <class 'bytes'>, valid types: {TYPES['document']}"),
        ({"Name": "abc", "Document": [b"x"]}, f"Invalid type for document parameter Document[0], value: b'x', type: <class 'bytes'>, valid types: {TYPES['document']}"),
        ({"Name": "abc", "Json": {1, 2}}, "Invalid parameter Json must be json serializable: Object of type set is not JSON serializable"),
        ({"Name": "abc", "Child": "x"}, f"Invalid type for parameter Child, value: x, type: {TYPES['text']}, valid types: <class 'dict'>"),
        ({"Name": "abc", "Child": {}}, 'Missing required parameter in Child: "Name"'),
    ],
)  # fmt: skip
def test_one_problem(shape, params, problem):
    with pytest.raises(ParamValidationError) as caught:
        validate(shape, params)
    assert str(caught.value) == f"Parameter validation failed:\n{problem}"
    assert caught.value.exit_code == 252


@pytest.mark.parametrize(
    "params",
    [
        {"Name": "abcdefgh123"},  # neither the greatest length nor the pattern is checked
        {"Name": "abc", "Count": 99, "Ratio": Decimal("0.5"), "Flag": False, "Body": "x", "Tags": {}},
        {"Name": "abc", "When": datetime(2021, 1, 2)},
        {"Name": "abc", "When": "2021-01-02"},
        {"Name": "abc", "When": 0},
        {"Name": "abc", "Names": ("abc",), "Union": {"A": ""}, "Json": {"any": ["thing"]}},
        {"Name": "abc", "Document": {"a": None, "b": [1, 2.5, True, "x", {}]}, "Child": {"Name": "abc"}},
    ],
)
def test_what_is_fine(shape, params):
    validate(shape, params)


def test_every_problem_has_its_line(shape):
    with pytest.raises(ParamValidationError) as caught:
        validate(shape, {"Count": 0, "Nope": 1, "Names": ["a"]})
    assert [line.split()[0] for line in str(caught.value).splitlines()[1:]] == [
        "Missing",
        "Unknown",
        "Invalid",
        "Invalid",
    ]


def test_an_operation_without_input_takes_anything():
    validate(None, {})


# Against botocore -------------------------------------------------------------------------------------------------

WRONG = (None, 1, -1, 0.5, "", "x", True, b"x", [], {}, [None], {"x": 1}, ["", 1], {"": ""})


def spoil(value, dice):
    """The value with something in it changed, added or taken away."""
    if isinstance(value, dict) and value and dice.random() < 0.8:
        spoiled = dict(value)
        name = dice.choice(list(spoiled))
        action = dice.random()
        if action < 0.6:
            spoiled[name] = spoil(spoiled[name], dice)
        elif action < 0.8:
            del spoiled[name]
        else:
            spoiled["NotAMember"] = dice.choice(WRONG)
        return spoiled
    if isinstance(value, list) and value and dice.random() < 0.8:
        place = dice.randrange(len(value))
        return [spoil(item, dice) if index == place else item for index, item in enumerate(value)]
    return dice.choice(WRONG)


def botocore_report(shape, params):
    """botocore's problems; where it joins the members of a union with commas, AWS CLI v2 has full stops."""
    lines = ParamValidator().validate(params, shape).generate_report().split("\n")
    for index, line in enumerate(lines):
        head, colon, keys = line.rpartition(": ")
        if "tagged union" in line:
            lines[index] = head + colon + keys.replace(", ", ". ")
    return "\n".join(lines)


def awsmini_report(shape, params):
    try:
        validate(shape, params)
    except ParamValidationError as error:
        return str(error).removeprefix("Parameter validation failed:\n")
    return ""


@pytest.mark.every
def test_botocore_finds_the_same_problems(request):
    tried = found = 0
    for service_name, operations in oracle.services_to_try(oracle.takes_every(request.config)):
        botocores = oracle.botocore_model(service_name)
        for name in operations:
            shape = oracle.service_model(service_name).operation_model(name).input_shape
            if shape is None:
                continue
            dice = random.Random(f"{service_name}.{name}")
            variant = dice.choice(oracle.VARIANTS)
            params = oracle.parameters(oracle.service_model(service_name).operation_model(name), variant)
            for spoiled in (params, spoil(params, dice), spoil(spoil(spoil(params, dice), dice), dice)):
                expected = botocore_report(botocores.operation_model(name).input_shape, spoiled)
                assert awsmini_report(shape, spoiled) == expected, f"{service_name}.{name}"
                tried += 1
                found += bool(expected)
    assert tried > 5000
    assert found > tried / 3


def test_a_zone_that_nobody_knows_is_told_once(aws):
    page = {"Events": [], "NextToken": "n"}
    for answer in (page, {"Events": []}):
        aws.service.replies(200, answer)
    outcome = aws(["cloudtrail", "lookup-events", "--start-time", "2021-10-02 10:00 EST"])
    assert outcome.stderr == (
        "UnknownTimezoneWarning: tzname EST identified but not understood: UTC is taken for it.\n"
    )
    assert aws.service.requests[0].json["StartTime"] == 1633168800
