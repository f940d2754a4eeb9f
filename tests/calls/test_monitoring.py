"""Client-side monitoring: the datagrams of whole commands, as an agent on this machine receives them."""

import json
import socket

import pytest

from tests.servers import HOST

REFUSED = {"__type": "x#AccessDenied", "message": "no " * 400}


class Agent:
    """Listens where the datagrams are sent to."""

    def __init__(self, port):
        self._port = port

    @property
    def events(self):
        """All that have come so far. On the loopback interface a datagram has arrived when it is sent."""
        return list(iter(self._next, None))

    def _next(self):
        try:
            return json.loads(self._port.recv(65536))
        except BlockingIOError:
            return None


@pytest.fixture
def agent(aws):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as port:
        port.bind((HOST, 0))
        port.setblocking(False)
        aws.env |= {"AWS_CSM_ENABLED": "TRUE", "AWS_CSM_PORT": str(port.getsockname()[1]), "AWS_CSM_CLIENT_ID": "me"}
        yield Agent(port)


def told(event, *left_out):
    """An event without its times and the user agent, after a look at them."""
    assert event.pop("UserAgent").startswith("awsmini/")
    assert event.pop("Timestamp") > 1_700_000_000_000
    assert 0 <= event.pop("AttemptLatency" if event["Type"] == "ApiCallAttempt" else "Latency") < 60_000
    return {name: value for name, value in event.items() if name not in left_out}


def test_a_call(aws, agent):
    aws.service.replies(200, {"TableNames": []}, {"x-amzn-RequestId": "r1", "x-amz-id-2": "two"})
    assert aws("dynamodb list-tables", env={"AWS_SESSION_TOKEN": "token"}).code == 0
    attempt, call = agent.events
    common = {"Version": 1, "ClientId": "me", "Service": "DynamoDB", "Api": "ListTables", "Region": "us-east-1"}
    assert told(attempt) == {
        **common,
        "Type": "ApiCallAttempt",
        "Fqdn": aws.service.url.removeprefix("http://"),
        "AccessKey": "AKIDEXAMPLE",
        "SessionToken": "token",
        "HttpStatusCode": 200,
        "XAmznRequestId": "r1",
        "XAmzId2": "two",
    }
    assert told(call) == {
        **common,
        "Type": "ApiCall",
        "AttemptCount": 1,
        "FinalHttpStatusCode": 200,
        "MaxRetriesExceeded": 0,
    }


def test_a_call_that_is_refused(aws, agent):
    aws.service.replies(400, REFUSED)
    assert aws("dynamodb list-tables").code == 254
    attempt, call = agent.events
    assert (attempt["HttpStatusCode"], attempt["AwsException"]) == (400, "AccessDenied")
    assert (call["FinalHttpStatusCode"], call["FinalAwsException"], call["MaxRetriesExceeded"]) == (
        400,
        "AccessDenied",
        0,
    )
    assert len(attempt["AwsExceptionMessage"]) == len(call["FinalAwsExceptionMessage"]) == 512


def test_every_attempt_is_told(aws, agent):
    aws.env["AWS_MAX_ATTEMPTS"] = "2"
    aws.service.replies(500, {}, times=2)
    assert aws("dynamodb list-tables").code == 254
    assert [(event["Type"], event.get("AttemptCount"), event.get("MaxRetriesExceeded")) for event in agent.events] == [
        ("ApiCallAttempt", None, None),
        ("ApiCallAttempt", None, None),
        ("ApiCall", 2, 1),
    ]


def test_nobody_answers(aws, agent):
    aws.env |= {"AWS_MAX_ATTEMPTS": "1", "AWS_ENDPOINT_URL": f"http://{HOST}:9"}
    assert aws("dynamodb list-tables").code == 255
    attempt, call = agent.events
    message = f'Could not connect to the endpoint URL: "http://{HOST}:9/"'
    assert (attempt["SdkException"], attempt["SdkExceptionMessage"]) == ("EndpointConnectionError", message)
    assert (call["FinalSdkException"], call["MaxRetriesExceeded"]) == ("EndpointConnectionError", 1)


def test_a_bucket_elsewhere_is_one_call(aws, agent):
    wrong = "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-central-1</Region></Error>"
    aws.service.replies(400, wrong)
    aws.service.replies(200, "<ListBucketResult/>")
    assert aws("s3api list-objects-v2 --bucket b").code == 0
    assert [(event["Type"], event["Region"], event.get("AttemptCount")) for event in agent.events] == [
        ("ApiCallAttempt", "us-east-1", None),
        ("ApiCallAttempt", "eu-central-1", None),
        ("ApiCall", "eu-central-1", 2),
    ]


def test_without_a_signature(aws, agent):
    aws.service.replies(200, {"TableNames": []})
    assert aws("dynamodb list-tables --no-sign-request").code == 0
    for event in agent.events:
        assert not event.keys() & {"AccessKey", "Region", "SessionToken"}


def test_a_set_of_regions_is_none(aws, agent):
    body = "<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>"
    aws.service.replies(200, body)
    assert aws("sts get-caller-identity", env={"AWS_AUTH_SCHEME_PREFERENCE": "sigv4a"}).code == 0
    attempt, _ = agent.events
    assert attempt["AccessKey"] == "AKIDEXAMPLE"
    assert "Region" not in attempt


def test_what_is_not_sent_is_not_told(aws, agent):
    assert aws("sts assume-role --role-arn x --role-session-name y").code == 252
    assert not agent.events


@pytest.mark.parametrize("env", [{"AWS_CSM_ENABLED": "1"}, {"AWS_CSM_PORT": "0"}, {"AWS_CSM_PORT": "70000"}])
def test_monitoring_troubles_nobody(aws, agent, env):
    aws.service.replies(200, {"TableNames": []})
    assert aws("dynamodb list-tables", env=env).json == {"TableNames": []}
    assert not agent.events


def test_the_profile_may_ask_for_it(aws, agent):
    for name in ("AWS_CSM_ENABLED", "AWS_CSM_CLIENT_ID"):
        del aws.env[name]
    aws.write(".aws/config", "[default]\ncsm_enabled = true\ncsm_client_id = profile\n")
    aws.service.replies(200, {"TableNames": []})
    assert aws("dynamodb list-tables").code == 0
    assert [event["ClientId"] for event in agent.events] == ["profile"] * 2


def test_values_that_cannot_be_used(aws, agent):
    outcome = aws("dynamodb list-tables", env={"AWS_CSM_CLIENT_ID": "x" * 256})
    assert outcome.message.endswith("xxx exceeds the maximum length of 255 characters")
    assert outcome.code == 255
    assert aws("dynamodb list-tables", env={"AWS_CSM_PORT": "x"}).code == 255
