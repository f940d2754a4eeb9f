"""Roles: what STS is asked, as whom, how often, and what is kept."""

import json
import stat
from hashlib import sha1

import pytest

from awsmini.config.credentials.errors import (
    CredentialRetrievalError,
    InfiniteLoopError,
    PartialCredentialsError,
    RefreshWithMfaError,
)
from awsmini.config.settings import InvalidConfigError
from awsmini.errors import AwsminiError, ClientError
from tests.config.peers import ACCOUNT, later, sts_error

DENIED = sts_error(403, "AccessDenied", "not any more")
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
KEYS = "[profile keys]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = keys-secret\n"


@pytest.fixture
def role(world):
    """Profile `r` is a role with the keys of profile `keys`, and the lines given."""

    def write(lines="source_profile = keys", more=""):
        world.config(f"[profile r]\nrole_arn = {ROLE}\n{lines}\n{KEYS}{more}")

    write()
    return write


def forms(world):
    return [request.form for request in world.service.requests]


def test_a_role_by_its_source_profile(world, role):
    found = world.credentials("r")
    assert (found.access_key, found.secret_key, found.token) == ("ASIAROLE1", "ROLE-SECRET-KEY", "ROLE-SECRET-SESSION")
    assert (found.account_id, found.method) == (ACCOUNT, "assume-role")
    form = world.service.request.form
    assert form["RoleArn"] == ROLE
    assert form["RoleSessionName"].startswith("botocore-session-")
    assert "DurationSeconds" not in form
    assert list(form) == ["Action", "Version", "RoleArn", "RoleSessionName"]
    assert world.peers.access_keys == ["AKIAKEYS"]


def test_what_a_profile_may_ask_for(world, role):
    role("source_profile = keys\nrole_session_name = me\nexternal_id = ext\nduration_seconds = 1800")
    world.credentials("r")
    form = world.service.request.form
    assert (form["RoleSessionName"], form["ExternalId"], form["DurationSeconds"]) == ("me", "ext", "1800")


def test_a_duration_that_is_no_number_is_left_out(world, role):
    role("source_profile = keys\nduration_seconds = long")
    world.credentials("r")
    assert "DurationSeconds" not in world.service.request.form


def test_a_role_is_kept_on_disk_under_awss_name(world, role):
    role("source_profile = keys\nexternal_id = ext\nduration_seconds = 1800")
    world.credentials("r")
    arguments = {"DurationSeconds": 1800, "ExternalId": "ext", "RoleArn": ROLE}
    name = sha1(json.dumps(arguments, sort_keys=True).encode()).hexdigest()
    (path,) = world.cached()
    assert path.name == f"{name}.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    kept = json.loads(path.read_text())
    assert kept["Credentials"]["AccessKeyId"] == "ASIAROLE1"
    assert kept["Credentials"]["AccountId"] == ACCOUNT
    assert [file.name for file in path.parent.iterdir() if file.is_file()] == [
        path.name
    ]  # no locks, no temporary files
    world.credentials("r")
    assert world.peers.calls["AssumeRole"] == 1


def test_a_session_name_of_ones_own_is_part_of_the_name(world, role):
    role("source_profile = keys\nrole_session_name = me")
    world.credentials("r")
    arguments = {"RoleArn": ROLE, "RoleSessionName": "me"}
    assert world.cached()[0].stem == sha1(json.dumps(arguments, sort_keys=True).encode()).hexdigest()


KEPT = [(17 * 60, 0), (14 * 60, 1), (-60, 1), ("never", 1), (None, 1)]  # seconds from now, or what stands there


@pytest.mark.parametrize(("expiration", "calls"), KEPT)
def test_what_is_kept_serves_until_a_quarter_of_an_hour_before_its_end(world, role, expiration, calls):
    world.credentials("r")
    (path,) = world.cached()
    kept = json.loads(path.read_text())
    kept["Credentials"]["Expiration"] = later(expiration) if isinstance(expiration, int) else expiration
    if expiration is None:
        del kept["Credentials"]["Expiration"]
    path.write_text(json.dumps(kept))
    world.credentials("r")
    assert world.peers.calls["AssumeRole"] == 1 + calls


@pytest.mark.parametrize("content", ["", "{", "[]", '{"Credentials": null}', "\x00\xff"])
def test_a_broken_cache_is_asked_for_again(world, role, content):
    world.credentials("r")
    (path,) = world.cached()
    path.write_text(content)
    assert world.credentials("r").access_key == "ASIAROLE2"
    assert json.loads(path.read_text())["Credentials"]["AccessKeyId"] == "ASIAROLE2"


def test_a_cache_that_cannot_be_written_is_done_without(world, role):
    world.write(".aws/cli", "a file where the folder should be")
    assert world.credentials("r").access_key == "ASIAROLE1"


def test_a_role_is_asked_for_again_in_its_last_quarter_of_an_hour(world, role):
    source = world.session("r").credentials
    assert source.get().access_key == "ASIAROLE1"
    world.ahead = 44 * 60
    assert source.get().access_key == "ASIAROLE1"
    world.ahead = 46 * 60
    assert source.get().access_key == "ASIAROLE2"


def test_a_refresh_may_fail_until_ten_minutes_before_the_end(world, role):
    source = world.session("r").credentials
    source.get()
    world.service.always(lambda request: DENIED)
    world.ahead = 46 * 60
    assert source.get().access_key == "ASIAROLE1"
    world.ahead = 51 * 60
    with pytest.raises(ClientError):
        source.get()


def test_a_chain_of_roles(world, role):
    second = f"arn:aws:iam::{ACCOUNT}:role/second"
    role("source_profile = keys", f"[profile s]\nrole_arn = {second}\nsource_profile = r\n")
    found = world.credentials("s")
    assert [form["RoleArn"] for form in forms(world)] == [ROLE, second]
    assert world.peers.access_keys == ["AKIAKEYS", "ASIAROLE1"]
    assert found.access_key == "ASIAROLE2"
    assert len(world.cached()) == 2
    assert "CREDENTIALS_STS_ASSUME_ROLE" in world.session("s").credentials.source().features


def test_a_role_with_keys_of_its_own(world):
    world.config(
        f"[profile r]\nrole_arn = {ROLE}\nsource_profile = r\naws_access_key_id = AKIASELF\naws_secret_access_key = s\n"
    )
    world.credentials("r")
    assert world.peers.access_keys == ["AKIASELF"]


def test_a_source_with_keys_and_a_role_gives_its_keys(world, role):
    role("source_profile = keys", f"[profile s]\nrole_arn = {ROLE}2\nsource_profile = t\n"
         f"[profile t]\nrole_arn = {ROLE}3\nsource_profile = keys\naws_access_key_id = AKIAT\naws_secret_access_key = s\n")  # fmt: skip
    world.credentials("s")
    assert world.peers.access_keys == ["AKIAT"]


def test_the_environment_is_no_source_of_a_profile(world, role):
    world.env |= {"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s"}
    world.credentials("r")
    assert world.peers.access_keys == ["AKIAKEYS"]


def test_the_environment_as_a_named_source(world, role):
    role("credential_source = Environment")
    world.env |= {"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s"}
    world.credentials("r")
    assert world.peers.access_keys == ["AKIAENV"]


def test_a_container_as_a_named_source(world, role):
    role("credential_source = EcsContainer")
    world.env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = f"{world.service.url}/container"
    world.credentials("r")
    assert world.peers.access_keys == ["ASIACONTAINER"]


def test_an_instance_as_a_named_source(world, role):
    role("credential_source = Ec2InstanceMetadata")
    del world.env["AWS_EC2_METADATA_DISABLED"]
    world.env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = world.service.url
    world.credentials("r")
    assert world.peers.access_keys == ["ASIAIMDS"]


@pytest.mark.parametrize("name", ["Environment", "EcsContainer", "Ec2InstanceMetadata"])
def test_a_named_source_without_credentials(world, role, name):
    role(f"credential_source = {name}")
    with pytest.raises(CredentialRetrievalError) as caught:
        world.credentials("r")
    assert str(caught.value) == (
        f"Error when retrieving credentials from {name}: No credentials found in credential_source referenced in "
        "profile r"
    )


REFUSED = [
    (
        "source_profile = keys\ncredential_source = Environment",
        InvalidConfigError,
        'The profile "r" contains both source_profile and credential_source.',
    ),
    (
        "",
        PartialCredentialsError,
        "Partial credentials found in assume-role, missing: source_profile or credential_source",
    ),
    (
        "credential_source = Foo",
        InvalidConfigError,
        'The credential source "Foo" referenced in profile "r" is not valid.',
    ),
    (
        "source_profile = nope",
        InvalidConfigError,
        'The source_profile "nope" referenced in the profile "r" does not exist.',
    ),
    (
        "source_profile = r",
        InfiniteLoopError,
        "Infinite loop in credential configuration detected. Attempting to load from profile r which has already "
        "been visited. Visited profiles: ['r']",
    ),
    (
        "source_profile = loop\n[profile loop]\nrole_arn = x\nsource_profile = r",
        InfiniteLoopError,
        "Infinite loop in credential configuration detected. Attempting to load from profile r which has already "
        "been visited. Visited profiles: ['r', 'loop']",
    ),
    (
        "source_profile = empty\n[profile empty]\nregion = x",
        InvalidConfigError,
        'The source profile "empty" must have credentials.',
    ),
]


@pytest.mark.parametrize(("lines", "error", "message"), REFUSED)
def test_profiles_that_make_no_role(world, role, lines, error, message):
    role(lines)
    with pytest.raises(error) as caught:
        world.credentials("r")
    assert str(caught.value) == message
    assert caught.value.exit_code == 255
    assert not world.service.requests


def test_the_service_refuses(world, role):
    world.service.always(lambda request: DENIED)
    with pytest.raises(ClientError) as caught:
        world.credentials("r")
    assert caught.value.exit_code == 254
    assert str(caught.value).startswith("An error occurred (AccessDenied) when calling the AssumeRole operation")


def test_the_service_is_asked_where_the_configuration_says(world, role):
    """--endpoint-url is meant for the command's own service."""
    session = world.session("r", endpoint_url="http://127.0.0.1:9")
    assert session.credentials.get().access_key == "ASIAROLE1"


def answers(monkeypatch, *codes):
    prompts = []
    left = list(codes)

    def ask(prompt):
        prompts.append(prompt)
        return left.pop(0)

    monkeypatch.setattr("getpass.getpass", ask)
    return prompts


def test_mfa(world, role, monkeypatch):
    serial = f"arn:aws:iam::{ACCOUNT}:mfa/me"
    role(f"source_profile = keys\nmfa_serial = {serial}")
    prompts = answers(monkeypatch, "246810")
    source = world.session("r").credentials
    source.get()
    assert prompts == [f"Enter MFA code for {serial}: "]
    form = world.service.request.form
    assert (form["SerialNumber"], form["TokenCode"]) == (serial, "246810")
    assert "246810" not in world.cached()[0].read_text()
    assert world.session("r").credentials.get().access_key == "ASIAROLE1"  # kept, so nobody is asked
    world.ahead = 55 * 60
    with pytest.raises(RefreshWithMfaError, match=r"^Cannot refresh credentials: MFA token required.$"):
        source.get()


def test_what_an_earlier_run_kept_and_a_service_refuses_is_asked_for_anew_once(world, role, monkeypatch):
    """AWS CLI v2 goes on with what it has kept until the time that stands there, however often it is refused."""
    role("source_profile = keys\nmfa_serial = arn:aws:iam::1:mfa/me")
    prompts = answers(monkeypatch, "246810", "246810")
    world.session("r").credentials.get()
    source = world.session("r").credentials
    kept = source.get()
    assert len(prompts) == 1
    assert source.renew(kept)
    assert (len(prompts), source.get().access_key) == (2, "ASIAROLE2")
    assert not source.renew(source.get())
    assert len(prompts) == 2


def test_a_wrong_mfa_code(world, role, monkeypatch):
    role("source_profile = keys\nmfa_serial = arn:aws:iam::1:mfa/me")
    answers(monkeypatch, "000000")
    with pytest.raises(ClientError, match="MultiFactorAuthentication failed") as caught:
        world.credentials("r")
    assert "000000" not in str(caught.value)


def test_nobody_to_ask_for_an_mfa_code(world, role, monkeypatch):
    role("source_profile = keys\nmfa_serial = arn:aws:iam::1:mfa/me")

    def ask(prompt):
        raise EOFError

    monkeypatch.setattr("getpass.getpass", ask)
    with pytest.raises(AwsminiError, match="no MFA code"):
        world.credentials("r")


# Web identity


@pytest.fixture
def token_file(world):
    return world.write("token", "WEB-SECRET-TOKEN")


def test_web_identity_of_a_profile(world, token_file):
    world.config(f"[profile w]\nrole_arn = {ROLE}\nweb_identity_token_file = {token_file}\nrole_session_name = me\n")
    found = world.credentials("w")
    assert (found.access_key, found.account_id, found.method) == ("ASIAROLE1", ACCOUNT, "assume-role-with-web-identity")
    assert list(world.service.request.form)[2:] == ["RoleSessionName", "RoleArn", "WebIdentityToken"]
    assert world.service.request.form["RoleSessionName"] == "me"
    arguments = {"RoleArn": ROLE, "RoleSessionName": "me"}
    assert world.cached()[0].stem == sha1(json.dumps(arguments, sort_keys=True).encode()).hexdigest()
    world.credentials("w")
    assert world.peers.calls["AssumeRoleWithWebIdentity"] == 1


def test_web_identity_of_the_environment(world, token_file):
    world.env |= {
        "AWS_ROLE_ARN": ROLE,
        "AWS_WEB_IDENTITY_TOKEN_FILE": str(token_file),
        "AWS_ROLE_SESSION_NAME": "pod",
    }
    assert world.credentials().method == "assume-role-with-web-identity"
    assert world.service.request.form["RoleSessionName"] == "pod"
    world.config("[profile p]\nregion = us-east-1\n")
    with pytest.raises(AwsminiError, match="Unable to locate credentials"):
        world.credentials("p")


def test_the_token_is_read_for_every_call(world, token_file):
    world.config(f"[profile w]\nrole_arn = {ROLE}\nweb_identity_token_file = {token_file}\n")
    source = world.session("w").credentials
    source.get()
    world.ahead = 3600
    world.peers.role_seconds = 7200
    world.peers.web_token = "next"
    token_file.write_text("next")
    assert source.get().access_key == "ASIAROLE2"


def test_the_token_of_a_web_identity_may_end_in_a_line_end(world, token_file):
    token_file.write_text("WEB-SECRET-TOKEN\n")
    world.config(f"[profile w]\nrole_arn = {ROLE}\nweb_identity_token_file = {token_file}\n")
    assert world.credentials("w").access_key


def test_web_identity_without_a_role(world, token_file):
    world.config(f"[profile w]\nweb_identity_token_file = {token_file}\n")
    with pytest.raises(InvalidConfigError) as caught:
        world.credentials("w")
    assert str(caught.value) == (
        "The provided profile or the current environment is configured to assume role with web identity but has no "
        "role ARN configured. Ensure that the profile has the role_arnconfiguration set or the AWS_ROLE_ARN env var "
        "is set."
    )


def test_web_identity_without_its_file(world):
    world.config(f"[profile w]\nrole_arn = {ROLE}\nweb_identity_token_file = /no/token\n")
    with pytest.raises(AwsminiError) as caught:
        world.credentials("w")
    assert str(caught.value) == "[Errno 2] No such file or directory: '/no/token'"
    assert caught.value.exit_code == 255


def test_a_web_identity_that_is_refused(world, token_file):
    token_file.write_text("stolen")
    world.config(f"[profile w]\nrole_arn = {ROLE}\nweb_identity_token_file = {token_file}\n")
    with pytest.raises(ClientError, match="InvalidIdentityToken") as caught:
        world.credentials("w")
    assert "stolen" not in str(caught.value)


def test_a_web_identity_as_a_source_is_kept_in_memory_alone(world, token_file):
    world.config(
        f"[profile r]\nrole_arn = {ROLE}\nsource_profile = w\n"
        f"[profile w]\nrole_arn = {ROLE}-web\nweb_identity_token_file = {token_file}\n"
    )
    world.credentials("r")
    assert world.peers.access_keys == ["ASIAROLE1"]
    assert len(world.cached()) == 1


def test_an_empty_session_name_is_none(world, token_file):
    world.env |= {"AWS_ROLE_ARN": ROLE, "AWS_WEB_IDENTITY_TOKEN_FILE": str(token_file), "AWS_ROLE_SESSION_NAME": ""}
    world.credentials()
    assert world.service.request.form["RoleSessionName"].startswith("botocore-session-")
    assert world.cached()[0].stem == sha1(json.dumps({"RoleArn": ROLE}).encode()).hexdigest()
