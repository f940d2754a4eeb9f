"""`awsmini configservice subscribe`: record what changes, with all that it takes to do so."""

import json
from typing import Any

from awsmini.client import Client
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ClientError
from awsmini.params.arguments import option
from awsmini.services.shared.clients import elsewhere
from awsmini.services.shared.several_calls import MADE, told_what_is_done

NAME = "default"  # of the recorder and of the channel
ABSENT = "404"
HOME_REGION = "us-east-1"  # where a bucket is that says nothing of its place


def _run(invocation: Invocation, values: Values) -> int:
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


def _make_bucket(client: Client, bucket: str) -> bool:
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


command = HandWritten(
    "subscribe",
    _run,
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
