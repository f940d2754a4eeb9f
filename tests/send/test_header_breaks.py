"""What would break a header is refused and never shown: it may be a token."""

import json

import pytest

from tests.servers import answer

TOKEN = "TOP-SECRET-TOKEN"
STS = "sts get-caller-identity"
S3 = "s3 ls s3://bucket"


@pytest.fixture
def home(aws):
    """A terminal whose service must not be asked."""
    yield aws
    assert aws.service.requests == []


@pytest.mark.parametrize("debug", ["", " --debug"])
@pytest.mark.parametrize(
    "command", [STS, S3, "s3api list-buckets", "s3 cp body s3://bucket/key", "dynamodb list-tables"]
)
@pytest.mark.parametrize("ending", ["\r", "\n", "\r\n", "\rmore"])
def test_a_session_token(home, command, ending, debug):
    home.write("body", "x")
    home.env["AWS_SESSION_TOKEN"] = TOKEN + ending
    outcome = home(command + debug)
    assert "The session token (AWS_SESSION_TOKEN) holds a carriage return or a line end" in outcome.stderr
    assert outcome.code == (1 if " cp " in command else 255)
    assert TOKEN not in outcome.stdout + outcome.stderr


def test_the_provider_of_the_token_is_named(home):
    del home.env["AWS_ACCESS_KEY_ID"]
    keys = {"Version": 1, "AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": f"{TOKEN}\r"}
    home.write("keys.json", json.dumps(keys))
    home.write(".aws/config", "[default]\ncredential_process = cat keys.json\n")
    message = home(STS).message
    assert "The session token (custom-process) holds" in message
    assert TOKEN not in message


@pytest.mark.parametrize("debug", ["", " --debug"])
def test_other_tokens(home, debug):
    home.env["AWS_BEARER_TOKEN_BEDROCK"] = f"{TOKEN}\r"
    for words in (
        f"bedrock list-foundation-models{debug}".split(),
        [*f"sso get-role-credentials --role-name a --account-id b{debug} --access-token".split(), f"{TOKEN}\r"],
    ):
        outcome = home(words)
        assert "Invalid header value of " in outcome.stderr
        assert outcome.code == 255
        assert TOKEN not in outcome.stdout + outcome.stderr


@pytest.mark.parametrize("token", [f"{TOKEN} ", f" {TOKEN}", f"{TOKEN}\x01", f"{TOKEN}\x7f"])
def test_what_can_be_sent_is_sent_and_not_shown(aws, token):
    aws.env["AWS_SESSION_TOKEN"] = token
    aws.service.always(lambda _: answer(403, "<Error><Code>No</Code></Error>"))
    for command in (S3, STS):
        outcome = aws(f"{command} --debug")
        assert TOKEN not in outcome.stderr
        assert aws.service.requests.pop().headers["X-Amz-Security-Token"].strip() == token.strip()


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ('{"a":"b\\r\\nX-Evil: y"}', "Invalid header value of x-amz-meta-a"),
        ('{"a\\r\\nX-Evil":"y"}', "Header field name contains invalid characters"),
    ],
)
@pytest.mark.parametrize("size", [1, 9_000_000])
def test_metadata_adds_no_headers(home, metadata, message, size):
    home.write("body", b"x" * size)
    for command in ("s3 cp body s3://b/k", "s3api put-object --bucket b --key k --body body"):
        assert message in home([*command.split(), "--metadata", metadata]).stderr
