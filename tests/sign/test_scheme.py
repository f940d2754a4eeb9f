"""The choice of a signature: tables, and botocore's own choice for every operation in the same process."""

import os
from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore
import botocore.session
import pytest
from botocore.auth import AUTH_TYPE_MAPS

from awsmini.config.builtins import EndpointSettings, builtins, client_context
from awsmini.config.endpoint import endpoint_for
from awsmini.errors import AwsminiError, NoRegionError
from awsmini.model.build import IN_CLI_ALONE, service_lines
from awsmini.model.load import ModelFinder, ModelLines, data, services
from awsmini.model.shapes import OperationModel, ServiceModel
from awsmini.records import Endpoint, Scope
from awsmini.sign.scheme import UnknownSignatureError, bearer_variable, choose_scope
from tests.oracle import takes_every

PARTITIONS = data("partitions.json")


@cache
def service_model(name: str) -> ServiceModel:
    return ServiceModel(ModelFinder({**os.environ, "AWS_DATA_PATH": "", "HOME": "/nonexistent"}).lines(name))


# Tables --------------------------------------------------------------------------------------------------------


def endpoint(*schemes: dict[str, Any]) -> Endpoint:
    return Endpoint(url="https://h", properties={"authSchemes": list(schemes)} if schemes else {})


def chosen(service: str, operation: str, *schemes: dict[str, Any], **settings: Any) -> Scope:
    given = EndpointSettings(**{"region": "eu-west-1", **settings})
    return choose_scope(service_model(service).operation_model(operation), endpoint(*schemes), given)


V4 = {"name": "sigv4", "signingName": "name", "signingRegion": "us-west-2"}
V4A = {"name": "sigv4a", "signingName": "name", "signingRegionSet": ["*"]}
S3_V4 = {"name": "sigv4", "signingName": "s3", "signingRegion": "eu-west-1", "disableDoubleEncoding": True}
EXPRESS = {"name": "sigv4-s3express", "signingName": "s3express", "signingRegion": "eu-west-1"}

SCOPES: list[tuple[str, str, tuple[dict[str, Any], ...], dict[str, Any], Scope]] = [
    ("kinesisvideo", "ListStreams", (), {}, Scope(auth="v4", region="eu-west-1", service="kinesisvideo")),
    ("kinesisvideo", "ListStreams", (V4,), {}, Scope(auth="v4", region="us-west-2", service="name")),
    ("kinesisvideo", "ListStreams", ({"name": "aws.auth#sigv4"},), {},
     Scope(auth="v4", region="eu-west-1", service="kinesisvideo")),
    ("kinesisvideo", "ListStreams", (V4,), {"sign": False}, Scope(auth="none")),
    ("bedrock-runtime", "Converse", (), {}, Scope(auth="v4", region="eu-west-1", service="bedrock")),
    ("bedrock-runtime", "Converse", (), {"has_bearer_token": True}, Scope(auth="bearer")),
    ("bedrock-runtime", "Converse", (), {"has_bearer_token": True, "sign": False}, Scope(auth="none")),
    ("bedrock-runtime", "Converse", (), {"auth_scheme_preference": "httpBearerAuth, sigv4"}, Scope(auth="bearer")),
    ("kinesisvideo", "ListStreams", (), {"has_bearer_token": True},
     Scope(auth="v4", region="eu-west-1", service="kinesisvideo")),
    ("codecatalyst", "ListSpaces", (), {}, Scope(auth="bearer")),
    ("sdb", "ListDomains", (), {}, Scope(auth="v2", region="eu-west-1", service="sdb")),
    ("importexport", "ListJobs", (), {"region": "us-east-1"},
     Scope(auth="v4", region="us-east-1", service="IngestionService")),
    ("cognito-idp", "InitiateAuth", (V4,), {}, Scope(auth="none")),
    ("sts", "AssumeRoleWithWebIdentity", (), {"region": None}, Scope(auth="none")),
    ("sso", "GetRoleCredentials", (), {}, Scope(auth="none")),
    ("ebs", "PutSnapshotBlock", (), {}, Scope(auth="v4", region="eu-west-1", service="ebs", unsigned_payload=True)),
    ("ebs", "PutSnapshotBlock", (V4,), {}, Scope(auth="v4", region="us-west-2", service="name", unsigned_payload=True)),
    ("sts", "GetCallerIdentity", (), {"signature_version": "v2"}, Scope(auth="v2", region="eu-west-1", service="sts")),
    ("s3", "ListBuckets", (S3_V4,), {}, Scope(auth="s3v4", region="eu-west-1", service="s3", double_encode=False)),
    ("s3", "PutObject", (S3_V4,), {},
     Scope(auth="s3v4", region="eu-west-1", service="s3", double_encode=False, unsigned_stream=True)),
    ("s3", "PutObject", (S3_V4,), {"payload_signing": True},
     Scope(auth="s3v4", region="eu-west-1", service="s3", double_encode=False)),
    ("s3", "ListBuckets", (S3_V4,), {"payload_signing": False},
     Scope(auth="s3v4", region="eu-west-1", service="s3", double_encode=False, unsigned_payload=True)),
    ("s3", "GetObject", (EXPRESS,), {}, Scope(auth="s3express", region="eu-west-1", service="s3express", double_encode=False)),
    ("s3", "GetObject", (EXPRESS,), {"auth_scheme_preference": "sigv4a"},
     Scope(auth="s3express", region="eu-west-1", service="s3express", double_encode=False)),
    ("s3", "GetObject", (), {}, Scope(auth="s3v4", region="eu-west-1", service="s3", double_encode=False)),
    ("s3outposts", "ListEndpoints", (), {}, Scope(auth="v4", region="eu-west-1", service="s3-outposts")),
    ("s3control", "GetAccessPoint", (), {}, Scope(auth="s3v4", region="eu-west-1", service="s3", double_encode=False)),
]  # fmt: skip


@pytest.mark.parametrize(("service", "operation", "schemes", "settings", "scope"), SCOPES)
def test_scopes(service: str, operation: str, schemes: Any, settings: dict[str, Any], scope: Scope) -> None:
    assert chosen(service, operation, *schemes, **settings) == scope


ASYMMETRIC = Scope(auth="v4a", region="*", service="name")
SYMMETRIC = Scope(auth="v4", region="us-west-2", service="name")


@pytest.mark.parametrize(
    ("schemes", "settings", "scope"),
    [
        ((V4A,), {}, ASYMMETRIC),
        ((V4A, V4), {}, ASYMMETRIC),
        ((V4, V4A), {}, SYMMETRIC),
        ((V4, V4A), {"auth_scheme_preference": "other,sigv4a"}, ASYMMETRIC),
        ((V4A, V4), {"auth_scheme_preference": " sigv4 ,sigv4a"}, SYMMETRIC),
        (
            (V4A,),
            {"sigv4a_region_set": "us-east-1,us-west-2"},
            Scope(auth="v4a", region="us-east-1,us-west-2", service="name"),
        ),
        ((V4,), {"sigv4a_region_set": "us-east-1"}, SYMMETRIC),
    ],
)
def test_asymmetric_signatures(schemes: Any, settings: dict[str, Any], scope: Scope) -> None:
    assert chosen("kinesisvideo", "ListStreams", *schemes, **settings) == scope


def test_asymmetric_services() -> None:
    scope = Scope(auth="v4a", region="*", service="sustainability")
    assert chosen("sustainability", "GetEstimatedCarbonEmissions") == scope
    wanted = chosen("sustainability", "GetEstimatedCarbonEmissions", auth_scheme_preference="sigv4")
    assert wanted == Scope(auth="v4", region="eu-west-1", service="sustainability")


def test_multi_region_access_points_are_signed_as_sent() -> None:
    multi = {"name": "sigv4a", "signingName": "s3", "signingRegionSet": ["*"], "disableDoubleEncoding": True}
    assert chosen("s3", "ListBuckets", multi) == Scope(auth="v4a", region="*", service="s3", double_encode=False)


def traited(**traits: Any) -> OperationModel:
    files: dict[str, Any] = {
        "service-2": {
            "metadata": {"endpointPrefix": "thing", "protocol": "json", "apiVersion": "1", "signatureVersion": "v4"},
            "operations": {"Do": traits},
            "shapes": {},
        }
    }
    return ServiceModel(ModelLines("thing", service_lines("thing", files.get))).operation_model("Do")


@pytest.mark.parametrize(
    ("traits", "auth"),
    [
        ({}, "v4"),
        ({"auth": ["smithy.api#httpBearerAuth", "aws.auth#sigv4"]}, "bearer"),
        ({"auth": ["aws.auth#sigv4", "smithy.api#httpBearerAuth"]}, "v4"),
        ({"auth": ["aws.auth#sigv4"], "authtype": "none"}, "none"),
        ({"auth": ["aws.auth#other", "aws.auth#sigv4"]}, "v4"),
        ({"authtype": "bearer"}, "bearer"),
        ({"authtype": "v4-unsigned-body"}, "v4"),
        ({"authtype": "v4"}, "v4"),
    ],
)
def test_traits_of_operations(traits: dict[str, Any], auth: str) -> None:
    assert choose_scope(traited(**traits), endpoint(), EndpointSettings(region="eu-west-1")).auth == auth


@pytest.mark.parametrize(
    ("traits", "schemes", "settings"),
    [
        ({"authtype": "v9"}, (), {}),
        ({"auth": ["aws.auth#other"]}, (), {}),
        ({}, ({"name": "sigv9"},), {}),
        ({}, (), {"signature_version": "v9"}),
    ],
)
def test_nothing_known(traits: dict[str, Any], schemes: Any, settings: dict[str, Any]) -> None:
    with pytest.raises(UnknownSignatureError):
        choose_scope(traited(**traits), endpoint(*schemes), EndpointSettings(region="eu-west-1", **settings))


def test_a_signature_needs_a_region() -> None:
    with pytest.raises(NoRegionError):
        chosen("iam", "ListUsers", region=None, endpoint_url="http://h")
    assert chosen("iam", "ListUsers", region=None).region == "us-east-1"


def test_the_variable_for_bearer_tokens() -> None:
    assert bearer_variable(service_model("bedrock")) == "AWS_BEARER_TOKEN_BEDROCK"
    assert bearer_variable(service_model("bedrock-runtime")) == "AWS_BEARER_TOKEN_BEDROCK"
    assert bearer_variable(service_model("s3")) is None


# botocore ------------------------------------------------------------------------------------------------------

# Where AWS CLI v2 and this choice part from botocore on purpose: operations whose model says that they take no
# signature stay unsigned wherever the endpoint is.
UNSIGNED_EVERYWHERE = {("signin", "CreateOAuth2TokenWithTokenExchange")}

# A service of the partition `aws` alone, whose name in signatures botocore knows from where it is.
NOT_THERE = {("importexport", "us-gov-west-1"), ("importexport", "us-iso-east-1")}

Outcome = tuple[str, ...]


@pytest.fixture(scope="module")
def session() -> Iterator[botocore.session.Session]:
    settings = {
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_CONFIG_FILE": "/nonexistent",
        "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_STS_REGIONAL_ENDPOINTS": "regional",
        "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT": "regional",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        for name, value in settings.items():
            patch.setenv(name, value)
        for name in ("v4a", "s3v4a"):
            patch.setitem(AUTH_TYPE_MAPS, name, object)  # as if awscrt were there
        yield botocore.session.Session()


def of_botocore(client: Any, operation_name: str, params: dict[str, Any]) -> Outcome:
    """What botocore would sign with: the steps of its `_make_api_call` and `RequestSigner.sign` up to the signature."""
    operation = client._service_model.operation_model(operation_name)
    context = {
        "client_region": client.meta.region_name,
        "client_config": client.meta.config,
        "has_streaming_input": operation.has_streaming_input,
        "auth_type": operation.resolved_auth_type,
        "unsigned_payload": operation.unsigned_payload,
        "auth_options": client._service_model.metadata.get("auth"),
    }
    try:
        url, _, _ = client._resolve_endpoint_ruleset(operation, params, context)
        signer = client._request_signer
        version = signer._choose_signer(operation_name, "standard", context)
    except Exception:  # whatever botocore has against it
        return ("refused",)
    if version is botocore.UNSIGNED:
        return (url, "none")
    if version == "bearer":
        return (url, "bearer")
    signing = context.get("signing") or {}
    region = signing.get("region") or signer._region_name
    if not region:
        return ("refused",)
    unsigned = not context.get("payload_signing_enabled", True)
    return (url, version, region, signing.get("signing_name") or signer._signing_name, str(unsigned))


def of_awsmini(operation: OperationModel, params: dict[str, Any], settings: EndpointSettings) -> Outcome:
    model = operation.service_model
    try:
        found = endpoint_for(operation, params, builtins(model, settings), PARTITIONS, client_context(model, settings))
        scope = choose_scope(operation, found, settings)
    except AwsminiError:
        return ("refused",)
    if scope.auth in ("none", "bearer"):
        return (found.url, scope.auth)
    # What S3 does about payloads botocore decides when it signs; the tables above have it.
    unsigned = operation.unsigned_payload if operation.service_model.endpoint_prefix == "s3" else scope.unsigned_payload
    return (found.url, scope.auth, scope.region, scope.service, str(unsigned))


def compare(session: botocore.session.Session, name: str, region: str | None, url: str | None) -> int:
    """Compare all operations of one service; the number of them."""
    model = service_model(name)
    try:
        client = session.create_client(name, region_name=region, endpoint_url=url)
    except botocore.exceptions.NoRegionError:
        client = None
    settings = EndpointSettings(region=region, endpoint_url=url)
    params = {"AccountId": "123456789012"} if name == "s3control" else {}
    # botocore calls keys() on what is not there.
    given = {"BatchGetItem": {"RequestItems": {"t": {}}}, "BatchWriteItem": {"RequestItems": {"t": []}}}
    for api_name in model.operation_names:
        if (name, api_name) in UNSIGNED_EVERYWHERE or (
            client and api_name not in client.meta.service_model.operation_names
        ):
            continue  # AWS CLI v2's models have a few operations that botocore has not
        call = {**params, **given.get(api_name, {})}
        theirs = of_botocore(client, api_name, call) if client else ("refused",)
        assert of_awsmini(model.operation_model(api_name), call, settings) == theirs, api_name
    return len(model.operation_names)


# Services whose choice is not the plain one.
SPECIAL = (
    "bedrock-runtime", "cognito-idp", "dynamodb", "ebs", "events", "health", "iam", "importexport", "route53", "s3",
    "s3control", "s3outposts", "sdb", "sso", "sts",
)  # fmt: skip
PLACES = [("eu-west-1", None), ("us-east-1", "http://127.0.0.1:1"), (None, None), (None, "http://127.0.0.1:1")]


@pytest.mark.parametrize(("region", "url"), PLACES)
@pytest.mark.parametrize("name", SPECIAL)
def test_special_services_as_botocore(session: Any, name: str, region: str | None, url: str | None) -> None:
    assert compare(session, name, region, url)


@pytest.mark.every
@pytest.mark.parametrize(
    ("region", "url"),
    [
        *PLACES,
        ("us-west-2", None),
        ("ap-southeast-2", None),
        ("aws-global", None),
        ("us-gov-west-1", None),
        ("us-iso-east-1", None),
    ],
)
def test_every_operation_as_botocore(pytestconfig: Any, session: Any, region: str | None, url: str | None) -> None:
    share = 1 if takes_every(pytestconfig) else 15
    known = [name for name in services() if name not in IN_CLI_ALONE]
    names = [name for name in known[::share] if (name, region) not in NOT_THERE]
    assert sum(compare(session, name, region, url) for name in names) > (18_000 if share == 1 else 1_000)


def test_all_of_botocores_v4_schemes_are_known() -> None:
    kinds = {name.removesuffix("-query").removesuffix("-presign-post") for name in AUTH_TYPE_MAPS if "v4" in name}
    assert kinds <= {"v4", "s3v4", "v4-s3express", "v4a", "s3v4a"}
