"""What git asks, and what it gets."""

import subprocess
import sys
from datetime import datetime

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from awsmini.services.small.codecommit import region_of
from tests.servers import clean_environment
from tests.terminal import CREDENTIALS, PROJECT

KEY, SECRET = CREDENTIALS.values()
HOST = "git-codecommit.us-west-2.amazonaws.com"


def asked(host: str = HOST, path: str = "v1/repos/r") -> str:
    return f"protocol=https\nhost={host}\npath={path}\n"


def signed(password: str, host: str, path: str, region: str) -> str:
    """The signature that botocore's signer makes of the same request."""
    auth = SigV4Auth(Credentials(KEY, SECRET), "codecommit", region)
    request = AWSRequest(method="GIT", url=f"https://{host}/{path}")
    request.context["timestamp"] = password.partition("Z")[0]
    datetime.strptime(request.context["timestamp"], "%Y%m%dT%H%M%S")
    text = auth.string_to_sign(request, f"GIT\n/{path}\n\nhost:{host}\n\nhost\n")
    return auth.signature(text, request)


@pytest.mark.parametrize("path", ["v1/repos/r", "x y/é", "/v1/repos/r"])
def test_the_password_is_a_signature(aws, path):
    outcome = aws("codecommit credential-helper get", stdin=asked(path=path))
    user, password = outcome.stdout.splitlines()
    assert user == f"username={KEY}"
    assert password.removeprefix("password=").partition("Z")[2] == signed(password[9:], HOST, path, "us-west-2")


def test_the_token_is_part_of_the_user(aws):
    outcome = aws("codecommit credential-helper get", stdin=asked(), env={"AWS_SESSION_TOKEN": "t/+="})
    assert outcome.stdout.startswith(f"username={KEY}%t/+=\n")


@pytest.mark.parametrize(
    ("host", "region"),
    [
        (HOST, "us-west-2"),
        (f"{HOST}:443", "us-west-2"),
        ("git-codecommit-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
        ("git-codecommit.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("vpce-0a1b-c2.git-codecommit.us-east-2.vpce.amazonaws.com", "us-east-2"),
        ("github.com", None),
        ("s3.us-west-2.amazonaws.com", None),
        (f"{HOST}.example.com", None),
        (f"example.com.{HOST}", None),
        (f"x{HOST}", None),
        ("git-codecommit.us-west-2.amazonaws.com.example", None),
        ("git-codecommit.us-west-2.amazonawsxcom", None),
        ("git-codecommit.a.b.amazonaws.com", None),
        ("git-codecommit..amazonaws.com", None),
        ("example.com/.git-codecommit.us-west-2.amazonaws.com", None),
        ("user@git-codecommit.us-west-2.amazonaws.com", None),
        (f"example.com#{HOST}", None),
        (f"{HOST}\n", None),
        (f"{HOST}:443@example.com", None),
        ("amazon.com", None),
        ("vpce-x.example.com.git-codecommit.us-east-2.vpce.amazonaws.com", None),
        ("", None),
    ],
)
def test_the_whole_host_name_counts(host, region):
    assert region_of(host) == region


@pytest.mark.parametrize("host", ["github.com", f"{HOST}.example.com", "s3.us-west-2.amazonaws.com"])
def test_other_hosts_get_nothing(aws, host):
    outcome = aws("codecommit credential-helper get", stdin=asked(host))
    assert (outcome.stdout, outcome.stderr, outcome.code) == ("", "", 0)
    outcome = aws("codecommit credential-helper get --ignore-host-check", stdin=asked(host))
    password = outcome.stdout.splitlines()[1].removeprefix("password=")
    assert password.partition("Z")[2] == signed(password, host, "v1/repos/r", "us-east-1")


@pytest.mark.parametrize(
    ("stdin", "message"),
    [
        ("", "'host'"),
        (f"protocol=https\nhost={HOST}\n", "'path'"),
        (f"host={HOST}\npath=x\n", "'protocol'"),
        ("protocol\n", "not enough values to unpack (expected 2, got 1)"),
    ],
)
def test_what_git_left_out_is_named(aws, stdin, message):
    outcome = aws("codecommit credential-helper get", stdin=stdin)
    assert (outcome.code, outcome.message) == (255, f"awsmini: [ERROR]: {message}")


@pytest.mark.parametrize("verb", ["store", "erase"])
def test_nothing_is_stored(aws, verb):
    outcome = aws(f"codecommit credential-helper {verb}", stdin=asked())
    assert (outcome.stdout, outcome.stderr, outcome.code) == ("", "", 0)
    assert [path.name for path in aws.home.iterdir()] == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("codecommit credential-helper", "awsmini: [ERROR]: too few arguments"),
        ("codecommit credential-helper capability", "argument subcommand: Found invalid choice 'capability'"),
        ("codecommit credential-helper get x", "Unknown options: x"),
    ],
)
def test_wrong_words(aws, line, message):
    outcome = aws(line, stdin=asked())
    assert outcome.code == 252
    assert message in outcome.message


def test_no_credentials(aws):
    del aws.env["AWS_ACCESS_KEY_ID"], aws.env["AWS_SECRET_ACCESS_KEY"]
    outcome = aws("codecommit credential-helper get", stdin=asked())
    assert outcome.code == 253
    assert "NoCredentials" in outcome.message


def test_git_itself_asks(aws, tmp_path):
    """git's own `credential fill`, with the helper that the user guide configures."""
    helper = f"!{sys.executable} -m awsmini codecommit credential-helper $@"
    env = {**clean_environment(tmp_path), **aws.env, "PYTHONPATH": str(PROJECT), "GIT_TERMINAL_PROMPT": "0"}
    done = subprocess.run(
        ["git", "-c", f"credential.helper={helper}", "-c", "credential.useHttpPath=true", "credential", "fill"],
        input=asked() + "\n",
        capture_output=True,
        text=True,
        env=env,
        cwd=tmp_path,
        timeout=60,
        check=True,
    )
    filled = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert filled["username"] == KEY
    assert filled["password"].partition("Z")[2] == signed(filled["password"], HOST, "v1/repos/r", "us-west-2")
