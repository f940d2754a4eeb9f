"""Which certificates are trusted, and what is said of the others."""

import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from awsmini.errors import SSLError
from awsmini.records import Request
from awsmini.send.http import HttpSender
from tests.send.conftest import Connection, RawServer

Make = Callable[..., RawServer]
Sender = Callable[..., HttpSender]
Files = tuple[Path, Path]


def test_a_bundle_that_vouches_for_the_server(
    raw_server: Make, sender: Sender, server_context: ssl.SSLContext, certificate: Files
):
    server = raw_server(context=server_context)
    send = sender(verify=str(certificate[0]))
    assert send(Request(method="GET", url=server.url)).body == b"hi"
    assert send(Request(method="GET", url=server.url)).body == b"hi"
    assert server.connections == 1


def test_a_certificate_nobody_vouches_for(raw_server: Make, sender: Sender, server_context: ssl.SSLContext):
    server = raw_server(context=server_context)
    with pytest.raises(
        SSLError, match=rf"^SSL validation failed for {server.url}/ .*CERTIFICATE_VERIFY_FAILED"
    ) as caught:
        sender()(Request(method="GET", url=f"{server.url}/"))
    assert not caught.value.retryable


def test_a_certificate_for_another_name(
    raw_server: Make, sender: Sender, server_context: ssl.SSLContext, certificate: Files
):
    server = raw_server(context=server_context)
    with pytest.raises(SSLError, match="localhost"):
        sender(verify=str(certificate[0]))(Request(method="GET", url=f"https://localhost:{server.port}/"))


def test_no_check_at_all(raw_server: Make, sender: Sender, server_context: ssl.SSLContext):
    server = raw_server(context=server_context)
    assert sender(verify=False)(Request(method="GET", url=f"https://localhost:{server.port}/")).body == b"hi"


def test_a_bundle_that_is_not_there(sender: Sender, tmp_path: Path):
    missing = tmp_path / "none.pem"
    with pytest.raises(SSLError) as caught:
        sender(verify=str(missing))(Request(method="GET", url="https://127.0.0.1:1/"))
    assert str(caught.value) == "SSL validation failed for https://127.0.0.1:1/ [Errno 2] No such file or directory"
    assert not caught.value.retryable


def test_a_bundle_that_is_none(sender: Sender, tmp_path: Path):
    (tmp_path / "bundle").write_text("no certificates")
    with pytest.raises(SSLError, match=r"SSL validation failed for https://127\.0\.0\.1:1/"):
        sender(verify=str(tmp_path / "bundle"))(Request(method="GET", url="https://127.0.0.1:1/"))


def test_a_folder_of_certificates(sender: Sender, tmp_path: Path, raw_server: Make, server_context: ssl.SSLContext):
    with pytest.raises(SSLError, match="CERTIFICATE_VERIFY_FAILED"):
        sender(verify=str(tmp_path))(Request(method="GET", url=raw_server(context=server_context).url))


def test_a_server_that_speaks_no_tls(raw_server: Make, sender: Sender):
    def script(connection: Connection) -> None:
        connection.sock.recv(1)
        connection.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    url = raw_server(script).url.replace("http", "https")
    with pytest.raises(SSLError, match="WRONG_VERSION_NUMBER") as caught:
        sender()(Request(method="GET", url=url))
    assert caught.value.retryable


def test_a_certificate_of_ones_own(
    raw_server: Make, sender: Sender, server_context: ssl.SSLContext, certificate: Files, tmp_path: Path
):
    server_context.verify_mode = ssl.CERT_REQUIRED
    server_context.load_verify_locations(str(certificate[0]))
    server = raw_server(context=server_context)
    files = (str(certificate[0]), str(certificate[1]))
    both = tmp_path / "both.pem"
    both.write_bytes(certificate[0].read_bytes() + certificate[1].read_bytes())
    for own in (files, str(both)):
        assert sender(verify=files[0], client_cert=own)(Request(method="GET", url=server.url)).body == b"hi"
