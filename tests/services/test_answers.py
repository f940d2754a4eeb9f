"""Answers and endpoints of single operations that are not what the model alone says, in whole commands."""

import pytest


def test_an_invocation_leaves_its_payload_in_a_file(aws):
    aws.service.replies(200, b'{"done": true}', {"X-Amz-Executed-Version": "$LATEST"})
    outcome = aws("lambda invoke --function-name f --payload aGk= out.json")
    assert outcome.json == {"StatusCode": 200, "ExecutedVersion": "$LATEST"}
    assert (aws.home / "out.json").read_bytes() == b'{"done": true}'
    assert aws.service.request.body == b"hi"


def test_a_payload_may_be_given_as_it_is(aws):
    aws.service.replies(200, b"1")
    assert aws("lambda invoke --function-name f --payload hi --cli-binary-format raw-in-base64-out out.json").code == 0
    assert aws.service.request.body == b"hi"


@pytest.mark.parametrize(("body", "location"), [("", None), ("eu-west-1", "eu-west-1")])
def test_the_location_of_a_bucket(aws, body, location):
    xml = f'<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{body}</LocationConstraint>'
    aws.service.replies(200, xml)
    assert aws("s3api get-bucket-location --bucket b").json == {"LocationConstraint": location}


def test_the_data_of_things_have_a_host_of_their_own(aws):
    del aws.env["AWS_ENDPOINT_URL"]
    outcome = aws("iot-data publish --topic t --region eu-west-1 --print-request http")
    assert "data-ats.iot.eu-west-1.amazonaws.com" in outcome.stdout
