"""Which custom endpoint applies: the flag, the environment, the services section, the profile."""

from pathlib import Path

import pytest

from awsmini.config.settings import Settings
from awsmini.errors import AwsminiError
from awsmini.model.load import services

CONFIG = """
[default]
services = mine
endpoint_url = http://profile

[profile nope]
services = nope
endpoint_url = http://profile

[services mine]
cloudwatch_logs =
  endpoint_url = http://section
s3 =
  addressing_style = path
"""
ENV = {"AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": "http://service-env", "AWS_ENDPOINT_URL": "http://global-env"}


@pytest.fixture
def chosen(tmp_path: Path):
    config = tmp_path / "config"
    config.write_text(CONFIG)

    def choose(service: str, env: dict[str, str] | None = None, **flags: str) -> str | None:
        settings = Settings({"HOME": str(tmp_path), "AWS_CONFIG_FILE": str(config), **(env or {})}, flags)
        return settings.endpoint_url(services()[service]["id"]).value

    return choose


def test_the_order(chosen) -> None:
    assert chosen("logs", ENV, endpoint_url="http://flag") == "http://flag"
    assert chosen("logs", ENV) == "http://service-env"
    assert chosen("sts", ENV) == "http://global-env"
    assert chosen("logs", {**ENV, "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": ""}) == "http://global-env"
    assert chosen("logs") == "http://section"
    assert chosen("sts") == "http://profile"
    assert chosen("s3") == "http://profile"


@pytest.mark.parametrize(
    ("service", "variable"),
    [
        ("logs", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"),
        ("events", "AWS_ENDPOINT_URL_EVENTBRIDGE"),
        ("elbv2", "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2"),
        ("stepfunctions", "AWS_ENDPOINT_URL_SFN"),
        ("ce", "AWS_ENDPOINT_URL_COST_EXPLORER"),
        ("apigatewayv2", "AWS_ENDPOINT_URL_APIGATEWAYV2"),
    ],
)
def test_names_of_variables(chosen, service: str, variable: str) -> None:
    assert chosen(service, {variable: "http://x"}) == "http://x"


def test_the_variable_has_not_the_name_of_the_command(chosen) -> None:
    assert chosen("logs", {"AWS_ENDPOINT_URL_LOGS": "http://x"}) == "http://section"


def test_ignoring_spares_the_flag(chosen) -> None:
    ignoring = {**ENV, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}
    assert chosen("logs", ignoring) is None
    assert chosen("logs", ignoring, endpoint_url="http://flag") == "http://flag"


def test_a_services_section_that_is_not_there(chosen) -> None:
    with pytest.raises(AwsminiError) as caught:
        chosen("sts", {"AWS_PROFILE": "nope"})
    assert str(caught.value) == (
        'The profile is configured to use the services section but the "nope" services configuration does not exist.'
    )
    assert caught.value.exit_code == 255
    assert chosen("sts", {"AWS_PROFILE": "nope"}, endpoint_url="http://flag") == "http://flag"
    assert chosen("sts", {"AWS_PROFILE": "nope", **ENV}) == "http://global-env"
    assert chosen("sts", {"AWS_PROFILE": "nope", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}) is None
