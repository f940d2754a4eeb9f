"""ARNs for names. Messages as seen with AWS CLI v2."""

from typing import Any

import pytest

from awsmini.calls.customize import before_serialize
from awsmini.errors import EndpointError
from awsmini.services.small.s3control import with_arn_account
from tests.oracle import service_model

OUTPOST = "arn:aws:s3-outposts:us-east-1:123456789012:outpost:op-1"


def with_account(name: str, params: dict[str, Any]) -> Any:
    return with_arn_account(service_model("s3control").operation_model(name), params)


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
    assert with_account(name, params) == {**params, "AccountId": account}


def test_it_is_done_before_parameters_are_sent() -> None:
    operation = service_model("s3control").operation_model("GetAccessPoint")
    assert before_serialize(operation, {"Name": f"{OUTPOST}:accesspoint:ap"})["AccountId"] == "123456789012"


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"Name": "arn:aws:s3:us-east-1:1:accesspoint:ap"}, "The Name parameter does not support the provided ARN"),
        ({"Name": f"{OUTPOST}:bucket:b"}, "The Name parameter does not support the provided ARN"),
        ({"Bucket": f"{OUTPOST}:accesspoint:b"}, "The Bucket parameter does not support the provided ARN"),
        (
            {"Name": f"{OUTPOST}:accesspoint:ap", "AccountId": "9"},
            'Account ID in arn does not match the AccountId parameter provided: "9"',
        ),
        (
            {"Name": f"{OUTPOST}:accesspoint:ap".replace("us-east-1", "fips-us-east-1")},
            "Invalid ARN, FIPS region not allowed in ARN.",
        ),
    ],
)
def test_refused_arns(params: dict[str, Any], why: str) -> None:
    arn = params.get("Name") or params["Bucket"]
    with pytest.raises(EndpointError) as caught:
        with_account("GetAccessPoint", params)
    assert str(caught.value) == f'S3 ARN "{arn}" provided is invalid for this operation. {why}'
    assert caught.value.exit_code == 255
