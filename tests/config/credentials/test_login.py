"""Credentials of a console sign-in, and the key that proves who renews them."""

import json
import stat
from datetime import datetime, timezone
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

from awsmini.config.credentials.errors import LoginError, LoginTokenLoadError
from awsmini.config.credentials.p256 import N, PrivateKey
from awsmini.errors import ClientError
from tests.config.peers import ACCOUNT, LOGIN_SESSION, later

KEY = PrivateKey.of(0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721)


@pytest.fixture
def signed_in(world):
    world.config(f"[profile p]\nlogin_session = {LOGIN_SESSION}\n")

    def keep(seconds=900, folder=".aws/login/cache", **more):
        access = {
            "accessKeyId": "ASIALOGIN",
            "secretAccessKey": "LOGIN-SECRET-KEY",
            "sessionToken": "LOGIN-SECRET-SESSION",
            "accountId": ACCOUNT,
            "expiresAt": later(seconds),
        }
        token = {
            "accessToken": access,
            "tokenType": "aws_sigv4",
            "clientId": "arn:aws:signin:::devtools/same-device",
            "refreshToken": "LOGIN-REFRESH-SECRET",
            "idToken": "e30.e30.e30",
            "dpopKey": KEY.to_pem(),
            **more,
        }
        token = {key: value for key, value in token.items() if value is not None}
        return world.write(f"{folder}/{sha256(LOGIN_SESSION.encode()).hexdigest()}.json", json.dumps(token))

    return keep


def test_credentials_that_are_kept(world, signed_in):
    signed_in(16 * 60)
    found = world.credentials("p")
    assert (found.access_key, found.secret_key, found.token) == (
        "ASIALOGIN",
        "LOGIN-SECRET-KEY",
        "LOGIN-SECRET-SESSION",
    )
    assert (found.account_id, found.method) == (ACCOUNT, "login")
    assert not world.service.requests


def test_a_cache_elsewhere(world, signed_in):
    signed_in(16 * 60, folder="elsewhere")
    world.env["AWS_LOGIN_CACHE_DIRECTORY"] = "~/elsewhere"
    assert world.credentials("p").access_key == "ASIALOGIN"


def test_credentials_are_renewed_in_their_last_five_minutes(world, signed_in):
    path = signed_in(6 * 60)
    assert world.credentials("p").access_key == "ASIALOGIN"
    signed_in(4 * 60)
    found = world.credentials("p")
    assert (found.access_key, found.account_id) == ("ASIALOGIN1", ACCOUNT)
    assert world.service.request.json == {
        "clientId": "arn:aws:signin:::devtools/same-device",
        "grantType": "refresh_token",
        "refreshToken": "LOGIN-REFRESH-SECRET",
    }
    assert world.service.request.headers.get("Authorization") is None
    kept = json.loads(path.read_text())
    assert kept["accessToken"]["accessKeyId"] == "ASIALOGIN1"
    assert kept["dpopKey"] == KEY.to_pem()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_another_process_has_renewed_is_taken(world, signed_in):
    signed_in(60)
    source = world.session("p").credentials
    source.source()
    signed_in(900)
    assert source.get().access_key == "ASIALOGIN"
    assert not world.service.requests


def test_not_signed_in(world, signed_in):
    with pytest.raises(LoginTokenLoadError) as caught:
        world.credentials("p")
    assert str(caught.value) == (
        "Error loading login session token: Unable to load a existing login session for session "
        f"{LOGIN_SESSION}, Please reauthenticate with 'awsmini login'."
    )
    assert caught.value.exit_code == 255


@pytest.mark.parametrize("field", ["accessToken", "refreshToken", "dpopKey", "clientId"])
def test_a_file_that_lacks_something(world, signed_in, field):
    signed_in(**{field: None})
    with pytest.raises(LoginTokenLoadError, match="missing one or more required fields"):
        world.credentials("p")


@pytest.mark.parametrize("pem", ["junk", "-----BEGIN EC PRIVATE KEY-----\nMAMCAQE=\n-----END EC PRIVATE KEY-----\n"])
def test_a_key_that_is_none(world, signed_in, pem):
    signed_in(60, dpopKey=pem)
    with pytest.raises(LoginTokenLoadError, match="Unable to load private key from cached token: ") as caught:
        world.credentials("p")
    assert pem not in str(caught.value)


REFUSALS = [
    ("TOKEN_EXPIRED", "Your session has expired. Please reauthenticate using 'awsmini login'."),
    (
        "USER_CREDENTIALS_CHANGED",
        "Unable to refresh login credentials because of a change in your password. "
        "Please reauthenticate with your new password using 'awsmini login'.",
    ),
    (
        "INSUFFICIENT_PERMISSIONS",
        "Unable to create or refresh login credentials due to insufficient permissions. "
        "You may be missing permission for the 'signin:CreateOAuth2Token' action.",
    ),
    (
        "OTHER",
        "An unspecified error happened when resolving AWS credentials or refreshing a login session profile.",
    ),
]


@pytest.mark.parametrize(("code", "message"), REFUSALS)
def test_a_renewal_that_is_refused(world, signed_in, code, message):
    signed_in(60)
    world.peers.login_error = code
    with pytest.raises(LoginError) as caught:
        world.credentials("p")
    assert str(caught.value) == message
    assert caught.value.exit_code == 255


def test_another_error_of_the_service(world, signed_in):
    signed_in(60, refreshToken="other")
    with pytest.raises(ClientError, match="ValidationException"):
        world.credentials("p")


# The key


def test_a_known_signature():
    """RFC 6979, A.2.5."""
    signature = KEY.sign(b"sample").hex().upper()
    assert signature == (
        "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
        "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"
    )


def test_keys_are_those_of_other_tools():
    for _ in range(5):
        key = PrivateKey.generate()
        theirs = serialization.load_pem_private_key(key.to_pem().encode(), None)
        assert theirs.private_numbers().private_value == key.secret
        public = theirs.public_key().public_numbers()
        assert (public.x, public.y) == key.public
        signature = key.sign(b"message")
        der = utils.encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
        theirs.public_key().verify(der, b"message", ec.ECDSA(hashes.SHA256()))
        for style in (serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.TraditionalOpenSSL):
            pem = theirs.private_bytes(serialization.Encoding.PEM, style, serialization.NoEncryption()).decode()
            assert PrivateKey.from_pem(pem) == key
        assert pem == key.to_pem()
        assert str(key.secret) not in repr(key)


@pytest.mark.parametrize("number", [0, N, -1])
def test_numbers_that_are_no_key(number):
    with pytest.raises(ValueError, match="not a private key"):
        PrivateKey.of(number)


def test_times_of_day_are_utc(world, signed_in):
    signed_in(16 * 60)
    assert world.credentials("p").expires.tzinfo == timezone.utc
    assert world.credentials("p").expires > datetime.now(timezone.utc)
