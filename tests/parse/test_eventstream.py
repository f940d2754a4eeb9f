"""Event streams: frames, events of every kind of member, and errors on the way."""

import io
import struct
from binascii import crc32
from datetime import datetime, timezone
from typing import Any

import pytest

from awsmini.errors import BrokenStreamError, ResponseParseError
from awsmini.parse import FOR_PYTHON, parse
from awsmini.parse.eventstream import EventStream, EventStreamError, frames
from awsmini.records import Conversions, Reply
from tests.oracle_responses import frame
from tests.small_models import operation, structure

EVENT = {":message-type": "event"}
NOON = datetime(2020, 1, 1, 12, tzinfo=timezone.utc)
SHAPES: dict[str, Any] = {
    "Stream": structure(
        {"Words": "Words", "Bits": "Bits", "Said": "Said", "Nested": "Nested", "Head": "Head", "Bad": "Bad"},
        eventstream=True,
    ),
    "Words": structure({"A": "Text", "T": "Time"}, event=True),
    "Bits": structure({"P": {"shape": "Bytes", "eventpayload": True}}, event=True),
    "Said": structure({"P": {"shape": "Text", "eventpayload": True}}, event=True),
    "Nested": structure({"P": {"shape": "Words", "eventpayload": True}}, event=True),
    "Head": structure(
        {
            "N": {"shape": "Number", "eventheader": True},
            "T": {"shape": "Time", "eventheader": True},
            "F": {"shape": "Flag", "eventheader": True},
            "B": {"shape": "Bytes", "eventheader": True},
        },
        event=True,
    ),
    "Bad": structure({"message": "Text"}, exception=True),
    "Out": structure({"Events": "Stream", "First": "Text"}),
}


class Trickle:
    """A body that gives a few bytes at a time, and tells how far it was read."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)
        self.closed = False

    def read(self, size: int) -> bytes:
        return self._content.read(min(size, 3))

    def tell(self) -> int:
        return self._content.tell()

    def close(self) -> None:
        self.closed = True


def stream(protocol: str, content: bytes, conversions: Conversions = FOR_PYTHON) -> EventStream:
    rest = protocol.startswith("rest")
    op = operation(
        protocol, {**SHAPES, "Out": structure({"Events": "Stream"}, payload="Events") if rest else SHAPES["Out"]}
    )
    output = parse(op, Reply(status=200, reason="", headers={}, raw=Trickle(content)), conversions)
    events = output["Events"]
    assert isinstance(events, EventStream)
    return events


JSON_EVENTS = [
    ("Words", {}, b'{"T":"2020-01-01T12:00:00Z","A":"x","?":1}', {"A": "x", "T": NOON}),
    ("Bits", {}, b"\x00\xff", {"P": b"\x00\xff"}),
    ("Said", {}, "é".encode(), {"P": "é"}),
    ("Nested", {}, b'{"A":"x"}', {"P": {"A": "x"}}),
    ("Head", {"N": 5, "T": NOON, "F": False, "B": b"b", "?": "x"}, b"", {"N": 5, "T": NOON, "F": False, "B": b"b"}),
    ("Head", {"F": True}, b"", {"F": True}),
]


def test_events_of_json():
    content = b"".join(
        frame({**EVENT, ":event-type": name, **headers}, payload) for name, headers, payload, _ in JSON_EVENTS
    )
    assert list(stream("rest-json", content)) == [{name: value} for name, _, _, value in JSON_EVENTS]


def test_events_of_xml():
    content = frame({**EVENT, ":event-type": "Words"}, b"<Any><A>x</A></Any>") + frame(
        {**EVENT, ":event-type": "Words"}
    )
    assert list(stream("rest-xml", content)) == [{"Words": {"A": "x"}}, {"Words": {}}]


def test_commands_get_text():
    content = frame({**EVENT, ":event-type": "Head", "T": NOON})
    events = stream("rest-json", content, Conversions(timestamps="wire", blobs="base64"))
    assert list(events) == [{"Head": {"T": NOON.timestamp()}}]


def test_events_nobody_knows_are_left_out():
    content = frame({**EVENT, ":event-type": "?"}, b"?") + frame({**EVENT, ":event-type": "Said"}, b"x")
    assert list(stream("rest-json", content)) == [{"Said": {"P": "x"}}]


@pytest.mark.parametrize(
    ("protocol", "payload"), [("json", b'{"First":"f","?":1}'), ("smithy-rpc-v2-cbor", b"\xa1\x65First\x61f")]
)
def test_the_other_members_come_first(protocol, payload):
    op = operation(protocol, SHAPES)
    content = frame({**EVENT, ":event-type": "initial-response"}, payload) + frame(
        {**EVENT, ":event-type": "Said"}, b"x"
    )
    output = parse(op, Reply(status=200, reason="", headers={"x-amzn-requestid": "r"}, raw=Trickle(content)))
    assert output["First"] == "f"
    assert output["ResponseMetadata"]["RequestId"] == "r"
    assert list(output["Events"]) == [{"Said": {"P": "x"}}]


@pytest.mark.parametrize("content", [b"", frame({**EVENT, ":event-type": "Said"}, b"x")])
def test_a_stream_without_its_first_answer_is_an_error(content):
    with pytest.raises(ResponseParseError, match="First event was not of type initial-response"):
        stream("json", content)


@pytest.mark.parametrize(
    ("headers", "payload", "code", "message"),
    [
        ({":message-type": "exception", ":exception-type": "Bad"}, b'{"message":"why"}', "Bad", "why"),
        ({":message-type": "exception", ":exception-type": "Unknown"}, b"{}", "Unknown", ""),
        ({":message-type": "error", ":error-code": "Broken", ":error-message": "why"}, b"", "Broken", "why"),
    ],
)
def test_errors_end_the_stream(headers, payload, code, message):
    events = iter(stream("rest-json", frame({**EVENT, ":event-type": "Said"}, b"x") + frame(headers, payload)))
    assert next(events) == {"Said": {"P": "x"}}
    with pytest.raises(EventStreamError) as caught:
        next(events)
    assert str(caught.value) == f"An error occurred ({code}) when calling the Op operation: {message}"


def test_an_event_is_there_before_the_next_has_come():
    first = frame({**EVENT, ":event-type": "Said"}, b"x")
    raw = Trickle(first + frame({**EVENT, ":event-type": "Said"}, b"y"))
    next(frames(raw))
    assert raw.tell() == len(first)


def test_a_stream_can_be_closed():
    events = stream("rest-json", b"")
    events.close()
    assert events._raw.closed


def test_headers_of_every_type():
    values = [b"\x00", b"\x01", b"\x02\xff", b"\x03\xff\xfe", b"\x04\xff\xff\xff\xfd", b"\x05" + b"\xff" * 7 + b"\xfc",
              b"\x06\x00\x02ab", b"\x07\x00\x02\xc3\xa9", b"\x08" + b"\x00" * 7 + b"\x05", b"\x09" + b"u" * 16]  # fmt: skip
    expected = [True, False, -1, -2, -3, -4, b"ab", "é", 5, b"u" * 16]
    head = b"".join(bytes([2]) + f"h{place}".encode() + value for place, value in enumerate(values))
    made = next(frames(io.BytesIO(with_head(head))))
    assert list(made.headers.values()) == expected
    assert made.payload == b"payload"


def with_head(head: bytes) -> bytes:
    """A frame with headers that are given as bytes."""
    prelude = struct.pack("!II", 16 + len(head) + 7, len(head))
    message = prelude + struct.pack("!I", crc32(prelude)) + head + b"payload"
    return message + struct.pack("!I", crc32(message))


GOOD = frame({"a": "b"}, b"payload")


@pytest.mark.parametrize("cut", range(1, len(GOOD)))
def test_what_is_cut_off_is_an_error(cut):
    found = frames(io.BytesIO(GOOD + GOOD[:cut]))
    assert next(found).payload == b"payload"
    with pytest.raises(BrokenStreamError, match="within an event"):
        next(found)


@pytest.mark.parametrize("place", range(len(GOOD)))
def test_one_wrong_byte_is_an_error(place):
    content = bytearray(GOOD)
    content[place] ^= 1
    with pytest.raises(
        ResponseParseError, match=r"Checksum mismatch: expected 0x[0-9a-f]{8}, calculated 0x[0-9a-f]{8}"
    ):
        list(frames(io.BytesIO(bytes(content))))


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (b"\x01a\x00\x01a\x00", 'Duplicate header present: "a"'),
        (b"\x01a\x0a", "Unknown type of header in an event stream: 10"),
    ],
)
def test_bad_headers_are_errors(head, message):
    with pytest.raises(ResponseParseError) as caught:
        list(frames(io.BytesIO(with_head(head))))
    assert str(caught.value) == message
