"""JSON bodies: the json protocol's and rest-json's."""

import json
from typing import Any

import pytest

from awsmini.errors import NoAnswerError, ResponseParseError
from awsmini.parse import parse
from awsmini.records import Conversions, Reply
from tests.small_models import operation, structure

SHAPES: dict[str, Any] = {
    "Texts": {"type": "list", "member": {"shape": "Text"}},
    "Inners": {"type": "list", "member": {"shape": "Inner"}},
    "Pairs": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Inner"}},
    "Times": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Time"}},
    "Inner": structure({"X": "Text", "Y": "Bytes", "Self": "Inner"}),
    "Choice": structure({"X": "Text", "Y": "Bytes", "Z": {"shape": "Text", "locationName": "zed"}}, union=True),
    "Anything": {"type": "structure", "members": {}, "document": True},
}
# Members of the output, the body, what comes out of both protocols.
CASES = [
    ({"A": "Text"}, {"A": "é"}, {"A": "é"}),
    ({"A": "Text"}, {"a": "x", "Unknown": [1]}, {}),
    ({"A": "Text"}, {"A": None}, {}),
    ({"A": "Number"}, {"A": 12345678901234567890}, {"A": 12345678901234567890}),
    ({"A": {"shape": "Text", "locationName": "other"}}, {"other": "x"}, {"A": "x"}),
    ({"A": "Texts"}, {"A": []}, {"A": []}),
    ({"A": "Texts"}, {}, {}),
    ({"A": "Texts"}, {"A": ["1", None]}, {"A": ["1", None]}),
    ({"A": "Inners"}, {"A": [{"X": "1", "Y": "aGk="}, None, {}]}, {"A": [{"X": "1", "Y": b"hi"}, None, {}]}),
    ({"A": "Pairs"}, {"A": {"k": {"X": None}, "n": None}}, {"A": {"k": {}, "n": None}}),
    ({"A": "Inner"}, {"A": {"Self": {"Self": {"X": "deep"}}}}, {"A": {"Self": {"Self": {"X": "deep"}}}}),
    ({"A": "Choice"}, {"A": {"X": "1"}}, {"A": {"X": "1"}}),
    ({"A": "Choice"}, {"A": {"Y": "aGk="}}, {"A": {"Y": b"hi"}}),
    ({"A": "Choice"}, {"A": {"zed": "1"}}, {"A": {"Z": "1"}}),
    ({"A": "Choice"}, {"A": {"__type": "t", "X": "1", "Y": None}}, {"A": {"X": "1"}}),
    ({"A": "Choice"}, {"A": {"W": 1}}, {"A": {"SDK_UNKNOWN_MEMBER": {"name": "W"}}}),
    ({"A": "Anything"}, {"A": {"b": [None, {"c": 1.5}]}}, {"A": {"b": [None, {"c": 1.5}]}}),
    ({"A": "Anything"}, {"A": [1]}, {"A": [1]}),
]


def output_of(protocol: str, members: dict[str, Any], body: bytes, conversions: Conversions) -> dict[str, Any]:
    op = operation(protocol, {**SHAPES, "Out": structure(members)})
    outputs = [parse(op, Reply(status=200, reason="", headers={}, body=body), conversions) for _ in range(2)]
    assert outputs[0] == outputs[1]
    del outputs[0]["ResponseMetadata"]
    return outputs[0]


@pytest.mark.parametrize("protocol", ["json", "rest-json"])
@pytest.mark.parametrize(("members", "value", "expected"), CASES)
def test_body(protocol, members, value, expected):
    assert output_of(protocol, members, json.dumps(value).encode(), Conversions()) == expected


@pytest.mark.parametrize(
    ("protocol", "expected"),
    [
        ("json", '{"A": 1.0, "B": 2, "C": "true", "D": "NaN"}'),
        ("rest-json", '{"A": 1, "B": 2.0, "C": true, "D": NaN}'),
    ],
)
def test_only_rest_json_makes_numbers_what_the_model_says(protocol, expected):
    members = {"A": "Number", "B": "Real", "C": "Flag", "D": "Real"}
    output = output_of_once(protocol, members, b'{"A":1.0,"B":2,"C":"true","D":"NaN"}')
    assert json.dumps(output) == expected


def output_of_once(protocol: str, members: dict[str, Any], body: bytes) -> dict[str, Any]:
    op = operation(protocol, {"Out": structure(members)})
    output = parse(op, Reply(status=200, reason="", headers={}, body=body))
    return {name: output[name] for name in members}


@pytest.mark.parametrize("protocol", ["json", "rest-json"])
def test_members_have_the_order_of_the_model(protocol):
    inner = {"Self": {"Y": "aGk=", "X": "1"}, "Y": "", "X": "2"}
    output = output_of(
        protocol, {"B": "Text", "A": "Inner"}, json.dumps({"A": inner, "B": "x"}).encode(), Conversions()
    )
    assert json.dumps(output, default=bytes.decode) == json.dumps(
        {"B": "x", "A": {"X": "2", "Y": "", "Self": {"X": "1", "Y": "hi"}}}
    )


@pytest.mark.parametrize(
    ("conversions", "expected"),
    [
        (Conversions(timestamps="iso8601", blobs="base64"), {"Y": "aGk=", "T": {"a": "2020-01-01T00:00:00+00:00"}}),
        (Conversions(timestamps="wire", blobs="base64"), {"Y": "aGk=", "T": {"a": "2020-01-01T00:00:00Z"}}),
    ],
)
def test_commands_get_text(conversions, expected):
    body = b'{"Y":"aGk=","T":{"a":"2020-01-01T00:00:00Z"}}'
    assert output_of("json", {"Y": "Bytes", "T": "Times"}, body, conversions) == expected


def test_epoch_numbers_stay_numbers_on_the_wire():
    body = b'{"T":{"a":1577836800,"b":1.5e9}}'
    wire = Conversions(timestamps="wire")
    assert json.dumps(output_of("json", {"T": "Times"}, body, wire)) == '{"T": {"a": 1577836800, "b": 1500000000.0}}'


@pytest.mark.parametrize("protocol", ["json", "rest-json"])
@pytest.mark.parametrize("body", [b"", b"{}", b"\xef\xbb\xbf{}"])
def test_an_empty_answer(protocol, body):
    assert output_of(protocol, {"A": "Text"}, body, Conversions()) == {}


@pytest.mark.parametrize("protocol", ["json", "rest-json"])
@pytest.mark.parametrize("body", [b"garbage{", b'{"A":"x', b"<html><body>Sign in</body></html>", b"\xff"])
def test_what_is_no_json_is_no_answer(protocol, body):
    with pytest.raises(NoAnswerError, match="received") as caught:
        output_of(protocol, {"A": "Text"}, body, Conversions())
    assert str(caught.value).endswith(repr(body.decode("utf-8", "replace")))


@pytest.mark.parametrize("protocol", ["json", "rest-json"])
@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"C":{}}', "Invalid service response: Choice must have one and only one member set."),
        (b'{"C":{"X":null}}', "Invalid service response: Choice must have one and only one member set."),
        (b'{"C":{"X":"1","Y":""}}', "Invalid service response: Choice must have one and only one member set."),
        (b'{"I":"text"}', "'str' object has no attribute 'values'"),
        (b'{"T":{"a":"soon"}}', 'Invalid timestamp "soon": Unknown string format: soon'),
        (b'{"I":{"Y":"xx"}}', "Incorrect padding"),
    ],
)
def test_what_the_model_does_not_allow_is_an_error(protocol, body, message):
    with pytest.raises(ResponseParseError) as caught:
        output_of(protocol, {"C": "Choice", "I": "Inner", "T": "Times"}, body, Conversions())
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("protocol", ["json", "rest-json"])
@pytest.mark.parametrize("body", [b"null", b"[]", b"3", b'"x"'])
def test_a_body_that_is_no_object_is_an_error(protocol, body):
    with pytest.raises(NoAnswerError, match="no structure"):
        output_of(protocol, {"A": "Text"}, body, Conversions())


def test_an_operation_without_output():
    reply = Reply(status=200, reason="", headers={"x-amzn-requestid": "r"}, body=b'{"A": 1}')
    metadata = {"RequestId": "r", "HTTPStatusCode": 200, "HTTPHeaders": {"x-amzn-requestid": "r"}}
    for protocol in ("json", "rest-json"):
        assert parse(operation(protocol, {}), reply) == {"ResponseMetadata": metadata}
