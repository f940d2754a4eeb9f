"""What goes over the wire, byte for byte, and what is said when nothing comes back."""

import http.client
import io
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from awsmini.errors import (
    AwsminiError,
    BrokenStreamError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ProxyConnectionError,
    ReadTimeoutError,
    SendError,
)
from awsmini.records import Request
from awsmini.send.http import HttpSender, target
from awsmini.send.proxies import Proxies
from tests.send.conftest import OK, Connection, RawServer, answering
from tests.servers import HOST, free_ports

Make = Callable[..., RawServer]
Sender = Callable[..., HttpSender]


def test_a_request_on_the_wire(raw_server: Make, sender: Sender):
    server = raw_server()
    headers = {"User-Agent": "awsmini/1", "X-Amz-Date": "20300102T030405Z", "x-amz-meta-a": "ü€"}
    request = Request(method="PUT", url=f"{server.url}/a%20b?x=1&y", headers=headers, body=b"abc")
    reply = sender()(request)
    assert server.heads[0].decode() == (
        f"PUT /a%20b?x=1&y HTTP/1.1\r\nHost: {HOST}:{server.port}\r\nAccept-Encoding: identity\r\n"
        "User-Agent: awsmini/1\r\nX-Amz-Date: 20300102T030405Z\r\nx-amz-meta-a: ü€\r\nContent-Length: 3\r\n\r\n"
    )
    assert server.bodies == [b"abc"]
    assert (reply.status, reply.reason, reply.headers, reply.body) == (200, "OK", {"content-length": "2"}, b"hi")
    assert reply.request is request


@pytest.mark.parametrize(
    ("method", "body", "framing"),
    [
        ("GET", None, ""),
        ("HEAD", None, ""),
        ("DELETE", None, "Content-Length: 0\r\n"),
        ("POST", b"", "Content-Length: 0\r\n"),
        ("PUT", None, "Content-Length: 0\r\n"),
        ("GET", b"search", "Content-Length: 6\r\n"),
        ("PUT", io.BytesIO(b"stream"), "Content-Length: 6\r\n"),
        ("PUT", io.BytesIO(b""), "Content-Length: 0\r\n"),
    ],
)
def test_framing(raw_server: Make, sender: Sender, method: str, body: Any, framing: str):
    server = raw_server(answering(b"HTTP/1.1 204 No Content\r\n\r\n"))
    sender()(Request(method=method, url=server.url, headers={"User-Agent": "x"}, body=body))
    expected = f"Host: {HOST}:{server.port}\r\nAccept-Encoding: identity\r\nUser-Agent: x\r\n{framing}\r\n"
    assert server.heads[0].decode() == f"{method} / HTTP/1.1\r\n{expected}"


@pytest.mark.parametrize(
    "path",
    [
        "//double//slash/", "/a/../b/./c", "/%C3%BC%2F%3A", "/a+b?c+d=e%20f&g", "/?x=/y?z", "/~-._!$&'()*,;=:@",
        "//host%3Aport:99/", "/?list-type=2&prefix=", "/a%25b",
    ],
)  # fmt: skip
def test_the_target_is_sent_as_it_was_signed(raw_server: Make, sender: Sender, path: str):
    server = raw_server()
    sender()(Request(method="GET", url=f"{server.url}{path}", headers={}))
    assert server.heads[0].split(b" ")[1].decode() == path


@pytest.mark.parametrize(
    ("url", "expected"),
    [("http://h", "/"), ("http://h?a", "/?a"), ("http://h/a#b", "/a"), ("https://u:p@h:1//x?y#z", "//x?y")],
)
def test_targets_of_urls(url: str, expected: str):
    assert target(url) == expected


def test_a_stream_of_unknown_length_is_sent_in_chunks(raw_server: Make, sender: Sender):
    parts = [b"hello ", b"world", b""]

    class Pipe(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            return parts.pop(0)

        def tell(self) -> int:
            raise OSError(29, "Illegal seek")

    server = raw_server()
    sender()(Request(method="PUT", url=server.url, body=Pipe()))
    assert b"Transfer-Encoding: chunked\r\n" in server.heads[0]
    assert server.bodies == [b"6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n"]


def test_connections_are_used_again(raw_server: Make, sender: Sender):
    server = raw_server()
    send = sender()
    for _ in range(3):
        send(Request(method="GET", url=server.url))
    streamed = send(Request(method="GET", url=server.url, stream=True))
    assert b"".join(streamed.raw) == b"hi"
    send(Request(method="GET", url=server.url))
    assert (server.connections, len(server.heads)) == (1, 5)


def test_threads_share_a_sender(raw_server: Make, sender: Sender):
    server = raw_server()
    send = sender(max_connections=3)
    bodies: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: bodies.append(send(Request(method="GET", url=server.url)).body))
        for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bodies == [b"hi"] * 12


def test_a_compressed_body_is_handed_on_as_it_is(raw_server: Make, sender: Sender):
    server = raw_server(answering(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope"))
    assert sender()(Request(method="GET", url=server.url)).body == b"nope"
    streamed = sender()(Request(method="GET", url=server.url, stream=True))
    assert streamed.raw.read() == b"nope"


def test_redirects_are_answers_like_others(raw_server: Make, sender: Sender):
    server = raw_server(answering(b"HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 1\r\n\r\nx"))
    reply = sender()(Request(method="GET", url=server.url, stream=True))
    assert (reply.status, reply.body, reply.raw) == (307, b"x", None)
    assert reply.headers["location"] == "http://127.0.0.1:1/"


def test_cookies_are_not_kept(raw_server: Make, sender: Sender):
    server = raw_server(answering(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"))
    send = sender()
    send(Request(method="GET", url=server.url))
    send(Request(method="GET", url=server.url))
    assert b"ookie" not in server.heads[1]


def test_headers_that_come_twice_are_joined(raw_server: Make, sender: Sender):
    server = raw_server(answering(b"HTTP/1.1 200\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 0\r\n\r\n"))
    reply = sender()(Request(method="GET", url=server.url))
    assert (reply.headers["x-a"], reply.reason) == ("1, 2", "")


def test_headers_keep_the_case_that_they_came_in_beside(raw_server: Make, sender: Sender):
    server = raw_server(answering(b"HTTP/1.1 200 OK\r\nX-Amz-Meta-Owner: me\r\nContent-Length: 0\r\n\r\n"))
    reply = sender()(Request(method="GET", url=server.url))
    assert reply.headers["x-amz-meta-owner"] == "me"
    assert list(reply.spelled) == ["X-Amz-Meta-Owner", "Content-Length"]


def test_a_stream_is_read_bit_by_bit(raw_server: Make, sender: Sender):
    server = raw_server(
        answering(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
    )
    raw = sender()(Request(method="GET", url=server.url, stream=True)).raw
    assert (raw.read(2), raw.read(), raw.read(5), raw.read()) == (b"ab", b"cde", b"", b"")


def closed(connection: Connection) -> None:
    connection.request()


def garbage(connection: Connection) -> None:
    connection.request()
    connection.send(b"garbage\r\n\r\n")


def short(connection: Connection) -> None:
    connection.request()
    connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")


def bad_chunk(connection: Connection) -> None:
    connection.request()
    connection.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")


def reset(connection: Connection) -> None:
    connection.head()
    connection.reset()


@pytest.mark.parametrize("script", [closed, garbage, short, bad_chunk, reset])
def test_connections_that_break(raw_server: Make, sender: Sender, script: Callable[[Connection], None]):
    server = raw_server(script)
    with pytest.raises(ConnectionClosedError) as caught:
        sender()(Request(method="GET", url=f"{server.url}/p?q=1"))
    assert str(caught.value) == (
        f'Connection was closed before we received a valid response from endpoint URL: "{server.url}/p?q=1".'
    )
    assert caught.value.retryable


@pytest.mark.parametrize("script", [short, bad_chunk])
def test_streams_that_break(raw_server: Make, sender: Sender, script: Callable[[Connection], None]):
    raw = sender()(Request(method="GET", url=raw_server(script).url, stream=True)).raw
    with pytest.raises(BrokenStreamError, match="IncompleteRead"):
        raw.read()


def test_a_stream_let_go(raw_server: Make, sender: Sender):
    def script(connection: Connection) -> None:
        connection.request()
        if connection.server.connections == 2:
            connection.send(OK)
        else:
            connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
            connection.request()

    server = raw_server(script)
    send = sender()
    raw = send(Request(method="GET", url=server.url, stream=True)).raw
    assert raw.read(3) == b"abc"
    raw.close()
    assert send(Request(method="GET", url=server.url)).status == 200
    assert server.connections == 2


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/", "http://no.such.host.invalid/"])
def test_nobody_there(sender: Sender, url: str):
    url = url.format(port=free_ports(1)[0])
    with pytest.raises(EndpointConnectionError) as caught:
        sender()(Request(method="GET", url=url))
    assert str(caught.value) == f'Could not connect to the endpoint URL: "{url}"'


def test_a_slow_answer(raw_server: Make, sender: Sender):
    server = raw_server(lambda connection: bool(connection.request()) and time.sleep(2))
    with pytest.raises(ReadTimeoutError) as caught:
        sender(read_timeout=0.1)(Request(method="GET", url=f"{server.url}/"))
    assert str(caught.value) == f'Read timeout on endpoint URL: "{server.url}/"'


def test_a_slow_body(raw_server: Make, sender: Sender):
    def script(connection: Connection) -> None:
        connection.request()
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
        time.sleep(2)

    with pytest.raises(ReadTimeoutError):
        sender(read_timeout=0.1)(Request(method="GET", url=raw_server(script).url))
    raw = sender(read_timeout=0.1)(Request(method="GET", url=raw_server(script).url, stream=True)).raw
    with pytest.raises(ReadTimeoutError, match=r'Read timeout on endpoint URL: "http://127\.'):
        raw.read()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps callers waiting when a listener's queue is full")
def test_nobody_picks_up(sender: Sender):
    with closing(socket.create_server((HOST, 0), backlog=0)) as listener:
        address = listener.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for sock in waiting:
            sock.setblocking(False)
            sock.connect_ex(address)
        url = f"http://{HOST}:{address[1]}/"
        with pytest.raises(ConnectTimeoutError) as caught:
            sender(connect_timeout=0.2)(Request(method="GET", url=url))
        for sock in waiting:
            sock.close()
    assert str(caught.value) == f'Connect timeout on endpoint URL: "{url}"'


def test_no_limit_of_time(raw_server: Make, sender: Sender):
    server = raw_server()
    assert sender(read_timeout=None, connect_timeout=None)(Request(method="GET", url=server.url)).status == 200


def test_a_timeout_that_is_none(sender: Sender):
    with pytest.raises(AwsminiError, match="Attempted to set read timeout to -1"):
        sender(read_timeout=-1)


@pytest.mark.parametrize(
    "request_",
    [
        Request(method="GET", url="http://127.0.0.1:1/", headers={"x-a": "a\r\nb: c"}),
        Request(method="GET", url="http://127.0.0.1:99999/"),
        Request(method="GET", url="http://[::1/"),
        Request(method="GET", url="nothing://127.0.0.1/"),
        Request(method="GET", url=f"http://{'a' * 70}.invalid/"),
    ],
    ids=["header", "port", "bracket", "scheme", "label"],
)
def test_what_cannot_be_sent(sender: Sender, request_: Request):
    with pytest.raises(HTTPClientError, match=r"^An HTTP Client raised an unhandled exception: ") as caught:
        sender()(request_)
    assert not caught.value.retryable


def test_a_body_that_cannot_be_read(raw_server: Make, sender: Sender):
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(SendError):
        sender()(Request(method="PUT", url=raw_server().url, body=Broken(b"abc")))


@pytest.mark.parametrize(("body", "calls"), [(b"x" * 4096, 1), (b"", 1), (b"x" * 100_000, 2), (io.BytesIO(b"x"), 2)])
def test_short_bodies_go_out_with_the_headers(
    raw_server: Make, sender: Sender, monkeypatch: pytest.MonkeyPatch, body: Any, calls: int
):
    sent: list[bytes] = []
    original = http.client.HTTPConnection.send

    def send_and_note(connection: http.client.HTTPConnection, data: bytes) -> None:
        sent.append(data)
        original(connection, data)

    monkeypatch.setattr(http.client.HTTPConnection, "send", send_and_note)
    server = raw_server()
    assert sender()(Request(method="PUT", url=server.url, body=body)).body == b"hi"
    assert len(sent) == calls
    assert server.bodies[0] == (body if isinstance(body, bytes) else b"x")


def test_keepalive_is_a_setting(raw_server: Make, sender: Sender, monkeypatch: pytest.MonkeyPatch):
    set_options: list[tuple[Any, ...]] = []
    original = socket.socket.setsockopt

    class Socket(socket.socket):
        def setsockopt(self, *args: Any) -> None:
            set_options.append(args)
            original(self, *args)

    server = raw_server()
    monkeypatch.setattr(socket, "socket", Socket)
    for on in (False, True):
        set_options.clear()
        sender(tcp_keepalive=on)(Request(method="GET", url=server.url))
        assert ((socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1) in set_options) is on
        assert (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1) in set_options


def test_of_an_error_no_more_is_read_than_an_error_says(raw_server: Make, sender: Sender):
    def script(connection: Connection) -> None:
        connection.request()
        if connection.server.connections > 1:
            connection.send(OK)
            return
        connection.send(b"HTTP/1.1 500 Oops\r\nContent-Length: 300000000\r\n\r\n")
        for _ in range(300):
            connection.send(b"x" * 1_000_000)  # ends when the other side hangs up

    server = raw_server(script)
    send = sender()
    reply = send(Request(method="GET", url=server.url, stream=True))
    assert (reply.status, len(reply.body)) == (500, 1024 * 1024)
    assert send(Request(method="GET", url=server.url)).body == b"hi"


def test_a_short_error_leaves_the_connection_open(raw_server: Make, sender: Sender):
    server = raw_server(answering(OK.replace(b"200", b"500")))
    send = sender()
    for _ in range(3):
        assert send(Request(method="GET", url=server.url)).body == b"hi"
    assert server.connections == 1


@pytest.mark.parametrize("refusal", [b"407 Proxy Authentication Required", b"403 Forbidden", b"502 Bad Gateway"])
def test_what_a_proxy_answers_is_told(raw_server: Make, sender: Sender, refusal: bytes):
    proxy = raw_server(answering(b"HTTP/1.1 " + refusal + b"\r\nContent-Length: 0\r\n\r\n"))
    url = proxy.url.replace("//", "//user:hush@")
    with pytest.raises(ProxyConnectionError) as caught:
        sender(proxies=Proxies(by_scheme={"https": url}))(Request(method="GET", url="https://service.example/"))
    assert str(caught.value) == (
        f'Failed to connect to proxy URL: "{proxy.url.replace("//", "//***:***@")}": '
        f"Tunnel connection failed: {refusal.decode()}"
    )
