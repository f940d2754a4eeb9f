"""Servers below HTTP: late, early, endless, and hanging up. Over the loop and over threads, with and without TLS."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from awsmini.errors import AwsminiError, ConnectionClosedError, EndpointConnectionError, ReadTimeoutError, SSLError
from awsmini.transfer.engine import Engine
from awsmini.transfer.records import Download, Result, Task, TransferOptions, Upload
from tests.send.conftest import Connection, RawServer, Script, answering
from tests.servers import HOST, write_certificate
from tests.transfer.clients import s3_client

PUT_OK = b'HTTP/1.1 200 OK\r\nETag: "e"\r\nContent-Length: 0\r\n\r\n'
GET_OK = b'HTTP/1.1 200 OK\r\nETag: "e"\r\nContent-Length: 5\r\n\r\nhello'
SMALL = TransferOptions()
LARGE = TransferOptions(multipart_threshold=1)  # GETs of known size go over threads
PATIENCE = 60  # seconds: a machine that is busy with other things is late, and no test is about that


@pytest.fixture
def serve() -> Iterator[Callable[..., RawServer]]:
    servers: list[RawServer] = []

    def make(script: Script, context: ssl.SSLContext | None = None) -> RawServer:
        servers.append(RawServer(script, context))
        return servers[-1]

    yield make
    for server in servers:
        server.close()
        assert not server.errors


def run(
    server: RawServer,
    home: Path,
    tasks: list[Task],
    options: TransferOptions = SMALL,
    attempts: int = 1,
    read_timeout: int = PATIENCE,
    **more: object,
) -> list[Result]:
    env = {"AWS_MAX_ATTEMPTS": str(attempts)}
    flags = {"cli_read_timeout": read_timeout, "cli_connect_timeout": PATIENCE}
    client = s3_client(home, server.url, env, flags=flags, **more)  # type: ignore[arg-type]
    client._context = client._context._replace(app=client._context.app._replace(uniform=lambda: 0.0))
    with Engine(client, options) as engine:
        return list(engine.run(tasks))


def upload(home: Path, size: int = 5, key: str = "k") -> Upload:
    (home / "f").write_bytes(b"x" * size)
    return Upload(str(home / "f"), "box", key)


def download(home: Path, options: TransferOptions) -> Download:
    known = {"size": 5, "etag": "e", "checksums": {"crc32": "NhCmhg=="}} if options is LARGE else {}
    return Download("box", "k", str(home / "g"), **known)  # type: ignore[arg-type]


@pytest.mark.parametrize("options", [SMALL, LARGE], ids=["loop", "threads"])
@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nA: " + b"a" * 300_000,
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 100_000,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 1000,
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello",
        b"\r\n\r\n",
        b"",
    ],
    ids=["long header", "many headers", "interim", "ssh", "lengths", "chunks", "blank", "nothing"],
)  # fmt: skip
def test_no_answer_to_use(
    serve: Callable[..., RawServer], tmp_path: Path, options: TransferOptions, reply: bytes
) -> None:
    def script(connection: Connection) -> None:
        connection.request()
        connection.send(reply)

    (result,) = run(serve(script), tmp_path, [download(tmp_path, options)], options)
    assert isinstance(result.error, ConnectionClosedError), result
    assert "Connection was closed before we received a valid response" in str(result.error)
    assert list(tmp_path.glob("g*")) == []


@pytest.mark.parametrize("options", [SMALL, LARGE], ids=["loop", "threads"])
@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nx-amz-checksum-crc32: AAAAAA==\r\nContent-Length: 5\r\n\r\nhello",
    ],
    ids=["short", "no last chunk", "checksum"],
)
def test_wrong_bodies(serve: Callable[..., RawServer], tmp_path: Path, options: TransferOptions, reply: bytes) -> None:
    def script(connection: Connection) -> None:
        connection.request()
        connection.send(reply)

    (result,) = run(serve(script), tmp_path, [download(tmp_path, options)], options)
    assert isinstance(result.error, AwsminiError)
    assert list(tmp_path.glob("g*")) == []


@pytest.mark.parametrize("options", [SMALL, LARGE], ids=["loop", "threads"])
def test_slow_bytes_are_waited_for_while_they_come(
    serve: Callable[..., RawServer], tmp_path: Path, options: TransferOptions
) -> None:
    def script(connection: Connection) -> None:
        connection.request()
        for at in range(0, len(GET_OK), 8):
            connection.send(GET_OK[at : at + 8])
            time.sleep(0.05)

    (result,) = run(serve(script), tmp_path, [download(tmp_path, options)], options)
    assert result.error is None
    assert (tmp_path / "g").read_bytes() == b"hello"


@pytest.mark.parametrize("options", [SMALL, LARGE], ids=["loop", "threads"])
@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\nConte", GET_OK[:-2]], ids=["nothing", "head", "body"])
def test_silence_is_a_timeout(
    serve: Callable[..., RawServer], tmp_path: Path, options: TransferOptions, begun: bytes
) -> None:
    def script(connection: Connection) -> None:
        connection.request()
        connection.send(begun)
        connection.head()  # until the other side hangs up

    (result,) = run(serve(script), tmp_path, [download(tmp_path, options)], options, read_timeout=1)
    assert isinstance(result.error, ReadTimeoutError)
    assert list(tmp_path.glob("g*")) == []


def test_an_early_answer_ends_the_sending(serve: Callable[..., RawServer], tmp_path: Path) -> None:
    refusal = b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"
    head = b"HTTP/1.1 403 Forbidden\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(refusal)

    def script(connection: Connection) -> None:
        connection.head()
        connection.send(head + refusal)
        time.sleep(0.3)

    (result,) = run(serve(script), tmp_path, [upload(tmp_path, 6_000_000)])
    assert "AccessDenied" in str(result.error)


def test_a_connection_that_was_closed_while_idle_is_replaced_silently(
    serve: Callable[..., RawServer], tmp_path: Path
) -> None:
    """One request on each connection, which closes a moment after its answer, without saying so before."""

    def script(connection: Connection) -> None:
        connection.request()
        connection.send(PUT_OK)
        connection.head()  # and hangs up on the next request, which it has not looked at

    server = serve(script)
    client = s3_client(tmp_path, server.url, {"AWS_MAX_ATTEMPTS": "1"})
    with Engine(client, TransferOptions(max_concurrent_requests=1)) as engine:
        results = list(engine.run(upload(tmp_path, 5, f"k{number}") for number in range(3)))
    assert [result.error for result in results] == [None] * 3
    assert server.connections == 3


def test_a_fresh_connection_that_closes_is_no_stale_one(serve: Callable[..., RawServer], tmp_path: Path) -> None:
    server = serve(lambda connection: connection.request() and None)
    (result,) = run(server, tmp_path, [upload(tmp_path)], attempts=3)
    assert isinstance(result.error, ConnectionClosedError)
    assert server.connections == 3


def test_connection_close_is_obeyed(serve: Callable[..., RawServer], tmp_path: Path) -> None:
    def script(connection: Connection) -> None:
        connection.request()
        connection.send(PUT_OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))

    server = serve(script)
    results = run(server, tmp_path, [upload(tmp_path, 5, f"k{number}") for number in range(3)])
    assert [result.error for result in results] == [None] * 3
    assert server.connections == 3


def tls(folder: Path) -> tuple[ssl.SSLContext, str]:
    certificate, key = write_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, str(certificate)


@pytest.mark.parametrize("options", [SMALL, LARGE], ids=["loop", "threads"])
def test_tls(serve: Callable[..., RawServer], tmp_path: Path, options: TransferOptions) -> None:
    context, certificate = tls(tmp_path)
    server = serve(answering(GET_OK), context)
    (result,) = run(server, tmp_path, [download(tmp_path, options)], options, verify=certificate)
    assert result.error is None
    assert (tmp_path / "g").read_bytes() == b"hello"
    server = serve(answering(PUT_OK), context)
    results = run(
        server, tmp_path, [upload(tmp_path, 3_000_000, f"k{number}") for number in range(3)], SMALL, verify=certificate
    )
    assert [result.error for result in results] == [None] * 3
    assert all(len(body) == 3_000_000 for body in server.bodies)
    assert b"X-Amz-Content-SHA256: UNSIGNED-PAYLOAD" in server.heads[0]


@pytest.mark.parametrize("options", [SMALL, LARGE], ids=["loop", "threads"])
def test_certificates_are_looked_at(serve: Callable[..., RawServer], tmp_path: Path, options: TransferOptions) -> None:
    context, _ = tls(tmp_path)
    server = serve(answering(GET_OK), context)
    (result,) = run(server, tmp_path, [download(tmp_path, options)], options, attempts=3)
    assert isinstance(result.error, SSLError)
    assert "CERTIFICATE_VERIFY_FAILED" in str(result.error)
    assert server.connections == 1
    (result,) = run(server, tmp_path, [download(tmp_path, options)], options, verify=False)
    assert result.error is None
    (result,) = run(server, tmp_path, [download(tmp_path, options)], options, verify=str(tmp_path / "missing.pem"))
    assert isinstance(result.error, SSLError)


@pytest.mark.parametrize("options", [SMALL, LARGE], ids=["loop", "threads"])
def test_tls_that_is_cut_off_is_no_end(
    serve: Callable[..., RawServer], tmp_path: Path, options: TransferOptions
) -> None:
    context, certificate = tls(tmp_path)

    def script(connection: Connection) -> None:
        connection.request()
        connection.send(b"HTTP/1.1 200 OK\r\n\r\nhel")

    (result,) = run(serve(script, context), tmp_path, [download(tmp_path, options)], options, verify=certificate)
    assert isinstance(result.error, AwsminiError)
    assert list(tmp_path.glob("g*")) == []


@pytest.mark.parametrize("options", [SMALL, LARGE], ids=["loop", "threads"])
@pytest.mark.parametrize("first", ["refused", "silent"])
def test_the_next_address_is_tried(
    serve: Callable[..., RawServer],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: TransferOptions,
    first: str,
) -> None:
    """A host with two addresses, of which the first leads nowhere."""
    server = serve(answering(GET_OK))
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        fillers = []
        if first == "silent":
            busy.listen(0)  # a backlog that is full takes no further connection, and says nothing
            for _ in range(3):
                filler = socket.socket()
                filler.setblocking(False)
                filler.connect_ex(busy.getsockname())
                fillers.append(filler)
        real = socket.getaddrinfo(HOST, server.port, type=socket.SOCK_STREAM)
        wrong = [(*each[:4], busy.getsockname()) for each in real]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: wrong + real)
        monkeypatch.setattr("awsmini.transfer.connection.NEXT_ADDRESS", 0.1)
        began = time.monotonic()
        (result,) = run(server, tmp_path, [download(tmp_path, options)], options)
        assert time.monotonic() - began < PATIENCE / 2  # the first one was not waited for to the end
        for filler in fillers:
            filler.close()
    assert result.error is None


@pytest.mark.parametrize("options", [SMALL, LARGE], ids=["loop", "threads"])
@pytest.mark.parametrize(
    ("begun", "how"),
    [
        (GET_OK[:-2], "Connection broken: IncompleteRead(3 bytes read, 2 more expected)"),
        (b"", 'Connection was closed before we received a valid response from endpoint URL: "{url}/box/k".'),
    ],
    ids=["body", "nothing"],
)
def test_a_server_that_goes_away_is_told_as_such(
    tmp_path: Path, options: TransferOptions, begun: bytes, how: str
) -> None:
    def script(connection: Connection) -> None:
        connection.request()
        server.close()
        connection.send(begun)

    server = RawServer(script)
    (result,) = run(server, tmp_path, [download(tmp_path, options)], options, attempts=3)
    refused = f'Could not connect to the endpoint URL: "{server.url}/box/k"'
    assert str(result.error) == f"{refused}. The connection before was lost: {how.format(url=server.url)}"
    assert isinstance(result.error, EndpointConnectionError)
    (result,) = run(server, tmp_path, [download(tmp_path, options)], options, attempts=3)
    assert str(result.error) == refused
