"""Credentials and tokens of somebody who is signed in to IAM Identity Center."""

import json
import stat
from hashlib import sha1

import pytest

from awsmini.config.credentials.errors import SsoTokenLoadError, TokenRetrievalError, UnauthorizedSsoTokenError
from awsmini.config.settings import InvalidConfigError
from awsmini.errors import ClientError
from tests.config.peers import ACCOUNT, START_URL, later

SESSION = f"[sso-session corp]\nsso_start_url = {START_URL}\nsso_region = us-east-1\n"
PROFILE = f"[profile p]\nsso_session = corp\nsso_account_id = {ACCOUNT}\nsso_role_name = Admin\n"
LEGACY = (
    f"[profile p]\nsso_start_url = {START_URL}\nsso_region = us-east-1\n"
    f"sso_account_id = {ACCOUNT}\nsso_role_name = Admin\n"
)


@pytest.fixture
def signed_in(world):
    """Keeps a token of the session (or of the start URL) that is good for so many seconds."""

    def keep(seconds=8 * 3600, name="corp", **more):
        token = {
            "startUrl": START_URL,
            "region": "us-east-1",
            "accessToken": "SSO-SECRET-TOKEN",
            "expiresAt": later(seconds),
            "clientId": "client",
            "clientSecret": "CLIENT-SECRET",
            "registrationExpiresAt": later(90 * 86400),
            "refreshToken": "REFRESH-SECRET",
            **more,
        }
        token = {key: value for key, value in token.items() if value is not None}
        return world.write(f".aws/sso/cache/{sha1(name.encode()).hexdigest()}.json", json.dumps(token))

    return keep


def test_a_role_of_an_sso_session(world, signed_in):
    world.config(PROFILE + SESSION)
    signed_in()
    found = world.credentials("p")
    assert (found.access_key, found.secret_key, found.token) == ("ASIASSO1", "SSO-SECRET-KEY", "SSO-SECRET-SESSION")
    assert (found.account_id, found.method) == (ACCOUNT, "sso")
    request = world.service.request
    assert request.headers.get("Authorization") is None
    arguments = {"accountId": ACCOUNT, "roleName": "Admin", "sessionName": "corp"}
    (path,) = world.cached()
    assert path.stem == sha1(json.dumps(arguments, separators=(",", ":")).encode()).hexdigest()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    kept = json.loads(path.read_text())
    assert kept["ProviderType"] == "sso"
    assert set(kept["Credentials"]) == {"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration", "AccountId"}
    world.credentials("p")
    assert world.peers.calls["GetRoleCredentials"] == 1


def test_a_role_in_the_older_form(world, signed_in):
    world.config(LEGACY)
    signed_in(name=START_URL)
    assert world.credentials("p").access_key == "ASIASSO1"
    arguments = {"accountId": ACCOUNT, "roleName": "Admin", "startUrl": START_URL}
    assert world.cached()[0].stem == sha1(json.dumps(arguments, separators=(",", ":")).encode()).hexdigest()
    assert world.session("p").credentials.source().features == (
        "CREDENTIALS_PROFILE_SSO_LEGACY",
        "CREDENTIALS_SSO_LEGACY",
    )


def test_the_older_form_knows_no_refresh(world, signed_in):
    world.config(LEGACY)
    signed_in(60, name=START_URL)
    assert world.credentials("p").access_key == "ASIASSO1"
    for path in world.cached():
        path.unlink()
    signed_in(-60, name=START_URL)
    with pytest.raises(UnauthorizedSsoTokenError) as caught:
        world.credentials("p")
    assert str(caught.value) == (
        "The SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO "
        "session run awsmini sso login with the corresponding profile."
    )
    assert world.peers.calls["CreateToken"] == 0


@pytest.mark.parametrize(("config", "name"), [(PROFILE + SESSION, "corp"), (LEGACY, START_URL)])
def test_not_signed_in(world, config, name):
    world.config(config)
    with pytest.raises(SsoTokenLoadError) as caught:
        world.credentials("p")
    assert str(caught.value) == f"Error loading SSO Token: Token for {name} does not exist"
    assert caught.value.exit_code == 255


def test_a_token_file_without_a_token(world, signed_in):
    world.config(PROFILE + SESSION)
    signed_in(accessToken=None)
    with pytest.raises(SsoTokenLoadError, match=f"Token for {START_URL} is invalid"):
        world.credentials("p")


def test_a_token_is_refreshed_in_its_last_quarter_of_an_hour(world, signed_in):
    world.config(PROFILE + SESSION)
    path = signed_in(14 * 60, accessToken="old")
    assert world.credentials("p").access_key == "ASIASSO1"
    assert world.service.requests[0].json == {
        "clientId": "client",
        "clientSecret": "CLIENT-SECRET",
        "grantType": "refresh_token",
        "refreshToken": "REFRESH-SECRET",
    }
    kept = json.loads(path.read_text())
    assert set(kept) == {
        "startUrl", "region", "accessToken", "expiresAt", "clientId", "clientSecret", "registrationExpiresAt",
        "refreshToken",
    }  # fmt: skip
    assert kept["accessToken"] == "SSO-SECRET-TOKEN"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_token_that_is_good_for_longer_is_not_refreshed(world, signed_in):
    world.config(PROFILE + SESSION)
    signed_in(16 * 60)
    world.credentials("p")
    assert world.peers.calls["CreateToken"] == 0


@pytest.mark.parametrize(
    "lacking", [{"refreshToken": None}, {"clientSecret": None}, {"registrationExpiresAt": "2020-01-01T00:00:00Z"}]
)
def test_a_token_that_cannot_be_refreshed_is_used_to_its_end(world, signed_in, lacking):
    world.config(PROFILE + SESSION)
    signed_in(60, **lacking)
    assert world.credentials("p").access_key == "ASIASSO1"
    for path in world.cached():
        path.unlink()
    signed_in(-60, **lacking)
    with pytest.raises(TokenRetrievalError) as caught:
        world.credentials("p")
    assert str(caught.value) == "Error when retrieving token from sso: Token has expired and refresh failed"


def test_a_refresh_that_is_refused(world, signed_in):
    world.config(PROFILE + SESSION)
    signed_in(60, refreshToken="stolen")
    assert world.credentials("p").access_key == "ASIASSO1"


def test_a_token_that_the_service_does_not_know(world, signed_in):
    world.config(PROFILE + SESSION)
    signed_in(accessToken="other")
    with pytest.raises(UnauthorizedSsoTokenError):
        world.credentials("p")


def test_a_role_that_is_not_ours(world, signed_in):
    world.config(PROFILE.replace("Admin", "King") + SESSION)
    signed_in()
    with pytest.raises(ClientError, match=r"An error occurred \(ForbiddenException\)") as caught:
        world.credentials("p")
    assert caught.value.exit_code == 254


REFUSED = [
    (
        f"[profile p]\nsso_account_id = {ACCOUNT}\n",
        'The profile "p" is configured to use SSO but is missing required configuration: '
        "sso_role_name, sso_start_url, sso_region",
    ),
    (PROFILE, 'The specified sso-session does not exist: "corp"'),
    (
        PROFILE + "sso_region = eu-west-1\n" + SESSION,
        "The value for sso_region is inconsistent between profile (eu-west-1) and sso-session (us-east-1).",
    ),
    (
        PROFILE + f"[sso-session corp]\nsso_start_url = {START_URL}\n",
        'The profile "p" is configured to use SSO but is missing required configuration: sso_region',
    ),
]


@pytest.mark.parametrize(("config", "message"), REFUSED)
def test_settings_that_make_no_sign_in(world, config, message):
    world.config(config)
    with pytest.raises(InvalidConfigError) as caught:
        world.credentials("p")
    assert str(caught.value) == message
    assert caught.value.exit_code == 255


def test_a_profile_may_say_what_its_session_says(world, signed_in):
    world.config(PROFILE + "sso_region = us-east-1\n" + SESSION)
    signed_in()
    assert world.credentials("p").access_key == "ASIASSO1"


def test_a_session_as_a_source_is_kept_in_memory_alone(world, signed_in):
    world.config(PROFILE + SESSION + f"[profile r]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/r\nsource_profile = p\n")
    signed_in()
    world.credentials("r")
    assert world.peers.access_keys == ["ASIASSO1"]
    assert len(world.cached()) == 1


# Bearer tokens


def test_a_bearer_token_of_the_session(world, signed_in):
    world.config("[profile p]\nsso_session = corp\n" + SESSION)
    signed_in()
    assert world.session("p").tokens.get("codecatalyst") == "SSO-SECRET-TOKEN"


def test_a_bearer_token_of_the_environment(world):
    world.env["AWS_BEARER_TOKEN_BEDROCK_RUNTIME"] = "mine"
    tokens = world.session().tokens
    assert tokens.get("bedrock-runtime") == "mine"
    assert tokens.get("codecatalyst") is None


def test_a_bearer_token_in_a_long_run(world, signed_in):
    world.config("[profile p]\nsso_session = corp\n" + SESSION)
    signed_in(3600, accessToken="first")
    tokens = world.session("p").tokens
    assert tokens.get() == "first"
    world.ahead = 46 * 60
    assert tokens.get() == "SSO-SECRET-TOKEN"
    assert world.peers.calls["CreateToken"] == 1
