"""Smithy models become the same facts that a botocore model states."""

import pytest

from awsmini.model import smithy
from awsmini.model.build import service_lines
from awsmini.model.check import check
from awsmini.model.shapes import ServiceModel
from awsmini.records import Endpoint
from awsmini.serialize import serialize
from tests.small_smithy import NAMESPACE, parcels, structure, target

PROTOCOLS = {
    "aws.protocols#awsJson1_0": "json",
    "aws.protocols#awsJson1_1": "json",
    "aws.protocols#awsQuery": "query",
    "aws.protocols#ec2Query": "ec2",
    "aws.protocols#restJson1": "rest-json",
    "aws.protocols#restXml": "rest-xml",
    "smithy.protocols#rpcv2Cbor": "smithy-rpc-v2-cbor",
}
PARAMS = {
    "depot": "a b",
    "token": "t",
    "weight": 1.5,
    "size": "small",
    "stickers": ["x", "y"],
    "labels": {"k": "v"},
    "due": "2024-05-01T00:00:00Z",
    "content": b"\x00\x01",
    "via": {"rail": 9},
}


def model(ast) -> ServiceModel:
    return check("parcels", service_lines("parcels", smithy.files(ast).get))


def facts(ast, kind: str, name: str):
    return model(ast)._lines.get(kind, name)


def request(protocol: str, operation: str = "SendParcel", params=None):
    made = serialize(
        model(parcels(protocol)).operation_model(operation), params or {}, Endpoint(url="https://h"), token=lambda: "t"
    )
    return made.method, made.url, {name.lower(): value for name, value in made.headers.items()}, made.body


@pytest.mark.parametrize(("trait", "protocol"), PROTOCOLS.items())
def test_each_protocol_is_known(trait, protocol):
    made = model(parcels(trait))
    assert made.protocol == protocol
    assert made.operation_names == ["CountDepots", "GetDepot", "ListParcels", "Ping", "SendParcel"]


def test_of_several_protocols_one_is_spoken():
    ast = parcels("smithy.protocols#rpcv2Cbor")
    ast["shapes"][f"{NAMESPACE}#Parcels"]["traits"]["aws.protocols#awsJson1_0"] = {}
    made = model(ast)
    assert (made.protocol, made.metadata["jsonVersion"], made.metadata["protocols"]) == (
        "json",
        "1.0",
        ["json", "smithy-rpc-v2-cbor"],
    )


def test_the_service():
    metadata = model(parcels()).metadata
    assert metadata["serviceId"] == "Parcel Post"
    assert metadata["serviceFullName"] == "Example Parcel Post"
    assert metadata["apiVersion"] == "2024-05-01"
    assert metadata["endpointPrefix"] == metadata["signingName"] == "parcels"
    assert metadata["auth"] == ["aws.auth#sigv4"]
    assert metadata["signatureVersion"] == "v4"


def test_rest_json():
    assert request("aws.protocols#restJson1", params=PARAMS) == (
        "POST",
        "https://h/depots/a%20b/parcels?kind=sent",
        {"x-parcel-token": "t", "content-type": "application/json"},
        b'{"grams": 1.5, "size": "small", "stickers": ["x", "y"], "labels": {"k": "v"}, '
        b'"due": "2024-05-01T00:00:00Z", "content": "AAE=", "via": {"rail": 9}}',
    )


def test_rest_xml():
    method, url, headers, body = request("aws.protocols#restXml", params={**PARAMS, "due": "2024-05-01T00:00:00Z"})
    assert (method, url, headers["x-parcel-token"]) == ("POST", "https://h/depots/a%20b/parcels?kind=sent", "t")
    assert body == (
        b'<SendParcelInput xmlns="https://parcels.example.com/doc"><weight>1.5</weight><size>small</size>'
        b"<stickers>x</stickers><stickers>y</stickers><labels><entry><key>k</key><value>v</value></entry></labels>"
        b"<due>2024-05-01T00:00:00Z</due><content>AAE=</content><via><rail>9</rail></via></SendParcelInput>"
    )


def test_json():
    _, url, headers, body = request("aws.protocols#awsJson1_1", params={"depot": "a", "token": "t", "weight": 2})
    assert (url, headers["x-amz-target"]) == ("https://h/", "Parcels.SendParcel")
    assert headers["content-type"] == "application/x-amz-json-1.1"
    assert body == b'{"depot": "a", "token": "t", "weight": 2}'


def test_query():
    _, url, _, body = request("aws.protocols#awsQuery", params={"depot": "a", "token": "t", "stickers": ["x", "y"]})
    assert url == "https://h/"
    assert body == b"Action=SendParcel&Version=2024-05-01&depot=a&token=t&stickers.1=x&stickers.2=y"


def test_ec2():
    _, _, _, body = request("aws.protocols#ec2Query", params={"depot": "a", "token": "t", "stickers": ["x"]})
    assert body == b"Action=SendParcel&Version=2024-05-01&Depot=a&Token=t&Stickers.1=x"


def test_cbor():
    _, url, headers, body = request("smithy.protocols#rpcv2Cbor", params={"depot": "a", "token": "t"})
    assert url == "https://h/service/Parcels/operation/SendParcel"
    assert headers["smithy-protocol"] == "rpc-v2-cbor"
    assert body == b"\xa2\x65depot\x61a\x65token\x61t"


def test_operations_and_their_errors():
    made = model(parcels())
    assert made.operation_model("Ping").auth_type == "none"
    assert made.operation_model("Ping").input_shape is None
    send = made.operation_model("SendParcel")
    assert [shape.name for shape in send.error_shapes] == ["NoRoom", "Busy"]
    assert made.shape_for("NoRoom").traits["error"] == {"httpStatusCode": 409}
    assert made.shape_for("Busy").traits["fault"] is True
    assert send.idempotent_members == ["token"]
    assert model(parcels("aws.protocols#awsQuery")).shape_for("NoRoom").error_code == "Full"


def test_shapes():
    made = model(parcels())
    members = made.operation_model("SendParcel").input_shape.members
    assert members["size"].enum == ["small", "large"]
    assert members["via"].is_tagged_union
    assert members["more"].is_document_type
    assert members["due"].serialization["timestampFormat"] == "iso8601"
    assert made.shape_for("Most").metadata == {"type": "integer", "min": 1, "max": 100}
    assert made.operation_model("SendParcel").input_shape.required_members == ["depot"]
    assert made.operation_model("SendParcel").output_shape.members["status"].serialization["location"] == "statusCode"


def test_a_paginator_names_what_stays_the_same_on_every_page():
    assert model(parcels()).paginator("ListParcels") == {
        "input_token": "next",
        "output_token": "next",
        "limit_key": "most",
        "result_key": "parcels",
        "non_aggregate_keys": ["total"],
    }


def test_a_waiter():
    assert model(parcels()).waiter("DepotOpen") == {
        "operation": "GetDepot",
        "delay": 5,
        "maxAttempts": 60,
        "acceptors": [
            {"state": "success", "matcher": "path", "argument": "open", "expected": True},
            {"state": "retry", "matcher": "error", "expected": "NoDepot"},
            {"state": "failure", "matcher": "error", "expected": True},
        ],
    }


def test_endpoints_of_a_service_that_states_no_rules():
    rules = model(parcels()).endpoint_rule_set
    assert rules["rules"][1]["endpoint"]["url"] == "https://parcels.{Region}.{PartitionResult#dnsSuffix}"


def test_streams_and_events():
    ast = parcels()
    shapes = ast["shapes"]
    shapes[f"{NAMESPACE}#Track"] = {
        "type": "union",
        "members": {"seen": target("Seen"), "lost": target("NoDepot")},
        "traits": {"smithy.api#streaming": {}},
    }
    shapes[f"{NAMESPACE}#Seen"] = structure(
        {
            "where": target("smithy.api#String", smithy_api__eventHeader={}),
            "photo": target("smithy.api#Blob", smithy_api__eventPayload={}),
        }
    )
    shapes[f"{NAMESPACE}#GetDepotOutput"]["members"] = {"track": target("Track", smithy_api__httpPayload={})}
    made = model(ast)
    output = made.operation_model("GetDepot")
    assert output.has_event_stream_output
    assert made.shape_for("Seen").traits["event"] is True
    assert made.shape_for("Seen").members["where"].serialization["eventheader"] is True
    assert made.shape_for("Seen").members["photo"].serialization["eventpayload"] is True
    assert "event" not in made.shape_for("NoDepot").traits


def test_a_streamed_blob_and_a_payload():
    ast = parcels("aws.protocols#restXml")
    shapes = ast["shapes"]
    shapes[f"{NAMESPACE}#Film"] = {"type": "blob", "traits": {"smithy.api#streaming": {}}}
    shapes[f"{NAMESPACE}#GetDepotOutput"]["members"] = {"film": target("Film", smithy_api__httpPayload={})}
    shapes[f"{NAMESPACE}#SendParcelInput"]["members"]["parcel"] = target("Parcel", smithy_api__httpPayload={})
    made = model(ast)
    assert made.operation_model("GetDepot").has_streaming_output
    payload = made.operation_model("SendParcel").input_shape.members["parcel"].serialization
    assert payload == {"name": "Parcel", "xmlNamespace": {"uri": "https://parcels.example.com/doc"}}


def test_version_1_enums_and_names_that_clash():
    ast = parcels()
    shapes = ast["shapes"]
    shapes[f"{NAMESPACE}#Size"] = {"type": "string", "traits": {"smithy.api#enum": [{"value": "s"}, {"value": "l"}]}}
    shapes["com.other#Parcel"] = structure({"name": target("smithy.api#String")})
    shapes[f"{NAMESPACE}#CountDepotsOutput"]["members"]["other"] = target("com.other#Parcel")
    with pytest.raises(smithy.SmithyError, match="two shapes are named Parcel"):
        model(ast)
    shapes[f"{NAMESPACE}#Parcels"]["rename"] = {"com.other#Parcel": "OtherParcel"}
    made = model(ast)
    assert made.shape_for("Size").enum == ["s", "l"]
    assert list(made.shape_for("OtherParcel").members) == ["name"]


def broken(change) -> dict:
    ast = parcels()
    change(ast["shapes"])
    return ast


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda shapes: shapes.pop(f"{NAMESPACE}#Parcels"), "has to have one service; it has none"),
        (
            lambda shapes: shapes.pop(f"{NAMESPACE}#Parcel"),
            "refers to com.example.parcels#Parcel, which it does not have",
        ),
        (lambda shapes: shapes[f"{NAMESPACE}#Parcels"].update(traits={}), "none of the protocols known here"),
        (lambda shapes: shapes[f"{NAMESPACE}#Ping"].update(traits={}), "Ping has no smithy.api#http"),
        (lambda shapes: shapes[f"{NAMESPACE}#Size"].update(type="gizmo"), "which is no type of a value"),
        (lambda shapes: shapes[f"{NAMESPACE}#Parcel"].update(members=[]), "not built as its specification says"),
        (lambda shapes: shapes[f"{NAMESPACE}#Labels"].update(key="x"), "not built as its specification says"),
    ],
)
def test_a_broken_model_is_told(change, message):
    with pytest.raises(smithy.SmithyError, match=message):
        smithy.files(broken(change))
