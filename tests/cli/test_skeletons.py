"""`--generate-cli-skeleton` as a whole command: what is printed and what is checked. The server is never asked."""

import pytest

INVALID = "awsmini: [ERROR]: An error occurred (ParamValidation): Parameter validation failed:\n"


def test_input_needs_neither_region_nor_credentials(aws):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        del aws.env[name]
    assert aws("sqs create-queue --generate-cli-skeleton").json == {
        "QueueName": "",
        "Attributes": {"KeyName": ""},
        "tags": {"KeyName": ""},
    }


@pytest.mark.parametrize(
    ("options", "printed"),
    [
        ("", '{\n    "QueueUrl": "QueueUrl"\n}\n'),
        ("--output text", "QueueUrl\n"),
        ("--output yaml --query 'keys(@)'", "- QueueUrl\n"),
        ("--output off", ""),
    ],
)
def test_output_is_printed_as_asked(aws, options, printed):
    outcome = aws(f"sqs create-queue --queue-name q --generate-cli-skeleton output {options}")
    assert (outcome.code, outcome.stdout) == (0, printed)


def test_output_checks_the_parameters(aws):
    outcome = aws("s3api list-objects-v2 --bucket '' --generate-cli-skeleton output")
    assert (outcome.code, outcome.message.startswith(INVALID + "Invalid bucket name")) == (252, True)


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("sts get-caller-identity", "Invalid length for parameter Arn, value: 3, valid min length: 20"),
        (
            "dynamodb get-item --table-name orders --key id={S=1}",
            "Invalid type for parameter Item.KeyName.B, value: None",
        ),
        (
            "sts assume-role --role-arn x --role-session-name s",  # both are too short, and yet the answer comes first
            "Invalid length for parameter Credentials.AccessKeyId, value: 11, valid min length: 16",
        ),
        (
            "kms encrypt --key-id k --plaintext hello",  # no base64, and yet the answer comes first
            "Invalid type for parameter CiphertextBlob, value: None",
        ),
    ],
)
def test_an_answer_that_the_model_does_not_allow(aws, command, problem):
    outcome = aws(f"{command} --generate-cli-skeleton output")
    assert (outcome.code, outcome.message.startswith(INVALID + problem)) == (252, True)


@pytest.mark.parametrize("command", ["sqs create-queue --generate-cli-skeleton", "cloudsearchdomain search"])
def test_a_bad_query_is_told_first(aws, command):
    assert "Bad value for --query !: " in aws(f"{command} --query !").message
