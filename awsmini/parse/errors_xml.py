"""The error itself, where the body is XML."""

from typing import Any
from xml.etree.ElementTree import Element

from awsmini.errors import ResponseParseError
from awsmini.parse import rest
from awsmini.parse.errors import from_page
from awsmini.parse.xml import children_by_name, local_name, root_of
from awsmini.records import Output, Reply


def from_query(reply: Reply) -> Output:
    """`<ErrorResponse><Error>…</Error><RequestId>…` or `<Response><Errors><Error>…`."""
    return _error(_members(root_of(reply.body)), "RequestId")


def from_ec2(reply: Reply) -> Output:
    """As for query, but the id is in `RequestID`."""
    return _error(_members(root_of(reply.body)), "RequestID", "RequestId")


def from_rest_xml(reply: Reply) -> Output:
    """S3's `<Error>` or the others' `<ErrorResponse>`; the status where the body is neither."""
    try:
        if reply.body:
            return _from_body(reply)
    except ResponseParseError:
        pass  # something in between answered; the status is all there is
    ids = {"RequestId": reply.headers.get("x-amz-request-id", ""), "HostId": reply.headers.get("x-amz-id-2", "")}
    return {"Error": from_page(reply), "ResponseMetadata": ids}


def _from_body(reply: Reply) -> Output:
    root = root_of(reply.body)
    members = _members(root)
    if local_name(root.tag) == "Error":
        members.pop("RequestId", None)  # both stand in the headers too
        members.pop("HostId", None)
        return {"Error": members, "ResponseMetadata": rest.request_ids(reply)}
    made = _error(members, "RequestId")
    return {**made, "Error": {"Message": "", "Code": "", **made["Error"]}}


def _error(members: Output, *id_names: str) -> Output:
    """What a document says of the error; if it is a web page, nothing."""
    if isinstance(members.get("Errors"), dict):
        members = {**members, **members["Errors"]}
    error = members.get("Error")
    ids = [members[name] for name in id_names if name in members]
    metadata = {"RequestId": ids[0]} if ids else {}
    return {"Error": error if isinstance(error, dict) else {}, "ResponseMetadata": metadata}


def _members(node: Element) -> dict[str, Any]:
    """Elements as nested dictionaries, with no model: the first of each name, its text where it has no children."""
    found = children_by_name(node)
    return {name: _members(nodes[0]) if len(nodes[0]) else nodes[0].text for name, nodes in found.items()}
