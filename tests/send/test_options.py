"""Settings of sending, as values."""

import io
from typing import Any

import pytest

from awsmini.errors import AwsminiError
from awsmini.records import Request
from awsmini.send.body import UnseekableStreamError, length, rewind
from awsmini.send.options import timeout_value, verify_value


@pytest.mark.parametrize(
    ("verify_ssl", "bundle", "env", "expected"),
    [
        (True, None, {}, True),
        (True, "/a", {"REQUESTS_CA_BUNDLE": "/b"}, "/a"),
        (True, None, {"REQUESTS_CA_BUNDLE": "/b"}, "/b"),
        (False, "/a", {"REQUESTS_CA_BUNDLE": "/b"}, False),
        (False, " ", {}, False),
    ],
)
def test_whom_to_trust(verify_ssl: bool, bundle: str | None, env: dict[str, str], expected: bool | str):
    assert verify_value(verify_ssl, bundle, env) == expected


@pytest.mark.parametrize(("bundle", "env"), [("", {}), (" ", {}), (None, {"REQUESTS_CA_BUNDLE": ""})])
def test_blank_names_of_bundles(bundle: str | None, env: dict[str, str]):
    with pytest.raises(AwsminiError) as caught:
        verify_value(True, bundle, env)
    assert str(caught.value) == (
        "Invalid CA bundle: the configured value (ca_bundle, AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE, or verify) resolved to "
        "an empty or whitespace-only string. Provide a valid path to a CA bundle file."
    )
    assert caught.value.exit_code == 255


@pytest.mark.parametrize(("text", "seconds"), [(None, 60), ("0", None), (0, None), ("5", 5), (" 7 ", 7)])
def test_timeouts(text: str | int | None, seconds: float | None):
    assert timeout_value("read", text) == seconds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x", "invalid literal for int() with base 10: 'x'"),
        ("1.5", "invalid literal for int() with base 10: '1.5'"),
        (
            "-1",
            "Attempted to set connect timeout to -1, but the timeout cannot be set to a value less than or equal to 0.",
        ),
    ],
)
def test_timeouts_that_are_none(text: str, message: str):
    with pytest.raises(AwsminiError) as caught:
        timeout_value("connect", text)
    assert (str(caught.value), caught.value.exit_code) == (message, 255)


class Sized:
    def __len__(self) -> int:
        return 7


class Pipe(io.RawIOBase):
    """As Python opens a pipe: with the methods, but they fail."""

    def seek(self, *_: Any) -> int:
        raise io.UnsupportedOperation("underlying stream is not seekable")

    tell = seek


def at(position: int) -> io.BytesIO:
    stream = io.BytesIO(b"hello")
    stream.seek(position)
    return stream


@pytest.mark.parametrize(
    ("body", "size"),
    [(None, 0), (b"", 0), (b"abc", 3), (at(0), 5), (at(2), 3), (Sized(), 7), (Pipe(), None), (object(), None)],
)
def test_lengths(body: Any, size: int | None):
    assert length(body) == size


def test_measuring_moves_nothing():
    stream = at(2)
    length(stream)
    assert stream.read() == b"llo"


def test_going_back_to_the_start():
    stream = at(4)
    request = Request(method="PUT", url="http://h/", body=stream)
    assert rewind(request) is request
    assert stream.read() == b"hello"
    bodiless = Request(method="PUT", url="http://h/", body=b"x")
    assert rewind(bodiless) is bodiless
    with pytest.raises(UnseekableStreamError, match=r"^Need to rewind the stream <.*>, but stream is not seekable\.$"):
        rewind(Request(method="PUT", url="http://h/", body=Pipe()))
