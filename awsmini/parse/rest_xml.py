"""The `rest-xml` protocol: XML bodies, and members in headers and the status code."""

from awsmini.model.shapes import OperationModel, StructureShape
from awsmini.parse import rest
from awsmini.parse.codec import WireProtocol, codec_of
from awsmini.parse.xml import XmlCodec, answer_of
from awsmini.records import Conversions, Output, Reply


def _output(operation: OperationModel, reply: Reply, conversions: Conversions) -> Output:
    codec = codec_of(operation.service_model, XmlCodec, conversions)
    return rest.output(operation, reply, codec, codec)


def _members(shape: StructureShape, reply: Reply, conversions: Conversions) -> Output:
    return rest.members(shape, codec_of(shape.service_model, XmlCodec, conversions), reply)


PROTOCOL = WireProtocol(_output, _members)


# Errors that S3 sends as successes -------------------------------------------------------------------------------


def is_error_in_success(operation: OperationModel, body: bytes) -> bool:
    """Whether a body that should be an output is an `Error` document. Raises NoAnswerError where it is none at all.

    Where its two ends are in order, only they are looked at: a list is not read twice.
    """
    output = operation.output_shape
    if output is None or operation.has_event_stream_output:
        return False
    payload = output.traits.get("payload")
    if payload is not None and output.members[payload].type_name in {"blob", "string"}:
        return False
    name = _root_name(body)
    if not body.rstrip().endswith(b"</" + name + b">"):
        answer_of(body)
    return name == b"Error"


def _root_name(body: bytes) -> bytes:
    """The tag of a document's root, past declarations and comments; empty where there is none."""
    at = body.find(b"<")
    while at >= 0 and body[at + 1 : at + 2] in (b"?", b"!"):
        end = body.find(b">", at)
        at = body.find(b"<", end) if end > 0 else -1
    words = body[at + 1 : at + 100].replace(b">", b" ").replace(b"/", b" ").split()
    return words[0] if at >= 0 and words else b""
