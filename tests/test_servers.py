"""The test servers themselves."""

import socket
from http.client import HTTPConnection

import pytest

from tests.servers import CaptureServer, answer, capture_server


def ask(service: CaptureServer, method: str = "GET", path: str = "/", body: bytes = b"", **headers: str) -> tuple:
    connection = HTTPConnection(service.url.removeprefix("http://"), timeout=5)
    connection.request(method, path, body, headers)
    reply = connection.getresponse()
    content = (reply.status, dict(reply.getheaders()), reply.read())
    connection.close()
    return content


def test_it_answers_in_the_order_of_the_script_and_records_the_requests():
    with capture_server() as service:
        service.replies(200, {"a": 1}, {"x-amzn-RequestId": "1"})
        service.replies(404, "gone", times=2)
        assert ask(service)[2] == b'{"a": 1}'
        assert ask(service, "PUT", "/k%20ey?x=1&x=2&y", b"a=1&b=%20", Authorization="me")[0] == 404
        assert ask(service, "HEAD")[::2] == (404, b"")
        service.check()
    put = service.requests[1]
    assert (put.method, put.target, put.path) == ("PUT", "/k%20ey?x=1&x=2&y", "/k%20ey")
    assert put.query == {"x": ["1", "2"], "y": [""]}
    assert put.form == {"a": "1", "b": " "}
    assert put.headers["authorization"] == "me"


def test_it_answers_by_a_function_when_nothing_is_scripted():
    with capture_server() as service:
        service.always(lambda request: answer(200, request.method))
        assert ask(service, "DELETE")[2] == b"DELETE"
        service.check()


def test_it_reads_chunked_bodies():
    with capture_server() as service:
        service.replies(200)
        connection = HTTPConnection(service.url.removeprefix("http://"), timeout=5)
        connection.request("PUT", "/", iter([b"one", b"two"]), encode_chunked=True)
        connection.getresponse()
        connection.close()
    assert service.request.body == b"onetwo"


def test_it_hangs_up_when_told():
    with capture_server() as service:
        service.replies(200, hang_up=True)
        with pytest.raises(ConnectionError):
            ask(service)


def test_an_answer_nobody_asked_for_is_a_failure():
    with capture_server() as service:
        service.replies(200)
        with pytest.raises(AssertionError, match="never asked for"):
            service.check()


def test_a_request_without_an_answer_is_a_failure():
    with capture_server() as service:
        assert ask(service)[0] == 400
        with pytest.raises(AssertionError, match="nothing was scripted"):
            service.check()


def test_nothing_in_this_process_leaves_the_loopback_interface():
    with pytest.raises(OSError, match="stay on the loopback interface"):
        HTTPConnection("example.com", timeout=1).connect()
    with socket.socket() as direct, pytest.raises(OSError, match="stay on the loopback interface"):
        direct.connect(("198.51.100.1", 443))
