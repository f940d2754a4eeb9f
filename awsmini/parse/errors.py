"""Error answers: the code, the message and the modeled members, in each protocol's own hiding places."""

from contextlib import suppress
from http import HTTPStatus
from pkgutil import resolve_name
from urllib.parse import urlsplit

from awsmini.errors import REDACT, ResponseParseError
from awsmini.model.shapes import OperationModel, StructureShape
from awsmini.parse import PROTOCOLS
from awsmini.parse.codec import MISSHAPEN, WireProtocol, add_metadata
from awsmini.parse.presence import described, is_web_page
from awsmini.records import Conversions, Output, Reply, replace

# What reads `Error` and `ResponseMetadata` out of a reply.
READERS = {
    "json": "awsmini.parse.errors_json:from_json",
    "rest-json": "awsmini.parse.errors_json:from_rest_json",
    "smithy-rpc-v2-cbor": "awsmini.parse.errors_json:from_cbor",
    "rest-xml": "awsmini.parse.errors_xml:from_rest_xml",
    "query": "awsmini.parse.errors_xml:from_query",
    "ec2": "awsmini.parse.errors_xml:from_ec2",
}


def parse_error(operation: OperationModel, reply: Reply, conversions: Conversions) -> Output:
    """`Error`, `ResponseMetadata`, and the members that the model gives the error."""
    if reply.status < 300:  # S3 may begin with a success and end with an error
        reply = replace(reply, status=500)
    protocol = operation.service_model.protocol
    if _is_from_outside(reply):
        error: Output = {"Error": from_status(reply.status)}
    elif is_web_page(reply.body):
        error = {"Error": from_page(reply)}
    else:
        try:
            error = resolve_name(READERS[protocol])(reply)
        except (ResponseParseError, *MISSHAPEN):
            error = {"Error": from_page(reply)}
        if error["Error"].get("Code") in (None, "", str(reply.status)) and not error["Error"].get("Message"):
            error["Error"].update(from_page(reply))
    add_metadata(error, reply)
    shape = error_shape(operation, error["Error"].get("Code"))
    if shape is not None:
        wire_protocol: WireProtocol = resolve_name(PROTOCOLS[protocol])
        with suppress(ResponseParseError):  # what cannot be read has told its code all the same
            error.update(wire_protocol.modeled_error(shape, reply, conversions))
    return error


def error_shape(operation: OperationModel, code: str | None) -> StructureShape | None:
    """The exception that the service's model has for a code: one of the operation's own, if possible."""
    if not code:
        return None
    for shape in operation.error_shapes:
        if shape.error_code == code:
            return shape
    others = reversed(operation.service_model.error_shapes)
    return next((shape for shape in others if shape.error_code == code), None)


def from_status(status: int) -> dict[str, str]:
    """An `Error` that says no more than the status does."""
    known = status in HTTPStatus._value2member_map_
    return {"Code": str(status), "Message": HTTPStatus(status).phrase if known else ""}


def from_page(reply: Reply) -> dict[str, str]:
    """The same for an answer from something in between: where it leads, and how it begins."""
    error = from_status(reply.status)
    message = error["Message"] or reply.reason
    if reply.status < 400 and "location" in reply.headers:
        parts = urlsplit(reply.headers["location"])
        message += f" (it leads to {parts._replace(query='', fragment='').geturl()})"
    if reply.body.strip():
        message += f". {resolve_name(REDACT)(described(reply))}"
    return {**error, "Message": message}


def _is_from_outside(reply: Reply) -> bool:
    """Whether the answer is a proxy's or load balancer's: no body, or a web page."""
    body = reply.body.strip()
    return reply.status >= 500 and (not body or body.startswith(b"<html>"))
