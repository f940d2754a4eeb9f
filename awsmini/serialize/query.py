"""The query protocol and EC2's dialect of it: parameters as a form, nested names joined with dots."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote_plus

from awsmini.model.shapes import ListShape, MapShape, OperationModel, Shape, StructureShape
from awsmini.serialize.parts import TEXTS, Parts, expect_member, kept_in_shape
from awsmini.serialize.timestamps import formatter

Pairs = list[tuple[str, Any]]
Writer = Callable[[Pairs, str, Any], None]  # adds the pairs of a value, their names beginning with a prefix


def serialize(operation: OperationModel, params: Mapping[str, Any]) -> Parts:
    """The request of an operation of a query service."""
    return _request(operation, params, QUERY)


def serialize_ec2(operation: OperationModel, params: Mapping[str, Any]) -> Parts:
    """The request of an operation of EC2."""
    return _request(operation, params, EC2)


def _request(operation: OperationModel, params: Mapping[str, Any], dialect: "Dialect") -> Parts:
    pairs: Pairs = [("Action", operation.name), ("Version", operation.metadata["apiVersion"])]
    if operation.input_shape:
        dialect.writer(operation.input_shape)(pairs, "", params)
    return Parts(
        method=operation.http.get("method", "POST"),
        headers={"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
        body=form_body(pairs),
    )


def form_body(pairs: Pairs) -> bytes:
    """The pairs as a form."""
    return "&".join(f"{quote_plus(name)}={quote_plus(str(value))}" for name, value in pairs).encode()


class Dialect(NamedTuple):
    """Where EC2 differs: the names of members, and lists that are always flat and say nothing when empty."""

    writer: Callable[[Shape], Writer]
    name: Callable[[Shape, str], str]  # of a member, and what it is called where the model names nothing
    lists: Callable[["Dialect", ListShape], Writer]


def _query_name(shape: Shape, default: str) -> str:
    found: str = shape.traits.get("locationName", default)
    return found


def _ec2_name(shape: Shape, default: str) -> str:
    if "queryName" in shape.traits:
        found: str = shape.traits["queryName"]
        return found
    name: str = shape.traits.get("locationName", "")
    return name[0].upper() + name[1:] if name else default


def _make(dialect: Dialect, shape: Shape) -> Writer:
    if isinstance(shape, StructureShape):
        return _structure(dialect, shape)
    if isinstance(shape, ListShape):
        return dialect.lists(dialect, shape)
    if isinstance(shape, MapShape):
        return _map(dialect, shape)
    if shape.type_name == "timestamp":
        text = formatter(shape.traits.get("timestampFormat", "iso8601"))
    else:
        text = TEXTS.get(shape.type_name, str)
    return lambda pairs, prefix, value: pairs.append((prefix, text(value)))


def _structure(dialect: Dialect, shape: StructureShape) -> Writer:
    members: dict[str, tuple[str, Writer]] = {}

    def member(name: str) -> tuple[str, Writer]:
        found = expect_member(shape, name)
        return members.setdefault(name, (dialect.name(found, name), dialect.writer(found)))

    def write(pairs: Pairs, prefix: str, value: Mapping[str, Any]) -> None:
        for name, item in value.items():
            if item is not None:
                wire_name, inner = members.get(name) or member(name)
                inner(pairs, f"{prefix}.{wire_name}" if prefix else wire_name, item)

    return write


def _list(dialect: Dialect, shape: ListShape) -> Writer:
    inner = dialect.writer(shape.member)
    flattened = shape.traits.get("flattened")
    name = shape.member.traits.get("locationName", "" if flattened else "member")

    def write(pairs: Pairs, prefix: str, value: list[Any]) -> None:
        if not value:
            pairs.append((prefix, ""))
            return
        if not flattened:
            prefix = f"{prefix}.{name}"
        elif name:  # takes the place of the list's own name
            parent, dot, _ = prefix.rpartition(".")
            prefix = f"{parent}{dot}{name}"
        for number, item in enumerate(value, 1):
            inner(pairs, f"{prefix}.{number}", item)

    return write


def _ec2_list(dialect: Dialect, shape: ListShape) -> Writer:
    inner = dialect.writer(shape.member)

    def write(pairs: Pairs, prefix: str, value: list[Any]) -> None:
        for number, item in enumerate(value, 1):
            inner(pairs, f"{prefix}.{number}", item)

    return write


def _map(dialect: Dialect, shape: MapShape) -> Writer:
    write_key, write_value = dialect.writer(shape.key), dialect.writer(shape.value)
    key_name, value_name = dialect.name(shape.key, "key"), dialect.name(shape.value, "value")
    entry = "" if shape.traits.get("flattened") else ".entry"

    def write(pairs: Pairs, prefix: str, value: Mapping[str, Any]) -> None:
        for number, (key, item) in enumerate(value.items(), 1):
            write_key(pairs, f"{prefix}{entry}.{number}.{key_name}", key)
            write_value(pairs, f"{prefix}{entry}.{number}.{value_name}", item)

    return write


QUERY: Dialect = Dialect(kept_in_shape("to_query", lambda shape: _make(QUERY, shape)), _query_name, _list)
EC2: Dialect = Dialect(kept_in_shape("to_ec2_query", lambda shape: _make(EC2, shape)), _ec2_name, _ec2_list)
