"""--print-request: what would be sent is printed, nothing is sent, and curl can send it."""

import base64
import json
import os
import re
import shlex
import shutil
import subprocess
from datetime import datetime, timezone
from urllib.parse import unquote_plus, urlsplit

import pytest

from awsmini.records import Credentials, Scope
from awsmini.sign import sigv4
from tests.servers import Received, answer
from tests.terminal import CREDENTIALS, Terminal, words

TOKEN = "FwoGZXIvYXdzEXAMPLETOKEN"
BINARY = bytes(range(256))

curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
# A command of each protocol, of streams, and of what stands in URLs.
COMMANDS = {
    "json": """dynamodb get-item --table-name t --key '{"a":{"S":"$x"}}'""",
    "query": "sts get-caller-identity",
    "ec2": "ec2 describe-instances --filters Name=tag:a,Values=b*",
    "rest-json": "lambda update-function-configuration --function-name f --memory-size 128 --description ü",
    "rest-json with a query": "lambda list-functions --function-version ALL --master-region us-east-1",
    "an encoded path": "lambda get-function --function-name arn:aws:lambda:us-east-1:1:function:f",
    "a query of many signs": "s3api list-objects-v2 --bucket bucket --prefix 'ü &=~*!/+%' --start-after B --delimiter a",
    "rest-xml": "s3api put-bucket-versioning --bucket bucket --versioning-configuration Status=Enabled",
    "rest-xml without a body": "s3api list-objects-v2 --bucket bucket --prefix a/b+c --delimiter /",
    "a query without a value": "s3api get-bucket-acl --bucket bucket",
    "cbor": "cloudwatch list-metrics --namespace n",
    "a stream": "s3api put-object --bucket bucket --key key --body body",
    "a blob": "lambda invoke --function-name f --payload fileb://body out",
    "an empty body": "s3api create-bucket --bucket bucket",
    "head": "s3api head-object --bucket bucket --key key",
    "delete": "s3api delete-object --bucket bucket --key key",
    "at": "sqs send-message --queue-url http://q --message-body @file",
}


@pytest.fixture
def offline(aws):
    """A terminal that prints requests; the service is never asked."""
    (aws.home / "body").write_bytes(BINARY)
    yield aws
    assert aws.service.requests == []


def sent(aws: Terminal, command: str) -> Received:
    """The request that the command really sends."""
    aws.service.replies(404, "no")
    aws(command)
    return aws.service.requests.pop()


def plain(headers: dict[str, str]) -> dict[str, str]:
    """The headers without what differs from one second to the next."""
    told = {"authorization", "x-amz-date", "amz-sdk-invocation-id", "user-agent"}
    return {name.lower(): value for name, value in headers.items() if name.lower() not in told}


@pytest.mark.parametrize("name", COMMANDS)
def test_http_is_what_is_sent(aws, name):
    (aws.home / "body").write_bytes(BINARY)
    printed = aws(f"{COMMANDS[name]} --print-request http").stdout_bytes
    head, _, body = printed.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert aws.service.requests == []
    real = sent(aws, COMMANDS[name])
    assert first == f"{real.method} {real.target} HTTP/1.1"
    assert plain(headers) == plain(dict(real.headers.items()))
    assert body == real.body


def test_a_body_of_unknown_checksum_goes_in_chunks(offline, monkeypatch):
    monkeypatch.setattr("awsmini.send.checksums.has_crt", lambda: False)
    offline.env["AWS_ENDPOINT_URL"] = "https://127.0.0.1:1"
    printed = offline("s3api put-object --bucket bucket --key key --body body --print-request http").stdout_bytes
    head, _, body = printed.partition(b"\r\n\r\n")
    assert b"Transfer-Encoding: chunked" in head
    assert b"X-Amz-Trailer: x-amz-checksum-crc32" in head
    size, _, rest = body.partition(b"\r\n")
    chunk, rest = rest[: int(size, 16)], rest[int(size, 16) :]
    assert rest == b"\r\n0\r\n\r\n"
    assert chunk.startswith(b"100\r\n" + BINARY + b"\r\n0\r\nx-amz-checksum-crc32:")


def test_json(offline):
    told = offline("dynamodb list-tables --limit 3 --print-request json").json
    assert told["method"] == "POST"
    assert told["url"] == f"{offline.service.url}/"
    assert told["headers"]["X-Amz-Target"] == "DynamoDB_20120810.ListTables"
    assert json.loads(told["body"]) == {"Limit": 3}


@pytest.mark.parametrize("size", [0, 1, 2, 3, 1000, 128 * 1024, 3 * 1024 * 1024 + 1])
def test_json_of_a_binary_body(offline, size):
    content = (BINARY * (size // 256 + 1))[:size]
    (offline.home / "body").write_bytes(content)
    told = offline("s3api put-object --bucket bucket --key key --body body --print-request json").json
    body = base64.b64decode(told["bodyBase64"]) if "bodyBase64" in told else told["body"].encode()
    assert body == content


def test_a_paginated_operation_prints_the_request_of_its_first_page(offline):
    line = "dynamodb list-tables --page-size 2 --max-items 5 --starting-token eyJFeGNsdXNpdmVTdGFydFRhYmxlTmFtZSI6ICJhYmMifQ=="
    assert json.loads(offline(f"{line} --print-request json").json["body"]) == {
        "ExclusiveStartTableName": "abc",
        "Limit": 2,
    }


def test_a_waiter_prints_its_poll(offline):
    told = offline("dynamodb wait table-exists --table-name t --print-request json").json
    assert told["headers"]["X-Amz-Target"].endswith(".DescribeTable")


def test_what_is_wrong_is_an_error_as_ever(offline):
    assert "Parameter validation failed" in offline("dynamodb list-tables --limit 0 --print-request json").message
    assert "required: --table-name" in offline("dynamodb describe-table --print-request json").message
    assert "invalid choice 'xml'" in offline("dynamodb list-tables --print-request xml").message
    offline.env.pop("AWS_ACCESS_KEY_ID")
    assert "Unable to locate credentials" in offline("dynamodb list-tables --print-request http").message


@pytest.mark.parametrize(
    ("command", "asked"),
    [
        ("cloudfront update-distribution --id x --default-root-object y", "GetDistributionConfig"),
        ("s3api get-object --bucket b--use1-az4--x-s3 --key k out", "CreateSession"),
        ("timestream-query query --query-string x", "DescribeEndpoints"),
    ],
)
def test_where_another_call_would_come_first_nothing_is_sent(offline, command, asked):
    offline.env.pop("AWS_ENDPOINT_URL")
    assert offline([*words(command), "--print-request", "http"]).message == (
        f"awsmini: [ERROR]: The request depends on the answer to {asked}, and nothing is sent to print one."
    )


def test_unsigned(offline):
    line = "s3api head-bucket --bucket bucket --no-sign-request --print-request"
    assert "Authorization" not in offline(f"{line} json").json["headers"]
    assert "sigv4" not in offline(f"{line} curl").stdout


def test_a_bearer_token_is_shown_nowhere(offline):
    offline.env["AWS_BEARER_TOKEN_BEDROCK"] = "SECRETBEARER"
    line = "bedrock list-foundation-models --print-request"
    for form in ("http", "json"):
        printed = offline(f"{line} {form}").stdout
        assert "SECRETBEARER" not in printed
        assert "Bearer ****" in printed
    printed = offline(f"{line} curl").stdout
    assert '"Authorization: Bearer $AWS_BEARER_TOKEN_BEDROCK"' in printed
    assert "SECRETBEARER" not in printed


def test_schemes_that_curl_cannot_sign(offline):
    offline.env |= {"AWS_AUTH_SCHEME_PREFERENCE": "sigv4a"}
    outcome = offline("events put-events --entries Source=a --endpoint-id a.b --print-request curl")
    assert "curl cannot sign as this request is signed (v4a)" in outcome.message


@pytest.mark.parametrize("name", COMMANDS)
def test_curl_holds_no_credentials(offline, name):
    offline.env["AWS_SESSION_TOKEN"] = TOKEN
    text = offline(f"{COMMANDS[name]} --print-request curl").stdout
    for secret in (*CREDENTIALS.values(), TOKEN, "Signature="):
        assert secret not in text
    assert '--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"' in text
    assert '--header "X-Amz-Security-Token: $AWS_SESSION_TOKEN"' in text


def test_where_the_variables_come_from_is_told_beside_it(offline):
    assert offline("sts get-caller-identity --print-request curl").stderr == ""
    for name in CREDENTIALS:
        offline.env.pop(name)
    offline.write(".aws/credentials", "[p 1]\naws_access_key_id = a\naws_secret_access_key = b\n")
    told = offline("sts get-caller-identity --profile 'p 1' --print-request curl").stderr
    command = "awsmini configure export-credentials --format env --profile 'p 1'"
    assert told == f'The variables are set by: eval "$({command})"\n'


def test_options_of_tls(offline):
    text = offline("sts get-caller-identity --no-verify-ssl --print-request curl").stdout
    assert "--insecure" in text
    (offline.home / "my ca").touch()
    text = offline(["sts", "get-caller-identity", "--ca-bundle", "my ca", "--print-request", "curl"]).stdout
    assert "--cacert 'my ca'" in text


def needs_newer_curl(aws: Terminal, line: str) -> bool:
    """Whether the user is told that this version of curl signs the request wrongly."""
    told = re.search(r"takes curl ([\d.]+) or newer", aws([*words(line), "--print-request", "curl"]).stderr)
    version = subprocess.run(["curl", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    return told is not None and [int(part) for part in version.split(".")] < [int(part) for part in told[1].split(".")]


def test_what_older_versions_of_curl_cannot_sign_is_told(offline):
    told = "It takes curl 8.15 or newer: older ones sign the % in the path wrongly.\n"
    assert offline(f"{COMMANDS['an encoded path']} --print-request curl").stderr == told
    assert offline("s3api head-object --bucket bucket --key a%b --print-request curl").stderr == ""


def run_in_shell(aws: Terminal, text: str) -> subprocess.CompletedProcess[bytes]:
    script = aws.write("line.sh", text.replace("curl ", "curl --silent --show-error --noproxy '*' ", 1))
    return subprocess.run(
        ["sh", str(script)],
        env={**aws.env, "PATH": os.environ["PATH"]},
        cwd=aws.home,
        capture_output=True,
        timeout=60,
        check=False,
    )


def signature_of(request: Received) -> tuple[str, str]:
    """The signature that a request came with, and the one that it should have."""
    stated = request.headers["Authorization"]
    found = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<date>\d+)/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request,"
        r" ?SignedHeaders=(?P<names>[^,]+), ?Signature=(?P<signature>\w+)",
        stated,
    )
    assert found is not None, stated
    headers = {name: " ".join(request.headers[name].split()) for name in found["names"].split(";")}
    when = datetime.strptime(request.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    scope = Scope(auth="v4", region=found["region"], service=found["service"], double_encode=found["service"] != "s3")
    keys = Credentials(CREDENTIALS["AWS_ACCESS_KEY_ID"], CREDENTIALS["AWS_SECRET_ACCESS_KEY"])
    payload = request.headers.get("X-Amz-Content-SHA256") or sigv4.body_hash(request.body)
    path, query = sigv4.canonical_path(request.path, scope), sigv4.canonical_query(urlsplit(request.target).query)
    canonical = sigv4.canonical_request(request.method, path, query, headers, payload)
    return found["signature"], sigv4.prove(canonical, scope, keys, when)


@curl
@pytest.mark.parametrize("name", COMMANDS)
def test_curl_sends_the_same_request_with_a_signature_that_is_right(aws, name):
    (aws.home / "body").write_bytes(BINARY)
    aws.env["AWS_SESSION_TOKEN"] = TOKEN
    text = aws(f"{COMMANDS[name]} --print-request curl").stdout
    real = sent(aws, COMMANDS[name])
    aws.service.always(lambda _: answer(200))
    done = run_in_shell(aws, text)
    assert done.returncode == 0, done.stderr
    received = aws.service.request
    assert (received.method, received.path, received.body) == (real.method, real.path, real.body)
    assert received.query == real.query
    assert received.headers["X-Amz-Security-Token"] == TOKEN
    for header in ("Content-Type", "X-Amz-Target", "Accept", "x-amz-checksum-crc32", "smithy-protocol"):
        if header in real.headers:
            assert received.headers[header] == real.headers[header]
    if not needs_newer_curl(aws, COMMANDS[name]):
        stated, right = signature_of(received)
        assert stated == right


@curl
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_curl_against_a_gateway_that_checks_signatures(aws, seaweedfs, scheme):
    url = seaweedfs.url if scheme == "http" else seaweedfs.https_url
    aws.env |= {"AWS_ENDPOINT_URL": url, "AWS_CA_BUNDLE": seaweedfs.ca_bundle}
    aws.env |= {"AWS_ACCESS_KEY_ID": seaweedfs.access_key, "AWS_SECRET_ACCESS_KEY": seaweedfs.secret_key}
    if aws("s3api head-bucket --bucket commands").code:
        assert aws("s3api create-bucket --bucket commands").code == 0
    (aws.home / "my body").write_bytes(BINARY)

    def by_curl(*command: str) -> bytes:
        printed = aws(["s3api", *command, "--bucket", "commands", "--print-request", "curl"])
        assert printed.code == 0, printed.stderr
        done = run_in_shell(aws, printed.stdout.replace("curl ", "curl --fail ", 1))
        assert done.returncode == 0, (printed.stdout, done)
        return done.stdout

    by_curl("put-object", "--key", f"a b+c/{scheme}", "--body", "my body")
    assert by_curl("get-object", "--key", f"a b+c/{scheme}", "out") == BINARY
    listed = unquote_plus(by_curl("list-objects-v2", "--prefix", "a b", "--max-keys", "9").decode())
    assert f"<Key>a b+c/{scheme}</Key>" in listed
    by_curl("head-object", "--key", f"a b+c/{scheme}")
    deleted = by_curl("delete-objects", "--delete", f"Objects=[{{Key='a b+c/{scheme}'}}]")
    assert b"<Deleted>" in deleted
    assert aws(["s3api", "head-object", "--bucket", "commands", "--key", f"a b+c/{scheme}"]).code == 254


def test_the_words_of_curl_are_whole(offline):
    text = offline(["sqs", "send-message", "--queue-url", "http://q", "--message-body", "it's $HOME `x`\n\"",
                    "--print-request", "curl"]).stdout  # fmt: skip
    body = shlex.split(text.replace("\\\n", ""))[-1]
    assert json.loads(body)["MessageBody"] == "it's $HOME `x`\n\""
