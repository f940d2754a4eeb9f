"""Tunnels, through a real websocket server with TLS on the loopback interface."""

import socket
import ssl
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import datetime, timezone
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from websockets.sync.server import serve

from awsmini.services.small import ec2_instance_connect_tunnel as open_tunnel
from awsmini.session import Session
from tests.servers import HOST, free_ports, write_certificate
from tests.terminal import PROJECT, words

TUNNEL = "ec2-instance-connect open-tunnel --private-ip-address 10.0.0.9 --instance-connect-endpoint-id eice-1"


class Endpoint:
    """An endpoint of Instance Connect whose instance says everything back, in capitals."""

    def __init__(self, folder):
        self.requests = []
        self.received = []
        self.behave = self.echo
        self.refuse = None
        certificate, key = write_certificate(folder)
        self.bundle = str(certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.server = serve(self._serve, HOST, 0, ssl=context, process_request=self._asked, compression=None)
        self.name = f"{HOST}:{self.server.socket.getsockname()[1]}"

    def _asked(self, connection, request):
        self.requests.append(request)
        return None if self.refuse is None else connection.respond(*self.refuse)

    def _serve(self, connection):
        self.behave(connection)

    def echo(self, connection):
        for data in connection:
            self.received.append(data)
            connection.send(data.upper())
            if data.endswith(b"bye\n"):
                connection.close()
                return


@pytest.fixture
def endpoint(tmp_path):
    made = Endpoint(tmp_path)
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()


@pytest.fixture
def run(aws, endpoint):
    """Runs the command in a process of its own."""
    aws.env["AWS_CA_BUNDLE"] = endpoint.bundle
    command = f"{TUNNEL} --instance-connect-endpoint-dns-name {endpoint.name}"
    return lambda more="", **how: aws.run(f"{command} {more}", **how)


def test_bytes_go_both_ways(run, endpoint):
    sent = bytes(range(256)) * 1000 + b"bye\n"
    outcome = run("--remote-port 2222 --max-tunnel-duration 60", stdin=sent)
    assert (outcome.code, outcome.stderr) == (0, "")
    assert outcome.stdout_bytes == sent.upper()
    assert max(map(len, endpoint.received)) <= 65_000
    request = endpoint.requests[0]
    asked = parse_qs(urlsplit(request.path).query)
    assert urlsplit(request.path).path == "/openTunnel"
    assert {name: asked[name] for name in ("instanceConnectEndpointId", "remotePort", "maxTunnelDuration")} == {
        "instanceConnectEndpointId": ["eice-1"], "remotePort": ["2222"], "maxTunnelDuration": ["60"],
    }  # fmt: skip
    assert asked["X-Amz-Expires"] == ["60"]
    assert request.headers["User-Agent"].startswith("aws-cli/") or "awsmini" in request.headers["User-Agent"]


def test_the_other_side_may_speak_last(run, endpoint):
    def late(connection):
        for data in connection:
            time.sleep(0.3)  # stdin has ended long ago
            connection.send(b"late: " + data)
            return

    endpoint.behave = late
    assert run(stdin=b"x").stdout == "late: x"


def test_it_ends_when_nobody_reads_any_more(aws, endpoint, run):
    endpoint.behave = lambda connection: connection.recv(timeout=30)
    command = [*words(TUNNEL), "--instance-connect-endpoint-dns-name", endpoint.name]
    process = subprocess.Popen(
        [sys.executable, "-m", "awsmini", *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env={**aws.env, "PYTHONPATH": str(PROJECT)},
    )
    with process:
        process.stdout.close()
        assert process.wait(20) == 0


@pytest.mark.parametrize(
    ("behave", "message"),
    [
        (lambda connection: connection.close(1008, "too long"), "Websocket Closure Reason: too long"),
        (
            lambda connection: connection.send("text"),
            "Received invalid data from server, closing websocket connection.",
        ),
        (lambda connection: connection.socket.close(), "The connection broke."),
    ],
)
def test_bad_ends(run, endpoint, behave, message):
    endpoint.behave = behave
    outcome = run(stdin=b"x")
    assert (outcome.code, outcome.message) == (255, f"awsmini: [ERROR]: {message}")


def test_a_tunnel_that_is_refused(run, endpoint):
    endpoint.refuse = 403, "not allowed\n"
    outcome = run(stdin=b"x")
    assert (outcome.code, outcome.message) == (255, "awsmini: [ERROR]: The tunnel was refused (403): not allowed")


def test_a_certificate_that_nobody_vouches_for(aws, run):
    del aws.env["AWS_CA_BUNDLE"]
    outcome = run(stdin=b"x")
    assert (outcome.code, "CERTIFICATE_VERIFY_FAILED" in outcome.message) == (255, True)
    assert run("--no-verify-ssl", stdin=b"bye\n").stdout == "BYE\n"


def test_the_signature_is_not_told(run):
    outcome = run("--debug", stdin=b"bye\n")
    assert outcome.code == 0
    assert "X-Amz-Signature=" not in outcome.stderr.replace("X-Amz-Signature=***", "")


@contextmanager
def listening(aws, endpoint, more=""):
    (port,) = free_ports(1)
    command = f"{TUNNEL} --instance-connect-endpoint-dns-name {endpoint.name} --local-port {port} {more}"
    process = subprocess.Popen(
        [sys.executable, "-m", "awsmini", *words(command)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**aws.env, "PYTHONPATH": str(PROJECT)},
        text=True,
    )
    try:
        assert process.stdout.readline() == f"Listening for connections on port {port}.\n"
        yield port, process
    finally:
        process.kill()
        process.communicate()


def said(connection, text):
    connection.sendall(text)
    return connection.recv(100)


def test_each_connection_has_a_tunnel_of_its_own(aws, endpoint, run):
    with listening(aws, endpoint, "--max-websocket-connections 2") as (port, process):
        with socket.create_connection((HOST, port)) as one, socket.create_connection((HOST, port)) as two:
            assert (said(one, b"one"), said(two, b"two")) == (b"ONE", b"TWO")
            with socket.create_connection((HOST, port)) as three:
                assert three.recv(100) == b""
            assert said(one, b"again") == b"AGAIN"
        lines = [process.stdout.readline() for _ in range(5)]
        assert lines[:3] == [
            "[1] Accepted new tcp connection, opening websocket tunnel.\n",
            "[2] Accepted new tcp connection, opening websocket tunnel.\n",
            "Max websocket connections 2 have been reached, closing incoming connection.\n",
        ]
        assert sorted(lines[3:]) == ["[1] Closing tcp connection.\n", "[2] Closing tcp connection.\n"]
        with socket.create_connection((HOST, port)) as four:
            assert said(four, b"four") == b"FOUR"
    signatures = {parse_qs(urlsplit(each.path).query)["X-Amz-Signature"][0] for each in endpoint.requests}
    assert len(endpoint.requests) == 3
    assert signatures


def test_a_connection_that_fails_ends_no_other(aws, endpoint, run):
    with listening(aws, endpoint) as (port, process):
        endpoint.refuse = 503, "later"
        with socket.create_connection((HOST, port)) as one:
            assert one.recv(100) == b""
        assert (
            process.stderr.readline() == "[1] Encountered error with websocket: The tunnel was refused (503): later\n"
        )
        endpoint.refuse = None
        with socket.create_connection((HOST, port)) as two:
            assert said(two, b"two") == b"TWO"


def test_a_port_that_is_taken(aws, run, endpoint):
    with socket.create_server(("localhost", 0)) as taken:
        outcome = run(f"--local-port {taken.getsockname()[1]}")
    assert (outcome.code, "Address already in use" in outcome.message) == (255, True)


def test_the_url_is_signed_as_botocore_signs_it(tmp_path):
    now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    session = Session(region_name="eu-west-1", aws_access_key_id="AKID", aws_secret_access_key="secret/+")
    session.app = session.app._replace(now=lambda: now)
    asked = {"instanceConnectEndpointId": "eice-1", "remotePort": 22, "privateIpAddress": "2001:db8::9"}
    url = open_tunnel.tunnel_url(session.client("ec2-instance-connect"), "one.example", asked)
    query = "instanceConnectEndpointId=eice-1&remotePort=22&privateIpAddress=2001%3Adb8%3A%3A9"
    request = AWSRequest("GET", f"wss://one.example/openTunnel?{query}", headers={"host": "one.example"}, data={})
    with mock.patch("botocore.auth.get_current_datetime", return_value=now.replace(tzinfo=None)):
        SigV4QueryAuth(Credentials("AKID", "secret/+"), "ec2-instance-connect", "eu-west-1", 60).add_auth(request)
    assert url == request.url


def test_without_the_package(aws):
    with mock.patch.dict(sys.modules, {"websockets.exceptions": None, "websockets": None}):
        sys.modules.pop("awsmini.services.small.ec2_instance_connect_websocket", None)
        outcome = aws(f"{TUNNEL} --instance-connect-endpoint-dns-name x.example")
    assert outcome.code == 255
    assert outcome.message == (
        "awsmini: [ERROR]: Tunnels need the package websockets, which is not installed: pip install 'awsmini[tunnel]'"
    )
