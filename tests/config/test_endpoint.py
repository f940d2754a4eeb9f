"""Endpoints from settings and calls. The table was seen with AWS CLI v2 (2.36.7, `--debug`)."""

import os
from functools import cache
from typing import Any

import pytest

from awsmini.config.builtins import EndpointSettings, builtins, client_context, for_operation
from awsmini.config.endpoint import endpoint_for, parameters, resolve
from awsmini.errors import EndpointError, NoRegionError, ParamValidationError
from awsmini.model.build import service_lines
from awsmini.model.load import ModelFinder, ModelLines, data
from awsmini.model.shapes import ServiceModel
from awsmini.records import Endpoint

ACCESS_POINT = "arn:aws:s3:eu-west-1:123456789012:accesspoint:ap"
OUTPOST = "arn:aws:s3-outposts:us-east-1:123456789012:outpost:op-01234567890123456:accesspoint:myap"
MULTI_REGION = "arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap"
PARTITIONS = data("partitions.json")


@cache
def service_model(name: str) -> ServiceModel:
    return ServiceModel(ModelFinder({**os.environ, "AWS_DATA_PATH": "", "HOME": "/nonexistent"}).lines(name))


def endpoint(
    name: str, api_name: str, params: dict[str, Any] | None = None, *, bucket_region: str | None = None, **settings: Any
) -> Endpoint:
    model = service_model(name)
    chosen = EndpointSettings(**{"region": "eu-west-1", **settings})
    operation = model.operation_model(api_name)
    built_ins = for_operation(builtins(model, chosen), operation, params or {}, bucket_region)
    return endpoint_for(operation, params or {}, built_ins, PARTITIONS, client_context(model, chosen))


BUCKETS: list[tuple[dict[str, Any], str, str]] = [
    ({}, "good", "https://good.s3.eu-west-1.amazonaws.com"),
    ({}, "a.b.c", "https://s3.eu-west-1.amazonaws.com/a.b.c"),
    ({}, "UPPER", "https://s3.eu-west-1.amazonaws.com/UPPER"),
    ({}, ACCESS_POINT, "https://ap-123456789012.s3-accesspoint.eu-west-1.amazonaws.com"),
    ({}, MULTI_REGION, "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com"),
    ({"endpoint_url": "http://127.0.0.1:1"}, "good", "http://127.0.0.1:1/good"),
    ({"endpoint_url": "http://localhost:1"}, "good", "http://localhost:1/good"),
    ({"addressing_style": "path"}, "good", "https://s3.eu-west-1.amazonaws.com/good"),
    ({"addressing_style": "path"}, ACCESS_POINT, "https://ap-123456789012.s3-accesspoint.eu-west-1.amazonaws.com"),
    ({"addressing_style": "auto"}, "good", "https://good.s3.eu-west-1.amazonaws.com"),
    ({"addressing_style": "virtual"}, "a.b.c", "https://s3.eu-west-1.amazonaws.com/a.b.c"),
    ({"addressing_style": "virtual", "endpoint_url": "http://127.0.0.1:1"}, "good", "http://127.0.0.1:1/good"),
    ({"addressing_style": "virtual", "endpoint_url": "http://localhost:1"}, "good", "http://good.localhost:1"),
    ({"use_accelerate": True}, "good", "https://good.s3-accelerate.amazonaws.com"),
    ({"use_accelerate": True, "addressing_style": "path"}, "good", "https://good.s3-accelerate.amazonaws.com"),
    ({"endpoint_url": "https://s3-accelerate.amazonaws.com"}, "good", "https://good.s3-accelerate.amazonaws.com"),
    ({"s3_use_dualstack": True}, "good", "https://good.s3.dualstack.eu-west-1.amazonaws.com"),
    ({"s3_use_dualstack": True, "endpoint_url": "http://localhost:1"}, "good", "http://localhost:1/good"),
    ({"region": None}, "good", "https://good.s3.amazonaws.com"),
    ({"region": None, "use_dualstack": True}, "good", "https://good.s3.dualstack.us-east-1.amazonaws.com"),
    ({"region": None, "endpoint_url": "http://localhost:1"}, "good", "http://localhost:1/good"),
    ({"region": "fips-us-east-1"}, "good", "https://good.s3-fips.us-east-1.amazonaws.com"),
    ({"bucket_region": "ap-south-1"}, "good", "https://good.s3.ap-south-1.amazonaws.com"),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "bucket", "url"), BUCKETS)
def test_buckets(settings: dict[str, Any], bucket: str, url: str) -> None:
    assert endpoint("s3", "HeadBucket", {"Bucket": bucket}, **settings).url == url


OTHERS: list[tuple[str, str, dict[str, Any], str]] = [
    ("s3", "GetBucketLocation", {"params": {"Bucket": "good"}}, "https://s3.eu-west-1.amazonaws.com/good"),
    ("sts", "GetCallerIdentity", {}, "https://sts.eu-west-1.amazonaws.com"),
    ("sts", "GetCallerIdentity", {"region": "us-east-1-fips"}, "https://sts-fips.us-east-1.amazonaws.com"),
    ("sts", "GetCallerIdentity", {"region": "us-iso-east-1", "use_fips": True}, "https://sts-fips.us-iso-east-1.c2s.ic.gov"),
    ("sts", "GetCallerIdentity", {"region": "aws-global"}, "https://sts.amazonaws.com"),
    ("sts", "GetCallerIdentity", {"region": None}, "https://sts.amazonaws.com"),
    ("sts", "GetCallerIdentity", {"use_fips": True, "endpoint_url": "http://127.0.0.1:1"}, "http://127.0.0.1:1"),
    ("sts", "GetCallerIdentity", {"use_dualstack": True}, "https://sts.eu-west-1.api.aws"),
    ("iam", "ListUsers", {"region": None}, "https://iam.amazonaws.com"),
    ("iam", "ListUsers", {}, "https://iam.amazonaws.com"),
    ("s3control", "GetAccessPoint", {"params": {"AccountId": "123456789012", "Name": OUTPOST}, "use_arn_region": True},
     "https://s3-outposts.us-east-1.amazonaws.com"),
    ("s3control", "GetAccessPoint", {"params": {"AccountId": "123456789012", "Name": "ap"}},
     "https://123456789012.s3-control.eu-west-1.amazonaws.com"),
    ("dynamodb", "ListTables", {"account_id": lambda: "123456789012"}, "https://123456789012.ddb.eu-west-1.amazonaws.com"),
    ("dynamodb", "ListTables", {"account_id": lambda: None}, "https://dynamodb.eu-west-1.amazonaws.com"),
    ("dynamodb", "ListTables", {}, "https://dynamodb.eu-west-1.amazonaws.com"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "api_name", "given", "url"), OTHERS)
def test_other_services(name: str, api_name: str, given: dict[str, Any], url: str) -> None:
    assert endpoint(name, api_name, **given).url == url


S3_FOREWORD = "Unsupported configuration when using S3 access-points: "
REFUSALS: list[tuple[str, str, dict[str, Any], str]] = [
    ("s3", "HeadBucket", {"params": {"Bucket": "a.b.c"}, "use_accelerate": True},
     "Path-style addressing cannot be used with S3 Accelerate"),
    ("s3", "HeadBucket", {"params": {"Bucket": ACCESS_POINT}, "use_accelerate": True},
     f"{S3_FOREWORD}Access Points do not support S3 Accelerate"),
    ("s3", "HeadBucket", {"params": {"Bucket": "good"}, "use_accelerate": True, "endpoint_url": "http://127.0.0.1:1"},
     "A custom endpoint cannot be combined with S3 Accelerate"),
    ("s3", "HeadBucket", {"params": {"Bucket": "good"}, "use_accelerate": True, "use_fips": True},
     "Unsupported configuration when using S3: Accelerate cannot be used with FIPS"),
    ("s3", "HeadBucket", {"params": {"Bucket": MULTI_REGION}, "disable_multiregion_access_points": True},
     f"{S3_FOREWORD}Invalid configuration: Multi-Region Access Point ARNs are disabled."),
    ("s3", "HeadBucket", {"params": {"Bucket": ACCESS_POINT}, "region": "us-east-1", "use_arn_region": False},
     f"{S3_FOREWORD}Invalid configuration: region from ARN `eu-west-1` does not match client region `us-east-1` "
     "and UseArnRegion is `false`"),
    ("s3", "HeadBucket", {"params": {"Bucket": "arn:aws:s3:us-east--:123456789012:accesspoint:ap"}},
     'Invalid host label to be bound to the hostname of the endpoint: "us-east--".'),
    ("s3control", "GetAccessPoint", {"params": {"AccountId": "123456789012", "Name": OUTPOST}},
     "Unsupported configuration when using S3 Control: Invalid configuration: region from ARN `us-east-1` does not "
     "match client region `eu-west-1` and UseArnRegion is `false`"),
    ("events", "PutEvents", {"params": {"Entries": [], "EndpointId": "a_b"}},
     "Invalid endpoint configuration: EndpointId must be a valid host label."),
    ("dynamodb", "ListTables", {"account_id_mode": "required"},
     "AccountIdEndpointMode is required but no AccountID was provided or able to be loaded"),
    ("sts", "GetCallerIdentity", {"endpoint_url": "localhost:5"}, "Invalid endpoint: localhost:5"),
    ("sts", "GetCallerIdentity", {"endpoint_url": "http://a b"}, "Invalid endpoint: http://a b"),
    ("sts", "GetCallerIdentity", {"endpoint_url": "http://[::1"}, "Invalid IPv6 URL"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "api_name", "given", "message"), REFUSALS)
def test_refusals(name: str, api_name: str, given: dict[str, Any], message: str) -> None:
    with pytest.raises(EndpointError) as caught:
        endpoint(name, api_name, **given)
    assert str(caught.value) == message
    assert caught.value.exit_code == 255


@pytest.mark.parametrize("name", ["dynamodb", "ec2", "kinesisvideo", "s3control"])
@pytest.mark.parametrize("url", [None, "http://127.0.0.1:1"])
def test_no_region(name: str, url: str | None) -> None:
    with pytest.raises(NoRegionError):
        builtins(service_model(name), EndpointSettings(endpoint_url=url))


def test_bad_arns_and_accounts_are_bad_parameters() -> None:
    with pytest.raises(ParamValidationError, match=r"^Parameter validation failed:\nInvalid ARN: "):
        endpoint("s3", "HeadBucket", {"Bucket": "arn:aws:s3:us-east-1:123456789012:accesspoint:"})
    with pytest.raises(ParamValidationError, match="AccountId is required but not set"):
        endpoint("s3control", "GetAccessPoint", {"Name": "ap"})


def test_the_account_is_asked_for_only_where_it_matters() -> None:
    asked: list[str] = []

    def account_id() -> str:
        asked.append("once")
        return "123456789012"

    endpoint("kinesisvideo", "ListStreams", account_id=account_id)
    endpoint("dynamodb", "ListTables", account_id=account_id, account_id_mode="disabled")
    endpoint("dynamodb", "ListTables", account_id=account_id, sign=False)
    assert not asked
    endpoint("dynamodb", "ListTables", account_id=account_id)
    assert asked == ["once"]


def test_directory_buckets() -> None:
    bucket = {"Bucket": "mybucket--use1-az1--x-s3"}
    express = endpoint("s3", "ListObjectsV2", bucket, region="us-east-1")
    assert express.url == "https://mybucket--use1-az1--x-s3.s3express-use1-az1.us-east-1.amazonaws.com"
    assert express.properties["authSchemes"][0]["name"] == "sigv4-s3express"
    disabled = endpoint("s3", "ListObjectsV2", bucket, region="us-east-1", disable_express_session_auth=True)
    assert disabled.properties["authSchemes"][0]["name"] == "sigv4"


def test_a_table_deep_in_the_input_names_the_account() -> None:
    arn = "arn:aws:dynamodb:eu-west-1:222222222222:table/t"
    url = "https://222222222222.ddb.eu-west-1.amazonaws.com"
    given: dict[str, Any] = {"account_id": lambda: "111111111111"}
    assert endpoint("dynamodb", "GetItem", {"TableName": arn}, **given).url == url
    assert endpoint("dynamodb", "BatchGetItem", {"RequestItems": {arn: {}}}, **given).url == url
    assert (
        endpoint("dynamodb", "TransactWriteItems", {"TransactItems": [{"Put": {"TableName": arn}}]}, **given).url == url
    )


def model_of(rule_set: dict[str, Any] | None, **operation: Any) -> ServiceModel:
    files: dict[str, Any] = {
        "service-2": {
            "metadata": {"endpointPrefix": "thing", "protocol": "json", "apiVersion": "1", "signatureVersion": "v4"},
            "operations": {
                "Do": {"input": {"shape": "In"}, "http": {"method": "POST", "requestUri": "/"}, **operation}
            },
            "shapes": {
                "In": {
                    "type": "structure",
                    "members": {"M": {"shape": "S", "contextParam": {"name": "P"}}, "N": {"shape": "S"}},
                },
                "S": {"type": "string"},
            },
        },
        "endpoint-rule-set-1": rule_set,
    }
    return ServiceModel(ModelLines("thing", service_lines("thing", files.get)))


def test_which_source_wins() -> None:
    rules = {"version": "1.0", "parameters": {"P": {"type": "string", "builtIn": "B"}}, "rules": []}
    call, context, built_ins = {"M": "member", "N": "path"}, {"P": "client"}, {"B": lambda: "built-in"}

    def value(model: ServiceModel, *given: Any) -> Any:
        return parameters(model.operation_model("Do"), *given).get("P")

    everything = model_of(
        rules, staticContextParams={"P": {"value": "fixed"}}, operationContextParams={"P": {"path": "N"}}
    )
    assert value(everything, call, built_ins, context) == "fixed"
    paths = model_of(rules, operationContextParams={"P": {"path": "N"}})
    assert value(paths, call, built_ins, context) == "member"
    assert value(paths, {"N": "path"}, built_ins, context) == "path"
    assert value(paths, {}, built_ins, context) == "client"
    assert value(paths, {}, built_ins) == "built-in"
    assert value(paths, {}, {}) is None


def test_a_model_without_rules_has_the_usual_host_name() -> None:
    model = model_of(None)

    def url(**settings: Any) -> str:
        return endpoint_for(
            model.operation_model("Do"), {}, builtins(model, EndpointSettings(**settings)), PARTITIONS
        ).url

    assert url(region="eu-west-1") == "https://thing.eu-west-1.amazonaws.com"
    assert url(region="cn-north-1") == "https://thing.cn-north-1.amazonaws.com.cn"
    assert url(region="eu-west-1", use_fips=True, use_dualstack=True) == "https://thing-fips.eu-west-1.api.aws"
    assert url(region="eu-west-1", use_fips=True, endpoint_url="http://localhost:1") == "http://localhost:1"


def rule_set(*rules: dict[str, Any], **params: dict[str, Any]) -> dict[str, Any]:
    return {"version": "1.0", "parameters": params, "rules": list(rules)}


def to(url: Any, *conditions: dict[str, Any]) -> dict[str, Any]:
    return {"type": "endpoint", "conditions": list(conditions), "endpoint": {"url": url}}


MALFORMED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (rule_set(), {"A": "x"}, "No endpoint found for parameters:\nA: x"),
    (rule_set(P={"type": "string", "required": True}), {}, "Cannot find value for required parameter P"),
    (rule_set(P={"type": "boolean"}), {"P": "true"}, "Value (P) is the wrong type. Must be <class 'bool'>."),
    (rule_set(to("https://{Nothing}")), {}, "The endpoint rules are malformed: KeyError('Nothing')"),
    (rule_set({"type": "endpoint"}), {}, "The endpoint rules are malformed: KeyError('conditions')"),
    (rule_set(to("x", {"fn": "conjure", "argv": []})), {}, "The endpoint rules use a function that is not known here: conjure"),
    (rule_set(to("x", {"fn": "isSet", "argv": [1, 2]})), {}, "The endpoint rules are malformed: TypeError"),
    (rule_set({"type": "error", "conditions": [], "error": "no {P}"}, P={"type": "string"}), {"P": "way"}, "no way"),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "params", "message"), MALFORMED)
def test_rules_that_give_no_endpoint(rules: dict[str, Any], params: dict[str, Any], message: str) -> None:
    with pytest.raises(EndpointError) as caught:
        resolve(rules, PARTITIONS, params)
    assert str(caught.value).startswith(message)


def test_defaults_assignments_and_branches() -> None:
    rules = rule_set(
        {
            "type": "tree",
            "conditions": [{"fn": "parseURL", "argv": ["http://h:1/p"], "assign": "url"}],
            "rules": [to("never", {"fn": "not", "argv": [{"fn": "isSet", "argv": [{"ref": "url"}]}]})],
        },
        {
            "type": "endpoint",
            "conditions": [{"fn": "not", "argv": [{"fn": "isSet", "argv": [{"ref": "url"}]}]}],
            "endpoint": {
                "url": "https://{P}.{{x}}",
                "headers": {"h": ["{P}", "plain"]},
                "properties": {"deep": [{"k": "{P}", "n": True}]},
            },
        },
        P={"type": "string", "default": "d"},
    )
    assert resolve(rules, PARTITIONS, {"P": None}) == Endpoint(
        url="https://d.{x}", headers={"h": ["d", "plain"]}, properties={"deep": [{"k": "d", "n": True}]}
    )
