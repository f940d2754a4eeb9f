"""What is shown on a terminal while a stack is deployed."""

import io
from datetime import datetime, timezone
from typing import Any, cast

from awsmini.client import Client
from awsmini.errors import AwsminiError
from awsmini.services.cloudformation.stack_events import Events, is_end, is_failure, line

STACK_ID = "arn:stack"
WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)


def event(number: int, status: str, name: str = "Queue", kind: str = "AWS::SQS::Queue", **more: Any) -> dict[str, Any]:
    return {
        "EventId": str(number),
        "StackId": STACK_ID,
        "ResourceStatus": status,
        "LogicalResourceId": name,
        "ResourceType": kind,
        "Timestamp": WHEN,
        **more,
    }


def of_stack(number: int, status: str) -> dict[str, Any]:
    return event(number, status, "st", "AWS::CloudFormation::Stack", PhysicalResourceId=STACK_ID)


class Service:
    """A client that has the events so far, the newest first, two a page."""

    def __init__(self, *events: dict[str, Any]) -> None:
        self.events = list(events)
        self.fails = False

    def _make_api_call(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        assert operation == "DescribeStackEvents"
        if self.fails:
            raise AwsminiError("no")
        start = int(params.get("NextToken", 0))
        newest = self.events[::-1]
        more = {"NextToken": str(start + 2)} if start + 2 < len(newest) else {}
        return {"StackEvents": newest[start : start + 2], **more}


def watched(service: Service) -> tuple[Events, io.StringIO]:
    out = io.StringIO()
    return Events(cast(Client, service), "st", out), out


def test_events_come_once_and_in_order() -> None:
    service = Service(of_stack(1, "REVIEW_IN_PROGRESS"))
    events, out = watched(service)
    service.events += [of_stack(2, "CREATE_IN_PROGRESS"), event(3, "CREATE_IN_PROGRESS"), event(4, "CREATE_COMPLETE")]
    assert events.show() is False
    assert out.getvalue() == (
        "03:04:05 CREATE_IN_PROGRESS       AWS::CloudFormation::Stack st\n"
        "03:04:05 CREATE_IN_PROGRESS       AWS::SQS::Queue Queue\n"
        "03:04:05 CREATE_COMPLETE          AWS::SQS::Queue Queue\n"
    )
    service.events.append(of_stack(5, "CREATE_COMPLETE"))
    assert events.show() is True
    assert out.getvalue().count("\n") == 4


def test_the_first_failure_is_told_at_once() -> None:
    service = Service(of_stack(1, "CREATE_IN_PROGRESS"))
    events, out = watched(service)
    service.events += [
        event(2, "CREATE_FAILED", "Cancelled", ResourceStatusReason="Resource creation cancelled"),
        event(3, "CREATE_FAILED", "Bad", ResourceStatusReason="Name\nis taken"),
        event(4, "CREATE_FAILED", "Worse", ResourceStatusReason="too"),
    ]
    events.show()
    assert [text for text in out.getvalue().splitlines() if "first failure" in text] == [
        "The first failure: Bad: Name is taken"
    ]
    assert "CREATE_FAILED            AWS::SQS::Queue Bad Name is taken\nThe first" in out.getvalue()


def test_the_pause_ends_with_the_stack() -> None:
    service = Service(of_stack(1, "CREATE_IN_PROGRESS"))
    events, _ = watched(service)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 2:
            service.events.append(of_stack(2, "ROLLBACK_COMPLETE"))

    events.sleep(sleep, 30)
    assert slept == [3.0, 3.0]


def test_events_that_cannot_be_had_are_no_error() -> None:
    service = Service()
    service.fails = True
    events, out = watched(service)
    assert events.show() is False
    assert out.getvalue() == ""


def test_ends_and_failures() -> None:
    assert is_end(of_stack(1, "UPDATE_ROLLBACK_COMPLETE"))
    assert not is_end(of_stack(1, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"))
    assert not is_end(event(1, "CREATE_COMPLETE"))
    assert is_failure(event(1, "UPDATE_FAILED"))
    assert not is_failure(event(1, "UPDATE_COMPLETE"))
    assert line({"ResourceStatus": "X"}).strip() == "X"
