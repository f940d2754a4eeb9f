"""REST: which member goes where, and how it reads there."""

import io
from datetime import datetime

import pytest

from awsmini.errors import ParamValidationError
from tests.serialize.test_serialize import request


@pytest.mark.parametrize(
    ("service_name", "name", "params", "path"),
    [
        ("s3", "ListObjectsV2", {"Bucket": "b", "FetchOwner": True, "MaxKeys": 5, "Prefix": "a b"},
         "/?list-type=2&fetch-owner=true&max-keys=5&prefix=a%20b"),
        ("s3", "GetObject", {"Bucket": "b", "Key": "k", "ResponseExpires": datetime(2021, 10, 2)},
         "/k?response-expires=Sat%2C%2002%20Oct%202021%2000%3A00%3A00%20GMT"),
        ("accessanalyzer", "UntagResource", {"resourceArn": "a", "tagKeys": ["x", "y z"]},
         "/tags/a?tagKeys=x&tagKeys=y%20z"),
        ("amp", "ListScrapers", {"filters": {"status": ["A", "B"], "name": ["c"]}},
         "/scrapers?status=A&status=B&name=c"),
        ("groundstation", "ListGroundStationReservations", {"groundStationId": "g", "startTime": "2021-10-02", "endTime": 1},
         "/groundstation/g/reservation?startTime=1633132800&endTime=1"),
        ("application-signals", "GetService", {"StartTime": "2021-10-02T01:02:03.5Z"},
         "/service?StartTime=2021-10-02T01%3A02%3A03.500000Z"),
        ("apigateway", "ImportApiKeys", {"body": b"x", "format": "csv", "failOnWarnings": False},
         "/apikeys?mode=import&format=csv&failonwarnings=false"),
    ],
)  # fmt: skip
def test_paths_and_queries(service_name, name, params, path):
    assert request(service_name, name, params).url == f"https://example.com{path}"


@pytest.mark.parametrize(
    ("service_name", "name", "params", "header", "value"),
    [
        ("s3", "GetObject", {"IfModifiedSince": "2021-10-02T13:00:00.75"}, "If-Modified-Since", "Sat, 02 Oct 2021 13:00:00 GMT"),
        ("s3", "CopyObject", {"ObjectLockRetainUntilDate": 1633179600}, "x-amz-object-lock-retain-until-date", "2021-10-02T13:00:00Z"),
        ("s3", "PutObject", {"ContentLength": 5}, "Content-Length", "5"),
        ("s3", "PutObject", {"BucketKeyEnabled": True}, "x-amz-server-side-encryption-bucket-key-enabled", "true"),
        ("s3", "PutObject", {"Metadata": {"Color": "blue"}}, "x-amz-meta-Color", "blue"),
        ("s3", "GetObjectAttributes", {"ObjectAttributes": ["ETag", "a,b", 'c"d']}, "x-amz-object-attributes", 'ETag,"a,b","c\\"d"'),
        ("iot-data", "Publish", {"topic": "t", "userProperties": [{"k": "é"}]}, "x-amz-mqtt5-user-properties", "W3siayI6Ilx1MDBlOSJ9XQ=="),
    ],
)  # fmt: skip
def test_headers(service_name, name, params, header, value):
    common = {"Bucket": "b", "Key": "k"} if service_name == "s3" else {}
    assert request(service_name, name, {**common, **params}).headers[header] == value


def test_an_empty_list_gives_no_header():
    made = request("s3", "GetObjectAttributes", {"Bucket": "b", "Key": "k", "ObjectAttributes": []})
    assert made.headers == {}


def test_a_label_that_is_missing_is_named():
    with pytest.raises(ParamValidationError, match='Missing required parameter in input: "Key"'):
        request("s3", "GetObject", {"Bucket": "b"})


def test_a_member_that_is_unknown_is_named():
    with pytest.raises(ParamValidationError, match='Unknown parameter in GetObjectRequest: "Nope"'):
        request("s3", "GetObject", {"Bucket": "b", "Key": "k", "Nope": 1})


# Bodies -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"abc", "abc", bytearray(b"abc"), memoryview(b"abc")])
def test_a_blob_is_sent_as_it_is(content):
    made = request("s3", "PutObject", {"Bucket": "b", "Key": "k", "Body": content})
    assert (made.body, made.headers) == (b"abc", {})


def test_a_file_is_handed_on_unread():
    body = io.BytesIO(b"abc")
    made = request("s3", "PutObject", {"Bucket": "b", "Key": "k", "Body": body})
    assert made.body is body
    assert body.tell() == 0


def test_an_empty_file_is_still_a_file():
    body = io.BytesIO(b"")
    assert request("s3", "PutObject", {"Bucket": "b", "Key": "k", "Body": body}).body is body


def test_a_text_payload_is_utf8():
    assert request("s3", "PutBucketPolicy", {"Bucket": "b", "Policy": "é"}).body == "é".encode()


@pytest.mark.parametrize("payload", [{}, {"body": None}])
def test_a_blob_that_is_not_given_is_no_body(payload):
    assert request("apigateway", "ImportApiKeys", {"format": "csv", **payload}).body is None


def test_json_in_a_blob_has_no_content_type():
    assert request("lambda", "Invoke", {"FunctionName": "f", "Payload": b"{}"}).headers == {}


def test_a_structure_as_the_payload():
    made = request("s3", "PutBucketTagging", {"Bucket": "b", "Tagging": {"TagSet": [{"Key": "k", "Value": "v"}]}})
    assert made.body == (
        b'<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        b"<TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>"
    )


def test_members_of_the_body_that_are_not_given_leave_an_empty_object():
    made = request("kinesisvideo", "ListStreams", {})
    assert (made.body, made.headers) == (b"{}", {"Content-Type": "application/json"})


def test_no_members_of_the_body_leave_no_body():
    assert request("lambda", "GetFunction", {"FunctionName": "f"}).body is None


def test_a_content_type_that_is_given_stays():
    made = request("lambda", "InvokeAsync", {"FunctionName": "f", "InvokeArgs": b"{}"})
    assert made.headers == {}
    params = {"botName": "b", "botAlias": "a", "userId": "u", "contentType": "audio/x", "inputStream": b"x"}
    assert request("lex-runtime", "PostContent", params).headers == {"Content-Type": "audio/x"}
