"""With --local nothing but the sandbox is asked, and nothing of the user's is shown to it: every socket is watched."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from awsmini.errors import ParamValidationError
from awsmini.records import Request
from awsmini.sandbox import control, started
from awsmini.sandbox.fence import check_endpoint, fenced, is_inside
from awsmini.sandbox.state import SandboxError
from awsmini.send.options import SenderOptions
from awsmini.session import Session
from tests.terminal import Terminal

REAL_KEY = "AKIAREALREALREALREAL"
_EVENTS = ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname", "subprocess.Popen")
_seen: list[tuple[str, Any]] | None = None


def _watch(event: str, details: tuple[Any, ...]) -> None:
    if _seen is not None and event in _EVENTS:
        _seen.append((event, details[1] if event in ("socket.connect", "socket.sendto") else details[:2]))


sys.addaudithook(_watch)

CONFIG = """\
[default]
csm_enabled = true
csm_host = 198.51.100.9
cli_history = enabled

[profile assumes]
role_arn = arn:aws:iam::123456789012:role/real
source_profile = keys

[profile keys]
aws_access_key_id = AKIAREALREALREALREAL
aws_secret_access_key = s

[profile process]
credential_process = touch /tmp/awsmini-test-must-not-run

[profile metadata]
credential_source = Ec2InstanceMetadata
role_arn = arn:aws:iam::123456789012:role/real

[profile web]
role_arn = arn:aws:iam::123456789012:role/real
web_identity_token_file = /nonexistent

[profile sso]
sso_session = work
sso_account_id = 123456789012
sso_role_name = dev

[sso-session work]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1
"""

COMMANDS = (
    "kinesisvideo list-streams",
    "sts get-caller-identity",
    "s3 mb s3://inside",
    "s3 cp file.txt s3://inside/",
    "s3 ls s3://inside",
    "s3 sync s3://inside down",
    "s3 presign s3://inside/file.txt",
    "s3api list-objects-v2 --bucket inside",
    "sso list-accounts --access-token t",
    "sso-oidc register-client --client-name n --client-type public",
    "timestream-write list-databases",
    "dynamodb list-tables",
    "s3control list-access-points --account-id 123456789012",
    "cloudformation list-stacks",
    "logs tail group",
    "ecr get-login-password",
    "eks get-token --cluster-name c",
    "rds generate-db-auth-token --hostname db --port 3306 --username u",
    "codeartifact list-domains",
    "ddb select table",
    "configure list",
    "kinesisvideo list-streams --print-request curl",
    "lambda wait function-exists --function-name f --cli-read-timeout 5 --print-request http",
    "braket search-devices --filters []",
)


@pytest.fixture
def aws(aws: Terminal) -> Iterator[Terminal]:
    """A terminal of a user who has everything configured, but for a region; the metadata service may be asked."""
    aws.write(".aws/config", CONFIG)
    aws.write("file.txt", "x")
    for name in ("AWS_DEFAULT_REGION", "AWS_EC2_METADATA_DISABLED", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del aws.env[name]
    aws.env |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), aws.service.url)
    yield aws
    control.stop(aws.env)


def _watched(aws: Terminal, command: str, **env: str) -> tuple[Any, set[Any]]:
    """The outcome of a command, and what it has connected to and started."""
    global _seen
    _seen = []
    try:
        return aws(command, env=env), {
            detail for event, detail in _seen if isinstance(detail, tuple) and event != "subprocess.Popen"
        } | {event for event, _ in _seen if event == "subprocess.Popen"}
    finally:
        _seen = None


def test_no_command_asks_anything_but_the_sandbox(aws):
    port = started(aws.env).port
    for command in COMMANDS:
        outcome, asked = _watched(aws, f"{command} --local --debug")
        assert asked <= {("127.0.0.1", port)}, (command, asked)
        assert outcome.code in (0, 1, 254, 255), (command, outcome.stderr[-300:])
        assert REAL_KEY not in outcome.stdout + outcome.stderr
    assert aws.service.requests == []


@pytest.mark.parametrize("profile", ["assumes", "keys", "process", "metadata", "web", "sso"])
def test_credentials_of_a_profile_are_not_even_looked_for(aws, profile):
    port = started(aws.env).port
    for command in ("sts get-caller-identity", "s3 ls", "configure export-credentials"):
        outcome, asked = _watched(aws, f"{command} --profile {profile}", AWSMINI_LOCAL="1")
        assert outcome.code == 0, outcome.stderr
        assert asked <= {("127.0.0.1", port)}, asked
        assert REAL_KEY not in outcome.stdout
    assert '"AccessKeyId": "sandbox"' in outcome.stdout
    assert aws.service.requests == []


def test_a_profile_that_does_not_exist_is_told_as_ever(aws):
    outcome = aws("--local --profile nosuch kinesisvideo list-streams")
    assert outcome.code == 255
    assert outcome.message == "awsmini: [ERROR]: The config profile (nosuch) could not be found"


def test_the_curl_command_carries_the_keys_of_the_sandbox(aws):
    env = {"AWS_ACCESS_KEY_ID": REAL_KEY, "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"}
    outcome = aws("--local kinesisvideo list-streams --print-request curl", env=env)
    assert "--user sandbox:sandbox " in outcome.stdout
    assert "$AWS" not in outcome.stdout
    assert outcome.stderr == ""


@pytest.mark.parametrize("word", ["0", "false", "False", "no", "off", "", " "])
def test_words_that_switch_it_off(aws, word):
    aws.service.replies(200, {"StreamInfoList": []})
    env = {"AWSMINI_LOCAL": word, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION": "eu-west-1"}
    assert aws("kinesisvideo list-streams", env=env).code == 0


@pytest.mark.parametrize("word", ["1", "true", "yes", "on"])
def test_words_that_switch_it_on(aws, word):
    assert Session(app=fenced_app(aws, AWSMINI_LOCAL=word)).settings.is_local


def fenced_app(aws: Terminal, **env: str) -> Any:
    from awsmini.app import process_app

    return process_app()._replace(env={**aws.env, **env})


def test_an_endpoint_on_this_machine_wins_and_one_beyond_it_is_refused(aws):
    aws.service.replies(200, {"StreamInfoList": []})
    assert aws(f"--local --endpoint-url {aws.service.url} kinesisvideo list-streams").code == 0
    assert "Credential=sandbox/" in aws.service.request.headers["authorization"]
    for words in ("--local", ""):
        outcome, asked = _watched(
            aws, f"{words} kinesisvideo list-streams --endpoint-url https://example.com", AWSMINI_LOCAL="1"
        )
        assert outcome.code == 252
        assert "nothing beyond this machine is asked, so not --endpoint-url https://example.com" in outcome.message
        assert asked == set()


@pytest.mark.parametrize(
    ("url", "inside"),
    [
        ("http://127.0.0.1:4566/x", True),
        ("http://127.9.9.9", True),
        ("http://localhost:1", True),
        ("https://[::1]:1/", True),
        ("http://LOCALHOST.", True),
        ("http://127.1:4566", True),
        ("http://2130706433", True),
        ("http://0x7f.1", True),
        ("http://0177.0.0.1", True),
        ("http://0.0.0.0:4566", True),
        ("http://0:4566", True),
        ("http://[::]", True),
        ("http://[0:0::1]", True),
        ("http://[::ffff:127.0.0.2]", True),
        ("http://[::ffff:7f00:1]", True),
        ("http://127.0.0.1.example.com", False),
        ("http://128.1", False),
        ("http://0.0.0.1", False),
        ("http://0x", False),
        ("http://", False),
        ("http://127.0.0.1 example.com", False),
        ("http://[::2]", False),
        ("http://[::127.0.0.1]", False),
        ("http://localhost.example.com", False),
        ("http://user@example.com", False),
        ("http://127.0.0.1@example.com", False),
        ("http://169.254.169.254/latest", False),
        ("http://0177.0.0.1.nip.io", False),
        ("http://[::ffff:198.51.100.1]", False),
        ("http://127.0.0.256", False),
        ("http://[", False),
    ],
)
def test_which_addresses_are_on_this_machine(url, inside):
    assert is_inside(url) is inside
    if not inside:
        with pytest.raises(ParamValidationError):
            check_endpoint(url)


def test_whatever_part_of_the_program_asks_stays_inside(aws):
    app = fenced(fenced_app(aws))
    assert fenced(app) is app
    send = app.open_sender(SenderOptions())
    with pytest.raises(SandboxError, match=r"nothing beyond this machine is asked, so not 169\.254\.169\.254"):
        send(Request(method="GET", url="http://169.254.169.254/latest/meta-data/"))


def test_a_password_in_an_address_that_is_refused_is_not_shown(aws):
    message = aws("sts get-caller-identity --local --endpoint-url https://ann:hunter22@example.com/x").message
    assert "hunter22" not in message
    assert "https://example.com/x" in message
