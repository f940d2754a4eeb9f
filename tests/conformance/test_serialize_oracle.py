"""The same parameters give the same request as botocore makes, in the same process, up to signing.

botocore's side is its serializer between its own event handlers, so what single services and operations do
differently is compared too. Run with `-m every` for every operation of every service.
"""

import uuid
from types import SimpleNamespace
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import create_request_object, prepare_request_dict
from botocore.compress import maybe_compress_request
from botocore.serialize import RpcV2CBORSerializer, create_serializer

from awsmini.calls.customize import add_presigned_url, after_serialize, before_serialize
from awsmini.model.shapes import OperationModel
from awsmini.params.validate import validate
from awsmini.records import Endpoint
from awsmini.serialize import serialize
from awsmini.serialize.cbor import cbor_body
from awsmini.serialize.parts import is_json_header
from awsmini.serialize.url import query_string
from tests import oracle

TOKEN = "3f0b8f6e-5a55-4b55-8d6a-8a9a8f5f6a11"
REGION = "eu-west-1"
ENDPOINT = f"https://service.{REGION}.example.com/base"
# Streams of events go in over HTTP/2; botocore has no methods for them, and writes the events as one JSON document.
EVENT_STREAM_INPUT = {
    ("bedrock-runtime", "InvokeModelWithBidirectionalStream"), ("connecthealth", "StartMedicalScribeListeningSession"),
    ("lexv2-runtime", "StartConversation"), ("polly", "StartSpeechSynthesisStream"), ("qbusiness", "Chat"),
}  # fmt: skip


class PresignRecorder:
    """Stands for a signer: the URL it gives tells what it was asked to sign."""

    _region_name = REGION

    def generate_presigned_url(self, request: dict[str, Any], region_name: str, operation_name: str) -> str:
        return f"signed for {region_name}: {request['method']} {request['url']}?{query_string(request['body'])}"


@pytest.fixture(scope="module")
def emitter():
    session = botocore.session.Session()
    return session.get_component("event_emitter")


def botocore_request(operation: Any, serializer: Any, emitter: Any, params: dict[str, Any]) -> tuple[Any, ...]:
    service = operation.service_model
    name = f"{service.service_id.hyphenize()}.{operation.name}"
    context: dict[str, Any] = {"client_config": SimpleNamespace(response_checksum_validation="when_supported")}
    params = dict(params)
    emitter.emit(f"before-parameter-build.{name}", params=params, model=operation, context=context)
    request = serializer.serialize_to_request(params, operation)
    prepare_request_dict(request, ENDPOINT, context)
    emitter.emit(
        f"before-call.{name}", model=operation, params=request, request_signer=PresignRecorder(), context=context
    )
    config = SimpleNamespace(
        disable_request_compression=False, signature_version="v4", request_min_compression_size_bytes=10_240
    )
    maybe_compress_request(config, request, operation)
    made = create_request_object(request)
    emitter.emit(f"request-created.{name}", request=made, operation_name=operation.name)
    prepared = made.prepare()
    url = prepared.url.removesuffix("?")  # left by a query of nothing but empty lists
    return prepared.method, url, dict(made.headers.items()), _content(prepared.body)


def awsmini_request(operation: OperationModel, params: dict[str, Any]) -> tuple[Any, ...]:
    built = before_serialize(operation, params, token=lambda: TOKEN)
    validate(operation.input_shape, built)
    request = serialize(operation, built, Endpoint(url=ENDPOINT))
    request = after_serialize(request, operation, built)
    request = add_presigned_url(
        request, operation, REGION, lambda asked, region: f"signed for {region}: {asked.method} {asked.url}"
    )
    return request.method, request.url, dict(request.headers), _content(request.body)


def _content(body: Any) -> bytes:
    if hasattr(body, "read"):
        body = body.read()
    return body.encode() if isinstance(body, str) else bytes(body or b"")


@pytest.mark.every
def test_every_request_is_botocores(request, emitter, monkeypatch):
    monkeypatch.setattr(uuid, "uuid4", lambda: TOKEN)
    monkeypatch.setattr("gzip.time.time", lambda: 0)
    tried = 0
    for service_name, operations in oracle.services_to_try(oracle.takes_every(request.config), share=5):
        botocores = oracle.botocore_model(service_name)
        serializer = create_serializer(botocores.resolved_protocol)
        for name in operations:
            if (service_name, name) in EVENT_STREAM_INPUT:
                continue
            operation = oracle.service_model(service_name).operation_model(name)
            for variant in oracle.VARIANTS:
                params = oracle.parameters(operation, variant)
                theirs = botocore_request(botocores.operation_model(name), serializer, emitter, params)
                ours = awsmini_request(operation, params)
                assert ours == theirs, f"{service_name}.{name} {variant} {params}"
                tried += 1
    assert tried > 3 * 3000


def has_free_form(shape: Any, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a document or a JSON value is anywhere in the shape; botocore cannot write those as CBOR."""
    if shape.name in seen:
        return False
    inner = {"list": lambda: [shape.member], "map": lambda: [shape.value], "structure": lambda: shape.members.values()}
    is_document = shape.type_name == "structure" and shape.is_document_type
    return (
        is_document
        or is_json_header(shape)
        or any(has_free_form(member, seen | {shape.name}) for member in inner.get(shape.type_name, list)())
    )


@pytest.mark.every
def test_every_input_is_botocores_in_cbor_too(request):
    """Few services speak CBOR yet, so the shapes of all others are tried with it as well."""
    serializer = RpcV2CBORSerializer()
    tried = 0
    for service_name, operations in oracle.services_to_try(oracle.takes_every(request.config)):
        botocores = oracle.botocore_model(service_name)
        for name in operations:
            operation = oracle.service_model(service_name).operation_model(name)
            if operation.input_shape and not has_free_form(operation.input_shape):
                params = oracle.parameters(operation, "random")
                theirs = serializer._serialize_body_params(params, botocores.operation_model(name).input_shape)
                assert cbor_body(operation.input_shape, params) == theirs, f"{service_name}.{name} {params}"
                tried += 1
    assert tried > 1500
