"""Models that cannot be worked with are refused, and those that are shipped are not."""

import pytest

from awsmini.errors import ModelError
from awsmini.model.build import service_lines
from awsmini.model.check import check
from awsmini.model.load import SHIPPED

METADATA = {
    "apiVersion": "2020-01-01",
    "endpointPrefix": "p",
    "protocol": "json",
    "serviceId": "S",
    "serviceFullName": "S",
    "signatureVersion": "v4",
}


def lines(**changes) -> bytes:
    model = {
        "metadata": METADATA,
        "operations": {"Ask": {"name": "Ask", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "In"}}},
        "shapes": {
            "In": {"type": "structure", "members": {"A": {"shape": "List"}}},
            "List": {"type": "list", "member": {"shape": "In"}},
        },
    }
    return service_lines("mine", {"service-2": {**model, **changes}}.get)


def test_a_model_that_contains_itself_is_fine():
    assert check("mine", lines()).operation_names == ["Ask"]


def test_every_shipped_model_is_fine():
    for path in SHIPPED.glob("*.jsonl"):
        check(path.stem, path.read_bytes())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"metadata": {**METADATA, "protocol": "telepathy"}}, "none of the protocols"),
        ({"metadata": {**METADATA, "endpointPrefix": None}}, "does not say its endpointPrefix"),
        ({"operations": {}}, "has no operations"),
        ({"shapes": {}}, "In is missing|no shape In"),
        ({"shapes": {"In": {"type": "gizmo"}}}, "broken|unknown type"),
        (
            {"shapes": {"In": {"type": "structure", "members": {"A": {"shape": "In"}}, "required": ["B"]}}},
            "no good member",
        ),
        ({"shapes": {"In": {"type": "structure", "members": {"A\tB": {"shape": "In"}}}}}, "no good member"),
        ({"shapes": {"In": {"type": "structure"}, "x\nservice": {"type": "string"}}}, "a name that is none"),
        ({"shapes": {"In": {"type": "structure"}, "x\ty": {"type": "string"}}}, "a name that is none"),
        ({"shapes": {"In": {"type": "list"}}}, "broken"),
        (
            {"shapes": {"In": {"type": "structure", "members": {"A": {"shape": "L"}}}, "L": {"type": "list"}}},
            "member is missing",
        ),
    ],
)
def test_what_is_wrong_is_said(changes, message):
    with pytest.raises(ModelError, match=message):
        check("mine", lines(**changes))


def test_a_waiter_or_paginator_of_no_operation():
    files = {
        "service-2": {"metadata": METADATA, "operations": {"Ask": {"name": "Ask"}}, "shapes": {}},
        "waiters-2": {"waiters": {"Ready": {"operation": "Nope", "delay": 1, "maxAttempts": 1, "acceptors": []}}},
    }
    with pytest.raises(ModelError, match="no operation Nope"):
        check("mine", service_lines("mine", files.get))
    del files["waiters-2"]
    files["paginators-1"] = {"pagination": {"Nope": {}}}
    with pytest.raises(ModelError, match="no operation Nope"):
        check("mine", service_lines("mine", files.get))


def test_json_that_is_no_model_at_all():
    with pytest.raises(ModelError, match="damaged at service mine"):
        check("mine", b"service\tmine\t{")
    with pytest.raises(ModelError, match="a name that is none"):
        check("mine", b'service\tmine\t{"metadata": {}}\n[]')
