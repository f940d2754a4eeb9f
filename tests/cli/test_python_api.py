"""The Python face as boto3's users know it: options, sessions, what a client says of itself, help, and errors."""

import contextlib
import io
import logging
import os
import pydoc
import subprocess
import sys
import threading
from typing import Any

import pytest

import awsmini
from awsmini import log
from awsmini.config.client import OPTIONS, OWN, WITHIN
from awsmini.config.discovery import discovery_mode
from awsmini.config.settings import RULES
from awsmini.errors import AwsminiError
from awsmini.model.load import DATA
from tests.servers import CaptureServer, answer, clean_environment
from tests.terminal import CREDENTIALS, PROJECT

KEYS = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secret"}
PAGES = [{"StreamInfoList": [{"StreamName": "a"}, {"StreamName": "b"}], "NextToken": "1"},
         {"StreamInfoList": [{"StreamName": "c"}], "NextToken": "2"}, {"StreamInfoList": []}]  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_configured(monkeypatch, tmp_path):
    for name in os.environ:
        if name.startswith(("AWS", "HTTP", "HTTPS", "NO_PROXY")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def video(service: CaptureServer, **options: Any) -> Any:
    given = {"region_name": "eu-west-1", "endpoint_url": service.url, **KEYS, **options}
    return awsmini.client("kinesisvideo", **given)


# Options of a client ---------------------------------------------------------------------------------------------


def test_what_a_config_says_goes_before_the_settings(capture_server, monkeypatch):
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "5")
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    config = awsmini.Config(
        region_name="eu-north-1", retries={"total_max_attempts": 2}, user_agent_extra="shop/1.0", user_agent_appid="app"
    )
    client = video(capture_server, region_name=None, config=config)
    capture_server.replies(500, {}, times=2)
    with pytest.raises(awsmini.ClientError) as caught:
        client.list_streams()
    assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == 1
    headers = capture_server.requests[-1].headers
    assert headers["User-Agent"].endswith(" shop/1.0")
    assert " app/app " in headers["User-Agent"]
    assert "/eu-north-1/kinesisvideo/" in headers["Authorization"]


def test_calls_without_signature_or_validation_and_with_a_user_agent_of_ones_own(capture_server):
    capture_server.always(lambda _: answer(200, {"StreamInfoList": []}))
    config = awsmini.Config(signature_version=awsmini.UNSIGNED, parameter_validation=False, user_agent="mine/1")
    video(capture_server, config=config).list_streams(MaxResults=0)
    assert "Authorization" not in capture_server.request.headers
    assert capture_server.request.headers["User-Agent"] == "mine/1"
    with pytest.raises(awsmini.ParamValidationError):
        video(capture_server).list_streams(MaxResults=0)


def test_timeouts_pool_proxies_and_certificates_reach_the_sender():
    config = awsmini.Config(
        connect_timeout=3, read_timeout=0.5, max_pool_connections=32, client_cert="/c.pem",
        proxies={"https": "http://proxy:1"}, proxies_config={"proxy_ca_bundle": "/b.pem"}, tcp_keepalive=True,
    )  # fmt: skip
    sending = awsmini.client("sts", "us-east-1", config=config)._context.sender_options()
    assert (sending.connect_timeout, sending.read_timeout, sending.max_connections) == (3, 0.5, 32)
    assert (sending.client_cert, sending.tcp_keepalive) == ("/c.pem", True)
    assert sending.proxies.url_for("https://x") == "http://proxy:1"
    assert sending.proxy_tls.ca_bundle == "/b.pem"


def test_a_read_timeout_ends_a_call(capture_server):
    capture_server.replies(200, {}, delay=1)
    config = awsmini.Config(read_timeout=0.1, retries={"max_attempts": 0})
    with pytest.raises(awsmini.ReadTimeoutError):
        video(capture_server, config=config).list_streams()


@pytest.mark.parametrize(
    ("options", "url"),
    [
        ({}, "https://box.s3.eu-west-1.amazonaws.com/k"),
        ({"s3": {"addressing_style": "path"}}, "https://s3.eu-west-1.amazonaws.com/box/k"),
        ({"s3": {"use_accelerate_endpoint": True}}, "https://box.s3-accelerate.amazonaws.com/k"),
        ({"use_dualstack_endpoint": True}, "https://box.s3.dualstack.eu-west-1.amazonaws.com/k"),
        ({"use_fips_endpoint": True, "region_name": "us-east-1"}, "https://box.s3-fips.us-east-1.amazonaws.com/k"),
    ],
)
def test_what_a_config_says_of_endpoints(options, url):
    client = awsmini.client("s3", config=awsmini.Config(**{"region_name": "eu-west-1", **options}), **KEYS)
    assert client.generate_presigned_url("get_object", {"Bucket": "box", "Key": "k"}).partition("?")[0] == url


def test_without_tls():
    client = awsmini.client("s3", "eu-west-1", use_ssl=False, **KEYS)
    assert client.generate_presigned_url("list_buckets").startswith("http://s3.eu-west-1.amazonaws.com/")
    assert client.meta.endpoint_url == "http://s3.eu-west-1.amazonaws.com"


def test_every_option_of_a_config_is_a_setting_or_read_by_the_session():
    assert set(OPTIONS) - OWN <= set(RULES)
    without_effect = {"us_east_1_regional_endpoint"}  # S3 is regional, as in AWS CLI v2
    assert {f"s3.{name}" for name in WITHIN["s3"].keys() - without_effect} <= set(RULES)
    assert set(WITHIN["proxies_config"]) <= set(RULES)


@pytest.mark.parametrize("said", [True, "true"])
def test_endpoint_discovery_is_switched_on(said):
    client = awsmini.client("dynamodb", "us-east-1", config=awsmini.Config(endpoint_discovery_enabled=said))
    assert discovery_mode(client._context.endpoint_discovery) == "true"


def test_configs_are_merged():
    one = awsmini.Config(read_timeout=1, connect_timeout=2, retries={"mode": "standard"})
    merged = one.merge(awsmini.Config(connect_timeout=3, retries={"total_max_attempts": 4}))
    assert merged.given == {"read_timeout": 1, "connect_timeout": 3, "retries": {"total_max_attempts": 4}}
    assert one.connect_timeout == 2
    assert merged.region_name is None


BAD_CONFIGS = [
    ({"read_timout": 1}, TypeError, "unexpected option 'read_timout'"),
    ({"read_timeout": "1"}, TypeError, "read_timeout has to be int or float"),
    ({"max_pool_connections": True}, TypeError, "max_pool_connections has to be int"),
    ({"retries": {"attempts": 1}}, TypeError, "Config retries got an unexpected option 'attempts'"),
    ({"s3": {"addressing_style": 1}}, TypeError, "addressing_style has to be str"),
    ({"connect_timeout": 0}, awsmini.ParamValidationError, "connect_timeout must be greater than 0"),
    ({"retries": {"max_attempts": -1}}, awsmini.ParamValidationError, "must not be negative"),
    ({"retries": {"total_max_attempts": 0}}, AwsminiError, "greater than or equal to one"),
    ({"retries": {"mode": "legacy"}}, AwsminiError, '"standard" or "adaptive"'),
    ({"s3": {"addressing_style": "x"}}, AwsminiError, "addressing style x is invalid"),
    ({"signature_version": "v9"}, AwsminiError, "Unknown Signature Version: v9"),
    ({"request_checksum_calculation": "x"}, AwsminiError, "request_checksum_calculation"),
]


@pytest.mark.parametrize(("options", "kind", "message"), BAD_CONFIGS)
def test_a_config_that_makes_no_sense(options, kind, message):
    with pytest.raises(kind, match=message):
        awsmini.client("ec2", "eu-west-1", config=awsmini.Config(**options), **KEYS).generate_presigned_url(
            "describe_regions"
        )


def test_options_that_make_no_sense():
    with pytest.raises(TypeError, match=r"config has to be an awsmini\.Config"):
        awsmini.client("s3", config={"read_timeout": 1})
    with pytest.raises(TypeError, match="unexpected keyword argument 'regoin_name'"):
        awsmini.client("s3", regoin_name="x")
    with pytest.raises(awsmini.ParamValidationError, match="s3 has no API version 1999-01-01, only 2006-03-01"):
        awsmini.client("s3", api_version="1999-01-01")
    with pytest.raises(awsmini.PartialCredentialsError, match="missing: aws_secret_access_key"):
        awsmini.client("s3", aws_access_key_id="a")
    with pytest.raises(awsmini.UnknownServiceError, match="Unknown service: 'nosuch'"):
        awsmini.client("nosuch")
    assert awsmini.client("s3", api_version="2006-03-01")


BAD_TYPES = [
    (lambda: awsmini.client(5), TypeError, "service_name has to be str"),
    (lambda: awsmini.client("s3", region_name=5), TypeError, "region_name has to be str, and is 5"),
    (lambda: awsmini.client("s3", endpoint_url=b"http://x"), TypeError, "endpoint_url has to be str"),
    (lambda: awsmini.client("s3", aws_access_key_id=5, aws_secret_access_key="x"), TypeError, "aws_access_key_id has"),
    (lambda: awsmini.Session(profile_name=5), TypeError, "profile_name has to be str"),
    (lambda: paged(PaginationConfig={"MaxItem": 1}), awsmini.PaginationError, "PaginationConfig has no MaxItem"),
    (lambda: paged(PaginationConfig=[1]), awsmini.PaginationError, "PaginationConfig has to be a map"),
    (lambda: s3().get_waiter("bucket_exists").wait(Bucket="b", WaiterConfig={"Dela": 1}),
     awsmini.ParamValidationError, "WaiterConfig has no Dela"),
    (lambda: s3().generate_presigned_url("get_object", {"Bucket": "b", "Key": "k"}, ExpiresIn="1h"),
     awsmini.ParamValidationError, "ExpiresIn has to be a number of seconds, and is '1h'"),
    (lambda: s3().generate_presigned_post("b", "k", ExpiresIn="1h"), awsmini.ParamValidationError, "ExpiresIn has to be"),
    (lambda: s3().generate_presigned_url("nosuch"), AwsminiError, "Client does not have method: nosuch"),
    (lambda: s3().get_waiter("nosuch"), awsmini.NoSuchWaiterError, "Waiter does not exist: nosuch"),
]  # fmt: skip


@pytest.mark.parametrize(
    "call",
    [
        lambda secret: awsmini.client("s3", aws_access_key_id="a", aws_secret_access_key=secret.encode()),
        lambda secret: awsmini.Session(aws_access_key_id="a", aws_secret_access_key="b", aws_session_token=[secret]),
        lambda secret: awsmini.Config(proxies=f"http://user:{secret}@proxy"),
        lambda secret: awsmini.Config(proxies_config={"proxy_client_cert": [secret]}),
        lambda secret: awsmini.client("s3", config={"proxies": {"http": f"http://user:{secret}@proxy"}}),
        lambda secret: s3().upload_file("x", "box", "k", ExtraArgs=f"SSECustomerKey={secret}"),
    ],
)
def test_what_is_of_the_wrong_type_is_not_shown_where_it_may_be_a_secret(call):
    with pytest.raises(TypeError, match=" has to be ") as raised:
        call("wJalrXUtnFEMI")
    assert "wJalr" not in str(raised.value)


def s3() -> Any:
    return awsmini.client("s3", "us-east-1", **KEYS)


def paged(**how: Any) -> Any:
    return s3().get_paginator("list_objects_v2").paginate(Bucket="b", **how)


@pytest.mark.parametrize(("call", "kind", "message"), BAD_TYPES)
def test_what_is_of_the_wrong_type_or_name(call, kind, message):
    with pytest.raises(kind, match=message):
        call()


# Sessions --------------------------------------------------------------------------------------------------------


def test_what_a_session_knows(tmp_path, monkeypatch):
    config = tmp_path / ".aws" / "config"
    config.parent.mkdir()
    config.write_text("[default]\nregion = eu-west-1\n[profile work]\nregion = eu-west-3\naws_access_key_id = AKIDWORK\n"
                      "aws_secret_access_key = s\n")  # fmt: skip
    session = awsmini.Session(profile_name="work")
    assert (session.profile_name, session.region_name) == ("work", "eu-west-3")
    assert session.available_profiles == ["default", "work"]
    assert {"s3", "kinesisvideo", "ec2"} <= set(session.get_available_services())
    assert session.get_available_partitions()[:2] == ["aws", "aws-cn"]
    assert "eu-west-1" in session.get_available_regions("kinesisvideo")
    assert session.get_available_regions("s3", "aws-cn") == ["cn-north-1", "cn-northwest-1"]
    assert session.get_available_regions("s3", "nosuch") == []
    assert session.get_partition_for_region("us-gov-west-1") == "aws-us-gov"
    found = session.get_credentials()
    assert (found.access_key, found.secret_key, found.token) == ("AKIDWORK", "s", None)
    assert found.get_frozen_credentials().access_key == "AKIDWORK"
    assert "AKIDWORK" not in repr(found)
    assert awsmini.Session().get_credentials() is None
    assert awsmini.Session(**KEYS).get_credentials().access_key == "AKIDEXAMPLE"
    with pytest.raises(awsmini.ProfileNotFoundError, match="nosuch"):
        awsmini.Session(profile_name="nosuch").client("sts", "us-east-1")


def test_every_service_that_is_named_can_be_had():
    names = awsmini.Session().get_available_services()
    assert len(names) == len(list((DATA / "models").glob("*.jsonl"))) > 400
    assert all(awsmini.Session().models.has(name) for name in names)


def test_clients_of_one_session_share_their_credentials(monkeypatch):
    session = awsmini.Session(region_name="eu-west-1")
    plain = session.client("sts")
    configured = session.client("sts", config=awsmini.Config(read_timeout=1))
    assert plain._context.credentials == configured._context.credentials == session.credentials.get


def test_the_default_session_is_kept_until_the_environment_changes(monkeypatch):
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    one, two = awsmini.client("sts"), awsmini.client("sts")
    assert one._context.credentials == two._context.credentials
    monkeypatch.setenv("AWS_REGION", "eu-west-2")
    assert awsmini.client("sts").meta.region_name == "eu-west-2"


def test_a_default_session_of_ones_own():
    code = (
        "import awsmini; awsmini.setup_default_session(region_name='eu-north-1'); "
        "print(awsmini.client('sts').meta.region_name)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout == "eu-north-1\n"


def test_the_default_session_can_be_looked_at_and_replaced(monkeypatch):
    monkeypatch.setattr(awsmini, "DEFAULT_SESSION", None)
    awsmini.setup_default_session(region_name="eu-north-1")
    assert repr(awsmini.DEFAULT_SESSION) == "Session(region_name='eu-north-1')"
    awsmini.DEFAULT_SESSION = awsmini.Session(region_name="eu-west-3")
    assert awsmini.client("sts").meta.region_name == "eu-west-3"
    awsmini.DEFAULT_SESSION = None
    monkeypatch.setenv("AWS_REGION", "eu-west-2")
    assert awsmini.client("sts").meta.region_name == "eu-west-2"


@pytest.mark.parametrize("options", [{"profile_name": "nosuch"}, {"profile_name": "default"}, {}])
def test_a_profile_that_is_not_there_is_told_at_once(options, monkeypatch):
    if not options:
        monkeypatch.setenv("AWS_PROFILE", "nosuch")
    for make in (awsmini.Session, awsmini.setup_default_session):
        with pytest.raises(
            awsmini.ProfileNotFoundError, match=r"The config profile \((nosuch|default)\) could not be found"
        ):
            make(**options)


def test_a_region_that_is_none_is_told_at_once():
    with pytest.raises(
        ValueError, match="Provided region_name 'bad region' doesn't match a supported format"
    ) as caught:
        awsmini.client("sts", region_name="bad region")
    assert isinstance(caught.value, awsmini.InvalidRegionError)


# What a client says of itself ------------------------------------------------------------------------------------


def test_the_meta_of_a_client(capture_server):
    client = awsmini.client("kinesisvideo", "cn-north-1", config=awsmini.Config(read_timeout=7))
    meta = client.meta
    assert (meta.region_name, meta.partition) == ("cn-north-1", "aws-cn")
    assert meta.endpoint_url == "https://kinesisvideo.cn-north-1.amazonaws.com.cn"
    assert meta.service_model.service_name == "kinesisvideo"
    assert meta.method_to_api_mapping["list_streams"] == "ListStreams"
    config = meta.config
    assert (config.region_name, config.signature_version, config.read_timeout) == ("cn-north-1", "v4", 7)
    assert (config.connect_timeout, config.max_pool_connections) == (60, 10)
    assert config.retries == {"mode": "standard", "total_max_attempts": 3}
    assert config.user_agent.startswith(f"awsmini/{awsmini.__version__} ")
    assert video(capture_server).meta.endpoint_url == capture_server.url
    assert awsmini.client("s3", "us-east-1").meta.config.signature_version == "s3v4"
    unsigned = awsmini.client("s3", "us-east-1", config=awsmini.Config(signature_version=awsmini.UNSIGNED))
    assert unsigned.meta.config.signature_version == awsmini.UNSIGNED


def test_a_client_is_closed_with_its_block(capture_server):
    capture_server.replies(200, {"StreamInfoList": []})
    with video(capture_server) as client:
        client.list_streams()
        assert "send" in client._context.__dict__
    assert "send" not in client._context.__dict__


def test_paginators(capture_server):
    client = video(capture_server)
    assert client.can_paginate("list_streams")
    assert not client.can_paginate("create_stream")
    assert not client.can_paginate("nosuch")
    pages = client.get_paginator("list_streams").paginate
    for page in PAGES:
        capture_server.replies(200, page)
    assert list(pages().search("StreamInfoList[].StreamName")) == ["a", "b", "c"]
    for page in PAGES[:2]:
        capture_server.replies(200, page)
    found = pages(PaginationConfig={"MaxItems": 3, "PageSize": 2})
    whole = found.build_full_result()
    assert [stream["StreamName"] for stream in whole["StreamInfoList"]] == ["a", "b", "c"]
    assert whole["NextToken"] == found.resume_token
    assert capture_server.requests[-1].json == {"MaxResults": 2, "NextToken": "1"}
    capture_server.replies(200, PAGES[2])
    assert list(pages().search("length(StreamInfoList)")) == [0]
    with pytest.raises(awsmini.ParamValidationError, match=r"Bad value for expression \["):
        pages().search("[")
    with pytest.raises(awsmini.NoSuchPaginatorError):
        client.get_paginator("create_stream")
    with pytest.raises(KeyError) as caught:
        client.get_paginator("nosuch")
    assert str(caught.value) == "Operation cannot be paginated: nosuch"
    with pytest.raises(ValueError, match="Waiter does not exist: nosuch"):
        client.get_waiter("nosuch")


def test_what_is_logged_can_be_written_to_stderr(capture_server, capsys):
    capture_server.always(lambda _: answer(200, {"StreamInfoList": []}))
    logger = logging.getLogger("awsmini")
    before = logger.level, list(logger.handlers)
    try:
        awsmini.set_stream_logger(format_string="%(name)s says %(message)s")
        video(capture_server).list_streams()
    finally:
        log.stop()
        logger.setLevel(before[0])
        logger.handlers[:] = before[1]
    told = capsys.readouterr().err
    assert "awsmini.sign says " in told
    assert KEYS["aws_secret_access_key"] not in told.replace("aws_secret_access_key", "")


def test_only_keywords_and_only_known_ones(capture_server):
    client = video(capture_server)
    with pytest.raises(TypeError, match=r"^list_streams\(\) only accepts keyword arguments\.$"):
        client.list_streams("demo")
    with pytest.raises(awsmini.ParamValidationError, match='Unknown parameter in input: "Nosuch", must be one of'):
        client.list_streams(Nosuch=1)
    with pytest.raises(AttributeError, match=r"has no exception Nosuch\. It has: AccessDeniedException, "):
        _ = client.exceptions.Nosuch


def test_help_names_the_parameters_of_the_model():
    client = awsmini.client("kinesisvideo", "eu-west-1")
    text = pydoc.render_doc(client.create_stream, renderer=pydoc.plaintext)
    assert "create_stream(*args" in text
    assert "create_stream(StreamName, [DeviceName], [MediaType]" in text
    assert "StreamName -> (string, 1 to 256 characters) [required]" in text
    assert "Tags -> (map of string to string" in text
    assert "RETURNS" in text
    assert "StreamARN -> (string, 1 to 1024 characters)" in text
    assert "ResourceInUseException - HTTP 400" in text
    assert str(client.list_streams.__doc__).startswith("list_streams([MaxResults]")
    assert "aws" not in str(client.list_streams.__doc__).partition("PARAMETERS")[0].lower()
    assert "Upload a file" in pydoc.render_doc(awsmini.client("s3", "eu-west-1").upload_file)
    with contextlib.redirect_stdout(io.StringIO()) as out:
        help(type(client))
    assert "A client of Amazon Kinesis Video Streams, API version 2017-09-30." in out.getvalue()


def test_making_a_client_makes_no_docs():
    code = (
        "import sys, awsmini; awsmini.client('ec2', 'us-east-1').meta; print([m for m in sys.modules if '.help' in m])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT, env={**CREDENTIALS}
    )
    assert done.stdout == "[]\n"


# Errors ----------------------------------------------------------------------------------------------------------


def test_every_name_at_the_top_is_there():
    assert all(getattr(awsmini, name) is not None for name in awsmini.__all__)
    assert awsmini.ClientError.__mro__[1] is awsmini.AwsminiError
    for name in ("nosuch", "NosuchError", "ValueError"):
        with pytest.raises(AttributeError, match=f"module 'awsmini' has no attribute '{name}'"):
            getattr(awsmini, name)


def test_an_error_of_the_service_that_the_operation_does_not_name(capture_server):
    capture_server.replies(404, "<Error><Code>NoSuchBucket</Code><Message>no</Message></Error>")
    s3 = awsmini.client("s3", "us-east-1", endpoint_url=capture_server.url, **KEYS)
    with pytest.raises(s3.exceptions.NoSuchBucket) as caught:
        s3.put_object(Bucket="box", Key="k", Body=b"")
    assert caught.value.operation_name == "PutObject"
    assert isinstance(caught.value, s3.exceptions.ClientError)


def test_an_error_of_a_service_that_once_spoke_another_protocol_has_the_class_of_its_new_code(capture_server):
    code, header = "AWS.SimpleQueueService.NonExistentQueue", "x-amzn-query-error"
    body = '{"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "no"}'
    capture_server.replies(400, body, headers={header: f"{code};Sender"})
    sqs = awsmini.client("sqs", "us-east-1", endpoint_url=capture_server.url, **KEYS)
    with pytest.raises(sqs.exceptions.QueueDoesNotExist) as caught:
        sqs.get_queue_url(QueueName="jobs")
    assert caught.value.response["Error"]["Code"] == code


def test_an_error_is_made_as_boto3s_is():
    facts = {"Error": {"Code": "X", "Message": "m"}}
    assert awsmini.ClientError(error_response=facts, operation_name="Op").response == facts


def test_one_client_serves_many_threads(capture_server):
    capture_server.always(lambda _: answer(200, {"StreamInfoList": []}))
    client = video(capture_server)
    failed: list[BaseException] = []

    def ask() -> None:
        try:
            for _ in range(20):
                client.list_streams()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(capture_server.requests) == 160


def test_a_test_of_somebody_who_mocks_with_moto(tmp_path):
    """Whoever tests his code with moto's `mock_aws` goes on doing so: the way to the network is `requests`'."""
    code = (
        "import awsmini, moto\n"
        "with moto.mock_aws():\n"
        "    s3 = awsmini.client('s3')\n"
        "    s3.create_bucket(Bucket='docs')\n"
        "    s3.put_object(Bucket='docs', Key='k', Body=b'hello')\n"
        "    print(s3.get_object(Bucket='docs', Key='k')['Body'].read())\n"
    )
    env = {**clean_environment(tmp_path), **CREDENTIALS, "AWS_REGION": "us-east-1", "PYTHONPATH": str(PROJECT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=env)
    assert (done.stdout, done.stderr) == ("b'hello'\n", "")
