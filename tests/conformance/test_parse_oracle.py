"""What botocore's parsers make of an answer, awsmini's make of it too: values and the order of members.

Every operation of every service is answered by what its output shape allows; by default a sample is taken.
"""

import io
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from botocore.awsrequest import HeadersDict
from botocore.eventstream import EventStream as BotocoreEventStream
from botocore.parsers import create_parser

from awsmini import services
from awsmini.errors import NoAnswerError
from awsmini.parse import parse, parse_error
from awsmini.parse.body import StreamingBody
from awsmini.parse.eventstream import EventStream
from awsmini.parse.presence import check_presence
from awsmini.records import Reply
from tests.oracle import botocore_model, service_model, services_to_try, takes_every
from tests.oracle_responses import error, event_frames, success


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "service_name" in metafunc.fixturenames:
        tried = list(services_to_try(takes_every(metafunc.config)))
        metafunc.parametrize(("service_name", "operation_names"), tried, ids=[name for name, _ in tried])


@pytest.mark.every
def test_outputs_are_botocores(service_name, operation_names):
    theirs = botocore_model(service_name)
    for name in operation_names:
        if any(page.around_parse for page in services.differences(service_name, name)):  # more than a parser makes
            continue
        operation = service_model(service_name).operation_model(name)
        for variant in ("full", "random"):
            reply = success(operation, variant)
            if operation.has_event_stream_output:
                reply = streamed(reply, event_frames(operation))
            if lacks_body(operation, reply):
                continue
            made = comparable(parse(operation, reply))
            assert made == comparable(botocore_output(theirs.operation_model(name), reply)), (name, variant)


@pytest.mark.every
def test_errors_are_botocores(service_name, operation_names):
    theirs = botocore_model(service_name)
    for name in operation_names:
        operation = service_model(service_name).operation_model(name)
        for variant in ("full", "random"):
            reply = error(operation, variant)
            made = comparable(parse_error(operation, reply))
            assert made == comparable(botocore_error(theirs.operation_model(name), reply)), (name, variant)


def lacks_body(operation: Any, reply: Reply) -> bool:
    """Whether this is no answer: botocore makes an empty output of it."""
    try:
        check_presence(operation, reply)
    except NoAnswerError:
        return True
    return False


def streamed(reply: Reply, body: bytes) -> Reply:
    return Reply(status=200, reason="", headers=reply.headers, raw=io.BytesIO(body))


def botocore_output(operation: Any, reply: Reply) -> Any:
    body: Any = reply.body
    if operation.has_event_stream_output:
        body = Chunks(reply.raw.getvalue())
    elif operation.has_streaming_output:
        body = io.BytesIO(body)
    return botocore_parse(operation, reply, operation.output_shape, body)


def botocore_error(operation: Any, reply: Reply) -> Any:
    parsed = botocore_parse(operation, reply, operation.output_shape, reply.body)
    shape = operation.service_model.shape_for_error_code(parsed.get("Error", {}).get("Code"))
    if shape is not None:
        parsed.update(botocore_parse(operation, reply, shape, reply.body))
    return parsed


def botocore_parse(operation: Any, reply: Reply, shape: Any, body: Any) -> Any:
    answer = {
        "status_code": reply.status,
        "headers": HeadersDict(reply.headers),
        "body": body,
        "context": {"operation_name": operation.name},
    }
    return create_parser(operation.service_model.resolved_protocol).parse(answer, shape)


class Chunks:
    """What botocore expects of a stream of events."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> Any:
        yield self._body


def comparable(value: Any) -> Any:
    """A value whose members' order counts, and whose timestamps are moments."""
    if isinstance(value, dict):
        return [(key, comparable(item)) for key, item in value.items()]
    if isinstance(value, list) and value and isinstance(value[0], Element):
        return value[0].text or ""  # botocore gives up on a text that comes twice; the first is taken here
    if isinstance(value, list | EventStream | BotocoreEventStream):
        return [comparable(item) for item in value]
    if isinstance(value, StreamingBody | io.BytesIO):
        return value.read()
    if isinstance(value, datetime):
        return value.isoformat()
    return (type(value).__name__, value) if isinstance(value, bool | float | int) else value
