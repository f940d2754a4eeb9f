"""Successes that are no answers: they end in an error that says what came, and in nothing that looks like a result."""

import pytest

from tests.servers import answer

SIGN_IN = "<html><head><title>Sign in</title></head><body>Please sign in</body></html>"
HTML = {"content-type": "text/html"}

# protocol by protocol; the commands change something or print a single value
COMMANDS = {
    "json": "dynamodb delete-table --table-name t",
    "json, text": "secretsmanager get-secret-value --secret-id s --query SecretString --output text",
    "rest-json": "lambda get-function --function-name f",
    "query": "iam list-users",
    "ec2": "ec2 describe-regions",
    "rest-xml": "s3api list-buckets",
    "cbor": "arc-region-switch list-plans",
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_web_page_is_no_answer(aws, command):
    aws.service.always(lambda _: answer(200, SIGN_IN, HTML))
    done = aws(command)
    assert (done.code, done.stdout) == (255, "")
    assert done.stderr.startswith("\nawsmini: [ERROR]: ")


@pytest.mark.parametrize("command", ["json", "rest-json"])
def test_it_says_what_came(aws, command):
    aws.env["AWS_MAX_ATTEMPTS"] = "1"
    aws.service.replies(200, SIGN_IN, HTML)
    stderr = aws(COMMANDS[command]).stderr
    assert "a web page received" in stderr
    assert f"The answer: HTTP 200, text/html, {len(SIGN_IN)} bytes: '<html><head><title>Sign in" in stderr


@pytest.mark.parametrize("command", ["query", "ec2", "rest-xml"])
def test_nothing_at_all_is_no_answer_where_there_is_always_a_document(aws, command):
    aws.service.always(lambda _: answer(200, b""))
    done = aws(COMMANDS[command])
    assert (done.code, done.stdout) == (255, "")
    assert "no body received" in done.stderr


def test_an_empty_page_is_not_the_end_of_a_list(aws):
    aws.env["AWS_MAX_ATTEMPTS"] = "1"
    aws.service.replies(200, {"QueueUrls": ["a"], "NextToken": "t"})
    aws.service.replies(200, b"")
    done = aws("sqs list-queues --output text")
    assert (done.code, done.stdout) == (255, "QUEUEURLS\ta\n")
    assert "no body received" in done.stderr


def test_a_byte_order_mark_is_passed_over(aws):
    aws.service.replies(200, b'\xef\xbb\xbf{"TableNames": ["a"]}')
    assert aws("dynamodb list-tables --query TableNames --output text").stdout == "a\n"


def test_the_beginning_of_a_body_shows_no_secret(aws):
    aws.env["AWS_MAX_ATTEMPTS"] = "1"
    aws.service.replies(200, '{"SecretString": "hush", "Name": ')
    done = aws("secretsmanager get-secret-value --secret-id s")
    assert done.code == 255
    assert "hush" not in done.stderr


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("kms decrypt --ciphertext-blob YQ==", '{"Plaintext": "hush", "Ke'),
        ("kms decrypt --ciphertext-blob YQ==", '\ufeff{"Plaintext": "hush"'),
        ("ssm get-parameter --name p --with-decryption", '{"Parameter": {"Value": "hush", "Na'),
        ("sts get-session-token", "<GetSessionTokenResponse><GetSessionTokenResult><x>hush"),
    ],
)
def test_nor_does_a_piece_of_an_answer_that_may_hold_one(aws, command, body):
    aws.env["AWS_MAX_ATTEMPTS"] = "1"
    aws.service.replies(200, body)
    done = aws(command)
    assert (done.code, done.stdout) == (255, "")
    assert "The answer: HTTP 200" in done.stderr
    assert "hush" not in done.stderr
