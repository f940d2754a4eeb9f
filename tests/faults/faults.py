"""What goes wrong on the way, as what a server sends instead of a good answer, and what is to come of it.

Kinds: `fine` is an answer all the same. `again` is none: the call is made again, and after the last attempt there is an
error. `none` is a success that is no answer: made again where the call may be repeated. `refused` is an error at once.
`cut` is a body that breaks off while it is handed on.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal
from zlib import crc32

from tests.faults.server import CONTINUE, Good, Wire

Kind = Literal["fine", "again", "none", "refused", "cut"]
ALL = ("doc", "blob", "events", "head")
BODIES = ("doc", "blob", "events")


@dataclass(frozen=True)
class Fault:
    """`shapes` are the answers that it can happen to; `words` stand in the message at the end."""

    kind: Kind
    make: Callable[[Good], Wire]
    words: str = ""
    shapes: tuple[str, ...] = ALL
    formats: tuple[str, ...] = ("json", "xml", "cbor")
    status: bool = False  # an error that the service might have answered
    slow: bool = False


CLOSED = "Connection was closed before we received a valid response"
HTML = b"<html><head><title>Sign in</title></head><body><br></body></html>"
DOCTYPE = b"<!DOCTYPE html>\n<HTML><body>Sign in</body></HTML>"
XHTML = (
    b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" '
    b'"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\n'
    b'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Sign in</p></body></html>'
)
TEXT_HTML = (("Content-Type", "text/html"),)


def raw(data: bytes, end: str = "close") -> Callable[[Good], Wire]:
    return lambda good: Wire(data, end)


def cut_wire(at: float | int, end: str = "close") -> Callable[[Good], Wire]:
    """The whole answer up to a share of its head, or a byte counted from its body's start."""

    def make(good: Good) -> Wire:
        data = good.wire()
        head = data.index(b"\r\n\r\n") + 4
        return Wire(data[: int(head * at)] if isinstance(at, float) else data[: head + at], end)

    return make


def cut_body(share: float, end: str = "close", less: int = 0) -> Callable[[Good], Wire]:
    def make(good: Good) -> Wire:
        data = good.wire()
        head = data.index(b"\r\n\r\n") + 4
        return Wire(data[: head + int((len(data) - head) * share) - less], end)

    return make


def status(code: int, reason: str, body: bytes = b"", *headers: tuple[str, str]) -> Callable[[Good], Wire]:
    lines = "".join(f"{name}: {value}\r\n" for name, value in (*headers, ("Content-Length", str(len(body)))))
    return raw(f"HTTP/1.1 {code} {reason}\r\n{lines}\r\n".encode() + body, "keep")


def instead(body: bytes, *headers: tuple[str, str]) -> Callable[[Good], Wire]:
    """A success with another body, from something in between."""
    return lambda good: Wire(Good(body, headers).wire())


def body_of(change: Callable[[bytes], bytes]) -> Callable[[Good], Wire]:
    """The service's head with another body, whose length is right."""

    def make(good: Good) -> Wire:
        body = change(good.body)
        sums = {"x-amz-crc32": str(crc32(body))}
        return Wire(replace(good, body=body, headers=tuple((k, sums.get(k, v)) for k, v in good.headers)).wire())

    return make


def before(*interim: bytes) -> Callable[[Good], Wire]:
    return lambda good: Wire(good.wire(), early=b"".join(interim))


def interim(code: int, *headers: bytes) -> bytes:
    return b"\r\n".join([b"HTTP/1.1 %d Wait" % code, *headers, b"", b""])


def chunked(good: Good, extension: bytes = b"", trailers: bytes = b"", size: int = 100, end: bytes = b"0") -> bytes:
    parts = [good.body[at : at + size] for at in range(0, len(good.body), size)]
    chunks = b"".join(b"%x%b\r\n%b\r\n" % (len(part), extension, part) for part in parts)
    return good.head(("Transfer-Encoding", "chunked")) + chunks + end + b"\r\n" + trailers + b"\r\n"


def chunks_cut(less: int) -> Callable[[Good], Wire]:
    return lambda good: Wire(chunked(good)[:-less], "close")


def unframed(share: float = 1.0, version: str = "1.1") -> Callable[[Good], Wire]:
    """No length: the body ends with the connection."""
    return lambda good: Wire(
        good.head(("Connection", "close"), version=version) + good.body[: int(len(good.body) * share)], "close"
    )


def lower_case(good: Good) -> Wire:
    head, _, body = good.wire().partition(b"\r\n\r\n")
    line, *headers = head.split(b"\r\n")
    return Wire(b"\r\n".join([line, *(name.lower() + b":" + value.strip() for name, _, value in
                                      (each.partition(b":") for each in headers)), b"", body]))  # fmt: skip


FAULTS: dict[str, Fault] = {
    # Answers all the same.
    "100 before": Fault("fine", before(CONTINUE)),
    "102 before": Fault("fine", before(interim(102))),
    "103 before": Fault("fine", before(interim(103, b"Link: </a>; rel=preload"))),
    "many before": Fault("fine", before(CONTINUE, interim(102), interim(103, b"A: b"), interim(199), interim(102))),
    "102 with the answer": Fault("fine", lambda good: Wire(interim(102) + interim(103, b"A: b") + good.wire())),
    "byte order mark": Fault("fine", body_of(lambda body: b"\xef\xbb\xbf" + body), shapes=("doc",),
                             formats=("json", "xml")),
    "chunked": Fault("fine", lambda good: Wire(chunked(good)), shapes=BODIES),
    "chunked, with extras": Fault("fine", lambda good: Wire(chunked(good, b";a=b", b"X-Sum: 1\r\n")), shapes=BODIES),
    "chunked, byte by byte": Fault("fine", lambda good: Wire(chunked(good, size=1)), shapes=("doc",)),
    "no length": Fault("fine", unframed(), shapes=BODIES),
    "HTTP/1.0": Fault("fine", unframed(version="1.0"), shapes=BODIES),
    "lower case": Fault("fine", lower_case),
    "in small pieces": Fault("fine", lambda good: replace(Wire(good.wire()), pieces=50)),
    "closed after it": Fault("fine", lambda good: Wire(good.wire(), "close")),
    "no reason": Fault("fine", lambda good: Wire(good.wire().replace(b" OK\r\n", b" \r\n", 1))),
    "blanks around it": Fault("fine", body_of(lambda body: b"\n  " + body.partition(b"?>")[2].strip() + b" \n"),
                              shapes=("doc",), formats=("xml",)),
    # No answers.
    "closed at once": Fault("again", raw(b""), CLOSED),
    "reset at once": Fault("again", raw(b"", "reset"), CLOSED),
    "cut in the protocol": Fault("again", raw(b"HTT"), CLOSED),
    "cut in the status": Fault("again", raw(b"HTTP/1.1 2"), CLOSED),
    "cut after the status": Fault("again", raw(b"HTTP/1.1 200"), CLOSED),
    "cut after the first line": Fault("again", raw(b"HTTP/1.1 200 OK\r\n"), CLOSED),
    "cut in the head, 1/2": Fault("again", cut_wire(0.5), CLOSED),
    "cut in the head, 9/10": Fault("again", cut_wire(0.9), CLOSED),
    "cut before the empty line": Fault("again", cut_wire(-2), CLOSED),
    "cut in the empty line": Fault("again", cut_wire(-1), CLOSED),
    "reset in the head": Fault("again", cut_wire(0.5, "reset"), CLOSED),
    "only 100": Fault("again", raw(CONTINUE), CLOSED),
    "only 102": Fault("again", raw(interim(102)), CLOSED),
    "cut in 103": Fault("again", raw(b"HTTP/1.1 103 Early Hints\r\nLink: a"), CLOSED),
    "101": Fault("again", raw(interim(101, b"Upgrade: x")), CLOSED),
    "endless 102": Fault("again", raw(interim(102) * 40), CLOSED),
    "garbage": Fault("again", raw(b"\x00\xff\x17\x03garbage\r\n\r\n"), CLOSED),
    "another protocol": Fault("again", raw(b"SSH-2.0-OpenSSH_9.6\r\n"), CLOSED),
    "a page without a head": Fault("again", raw(HTML), CLOSED),
    "a status that is none": Fault("again", raw(b"HTTP/1.1 abc OK\r\n\r\n"), CLOSED),
    "a line too long": Fault("again", raw(b"HTTP/1.1 200 OK\r\nA: " + b"a" * 140_000 + b"\r\n\r\n"), CLOSED),
    "too many headers": Fault("again", raw(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 400 + b"\r\n"), CLOSED),
    "no word": Fault("again", raw(b"", "hang"), "Read timeout on endpoint URL", slow=True),
    "half a head and no more": Fault("again", cut_wire(0.5, "hang"), "Read timeout on endpoint URL", slow=True),
    # Bodies that break off.
    "cut at the first byte": Fault("cut", cut_body(0), shapes=BODIES),
    "cut in the middle": Fault("cut", cut_body(0.5), shapes=BODIES),
    "cut at the last byte": Fault("cut", cut_body(1, less=1), shapes=BODIES),
    "reset in the middle": Fault("cut", cut_body(0.5, "reset"), shapes=BODIES),
    "half a body and no more": Fault("cut", cut_body(0.5, "hang"), shapes=BODIES, slow=True),
    "cut in the last chunk": Fault("cut", chunks_cut(5), shapes=BODIES),
    "cut in a chunk": Fault("cut", chunks_cut(12), shapes=BODIES),
    "a chunk without a size": Fault("cut", lambda good: Wire(chunked(good, end=b"x"), "close"), shapes=BODIES),
    # Errors that pass.
    "500 with nothing": Fault("again", status(500, "Oops"), "(500)", status=True),
    "502 with a page": Fault("again", status(502, "Bad Gateway", HTML, *TEXT_HTML), "Bad Gateway", status=True),
    "503 with a doctype": Fault("again", status(503, "Busy", DOCTYPE, *TEXT_HTML), "Service Unavailable", status=True),
    "503 with XHTML": Fault("again", status(503, "Busy", XHTML, *TEXT_HTML), "Service Unavailable", status=True),
    "503 with a wish": Fault("again", status(503, "Busy", b"", ("Retry-After", "1")), "(503)", status=True),
    "504 with text": Fault("again", status(504, "Late", b"upstream timed out"), "(504)", status=True),
    "500 with bytes": Fault("again", status(500, "Oops", b"\xff\x00\xfe"), "(500)", status=True),
    # Successes that are none.
    "a sign-in page": Fault("none", instead(HTML, *TEXT_HTML), "a web page received"),
    "a page of XHTML": Fault("none", instead(XHTML, ("Content-Type", "application/xhtml+xml")), "a web page received"),
    "a page without a type": Fault("none", instead(DOCTYPE), "HTTP 200, no content type", shapes=("doc",)),
    "text": Fault("none", instead(b"Please sign in"), "HTTP 200, no content type, 14 bytes: 'Please", shapes=("doc",)),
    "half a body, closed": Fault("none", unframed(0.5), "HTTP 200", shapes=("doc",)),
    "half a body, its length right": Fault("none", body_of(lambda body: body[: len(body) // 2]), "HTTP 200",
                                           shapes=("doc",)),
    "all but one byte, closed": Fault("none", unframed(0.9999), "HTTP 200", shapes=("doc",)),
    "nothing, closed": Fault("none", unframed(0), "HTTP 200", shapes=("doc",)),
    "XML for JSON": Fault("none", body_of(lambda _: b"<a/>"), "HTTP 200", shapes=("doc",), formats=("json", "cbor")),
    "JSON for XML": Fault("none", body_of(lambda _: b'{"a": 1}'), "HTTP 200", shapes=("doc",), formats=("xml", "cbor")),
    "a list": Fault("none", body_of(lambda _: b"[]"), "HTTP 200", shapes=("doc",), formats=("json",)),
    "null": Fault("none", body_of(lambda _: b"null"), "HTTP 200", shapes=("doc",), formats=("json",)),
    "no UTF-8": Fault("none", body_of(lambda body: b"\xff\xfe" + body), "HTTP 200", shapes=("doc",),
                      formats=("json", "xml")),
    "two documents": Fault("none", body_of(lambda body: body + body), "HTTP 200", shapes=("doc",),
                           formats=("json", "xml")),
    # Refusals of something in between.
    "403 with a page": Fault("refused", status(403, "Forbidden", HTML, *TEXT_HTML), "(403)"),
    "403 with text": Fault("refused", status(403, "Forbidden", b"Blocked by policy"), "(403)"),
    "404 with XHTML": Fault("refused", status(404, "Not Found", XHTML, *TEXT_HTML), "(404)"),
    "407 with a page": Fault("refused", status(407, "Proxy Authentication Required", DOCTYPE, *TEXT_HTML), "(407)"),
    "401 with nothing": Fault("refused", status(401, "Unauthorized"), "(401)"),
    "451 with text": Fault("refused", status(451, "Unavailable For Legal Reasons", b"no"), "(451)"),
    "511 with a page": Fault("refused", status(511, "Sign in", HTML, *TEXT_HTML), "(511)"),
    "a redirect": Fault("refused", status(302, "Found", b"", ("Location", "http://login.example/in?s=secret")), "(302)"),
    "a redirect with a page": Fault("refused", status(307, "Moved", HTML, ("Location", "/in")), "(307)"),
    "2 MB of error": Fault("refused", status(400, "Bad", b"x" * 2_000_000), "(400)"),
}  # fmt: skip
