"""JSON values from parameters."""

import io
import json
from datetime import datetime
from decimal import Decimal

import pytest

from awsmini.errors import ParamValidationError
from awsmini.serialize.json import json_body
from tests.serialize.test_serialize import operation


def sent(service_name, name, params):
    return json.loads(json_body(operation(service_name, name).input_shape, params))


@pytest.mark.parametrize("blob", ["hello", b"hello", bytearray(b"hello"), io.BytesIO(b"hello"), io.StringIO("hello")])
def test_blobs_are_base64(blob):
    assert sent("kinesis", "PutRecord", {"Data": blob}) == {"Data": "aGVsbG8="}


@pytest.mark.parametrize(
    ("when", "seconds"),
    [(datetime(2021, 10, 2), 1633132800), ("2021-10-02", 1633132800), (1.5, 1.5), ("7", 7), ("2021-10-02T00:00:00.25Z", 1633132800.25)],
)  # fmt: skip
def test_timestamps_are_epoch_seconds(when, seconds):
    assert sent("kinesis", "GetShardIterator", {"Timestamp": when}) == {"Timestamp": seconds}


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "1"), (0.1, "0.1"), (1e300, "1e+300"), (Decimal("0.25"), "0.25"), (float("nan"), '"NaN"'),
     (float("inf"), '"Infinity"'), (float("-inf"), '"-Infinity"'), ("NaN", '"NaN"')],
)  # fmt: skip
def test_floats(number, written):
    shape = operation("forecastquery", "QueryForecast").service_model.shape_for("DataPoint").members["Value"]
    assert json_body(shape, number).decode() == written


def test_large_integers_keep_their_digits():
    shape = operation("logs", "CreateExportTask").input_shape
    assert json_body(shape, {"from": 2**63 - 1}) == b'{"from": 9223372036854775807}'


def test_nothing_is_not_sent_but_in_lists_and_maps():
    attribute = {"M": {"x": None, "y": {"L": [{"S": "1"}, None]}}, "S": None}
    assert sent("dynamodb", "PutItem", {"TableName": None, "Item": {"a": attribute}}) == {
        "Item": {"a": {"M": {"x": None, "y": {"L": [{"S": "1"}, None]}}}}
    }


def test_recursion_goes_as_deep_as_the_value():
    value = {"S": "end"}
    for _ in range(50):
        value = {"L": [{"M": {"k": value}}]}
    assert sent("dynamodb", "PutItem", {"Item": {"a": value}}) == {"Item": {"a": value}}


def test_the_wire_name_is_the_models():
    assert sent("apigateway", "PutIntegration", {"integrationHttpMethod": "GET"}) == {"httpMethod": "GET"}


def test_a_member_that_is_unknown_is_named():
    with pytest.raises(ParamValidationError, match='Unknown parameter in PutItemInput: "Nope", must be one of: Table'):
        sent("dynamodb", "PutItem", {"Nope": 1})


@pytest.mark.parametrize("document", [{"type": "object", "n": [1, 2.5, None, {"a": True}], "": ""}, [], 5, "x", None])
def test_documents_go_as_they_are(document):
    params = {"toolConfig": {"tools": [{"toolSpec": {"name": "t", "inputSchema": {"json": document}}}]}}
    assert sent("bedrock-runtime", "Converse", params) == params


def test_only_visited_members_are_compiled():
    shape = operation("ec2", "RunInstances").input_shape
    fresh = type(shape)(shape.name, shape.traits, shape.service_model)
    json_body(fresh, {"ImageId": "ami-1"})
    assert "members" not in vars(fresh)
