"""Built-ins from settings; the facts that stand in code are compared with botocore's endpoints.json."""

import json
from pathlib import Path
from typing import Any

import botocore
import pytest

from awsmini.config.builtins import (
    GLOBAL_PREFIXES,
    EndpointSettings,
    builtins,
    is_accelerate_url,
    is_arn,
    rules_region,
    signing_region,
)
from awsmini.config.regions import InvalidRegionError
from awsmini.errors import EndpointError, NoRegionError
from awsmini.model.load import ModelFinder
from awsmini.model.shapes import ServiceModel


def test_global_services_are_those_of_botocore() -> None:
    endpoints = json.loads((Path(botocore.__file__).parent / "data" / "endpoints.json").read_bytes())
    services: dict[str, Any] = endpoints["partitions"][0]["services"]
    assert {name for name, service in services.items() if "partitionEndpoint" in service} == GLOBAL_PREFIXES


@pytest.mark.parametrize(
    ("prefix", "region", "url", "rules", "signed"),
    [
        ("ec2", "eu-west-1", None, "eu-west-1", "eu-west-1"),
        ("ec2", "eu-west-1", "http://h", "eu-west-1", "eu-west-1"),
        ("ec2", "fips-us-east-1", None, "us-east-1", "us-east-1"),
        ("iam", None, None, "aws-global", "us-east-1"),
        ("iam", None, "http://h", None, None),
        ("iam", "aws-global", None, "aws-global", "us-east-1"),
        ("iam", "aws-global", "http://h", "aws-global", "aws-global"),
        ("s3", None, None, "aws-global", "us-east-1"),
        ("s3", None, "http://h", "aws-global", "us-east-1"),
        ("ec2", "aws-global", None, "aws-global", "aws-global"),
        ("health", "eu-west-1", None, "eu-west-1", "us-east-1"),
        ("health", "us-east-2", None, "us-east-2", "us-east-2"),
        ("health", "cn-north-1", None, "cn-north-1", "cn-northwest-1"),
        ("health", "us-gov-east-1", None, "us-gov-east-1", "us-gov-east-1"),
        ("health", "eu-west-1", "http://h", "eu-west-1", "eu-west-1"),
    ],
)
def test_regions(prefix: str, region: str | None, url: str | None, rules: str | None, signed: str | None) -> None:
    settings = EndpointSettings(region=region, endpoint_url=url)
    assert rules_region(prefix, settings) == rules
    assert signing_region(prefix, settings) == signed


def test_a_region_is_needed() -> None:
    with pytest.raises(NoRegionError):
        rules_region("ec2", EndpointSettings())


@pytest.mark.parametrize(
    ("prefix", "url", "rules"), [("ec2", "http://h", ""), ("iam", None, "aws-global"), ("iam", "http://h", "")]
)
def test_an_empty_region_is_none_of_the_others(prefix: str, url: str | None, rules: str) -> None:
    assert rules_region(prefix, EndpointSettings(region="", endpoint_url=url)) == rules


@pytest.mark.parametrize("prefix", ["ec2", "s3", "sts"])
def test_an_empty_region_has_no_endpoints(prefix: str) -> None:
    with pytest.raises(EndpointError, match=rf"^Invalid endpoint: https://{prefix}\.\.amazonaws\.com$"):
        rules_region(prefix, EndpointSettings(region=""))


@pytest.mark.parametrize("region", ["a b", "-a", "a_b", "12", "a.b", "é", "a" * 64])
def test_bad_regions(region: str) -> None:
    with pytest.raises(InvalidRegionError, match="doesn't match a supported format") as caught:
        rules_region("ec2", EndpointSettings(region=region))
    assert caught.value.exit_code == 255


def made(name: str, **settings: Any) -> dict[str, Any]:
    model = ServiceModel(ModelFinder({"HOME": "/nonexistent"}).lines(name))
    return builtins(model, EndpointSettings(**{"region": "eu-west-1", **settings}))


def test_a_custom_endpoint_turns_fips_and_dualstack_off() -> None:
    given = {"use_fips": True, "use_dualstack": True}
    assert [made("sts", **given)[name] for name in ("AWS::UseFIPS", "AWS::UseDualStack")] == [True, True]
    behind = made("sts", **given, endpoint_url="http://h")
    assert [behind[name] for name in ("AWS::UseFIPS", "AWS::UseDualStack")] == [False, False]


def test_dualstack_of_the_section_s3_is_for_s3_alone() -> None:
    for name, used in {"s3": True, "s3control": True, "sts": False}.items():
        assert made(name, s3_use_dualstack=True)["AWS::UseDualStack"] is used
    assert made("s3", use_dualstack=True)["AWS::UseDualStack"] is True


@pytest.mark.parametrize(
    ("given", "s3", "s3_control"), [(None, True, False), (True, True, True), (False, False, False)]
)
def test_arn_regions(given: bool | None, s3: bool, s3_control: bool) -> None:
    built_ins = made("s3", use_arn_region=given)
    assert (built_ins["AWS::S3::UseArnRegion"], built_ins["AWS::S3Control::UseArnRegion"]) == (s3, s3_control)


def test_account_ids_are_left_out_without_signatures() -> None:
    def account_id() -> str:
        return "123456789012"

    assert made("dynamodb", account_id=account_id)["AWS::Auth::AccountId"] is account_id
    unsigned = made("dynamodb", account_id=account_id, account_id_mode="required", sign=False)
    assert unsigned["AWS::Auth::AccountId"] is None
    assert unsigned["AWS::Auth::AccountIdEndpointMode"] == "disabled"


@pytest.mark.parametrize(
    ("url", "accelerates"),
    [
        ("https://s3-accelerate.amazonaws.com", True),
        ("http://s3-accelerate.dualstack.amazonaws.com", True),
        ("https://s3-accelerate.other.amazonaws.com", False),
        ("https://s3.amazonaws.com", False),
        ("ftp://s3-accelerate.amazonaws.com", False),
    ],
)
def test_accelerate_urls(url: str, accelerates: bool) -> None:
    assert is_accelerate_url(url) is accelerates


@pytest.mark.parametrize(
    ("value", "answer"), [("arn:aws:s3:::b", True), ("arn:aws:s3::b", False), ("bucket", False), (None, False)]
)
def test_arns(value: object, answer: bool) -> None:
    assert is_arn(value) is answer
