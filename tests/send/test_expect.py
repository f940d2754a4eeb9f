"""`Expect: 100-continue`: the body waits for the server's word."""

import io
import time
from collections.abc import Callable

import pytest

from awsmini.errors import ConnectionClosedError
from awsmini.records import Request
from awsmini.send import expect
from awsmini.send.http import HttpSender
from tests.send.conftest import OK, Connection, RawServer

Make = Callable[..., RawServer]
Sender = Callable[..., HttpSender]
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
REDIRECT = b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /x\r\nContent-Length: 5\r\n\r\nthere"


def upload(server: RawServer, body: bytes = b"content") -> Request:
    return Request(method="PUT", url=server.url, headers={"Expect": "100-continue"}, body=io.BytesIO(body))


@pytest.mark.parametrize(
    "interim", [CONTINUE, b"HTTP/1.1 100\r\n\r\n", b"HTTP/1.1 100 Continue\r\nConnection: keep-alive\r\n\r\n"]
)
def test_the_body_follows_the_servers_word(raw_server: Make, sender: Sender, interim: bytes):
    def script(connection: Connection) -> None:
        while connection.head():
            connection.send(interim)
            connection.body(7)
            connection.send(OK)

    server = raw_server(script)
    send = sender()
    assert [send(upload(server)).body for _ in range(2)] == [b"hi", b"hi"]
    assert server.bodies == [b"content"] * 2
    assert server.connections == 1
    assert b"Expect: 100-continue\r\n" in server.heads[0]


def test_the_body_is_held_back_for_good_where_the_server_answers_at_once(raw_server: Make, sender: Sender):
    sent: list[bytes] = []

    def script(connection: Connection) -> None:
        connection.head()
        connection.send(REDIRECT)
        sent.append(connection._unread + connection.sock.recv(100))

    server = raw_server(script)
    send = sender()
    for _ in range(2):
        reply = send(upload(server))
        assert (reply.status, reply.reason, reply.body) == (307, "Temporary Redirect", b"there")
        assert reply.headers["location"] == "/x"
    send.close()
    server.wait()
    assert server.connections == 2  # the server may take what comes next for the body
    assert sent == [b"", b""]


def test_the_next_request_is_not_touched_by_such_an_answer(raw_server: Make, sender: Sender):
    def script(connection: Connection) -> None:
        connection.head()
        if connection.server.connections == 1:
            connection.send(REDIRECT)
        else:
            connection.body(7)
            connection.send(OK)

    server = raw_server(script)
    send = sender()
    assert send(upload(server)).status == 307
    later = Request(method="PUT", url=server.url, body=b"content")
    assert (send(later).body, server.bodies) == (b"hi", [b"content"])


def test_a_server_that_says_nothing_gets_the_body_all_the_same(
    raw_server: Make, sender: Sender, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(expect, "WAIT", 0.05)
    server = raw_server()
    assert sender()(upload(server)).body == b"hi"
    assert server.bodies == [b"content"]


def test_a_word_that_comes_late_is_skipped(raw_server: Make, sender: Sender, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(expect, "WAIT", 0.05)

    def script(connection: Connection) -> None:
        connection.head()
        time.sleep(0.2)
        connection.send(CONTINUE)
        connection.body(7)
        connection.send(OK)

    server = raw_server(script)
    assert (sender()(upload(server)).body, server.bodies) == (b"hi", [b"content"])


@pytest.mark.parametrize("word", [b"", b"garbage\r\n\r\n", b"HTTP/1.1\r\n\r\n"])
def test_words_that_mean_nothing(raw_server: Make, sender: Sender, word: bytes):
    def script(connection: Connection) -> None:
        connection.head()
        connection.send(word)

    with pytest.raises(ConnectionClosedError):
        sender()(upload(raw_server(script)))


def test_over_tls(raw_server: Make, sender: Sender, server_context, certificate):
    def script(connection: Connection) -> None:
        connection.head()
        connection.send(CONTINUE)
        connection.body(7)
        connection.send(OK)
        connection.head()
        connection.send(REDIRECT)

    server = raw_server(script, server_context)
    send = sender(verify=str(certificate[0]))
    assert (send(upload(server)).body, server.bodies) == (b"hi", [b"content"])
    assert send(upload(server)).status == 307


def test_a_chunked_body_waits_too(raw_server: Make, sender: Sender):
    def script(connection: Connection) -> None:
        connection.head()
        connection.send(REDIRECT)

    server = raw_server(script)
    headers = {"Expect": "100-continue", "Transfer-Encoding": "chunked"}
    reply = sender()(Request(method="PUT", url=server.url, headers=headers, body=io.BytesIO(b"x")))
    assert (reply.status, server.bodies) == (307, [])
