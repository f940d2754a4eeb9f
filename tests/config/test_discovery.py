"""Endpoint discovery: when it is done, what is kept, and what happens when it fails."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from awsmini.config.discovery import (
    DiscoveryFailedError,
    DiscoveryModeError,
    DiscoveryRequiredError,
    EndpointDiscovery,
    discovery_mode,
    is_discovered,
    is_stale,
)
from awsmini.errors import EndpointConnectionError
from awsmini.model.build import service_lines
from awsmini.model.load import ModelFinder, ModelLines
from awsmini.model.shapes import OperationModel, ServiceModel


def model(name: str) -> ServiceModel:
    return ServiceModel(ModelFinder({"HOME": "/nonexistent"}).lines(name))


@pytest.mark.parametrize(("text", "mode"), [("true", "true"), (" Auto ", "auto"), ("FALSE", "false")])
def test_modes(text: str, mode: str) -> None:
    assert discovery_mode(text) == mode


def test_a_bad_mode() -> None:
    with pytest.raises(DiscoveryModeError) as caught:
        discovery_mode("foo")
    assert str(caught.value) == (
        "Unsupported configuration value for endpoint_discovery_enabled. "
        'Expected one of ("true", "false", "auto") but got foo.'
    )


@pytest.mark.parametrize(
    ("service", "operation", "mode", "asked"),
    [
        ("timestream-query", "ListScheduledQueries", "auto", True),
        ("timestream-query", "ListScheduledQueries", "true", True),
        ("dynamodb", "GetItem", "auto", False),
        ("dynamodb", "GetItem", "true", True),
        ("dynamodb", "GetItem", "false", False),
        ("timestream-query", "DescribeEndpoints", "true", False),
        ("kinesisvideo", "ListStreams", "true", False),
    ],
)
def test_which_operations_ask(service: str, operation: str, mode: str, asked: bool) -> None:
    assert is_discovered(model(service).operation_model(operation), mode) is asked


def test_required_but_switched_off() -> None:
    with pytest.raises(DiscoveryRequiredError, match="but this operation requires it"):
        is_discovered(model("timestream-query").operation_model("ListScheduledQueries"), "false")


@pytest.mark.parametrize(
    ("status", "code", "stale"), [(421, None, True), (400, "InvalidEndpointException", True), (400, "Other", False)]
)
def test_stale_answers(status: int, code: str | None, stale: bool) -> None:
    assert is_stale(status, code) is stale


class Service:
    """Answers discovery calls, numbering its endpoints, or fails to be reached; with a clock to turn."""

    def __init__(self, service_model: ServiceModel) -> None:
        self.time = datetime(2024, 1, 1, tzinfo=timezone.utc)
        self.reachable = True
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.discovery = EndpointDiscovery(service_model, self.describe, lambda: self.time)

    def describe(self, operation_name: str, params: dict[str, Any]) -> Mapping[str, Any]:
        self.calls.append((operation_name, params))
        if not self.reachable:
            raise EndpointConnectionError("https://nowhere")
        return {"Endpoints": [{"Address": f"cell{len(self.calls)}.example.com", "CachePeriodInMinutes": 10}]}

    def turn(self, **by: int) -> None:
        self.time += timedelta(**by)


REQUIRED = model("timestream-query").operation_model("ListScheduledQueries")
OPTIONAL = model("dynamodb").operation_model("GetItem")


def test_what_was_told_is_kept_for_its_time() -> None:
    service = Service(REQUIRED.service_model)
    assert service.discovery.url(REQUIRED, {}) == "https://cell1.example.com"
    service.turn(minutes=9)
    assert service.discovery.url(REQUIRED, {}) == "https://cell1.example.com"
    service.turn(minutes=2)
    assert service.discovery.url(REQUIRED, {}) == "https://cell2.example.com"
    service.discovery.forget(REQUIRED, {})
    assert service.discovery.url(REQUIRED, {}) == "https://cell3.example.com"
    assert service.calls == [("DescribeEndpoints", {})] * 3


def test_old_endpoints_serve_while_the_service_cannot_be_reached() -> None:
    service = Service(REQUIRED.service_model)
    service.discovery.url(REQUIRED, {})
    service.turn(minutes=11)
    service.reachable = False
    assert service.discovery.url(REQUIRED, {}) == "https://cell1.example.com"
    assert service.discovery.url(REQUIRED, {}) == "https://cell1.example.com"
    assert len(service.calls) == 2  # the second failure is not tried within a minute
    service.turn(minutes=2)
    service.reachable = True
    assert service.discovery.url(REQUIRED, {}) == "https://cell3.example.com"


def test_none_to_be_had() -> None:
    service = Service(REQUIRED.service_model)
    service.reachable = False
    for _ in range(2):
        with pytest.raises(DiscoveryFailedError):
            service.discovery.url(REQUIRED, {})
    assert len(service.calls) == 2
    optional = Service(OPTIONAL.service_model)
    optional.reachable = False
    assert optional.discovery.url(OPTIONAL, {}) is None
    assert optional.discovery.url(OPTIONAL, {}) is None
    assert len(optional.calls) == 1


def test_an_answer_without_endpoints() -> None:
    discovery = EndpointDiscovery(REQUIRED.service_model, lambda name, params: {}, lambda: datetime.now(timezone.utc))
    with pytest.raises(DiscoveryFailedError):
        discovery.url(REQUIRED, {})


def test_identifiers_are_told_and_kept_apart() -> None:
    files: dict[str, Any] = {
        "service-2": {
            "metadata": {"endpointPrefix": "thing", "protocol": "json", "apiVersion": "1", "signatureVersion": "v4"},
            "operations": {
                "Describe": {"endpointoperation": True, "input": {"shape": "DescribeIn"}},
                "Get": {"endpointdiscovery": {"required": True}, "input": {"shape": "GetIn"}},
            },
            "shapes": {
                "DescribeIn": {"type": "structure", "members": {"Operation": {"shape": "S"}, "Identifiers": {"shape": "S"}}},
                "GetIn": {
                    "type": "structure",
                    "members": {"Id": {"shape": "S", "endpointdiscoveryid": True}, "Deep": {"shape": "Deep"}, "O": {"shape": "S"}},
                },
                "Deep": {"type": "structure", "members": {"Sub": {"shape": "S", "endpointdiscoveryid": True}}},
                "S": {"type": "string"},
            },
        }
    }  # fmt: skip
    thing = ServiceModel(ModelLines("thing", service_lines("thing", files.get)))
    get: OperationModel = thing.operation_model("Get")
    service = Service(thing)
    assert service.discovery.url(get, {"Id": "a", "Deep": {"Sub": "b"}, "O": "x"}) == "https://cell1.example.com"
    assert service.discovery.url(get, {"Id": "a", "Deep": {"Sub": "b"}}) == "https://cell1.example.com"
    assert service.discovery.url(get, {"Id": "c"}) == "https://cell2.example.com"
    assert service.calls == [
        ("Describe", {"Operation": "Get", "Identifiers": {"Id": "a", "Sub": "b"}}),
        ("Describe", {"Operation": "Get", "Identifiers": {"Id": "c"}}),
    ]
