"""AWS's own cases for what each protocol answers (`tests/unit/protocols/output` of botocore's sdist).

How a result is compared is what botocore's own runner does: timestamps as epoch seconds, blobs as text, special
floats by their names, of an error only `Code` and `Message`.
"""

import base64
import io
import json
import math
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import pytest
from requests.structures import CaseInsensitiveDict

from awsmini.model.build import service_lines
from awsmini.model.load import ModelLines
from awsmini.model.shapes import OperationModel, ServiceModel
from awsmini.parse import parse, parse_error
from awsmini.parse.body import StreamingBody
from awsmini.parse.eventstream import EventStream
from awsmini.records import Reply
from tests.conformance.conftest import botocore_sdist

# Cases that botocore's own runner leaves out too, by what botocore (and so AWS CLI v2) does instead.
LEFT_OUT = {
    # The name of a flattened list's member takes the place of the list's.
    "QueryXmlLists", "Ec2XmlLists", "XmlLists",
    # The fields of such an error are not its members.
    "QueryComplexError", "Ec2ComplexError", "ComplexError",
    # The `json` protocol knows the error's code from `__type` alone.
    *(f"AwsJson{version}FooErrorUsing{form}" for version in ("10", "11")
      for form in ("XAmznErrorType", "XAmznErrorTypeWithUri", "XAmznErrorTypeWithUriAndNamespace",
                   "Code", "CodeAndNamespace", "CodeUriAndNamespace")),
    # A 500 without a body is taken for a proxy's, whatever its headers say.
    *(f"RestJsonFooErrorUsingXAmznErrorType{form}" for form in ("", "WithUri", "WithUriAndNamespace")),
    # A union that is not set, or a body that is not there.
    "RestJsonHttpPayloadWithUnsetUnion", "RestXmlHttpPayloadWithUnsetUnion", "RestJsonHttpPayloadTraitsWithNoBlobBody",
    "HttpPayloadTraitsWithNoBlobBody",
    # Lists in headers are split at every comma: those of dates and quotes too.
    "RestJsonInputAndOutputWithTimestampHeaders", "InputAndOutputWithTimestampHeaders",
    "RestJsonInputAndOutputWithQuotedStringHeaders",
    # Null in a map stays.
    "RestJsonDeserializesDenseSetMapAndSkipsNull", "RpcV2CborDeserializesDenseSetMapAndSkipsNull",
    # JSON in a header is base64 of it, and is output as a value.
    "MediaTypeHeaderOutputBase64",
    # A name that a structure gives itself is taken for the name of its member.
    "BodyWithXmlName",
}  # fmt: skip


def suites() -> Iterator[tuple[str, int, dict[str, Any]]]:
    for path in sorted(botocore_sdist().glob("tests/unit/protocols/**/output/*.json")):
        for number, suite in enumerate(json.loads(path.read_bytes())):
            yield "legacy-" * ("legacy" in path.parts) + path.stem, number, suite


def cases() -> Iterator[Any]:
    for stem, number, suite in suites():
        for place, case in enumerate(suite.pop("cases")):
            name = case.get("id") or f"{number}:{place}"
            if "response" in case and name not in LEFT_OUT:
                yield pytest.param(suite, case, id=f"{stem}-{name}")


def test_what_is_left_out_botocore_leaves_out_too(botocore_sdist):
    ignored = json.loads((botocore_sdist / "tests/unit/protocols/protocol-tests-ignore-list.json").read_bytes())
    names = {case for protocol in ignored["protocols"].values() for case in protocol.get("output", {}).get("cases", [])}
    assert names >= LEFT_OUT


@pytest.mark.parametrize(("suite", "case"), list(cases()))
def test_output_is_what_aws_expects(suite, case):
    operation = operation_of(suite, case)
    reply = reply_of(operation, case["response"])
    if "error" in case:
        parsed = parse_error(operation, reply)
        parsed["Error"] = {key: parsed["Error"][key] for key in ("Code", "Message")}
        expected = {"Error": {"Code": case.get("errorCode", ""), "Message": case.get("errorMessage", "")}}
        expected |= case["error"]
    else:
        parsed, expected = parse(operation, reply), case["result"]
    del parsed["ResponseMetadata"]
    assert plain(parsed) == expected


def operation_of(suite: dict[str, Any], case: dict[str, Any]) -> OperationModel:
    name = case["given"].get("name", "OperationName")
    given = case["given"]
    members = given.get("output") and suite["shapes"][given["output"]["shape"]].get("members")
    if suite["metadata"]["protocol"] == "query" and members and "error" not in case:
        given = {
            **given,
            "output": {**given["output"], "resultWrapper": f"{name}Result"},
        }  # as botocore's runner has it
    description = {**suite, "operations": {name: given}}
    text = service_lines("test", lambda file: description if file == "service-2" else None)
    return ServiceModel(ModelLines("test", text)).operation_model(name)


def reply_of(operation: OperationModel, response: dict[str, Any]) -> Reply:
    protocol = operation.service_model.protocol
    body = response.get("body", "<xml/>" if protocol == "query" else "").encode()
    if protocol == "smithy-rpc-v2-cbor" or operation.has_event_stream_output:
        body = base64.b64decode(body)
    return Reply(
        status=response.get("status_code", 200),
        reason="",
        headers=CaseInsensitiveDict(response.get("headers", {})),
        body=body,
        raw=io.BytesIO(body) if operation.has_event_stream_output else None,
    )


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | EventStream):
        return [plain(item) for item in value]
    if isinstance(value, StreamingBody):
        return plain(value.read())
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, datetime):
        return value.replace(tzinfo=value.tzinfo or timezone.utc).timestamp()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if value != value else f"{'-' * (value < 0)}Infinity"
    return value
