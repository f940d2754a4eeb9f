"""What the sandbox says of what moto does not have, and how long it waits for whom."""

import errno
import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from awsmini.app import App
from awsmini.errors import ClientError
from awsmini.sandbox import control, server, started
from awsmini.sandbox.front import Front
from awsmini.sandbox.health import PAGE, health
from awsmini.sandbox.index import part_for
from awsmini.sandbox.refusal import refusal
from awsmini.sandbox.state import SandboxError, Server, folder, running
from awsmini.session import Session
from tests import oracle
from tests.servers import clean_environment
from tests.terminal import Terminal

PROJECT = Path(__file__).parent.parent.parent
LACKS = "The local sandbox (moto {version}) does not have this "
AUTH = "AWS4-HMAC-SHA256 Credential=a/20260131/us-east-1/{}/aws4_request, SignedHeaders=host, Signature=x"
OPERATION = LACKS + "operation"
SERVICE = LACKS + "service. What it has is listed by: awsmini local services"


@pytest.fixture
def env(tmp_path: Path) -> Iterator[dict[str, str]]:
    environment = {**clean_environment(tmp_path), "PYTHONPATH": str(PROJECT), "AWSMINI_LOCAL": "1"}
    yield environment
    control.stop(environment)


def session(env: dict[str, str]) -> Session:
    return Session(app=App(stdin=sys.stdin, stdout=io.StringIO(), stderr=io.StringIO(), env=env))


def test_what_moto_does_not_have_is_said_at_once_in_every_protocol(aws: Terminal):
    del aws.env["AWS_ENDPOINT_URL"]
    version = started(aws.env).version
    try:
        for command, operation, text in (
            ("iam list-delegation-requests", "ListDelegationRequests", OPERATION),
            ("ec2 describe-trunk-interface-associations", "DescribeTrunkInterfaceAssociations", OPERATION),
            ("kinesisvideo list-signaling-channels", "ListSignalingChannels", OPERATION),
            ("cloudfront list-vpc-origins", "ListVpcOrigins", OPERATION),
            ("cloudwatch list-metric-streams", "ListMetricStreams", OPERATION),
            ("braket search-devices --filters []", "SearchDevices", SERVICE),
            ("sso list-accounts --access-token t", "ListAccounts", SERVICE),
            ("bedrock-data-automation list-blueprints", "ListBlueprints", SERVICE),
            ("outposts list-sites", "ListSites", SERVICE),
        ):
            outcome = aws(f"--local {command}")
            assert outcome.code == 254, command
            expected = text.format(version=version)
            begins = f"awsmini: [ERROR]: An error occurred (NotImplemented) when calling the {operation} operation: "
            assert outcome.message.startswith(begins + expected), outcome.message
    finally:
        control.stop(aws.env)


@pytest.mark.parametrize(
    ("environ", "begins"),
    [
        ({"HTTP_SMITHY_PROTOCOL": "rpc-v2-cbor"}, b"\xa2f__typegNotHeregmessageea <b>"),
        ({"CONTENT_TYPE": "application/x-amz-json-1.0"}, b'{"__type": "NotHere", "message": "a <b>"}'),
        ({"CONTENT_TYPE": "application/x-www-form-urlencoded"}, b"<ErrorResponse><Error><Type>Receiver</Type><Code>N"),
        ({"HTTP_AUTHORIZATION": AUTH.format("s3")}, b"<Error><Code>NotHere</Code><Message>a &lt;b&gt;</Message>"),
        ({"HTTP_AUTHORIZATION": AUTH.format("route53")}, b"<ErrorResponse><Error><Type>Receiver</Type><Code>NotHere<"),
        ({}, b'{"__type": "NotHere"'),
    ],
)
def test_an_error_in_the_words_of_the_protocol(environ, begins):
    status, headers, (body,) = refusal(environ, "NotHere", "a <b>")
    assert status == "501 Not Implemented"
    assert body.startswith(begins)
    assert dict(headers)["Content-Length"] == str(len(body))


def test_the_services_are_listed_without_starting_it(aws: Terminal):
    found = aws("local services").json["Services"]
    names = {each["Service"]: each["MotoPart"] for each in found}
    assert len(found) > 150
    assert {"s3api", "ec2", "dynamodb", "s3control", "sesv2", "elbv2", "sagemaker-runtime"} <= names.keys()
    assert (names["lambda"], names["elbv2"], names["sesv2"]) == ("awslambda", "elbv2", "sesv2")
    assert "braket" not in names
    assert aws("local services --output text --query Services[0].[Service,Name]").stdout == "account\tAWS Account\n"
    assert running(aws.env) is None


def test_a_part_is_found_by_the_prefix_of_the_addresses():
    from moto.backend_index import backend_url_patterns as known

    assert part_for(known, "kinesisvideo") == "kinesisvideo"
    assert part_for(known, "s3-control") == "s3control"
    assert part_for(known, "cloudfront") == "cloudfront"
    assert part_for(known, "braket") is None


class Slow:
    """moto in this process, which takes its time, and fails when it is told to."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __call__(self, environ, start_response):
        time.sleep(self.seconds)
        if environ["PATH_INFO"] == "/fails":
            raise ZeroDivisionError("of its own")
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b'{"StreamInfoList": []}']


def test_a_call_that_takes_long_is_waited_for_while_the_server_lives(env):
    """Longer than a silence is borne without asking; the process answers for itself meanwhile."""
    where = folder(env)
    where.mkdir(parents=True)
    code = (
        "import sys, time; from pathlib import Path; from awsmini.sandbox import front, server\n"
        "def load(self):\n"
        "    from tests.sandbox.test_front import Slow\n"
        "    self._moto, self.handler = Slow(2.5), front._Handler\n"
        "front.Front.load = load\nserver.main(sys.argv[1:])"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(where), "0"], env=env, cwd=PROJECT)
    try:
        while running(env) is None:
            time.sleep(0.02)
        begun = time.monotonic()
        assert session(env).client("kinesisvideo").list_streams()["StreamInfoList"] == []
        assert time.monotonic() - begun >= 2.5
    finally:
        process.kill()
        process.wait()


def test_one_that_freezes_in_the_middle_of_a_call_is_told(env):
    found = started(env)
    client = session(env).client("kinesisvideo")
    os.kill(found.pid, signal.SIGSTOP)
    begun = time.monotonic()
    with pytest.raises(SandboxError, match=rf"\(pid {found.pid}, .* does not answer\. End it with: awsmini local stop"):
        client.list_streams()
    assert time.monotonic() - begun < 5


def test_one_that_is_killed_between_two_calls_is_told_and_the_next_client_has_another(env):
    found = started(env)
    client = session(env).client("kinesisvideo")
    client.list_streams()
    os.kill(found.pid, signal.SIGKILL)
    with pytest.raises(SandboxError, match=rf"\(pid {found.pid}\) has ended"):
        client.list_streams()
    assert session(env).client("kinesisvideo").list_streams()["StreamInfoList"] == []


def test_a_fault_of_motos_own_is_an_error_of_the_service(env, tmp_path):
    front = Front(Server(pid=1, port=1, version="5"))
    front._moto = Slow(0)
    said: list[object] = []
    body = front(
        {"PATH_INFO": "/fails", "CONTENT_TYPE": "application/json"}, lambda status, headers: said.append(status)
    )
    assert said == ["501 Not Implemented"]
    assert b"cannot do this: ZeroDivisionError: of its own" in b"".join(body)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EADDRINUSE, "port 80 is in use by another program"),
        (errno.EACCES, "this user may not listen on port 80; ports from 1024 on are for everybody"),
        (errno.EADDRNOTAVAIL, "port 80 cannot be listened on: Cannot assign requested address"),
    ],
)
def test_why_a_port_is_not_to_be_had(monkeypatch, number, said):
    class Refusing(socket.socket):
        def bind(self, address):
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(socket, "socket", Refusing)
    with pytest.raises(SystemExit) as caught:
        server.bind([80])
    assert caught.value.code == said


def test_one_that_a_call_has_started_ends_when_nobody_asks_any_more(env, monkeypatch):
    monkeypatch.setattr(control, "_IDLE", 1)
    found = started(env, by_call=True)
    give_up = time.monotonic() + 20
    while running(env):
        assert time.monotonic() < give_up
        time.sleep(0.05)
    assert not control._is_sandbox(found.pid)
    monkeypatch.setattr(control, "_IDLE", 1000)
    found = started(env)
    command = Path(f"/proc/{found.pid}/cmdline")
    assert not command.exists() or b"idle=" not in command.read_bytes()


def test_it_listens_before_it_is_ready(env):
    found = started(env, by_call=True)
    first = health(found)
    assert first
    assert first.pid == found.pid
    assert started(env) == found  # waits until it is
    assert health(found) == (found.pid, True)
    assert PAGE.startswith("/_")


@pytest.mark.every
def test_many_at_once_start_one_and_homes_have_their_own(env, tmp_path, request):
    many = 20 if oracle.takes_every(request.config) else 4
    other = {**env, "HOME": str(tmp_path / "other")}
    command = [sys.executable, "-m", "awsmini", "kinesisvideo", "list-streams", "--query", "length(StreamInfoList)"]

    def ask(number: int) -> tuple[int, str]:
        done = subprocess.run(command, env=env if number % 2 else other, cwd=PROJECT, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    try:
        with ThreadPoolExecutor(many) as pool:
            assert set(pool.map(ask, range(many))) == {(0, "0\n")}
        first, second = running(env), running(other)
        assert first
        assert second
        assert first.pid != second.pid
        assert control.stop(other)
        assert running(env) == first
    finally:
        control.stop(other)


def test_moto_is_the_same_with_less_of_it_loaded():
    """What stands for a module knows what the module knows."""
    code = (
        "from awsmini.sandbox.dispatch import application\n"
        "application()\n"
        "import sys, boto3, moto, moto.core\n"
        "late = sys.modules['moto.core.models']\n"
        "assert not {'responses', 'unittest.mock', 's3transfer', 'flask.app'} & set(sys.modules), sys.modules\n"
        "assert late.MockAWS.__name__ == 'MockAWS' and moto.core.DEFAULT_ACCOUNT_ID == '123456789012'\n"
        "assert late._load().DEFAULT_ACCOUNT_ID == '123456789012'\n"
        "assert boto3.Session().get_available_regions('s3')\n"
        "assert boto3.client('s3', region_name='us-east-1').meta.service_model.service_name == 's3'\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=True, env={**os.environ, "HOME": "/nonexistent"})


def test_threads_wait_for_it_together(env):
    started(env, by_call=True)
    answers: list[object] = []

    def call() -> None:
        try:
            answers.append(session(env).client("sts").get_caller_identity()["Account"])
        except (SandboxError, ClientError) as error:
            answers.append(error)

    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["123456789012"] * 6


@pytest.mark.parametrize("size", [3, 9 << 20], ids=["loop", "threads"])
def test_one_that_freezes_in_the_middle_of_a_transfer_is_told(env, tmp_path, size):
    found = started(env)
    client = session(env).client("s3")
    client.create_bucket(Bucket="frozen")
    path = tmp_path / "sent"
    path.write_bytes(bytes(size))
    client.upload_file(str(path), "frozen", "key")
    for act in (
        lambda: client.upload_file(str(path), "frozen", "other"),
        lambda: client.download_fileobj("frozen", "key", io.BytesIO()),
    ):
        os.kill(found.pid, signal.SIGSTOP)
        begun = time.monotonic()
        with pytest.raises(SandboxError, match=rf"\(pid {found.pid}, .* does not answer\. End it with"):
            act()
        took = time.monotonic() - begun
        os.kill(found.pid, signal.SIGCONT)
        assert took < 9
