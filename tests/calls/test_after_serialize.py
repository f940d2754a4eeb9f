"""What is done to requests before they are signed, operation by operation."""

import io
from urllib.parse import parse_qsl, urlsplit

import pytest
from botocore.utils import calculate_sha256, calculate_tree_hash

from awsmini.calls.customize import add_presigned_url, after_serialize
from awsmini.records import Endpoint
from awsmini.serialize import serialize
from awsmini.services.small.glacier import checksums
from tests.oracle import service_model


def request(service_name, name, params, url="https://example.com"):
    operation = service_model(service_name).operation_model(name)
    return after_serialize(serialize(operation, params, Endpoint(url=url)), operation, params)


def test_api_gateway_is_asked_for_plain_json():
    assert request("apigateway", "GetRestApis", {}).headers == {"Accept": "application/json"}
    params = {"restApiId": "r", "stageName": "s", "exportType": "swagger", "accepts": "application/yaml"}
    assert request("apigateway", "GetExport", params).headers == {"Accept": "application/yaml"}


def test_a_search_is_posted():
    made = request("cloudsearchdomain", "Search", {"query": "a b", "return": "x"})
    assert (made.method, made.url) == ("POST", "https://example.com/2013-01-01/search")
    assert made.body == b"format=sdk&pretty=true&q=a%20b&return=x"
    assert made.headers == {"Content-Type": "application/x-www-form-urlencoded"}


def test_a_prediction_goes_to_its_endpoint():
    params = {"MLModelId": "m", "Record": {}, "PredictEndpoint": "http://realtime.example.org/ignored?x"}
    assert request("machinelearning", "Predict", params).url == "http://realtime.example.org/"


def test_endpoint_discovery_names_the_version():
    made = request("timestream-query", "DescribeEndpoints", {})
    assert made.headers["x-amz-api-version"] == "2018-11-01"
    assert "x-amz-api-version" not in request("timestream-query", "ListScheduledQueries", {}).headers


# Expect: 100-continue ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "params", "expects"),
    [
        ("PutObject", {"Key": "k", "Body": b"x"}, True),
        ("PutObject", {"Key": "k", "Body": io.BytesIO(b"x")}, True),
        ("UploadPart", {"Key": "k", "Body": "x", "PartNumber": 1, "UploadId": "u"}, True),
        ("WriteGetObjectResponse", {"RequestRoute": "r", "RequestToken": "t", "Body": io.BytesIO(b"x")}, True),
        ("PutObject", {"Key": "k"}, False),
        ("PutBucketPolicy", {"Policy": "{}"}, False),
        ("GetObject", {"Key": "k"}, False),
    ],
)  # fmt: skip
def test_streams_are_announced(name, params, expects):
    bucket = {} if name == "WriteGetObjectResponse" else {"Bucket": "b"}
    assert (request("s3", name, {**bucket, **params}).headers.get("Expect") == "100-continue") is expects


# Glacier ----------------------------------------------------------------------------------------------------------

MEGABYTE = 1024 * 1024


@pytest.mark.parametrize("size", [0, 1, MEGABYTE, MEGABYTE + 1, 2 * MEGABYTE, 5 * MEGABYTE + 7])
def test_tree_hashes(size):
    content = bytes(size)
    assert checksums(io.BytesIO(content)) == (
        calculate_sha256(io.BytesIO(content), as_hex=True),
        calculate_tree_hash(io.BytesIO(content)),
    )


class Pipe(io.BytesIO):
    def seekable(self):
        return False


@pytest.mark.parametrize("body", [b"hello", io.BytesIO(b"hello"), Pipe(b"hello")])
def test_uploads_carry_both_hashes(body):
    made = request("glacier", "UploadArchive", {"accountId": "-", "vaultName": "v", "body": body})
    linear, tree = checksums(io.BytesIO(b"hello"))
    assert made.headers == {
        "x-amz-glacier-version": "2012-06-01", "x-amz-content-sha256": linear, "x-amz-sha256-tree-hash": tree,
    }  # fmt: skip
    assert (made.body.read() if hasattr(made.body, "read") else made.body) == b"hello"


def test_a_hash_that_is_given_stays():
    made = request("glacier", "UploadArchive", {"accountId": "-", "vaultName": "v", "checksum": "mine", "body": b"x"})
    assert made.headers["x-amz-sha256-tree-hash"] == "mine"


def test_every_call_names_the_version():
    assert request("glacier", "ListVaults", {"accountId": "-"}).headers == {"x-amz-glacier-version": "2012-06-01"}


# Copies between regions -------------------------------------------------------------------------------------------

URL = "https://host.eu-west-1.example.com"


def copied(service_name, name, params):
    """The fields that are sent, and what was asked to be signed: (region, method, url, fields)."""
    asked = []

    def presign(unsigned, region):
        parts = urlsplit(unsigned.url)
        assert (unsigned.headers, unsigned.body) == ({}, None)
        asked.append((region, unsigned.method, parts.netloc, dict(parse_qsl(parts.query, keep_blank_values=True))))
        return "https://signed?x=1&y"

    operation = service_model(service_name).operation_model(name)
    made = add_presigned_url(request(service_name, name, params, URL), operation, "eu-west-1", presign)
    return dict(parse_qsl(made.body.decode(), keep_blank_values=True)), asked


def test_a_snapshot_of_ec2():
    params = {"SourceRegion": "us-east-1", "SourceSnapshotId": "snap-1", "Description": "a+b c"}
    fields, asked = copied("ec2", "CopySnapshot", params)
    common = {"Action": "CopySnapshot", "Version": "2016-11-15", **params, "DestinationRegion": "eu-west-1"}
    assert asked == [("us-east-1", "GET", "host.us-east-1.example.com", common)]
    assert fields == {**common, "PresignedUrl": "https://signed?x=1&y"}


@pytest.mark.parametrize(
    ("service_name", "name", "params"),
    [
        ("rds", "CopyDBSnapshot", {"SourceDBSnapshotIdentifier": "s", "TargetDBSnapshotIdentifier": "t"}),
        ("rds", "CreateDBInstanceReadReplica", {"DBInstanceIdentifier": "i"}),
        ("neptune", "CopyDBClusterSnapshot", {"SourceDBClusterSnapshotIdentifier": "s"}),
        ("docdb", "CreateDBCluster", {"DBClusterIdentifier": "c", "Engine": "docdb"}),
    ],
)
def test_copies_of_databases(service_name, name, params):
    fields, asked = copied(service_name, name, {**params, "SourceRegion": "us-east-1"})
    assert fields.pop("PreSignedUrl") == "https://signed?x=1&y"
    assert fields == {"Action": name, "Version": "2014-10-31", **params}
    assert asked == [("us-east-1", "GET", "host.us-east-1.example.com", {**fields, "DestinationRegion": "eu-west-1"})]


@pytest.mark.parametrize(
    ("service_name", "name", "params", "sent"),
    [
        ("rds", "CopyDBSnapshot", {"KmsKeyId": "k"}, {"KmsKeyId": "k"}),
        ("rds", "CopyDBSnapshot", {"SourceRegion": "us-east-1", "PreSignedUrl": "mine"}, {"PreSignedUrl": "mine"}),
        ("ec2", "CopySnapshot", {"SourceRegion": "r", "PresignedUrl": "u"}, {"SourceRegion": "r", "PresignedUrl": "u"}),
        ("rds", "DescribeDBInstances", {}, {}),
    ],
)
def test_nothing_is_signed_without_need(service_name, name, params, sent):
    fields, asked = copied(service_name, name, params)
    assert (asked, {key: value for key, value in fields.items() if key not in ("Action", "Version")}) == ([], sent)
