"""Heads that are written in one piece and read line by line here are those of http.client and urllib3."""

import http.client
import random
import re
from io import BytesIO
from typing import Any

import pytest

from awsmini.errors import AwsminiError
from awsmini.records import Request
from awsmini.send.expect import ExpectMixin, PlainResponse

URLS = ("/", "/bucket/a%20b?x=1&y", "?list-type=2")
BODIES = (None, b"", b"content", b"x" * 70_000)
HEADERS = (
    {},
    {"X-Amz-Date": "20260131T090807Z", "Authorization": "AWS4-HMAC-SHA256 Credential=a/b, Signature=c", "x-amz-meta-a": ""},
    {"Accept-Encoding": "gzip", "Content-Type": "text/plain;  charset=utf-8"},
    {"Expect": "100-continue", "x-amz-meta-b": "tab\there"},
)  # fmt: skip
NOT_PLAIN = ({"x-amz-meta-a": "é"}, {"x-amz-meta-a": " led by a blank"}, {"x a": "b"}, {"x-a": "ends in a blank "})


def seen(raw_server, sender, requests: list[Request]) -> list[tuple[bytes, bytes]]:
    """What a server gets of each request."""

    def script(connection) -> None:
        while head := connection.head():
            if b"Expect: 100-continue" in head:
                connection.send(b"HTTP/1.1 100 Continue\r\n\r\n")
            size = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
            connection.body(size)
            connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    server = raw_server(script)
    send = sender()
    for request in requests:
        headers = {"User-Agent": "test", **request.headers}
        assert send(request._replace(url=server.url.rstrip("/") + request.url, headers=headers)).status == 200
    send.close()
    own = server.url.partition("://")[2].rstrip("/").encode()
    return [(head.replace(own, b"HOST"), body) for head, body in zip(server.heads, server.bodies, strict=True)]


def test_the_same_bytes_are_sent(raw_server, sender, monkeypatch):
    requests = [
        Request(method=method, url=url, headers=headers, body=body)
        for method in ("GET", "HEAD", "PUT", "POST", "DELETE")
        for url in URLS
        for body in (BODIES if method in ("PUT", "POST") else (None,))
        for headers in (*HEADERS, *NOT_PLAIN)
        if body or "Expect" not in headers
    ]
    ours = seen(raw_server, sender, requests)
    monkeypatch.setattr(ExpectMixin, "_head", lambda *_: None)
    assert ours == seen(raw_server, sender, requests)


@pytest.mark.parametrize("headers", [{"x-a": "b\r\nx-c: d"}, {"x-a": "b\nc"}, {"x-a\r\nx-b": "c"}])
def test_no_header_brings_another_one(raw_server, sender, headers):
    server = raw_server()
    with pytest.raises(AwsminiError):
        sender()(Request(method="GET", url=server.url, headers=headers))
    assert server.heads == []


class Source:
    """A socket that has only this to say."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def makefile(self, _mode: str) -> BytesIO:
        return BytesIO(self.data)


def read(kind: type[http.client.HTTPResponse], data: bytes, method: str) -> Any:
    response = kind(Source(data), method=method)  # type: ignore[arg-type]
    try:
        response.begin()
    except (http.client.HTTPException, ValueError) as error:
        return type(error)
    values: dict[str, list[str]] = {}
    for name, value in response.headers.items():
        values.setdefault(name.lower(), []).append(re.sub(r"[ \t]*\r\n[ \t]+", " ", value))  # as urllib3 unfolds it
    facts = (response.status, response.reason, response.version, response.chunked, response.length, response.will_close)
    return facts, values, response.fp.read()


CLOSE, KEEP_ALIVE = b"Connection: close\r\n", b"Connection: Keep-Alive\r\n"
TIMEOUT = b"Keep-Alive: timeout=5\r\n"
STAY = {KEEP_ALIVE, TIMEOUT}
LINES = (
    b"Content-Length: 5\r\n", b"Content-Length: 7\r\n", b"content-length:  -1\r\n", b"Content-Length: five\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip\r\n", CLOSE, KEEP_ALIVE,
    TIMEOUT, b"ETag: \"e\"\r\n", b"x-amz-meta-a:\r\n",
    b"x-amz-meta-b: a:b \t\r\n", b"x-amz-meta-c: \xc3\xa9\r\n", b"no colon\r\n", b"blank before : b\r\n",
    b"bare: feed\n", b" folded\r\n", b"nul: \x00\r\n", b"Set-Cookie: a=1\r\n", b"Set-Cookie: b=2\r\n",
)  # fmt: skip
STATUSES = (
    b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 204 No Content\r\n", b"HTTP/1.0 200 OK\r\n", b"HTTP/1.1 404\r\n",
    b"HTTP/1.1 304 Not Modified\r\n", b"HTTP/2 200 OK\r\n", b"HTTP/1.1 99 no\r\n", b"garbage\r\n", b"HTTP/0.9 200 OK\r\n",
    b"HTTP/1.1 100 Continue\r\nx: y\r\n\r\nHTTP/1.1 200 OK\r\n", b"HTTP/1.1 103 Early Hints\r\n",
)  # fmt: skip


def test_answers_are_read_as_http_client_reads_them():
    chance = random.Random(5)
    for _ in range(3_000):
        lines = chance.sample(LINES, chance.randrange(6))
        if CLOSE in lines and not STAY.isdisjoint(lines):
            continue  # "close" counts here, whatever else is said
        end = chance.choice((b"\r\n", b"\r\n", b"\r\n", b"\n", b""))
        status = chance.choice(STATUSES)
        if not end or b" 103 " in status:
            continue  # a head that has no end is no answer here, nor is an interim one
        data = status + b"".join(lines) + end + b"hello"
        method = chance.choice(("GET", "HEAD", "PUT"))
        assert read(PlainResponse, data, method) == read(http.client.HTTPResponse, data, method), data


@pytest.mark.parametrize("head", [b"a: b\r\n" * 101, b"a: " + b"b" * 70_000 + b"\r\n"])
def test_heads_have_limits(head):
    data = STATUSES[0] + head + b"\r\n"
    assert issubclass(read(PlainResponse, data, "GET"), http.client.HTTPException)
    assert read(PlainResponse, data, "GET") == read(http.client.HTTPResponse, data, "GET")
