"""CBOR: the examples of RFC 8949 (appendix A) that its types of a model can be, and the request around them."""

from types import SimpleNamespace

import pytest
from botocore.parsers import RpcV2CBORParser

from awsmini.errors import ParamValidationError
from awsmini.model.shapes import Shape
from awsmini.serialize.cbor import cbor_body, writer
from tests.serialize.test_serialize import operation, request

NAN = float("nan")


def encoded(type_name, value):
    out = bytearray()
    writer(Shape("S", {"type": type_name}, SimpleNamespace()))(out, value)
    return out.hex()


@pytest.mark.parametrize(
    ("type_name", "value", "expected"),
    [
        ("integer", 0, "00"), ("integer", 23, "17"), ("integer", 24, "1818"), ("integer", 100, "1864"),
        ("integer", 1000, "1903e8"), ("integer", 1000000, "1a000f4240"), ("long", 1000000000000, "1b000000e8d4a51000"),
        ("long", 18446744073709551615, "1bffffffffffffffff"), ("long", -18446744073709551616, "3bffffffffffffffff"),
        ("integer", -1, "20"), ("integer", -10, "29"), ("integer", -100, "3863"), ("integer", -1000, "3903e7"),
        ("double", 1.1, "fb3ff199999999999a"), ("double", -4.1, "fbc010666666666666"), ("double", 1, "fb3ff0000000000000"),
        ("float", 100000.0, "fa47c35000"), ("float", 3.4028234663852886e38, "fa7f7fffff"),
        ("float", 1.0e300, "fb7e37e43c8800759c"),
        ("double", float("inf"), "f97c00"), ("double", float("-inf"), "f9fc00"), ("float", NAN, "f97e00"),
        ("boolean", False, "f4"), ("boolean", True, "f5"),
        ("blob", b"", "40"), ("blob", b"\x01\x02\x03\x04", "4401020304"), ("blob", "IETF", "4449455446"),
        ("string", "", "60"), ("string", "IETF", "6449455446"), ("string", "\u6c34", "63e6b0b4"),
        ("string", "x" * 256, "790100" + "78" * 256),
        ("timestamp", 1363896240, "c11a514b67b0"), ("timestamp", 1363896240.5, "c1fb41d452d9ec200000"),
        ("timestamp", "2013-03-21T20:04:00Z", "c11a514b67b0"), ("timestamp", -1, "c120"),
    ],
)  # fmt: skip
def test_examples_of_the_rfc(type_name, value, expected):
    assert encoded(type_name, value) == expected


@pytest.mark.parametrize("number", [1 << 64, -(1 << 64) - 1])
def test_integers_of_more_than_64_bits(number):
    with pytest.raises(ParamValidationError, match="64 bits"):
        encoded("long", number)


def decoded(body):
    parser = RpcV2CBORParser()
    return parser.parse_data_item(parser.get_peekable_stream_from_bytes(body))


def test_a_request():
    made = request("eventbridgev2", "CreateEventBus", {"Name": "n"})
    target = operation("eventbridgev2", "CreateEventBus").metadata["targetPrefix"]
    assert (made.method, made.url) == ("POST", f"https://example.com/service/{target}/operation/CreateEventBus")
    headers = {"smithy-protocol": "rpc-v2-cbor", "Accept": "application/cbor", "Content-Type": "application/cbor"}
    assert headers.items() <= made.headers.items()
    assert decoded(made.body)["Name"] == "n"


def test_a_structure_with_a_map():
    shape = operation("dynamodb", "PutItem").input_shape
    params = {"TableName": "t", "Item": {"a": {"L": [{"N": "1"}, None]}, "b": None}, "ReturnValues": None}
    body = cbor_body(shape, params)
    assert body.endswith(b"\x61b\xf6")  # a null, which botocore's decoder leaves out of maps
    assert decoded(body) == {"TableName": "t", "Item": {"a": {"L": [{"N": "1"}, None]}}}


def test_documents_have_types_of_their_own():
    shape = operation("bedrock-runtime", "Converse").service_model.shape_for("ToolInputSchema")
    document = {"n": [1, -2, 2.5, True], "d": {"x": ""}}
    assert decoded(cbor_body(shape, {"json": document})) == {"json": document}
