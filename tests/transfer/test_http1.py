"""Answers read strictly: by hand, and against h11 on mutated ones: the same meaning, or a refusal."""

import random
import re

import h11
import pytest

from awsmini.transfer.http1 import HEADERS, ProtocolError, ResponseParser, TruncatedError

SAMPLES = [
    b'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: "a"\r\n\r\nhello',
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX-T: 1\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\nuntil the end",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    b"HTTP/1.1 204 No Content\r\nx-amz-request-id: 1\r\n\r\n",
    b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
    b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\nabc",
    b"HTTP/1.1 403 \r\ncontent-length: 0\r\nConnection: close\r\n\r\n",
    b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-3/9\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nabcd",
    b"HTTP/1.1 503 Slow Down\r\nRetry-After: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nx-amz-meta-a:  b  c \r\nx-amz-meta-a: d\r\nContent-Length: 0\r\n\r\n",
]
PIECES = [
    b"\r\n", b"\n", b"\r", b" ", b"\t", b":", b";", b",", b"0", b"5", b"f", b"-1", b"+", b"\0", b"\x80", b"\xff", b"chunked",
    b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip, chunked\r\n", b"\r\n\r\n",
    b" folded\r\n", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 102 Processing\r\n\r\n", b"99999999999999999999", b"0\r\n\r\n", b"x",
]  # fmt: skip

Meaning = tuple[int, tuple[tuple[str, str], ...], bytes]


def ours(raw: bytes, method: str, cuts: list[int]) -> Meaning | None:
    """Status, headers and body; None for what is refused or does not end."""
    parser = ResponseParser(method)
    body = b""
    try:
        for start, stop in zip([0, *cuts], [*cuts, len(raw)], strict=True):
            body += parser.receive(raw[start:stop])
        if not parser.is_done:
            parser.end()
    except ProtocolError:
        return None
    assert parser.head is not None
    return parser.head.status, tuple(sorted(parser.head.headers.items())), body


def h11s(raw: bytes, method: str) -> Meaning | None:
    client = h11.Connection(our_role=h11.CLIENT, max_incomplete_event_size=1 << 20)
    client.send(h11.Request(method=method, target="/", headers=[("Host", "a")]))
    client.send(h11.EndOfMessage())
    status, headers, body = 0, {}, b""
    fed = False
    try:
        client.receive_data(raw)
        while True:
            event = client.next_event()
            if event is h11.NEED_DATA:
                if fed:
                    return None
                fed = True
                client.receive_data(b"")
            elif isinstance(event, h11.Response):
                status = event.status_code
                for name, value in event.headers:
                    text = value.decode("latin-1")
                    key = name.decode()
                    headers[key] = f"{headers[key]}, {text}" if key in headers else text
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                return status, tuple(sorted(headers.items())), body
            elif isinstance(event, h11.ConnectionClosed) or event is h11.PAUSED:
                return None
    except h11.RemoteProtocolError:
        return None


def mutated(rng: random.Random) -> bytes:
    raw = bytearray(rng.choice(SAMPLES))
    for _ in range(rng.choice((0, 1, 1, 1, 2, 3))):
        at = rng.randrange(len(raw) + 1)
        kind = rng.randrange(5)
        if kind == 0:
            raw[at:at] = rng.choice(PIECES)
        elif kind == 1:
            del raw[at : at + rng.choice((1, 1, 2, 8))]
        elif kind == 2 and at < len(raw):
            raw[at] = rng.randrange(256)
        elif kind == 3:
            stop = min(len(raw), at + rng.randrange(20))
            raw[at:at] = raw[at:stop]
        else:
            lines = bytes(raw).split(b"\r\n")
            rng.shuffle(lines) if rng.random() < 0.1 else lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))
            raw = bytearray(b"\r\n".join(lines))
    return bytes(raw)


def compare(count: int, seed: int) -> tuple[int, int]:
    """How many answers both understood, and how many only h11 did."""
    rng = random.Random(seed)
    same = refused = 0
    for _ in range(count):
        raw = mutated(rng)
        method = rng.choice(("GET", "GET", "PUT", "HEAD"))
        cuts = sorted(rng.randrange(len(raw) + 1) for _ in range(rng.randrange(4)))
        here, there = ours(raw, method, cuts), h11s(raw, method)
        if here is None:
            refused += there is not None
            continue
        if there is None:  # it refuses blanks before an extension of a chunk, which RFC 9112 (7.1.1) has read
            there = h11s(re.sub(rb"([0-9a-fA-F])[ \t]+;", rb"\1;", raw), method)
        if there is not None and there != here:
            there = (there[0], tuple((name, _lengths(name, value)) for name, value in there[1]), there[2])
            here = (here[0], tuple((name, _lengths(name, value)) for name, value in here[1]), here[2])
        assert here == there, (raw, method, cuts)
        same += 1
    return same, refused


def _lengths(name: str, value: str) -> str:
    """h11 tells a length once that stands twice, and a coding in small letters."""
    if name == "transfer-encoding":
        return value.lower()
    return value.split(",")[0].strip() if name == "content-length" else value


@pytest.mark.every
def test_mutations_mean_the_same_to_h11(request: pytest.FixtureRequest) -> None:
    """4,000 of them by default, 100,000 (20 seconds) with -m every."""
    count = 100_000 if "every" in request.config.getoption("-m") else 4000
    same, refused = compare(count, 11)
    assert same > count / 4
    assert refused < count / 10


@pytest.mark.parametrize("raw", SAMPLES)
def test_any_cut_gives_the_same(raw: bytes) -> None:
    whole = ours(raw, "GET", [])
    assert whole is not None
    for at in range(1, len(raw)):
        assert ours(raw, "GET", [at]) == whole
    assert ours(raw, "GET", list(range(1, len(raw)))) == whole


@pytest.mark.parametrize("raw", SAMPLES)
def test_an_early_end_is_noticed(raw: bytes) -> None:
    for stop in range(len(raw)):
        parser = ResponseParser("GET")
        parser.receive(raw[:stop])
        if parser.is_done or (
            parser.head is not None
            and "content-length" not in parser.head.headers
            and parser.left is None
            and not parser._chunked
        ):
            continue
        with pytest.raises(TruncatedError):
            parser.end()


REFUSED = {
    "no http": b"SSH-2.0-OpenSSH_9\r\n",
    "http/2": b"HTTP/2 200\r\n\r\n",
    "status": b"HTTP/1.1 20 OK\r\n\r\n",
    "bare line feed": b"HTTP/1.1 200 OK\nContent-Length: 0\n\n",
    "folded": b"HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
    "blank before colon": b"HTTP/1.1 200 OK\r\nContent-Length : 3\r\n\r\nabc",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
    "negative": b"HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\nabc",
    "plus": b"HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\nabc",
    "endless length": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nabc",
    "both framings": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "gzip": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
    "switch": b"HTTP/1.1 101 Switching\r\n\r\n",
    "chunk size": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    "long chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
    "endless chunk size": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"0" * 5000,
    "endless head": b"HTTP/1.1 200 OK\r\nA: " + b"a" * 200_000,
    "endless headers": b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * (HEADERS + 1) + b"\r\n",
    "endless interim": b"HTTP/1.1 100 Continue\r\n\r\n" * 50,
    "nul": b"HTTP/1.1 200 OK\r\nA: \0\r\n\r\n",
}


@pytest.mark.parametrize("raw", REFUSED.values(), ids=REFUSED.keys())
def test_refused(raw: bytes) -> None:
    parser = ResponseParser("GET")
    with pytest.raises(ProtocolError):
        _feed(parser, raw)


def _feed(parser: ResponseParser, raw: bytes) -> None:
    for at in range(0, len(raw), 1000):
        parser.receive(raw[at : at + 1000])


def test_what_can_be_used_again() -> None:
    for raw, again in (
        (SAMPLES[0], True), (SAMPLES[1], True), (SAMPLES[2], False), (SAMPLES[6], False), (SAMPLES[7], False),
        (SAMPLES[0] + b"more", False), (SAMPLES[1] + b"more", False),
    ):  # fmt: skip
        parser = ResponseParser("GET")
        parser.receive(raw)
        assert parser.can_reuse is again, raw


def test_a_large_body_past_the_parser() -> None:
    parser = ResponseParser("GET")
    assert parser.receive(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nab") == b"ab"
    assert parser.is_fixed
    assert parser.left == 998
    parser.took(998)
    assert parser.is_done
    assert parser.body_read == 1000
