"""Outputs that are encoded once more, and S3's answers that its model does not describe."""

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest

from awsmini import services
from awsmini.calls.customize import after_parse
from awsmini.errors import ResponseParseError
from awsmini.parse import parse
from awsmini.records import Conversions, Reply
from awsmini.services.small.iam import POLICY_SHAPE
from tests.oracle import service_model

POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "a+b é"}]}
ENCODED = quote(json.dumps(POLICY))
SUCCESS = {"ResponseMetadata": {"HTTPStatusCode": 200}}


def decoded(service: str, operation: str, output: dict[str, Any], params: dict[str, Any] | None = None) -> Any:
    made = after_parse(service_model(service).operation_model(operation), params or {}, {**output, **SUCCESS})
    return {name: value for name, value in made.items() if name != "ResponseMetadata"}


@pytest.mark.parametrize(
    ("operation", "encoded", "expected"),
    [
        ("GetRole", {"Role": {"AssumeRolePolicyDocument": ENCODED}}, {"Role": {"AssumeRolePolicyDocument": POLICY}}),
        ("GetUserPolicy", {"PolicyDocument": ENCODED}, {"PolicyDocument": POLICY}),
        ("GetUserPolicy", {"PolicyDocument": "no%20JSON"}, {"PolicyDocument": "no%20JSON"}),
        ("GetUserPolicy", {}, {}),
        (
            "ListInstanceProfiles",
            {"InstanceProfiles": [{"Roles": [{"AssumeRolePolicyDocument": ENCODED}, {"RoleName": "r"}]}, {}]},
            {"InstanceProfiles": [{"Roles": [{"AssumeRolePolicyDocument": POLICY}, {"RoleName": "r"}]}, {}]},
        ),
        (
            "GetPolicyVersion",
            {"PolicyVersion": {"Document": ENCODED, "VersionId": "v1"}},
            {"PolicyVersion": {"Document": POLICY, "VersionId": "v1"}},
        ),
    ],
)
def test_iam_policies(operation, encoded, expected):
    assert decoded("iam", operation, encoded) == expected


def test_every_operation_with_a_policy_is_in_the_table():
    def has_policy(shape: Any, seen: frozenset[str] = frozenset()) -> bool:
        if shape.name in seen:
            return False
        if shape.type_name == "list":
            return has_policy(shape.member, seen)
        members = shape.members.values() if shape.type_name == "structure" else ()
        return shape.name == POLICY_SHAPE or any(has_policy(member, seen | {shape.name}) for member in members)

    model = service_model("iam")
    operations = [model.operation_model(name) for name in model.operation_names]
    found = {made.name for made in operations if made.output_shape and has_policy(made.output_shape)}
    assert found == {name for name, page in services.of("iam").operations.items() if page.after_parse}


def test_every_operation_with_an_expires_header_is_in_the_table():
    model = service_model("s3")
    operations = [model.operation_model(name) for name in model.operation_names]
    found = {
        made.name
        for made in operations
        if made.output_shape and any(member.name == "Expires" for member in made.output_shape.members.values())
    }
    around = {name for name, page in services.of("s3").operations.items() if page.around_parse}
    assert found == around - {"GetBucketLocation"}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('{"Resources": {"B": 1, "A": 2}}', {"Resources": {"B": 1, "A": 2}}),
        ("Resources:\n  A: 1\n", "Resources:\n  A: 1\n"),
    ],
)
def test_templates(template, expected):
    made = decoded("cloudformation", "GetTemplate", {"TemplateBody": template, "StagesAvailable": []})
    assert made == {"TemplateBody": expected, "StagesAvailable": []}
    assert json.dumps(made["TemplateBody"]) == json.dumps(expected)
    assert decoded("cloudformation", "GetTemplate", {}) == {}


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (base64.b64encode("boot é\n".encode()).decode(), "boot é\n"),
        (base64.b64encode(b"\xff!").decode(), "\N{REPLACEMENT CHARACTER}!"),
        ("x", "x"),
    ],
)
def test_console_output(output, expected):
    assert decoded("ec2", "GetConsoleOutput", {"Output": output, "InstanceId": "i"}) == {
        "Output": expected,
        "InstanceId": "i",
    }
    assert decoded("ec2", "GetConsoleOutput", {}) == {}


@pytest.mark.parametrize("operation", ["Query", "Scan"])
def test_bytes_in_the_key_of_the_next_page(operation):
    key = {"a": {"S": "x"}, "b": {"B": "aGk="}, "c": {"B": b"hi"}}
    made = decoded("dynamodb", operation, {"Items": [{"b": {"B": "aGk="}}], "LastEvaluatedKey": key})
    expected = {"a": {"S": "x"}, "b": {"B": b"hi"}, "c": {"B": b"hi"}}
    assert made == {"Items": [{"b": {"B": "aGk="}}], "LastEvaluatedKey": expected}
    assert decoded("dynamodb", operation, {"Items": []}) == {"Items": []}


KEY, RAW = "a%2Fb+c%C3%A9", "a/b cé"
LISTS = [
    (
        "ListObjects",
        {"Delimiter": KEY, "Marker": KEY, "NextMarker": KEY, "Contents": [{"Key": KEY}, {"Key": "plain"}]},
        {"Delimiter": RAW, "Marker": RAW, "NextMarker": RAW, "Contents": [{"Key": RAW}, {"Key": "plain"}]},
    ),
    (
        "ListObjectsV2",
        {"Prefix": KEY, "StartAfter": KEY, "CommonPrefixes": [{"Prefix": KEY}], "NextContinuationToken": KEY},
        {"Prefix": RAW, "StartAfter": RAW, "CommonPrefixes": [{"Prefix": RAW}], "NextContinuationToken": KEY},
    ),
    (
        "ListObjectVersions",
        {"KeyMarker": KEY, "NextKeyMarker": KEY, "Versions": [{"Key": KEY}], "DeleteMarkers": [{"Key": KEY}]},
        {"KeyMarker": RAW, "NextKeyMarker": RAW, "Versions": [{"Key": RAW}], "DeleteMarkers": [{"Key": RAW}]},
    ),
]


@pytest.mark.parametrize(("operation", "encoded", "expected"), LISTS)
def test_keys_in_lists(operation, encoded, expected):
    def fresh(**others: Any) -> dict[str, Any]:
        made: dict[str, Any] = json.loads(json.dumps({**encoded, **others}))
        return made

    assert decoded("s3", operation, fresh(EncodingType="url")) == {**expected, "EncodingType": "url"}
    assert decoded("s3", operation, fresh()) == encoded
    asked = decoded("s3", operation, fresh(EncodingType="url"), {"EncodingType": "url"})
    assert asked == {**encoded, "EncodingType": "url"}


def failure(code: str, message: str, **others: str) -> dict[str, Any]:
    return {"Error": {"Code": code, "Message": message, **others}, "ResponseMetadata": {"HTTPStatusCode": 400}}


@pytest.mark.parametrize(
    ("error", "start", "end"),
    [
        (failure("PermanentRedirect", "Use this.", Endpoint="b.s3.eu"), "Use this: b.s3.eu\nYou can fix", 'BUCKET".'),
        (failure("InvalidRequest", "Please use AWS4-HMAC-SHA256."), "You are attempting to operate", 'BUCKET".'),
        (
            failure("X", "AWS KMS managed keys require AWS Signature Version 4."),
            "AWS KMS managed keys require AWS Signature Version 4. You can enable",
            "s3v4",
        ),
        (failure("NoSuchKey", "No such key."), "No such key.", "No such key."),
        (failure("PermanentRedirect", "Use this."), "Use this.", "Use this."),
    ],
)
def test_errors_of_s3(error, start, end):
    op = service_model("s3").operation_model("HeadObject")
    message = after_parse(op, {}, error)["Error"]["Message"]
    assert message.startswith(start)
    assert message.endswith(end)


def test_errors_of_others_stay():
    error = failure("PermanentRedirect", "Use this.", Endpoint="x")
    assert after_parse(service_model("ec2").operation_model("RunInstances"), {}, error) == error


def test_a_member_called_error_is_no_error():
    output = {"Error": {"Message": "x", "Code": "y"}, "JobStatus": "FAILED", **SUCCESS}
    assert after_parse(service_model("iam").operation_model("GetServiceLastAccessedDetails"), {}, output) == output


def s3_output(operation: str, body: bytes = b"", headers: dict[str, str] | None = None) -> dict[str, Any]:
    op = service_model("s3").operation_model(operation)
    reply = Reply(status=200, reason="", headers=headers or {}, body=body)
    output = parse(op, reply, Conversions(timestamps="iso8601"))
    del output["ResponseMetadata"]
    return output


@pytest.mark.parametrize(("content", "expected"), [("eu-west-1", "eu-west-1"), ("", None)])
def test_bucket_location(content, expected):
    body = f'<?xml version="1.0"?><LocationConstraint xmlns="http://x/">{content}</LocationConstraint>'
    assert s3_output("GetBucketLocation", body.encode()) == {"LocationConstraint": expected}


def test_a_bucket_location_that_is_no_xml_is_an_error():
    with pytest.raises(ResponseParseError):
        s3_output("GetBucketLocation", b"garbage")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wed, 01 Jan 2020 00:00:00 GMT", {"Expires": "2020-01-01T00:00:00+00:00"}),
        ("soon", {}),
    ],
)
def test_expires(text, expected):
    assert s3_output("HeadObject", headers={"expires": text}) == {"Metadata": {}, **expected, "ExpiresString": text}
    assert s3_output("HeadObject") == {"Metadata": {}}
