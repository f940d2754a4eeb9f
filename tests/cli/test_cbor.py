"""Whole commands in CBOR, the one protocol that moto does not speak: real bytes from a server that records.

The bytes are written out by hand, from RFC 8949: a0–b7 maps, 60–7b texts, c1 a point in time, fb a double.
"""

import struct

from tests.servers import answer

ARN = "arn:aws:events:us-east-1:123456789012:event-bus/orders"
HEADERS = {"smithy-protocol": "rpc-v2-cbor", "Content-Type": "application/cbor"}


def text(value: str) -> bytes:
    encoded = value.encode()
    assert len(encoded) < 256
    return (bytes([0x60 + len(encoded)]) if len(encoded) < 24 else bytes([0x78, len(encoded)])) + encoded


def mapping(**members: bytes) -> bytes:
    assert len(members) < 24
    return bytes([0xA0 + len(members)]) + b"".join(text(name) + value for name, value in members.items())


def array(*items: bytes) -> bytes:
    return bytes([0x80 + len(items)]) + b"".join(items)


def moment(seconds: float) -> bytes:
    return b"\xc1\xfb" + struct.pack(">d", seconds)


def bus(name: str) -> bytes:
    return mapping(Name=text(name), CreationTime=moment(1700000000.5), State=text("ACTIVE"))


def test_create(aws):
    aws.service.replies(200, mapping(Name=text("orders"), CreationTime=moment(1700000000.5)), HEADERS)
    made = aws("eventsv2 create-event-bus --name orders --tags a=1,b=ü --client-token t").json
    assert made == {"Name": "orders", "CreationTime": "2023-11-14T22:13:20.500000+00:00"}
    request = aws.service.request
    assert (request.method, request.target) == ("POST", "/service/AWSEventsV2/operation/CreateEventBus")
    assert request.headers["smithy-protocol"] == "rpc-v2-cbor"
    assert request.headers["content-type"] == "application/cbor"
    assert request.headers["accept"] == "application/cbor"
    assert request.headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
    assert request.body == mapping(Name=text("orders"), Tags=mapping(a=text("1"), b=text("ü")), ClientToken=text("t"))


def test_pages(aws):
    aws.service.replies(200, mapping(EventBuses=array(bus("a"), bus("b")), NextToken=text("more")), HEADERS)
    aws.service.replies(200, mapping(EventBuses=array(bus("c"))), HEADERS)
    assert aws("eventsv2 list-event-buses --query EventBuses[].Name --output text").stdout == "a\tb\nc\n"
    assert [request.body for request in aws.service.requests] == [b"\xa0", mapping(NextToken=text("more"))]


def test_an_answer_of_indefinite_length(aws):
    body = b"\xbf" + text("EventBuses") + b"\x9f" + bus("a") + b"\xff" + text("NextToken") + b"\xf6" + b"\xff"
    aws.service.replies(200, body, HEADERS)
    assert aws("eventsv2 list-event-buses --query EventBuses[].State").json == ["ACTIVE"]


def test_delete_prints_nothing(aws):
    aws.service.replies(200, b"\xa0", HEADERS)
    outcome = aws(f"eventsv2 delete-event-bus --event-bus-arn {ARN}")
    assert (outcome.code, outcome.stdout) == (0, "")
    assert aws.service.request.body == mapping(EventBusArn=text(ARN))


def test_an_error(aws):
    body = mapping(__type=text("com.amazonaws.eventsv2#ResourceNotFoundException"), message=text("no such bus"))
    aws.service.replies(404, body, HEADERS)
    outcome = aws("eventsv2 list-event-buses")
    assert outcome.code == 254
    assert outcome.message.startswith(
        "awsmini: [ERROR]: An error occurred (ResourceNotFoundException) when calling the ListEventBuses operation: "
        "no such bus"
    )


def test_an_answer_cut_short(aws):
    aws.service.always(lambda request: answer(200, mapping(Name=text("orders"))[:-2], HEADERS))
    outcome = aws("eventsv2 create-event-bus --name orders", env={"AWS_MAX_ATTEMPTS": "1"})
    assert outcome.code == 255
    assert outcome.message.startswith("awsmini: [ERROR]: ")
