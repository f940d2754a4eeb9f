"""Error answers: where each protocol hides the code and the message."""

import json
from typing import Any

import pytest

from awsmini.errors import ClientError
from awsmini.parse import is_failure, parse_error
from awsmini.parse.errors import error_shape
from awsmini.records import Conversions, Reply
from tests.oracle import service_model
from tests.small_models import operation, structure

SHAPES = {
    "Gone": structure({"Name": "Text", "When": "Time"}, exception=True),
    "Renamed": structure({"Name": "Text"}, exception=True, error={"code": "OnTheWire"}),
    "Elsewhere": structure({"Name": "Text"}, exception=True),
    "Headed": structure(
        {"Wait": {"shape": "Number", "location": "header", "locationName": "Retry-After"}}, exception=True
    ),
}


def answer(protocol: str, body: Any, status: int = 400, headers: dict[str, str] | None = None) -> dict[str, Any]:
    op = operation(protocol, SHAPES, errors=("Gone", "Renamed", "Headed"))
    encoded = body if isinstance(body, bytes) else json.dumps(body).encode()
    reply = Reply(status=status, reason="no matter", headers=headers or {}, body=encoded)
    error = parse_error(op, reply, Conversions(timestamps="iso8601"))
    assert is_failure(error)
    metadata = error.pop("ResponseMetadata")
    assert metadata.pop("HTTPStatusCode") == status
    del metadata["HTTPHeaders"]
    return {**error, **metadata}


def named(code: str, message: str, **others: Any) -> dict[str, Any]:
    return {"Error": {"Message": message, "Code": code}, **others}


@pytest.mark.parametrize("protocol", ["json", "rest-json"])
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"__type": "Other", "message": "why"}, named("Other", "why")),
        ({"__type": "com.example.v1#Other", "Message": "why"}, named("Other", "why")),
        ({"__type": "Other:http://example.com/", "message": "why"}, named("Other", "why")),
        ({"__type": "com.example#Other:http://example.com/#x"}, named("Other", "")),
        ({"message": "why"}, named("400", "why")),
        ({}, named("400", "Bad Request. The answer: HTTP 400, no content type, 2 bytes: '{}'")),
        (b"", named("400", "Bad Request")),
        (b"no JSON", named("400", "no JSON")),
        (
            b"<html>no JSON</html>",
            named("400", "Bad Request. The answer: HTTP 400, no content type, 20 bytes: '<html>no JSON</html>'"),
        ),
        (b"[]", named("400", "Bad Request. The answer: HTTP 400, no content type, 2 bytes: '[]'")),
        ({"__type": "Gone", "Name": "n", "?": 1}, named("Gone", "", Name="n")),
        ({"__type": "Gone", "When": "2020-01-01T00:00:00Z"}, named("Gone", "", When="2020-01-01T00:00:00+00:00")),
        ({"__type": "OnTheWire", "Name": "n"}, named("OnTheWire", "", Name="n")),
        ({"__type": "Renamed", "Name": "n"}, named("Renamed", "")),
        ({"__type": "Elsewhere", "Name": "n"}, named("Elsewhere", "", Name="n")),
    ],
)
def test_json(protocol, body, expected):
    assert answer(protocol, body) == expected


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        ({"__type": "Body"}, {"x-amzn-errortype": "Header"}, "Header"),
        ({"code": "Body"}, {"x-amzn-errortype": "com.example#Header:http://example.com/"}, "Header"),
        ({"code": "com.example#Body"}, {}, "Body"),
        ({"Code": "Body"}, {}, "Body"),
        ({"code": 7}, {}, 7),
    ],
)
def test_code_of_rest_json(body, headers, code):
    assert answer("rest-json", body, headers=headers)["Error"]["Code"] == code
    assert answer("json", body, headers=headers)["Error"]["Code"] == body.get("__type", "400")


def test_members_in_headers_of_an_error():
    headers = {"x-amzn-errortype": "Headed", "retry-after": "3"}
    assert answer("rest-json", {}, headers=headers) == named("Headed", "", Wait=3)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Old.Code;Sender", {"Code": "Old.Code", "QueryErrorCode": "New", "Type": "Sender", "Message": "why"}),
        (";Sender", {"Code": "New", "Message": "why"}),
        ("Old", {"Code": "New", "Message": "why"}),
        ("Old;Sender;more", {"Code": "New", "Message": "why"}),
    ],
)
def test_codes_of_services_that_once_spoke_query(header, expected):
    body = {"__type": "com.example#New", "message": "why"}
    headers = {"x-amzn-query-error": header, "x-amzn-requestid": "r"}
    assert answer("json", body, headers=headers) == {"Error": expected, "RequestId": "r"}


def test_cbor():
    body = b"\xa2\x66__type\x6dcom.e#Unknown\x67message\x63why"
    assert answer("smithy-rpc-v2-cbor", body) == named("Unknown", "why")
    assert answer("smithy-rpc-v2-cbor", b"") == named("400", "Bad Request")
    headers = {"x-amzn-query-error": "Old;Sender"}
    error = answer("smithy-rpc-v2-cbor", body, headers=headers)["Error"]
    assert error == {"Code": "Old", "QueryErrorCode": "Unknown", "Type": "Sender", "Message": "why"}


QUERY = b"<ErrorResponse xmlns='x'><Error><Type>Sender</Type><Code>%s</Code><Message>why</Message>%s</Error>%s</ErrorResponse>"
EC2 = b"<Response><Errors><Error><Code>%s</Code><Message>why</Message></Error></Errors><RequestID>r</RequestID></Response>"


def in_query(code: bytes, extra: bytes = b"") -> bytes:
    return QUERY % (code, extra, b"<RequestId>r</RequestId>")


@pytest.mark.parametrize("protocol", ["query", "rest-xml"])
def test_wrapped_xml(protocol):
    expected = {"Type": "Sender", "Code": "Other", "Message": "why"}
    assert answer(protocol, in_query(b"Other")) == {"Error": expected, "RequestId": "r"}
    gone = answer(protocol, in_query(b"Gone", b"<Name>n</Name><Detail><A>1</A><B/></Detail>"))
    assert gone["Name"] == "n"
    assert gone["Error"]["Detail"] == {"A": "1", "B": None}


def test_query_in_ec2_form_and_ec2():
    error = {"Code": "Other", "Message": "why"}
    assert answer("ec2", EC2 % b"Other") == {"Error": error, "RequestId": "r"}
    assert answer("query", EC2 % b"Other") == {"Error": error}


def test_s3():
    body = (
        b"<Error><Code>Other</Code><Message>why</Message><Key>k</Key><RequestId>1</RequestId><HostId>2</HostId></Error>"
    )
    headers = {"x-amz-request-id": "r", "x-amz-id-2": "h"}
    expected = {"Error": {"Code": "Other", "Message": "why", "Key": "k"}, "RequestId": "r", "HostId": "h"}
    assert answer("rest-xml", body, headers=headers) == expected


@pytest.mark.parametrize(
    ("status", "body", "code", "message"),
    [
        (404, b"", "404", "Not Found"),
        (301, b"", "301", "Moved Permanently"),
        (400, b"garbage", "400", "Bad Request. The answer: HTTP 400, no content type, 7 bytes: 'garbage'"),
        (599, b"garbage", "599", "no matter. The answer: HTTP 599, no content type, 7 bytes: 'garbage'"),
        (503, b"<html>busy</html>", "503", "Service Unavailable"),
    ],
)
def test_s3_without_an_error_document(status, body, code, message):
    assert answer("rest-xml", body, status)["Error"] == {"Code": code, "Message": message}


@pytest.mark.parametrize("protocol", ["json", "rest-json", "rest-xml", "query", "ec2", "smithy-rpc-v2-cbor"])
@pytest.mark.parametrize("body", [b"", b"  \n", b" <html><b>busy</b></html>"])
def test_a_proxy_answers(protocol, body):
    assert answer(protocol, body, 502) == {"Error": {"Code": "502", "Message": "Bad Gateway"}}


@pytest.mark.parametrize("protocol", ["json", "rest-json", "rest-xml", "query", "ec2", "smithy-rpc-v2-cbor"])
@pytest.mark.parametrize(
    "page",
    [
        b"<html><body>Sorry</body></html>",
        b"<!DOCTYPE html><html><br></html>",
        b'\xef\xbb\xbf<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" ""><html xmlns="x"/>',
    ],
)
def test_a_page_is_told_by_its_status_and_where_it_leads(protocol, page):
    error = answer(protocol, page, 403)["Error"]
    assert error["Code"] == "403"
    assert error["Message"].startswith(f"Forbidden. The answer: HTTP 403, no content type, {len(page)} bytes: ")
    error = answer(protocol, page, 302, {"location": "https://login.example/in?token=secret#x"})["Error"]
    assert error["Message"].startswith("Found (it leads to https://login.example/in). The answer: HTTP 302")
    assert str(ClientError({"Error": error}, "Op")).startswith(
        "An error occurred (302) when calling the Op operation: F"
    )


@pytest.mark.parametrize("protocol", ["rest-xml", "query", "ec2", "smithy-rpc-v2-cbor"])
@pytest.mark.parametrize("body", [b"", b"Access denied by the firewall", b"<a/>", b"\xff\x00", b"{}"])
def test_what_is_no_error_of_the_service_has_its_status_as_code(protocol, body):
    error = answer(protocol, body, 403)["Error"]
    assert error["Code"] == "403"
    assert error["Message"].startswith("Forbidden")


def test_a_long_text_is_cut():
    assert len(answer("json", b"x" * 5_000_000, 400)["Error"]["Message"]) < 2100


def test_an_error_in_a_success_is_a_500():
    op = service_model("s3").operation_model("CopyObject")
    for body, code in ((b"<Error><Code>SlowDown</Code></Error>", "SlowDown"), (b"<CopyObjectRes", "500")):
        error = parse_error(op, Reply(status=200, reason="OK", headers={}, body=body))
        assert error["Error"]["Code"] == code
        assert error["ResponseMetadata"]["HTTPStatusCode"] == 500


def test_the_shape_of_a_code():
    op = service_model("dynamodb").operation_model("PutItem")
    shape = error_shape(op, "ConditionalCheckFailedException")
    assert shape is not None
    assert list(shape.members) == ["message", "Item"]
    assert error_shape(op, "BackupNotFoundException") is not None
    assert error_shape(op, "NobodyKnows") is None
    assert error_shape(op, None) is None
