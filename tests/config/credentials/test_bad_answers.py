"""Peers that answer what is no credentials: a clear error that shows no secret, and nothing kept."""

import json
from hashlib import sha1, sha256

import pytest

from awsmini.config.credentials.p256 import PrivateKey
from awsmini.errors import AwsminiError
from tests.config.peers import ACCOUNT, LOGIN_SESSION, START_URL, later
from tests.servers import answer

ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
CONFIG = f"""\
[profile keys]
aws_access_key_id = AKIAKEYS
aws_secret_access_key = s
[profile role]
role_arn = {ROLE}
source_profile = keys
[profile web]
role_arn = {ROLE}
web_identity_token_file = {{home}}/token
[profile sso]
sso_session = corp
sso_account_id = {ACCOUNT}
sso_role_name = Admin
[sso-session corp]
sso_start_url = {START_URL}
sso_region = us-east-1
[profile legacy]
sso_start_url = {START_URL}
sso_region = us-east-1
sso_account_id = {ACCOUNT}
sso_role_name = Admin
[profile login]
login_session = {LOGIN_SESSION}
"""
KEY = PrivateKey.of(7)


@pytest.fixture
def refused(world):
    """The message of the error that the peers' answer leads to; None asks a container."""

    world.write("token", "WEB-SECRET-TOKEN")
    world.config(CONFIG.replace("{home}", str(world.home)))
    token = {
        "accessToken": "SSO-SECRET-TOKEN", "expiresAt": later(60), "refreshToken": "REFRESH-SECRET",
        "clientId": "client", "clientSecret": "CLIENT-SECRET", "registrationExpiresAt": later(86400),
    }  # fmt: skip
    world.write(f".aws/sso/cache/{sha1(b'corp').hexdigest()}.json", json.dumps(token))
    token["expiresAt"] = later(3600)
    world.write(f".aws/sso/cache/{sha1(START_URL.encode()).hexdigest()}.json", json.dumps(token))
    access = {"accessKeyId": "A", "secretAccessKey": "s", "sessionToken": "t", "accountId": "1", "expiresAt": later(0)}
    login = {"accessToken": access, "clientId": "c", "refreshToken": "r", "dpopKey": KEY.to_pem()}
    world.write(f".aws/login/cache/{sha256(LOGIN_SESSION.encode()).hexdigest()}.json", json.dumps(login))
    world.env["AWS_MAX_ATTEMPTS"] = "1"

    def ask(profile, status, body):
        if profile is None:
            world.env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = world.service.url
        world.service.always(lambda request: answer(status, body))
        before = {path: path.read_bytes() for path in (world.home / ".aws").rglob("*.json")}
        with pytest.raises(AwsminiError) as caught:
            world.credentials(profile)
        after = {path: path.read_bytes() for path in (world.home / ".aws").rglob("*.json")}
        assert after == before
        return caught.value

    return ask


def _sts(action, inside):
    return f"<{action}Response><{action}Result>{inside}</{action}Result></{action}Response>"


KEYS = "<AccessKeyId>A</AccessKeyId><SecretAccessKey>ROLE-SECRET</SecretAccessKey>"
LACKING = "Error when retrieving credentials from {}: Missing required key in response: '{}'"
WITHOUT = [
    ("role", _sts("AssumeRole", ""), LACKING.format("assume-role", "Credentials")),
    ("role", _sts("AssumeRole", f"<AssumedRoleUser><Arn>{ROLE}/x</Arn></AssumedRoleUser>"),
     LACKING.format("assume-role", "Credentials")),
    ("role", _sts("AssumeRole", f"<Credentials>{KEYS}</Credentials>"), LACKING.format("assume-role", "SessionToken")),
    ("web", _sts("AssumeRoleWithWebIdentity", f"<Credentials>{KEYS}</Credentials>"),
     LACKING.format("assume-role-with-web-identity", "SessionToken")),
    ("legacy", {}, LACKING.format("sso", "roleCredentials")),
    ("legacy", {"roleCredentials": {"accessKeyId": "A", "secretAccessKey": "SSO-SECRET"}},
     LACKING.format("sso", "expiration")),
    ("sso", {"refreshToken": "REFRESH-SECRET"}, LACKING.format("sso", "accessToken")),
    ("sso", {"accessToken": "SSO-SECRET"}, LACKING.format("sso", "expiresIn")),
    ("login", {"refreshToken": "LOGIN-SECRET"}, LACKING.format("login", "accessToken")),
    ("login", {"accessToken": {"accessKeyId": "A", "secretAccessKey": "LOGIN-SECRET", "sessionToken": "LOGIN-SECRET"}},
     LACKING.format("login", "expiresIn")),
    (None, {"AccessKeyId": "A", "Token": "METADATA-SECRET"}, LACKING.format("container-role", "SecretAccessKey")),
    (None, [], "Error when retrieving credentials from container-role: Error retrieving metadata: "
     "Unable to parse JSON returned from container metadata services"),
]  # fmt: skip


@pytest.mark.parametrize(("profile", "body", "message"), WITHOUT)
def test_answers_that_lack_something(refused, profile, body, message):
    error = refused(profile, 200, body)
    assert (str(error), error.exit_code) == (message, 255)


BROKEN = [
    ("role", 200, f"<AssumeRoleResponse><AssumeRoleResult><Credentials>{KEYS}", "The answer: HTTP 200"),
    ("role", 200, f"{KEYS.removesuffix('</SecretAccessKey>')}", "The answer: HTTP 200"),
    ("role", 400, f"<Error>{KEYS}", "<SecretAccessKey>****"),
    ("legacy", 500, '{"roleCredentials": {"secretAccessKey": "SSO-SECRET", "sessionToken": "SSO-SECR',
     '{"roleCredentials": {"secretAccessKey": "****", "sessionToken": "****"'),
    ("login", 500, '{"accessToken": {"secretAccessKey": "LOGIN-SECRET"', '"secretAccessKey": "****"'),
    (None, 500, '{"SecretAccessKey": "METADATA-SECRET", "Token": "METADATA-SECRET"}', '"Token": "****"'),
]  # fmt: skip


@pytest.mark.parametrize(("profile", "status", "body", "shown"), BROKEN)
def test_what_is_shown_of_a_broken_answer_hides_its_secrets(refused, profile, status, body, shown):
    message = str(refused(profile, status, body))
    assert shown in message
    assert "-SECR" not in message


@pytest.mark.parametrize("profile", ["web", None])
def test_a_token_file_that_is_no_text(world, refused, profile):
    path = world.home / "token"
    path.write_bytes(b"\xff")
    world.env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = str(path)
    assert str(refused(profile, 200, "")) == "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"


@pytest.mark.parametrize("key", ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"])
@pytest.mark.parametrize(("path", "heading", "method"), [
    (".aws/credentials", "[p]", "shared-credentials-file"), (".aws/config", "[profile p]", "config-file"),
])  # fmt: skip
def test_lines_below_a_key(world, key, path, heading, method):
    keys = {"aws_access_key_id": "A", "aws_secret_access_key": "KEYS-SECRET", key: "\n  x = KEYS-SECRET"}
    world.write(path, "\n".join([heading, *(f"{name} = {value}" for name, value in keys.items())]))
    with pytest.raises(AwsminiError) as caught:
        world.credentials("p")
    assert str(caught.value) == f"{key} has lines below it where its value should be ({method})."
    assert caught.value.exit_code == 255
