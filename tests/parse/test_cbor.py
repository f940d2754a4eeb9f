"""CBOR: the data items of RFC 8949 that services send, and the protocol around them."""

import struct
from datetime import datetime, timezone

import pytest

from awsmini.errors import ResponseParseError
from awsmini.parse import parse
from awsmini.parse.cbor import decode
from awsmini.records import Conversions, Reply
from tests.small_models import operation, structure

# Appendix A of RFC 8949, as far as it is supported.
ITEMS = [
    ("00", 0), ("17", 23), ("1818", 24), ("1903e8", 1000), ("1a000f4240", 1000000),
    ("1bffffffffffffffff", 18446744073709551615), ("20", -1), ("3903e7", -1000),
    ("3bffffffffffffffff", -18446744073709551616),
    ("f90000", 0.0), ("f93c00", 1.0), ("f97bff", 65504.0), ("f9c400", -4.0), ("fa47c35000", 100000.0),
    ("fb3ff199999999999a", 1.1), ("f97c00", float("inf")), ("fbfff0000000000000", float("-inf")),
    ("f4", False), ("f5", True), ("f6", None), ("f7", None),
    ("40", b""), ("4401020304", b"\x01\x02\x03\x04"), ("60", ""), ("6449455446", "IETF"), ("62c3bc", "ü"),
    ("64f0908591", "\U00010151"),
    ("80", []), ("83010203", [1, 2, 3]), ("8301820203820405", [1, [2, 3], [4, 5]]),
    ("a0", {}), ("a201020304", {1: 2, 3: 4}), ("a26161016162820203", {"a": 1, "b": [2, 3]}),
    ("5f42010243030405ff", b"\x01\x02\x03\x04\x05"), ("7f657374726561646d696e67ff", "streaming"),
    ("9fff", []), ("9f018202039f0405ffff", [1, [2, 3], [4, 5]]), ("bf61610161629f0203ffff", {"a": 1, "b": [2, 3]}),
    ("c11a514b67b0", ("time", 1363896240)), ("c1fb41d452d9ec200000", ("time", 1363896240.5)),
]  # fmt: skip

BROKEN = [
    ("", "End of stream reached"),
    ("19", "End of stream reached"),
    ("440102", "End of stream reached"),
    ("8301", "End of stream reached"),
    ("9f01", "End of stream reached"),
    ("1c", "Invalid CBOR integer returned from the service; additional info 28"),
    ("c0613a", "Found CBOR tag not supported: 0"),
    ("c1613a", "Unable to parse datetime value: :"),
    ("f0", "Invalid additional info found for major type 7: 16"),
]


@pytest.mark.parametrize(("wire", "value"), ITEMS)
def test_data_item(wire, value):
    assert decode(bytes.fromhex(wire), lambda seconds: ("time", seconds), bytes) == value


@pytest.mark.parametrize(("wire", "message"), BROKEN)
def test_what_is_broken_is_an_error(wire, message):
    with pytest.raises(ResponseParseError) as caught:
        decode(bytes.fromhex(wire), lambda seconds: seconds, bytes)
    assert str(caught.value).startswith(message)


SHAPES = {
    "Inner": structure({"X": "Text", "Y": "Number"}),
    "Pairs": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}},
    "Out": structure(
        {"T": "Time", "B": "Bytes", "I": "Inner", "P": "Pairs", "N": {"shape": "Text", "locationName": "n"}}
    ),
}


def text(value: str) -> bytes:
    return bytes([0x60 + len(value)]) + value.encode()


BODY = (
    b"\xa6" + text("I") + b"\xa3" + text("Y") + b"\x01" + text("X") + text("x") + text("?") + b"\xf6"
    + text("B") + b"\x42hi" + text("T") + b"\xc1\xfb" + struct.pack(">d", 1577836800.5)
    + text("P") + b"\xa1" + text("k") + b"\xf6" + text("N") + text("own") + text("n") + text("wire")
)  # fmt: skip


@pytest.mark.parametrize(
    ("conversions", "moment", "blob"),
    [
        (Conversions(), datetime(2020, 1, 1, 0, 0, 0, 500000, tzinfo=timezone.utc), b"hi"),
        (Conversions(timestamps="wire", blobs="base64"), 1577836800.5, "aGk="),
    ],
)
def test_output(conversions, moment, blob):
    op = operation("smithy-rpc-v2-cbor", SHAPES)
    reply = Reply(status=200, reason="", headers={"x-amzn-requestid": "r"}, body=BODY)
    output = parse(op, reply, conversions)
    assert list(output) == ["T", "B", "I", "P", "N", "ResponseMetadata"]
    assert output["T"] == moment
    assert output["B"] == blob
    assert list(output["I"].items()) == [("X", "x"), ("Y", 1)]
    assert output["P"] == {"k": None}
    assert output["N"] == "own"
    assert output["ResponseMetadata"]["RequestId"] == "r"


def test_no_body():
    op = operation("smithy-rpc-v2-cbor", SHAPES)
    output = parse(op, Reply(status=200, reason="", headers={}))
    assert output == {"ResponseMetadata": {"HTTPStatusCode": 200, "HTTPHeaders": {}}}
