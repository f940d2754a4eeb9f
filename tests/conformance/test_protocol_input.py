"""AWS's own cases for what each protocol sends (`tests/unit/protocols/input` of botocore's sdist).

How an expectation is compared is what botocore's own runner does: JSON and XML by meaning, CBOR decoded, the content
types that botocore leaves out left out here too.
"""

import base64
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.parsers import RpcV2CBORParser

from awsmini.model.build import service_lines
from awsmini.model.load import ModelLines
from awsmini.model.shapes import OperationModel, ServiceModel
from awsmini.records import Endpoint
from awsmini.serialize import serialize
from tests.conformance.conftest import botocore_sdist

TOKEN = "00000000-0000-4000-8000-000000000000"  # what AWS's cases expect for an idempotency token that is filled in
SPECIAL_FLOATS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}

# Cases that botocore's own runner leaves out too, by what AWS CLI v2 does instead.
LEFT_OUT = {
    # EC2's model names every member; where one has no name, it is sent as the model spells it, not capitalized.
    "Ec2QueryEndpointTraitWithHostLabel", "Ec2ProtocolIdempotencyTokenAutoFill", "Ec2Lists", "Ec2TimestampsInput",
    "Ec2ProtocolIdempotencyTokenAutoFillIsSet",
    # An endpoint's path takes no slash at its end.
    "Ec2QueryHostWithPath", "AwsJson11HostWithPath", "AwsJson10HostWithPath", "QueryHostWithPath",
    # The name of a flattened list's member takes the place of the list's.
    "QueryFlattenedListArgWithXmlName",
    # Checksums are not the serializer's.
    "RestJsonHttpChecksumRequired",
    # A union that is not set is an empty object.
    "RestJsonHttpPayloadWithUnsetUnion",
    # A JSON value in a header is written as JSON first.
    "MediaTypeHeaderInputBase64",
    # An empty list gives no header.
    "RestJsonNullAndEmptyHeaders", "NullAndEmptyHeaders",
    # The root of a body is called what the payload's member is called.
    "BodyWithXmlName", "RestXmlHttpPayloadWithUnion", "HttpPayloadWithXmlName", "HttpPayloadWithXmlNamespace",
    "HttpPayloadWithXmlNamespaceAndPrefix", "XmlAttributesOnPayload",
}  # fmt: skip


def suites() -> Iterator[tuple[str, int, dict[str, Any]]]:
    for path in sorted(botocore_sdist().glob("tests/unit/protocols/**/input/*.json")):
        for number, suite in enumerate(json.loads(path.read_bytes())):
            yield "legacy-" * ("legacy" in path.parts) + path.stem, number, suite


def cases() -> Iterator[Any]:
    for stem, number, suite in suites():
        for place, case in enumerate(suite.pop("cases")):
            name = case.get("id") or f"{number}:{place}"
            if "params" in case and name not in LEFT_OUT:
                yield pytest.param(suite, case, id=f"{stem}-{name}")


def test_what_is_left_out_botocore_leaves_out_too(botocore_sdist):
    ignored = json.loads((botocore_sdist / "tests/unit/protocols/protocol-tests-ignore-list.json").read_bytes())
    whole_suites = ignored["general"]["input"]["suites"]
    names = {case for protocol in ignored["protocols"].values() for case in protocol.get("input", {}).get("cases", [])}
    names |= {
        case.get("id") for *_, suite in suites() if suite["description"] in whole_suites for case in suite["cases"]
    }
    assert names >= LEFT_OUT


def operation_of(suite: dict[str, Any], case: dict[str, Any]) -> OperationModel:
    name = case["given"].get("name", "OperationName")
    description = {**suite, "operations": {name: case["given"]}}
    text = service_lines("test", lambda file: description if file == "service-2" else None)
    return ServiceModel(ModelLines("test", text)).operation_model(name)


@pytest.mark.parametrize(("suite", "case"), list(cases()))
def test_request_is_what_aws_expects(suite, case):
    operation = operation_of(suite, case)
    params = {name: _special_float(value) for name, value in case["params"].items()}
    endpoint = Endpoint(url=suite.get("clientEndpoint") or "https://example.com")
    request = serialize(operation, params, endpoint, token=lambda: TOKEN)
    expected = case["serialized"]
    url = urlsplit(request.url)
    assert request.url.removeprefix(f"{url.scheme}://{url.netloc}") == expected.get("uri", "/")
    assert request.method == expected.get("method", request.method)
    if "host" in expected:
        assert url.netloc == urlsplit(f"//{expected['host']}").netloc
    check_headers(operation, dict(request.headers), expected)
    check_body(operation.service_model.protocol, request.body or b"", expected)


def check_headers(operation: OperationModel, headers: dict[str, str], expected: dict[str, Any]) -> None:
    sent = {name.lower(): value.replace(", ", ",") for name, value in headers.items()}
    wanted = {name.lower(): value.replace(", ", ",") for name, value in expected.get("headers", {}).items()}
    protocol = operation.service_model.protocol
    if protocol in ("query", "ec2"):
        wanted["content-type"] = "application/x-www-form-urlencoded; charset=utf-8"
    elif protocol == "rest-xml" or (protocol == "rest-json" and wanted.get("content-type") != "application/json"):
        wanted.pop("content-type", None)
    assert {name: sent.get(name) for name in wanted} == wanted
    assert not {name.lower() for name in expected.get("forbidHeaders", [])} & set(sent)


def check_body(protocol: str, body: bytes, expected: dict[str, Any]) -> None:
    wanted = expected.get("body")
    if protocol == "smithy-rpc-v2-cbor" and body:
        assert _from_cbor(body) == _from_cbor(base64.b64decode(wanted))
    elif wanted is not None:
        assert _by_meaning(protocol, body) == _by_meaning(protocol, wanted.encode())


def _by_meaning(protocol: str, body: bytes) -> Any:
    try:
        if protocol in ("json", "rest-json"):
            return json.loads(body)
        if protocol == "rest-xml":
            return ET.canonicalize(body, strip_text=True)
    except (ValueError, ET.ParseError):
        pass
    return body


def _from_cbor(body: bytes) -> Any:
    parser = RpcV2CBORParser()
    decoded = parser.parse_data_item(parser.get_peekable_stream_from_bytes(body))
    return {name: "NaN" if value != value else value for name, value in decoded.items()}


def _special_float(value: Any) -> Any:
    return SPECIAL_FLOATS.get(value, value) if isinstance(value, str) else value
