"""Whether a success holds an answer at all: a sign-in page, a cut body and an empty one are none.

What cannot be read as the protocol says is told by the readers of bodies; here it is the body that is not there.
"""

from awsmini.errors import NoAnswerError
from awsmini.model.shapes import OperationModel, StructureShape
from awsmini.records import Reply
from awsmini.references import resolve_name

DOCUMENTS = (b"{", b"<", b"\xef", b"\xbf")  # how JSON, XML, what begins with a byte order mark and CBOR begin
MAY_HOLD_SECRETS = "awsmini.model.secret_shapes:may_hold_secrets"
SHOWN = 200  # characters of a body in a message
WITHOUT_BODY = (204, 205, 304)
ENVELOPED = ("rest-xml", "query", "ec2")  # whose bodies have a root element even where nothing is in it
_HEAD = frozenset({"header", "headers", "statusCode"})


class MissingBodyError(NoAnswerError):
    """An answer without the body that its operation's output is in."""

    def __init__(self) -> None:
        super().__init__("Unable to parse response, no body received. Further retries may succeed.")


class WebPageError(NoAnswerError):
    """A page for people, from something in between."""

    def __init__(self) -> None:
        super().__init__("Unable to parse response, a web page received. Further retries may succeed.")


def check_presence(operation: OperationModel, reply: Reply) -> None:
    """Raise MissingBodyError for an empty body where the output is in it, WebPageError for a page from outside."""
    shape = operation.output_shape
    refuse_page(reply)
    if shape is None or reply.raw is not None or reply.status in WITHOUT_BODY or reply.body.strip():
        return
    if operation.http.get("method") != "HEAD" and _is_needed(operation, shape, reply):
        raise MissingBodyError


def _is_needed(operation: OperationModel, shape: StructureShape, reply: Reply) -> bool:
    payload = shape.traits.get("payload")
    if payload is not None:
        member = shape.members[payload]
        if member.type_name in ("blob", "string"):
            return not reply.framed
        return not member.is_event_stream and (payload in shape.required_members or not reply.framed)
    in_body = {name for name, member in shape.members.items() if member.traits.get("location") not in _HEAD}
    if not in_body:
        return False
    if operation.service_model.protocol in ENVELOPED:
        return True
    is_page = operation.paginator is not None  # an empty one would be a silent end of its list
    return is_page or not reply.framed or bool(in_body & set(shape.required_members))


def refuse_page(reply: Reply) -> None:
    """Raise WebPageError for a page in whose head nothing is of a service."""
    if ("html" in reply.headers.get("content-type", "") or is_web_page(reply.body)) and not any(
        name == "etag" or name.startswith("x-amz") for name in reply.headers
    ):
        raise WebPageError


def is_web_page(body: bytes) -> bool:
    """Whether a body is HTML or XHTML, as far as its beginning tells."""
    beginning = body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return beginning.startswith((b"<html", b"<!doctype html")) or (
        beginning.startswith((b"<?xml", b"<!--")) and (b"<html" in beginning or b"<!doctype html" in beginning)
    )


def described(reply: Reply, operation: OperationModel | None = None) -> str:
    """What an answer looks like that could not be read: status, content type, the beginning of the body.

    What may be a piece of the operation's output is left out where that may hold a secret.
    """
    kind = reply.headers.get("content-type", "no content type")
    beginning = reply.body[:SHOWN].decode("utf-8", "replace")
    more = " …" if len(reply.body) > SHOWN else ""
    text = f"The answer: HTTP {reply.status}, {kind}, {len(reply.body)} bytes"
    is_document = reply.body.lstrip()[:1] in DOCUMENTS and not is_web_page(reply.body)
    hides = operation and is_document and resolve_name(MAY_HOLD_SECRETS)(operation.output_shape)
    return f"{text}: {beginning!r}{more}" if reply.body and not hides else text
