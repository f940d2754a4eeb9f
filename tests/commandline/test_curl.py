"""--print-request curl: run by a shell, the line sends what awsmini sends, every byte but date and signature.

curl puts some headers where it likes, and adds its own Accept to what it signs: nothing else may differ.
"""

import json
import re
import shutil
import subprocess

import pytest

from tests.commandline.test_request import TOKEN, needs_newer_curl, run_in_shell, sent, signature_of
from tests.servers import Received, answer
from tests.terminal import CREDENTIALS, Terminal, words

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")

KEY = "s3api {} --bucket bucket --key {}"
LINES = "first\r\n@second 'q' \"d\" $HOME `id` \\ end\n\n"
FILES = {
    "body": bytes(range(256)),
    "text": LINES.encode(),
    "empty": b"",
    "megabytes": bytes(range(256)) * 4096 * 2,
    "long.json": json.dumps({"QueueUrl": "http://q", "MessageBody": "é\n" * 100_000}).encode(),
    "-d @odd 'name'": b"\0",
}
SIGNED = {
    # query, ec2
    "sts get-caller-identity",
    "sns publish --topic-arn arn:aws:sns:us-east-1:1:t --message file://text",
    "iam create-role --role-name r --assume-role-policy-document '{}'",
    "cloudformation validate-template --template-body file://text",
    "elbv2 describe-load-balancers --names a b",
    "rds describe-db-instances --filters Name=engine,Values=a",
    "ec2 describe-instances --filters Name=tag:a,Values=b*",
    "ec2 run-instances --image-id i --user-data fileb://body --client-token c",
    # json, with and without a body that curl would read otherwise
    """dynamodb get-item --table-name t --key '{"a":{"S":"$x"}}'""",
    "dynamodb list-tables",
    "sqs send-message --queue-url http://q --message-body @file",
    "sqs send-message --queue-url http://q --message-body file://text",
    "sqs send-message --cli-input-json file://long.json",
    "kinesis put-record --stream-name s --partition-key k --data fileb://body",
    "kms encrypt --key-id k --plaintext fileb://megabytes",
    "logs put-log-events --log-group-name g --log-stream-name s --log-events timestamp=1,message=x",
    "ecs list-clusters",
    "ssm get-parameters --names /a/b",
    "secretsmanager list-secrets",
    # cbor
    "cloudwatch list-metrics --namespace n",
    "cloudwatch put-metric-data --namespace n --metric-name m --value 1",
    # rest-json
    "lambda list-functions --function-version ALL --master-region us-east-1",
    "lambda update-function-configuration --function-name f --memory-size 128 --description ü",
    "lambda invoke --function-name f --payload fileb://body out",
    "lambda invoke --function-name f out",
    "lambda delete-function --function-name f",
    "lambda tag-resource --resource arn --tags a=b",
    "apigateway get-rest-apis",
    "glacier upload-archive --account-id - --vault-name v --body body",
    "eks list-clusters",
    "batch submit-job --job-name j --job-queue q --job-definition d",
    "polly synthesize-speech --output-format mp3 --voice-id Amy --text hi out",
    "iot-data publish --topic t --payload fileb://text",
    "kinesisvideo list-streams",
    "xray put-trace-segments --trace-segment-documents x",
    # rest-xml
    "route53 list-hosted-zones",
    "route53 create-hosted-zone --name a.b --caller-reference c",
    "cloudfront list-distributions",
    "s3api list-buckets",
    "s3api create-bucket --bucket bucket",
    "s3api delete-bucket --bucket bucket",
    "s3api put-bucket-versioning --bucket bucket --versioning-configuration Status=Enabled",
    "s3api list-objects-v2 --bucket bucket --prefix 'ü &=~*!/+%{a}[1-3]' --start-after B --delimiter a --max-keys 3",
    "s3api get-bucket-acl --bucket bucket",
    "s3api delete-objects --bucket bucket --delete Objects=[{Key=a}]",
    "s3api get-bucket-location --bucket bucket",
    KEY.format("put-object", "key --body body --metadata 'a=b:c  d'"),
    KEY.format("put-object", "key --body empty"),
    KEY.format("put-object", "key"),
    KEY.format("put-object", "key --body text --content-type text/plain"),
    KEY.format("put-object", "key --body megabytes"),
    KEY.format("put-object", "folder/ --body text --content-type text/plain"),
    KEY.format("put-object", """key --body "-d @odd 'name'" """),
    KEY.format("upload-part", "key --part-number 1 --upload-id u --body body"),
    KEY.format("create-multipart-upload", "key"),
    KEY.format("copy-object", "key --copy-source bucket/other"),
    KEY.format("get-object", "key out --range bytes=0-1"),
    KEY.format("head-object", "key"),
    # keys that curl would take for patterns, folders or its own signs
    *(KEY.format("delete-object", f"'{key}'") for key in (".", "..", "logs/../prod.db", "a//b/./c", "/a", "a/..")),
    *(KEY.format("delete-object", f"'{key}'") for key in ("{a,b}[1-3]", "%2e%2E/x", "a?b#c&d=e;f", "ü *!()'\"'\"'", "@k")),
}  # fmt: skip
UNSIGNED = {
    f"{line} --no-sign-request" for line in (
        "s3api list-objects-v2 --bucket bucket --prefix b --max-keys 3", "s3api put-object --bucket bucket --key k --body megabytes",
        "s3api delete-object --bucket bucket --key .", "s3api put-object --bucket bucket --key k --body body --metadata a=",
        "cognito-idp initiate-auth --auth-flow USER_AUTH --client-id a", "lambda invoke --function-name f --payload fileb://megabytes out",
    )
}  # fmt: skip
MOVED = {"host", "user-agent", "content-length", "authorization", "x-amz-date", "x-amz-security-token"}


@pytest.fixture
def home(aws: Terminal) -> Terminal:
    for name, content in FILES.items():
        (aws.home / name).write_bytes(content)
    aws.env["AWS_SESSION_TOKEN"] = TOKEN
    return aws


def by_curl(aws: Terminal, line: str) -> Received:
    """What curl sends."""
    outcome = aws([*words(line), "--print-request", "curl"])
    assert outcome.code == 0, outcome.stderr
    for secret in (*CREDENTIALS.values(), TOKEN):
        assert secret not in outcome.stdout
    aws.service.replies(200)
    done = run_in_shell(aws, outcome.stdout)
    assert done.returncode == 0, (outcome.stdout, done.stderr)
    return aws.service.requests.pop()


def headers(request: Received, signed: bool) -> list[tuple[str, str]]:
    """The headers in order, those first that curl puts where it likes; what differs each time is a word."""
    told = []
    for name, value in request.headers.items():
        if (name.lower(), value, signed) == ("accept", "*/*", True):
            continue
        again = {
            "authorization": r"(?<==)[^,]+",
            "x-amz-date": r"\d",
            "amz-sdk-invocation-id": r"[0-9a-f]",
            "user-agent": r"(?<=sid/)\w+",
        }.get(name.lower())
        if name.lower() == "authorization":
            value = value.partition(" ")[0]
        told.append((name, re.sub(again, "?", value) if again else value.strip()))
    return sorted(pair for pair in told if pair[0].lower() in MOVED) + [
        pair for pair in told if pair[0].lower() not in MOVED
    ]


@pytest.mark.parametrize("line", sorted(SIGNED))
def test_every_byte_of_what_curl_signs(home, line):
    real, received = sent(home, line), by_curl(home, line)
    assert (received.method, received.target, received.body) == (real.method, real.target, real.body)
    assert headers(received, True) == headers(real, True)
    assert received.headers["X-Amz-Security-Token"] == TOKEN
    if not needs_newer_curl(home, line):
        stated, right = signature_of(received)
        assert stated == right


@pytest.mark.parametrize("line", sorted(UNSIGNED))
def test_every_byte_of_what_is_not_signed(home, line):
    real, received = sent(home, line), by_curl(home, line)
    assert (received.method, received.target, received.body) == (real.method, real.target, real.body)
    assert headers(received, False) == headers(real, False)
    assert "Authorization" not in received.headers


def test_a_bearer_token(home):
    home.env |= {"AWS_BEARER_TOKEN_BEDROCK": "SECRET", "AWS_ENDPOINT_URL_BEDROCK": home.service.url}
    line = "bedrock list-foundation-models"
    assert headers(by_curl(home, line), False) == headers(sent(home, line), False)


def test_the_line_for_dots_in_a_key_does_not_delete_the_bucket(home, moto):
    home.env["AWS_ENDPOINT_URL"] = moto
    assert home("s3api create-bucket --bucket kept").code == 0
    line = home("s3api delete-object --bucket kept --key . --print-request curl").stdout
    assert run_in_shell(home, line).returncode == 0
    assert home("s3api head-bucket --bucket kept").code == 0


def test_a_body_that_is_too_long_for_a_command_line_comes_by_a_here_document(home):
    text = home("sqs send-message --cli-input-json file://long.json --print-request curl").stdout
    assert text.startswith("base64 -d <<'END' | curl ")
    assert max(map(len, text.splitlines())) < 2000
    assert subprocess.run(["sh", "-n"], input=text.encode(), check=False).returncode == 0


def test_a_path_that_curl_cannot_sign(home):
    message = home("lambda get-function --function-name .. --print-request curl").message
    assert "curl cannot sign a path that is signed in another form (/2015-03-31/functions/..)" in message


def test_what_older_versions_sign_wrongly_is_told(home):
    told = home("s3api put-object --bucket bucket --key k --metadata a= --print-request curl").stderr
    assert told == "It takes curl 8.3 or newer: older ones sign a header without a value wrongly.\n"


def test_the_sandbox_never_gets_the_keys_of_the_shell(home, monkeypatch):
    monkeypatch.setattr("awsmini.sandbox.enter", lambda app, _: (app, home.service.url, lambda: None))
    home.env |= {"AWSMINI_LOCAL": "1"}
    outcome = home("sts get-caller-identity --print-request curl")
    assert outcome.code == 0, outcome.stderr
    assert "--user sandbox:sandbox" in outcome.stdout
    assert "$AWS" not in outcome.stdout
    assert outcome.stderr == ""


def test_the_variable_of_the_token_is_the_one_that_has_it(home):
    home.env["AWS_SECURITY_TOKEN"] = home.env.pop("AWS_SESSION_TOKEN")
    assert '"X-Amz-Security-Token: $AWS_SECURITY_TOKEN"' in home("sts get-caller-identity --print-request curl").stdout


def test_a_folder_of_certificates(home):
    (home.home / "certificates").mkdir()
    assert (
        "--capath certificates" in home("sts get-caller-identity --ca-bundle certificates --print-request curl").stdout
    )


def test_the_answer_is_told(home):
    home.service.replies(200, "hello")
    line = home("sts get-caller-identity --print-request curl").stdout
    assert run_in_shell(home, line).stdout == answer(200, "hello").body
