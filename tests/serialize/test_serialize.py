"""One call's parameters and an endpoint make a whole request."""

import re
from pkgutil import resolve_name

import pytest

from awsmini import serialize as package
from awsmini.errors import ParamValidationError
from awsmini.records import Endpoint
from awsmini.serialize import random_token, serialize, with_tokens
from tests.oracle import service_model

ENDPOINT = Endpoint(url="https://example.com")


def operation(service_name, name):
    return service_model(service_name).operation_model(name)


def request(service_name, name, params, **options):
    return serialize(operation(service_name, name), params, options.pop("endpoint", ENDPOINT), **options)


@pytest.mark.parametrize("reference", [*package.PROTOCOLS.values(), package.EVENT_STREAM, package.COMPRESS])
def test_tables_name_what_is_there(reference):
    assert callable(resolve_name(reference))


def test_a_json_service():
    made = request("dynamodb", "ListTables", {"Limit": 5})
    assert (made.method, made.url, made.body) == ("POST", "https://example.com/", b'{"Limit": 5}')
    assert made.headers == {
        "X-Amz-Target": "DynamoDB_20120810.ListTables",
        "Content-Type": "application/x-amz-json-1.0",
    }


def test_a_query_service():
    made = request("sts", "AssumeRole", {"RoleArn": "a b", "RoleSessionName": "é"})
    assert made.body == b"Action=AssumeRole&Version=2011-06-15&RoleArn=a+b&RoleSessionName=%C3%A9"
    assert made.headers == {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


def test_a_rest_json_service():
    made = request("kinesisvideo", "ListStreams", {"MaxResults": 10})
    assert (made.method, made.url) == ("POST", "https://example.com/listStreams")
    assert made.body == b'{"MaxResults": 10}'
    assert made.headers == {"Content-Type": "application/json"}


def test_no_body_is_none():
    made = request("s3", "ListBuckets", {})
    assert (made.method, made.url, made.body, made.headers) == ("GET", "https://example.com/", None, {})


def test_answers_that_are_streamed_are_known():
    assert request("s3", "GetObject", {"Bucket": "b", "Key": "k"}).stream
    assert request("s3", "SelectObjectContent", {"Bucket": "b", "Key": "k"}).stream
    assert not request("s3", "ListBuckets", {}).stream


def test_a_service_that_spoke_the_query_protocol_is_told_so():
    assert request("sqs", "ListQueues", {}).headers["x-amzn-query-mode"] == "true"


def test_the_endpoint_has_a_path_of_its_own():
    made = request("kinesisvideo", "ListStreams", {}, endpoint=Endpoint(url="http://localhost:1/base/"))
    assert made.url == "http://localhost:1/base/listStreams"


# Idempotency tokens -----------------------------------------------------------------------------------------------


def test_a_token_is_filled_in():
    made = request("ec2", "RunInstances", {"MinCount": 1, "MaxCount": 1}, token=lambda: "the-token")
    assert b"&ClientToken=the-token" in made.body


def test_a_token_that_is_given_stays():
    made = request("ec2", "RunInstances", {"ClientToken": "mine"}, token=lambda: "the-token")
    assert b"ClientToken=mine" in made.body


def test_a_random_token_is_a_uuid_of_version_4():
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", random_token())
    assert random_token() != random_token()


def test_parameters_are_not_changed_in_place():
    params = {"MinCount": 1}
    filled = with_tokens(operation("ec2", "RunInstances"), params, lambda: "t")
    assert (params, filled) == ({"MinCount": 1}, {"MinCount": 1, "ClientToken": "t"})


# Host prefixes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service_name", "name", "params", "host"),
    [
        ("servicediscovery", "DiscoverInstances", {"NamespaceName": "n", "ServiceName": "s"}, "data-example.com"),
        ("neptune-graph", "GetGraph", {"graphIdentifier": "g-1234567890"}, "example.com"),
        ("neptune-graph", "CancelQuery", {"graphIdentifier": "g-1", "queryId": "q"}, "g-1.example.com"),
        ("s3control", "GetPublicAccessBlock", {"AccountId": "123456789012"}, "example.com"),  # the rules put it there
    ],
)
def test_what_the_model_puts_before_the_host(service_name, name, params, host):
    assert request(service_name, name, params).url.split("/")[2] == host


def test_host_prefixes_can_be_switched_off():
    params = {"NamespaceName": "n", "ServiceName": "s"}
    made = request("servicediscovery", "DiscoverInstances", params, inject_host_prefix=False)
    assert made.url == "https://example.com/"


@pytest.mark.parametrize(
    ("params", "report"),
    [
        ({"queryId": "q"}, 'Missing required parameter in input: "graphIdentifier"'),
        ({"queryId": "q", "graphIdentifier": ""}, "Invalid value for parameter(s): graphIdentifier. Must contain"),
        ({"queryId": "q", "graphIdentifier": "evil.com/"}, "Invalid value for parameter(s): graphIdentifier. Must"),
        ({"queryId": "q", "graphIdentifier": "g\n"}, "Invalid value for parameter(s): graphIdentifier. Must contain"),
    ],
)
def test_labels_that_make_no_host(params, report):
    with pytest.raises(ParamValidationError, match=re.escape(f"Parameter validation failed:\n{report}")):
        request("neptune-graph", "CancelQuery", params)


# Compression ------------------------------------------------------------------------------------------------------

DATUM = {"Namespace": "n" * 300, "MetricData": [{"MetricName": "m", "Value": 1.0}]}


@pytest.mark.parametrize(("compress_from", "is_compressed"), [(0, True), (300, True), (100_000, False), (None, False)])
def test_large_bodies_are_compressed_where_the_service_takes_it(compress_from, is_compressed):
    made = request("cloudwatch", "PutMetricData", DATUM, compress_from=compress_from)
    assert (made.headers.get("Content-Encoding") == "gzip") is is_compressed
    assert made.body.startswith(b"\x1f\x8b") is is_compressed


def test_other_operations_are_never_compressed():
    assert "Content-Encoding" not in request("cloudwatch", "ListMetrics", {"Namespace": "n"}, compress_from=0).headers


def test_a_body_compressed_twice_is_the_same():
    first, second = (request("cloudwatch", "PutMetricData", DATUM, compress_from=0) for _ in range(2))
    assert first == second
