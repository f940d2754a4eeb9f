"""Which proxy is used, and what a proxy gets to see."""

import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from awsmini.errors import AwsminiError, ProxyConnectionError
from awsmini.records import Request
from awsmini.send.http import HttpSender
from awsmini.send.options import ProxyTls
from awsmini.send.proxies import Proxies, from_environment, masked
from tests.send.conftest import OK, Connection, RawServer
from tests.servers import HOST, free_ports

Make = Callable[..., RawServer]
Sender = Callable[..., HttpSender]


@pytest.mark.parametrize(
    ("env", "url", "proxy"),
    [
        ({}, "http://h/", None),
        ({"HTTP_PROXY": "http://p:1"}, "http://h/", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1"}, "https://h/", None),
        ({"https_proxy": "p:1"}, "https://h/", "http://p:1"),
        ({"https_proxy": "//p:1"}, "https://h/", "http://p:1"),
        ({"https_proxy": "socks5://p:1"}, "https://h/", "socks5://p:1"),
        ({"HTTP_PROXY": "http://upper", "http_proxy": "http://lower"}, "http://h/", "http://lower"),
        ({"HTTP_PROXY": "http://upper", "http_proxy": ""}, "http://h/", None),
        ({"HTTP_PROXY": ""}, "http://h/", None),
        ({"ALL_PROXY": "http://p"}, "http://h/", None),
        ({"HTTP_PROXY": "http://p", "REQUEST_METHOD": "GET"}, "http://h/", None),
        ({"http_proxy": "http://p", "REQUEST_METHOD": "GET"}, "http://h/", "http://p"),
        ({"HTTP_PROXY": "http://p", "NO_PROXY": "*"}, "http://h/", None),
        ({"HTTP_PROXY": "http://p", "NO_PROXY": "h"}, "http://h/", None),
        ({"HTTP_PROXY": "http://p", "NO_PROXY": "other, .Example.com"}, "http://a.example.com:80/", None),
        ({"HTTP_PROXY": "http://p", "no_proxy": "example.com"}, "http://example.com/", None),
        ({"HTTP_PROXY": "http://p", "no_proxy": "example.com"}, "http://notexample.com/", "http://p"),
        ({"HTTP_PROXY": "http://p", "no_proxy": "h:81"}, "http://h:81/", None),
        ({"HTTP_PROXY": "http://p", "no_proxy": "h:81"}, "http://h:82/", "http://p"),
        ({"HTTP_PROXY": "http://p", "NO_PROXY": "h", "no_proxy": ""}, "http://h/", "http://p"),
        ({"HTTP_PROXY": "http://p", "NO_PROXY": " , "}, "http://h/", "http://p"),
        ({"HTTP_PROXY": "http://p", "NO_PROXY": "[::1]"}, "http://[::1]:8000/", None),
        ({"HTTP_PROXY": "http://p", "NO_PROXY": "::1"}, "http://[::1]/", None),
        ({"HTTP_PROXY": "http://p", "NO_PROXY": "0:0:0:0:0:0:0:1"}, "http://[::1]:8000/", None),
        ({"HTTP_PROXY": "http://p", "NO_PROXY": "[FE80::A]:81"}, "http://[fe80:0::a]:81/", None),
        ({"HTTP_PROXY": "http://p", "NO_PROXY": "[::1]:81"}, "http://[::1]:82/", "http://p"),
        ({"HTTP_PROXY": "http://p", "NO_PROXY": "fd00:ec2::254"}, "http://[fd00:ec2::254]/latest", None),
        ({"HTTP_PROXY": "http://p", "NO_PROXY": "::2"}, "http://[::1]/", "http://p"),
        ({"HTTP_PROXY": "http://p", "NO_PROXY": "example.com."}, "http://a.example.com/", None),
        ({"HTTP_PROXY": "http://p", "NO_PROXY": "example.com"}, "http://example.com./", None),
        ({"HTTP_PROXY": "http://p", "NO_PROXY": "169.254.169.254"}, "http://169.254.169.254/latest", None),
    ],
)
def test_the_environment(env: dict[str, str], url: str, proxy: str | None):
    assert from_environment(env).url_for(url) == proxy


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://p:1", "http://p:1"),
        ("http://user:pass@p:1", "http://***:***@p:1"),
        ("http://p:p@p:1/", "http://***:***@p:1/"),
        ("http://user@p", "http://***@p"),
        ("http://u:a@b@p", "http://***:***@p"),
    ],
)
def test_passwords_are_masked(url: str, shown: str):
    assert masked(url) == shown


def test_plain_http_is_forwarded(raw_server: Make, sender: Sender):
    proxy = raw_server()
    send = sender(proxies=Proxies(by_scheme={"http": proxy.url.replace("//", "//us%40er:pa%3Ass@")}))
    request = Request(method="GET", url="http://nobody.invalid/a%20b?x", headers={"User-Agent": "x"})
    assert send(request).body == b"hi"
    assert proxy.heads[0] == (
        b"GET http://nobody.invalid/a%20b?x HTTP/1.1\r\nHost: nobody.invalid\r\nAccept-Encoding: identity\r\n"
        b"User-Agent: x\r\nProxy-Authorization: Basic dXNAZXI6cGE6c3M=\r\n\r\n"
    )


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_dead_proxy(sender: Sender, scheme: str):
    port = free_ports(1)[0]
    send = sender(proxies=Proxies(by_scheme={scheme: f"http://u:secret@{HOST}:{port}"}))
    with pytest.raises(ProxyConnectionError) as caught:
        send(Request(method="GET", url=f"{scheme}://nobody.invalid/"))
    assert str(caught.value) == f'Failed to connect to proxy URL: "http://***:***@{HOST}:{port}"'


def test_a_host_reached_directly(raw_server: Make, sender: Sender):
    server = raw_server()
    dead = f"http://{HOST}:{free_ports(1)[0]}"
    send = sender(proxies=from_environment({"HTTP_PROXY": dead, "NO_PROXY": HOST}))
    assert send(Request(method="GET", url=server.url)).body == b"hi"


def tunnel_to(server: RawServer) -> Callable[[Connection], None]:
    """The script of a proxy that takes CONNECT and leads to `server`, whatever is asked for."""

    def script(connection: Connection) -> None:
        connection.head()
        connection.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with socket.create_connection((HOST, server.port)) as onward:
            threading.Thread(target=pump, args=(connection.sock, onward), daemon=True).start()
            pump(onward, connection.sock)

    return script


def pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass


def test_https_goes_through_a_tunnel(
    raw_server: Make, sender: Sender, server_context: ssl.SSLContext, certificate: tuple[Path, Path]
):
    server = raw_server(context=server_context)
    proxy = raw_server(tunnel_to(server))
    send = sender(verify=str(certificate[0]), proxies=Proxies(by_scheme={"https": proxy.url.replace("//", "//u:p@")}))
    request = Request(method="GET", url=f"{server.url}/a?b", headers={"User-Agent": "x"})
    assert send(request).body == send(request).body == b"hi"
    assert proxy.heads[0].startswith(f"CONNECT {HOST}:{server.port} HTTP/1.".encode())
    assert b"Proxy-Authorization: Basic dTpw\r\n" in proxy.heads[0]
    assert server.heads[0].startswith(b"GET /a?b HTTP/1.1\r\n")
    assert b"roxy" not in server.heads[0]
    assert (proxy.connections, len(server.heads)) == (1, 2)
    send.close()


def test_an_upload_refused_through_a_tunnel_leaves_no_trace(
    raw_server: Make, sender: Sender, server_context: ssl.SSLContext, certificate: tuple[Path, Path]
):
    """The connection that such an answer ends is opened again, and begins with CONNECT."""

    def script(connection: Connection) -> None:
        connection.head()
        connection.send(b"HTTP/1.1 307 Go\r\nContent-Length: 0\r\n\r\n")
        connection.sock.recv(1)

    server = raw_server(script, server_context)
    proxy = raw_server(tunnel_to(server))
    send = sender(verify=str(certificate[0]), proxies=Proxies(by_scheme={"https": proxy.url}))
    request = Request(method="PUT", url=server.url, headers={"Expect": "100-continue"}, body=b"x")
    assert [send(request).status for _ in range(2)] == [307, 307]
    send.close()


def test_a_proxy_that_refuses(raw_server: Make, sender: Sender):
    def script(connection: Connection) -> None:
        connection.head()
        connection.send(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")

    proxy = raw_server(script)
    with pytest.raises(ProxyConnectionError, match="Failed to connect to proxy URL"):
        sender(proxies=Proxies(by_scheme={"https": proxy.url}))(Request(method="GET", url="https://nobody.invalid/"))


def test_a_proxy_that_speaks_tls(
    raw_server: Make, sender: Sender, server_context: ssl.SSLContext, certificate: tuple[Path, Path]
):
    proxy = raw_server(context=server_context)
    by_scheme = {"http": proxy.url, "https": proxy.url}
    trusted = ProxyTls(ca_bundle=str(certificate[0]), use_forwarding_for_https=True)
    send = sender(proxies=Proxies(by_scheme=by_scheme), proxy_tls=trusted)
    assert send(Request(method="GET", url="http://nobody.invalid/x")).body == b"hi"
    assert send(Request(method="GET", url="https://nobody.invalid/x")).body == b"hi"
    targets = [head.split(b" ")[1] for head in proxy.heads]
    assert targets == [b"http://nobody.invalid/x", b"https://nobody.invalid/x"]
    with pytest.raises(ProxyConnectionError):
        sender(proxies=Proxies(by_scheme=by_scheme))(Request(method="GET", url="http://nobody.invalid/x"))


def test_a_certificate_for_the_proxy_that_cannot_be_read(sender: Sender):
    send = sender(proxies=Proxies(by_scheme={"http": "https://p"}), proxy_tls=ProxyTls(ca_bundle="/no/such/file"))
    with pytest.raises(AwsminiError, match=r"^Invalid configuration value\(s\) provided for proxies_config\.$"):
        send(Request(method="GET", url="http://h/"))


def test_answers_are_the_servers(raw_server: Make, sender: Sender):
    proxy = raw_server()
    send = sender(proxies=Proxies(by_scheme={"http": proxy.url}))
    assert send(Request(method="GET", url="http://nobody.invalid/", stream=True)).raw.read() == OK[-2:]
