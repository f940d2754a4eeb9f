"""AWS's own cases for the endpoint rules of every service (`tests/functional/endpoint-rules` of botocore's sdist).

Each case gives parameters and the endpoint or the error that must come of them. Some give operations too, with
their input and built-ins; those are followed from the operation, and once more from the settings a user has.
"""

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from awsmini.config.builtins import EndpointSettings, builtins, client_context, for_operation
from awsmini.config.endpoint import endpoint_for, parameters, resolve
from awsmini.errors import AwsminiError, EndpointError
from awsmini.model.build import IN_CLI_ALONE
from awsmini.model.load import ModelFinder, data, services
from awsmini.model.shapes import ServiceModel

SERVICES = [name for name in services() if name not in IN_CLI_ALONE]  # those that botocore has cases for


@pytest.fixture(scope="module")
def suites(botocore_sdist: Path) -> Path:
    return botocore_sdist / "tests" / "functional" / "endpoint-rules"


@cache
def partitions() -> Any:
    return data("partitions.json")


def cases(folder: Path, service_name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / service_name / "endpoint-tests-1.json").read_bytes())[
        "testCases"
    ]
    return found


def service_model(service_name: str) -> ServiceModel:
    return ServiceModel(ModelFinder({**os.environ, "AWS_DATA_PATH": "", "HOME": "/nonexistent"}).lines(service_name))


def expected(case: dict[str, Any]) -> Any:
    """The endpoint as (url, headers, properties), or the error's message."""
    if "error" in case["expect"]:
        return case["expect"]["error"]
    endpoint = case["expect"]["endpoint"]
    return endpoint["url"], endpoint.get("headers", {}), endpoint.get("properties", {})


def answered(rule_set: Any, params: dict[str, Any]) -> Any:
    try:
        endpoint = resolve(rule_set, partitions(), params)
    except EndpointError as error:
        return str(error)
    return endpoint.url, endpoint.headers, endpoint.properties


@pytest.mark.parametrize("service_name", SERVICES)
def test_rules(suites: Path, service_name: str) -> None:
    rule_set = service_model(service_name).endpoint_rule_set
    found = cases(suites, service_name)
    assert found
    for case in found:
        assert answered(rule_set, case.get("params", {})) == expected(case), case.get("documentation")


def operation_cases(folder: Path, service_name: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each case that has operations, with each of its operations."""
    for case in cases(folder, service_name):
        for operation_input in case.get("operationInputs", []):
            yield case, operation_input


# Service to how many operations its cases give, and how many of these a user's settings can bring about.
WITH_OPERATIONS = {
    "dynamodb": (178, 160), "events": (1, 1), "kinesis": (53, 53), "opensearchmemory": (4, 4), "s3": (215, 180),
    "s3control": (187, 171), "sts": (18, 0),
}  # fmt: skip


@pytest.mark.parametrize("service_name", WITH_OPERATIONS)
def test_operations(suites: Path, service_name: str) -> None:
    model = service_model(service_name)
    tried = 0
    for case, given in operation_cases(suites, service_name):
        operation = model.operation_model(given["operationName"])
        params = parameters(operation, given.get("operationParams", {}), given["builtInParams"])
        assert answered(model.endpoint_rule_set, params) == expected(case), case.get("documentation")
        tried += 1
    assert tried == WITH_OPERATIONS[service_name][0]


def test_no_other_service_has_operations(suites: Path) -> None:
    assert {name for name in SERVICES if any(operation_cases(suites, name))} == set(WITH_OPERATIONS)


def settings(built_ins: dict[str, Any]) -> EndpointSettings:
    """The settings that give these built-ins."""
    use_arn_region = built_ins.get("AWS::S3::UseArnRegion", built_ins.get("AWS::S3Control::UseArnRegion", True))
    return EndpointSettings(
        region=built_ins.get("AWS::Region"),
        endpoint_url=built_ins.get("SDK::Endpoint"),
        use_fips=built_ins.get("AWS::UseFIPS", False),
        use_dualstack=built_ins.get("AWS::UseDualStack", False),
        account_id=lambda: built_ins.get("AWS::Auth::AccountId"),
        account_id_mode=built_ins.get("AWS::Auth::AccountIdEndpointMode", "preferred"),
        addressing_style="path" if built_ins.get("AWS::S3::ForcePathStyle") else "virtual",
        use_accelerate=built_ins.get("AWS::S3::Accelerate", False),
        use_arn_region=use_arn_region,
        disable_multiregion_access_points=built_ins.get("AWS::S3::DisableMultiRegionAccessPoints", False),
    )


def is_settable(built_ins: dict[str, Any], api_params: dict[str, Any]) -> bool:
    """Whether settings of AWS CLI v2 can bring about what a case is about."""
    if built_ins.get("AWS::STS::UseGlobalEndpoint") or built_ins.get("AWS::S3::UseGlobalEndpoint"):
        return False  # never used
    if "SDK::Endpoint" in built_ins and (built_ins.get("AWS::UseFIPS") or built_ins.get("AWS::UseDualStack")):
        return False  # a custom endpoint switches both off before the rules object
    if built_ins.get("AWS::S3::ForcePathStyle"):
        # So do accelerate and ARNs with path style.
        return not (built_ins.get("AWS::S3::Accelerate") or api_params.get("Bucket", "").startswith("arn:"))
    return True


@pytest.mark.parametrize("service_name", WITH_OPERATIONS)
def test_settings(suites: Path, service_name: str) -> None:
    model = service_model(service_name)
    tried = 0
    for case, given in operation_cases(suites, service_name):
        built_ins, api_params = given["builtInParams"], given.get("operationParams", {})
        if not is_settable(built_ins, api_params):
            continue
        tried += 1
        operation = model.operation_model(given["operationName"])
        chosen = settings(built_ins)
        try:
            made = for_operation(builtins(model, chosen), operation, api_params)
            endpoint = endpoint_for(operation, api_params, made, partitions(), client_context(model, chosen))
            outcome: Any = (endpoint.url, endpoint.headers, endpoint.properties)
        except AwsminiError as error:
            outcome = str(error)
        want = expected(case)
        if isinstance(want, str):
            assert isinstance(outcome, str), case["documentation"]
            assert outcome.endswith(want) or outcome.startswith("Invalid host label"), case["documentation"]
        else:
            assert outcome == want, case["documentation"]
    assert tried == WITH_OPERATIONS[service_name][1]
