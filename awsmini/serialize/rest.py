"""What rest-json and rest-xml share: members go to the path, the query, the headers or the body."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from awsmini.model.shapes import ListShape, OperationModel, Shape, StructureShape
from awsmini.serialize.parts import (
    Parts,
    bad_params,
    base64_text,
    blob_bytes,
    expect_member,
    is_json_header,
    kept_in_shape,
    special_float,
)
from awsmini.serialize.timestamps import formatter, to_utc
from awsmini.serialize.url import percent_encode


class Placed:
    """The parameters by where they go."""

    def __init__(self) -> None:
        self.labels: dict[str, Any] = {}
        self.query: dict[str, Any] = {}
        self.headers: dict[str, str] = {}
        self.body: dict[str, Any] = {}


Write = Callable[[Shape, Any], bytes]  # a shape and a value of it, as a body
Placer = Callable[[Placed, Any], None]
Text = Callable[[Any], Any]


def place(operation: OperationModel, params: Mapping[str, Any]) -> Placed:
    """The parameters of a REST operation, each in the form of its place."""
    placed = Placed()
    shape = operation.input_shape
    if shape:
        placers = _placers(shape)
        for name, value in params.items():
            if value is not None:
                placers(name)(placed, value)
    return placed


def parts(operation: OperationModel, params: Mapping[str, Any], uri: str, write: Write, empty: bytes = b"") -> Parts:
    """The request of a REST operation, without the content type.

    `uri` is its path with `{Labels}`, `empty` the body of an operation that takes one and was given nothing for it.
    """
    placed = place(operation, params)
    return Parts(
        method=operation.http.get("method", "POST"),
        path=_path(uri, placed.labels),
        query=placed.query,
        headers=placed.headers,
        body=_body(operation.input_shape, params, placed, write, empty) if operation.input_shape else b"",
    )


def sends_as_is(shape: StructureShape | None) -> bool:
    """Whether the body is a blob or a text, sent as it is."""
    payload = shape.traits.get("payload") if shape else None
    return bool(shape and payload and expect_member(shape, payload).type_name in ("blob", "string"))


def _body(
    shape: StructureShape, params: Mapping[str, Any], placed: Placed, write: Write, empty: bytes
) -> bytes | BinaryIO:
    payload: str = shape.traits.get("payload", "")
    if sends_as_is(shape):
        content: Any = params.get(payload) or b""
        stream: BinaryIO | bytes = content if hasattr(content, "read") else blob_bytes(content)
        return stream
    if payload:
        value = params.get(payload)
        return empty if value is None else write(expect_member(shape, payload), value)
    if placed.body:
        return write(shape, placed.body)
    has_body = any("location" not in reference for reference in shape.traits.get("members", {}).values())
    return empty if has_body else b""


def _path(uri: str, labels: Mapping[str, Any]) -> str:
    """The path with its labels filled in; slashes stay in a greedy label, `{Key+}`."""

    def fill(found: re.Match[str]) -> str:
        name = found[1].removesuffix("+")
        if name not in labels:
            raise bad_params(f'Missing required parameter in input: "{name}"')
        return percent_encode(labels[name], safe="/" if found[1].endswith("+") else "")

    return re.sub("{(.*?)}", fill, uri)


# Where one member goes, compiled once for each --------------------------------------------------------------------


def _make_placers(shape: Shape) -> Callable[[str], Placer]:
    assert isinstance(shape, StructureShape)
    known: dict[str, Placer] = {}
    return lambda name: known.get(name) or known.setdefault(name, _placer(expect_member(shape, name), name))


_placers = kept_in_shape("rest_placers", _make_placers)


def _placer(member: Shape, name: str) -> Placer:
    wire_name = member.traits.get("locationName", name)
    return _PLACERS.get(member.traits.get("location", ""), _to_body)(member, wire_name, name)


def _to_body(_member: Shape, _wire_name: str, name: str) -> Placer:
    return lambda placed, value: placed.body.__setitem__(name, value)


def _to_uri(member: Shape, wire_name: str, _name: str) -> Placer:
    text = _uri_text(member)
    return lambda placed, value: placed.labels.__setitem__(wire_name, text(value))


def _to_query(member: Shape, wire_name: str, _name: str) -> Placer:
    if member.type_name == "map":
        return _put_query_map
    if isinstance(member, ListShape):
        element = _uri_text(member.member)
        return lambda placed, value: placed.query.__setitem__(wire_name, [element(item) for item in value])
    text = _uri_text(member)
    return lambda placed, value: placed.query.__setitem__(wire_name, text(value))


def _put_query_map(placed: Placed, value: Mapping[str, Any]) -> None:
    for key, item in value.items():
        placed.query.setdefault(key, item)  # a member of the same name wins


def _to_header(member: Shape, wire_name: str, _name: str) -> Placer:
    text = _header_text(member)

    def put(placed: Placed, value: Any) -> None:
        if value or member.type_name != "list":  # an empty list gives no header
            placed.headers[wire_name] = text(value)

    return put


def _to_headers(_member: Shape, prefix: str, _name: str) -> Placer:
    return lambda placed, value: placed.headers.update({prefix + key: str(item) for key, item in value.items()})


_PLACERS: dict[str, Callable[[Shape, str, str], Placer]] = {
    "uri": _to_uri,
    "querystring": _to_query,
    "header": _to_header,
    "headers": _to_headers,
}


# The text of a value outside the body -----------------------------------------------------------------------------


def _uri_text(shape: Shape) -> Text:
    """How a value reads in a path or a query string, before it is percent-encoded."""
    if shape.type_name == "timestamp":
        return formatter(shape.traits.get("timestampFormat", "iso8601"))
    return _URI_TEXTS.get(shape.type_name, _same)


def _header_text(shape: Shape) -> Text:
    """How a value reads in a header."""
    if shape.type_name == "timestamp":
        return _header_date(shape.traits.get("timestampFormat", "rfc822"))
    if isinstance(shape, ListShape):
        element = _quoted if shape.member.type_name == "string" else _header_text(shape.member)
        return lambda value: ",".join(element(item) for item in value if item is not None)
    if is_json_header(shape):
        return lambda value: base64_text(json.dumps(value, separators=(",", ":")))
    return _HEADER_TEXTS.get(shape.type_name, str)


def _header_date(format_name: str) -> Text:
    form = formatter(format_name)
    return lambda value: str(form(to_utc(value).replace(microsecond=0)))


def _quoted(text: str) -> str:
    """An element of a list in a header, in quotes where it holds what lists are made with."""
    return '"' + text.replace('"', '\\"') + '"' if '"' in text or "," in text else text


def _same(value: Any) -> Any:
    return value


def _lower(value: Any) -> str:
    return str(value).lower()


def _number(value: Any) -> str:
    return str(special_float(value))


_URI_TEXTS: dict[str, Text] = {"boolean": _lower, "float": _number, "double": _number}
_HEADER_TEXTS: dict[str, Text] = {"boolean": _lower, "float": _number, "double": _number, "blob": base64_text}
