"""What is done to parameters before they are sent, operation by operation."""

import pytest

from awsmini.calls.customize import before_serialize
from awsmini.errors import ParamValidationError
from tests.oracle import service_model

KEY = b"0" * 32
KEY_BASE64, KEY_MD5 = "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA=", "zZ5FnqcIqUjVwvWmyog4zw=="


def sent(service_name, name, params, **options):
    given = dict(params)
    changed = before_serialize(service_model(service_name).operation_model(name), params, token=lambda: "t", **options)
    assert params == given, "parameters are not changed in place"
    return changed


@pytest.mark.parametrize(
    ("service_name", "name", "params", "expected"),
    [
        ("ec2", "RunInstances", {"UserData": "hello"}, {"UserData": "aGVsbG8=", "ClientToken": "t"}),
        ("ec2", "RunInstances", {"UserData": b"\xff"}, {"UserData": "/w==", "ClientToken": "t"}),
        ("autoscaling", "CreateLaunchConfiguration", {"UserData": "hello"}, {"UserData": "aGVsbG8="}),
        # not these, whose users encode it themselves
        ("ec2", "RequestSpotInstances", {"LaunchSpecification": {"UserData": "aGk="}},
         {"LaunchSpecification": {"UserData": "aGk="}}),
        ("route53", "GetHostedZone", {"Id": "/hostedzone/Z1"}, {"Id": "Z1"}),
        ("route53", "GetChange", {"Id": "/change/C1"}, {"Id": "C1"}),
        ("route53", "GetReusableDelegationSet", {"Id": "delegationset/N1"}, {"Id": "N1"}),
        ("route53", "GetHostedZone", {"Id": "Z1"}, {"Id": "Z1"}),
        ("route53", "GetHealthCheck", {"HealthCheckId": "a/b"}, {"HealthCheckId": "a/b"}),
        ("glacier", "ListVaults", {}, {"accountId": "-"}),
        ("glacier", "ListVaults", {"accountId": "1"}, {"accountId": "1"}),
        ("ec2", "DescribeInstances", {"Filters": [1]}, {"Filters": [1]}),
        ("logs", "CreateExportTask", {"fromTime": 1, "to": 2}, {"from": 1, "to": 2}),
        ("cloudsearchdomain", "Search", {"query": "q", "returnFields": "x"}, {"query": "q", "return": "x"}),
        ("s3", "ListObjectsV2", {"Bucket": "b"}, {"Bucket": "b", "EncodingType": "url"}),
        ("s3", "ListObjectVersions", {"Bucket": "b", "EncodingType": "none"}, {"Bucket": "b", "EncodingType": "none"}),
        ("s3", "HeadBucket", {"Bucket": "arn:aws:s3:us-east-1:123456789012:accesspoint/p"},
         {"Bucket": "arn:aws:s3:us-east-1:123456789012:accesspoint/p"}),
        ("s3", "GetObject", {"Key": "k"}, {"Key": "k", "ChecksumMode": "ENABLED"}),
        ("s3", "GetObject", {"ChecksumMode": "x"}, {"ChecksumMode": "x"}),
        ("sqs", "ListQueues", {}, {}),
    ],
)  # fmt: skip
def test_parameters(service_name, name, params, expected):
    assert sent(service_name, name, params) == expected


def test_checksums_of_answers_are_not_asked_for_when_switched_off():
    assert sent("s3", "GetObject", {"Key": "k"}, response_checksums=False) == {"Key": "k"}


@pytest.mark.parametrize("key", [KEY, KEY.decode()])
@pytest.mark.parametrize("name", ["PutObject", "GetObject", "HeadObject", "UploadPart", "CreateMultipartUpload",
                                  "CompleteMultipartUpload", "SelectObjectContent"])  # fmt: skip
def test_the_customers_key_is_encoded(name, key):
    changed = sent("s3", name, {"SSECustomerKey": key, "SSECustomerAlgorithm": "AES256"}, response_checksums=False)
    assert changed == {"SSECustomerKey": KEY_BASE64, "SSECustomerKeyMD5": KEY_MD5, "SSECustomerAlgorithm": "AES256"}


@pytest.mark.parametrize("name", ["CopyObject", "UploadPartCopy"])
def test_both_keys_of_a_copy_are_encoded(name):
    assert sent("s3", name, {"SSECustomerKey": KEY, "CopySourceSSECustomerKey": KEY}) == {
        "SSECustomerKey": KEY_BASE64, "SSECustomerKeyMD5": KEY_MD5,
        "CopySourceSSECustomerKey": KEY_BASE64, "CopySourceSSECustomerKeyMD5": KEY_MD5,
    }  # fmt: skip


def test_a_key_that_comes_with_its_md5_stays():
    params = {"SSECustomerKey": "encoded", "SSECustomerKeyMD5": "m"}
    assert sent("s3", "PutObject", params) == params


@pytest.mark.parametrize(
    ("source", "quoted"),
    [
        ("bucket/key", "bucket/key"),
        ("/bucket/key with+plus", "/bucket/key%20with%2Bplus"),
        ("bucket/é?versionId=v+1", "bucket/%C3%A9?versionId=v+1"),
        ("bucket/a?b", "bucket/a%3Fb"),
        ({"Bucket": "b", "Key": "k y"}, "b/k%20y"),
        ({"Bucket": "b", "Key": "k", "VersionId": "v"}, "b/k?versionId=v"),
        ({"Bucket": "arn:aws:s3:us-east-1:123456789012:accesspoint/p", "Key": "k"},
         "arn%3Aaws%3As3%3Aus-east-1%3A123456789012%3Aaccesspoint/p/object/k"),
    ],
)  # fmt: skip
def test_the_source_of_a_copy_is_quoted(source, quoted):
    assert sent("s3", "CopyObject", {"CopySource": source}) == {"CopySource": quoted}


@pytest.mark.parametrize(
    ("service_name", "name", "params", "message"),
    [
        ("s3", "HeadBucket", {"Bucket": ""}, 'Parameter validation failed:\nInvalid bucket name "": Bucket name must match '
         r'the regex "^[a-zA-Z0-9.\-_]{1,255}$" or be an ARN matching the regex "^arn:(aws).*:(s3|s3-object-lambda):'
         r"[a-z\-0-9]*:[0-9]{12}:accesspoint[/:][a-zA-Z0-9\-.]{1,63}$|^arn:(aws).*:s3-outposts:[a-z\-0-9]+:[0-9]{12}:"
         r'outpost[/:][a-zA-Z0-9\-]{1,63}[/:]accesspoint[/:][a-zA-Z0-9\-]{1,63}$"'),
        ("s3", "CopyObject", {"CopySource": {"Bucket": "b"}},
         "Parameter validation failed:\nMissing required parameter: 'Key'"),
        ("s3", "PutObject", {"Metadata": {"k": "é"}}, "Parameter validation failed:\nNon ascii characters found in S3 "
         'metadata for key "k", value: "é".  \nS3 metadata can only contain ASCII characters. '),
        ("logs", "CreateExportTask", {"fromTime": 1, "from": 2}, "Parameter 'from' and its alias 'fromTime' were provided "
         "for operation CreateExportTask.  Only one of them may be used."),
    ],
)  # fmt: skip
def test_what_is_refused(service_name, name, params, message):
    with pytest.raises(ParamValidationError) as caught:
        sent(service_name, name, params)
    assert str(caught.value) == message


@pytest.mark.parametrize("params", [{"Bucket": 5}, {"CopySource": 5}, {"Metadata": "x"}, {"UserData": 5}])
def test_wrong_types_are_left_to_validation(params):
    assert sent("s3", "CopyObject", params) == params
