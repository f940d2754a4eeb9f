"""Credentials that a machine hands out to what runs on it: containers and instances."""

import json
import time
from datetime import datetime, timedelta, timezone

import pytest

from awsmini.config.credentials.errors import CredentialRetrievalError, MetadataError
from awsmini.config.credentials.imds import extended
from awsmini.errors import AwsminiError, NoCredentialsError, ProxyConnectionError
from tests.config.peers import ACCOUNT, METADATA_ROLE, later
from tests.servers import answer

FULL, RELATIVE = "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
PREFIX = "Error when retrieving credentials from container-role: Error retrieving metadata: "


@pytest.fixture
def container(world):
    world.env[FULL] = f"{world.service.url}/container?x=1"
    return world


def test_a_container(container):
    found = container.credentials()
    assert (found.access_key, found.secret_key, found.token) == (
        "ASIACONTAINER", "METADATA-SECRET-KEY", "METADATA-SECRET-SESSION",
    )  # fmt: skip
    assert (found.account_id, found.method) == (ACCOUNT, "container-role")
    request = container.service.request
    assert (request.method, request.target, request.headers["Accept"]) == ("GET", "/container?x=1", "application/json")
    assert request.headers.get("Authorization") is None


def test_a_container_is_asked_again_before_the_end(container):
    source = container.session().credentials
    source.get()
    container.ahead = 46 * 60
    source.get()
    assert container.peers.calls["container"] == 2


def test_the_token_for_a_container(container):
    container.peers.container_authorization = "Bearer one"
    container.env["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "Bearer one"
    assert container.credentials().access_key == "ASIACONTAINER"


def test_the_token_file_goes_first_and_is_read_each_time(container):
    container.peers.container_authorization = "Bearer file"
    path = container.write("token", "Bearer file")
    container.env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = str(path)
    container.env["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "Bearer other"
    source = container.session().credentials
    source.get()
    path.write_text("Bearer next")
    container.peers.container_authorization = "Bearer next"
    container.ahead = 3600
    with pytest.raises(AwsminiError, match="still expired"):
        source.get()  # the peer's clock is not ahead; but it did not refuse
    assert container.peers.calls["container"] == 2


@pytest.mark.parametrize("token", ["a\nb", "a\r", "Bearer x\n"])
def test_a_token_that_would_break_the_header(container, token):
    container.env["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = token
    with pytest.raises(AwsminiError, match=r"^Auth token value is not a legal header value$"):
        container.credentials()
    del container.env["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
    container.env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = str(container.write("token", f"{token}b"))
    with pytest.raises(AwsminiError, match=r"^Auth token value is not a legal header value$"):
        container.credentials()
    assert not container.service.requests


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\n\n", " "])
def test_the_token_file_may_end_in_line_ends(container, ending):
    container.peers.container_authorization = "Bearer file"
    path = container.home / "token"
    path.write_bytes(f"Bearer file{ending}".encode())
    container.env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = str(path)
    assert container.credentials().access_key == "ASIACONTAINER"


def test_a_token_file_that_is_not_there(container):
    container.env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "/no/token"
    with pytest.raises(AwsminiError, match=r"^\[Errno 2\] No such file or directory: '/no/token'$"):
        container.credentials()


@pytest.mark.parametrize("url", ["http://example.com/x", "http://10.0.0.1/x", "http://169.254.170.3/", "http://[::2]/"])
def test_hosts_that_must_not_see_the_token(world, url):
    world.env[FULL] = url
    with pytest.raises(AwsminiError, match=r"^Unsupported host '.+'\.  Can only retrieve metadata from") as caught:
        world.credentials()
    assert str(caught.value).endswith("169.254.170.2, 169.254.170.23, fd00:ec2::23, localhost")
    assert caught.value.exit_code == 255


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x", "http://127.8.9.1/x", "http://[::1]/x", "http://localhost:1/x", "https://example.com/x",
        "http://169.254.170.23/v1", "http://[fd00:ec2::23]/v1",
    ],
)  # fmt: skip
def test_hosts_that_may(url):
    from awsmini.config.credentials.container import _check_host

    _check_host(url)


def test_the_relative_form_goes_to_ecs(world):
    asked = []

    def open_sender(options):
        assert (options.connect_timeout, options.read_timeout) == (2, 2)
        return lambda request: asked.append(request.url) or answer_of(200, b"{}")

    world.env |= {RELATIVE: "/v2/credentials/x", FULL: "http://localhost/other", "HTTP_PROXY": "http://127.0.0.1:1"}
    from awsmini.records import replace
    from awsmini.session import Session

    with pytest.raises(CredentialRetrievalError, match="Missing required key in response: 'AccessKeyId'"):
        Session(app=replace(world.app, open_sender=open_sender)).credentials.get()
    assert asked == ["http://169.254.170.2/v2/credentials/x"]


def answer_of(status, body):
    from awsmini.records import Reply

    return Reply(status=status, reason="", headers={}, body=body)


def test_a_container_gets_three_tries(container):
    container.peers.container_failures = 2
    assert container.credentials().access_key == "ASIACONTAINER"
    assert container.slept == [1.0, 1.0]


def test_a_container_that_fails(container):
    container.peers.container_failures = 9
    with pytest.raises(CredentialRetrievalError) as caught:
        container.credentials()
    assert str(caught.value) == f"{PREFIX}Received non 200 response 500 from container metadata: not now"
    assert container.peers.calls["container"] == 3


def test_a_container_that_talks_nonsense(container):
    container.service.always(lambda request: answer(200, "<html>"))
    with pytest.raises(CredentialRetrievalError) as caught:
        container.credentials()
    assert str(caught.value) == f"{PREFIX}Unable to parse JSON returned from container metadata services"


def test_a_container_that_is_not_there(world):
    world.env[FULL] = "http://127.0.0.1:9/x"
    with pytest.raises(CredentialRetrievalError) as caught:
        world.credentials()
    assert str(caught.value) == (
        f"{PREFIX}Received error when attempting to retrieve container metadata: "
        'Could not connect to the endpoint URL: "http://127.0.0.1:9/x"'
    )


# Instances


@pytest.fixture
def instance(world):
    del world.env["AWS_EC2_METADATA_DISABLED"]
    world.env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = world.service.url
    return world


def test_an_instance(instance):
    found = instance.credentials()
    assert (found.access_key, found.secret_key, found.token) == (
        "ASIAIMDS", "METADATA-SECRET-KEY", "METADATA-SECRET-SESSION",
    )  # fmt: skip
    assert found.method == "iam-role"
    assert [(request.method, request.path) for request in instance.service.requests] == [
        ("PUT", "/latest/api/token"),
        ("GET", METADATA_ROLE),
        ("GET", f"{METADATA_ROLE}the-role"),
    ]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_what_an_instance_says_may_end_in_line_ends(instance, ending):
    told = {"/latest/api/token": "tok", METADATA_ROLE: "the-role", f"{METADATA_ROLE}the-role": json.dumps(
        {"AccessKeyId": "a", "SecretAccessKey": "b", "Token": "c", "Expiration": later(3600)}
    )}  # fmt: skip
    instance.service.always(
        lambda request: answer(200, told[request.path] + ending) if request.path in told else answer(404)
    )
    assert instance.credentials().access_key == "a"
    assert [request.headers["x-aws-ec2-metadata-token"] for request in instance.service.requests] == [
        None,
        "tok",
        "tok",
    ]
    told["/latest/meta-data/placement/availability-zone/"] = "eu-west-1a"
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        instance.env.pop(name, None)
    assert instance.session().settings.value("region") == "eu-west-1"


def test_a_proxy_on_the_way_to_the_instance_is_told_of(instance):
    instance.env |= {
        "http_proxy": "http://user:secret@127.0.0.1:9",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://169.254.169.254",
    }
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        instance.env.pop(name, None)
    for look in (instance.credentials, lambda: instance.session().settings.value("region")):
        with pytest.raises(ProxyConnectionError) as caught:
            look()
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize("status", [403, 404, 405])
def test_an_instance_of_the_first_version(instance, status):
    instance.peers.imds_token_status = status
    assert instance.credentials().access_key == "ASIAIMDS"
    assert "x-aws-ec2-metadata-token" not in instance.service.requests[1].headers


def test_the_first_version_may_be_switched_off(instance):
    instance.peers.imds_token_status = 403
    instance.env["AWS_EC2_METADATA_V1_DISABLED"] = "true"
    with pytest.raises(MetadataError) as caught:
        instance.credentials()
    assert str(caught.value) == (
        "Error retrieving metadata: Unable to retrieve token for use in IMDSv2 call and IMDSv1 has been disabled"
    )


def test_an_instance_that_does_not_understand(instance):
    instance.peers.imds_token_status = 400
    with pytest.raises(NoCredentialsError):
        instance.credentials()
    assert len(instance.service.requests) == 1


def test_a_machine_without_a_role(instance):
    instance.peers.imds_role = None
    with pytest.raises(NoCredentialsError):
        instance.credentials()


@pytest.mark.parametrize("garbage", [b"", b"<html>", b'{"Code": "Failed", "Message": "no"}', b"[]"])
def test_an_instance_that_talks_nonsense(instance, garbage):
    instance.peers.imds_garbage = garbage
    with pytest.raises(NoCredentialsError):
        instance.credentials()


def test_tries(instance):
    instance.env["AWS_METADATA_SERVICE_NUM_ATTEMPTS"] = "3"
    instance.peers.imds_role = None
    with pytest.raises(NoCredentialsError):
        instance.credentials()
    assert instance.peers.calls[f"GET {METADATA_ROLE}"] == 3


def test_a_service_that_is_slow(instance):
    """No token in time means version 1; nothing in time means no instance."""
    instance.env["AWS_METADATA_SERVICE_TIMEOUT"] = "1"
    instance.service.always(lambda request: time.sleep(1.5) or answer(200, "x"))
    with pytest.raises(NoCredentialsError):
        instance.credentials()
    assert len(instance.service.requests) == 2


def test_no_instance_at_all(instance):
    instance.env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://127.0.0.1:9"
    with pytest.raises(NoCredentialsError):
        instance.credentials()


def test_metadata_may_be_switched_off(instance):
    instance.env["AWS_EC2_METADATA_DISABLED"] = "TRUE"
    del instance.env["AWS_DEFAULT_REGION"]
    with pytest.raises(NoCredentialsError):
        instance.credentials()
    assert instance.session().region_name is None
    assert not instance.service.requests


REFUSED = [
    (
        {"AWS_EC2_METADATA_SERVICE_ENDPOINT": "localhost:1"},
        "Invalid endpoint EC2 Instance Metadata endpoint: localhost:1",
    ),
    (
        {"AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://a b/"},
        "Invalid endpoint EC2 Instance Metadata endpoint: http://a b/",
    ),
    (
        {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "ipv5"},
        "Invalid EC2 Instance Metadata endpoint mode: ipv5 Valid endpoint modes (case-insensitive): ('ipv4', 'ipv6').",
    ),
]


@pytest.mark.parametrize(("env", "message"), REFUSED)
def test_addresses_that_cannot_be(instance, env, message):
    instance.env |= env
    with pytest.raises(AwsminiError) as caught:
        instance.credentials()
    assert str(caught.value) == message
    assert caught.value.exit_code == 255


ADDRESSES = [
    ({}, "http://169.254.169.254/"),
    ({"AWS_IMDS_USE_IPV6": "true"}, "http://[fd00:ec2::254]/"),
    ({"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"}, "http://[fd00:ec2::254]/"),
    ({"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "ipv4", "AWS_IMDS_USE_IPV6": "true"}, "http://169.254.169.254/"),
    ({"AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://x", "AWS_IMDS_USE_IPV6": "true"}, "http://x"),
]


@pytest.mark.parametrize(("env", "url"), ADDRESSES)
def test_addresses(env, url):
    from awsmini.config.credentials.imds import base_url
    from awsmini.config.settings import Settings

    assert base_url(Settings({"HOME": "/nowhere", **env})) == url


def test_the_region_of_an_instance(instance):
    del instance.env["AWS_DEFAULT_REGION"]
    setting = instance.session().settings.resolve("region")
    assert (setting.value, setting.source) == ("eu-north-1", "imds")
    instance.peers.imds_role = None
    instance.peers.imds_garbage = b""
    assert instance.session().region_name is None


NOW = datetime(2030, 1, 1, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("minutes", "chance", "expected"),
    [
        (60, 0.0, 60),
        (18, 0.0, 18),
        (16, 0.0, 17),
        (5, 0.0, 17),
        (-60, 0.999999, 25),
        (24, 0.999999, 25),
        (26, 0.99, 26),
    ],
)
def test_old_credentials_stay_in_use(minutes, chance, expected):
    expiration = (NOW + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert extended(expiration, NOW, lambda: chance) == NOW + timedelta(minutes=expected)


def test_an_instance_with_expired_credentials_still_works(instance):
    instance.peers.imds_expiration = later(-3600)
    assert instance.credentials().access_key == "ASIAIMDS"
