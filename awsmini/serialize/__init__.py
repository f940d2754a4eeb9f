"""params → Request. What a service's protocol makes of parameters, joined with the endpoint.

A protocol is a module reached through `PROTOCOLS`; each gives `Parts` for an operation and its parameters. Shapes
are compiled into closures when first met, and only along the branches that a value visits.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from awsmini.model.shapes import OperationModel
from awsmini.records import Endpoint, Request
from awsmini.references import resolve_name
from awsmini.serialize.parts import Parts, bad_params
from awsmini.serialize.url import join

PROTOCOLS = {
    "json": "awsmini.serialize.json:serialize",
    "rest-json": "awsmini.serialize.rest_json:serialize",
    "rest-xml": "awsmini.serialize.rest_xml:serialize",
    "query": "awsmini.serialize.query:serialize",
    "ec2": "awsmini.serialize.query:serialize_ec2",
    "smithy-rpc-v2-cbor": "awsmini.serialize.cbor:serialize",
}
# In front of the protocol's own function, for the few operations that the model marks.
EVENT_STREAM = "awsmini.serialize.eventstream:serialize"
COMPRESS = "awsmini.serialize.compression:compress"


def random_token() -> str:
    """A random UUID, the idempotency token of a call that was given none."""
    return str(uuid4())


def with_tokens(
    operation: OperationModel, params: Mapping[str, Any], token: Callable[[], str] = random_token
) -> Mapping[str, Any]:
    """The parameters with their idempotency tokens filled in, where the operation has any."""
    missing = [name for name in operation.idempotent_members if name not in params]
    return {**params, **{name: token() for name in missing}} if missing else params


def serialize(
    operation: OperationModel,
    params: Mapping[str, Any],
    endpoint: Endpoint,
    *,
    token: Callable[[], str] = random_token,
    inject_host_prefix: bool = True,
    compress_from: int | None = 10_240,
) -> Request:
    """The request of one call, not yet signed; the endpoint's own headers are left to the caller.

    The parameters are taken to be valid (`params.validate`). A body of `compress_from` bytes or more is compressed
    where the operation takes that; None turns it off. Raises ParamValidationError for what cannot be put into a URL.
    """
    params = with_tokens(operation, params, token)
    streams_events = operation.has_event_stream_input
    make = resolve_name(EVENT_STREAM if streams_events else PROTOCOLS[operation.service_model.protocol])
    parts: Parts = make(operation, params)
    if operation.request_compression and compress_from is not None:
        parts = resolve_name(COMPRESS)(operation, parts, compress_from)
    prefix = host_prefix(operation, params) if inject_host_prefix else ""
    return Request(
        method=parts.method,
        url=join(endpoint.url, prefix, parts.path, parts.query),
        headers=dict(parts.headers),
        body=parts.body if parts.body != b"" else None,
        stream=operation.has_streaming_output or operation.has_event_stream_output,
    )


def host_prefix(operation: OperationModel, params: Mapping[str, Any]) -> str:
    """What the model puts before the host, its `{Labels}` filled in; empty where it has nothing to put."""
    template = operation.host_prefix
    if not template or (template == "{AccountId}." and operation.static_context_parameters.get("RequiresAccountId")):
        return ""  # the endpoint rules of S3 Control put the account into the host already
    labels = re.findall("{(.*?)}", template)
    missing = [name for name in labels if name not in params]
    if missing:
        raise bad_params("\n".join(f'Missing required parameter in input: "{name}"' for name in missing))
    bad = [name for name in labels if not re.fullmatch(r"[A-Za-z0-9.\-]+", params[name])]
    if bad:
        raise bad_params(
            f"Invalid value for parameter(s): {', '.join(bad)}. Must contain only alphanumeric characters, "
            "hyphen, or period."
        )
    return template.format_map(params)
