"""What happens to a stack while somebody watches: each event as it comes, and why the first thing failed at once."""

from collections.abc import Mapping
from typing import Any, TextIO

from awsmini.client import Client
from awsmini.errors import AwsminiError

STEP = 3.0  # seconds from one look to the next
STACK = "AWS::CloudFormation::Stack"
_CANCELLED = "Resource creation cancelled"  # what is told of those that others took down

Event = Mapping[str, Any]


class Events:
    """The events of one stack from now on."""

    def __init__(self, client: Client, stack: str, out: TextIO) -> None:
        self._client = client
        self._stack = stack
        self._out = out
        self._failed = False
        self._newest: str | None = None
        self._newest = next((event.get("EventId") for event in self._since()), None)

    def sleep(self, sleep: Any, seconds: float) -> None:
        """Pass the time with looking. Ends early where the stack has come to an end."""
        while seconds > 0:
            sleep(min(STEP, seconds))
            seconds -= STEP
            if self.show():
                return

    def show(self) -> bool:
        """Print what is new; whether the stack itself has come to an end."""
        ended = False
        for event in reversed(self._since()):
            self._newest = event.get("EventId")
            self._out.write(line(event) + "\n")
            if not self._failed and is_failure(event):
                self._failed = True
                self._out.write(f"The first failure: {event.get('LogicalResourceId')}: {reason(event)}\n")
            ended = is_end(event)
        self._out.flush()
        return ended

    def _since(self) -> list[Event]:
        """The events after the one shown last, the newest first. Nothing where they cannot be had: they are extra."""
        found: list[Event] = []
        request: dict[str, Any] = {"StackName": self._stack}
        while True:
            try:
                answer = self._client._make_api_call("DescribeStackEvents", request)
            except AwsminiError:
                return found
            for event in answer.get("StackEvents", ()):
                if event.get("EventId") == self._newest and self._newest is not None:
                    return found
                found.append(event)
            token = answer.get("NextToken")
            if not token or self._newest is None:
                return found
            request["NextToken"] = token


def line(event: Event) -> str:
    """One event: when, what, whose, why."""
    when = event.get("Timestamp")
    clock = "" if when is None else f"{when:%H:%M:%S}"
    why = f" {reason(event)}" if event.get("ResourceStatusReason") else ""
    kind, name, status = (event.get(key, "") for key in ("ResourceType", "LogicalResourceId", "ResourceStatus"))
    return f"{clock} {status:<24} {kind} {name}{why}".rstrip()


def reason(event: Event) -> str:
    return " ".join(str(event.get("ResourceStatusReason", "no reason is given")).split())


def is_failure(event: Event) -> bool:
    """Whether something went wrong of itself."""
    return str(event.get("ResourceStatus", "")).endswith("_FAILED") and _CANCELLED not in reason(event)


def is_end(event: Event) -> bool:
    """Whether the stack has come to an end, good or bad."""
    status = str(event.get("ResourceStatus", ""))
    is_stack = event.get("ResourceType") == STACK and event.get("PhysicalResourceId") == event.get("StackId")
    return is_stack and (status.endswith("_FAILED") or (status.endswith("_COMPLETE") and "CLEANUP" not in status))
