"""An error in the words of the protocol that a request came in, for what moto has no words for."""

import json
from typing import Any
from xml.sax.saxutils import escape

_XML_SERVICES = frozenset(("s3", "cloudfront", "route53", "s3-outposts", "s3express"))  # rest-xml, by signing name
_TEXT = 0x60  # CBOR's major type 3

Answer = tuple[str, list[tuple[str, str]], list[bytes]]


class Refusal(Exception):
    """What the sandbox does not have, as the rest of a sentence."""


def refusal(environ: dict[str, Any], code: str, message: str) -> Answer:
    """Status, headers and body. The status is one that nobody tries again."""
    headers, body = _body(environ, code, message)
    return "501 Not Implemented", [*headers, ("Content-Length", str(len(body)))], [body]


def _body(environ: dict[str, Any], code: str, message: str) -> tuple[list[tuple[str, str]], bytes]:
    kind = environ.get("CONTENT_TYPE", "")
    service = signing_name(environ)
    if environ.get("HTTP_SMITHY_PROTOCOL") == "rpc-v2-cbor":
        body = b"\xa2" + b"".join(map(_cbor_text, ("__type", code, "message", message)))
        return [("Content-Type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor")], body
    error = f"<Code>{code}</Code><Message>{escape(message)}</Message>"
    if kind.startswith("application/x-www-form-urlencoded"):
        if service == "ec2":
            text = f"<Response><Errors><Error>{error}</Error></Errors><RequestID>sandbox</RequestID></Response>"
        else:
            text = f"<ErrorResponse><Error><Type>Receiver</Type>{error}</Error><RequestId>sandbox</RequestId></ErrorResponse>"
        return [("Content-Type", "text/xml")], text.encode()
    if service in _XML_SERVICES:
        outer = (
            error if service in ("s3", "s3-outposts", "s3express") else f"<Error><Type>Receiver</Type>{error}</Error>"
        )
        name = "Error" if outer is error else "ErrorResponse"
        return [("Content-Type", "application/xml")], f"<{name}>{outer}<RequestId>sandbox</RequestId></{name}>".encode()
    json_body = json.dumps({"__type": code, "message": message}).encode()
    return [("Content-Type", "application/json"), ("x-amzn-errortype", code)], json_body


def _cbor_text(text: str) -> bytes:
    data = text.encode()
    size = len(data)
    head = bytes([_TEXT + size]) if size < 24 else bytes([_TEXT + 25]) + size.to_bytes(2, "big")
    return head + data


def signing_name(environ: dict[str, Any]) -> str:
    """The service that a request is signed for; "" where it is not."""
    scope = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].partition(",")[0].split("/")
    return scope[3].lower() if len(scope) == 5 else ""
