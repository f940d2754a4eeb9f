"""Streaming bodies."""

import codecs
import io
import json
import shutil

import pytest

from awsmini.parse.body import IncompleteReadError, StreamingBody

CONTENT = b"one\ntwo\r\nthree"


def body(length: int | None = len(CONTENT)) -> StreamingBody:
    return StreamingBody(io.BytesIO(CONTENT), length)


def test_reading():
    assert body().read() == CONTENT
    part = body()
    assert [part.read(4), part.read(), part.read(1)] == [b"one\n", b"two\r\nthree", b""]


def test_chunks():
    assert list(body().iter_chunks(5)) == [b"one\nt", b"wo\r\nt", b"hree"]
    assert list(body()) == [CONTENT]


@pytest.mark.parametrize("size", range(1, 20))
def test_lines(size):
    assert list(body().iter_lines(size)) == [b"one", b"two", b"three"]
    assert b"".join(body().iter_lines(size, keepends=True)) == CONTENT


def test_lines_as_of_a_file():
    assert body().readlines() == io.BytesIO(CONTENT).readlines() == [b"one\n", b"two\r\n", b"three"]
    part = body()
    assert [part.readlines(2), part.readline(), part.readlines(99), part.readlines()] == [
        [b"one\n"], b"two\r\n", [b"three"], []]  # fmt: skip


def test_a_body_that_ends_too_early():
    for read in (lambda it: it.read(), lambda it: list(it.iter_chunks(4)), lambda it: list(it.iter_lines())):
        with pytest.raises(IncompleteReadError, match=r"^14 read, but total bytes expected is 20\.$"):
            read(body(20))
    assert body(None).read() == CONTENT
    assert body(20).read(3) == b"one"


def test_closing():
    raw = io.BytesIO(CONTENT)
    with StreamingBody(raw, None) as opened:
        assert opened.read(3) == b"one"
    assert raw.closed


def test_what_takes_files_takes_it():
    assert [line.strip() for line in io.TextIOWrapper(body(), "utf-8")] == ["one", "two", "three"]
    assert json.load(StreamingBody(io.BytesIO(b'{"a": 1}'), 8)) == {"a": 1}
    assert list(codecs.getreader("utf-8")(body())) == ["one\n", "two\r\n", "three"]
    target = io.BytesIO()
    shutil.copyfileobj(body(), target)
    assert target.getvalue() == CONTENT
    read = body()
    assert (read.readable(), read.writable(), read.seekable(), read.closed, next(read), read.tell()) == (
        True, False, False, False, CONTENT, len(CONTENT),
    )  # fmt: skip
    assert next(read, None) is None
