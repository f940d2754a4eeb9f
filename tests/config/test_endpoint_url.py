"""Which custom endpoint applies: the flag, the environment, the services section, the profile."""

from typing import Any

import pytest

from awsmini.config.endpoint_url import MissingServicesSectionError, configured_endpoint_url, snake_case_id
from awsmini.model.load import services

ENV = {"AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": "http://service-env", "AWS_ENDPOINT_URL": "http://global-env"}
PROFILE = {"services": "mine", "endpoint_url": "http://profile"}
SECTIONS: dict[str, dict[str, Any]] = {"mine": {"cloudwatch_logs": {"endpoint_url": "http://section"}, "s3": "text"}}


def chosen(
    flag: str | None = None, env: dict[str, str] | None = None, service_id: str = "CloudWatch Logs", **given: Any
) -> Any:
    return configured_endpoint_url(
        service_id=service_id, flag=flag, env=env or {}, **{"profile": PROFILE, "services": SECTIONS, **given}
    )


def test_the_order() -> None:
    assert chosen("http://flag", ENV) == "http://flag"
    assert chosen(None, ENV) == "http://service-env"
    assert chosen(None, ENV, service_id="STS") == "http://global-env"
    assert chosen(None, {**ENV, "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": ""}) == "http://global-env"
    assert chosen() == "http://section"
    assert chosen(service_id="STS") == "http://profile"
    assert chosen(service_id="S3") == "http://profile"
    assert chosen(profile={}) is None


def test_the_variable_has_the_service_id_and_not_the_name_of_the_command() -> None:
    assert chosen(None, {"AWS_ENDPOINT_URL_LOGS": "http://x"}, profile={}) is None


def test_ignoring_spares_the_flag() -> None:
    assert chosen(None, ENV, ignore=True) is None
    assert chosen("http://flag", ENV, ignore=True) == "http://flag"


def test_a_services_section_that_is_not_there() -> None:
    nope = {"services": "nope", "endpoint_url": "http://profile"}
    with pytest.raises(MissingServicesSectionError) as caught:
        chosen(profile=nope)
    assert str(caught.value) == (
        'The profile is configured to use the services section but the "nope" services configuration does not exist.'
    )
    assert caught.value.exit_code == 255
    assert chosen("http://flag", profile=nope) == "http://flag"
    assert chosen(None, ENV, profile=nope) == "http://service-env"
    assert chosen(ignore=True, profile=nope) is None


@pytest.mark.parametrize(
    ("service", "name"),
    [
        ("logs", "cloudwatch_logs"),
        ("events", "eventbridge"),
        ("elbv2", "elastic_load_balancing_v2"),
        ("stepfunctions", "sfn"),
        ("ce", "cost_explorer"),
        ("apigatewayv2", "apigatewayv2"),
    ],
)
def test_names_of_services(service: str, name: str) -> None:
    assert snake_case_id(services()[service]["id"]) == name
