"""AWS Config: what its recorders do, as text; recording with all that it takes; the recording group as an option."""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ClientError
from awsmini.model.shapes import OperationModel, StructureShape
from awsmini.params.arguments import Argument, Table, option
from awsmini.params.context import Context
from awsmini.params.values import unpack
from awsmini.records import replace
from awsmini.services.shared.clients import elsewhere
from awsmini.services.shared.several_calls import MADE, told_what_is_done

if TYPE_CHECKING:
    from awsmini.client import Client

Params = dict[str, Any]

# The parts of a channel's status, and what they are called.
DELIVERIES = {
    "configStreamDeliveryInfo": "stream delivery ",
    "configHistoryDeliveryInfo": "history delivery ",
    "configSnapshotDeliveryInfo": "snapshot delivery ",
}
FAILURE = "FAILURE"
NAME = "default"  # of the recorder and of the channel
ABSENT = "404"
HOME_REGION = "us-east-1"  # where a bucket is that says nothing of its place


def put_configuration_recorder(operation: OperationModel, table: Table) -> Table:
    recorder = table["configuration-recorder"]
    assert isinstance(recorder.shape, StructureShape)
    table["configuration-recorder"] = replace(recorder, required=True)
    group = recorder.shape.members["recordingGroup"]
    table["recording-group"] = option("recording-group", member="recordingGroup", shape=group, add=_add_group)
    return table


def _add_group(argument: Argument, params: Params, value: Any, context: Context) -> None:
    params.setdefault("ConfigurationRecorder", {})["recordingGroup"] = unpack(argument, value, context)


def _get_status(invocation: Invocation, values: Values) -> int:
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


def _subscribe(invocation: Invocation, values: Values) -> int:
    say = invocation.app.stdout.write
    bucket, _, prefix = values["s3_bucket"].partition("/")
    is_new = _make_bucket(elsewhere(invocation, "s3"), bucket)
    say(f"Using {'new' if is_new else 'existing'} S3 bucket: {bucket}\n")
    topic = values["sns_topic"]
    is_arn = ":" in topic  # which no name may hold
    if not is_arn:
        topic = elsewhere(invocation, "sns")._make_api_call("CreateTopic", {"Name": topic})["TopicArn"]
    say(f"Using {'existing' if is_arn else 'new'} SNS topic: {topic}\n")
    client = invocation.session.client("config")
    channel = {"name": NAME, "s3BucketName": bucket, "snsTopicARN": topic}
    if prefix:
        channel["s3KeyPrefix"] = prefix
    made: list[str] = []
    with told_what_is_done(invocation, MADE, made):
        recorder = {"name": NAME, "roleARN": values["iam_role"]}
        client._make_api_call("PutConfigurationRecorder", {"ConfigurationRecorder": recorder})
        made.append(f"configuration recorder {NAME}")
        client._make_api_call("PutDeliveryChannel", {"DeliveryChannel": channel})
        made.append(f"delivery channel {NAME}")
        client._make_api_call("StartConfigurationRecorder", {"ConfigurationRecorderName": NAME})
    say("Subscribe succeeded:\n\n")
    recorders = client._make_api_call("DescribeConfigurationRecorders", {})
    say(f"Configuration Recorders: {_shown(recorders.get('ConfigurationRecorders'))}\n\n")
    channels = client._make_api_call("DescribeDeliveryChannels", {})
    say(f"Delivery Channels: {_shown(channels.get('DeliveryChannels'))}\n")
    return 0


def _make_bucket(client: "Client", bucket: str) -> bool:
    """Whether the bucket had to be made. One that is another's is there, too."""
    try:
        client._make_api_call("HeadBucket", {"Bucket": bucket})
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") != ABSENT:
            return False
        params: dict[str, Any] = {"Bucket": bucket}
        if client.meta.region_name != HOME_REGION:
            params["CreateBucketConfiguration"] = {"LocationConstraint": client.meta.region_name}
        client._make_api_call("CreateBucket", params)
        return True
    return False


def _shown(value: Any) -> str:
    return json.dumps(value, indent=4)


get_status = HandWritten(
    "get-status",
    _get_status,
    doc="Print what the configuration recorders and the delivery channels are doing, and how their last attempts went.",
)
subscribe = HandWritten(
    "subscribe",
    _subscribe,
    doc="Let AWS Config record what changes: a configuration recorder and a delivery channel are made, and started. "
    "Both are called default. The bucket and the topic are made where they are missing.",
    arguments=(
        option(
            "s3-bucket",
            required=True,
            doc="The S3 bucket that the channel delivers to, as BUCKET or BUCKET/PREFIX.",
        ),
        option(
            "sns-topic", required=True, doc="The SNS topic that the channel tells: its ARN, or a name for a new one."
        ),
        option("iam-role", required=True, doc="The ARN of the IAM role that the recorder acts in."),
    ),
)
