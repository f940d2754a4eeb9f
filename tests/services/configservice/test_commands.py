"""`configservice get-status` and `subscribe`."""

import json

import pytest

from tests.servers import answer

RECORDERS = [
    {"name": "off", "recording": False},
    {"name": "bad", "recording": True, "lastStatus": "FAILURE", "lastErrorCode": "X", "lastErrorMessage": "went wrong"},
    {"name": "new", "recording": True},
]
CHANNELS = [{"name": "c", "configStreamDeliveryInfo": {"lastStatus": "SUCCESS"}, "configHistoryDeliveryInfo": {}}]
STATUS = """\
Configuration Recorders:

name: off
recorder: OFF

name: bad
recorder: ON
last status: FAILURE
error code: X
message: went wrong

name: new
recorder: ON
last status: None

Delivery Channels:

name: c
last stream delivery status: SUCCESS

"""
SUBSCRIBE = "configservice subscribe --s3-bucket bkt/a --sns-topic t --iam-role arn:aws:iam::1:role/r"
TOPIC = "<R><CreateTopicResult><TopicArn>arn:aws:sns:us-east-1:1:t</TopicArn></CreateTopicResult></R>"


def test_the_state_of_all(aws):
    aws.service.replies(200, {"ConfigurationRecordersStatus": RECORDERS})
    aws.service.replies(200, {"DeliveryChannelsStatus": CHANNELS})
    outcome = aws("configservice get-status")
    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, STATUS, "")


def service(bucket_status):
    def respond(request):
        if request.method == "HEAD":
            return answer(bucket_status)
        if request.method == "PUT":
            return answer(200)
        if "X-Amz-Target" not in request.headers:
            return answer(200, TOPIC)
        named = {"DescribeConfigurationRecorders": {"ConfigurationRecorders": [{"name": "é"}]}}
        return answer(200, named.get(request.headers["X-Amz-Target"].partition(".")[2], {"DeliveryChannels": []}))

    return respond


@pytest.mark.parametrize(
    ("status", "region", "made"), [(200, "us-east-1", []), (403, "us-east-1", []), (404, "us-east-1", [b""]),
                                   (404, "eu-west-1", [b"eu-west-1"])],
)  # fmt: skip
def test_subscribing(aws, status, region, made):
    aws.service.always(service(status))
    outcome = aws(f"{SUBSCRIBE} --region {region}")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert outcome.stdout == (
        f"Using {'new' if made else 'existing'} S3 bucket: bkt\nUsing new SNS topic: arn:aws:sns:us-east-1:1:t\n"
        'Subscribe succeeded:\n\nConfiguration Recorders: [\n    {\n        "name": "\\u00e9"\n    }\n]\n\n'
        "Delivery Channels: []\n"
    )
    puts = [request.body for request in aws.service.requests if request.method == "PUT"]
    assert len(puts) == len(made)
    assert all(place in body for place, body in zip(made, puts, strict=True))
    sent = [json.loads(each.body) for each in aws.service.requests if "X-Amz-Target" in each.headers]
    assert sent[0] == {"ConfigurationRecorder": {"name": "default", "roleARN": "arn:aws:iam::1:role/r"}}
    assert sent[1]["DeliveryChannel"] == {
        "name": "default", "s3BucketName": "bkt", "snsTopicARN": "arn:aws:sns:us-east-1:1:t", "s3KeyPrefix": "a",
    }  # fmt: skip


def test_whole_against_moto(aws_moto):
    outcome = aws_moto(SUBSCRIBE.replace("::1:", "::123456789012:"))
    assert outcome.code == 0, outcome.stderr
    assert "Using new S3 bucket: bkt" in outcome.stdout
    assert aws_moto("configservice get-status").stdout.startswith(
        "Configuration Recorders:\n\nname: default\nrecorder: ON\n"
    )
