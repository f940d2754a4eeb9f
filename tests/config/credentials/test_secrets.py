"""Secrets appear in no output, no log and no error, and in no file that others may read."""

import json
import stat
from hashlib import sha1, sha256

import pytest

from awsmini.app import process_app
from awsmini.config.credentials.p256 import PrivateKey
from tests import terminal
from tests.config.peers import ACCOUNT, LOGIN_SESSION, START_URL, Peers, later, query_of

KEY = PrivateKey.of(0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721)
MFA_CODE = "246810"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"

CONFIG = f"""\
[profile keys]
aws_access_key_id = AKIAKEYS
aws_secret_access_key = FILE-SECRET-KEY
[profile role]
role_arn = {ROLE}
source_profile = keys
[profile mfa]
role_arn = {ROLE}
source_profile = keys
mfa_serial = arn:aws:iam::{ACCOUNT}:mfa/me
[profile web]
role_arn = {ROLE}-web
web_identity_token_file = token
[profile sso]
sso_session = corp
sso_account_id = {ACCOUNT}
sso_role_name = Admin
[profile other]
sso_session = corp
sso_account_id = {ACCOUNT}
sso_role_name = King
[profile legacy]
sso_start_url = {START_URL}
sso_region = us-east-1
sso_account_id = {ACCOUNT}
sso_role_name = Admin
[sso-session corp]
sso_start_url = {START_URL}
sso_region = us-east-1
[profile login]
login_session = {LOGIN_SESSION}
[profile process]
credential_process = sh program.sh '"SessionToken": "PROCESS-SECRET-SESSION"'
[profile badprocess]
credential_process = sh program.sh '"SessionToken": "PROCESS-SECRET-SESSION", "Expiration": "soon"'
[profile brokenprocess]
credential_process = sh program.sh '"SessionToken": "PROCESS-SECRET-SESSION'
[profile half]
aws_access_key_id = AKIAHALF
aws_session_token = HALF-SECRET-SESSION
"""
PROGRAM = """\
echo '{"Version": 1, "AccessKeyId": "AKIAPROC", "SecretAccessKey": "PROCESS-SECRET-KEY",' "$1" '}'
"""

COMMANDS = [
    "sts get-caller-identity",
    "configure list",
    *(
        f"sts get-caller-identity --profile {name}"
        for name in (
            "keys", "role", "mfa", "web", "sso", "other", "legacy", "login", "process", "badprocess", "brokenprocess",
            "half", "nope",
        )
    ),
    *(f"configure list --profile {name}" for name in ("role", "sso", "login", "process", "mfa")),
    "sts get-session-token --query Credentials.Expiration",
    "sts assume-role --role-arn x --role-session-name ab",
    *(f"sts assume-role --role-arn {ROLE} --role-session-name ab --serial-number GAHT12345678 {option} {MFA_CODE} "
      "--query AssumedRoleUser" for option in ("--token-code", "--token-c")),
    f"sts assume-role-with-web-identity --role-arn {ROLE} --role-session-name ab --web-identity-token WEB-SECRET-TOKEN "
    "--query AssumedRoleUser",
    f"sso get-role-credentials --account-id {ACCOUNT} --role-name Admin --access-token SSO-SECRET-TOKEN "
    "--query roleCredentials.expiration",
    *(f"sts get-caller-identity --print-request curl --profile {name}" for name in ("keys", "role", "sso", "process")),
    "sts get-caller-identity --profile role --endpoint-url http://127.0.0.1:1",
    "sts get-caller-identity --profile role --query [",
    "s3api list-buckets --profile web --region 'x y'",
    "codecatalyst list-spaces --profile sso",
    "iam create-user --user-name",
    "sso login --profile sso",
    "sso login --profile sso --use-device-code",
    "configure sso --profile fresh --use-device-code",
    "login --profile fresh2",
    "configure mfa-login --profile keys --serial-number GAHT12345678 --update-profile x",
    "configure set aws_secret_access_key SET-SECRET-KEY --profile y",
    "configure get aws_access_key_id --profile keys",
    "configure import --csv file://keys.csv",
    "configure set profile.y.aws_session_token SET-SECRET-SESSION",
    ["configure", "import", "--csv", "User Name,Access Key ID,Secret Access key\nbo,AKIA2,INLINE-SECRET"],
    "configure --profile z",
    "configure wizard",
    "sso logout",
    "logout --all",
]  # fmt: skip


@pytest.fixture
def world_of_secrets(aws, monkeypatch):
    peers = Peers(mfa_code=MFA_CODE, pending=1)
    aws.service.always(peers)
    aws.write(".aws/config", CONFIG)
    aws.write("program.sh", PROGRAM)
    aws.write("token", "WEB-SECRET-TOKEN")
    aws.write("keys.csv", "User Name,Access Key ID,Secret Access key\nana,AKIA1,CSV-SECRET-KEY\n")
    aws.env |= {
        "AWS_ACCESS_KEY_ID": "AKIAENV",
        "AWS_SECRET_ACCESS_KEY": "ENV-SECRET-KEY",
        "AWS_SESSION_TOKEN": "ENV-SECRET-SESSION",
    }
    token = {
        "accessToken": "SSO-SECRET-TOKEN", "expiresAt": later(600), "refreshToken": "REFRESH-SECRET",
        "clientId": "client", "clientSecret": "CLIENT-SECRET", "registrationExpiresAt": later(86400),
        "startUrl": START_URL, "region": "us-east-1",
    }  # fmt: skip
    for name in ("corp", START_URL):
        aws.write(f".aws/sso/cache/{sha1(name.encode()).hexdigest()}.json", json.dumps(token)).chmod(0o600)
    access = {
        "accessKeyId": "ASIALOGIN", "secretAccessKey": "LOGIN-SECRET-KEY", "sessionToken": "LOGIN-SECRET-SESSION",
        "accountId": ACCOUNT, "expiresAt": later(60),
    }  # fmt: skip
    signed_in = {
        "accessToken": access, "clientId": "c", "refreshToken": "LOGIN-REFRESH-SECRET", "dpopKey": KEY.to_pem(),
    }  # fmt: skip
    name = sha256(LOGIN_SESSION.encode()).hexdigest()
    aws.write(f".aws/login/cache/{name}.json", json.dumps(signed_in)).chmod(0o600)
    aws.env["AWS_MAX_ATTEMPTS"] = "1"
    monkeypatch.setattr("getpass.getpass", lambda prompt: MFA_CODE)
    monkeypatch.setattr("awsmini.app.process_app", lambda: process_app()._replace(sleep=lambda seconds: None))
    monkeypatch.setattr("webbrowser.open_new_tab", _go_back)
    return aws


def _go_back(url):
    import threading
    import urllib.request

    query = query_of(url)
    if "redirect_uri" in query:
        back = f"{query['redirect_uri']}?code=AUTH-CODE&state={query['state']}"
        threading.Thread(target=lambda: urllib.request.urlopen(back).close()).start()


def secrets(aws):
    return [
        "-SECRET", MFA_CODE, str(KEY.secret), f"{KEY.secret:x}", KEY.to_pem().splitlines()[1],
    ]  # fmt: skip


# What somebody types or is asked for: an MFA code, a file's keys, answers about an SSO session.
TYPED = f"{MFA_CODE}\nTYPED-SECRET-KEY\n\n\n\n\n\n"
STDIN = {
    "configure sso --profile fresh --use-device-code": "corp\n\n\n",
    "configure --profile z": "AKIAX\nTYPED-SECRET-KEY\n\n\n",
    "configure wizard": "1\nw\nAKIAX\nTYPED-SECRET-KEY\n",
}


@pytest.mark.parametrize("debug", [[], ["--debug"]])
def test_no_secret_is_shown(world_of_secrets, debug):
    aws = world_of_secrets
    for command in COMMANDS:
        words = [*terminal.words(command), *debug]
        outcome = aws(words, stdin=STDIN.get(str(command), TYPED))
        shown = outcome.stdout + outcome.stderr
        for secret in secrets(aws):
            assert secret not in shown, f"{words} shows {_around(shown, secret)}"
    for path in (aws.home / ".aws").rglob("*"):
        if path.is_file() and path.name not in ("config",) and any(word in path.read_text() for word in secrets(aws)):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


@pytest.mark.parametrize("debug", [[], ["--debug"]])
@pytest.mark.parametrize("host", ["container", "instance"])
def test_no_secret_of_a_metadata_service_is_shown(world_of_secrets, host, debug):
    aws = world_of_secrets
    del aws.env["AWS_ACCESS_KEY_ID"]
    url = aws.service.url
    if host == "container":
        aws.service._otherwise.container_authorization = "Bearer CONTAINER-SECRET"
        aws.env["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "Bearer CONTAINER-SECRET"
        aws.env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = f"{url}/container"
    else:
        aws.env |= {"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": url}
    for command in ("sts get-caller-identity", "configure list", "sts get-caller-identity --print-request curl"):
        outcome = aws([*terminal.words(command), *debug])
        assert outcome.code == 0
        assert "-SECRET" not in outcome.stdout + outcome.stderr


def _around(text, secret):
    at = text.index(secret)
    return text[max(0, at - 200) : at + 80]


def test_the_commands_do_what_they_should(world_of_secrets):
    """Or the test above would look for secrets where none can be."""
    aws = world_of_secrets
    codes = {str(command): aws(command, stdin=STDIN.get(str(command), TYPED)).code for command in COMMANDS}
    failing = {command for command, code in codes.items() if code}
    assert failing == {
        *(
            f"sts get-caller-identity --profile {name}"
            for name in ("other", "badprocess", "brokenprocess", "half", "nope")
        ),
        "sts assume-role --role-arn x --role-session-name ab",
        "sts get-caller-identity --profile role --endpoint-url http://127.0.0.1:1",
        "sts get-caller-identity --profile role --query [",
        "s3api list-buckets --profile web --region 'x y'",
        "codecatalyst list-spaces --profile sso",
        "iam create-user --user-name",
    }


def test_debug_says_where_credentials_were_looked_for(world_of_secrets):
    shown = world_of_secrets("sts get-caller-identity --profile keys --debug").stderr
    assert "Looking for credentials via: assume-role" in shown
    assert "Looking for credentials via: config-file" in shown
