"""Names of buckets, ARNs for names, and what the endpoint holds already. Messages as seen with AWS CLI v2."""

from typing import Any

import pytest

from awsmini.errors import EndpointError, ParamValidationError
from awsmini.model.load import ModelFinder
from awsmini.model.shapes import OperationModel, ServiceModel
from awsmini.quirks.s3_endpoint import check_bucket, host_prefix, request_uri, with_arn_account

OUTPOST = "arn:aws:s3-outposts:us-east-1:123456789012:outpost:op-1"


def operation(service: str, name: str) -> OperationModel:
    return ServiceModel(ModelFinder({"HOME": "/nonexistent"}).lines(service)).operation_model(name)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"Bucket": None},
        {"Bucket": "Some.Bucket_1"},
        {"Bucket": "a" * 255},
        {"Bucket": "arn:aws-cn:s3:cn-north-1:123456789012:accesspoint/ap"},
        {"Bucket": "arn:aws:s3-object-lambda:us-east-1:123456789012:accesspoint:ap"},
        {"Bucket": f"{OUTPOST}:accesspoint:ap"},
    ],
)
def test_good_buckets(params: dict[str, Any]) -> None:
    check_bucket(params)


@pytest.mark.parametrize("bucket", ["a b", "", "a" * 256, "a/b", "arn:aws:s3:us-east-1:123456789012:accesspoint:a:b"])
def test_bad_buckets(bucket: str) -> None:
    with pytest.raises(ParamValidationError) as caught:
        check_bucket({"Bucket": bucket})
    assert str(caught.value) == (
        "Parameter validation failed:\n"
        f'Invalid bucket name "{bucket}": Bucket name must match the regex "^[a-zA-Z0-9.\\-_]{{1,255}}$" or be an ARN '
        'matching the regex "^arn:(aws).*:(s3|s3-object-lambda):[a-z\\-0-9]*:[0-9]{12}:accesspoint[/:][a-zA-Z0-9\\-.]{1,63}$'
        "|^arn:(aws).*:s3-outposts:[a-z\\-0-9]+:[0-9]{12}:outpost[/:][a-zA-Z0-9\\-]{1,63}[/:]accesspoint[/:]"
        '[a-zA-Z0-9\\-]{1,63}$"'
    )


@pytest.mark.parametrize(
    ("service", "name", "uri"),
    [
        ("s3", "GetObject", "/{Key+}"),
        ("s3", "CreateBucket", ""),
        ("s3", "GetBucketAcl", "?acl"),
        ("s3", "ListBuckets", "/"),
        ("s3control", "GetAccessPoint", "/v20180820/accesspoint/{name}"),
        ("lambda", "Invoke", "/2015-03-31/functions/{FunctionName}/invocations"),
    ],
)
def test_paths(service: str, name: str, uri: str) -> None:
    assert request_uri(operation(service, name)) == uri


@pytest.mark.parametrize(
    ("service", "name", "prefix"),
    [
        ("s3control", "GetAccessPoint", None),
        ("s3", "WriteGetObjectResponse", "{RequestRoute}."),
        ("stepfunctions", "StartSyncExecution", "sync-"),
        ("kinesisvideo", "ListStreams", None),
    ],
)
def test_host_prefixes(service: str, name: str, prefix: str | None) -> None:
    assert host_prefix(operation(service, name)) == prefix
    assert host_prefix(operation(service, name), inject=False) is None


@pytest.mark.parametrize(
    ("name", "params", "account"),
    [
        ("GetAccessPoint", {"Name": f"{OUTPOST}:accesspoint:ap"}, "123456789012"),
        ("GetAccessPoint", {"Name": f"{OUTPOST}:accesspoint:ap", "AccountId": "123456789012"}, "123456789012"),
        ("GetBucket", {"Bucket": f"{OUTPOST}:bucket:b"}, "123456789012"),
        ("GetAccessPoint", {"Name": "ap", "AccountId": "1"}, "1"),
        ("CreateBucket", {"Bucket": "arn:aws:s3:::b", "AccountId": "1"}, "1"),
        ("CreateAccessPoint", {"Name": "arn:aws:s3:::b", "AccountId": "1"}, "1"),
    ],
)
def test_accounts_of_arns(name: str, params: dict[str, Any], account: str) -> None:
    assert with_arn_account(operation("s3control", name), params) == {**params, "AccountId": account}


@pytest.mark.parametrize(
    ("params", "accelerate", "why"),
    [
        (
            {"Name": "arn:aws:s3:us-east-1:1:accesspoint:ap"},
            False,
            "The Name parameter does not support the provided ARN",
        ),
        ({"Name": f"{OUTPOST}:bucket:b"}, False, "The Name parameter does not support the provided ARN"),
        ({"Bucket": f"{OUTPOST}:accesspoint:b"}, False, "The Bucket parameter does not support the provided ARN"),
        (
            {"Name": f"{OUTPOST}:accesspoint:ap", "AccountId": "9"},
            False,
            'Account ID in arn does not match the AccountId parameter provided: "9"',
        ),
        (
            {"Name": f"{OUTPOST}:accesspoint:ap".replace("us-east-1", "fips-us-east-1")},
            False,
            "Invalid ARN, FIPS region not allowed in ARN.",
        ),
        ({"Name": f"{OUTPOST}:accesspoint:ap"}, True, "S3 control client does not support accelerate endpoints"),
    ],
)
def test_refused_arns(params: dict[str, Any], accelerate: bool, why: str) -> None:
    with pytest.raises(EndpointError) as caught:
        with_arn_account(operation("s3control", "GetAccessPoint"), params, accelerate)
    assert str(caught.value).endswith(why)
    assert caught.value.exit_code == 255
