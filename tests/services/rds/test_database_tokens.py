"""Tokens of RDS and DSQL, beside those that botocore makes of the same keys at the same time."""

from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import botocore.auth
import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.terminal import CREDENTIALS, modules_loaded_by, run_and_list_modules


def theirs(monkeypatch, token: str, address: str, service: str, query: dict[str, str], seconds: int) -> str:
    """The token that botocore's signer makes, of the moment that one of ours was made."""
    moment = parse_qs(urlsplit(f"https://{token}").query)["X-Amz-Date"][0]
    at = datetime.strptime(moment, "%Y%m%dT%H%M%SZ")
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda **_: at)
    signer = SigV4QueryAuth(Credentials(*CREDENTIALS.values()), service, "us-east-1", expires=seconds)
    request = AWSRequest("GET", f"https://{address}", params=query)
    signer.add_auth(request)
    return request.url.removeprefix("https://")


@pytest.mark.parametrize(
    ("host", "port", "user"),
    [
        ("h", 3306, "u"),
        ("H.Ex", 5432, "me"),
        ("h", 443, "u"),
        ("h", 80, "u/ x@é&a=b"),
        ("h", 1, ""),
        ("http://h", 1, "u"),
    ],
)
def test_rds(aws, monkeypatch, host, port, user):
    line = ["rds", "generate-db-auth-token", "--hostname", host, "--port", str(port), "--username", user]
    token = aws(line).stdout.removesuffix("\n")
    slash = "" if "/" in host else "/"
    assert token.startswith(f"{host}:{port}{slash}?Action=connect&DBUser=")
    address = f"{host}:{port}{slash}"
    assert token == theirs(monkeypatch, token, address, "rds-db", {"Action": "connect", "DBUser": user}, 900)


@pytest.mark.parametrize(("command", "action"), [("auth-token", "DbConnect"), ("admin-auth-token", "DbConnectAdmin")])
@pytest.mark.parametrize(
    ("host", "address", "more", "seconds"),
    [
        ("h.example.com", "h.example.com/", "", 900),
        ("H", "H/", "--expires-in 60", 60),
        ("https://h/p", "https://h/p", "", 900),
    ],
)
def test_dsql(aws, monkeypatch, command, action, host, address, more, seconds):
    token = aws(f"dsql generate-db-connect-{command} --hostname {host} {more}").stdout.removesuffix("\n")
    assert token == theirs(monkeypatch, token, address, "dsql", {"Action": action}, seconds)


def test_the_session_token_stands_before_the_signature(aws):
    token = aws(
        "rds generate-db-auth-token --hostname h --port 1 --username u", env={"AWS_SESSION_TOKEN": "t/="}
    ).stdout
    assert "&X-Amz-SignedHeaders=host&X-Amz-Security-Token=t%2F%3D&X-Amz-Signature=" in token


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        (
            "rds generate-db-auth-token --hostname h --port x --username u",
            255,
            "invalid literal for int() with base 10: 'x'",
        ),
        (
            "rds generate-db-auth-token --hostname h --port -5 --username u",
            255,
            "Port could not be cast to integer value as '-5'",
        ),
        ("rds generate-db-auth-token --hostname h --port 99999 --username u", 255, "Port out of range 0-65535"),
        ("rds generate-db-auth-token --port 1", 252, "the following arguments are required: --hostname, --username"),
        ("dsql generate-db-connect-auth-token --hostname h --expires-in x", 255, "invalid literal for int()"),
        ("dsql generate-db-connect-admin-auth-token", 252, "the following arguments are required: --hostname"),
    ],
)
def test_what_is_wrong_is_told(aws, line, code, message):
    outcome = aws(line)
    assert outcome.code == code
    assert message in outcome.message


def test_no_region_and_no_credentials_are_told(aws):
    line = "rds generate-db-auth-token --hostname h --port 1 --username u"
    for name in CREDENTIALS:
        del aws.env[name]
    assert aws(line).code == 253
    assert "NoCredentials" in aws(line).message
    del aws.env["AWS_DEFAULT_REGION"]
    assert "NoRegion" in aws(line).message
    aws.env["AWS_DEFAULT_REGION"] = "us-east-1"
    assert aws(f"{line} --no-sign-request").stdout == "h:1/\n"


def test_debug_shows_neither_key_nor_token(aws):
    env = {"AWS_SESSION_TOKEN": "session-token-of-mine"}
    outcome = aws("rds generate-db-auth-token --hostname h --port 1 --username u --debug", env=env)
    proof = outcome.stdout.rpartition("X-Amz-Signature=")[2].strip()
    for secret in (CREDENTIALS["AWS_SECRET_ACCESS_KEY"], "session-token-of-mine", proof):
        assert secret not in outcome.stderr


@pytest.mark.parametrize(
    "line",
    [
        "rds generate-db-auth-token --hostname h --port 1 --username u",
        "dsql generate-db-connect-auth-token --hostname h",
        "eks get-token --cluster-name c",
    ],
)
def test_nothing_of_the_network_is_loaded(line):
    env = {**CREDENTIALS, "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}
    code, modules = run_and_list_modules(line, env)
    assert code == 0
    assert not modules & {"requests", "urllib3", "rich", "jmespath", "yaml"}


def test_usage_errors_load_nothing_either():
    assert not modules_loaded_by("rds generate-db-auth-token") & {"requests", "awsmini.session"}
