"""`eks get-token`: the token, and the one of a role that is kept for a while."""

import base64
import io
import json
import os
import stat
from datetime import datetime, timedelta, timezone
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from awsmini.app import process_app
from awsmini.cli import run_in
from tests.servers import answer
from tests.terminal import CREDENTIALS

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
ROLE = "arn:aws:iam::111122223333:role/r"
TOKENS = ".local/state/awsmini/eks-tokens"


def url_of(token: str) -> str:
    text = token.removeprefix("k8s-aws-v1.")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()


def test_the_token_is_a_url_that_names_the_cluster(aws, monkeypatch):
    del aws.env["AWS_ENDPOINT_URL"]
    credential = aws("eks get-token --cluster-name c1").json
    url = url_of(credential["status"]["token"])
    made = datetime.strptime(parse_qs(urlsplit(url).query)["X-Amz-Date"][0], "%Y%m%dT%H%M%SZ")
    assert credential["status"]["expirationTimestamp"] == f"{made + timedelta(minutes=14):%Y-%m-%dT%H:%M:%SZ}"
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda **_: made)
    request = AWSRequest(
        "GET",
        "https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15",
        headers={"x-k8s-aws-id": "c1"},
    )
    SigV4QueryAuth(Credentials(*CREDENTIALS.values()), "sts", "us-east-1", expires=60).add_auth(request)
    assert url == request.url
    assert not (aws.home / TOKENS).exists(), "what costs nothing is not kept"


def test_the_flag_for_the_endpoint_is_not_for_sts(aws):
    del aws.env["AWS_ENDPOINT_URL"]
    token = aws("eks get-token --cluster-name c1 --endpoint-url http://eks").json["status"]["token"]
    assert url_of(token).startswith("https://sts.us-east-1.amazonaws.com/?")
    env = {"AWS_ENDPOINT_URL_STS": "http://sts/x"}
    assert url_of(aws("eks get-token --cluster-id i", env=env).json["status"]["token"]).startswith(
        "http://sts/x?Action"
    )


class Roles:
    """STS: each time a role is assumed, other keys."""

    def __init__(self, aws) -> None:
        self.aws = aws
        self.asked = 0
        aws.service.always(self.answer)

    def answer(self, request):
        assert request.form["RoleSessionName"] == "EKSGetTokenAuth"
        self.asked += 1
        keys = {"AccessKeyId": f"ASIA{self.asked}", "SecretAccessKey": "s", "SessionToken": "t"}
        fields = "".join(f"<{name}>{value}</{name}>" for name, value in keys.items())
        return answer(200, f"<R><AssumeRoleResult><Credentials>{fields}</Credentials></AssumeRoleResult></R>")

    def token(self, line: str = "", *, minutes: float = 0, env=None) -> dict:
        """The status of a token asked for so many minutes after NOW."""
        out = io.StringIO()
        line = f"eks get-token --cluster-name c1 --role-arn {ROLE} {line}"
        with mock.patch.dict(os.environ, {**self.aws.env, **(env or {})}, clear=True):
            app = process_app()._replace(stdout=out, now=lambda: NOW + timedelta(minutes=minutes))
            assert run_in(app, line.split()) == 0
        return json.loads(out.getvalue())["status"]


@pytest.fixture
def roles(aws) -> Roles:
    return Roles(aws)


def test_a_roles_token_is_kept_in_a_private_file(roles):
    first = roles.token()
    assert roles.token(minutes=6.9) == first
    assert roles.asked == 1
    (kept,) = (roles.aws.home / TOKENS).iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert first["expirationTimestamp"] == "2026-01-02T03:18:05Z"


@pytest.mark.parametrize("minutes", [7.1, 14, 15, 100, -1, -100])
def test_an_old_one_is_not_handed_out(roles, minutes):
    """Nor one of the future: the clock was set back, and nobody knows how old it is."""
    first = roles.token()
    second = roles.token(minutes=minutes)
    assert roles.asked == 2
    assert second["token"] != first["token"]
    expires = datetime.strptime(second["expirationTimestamp"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    assert expires == NOW + timedelta(minutes=minutes + 14)


@pytest.mark.parametrize(
    ("line", "env"),
    [
        ("", {"AWS_ACCESS_KEY_ID": "AKIDOTHER"}),
        ("", {"AWS_SECRET_ACCESS_KEY": "other"}),
        ("", {"AWS_SESSION_TOKEN": "other"}),
        ("", {"AWS_USE_FIPS_ENDPOINT": "true"}),
        ("--region eu-west-1", {}),
        (f"--role-arn {ROLE}2", {}),
        ("--cluster-name c2", {}),
    ],
)
def test_others_get_one_of_their_own(roles, line, env):
    first = roles.token()
    assert roles.token(line, env=env) != first
    assert roles.asked == 2
    assert roles.token() == first
    assert roles.asked == 2


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", '{"token": 5, "expires": "x"}', '{"token": "a", "expires": "x"}', '{"token": "a"}'],
)
def test_a_broken_file_is_made_anew(roles, content):
    roles.token()
    (kept,) = (roles.aws.home / TOKENS).iterdir()
    kept.write_text(content)
    assert roles.token()["token"].startswith("k8s-aws-v1.")
    assert roles.asked == 2


def test_files_of_dead_tokens_are_removed(roles):
    roles.token()
    (old,) = (roles.aws.home / TOKENS).iterdir()
    roles.token("--cluster-name c2", minutes=60 * 24 * 3650)
    assert old not in (roles.aws.home / TOKENS).iterdir()


def test_a_folder_that_cannot_be_written_is_no_obstacle(roles):
    roles.aws.write(".local/state", "a file in the way")
    assert roles.token()["token"] != roles.token()["token"]


def test_without_credentials_of_ones_own_nothing_is_kept(roles):
    for name in CREDENTIALS:
        del roles.aws.env[name]
    roles.token("--no-sign-request")
    assert roles.asked == 1
    assert not (roles.aws.home / TOKENS).exists()


def test_debug_hides_the_token(roles):
    outcome = roles.aws(f"eks get-token --cluster-name c1 --role-arn {ROLE} --debug")
    token = outcome.json["status"]["token"]
    assert token not in outcome.stderr
    assert url_of(token).rpartition("=")[2] not in outcome.stderr


@pytest.mark.parametrize(
    ("info", "version", "said"),
    [
        (None, "v1beta1", ""),
        ("", "v1beta1", ""),
        ({"apiVersion": "client.authentication.k8s.io/v1"}, "v1", ""),
        ({"apiVersion": "client.authentication.k8s.io/v1beta1"}, "v1beta1", ""),
        (
            {"apiVersion": "client.authentication.k8s.io/v1alpha1"},
            "v1alpha1",
            "Kubeconfig user entry is using deprecated API version",
        ),
        (
            {"apiVersion": "client.authentication.k8s.io/v9"},
            "v1beta1",
            "Unrecognized API version in KUBERNETES_EXEC_INFO",
        ),
        ({}, "v1beta1", "Unrecognized API version"),
        ([], "v1beta1", "Unrecognized API version"),
        ("{", "v1beta1", "Error parsing KUBERNETES_EXEC_INFO"),
    ],
)
def test_the_version_is_the_one_that_the_client_asks_for(aws, info, version, said):
    env = {} if info is None else {"KUBERNETES_EXEC_INFO": info if isinstance(info, str) else json.dumps(info)}
    outcome = aws("eks get-token --cluster-name c1", env=env)
    assert outcome.json["apiVersion"] == f"client.authentication.k8s.io/{version}"
    assert outcome.stderr.startswith(said)
    assert bool(outcome.stderr) == bool(said)


@pytest.mark.parametrize(
    ("line", "code", "stderr"),
    [
        ("eks get-token", 1, "Either parameter --cluster-name or --cluster-id must be specified.\n"),
        ("eks get-token --cluster-name=", 1, "Either parameter --cluster-name or --cluster-id must be specified.\n"),
        ("eks get-token --cluster-name a --cluster-id b", 252, 'The key "cluster_id" cannot be specified'),
    ],
)
def test_which_cluster_has_to_be_said(aws, line, code, stderr):
    outcome = aws(line)
    assert outcome.code == code
    assert stderr in outcome.stderr
