"""JSON bodies: each shape compiled once into a closure from JSON value to output; and the `json` protocol.

Most of a JSON answer is output already. What is compiled is a plan for each sequence of keys that a structure
is met with, so that one whose members come under their own names, in the model's order, none of them unknown,
is handed on as it is, and only members that need converting are touched. Null members are absent ones.
"""

import base64
import json
from collections.abc import Callable, Sequence
from functools import cached_property
from pkgutil import resolve_name
from typing import Any

from awsmini.errors import REDACT, NoAnswerError
from awsmini.model.shapes import ListShape, MapShape, OperationModel, Shape, StructureShape
from awsmini.parse import unions
from awsmini.parse.codec import (
    MAX_PARTS,
    NO_STRUCTURE,
    OPEN_STREAM,
    Assemble,
    Codec,
    Convert,
    Meetings,
    Part,
    WireProtocol,
    codec_of,
    generated,
    request_id,
    writer_of,
)
from awsmini.parse.timestamps import CONVERTERS
from awsmini.records import Conversions, Output, Reply

# (member, key) in the model's order, or None where the object is right as it came; and the members to convert.
Plan = tuple[list[tuple[str, str]] | None, list[tuple[str, Convert]]]

BOM = b"\xef\xbb\xbf"
Plans = dict[tuple[str, ...], Plan]  # by the keys that an object came with

LONGEST_TEXT = 2000  # bytes of an error that is no JSON in its message
MAX_PLANS = 500  # a structure seldom has more than a few; this bounds the memory of one that has


def read_json(body: bytes) -> Any:
    """The value of a body, which may begin with a byte order mark; an empty one is an empty structure.

    Raises NoAnswerError for what is no JSON.
    """
    if not body:
        return {}
    try:
        return json.loads(body.removeprefix(BOM).decode())
    except (ValueError, RecursionError) as error:
        raise NoAnswerError(
            f"Unable to parse response ({error}), invalid JSON received. Further retries may succeed."
        ) from error


def read_json_error(body: bytes) -> Any:
    """The value of an error's body. As botocore has it, text that is no JSON is the `message` of a structure."""
    try:
        return read_json(body)
    except NoAnswerError:
        text = body[:LONGEST_TEXT].decode("utf-8", "replace")
        return {"message": resolve_name(REDACT)(text) + (" …" if len(body) > LONGEST_TEXT else "")}


class JsonCodec:
    """Makes the closures for the shapes of one service and one set of conversions."""

    def __init__(self, conversions: Conversions) -> None:
        self.conversions = conversions
        self.scalars: dict[str, Convert] = {"timestamp": CONVERTERS[conversions.timestamps]}
        if conversions.blobs == "bytes":
            self.scalars["blob"] = base64.b64decode
        self._structures: dict[str, Convert] = {}
        self._plans: dict[str, Plans] = {}  # of structures that are no unions

    def read(self, body: bytes) -> Any:
        return read_json(body)

    def of_body(self, shape: Shape) -> Convert:
        found = self.of_value(shape)
        if found is None:
            return list if isinstance(shape, ListShape) else _itself
        return found

    def of_value(self, shape: Shape) -> Convert | None:
        """What makes the output of a JSON value other than null; None where the value is the output."""
        if isinstance(shape, StructureShape):
            return None if shape.is_document_type else self._structure(shape)
        if isinstance(shape, ListShape):
            of_item = self.of_value(shape.member)
            if of_item is None:
                return None
            plans = self._plans.get(shape.member.name)
            return _list_of(of_item) if plans is None else _list_of_structures(of_item, plans)
        if isinstance(shape, MapShape):
            return _map_of(self.of_value(shape.key), self.of_value(shape.value))
        return self.scalars.get(shape.type_name)

    def key_of(self, name: str, member: Shape) -> str:
        """The key that a member comes under."""
        key: str = member.traits.get("locationName", name)
        return key

    def of_member(self, holder: StructureShape, name: str, member: Shape) -> Convert | None:
        """What makes a member of its value; None where the value is the output."""
        write = writer_of(self, holder, name, member)
        return self.of_value(member) if write is None else write

    def expression(self, part: Part, known: dict[str, Any]) -> tuple[str, type | None]:
        """The source of what makes a scalar's value, and the type that it has, which is never known."""
        convert = self.of_value(part.member)
        if convert is None:
            return part.wire, None
        name = f"c{len(known)}"
        known[name] = convert
        return f"{name}({part.wire})", None

    def forms(self, shape: StructureShape) -> "_Planner":
        return _Planner(shape, self)

    def unknown_union(self, name: str) -> dict[str, Any]:
        """What is made of a union whose member of that name the model lacks."""
        return unions.unknown(name)

    def _structure(self, shape: StructureShape) -> Convert:
        found = self._structures.get(shape.name)
        if found is None:
            if shape.is_tagged_union:
                found = self._structures[shape.name] = _union(shape, self)
            else:
                plans = self._plans[shape.name] = {}
                found = self._structures[shape.name] = _structure(shape, self, plans)
        return found


def _itself(value: Any) -> Any:
    return value


def _list_of(of_item: Convert) -> Convert:
    return lambda items: [None if item is None else of_item(item) for item in items]


def _map_of(of_key: Convert | None, of_value: Convert | None) -> Convert | None:
    if of_key is not None:
        make_key, make_value = of_key, of_value or _itself
        return lambda map_: {make_key(key): None if item is None else make_value(item) for key, item in map_.items()}
    if of_value is not None:
        convert = of_value
        return lambda map_: {key: None if item is None else convert(item) for key, item in map_.items()}
    return None


def _list_of_structures(of_item: Convert, plans: Plans) -> Convert:
    """As `_list_of`, but what comes as the first item came, and is output as it came, is not looked at closely."""
    convert_all = _list_of(of_item)

    def parse(items: list[Any]) -> Any:
        if not items or not isinstance(items[0], dict):
            return convert_all(items)
        first = of_item(items[0])
        keys = tuple(items[0])
        members, conversions = plans.get(keys, ([], []))
        if members is not None or conversions:
            return [first, *convert_all(items[1:])]
        made = [first]
        for item in items[1:]:
            if item is None or (tuple(item) == keys and None not in item.values()):
                made.append(item)
            else:
                made.append(of_item(item))
        return made

    return parse


def _structure(shape: StructureShape, codec: JsonCodec, plans: Plans) -> Convert:
    planner = _Planner(shape, codec)

    def parse(value: dict[str, Any]) -> dict[str, Any]:
        if None in value.values():
            value = {key: item for key, item in value.items() if item is not None}
        keys = tuple(value)
        plan = plans.get(keys)
        if plan is None:
            if len(plans) >= MAX_PLANS:
                plans.clear()
            plan = plans[keys] = planner.plan(keys)
        members, conversions = plan
        made = value if members is None else {name: value[key] for name, key in members}
        for name, convert in conversions:
            made[name] = convert(made[name])
        return made

    return parse


class _Planner:
    """What parsing one structure needs to know of its shape, found out when its first object comes."""

    form = "None if None in value.values() else tuple(value)"

    def __init__(self, shape: StructureShape, codec: JsonCodec) -> None:
        self._shape = shape
        self._codec = codec
        self._meetings = Meetings()

    @cached_property
    def _members(self) -> list[tuple[str, str, Shape]]:
        """Name, key and shape of each member."""
        return [(name, self._codec.key_of(name, member), member) for name, member in self._shape.members.items()]

    def plan(self, keys: Sequence[str]) -> Plan:
        """The plan for objects with these keys, none of them null."""
        come = set(keys)
        present = [(name, key, member) for name, key, member in self._members if key in come]
        conversions = [
            (name, convert)
            for name, _, member in present
            if (convert := self._codec.of_member(self._shape, name, member)) is not None
        ]
        as_it_came = [name for name, _, _ in present] == list(keys)
        return None if as_it_came else [(name, key) for name, key, _ in present], conversions

    def is_worth_a_function(self, keys: tuple[str, ...] | None) -> bool:
        return keys is not None and len(keys) <= MAX_PARTS and self._meetings.often(keys)

    def parts(self, keys: Sequence[str]) -> list[Part]:
        index_of = {key: index for index, key in enumerate(keys)}
        return [Part(name, member, f"n{index_of[key]}") for name, key, member in self._members if key in index_of]

    def generate(self, keys: Sequence[str], assemble: Assemble, arguments: str = "value") -> Callable[..., Any]:
        """A function for objects with these keys, none of them null."""
        items = "".join(f"n{index}, " for index in range(len(keys)))
        known: dict[str, Any] = {}
        return generated(items and f"{items}= value.values()", assemble(self.parts(keys), known), known, arguments)


def _union(shape: StructureShape, codec: JsonCodec) -> Convert:
    """Of an object with one member. Most come under their own names and are output as they are."""
    members = {codec.key_of(name, member): (name, member) for name, member in shape.members.items()}
    as_they_are: set[str] = set()
    converters: dict[str, Convert] = {}

    def parse(value: dict[str, Any]) -> dict[str, Any]:
        if len(value) > 1:
            value = {key: item for key, item in value.items() if item is not None and key != "__type"}
        if len(value) != 1:
            raise unions.not_one_member(shape)
        (key,) = value
        item = value[key]
        if item is None:
            raise unions.not_one_member(shape)
        if key in as_they_are:
            return value
        if key in converters:
            return {members[key][0]: converters[key](item)}
        if key not in members:
            return codec.unknown_union(key)
        name, member = members[key]
        convert = codec.of_value(member)
        if convert is None and name == key:
            as_they_are.add(key)
        else:
            converters[key] = convert or _itself
        return parse(value)

    return parse


# The protocol --------------------------------------------------------------------------------------------------


def of_structure(shape: StructureShape, codec: Codec, body: bytes) -> Output:
    """The output of a body that is one structure."""
    value = codec.read(body)
    if not isinstance(value, dict):
        raise NoAnswerError(NO_STRUCTURE)
    made: Output = codec.of_body(shape)(value)
    return made


def _output(operation: OperationModel, reply: Reply, conversions: Conversions) -> Output:
    shape = operation.output_shape
    codec = codec_of(operation.service_model, JsonCodec, conversions)
    made: Output = {}
    if shape is not None and operation.has_event_stream_output:
        response, member, stream = resolve_name(OPEN_STREAM)(operation, reply, codec)
        made = {**of_structure(shape, codec, response), member: stream}
    elif shape is not None:
        made = of_structure(shape, codec, reply.body)
    made["ResponseMetadata"] = request_id(reply)
    return made


def _modeled_error(shape: StructureShape, reply: Reply, conversions: Conversions) -> Output:
    return of_structure(shape, codec_of(shape.service_model, JsonCodec, conversions), reply.body)


PROTOCOL = WireProtocol(_output, _modeled_error)
