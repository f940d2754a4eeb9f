"""What the REST protocols take from headers, the status code and a body that is one member."""

import base64
import io
from typing import Any

import pytest
from requests.structures import CaseInsensitiveDict

from awsmini.errors import NoAnswerError, ResponseParseError
from awsmini.parse import is_error_in_success, parse
from awsmini.records import Conversions, Reply
from tests.oracle import service_model
from tests.small_models import operation, structure

SHAPES: dict[str, Any] = {
    "Texts": {"type": "list", "member": {"shape": "Text"}},
    "Numbers": {"type": "list", "member": {"shape": "Number"}},
    "Map": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}},
    "Inner": structure({"X": "Text"}),
    "Choice": structure({"X": "Text"}, union=True),
}
PROTOCOLS = ["rest-json", "rest-xml"]


def header(shape: str, name: str, **traits: Any) -> dict[str, Any]:
    return {"shape": shape, "location": "header", "locationName": name, **traits}


def answer(protocol: str, members: dict[str, Any], output: Any = None, **reply: Any) -> dict[str, Any]:
    op = operation(protocol, {**SHAPES, "Out": structure(members, **(output or {}))})
    parsed = parse(op, Reply(**{"status": 200, "reason": "", "headers": {}, **reply}))
    del parsed["ResponseMetadata"]
    return parsed


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("shape", "text", "expected"),
    [
        ("Text", "a, b", "a, b"),
        ("Text", "", ""),
        ("Number", "-5", -5),
        ("Real", "1.5", 1.5),
        ("Flag", "true", True),
        ("Flag", "false", False),
        ("Bytes", "aGk=", b"hi"),
        ("Texts", "a, b,c", ["a", "b", "c"]),
        ("Numbers", "1, 2", [1, 2]),
    ],
)
def test_header(protocol, shape, text, expected):
    assert answer(protocol, {"A": header(shape, "X-Thing")}, headers={"x-thing": text}) == {"A": expected}
    assert answer(protocol, {"A": header(shape, "X-Thing")}) == {}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_json_in_a_header(protocol):
    text = base64.b64encode(b'{"a": [1]}').decode()
    assert answer(protocol, {"A": header("Text", "X-A", jsonvalue=True)}, headers={"x-a": text}) == {"A": {"a": [1]}}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_header_map_and_status(protocol):
    members = {
        "Metadata": {"shape": "Map", "location": "headers", "locationName": "X-Meta-"},
        "All": {"shape": "Map", "location": "headers", "locationName": ""},
        "Status": {"shape": "Number", "location": "statusCode"},
    }
    headers = CaseInsensitiveDict({"x-meta-a": "1", "X-Meta-Bee": "2", "other": "3"})
    assert answer(protocol, members, headers=headers, status=206) == {
        "Metadata": {"a": "1", "Bee": "2"},
        "All": {"x-meta-a": "1", "X-Meta-Bee": "2", "other": "3"},
        "Status": 206,
    }


def test_names_of_headers_are_as_they_were_sent():
    members = {"Metadata": {"shape": "Map", "location": "headers", "locationName": "x-meta-"}}
    made = answer("rest-xml", members, headers={"x-meta-bee": "2", "x": "3"}, spelled=["X-Meta-BEE", "X"])
    assert made == {"Metadata": {"BEE": "2"}}


def test_members_of_the_head_come_first():
    members = {"B": "Text", "H": header("Text", "h"), "A": "Text", "G": header("Text", "g")}
    made = answer("rest-json", members, headers={"g": "1", "h": "2"}, body=b'{"A":"3","B":"4"}')
    assert list(made) == ["H", "G", "B", "A"]


PAYLOAD_BODIES = {
    "rest-json": (b'{"X":"1"}', b""),
    "rest-xml": (b"<Any><X>1</X></Any>", b""),
}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_payload_structure(protocol):
    full, empty = PAYLOAD_BODIES[protocol]
    assert answer(protocol, {"P": "Inner"}, {"payload": "P"}, body=full) == {"P": {"X": "1"}}
    assert answer(protocol, {"P": "Inner"}, {"payload": "P"}, body=empty) == {"P": {}}
    assert answer(protocol, {"P": "Text"}, {"payload": "P"}, body="é".encode()) == {"P": "é"}
    with pytest.raises(ResponseParseError):
        answer(protocol, {"P": "Choice"}, {"payload": "P"}, body=empty)


def test_payload_list_without_a_body():
    assert answer("rest-json", {"P": "Texts"}, {"payload": "P"}) == {"P": []}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_payload_blob_is_a_stream(protocol):
    members = {"P": "Bytes", "H": header("Text", "h")}
    raw = io.BytesIO(b"content")
    made = answer(protocol, members, {"payload": "P"}, raw=raw, headers={"h": "1", "content-length": "7"})
    assert made["H"] == "1"
    assert raw.tell() == 0
    assert made["P"].read() == b"content"
    assert answer(protocol, members, {"payload": "P"}, body=b"read")["P"].read() == b"read"


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, {}),
        ({"x-amzn-requestid": "a", "x-amz-request-id": "b"}, {"RequestId": "a"}),
        ({"x-amz-request-id": "b", "x-amz-id-2": "c"}, {"RequestId": "b", "HostId": "c"}),
        ({"x-amz-request-id": "b"}, {"RequestId": "b", "HostId": ""}),
    ],
)
def test_metadata(protocol, headers, expected):
    op = operation(protocol, {"Out": structure({})})
    parsed = parse(op, Reply(status=201, reason="", headers=CaseInsensitiveDict(headers)))
    assert parsed == {"ResponseMetadata": {**expected, "HTTPStatusCode": 201, "HTTPHeaders": headers}}


def test_a_timestamp_in_a_header_as_commands_show_it():
    op = operation("rest-xml", {"Out": structure({"T": header("Time", "Last-Modified")})})
    reply = Reply(status=200, reason="", headers={"last-modified": "Wed, 01 Jan 2020 00:00:00 GMT"})
    assert parse(op, reply, Conversions(timestamps="iso8601"))["T"] == "2020-01-01T00:00:00+00:00"
    assert parse(op, reply, Conversions(timestamps="wire"))["T"] == "Wed, 01 Jan 2020 00:00:00 GMT"


@pytest.mark.parametrize(
    ("operation_name", "body", "expected"),
    [
        ("CopyObject", b"<CopyObjectResult><ETag>x</ETag></CopyObjectResult>", False),
        ("CopyObject", b'<?xml version="1.0"?>\n<!-- > -->\n<CopyObjectResult xmlns="x"></CopyObjectResult>\n', False),
        ("CopyObject", b"<CopyObjectResult/>", False),
        ("CopyObject", b"", False),
        ("CopyObject", b'<?xml version="1.0"?><Error><Code>SlowDown</Code></Error>', True),
        ("CopyObject", b"<Error/>", True),
        ("CompleteMultipartUpload", b"\n\n   <Error><Code>InternalError</Code></Error>", True),
        ("GetObject", b"<Error/>", False),
        ("GetBucketPolicy", b"<Error/>", False),
        ("SelectObjectContent", b"<Error/>", False),
        ("PutBucketAcl", b"<Error/>", False),
    ],
)
def test_error_in_a_success(operation_name, body, expected):
    op = service_model("s3").operation_model(operation_name)
    assert is_error_in_success(op, Reply(status=200, reason="OK", headers={}, body=body)) is expected
    assert not is_error_in_success(op, Reply(status=404, reason="", headers={}, body=body))


@pytest.mark.parametrize(
    "body",
    [
        b"<ListBucketResult><Name>b</Name><Con",
        b"<ListBucketResult><Name>b</Name>",
        b"garbage",
        b"?<?",
        b"<?xml",
        b"<html><br></html",
        b"<html><br/></html> ",
    ],
)
def test_what_is_cut_or_no_document_is_no_answer(body):
    op = service_model("s3").operation_model("ListObjectsV2")
    with pytest.raises(NoAnswerError, match="HTTP 200, no content type"):
        parse(op, Reply(status=200, reason="OK", headers={}, body=body))


def test_only_s3_has_errors_in_successes():
    op = service_model("route53").operation_model("ListHostedZones")
    assert not is_error_in_success(op, Reply(status=200, reason="OK", headers={}, body=b"<Error/>"))
