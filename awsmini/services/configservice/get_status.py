"""`awsmini configservice get-status`: what recorders and delivery channels do, as text."""

from collections.abc import Iterator, Mapping
from typing import Any

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation

# The parts of a channel's status, and what they are called.
DELIVERIES = {
    "configStreamDeliveryInfo": "stream delivery ",
    "configHistoryDeliveryInfo": "history delivery ",
    "configSnapshotDeliveryInfo": "snapshot delivery ",
}
FAILURE = "FAILURE"


def _run(invocation: Invocation, values: Values) -> int:
    client = invocation.session.client("config")
    say = invocation.app.stdout.write
    recorders = client._make_api_call("DescribeConfigurationRecorderStatus", {})
    say("Configuration Recorders:\n\n")
    for each in recorders.get("ConfigurationRecordersStatus", ()):
        say(_paragraph(_recorder(each)))
    channels = client._make_api_call("DescribeDeliveryChannelStatus", {})
    say("Delivery Channels:\n\n")
    for each in channels.get("DeliveryChannelsStatus", ()):
        say(_paragraph(_channel(each)))
    return 0


def _paragraph(lines: Iterator[str]) -> str:
    return "".join(f"{line}\n" for line in lines) + "\n"


def _recorder(status: Mapping[str, Any]) -> Iterator[str]:
    recording = status.get("recording")
    yield f"name: {status.get('name')}"
    yield f"recorder: {'ON' if recording else 'OFF'}"
    if recording:
        yield from _last(status, "")


def _channel(status: Mapping[str, Any]) -> Iterator[str]:
    yield f"name: {status.get('name')}"
    for member, name in DELIVERIES.items():
        if status.get(member):
            yield from _last(status[member], name)


def _last(status: Mapping[str, Any], name: str) -> Iterator[str]:
    """How the last attempt went, and why where it failed. Before the first one there is none."""
    yield f"last {name}status: {status.get('lastStatus')}"
    if status.get("lastStatus") == FAILURE:
        yield f"error code: {status.get('lastErrorCode')}"
        yield f"message: {status.get('lastErrorMessage')}"


command = HandWritten(
    "get-status",
    _run,
    doc="Print what the configuration recorders and the delivery channels are doing, and how their last attempts went.",
)
