"""What query and ec2 wrap an output in."""

import pytest

from awsmini.errors import ResponseParseError
from awsmini.parse import parse
from awsmini.records import Reply
from tests.small_models import operation, structure

OUT = {"Out": structure({"A": "Text"})}


def answer(protocol: str, body: str, shapes: dict, **output: str) -> dict:
    parsed = parse(operation(protocol, shapes, output), Reply(status=200, reason="", headers={}, body=body.encode()))
    metadata = parsed["ResponseMetadata"]
    assert (metadata.pop("HTTPStatusCode"), metadata.pop("HTTPHeaders")) == (200, {})
    return parsed


IDS = "<ResponseMetadata><RequestId>r</RequestId><Extra>x</Extra></ResponseMetadata>"


@pytest.mark.parametrize(
    ("body", "output", "expected"),
    [
        (f"<R><OpResult><A>1</A></OpResult>{IDS}</R>", {"resultWrapper": "OpResult"}, {"A": "1"}),
        (f"<R xmlns='x'><OpResult/>{IDS}</R>", {"resultWrapper": "OpResult"}, {}),
        (f"<R><A>1</A>{IDS}</R>", {}, {"A": "1"}),
    ],
)
def test_query(body, output, expected):
    ids = {"ResponseMetadata": {"RequestId": "r", "Extra": "x"}}
    assert answer("query", body, OUT, **output) == {**expected, **ids}


def test_query_without_ids():
    assert answer("query", "<R><A>1</A></R>", OUT) == {"A": "1", "ResponseMetadata": {}}


def test_query_without_its_wrapper_is_an_error():
    with pytest.raises(ResponseParseError, match="has no OpResult"):
        answer("query", "<R/>", OUT, resultWrapper="OpResult")


def test_query_without_output():
    assert answer("query", f"<R>{IDS}</R>", {}) == {"ResponseMetadata": {"RequestId": "r", "Extra": "x"}}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<R xmlns='x'><requestId>r</requestId><A>1</A></R>", {"A": "1", "ResponseMetadata": {"RequestId": "r"}}),
        ("<R><A>1</A></R>", {"A": "1", "ResponseMetadata": {}}),
    ],
)
def test_ec2(body, expected):
    assert answer("ec2", body, OUT) == expected
