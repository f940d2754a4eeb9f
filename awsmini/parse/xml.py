"""XML bodies: each shape compiled once into a closure from element to value (for rest-xml, query and ec2).

expat's own tree is the quickest start (handlers in Python cost more than the whole tree does). What is
compiled is a plan for each sequence of tags that a structure is met with: which texts make which members,
in the model's order, and what has to be made of some of them. Shapes that never arrive are never compiled.
"""

import base64
from collections.abc import Callable, Sequence
from functools import cached_property
from operator import attrgetter, itemgetter
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLParser

from awsmini.errors import ResponseParseError
from awsmini.model.shapes import ListShape, MapShape, Shape, StructureShape
from awsmini.parse import unions
from awsmini.parse.codec import Convert
from awsmini.parse.timestamps import CONVERTERS
from awsmini.records import Conversions, Output, Reply

# The members' names; what picks their texts; what is made of a text; what is made of the child at an index.
Plan = tuple[
    list[str],
    Callable[[Sequence[str]], Sequence[str]] | None,
    list[tuple[str, Convert]],
    list[tuple[str, int, Convert]],
]

Containers = StructureShape | ListShape | MapShape
HEADER_LOCATIONS = frozenset({"header", "headers", "statusCode"})
MAX_PLANS = 500  # a structure seldom has more than a few; this bounds the memory of one that has

_tag = attrgetter("tag")


class _LocalNames(dict[str, str]):
    """Tags without their `{namespace}`, remembered."""

    def __missing__(self, tag: str) -> str:
        name = self[tag] = tag.rpartition("}")[2]
        return name


local_name = _LocalNames().__getitem__


def root_of(body: bytes) -> Element:
    """The root element; raises ResponseParseError where the body is not well-formed XML."""
    parser = XMLParser(encoding="utf-8")
    try:
        parser.feed(body)
        root: Element = parser.close()
    except ParseError as error:
        raise ResponseParseError(
            f"Unable to parse response ({error}), invalid XML received. Further retries may succeed:\n{body!r}"
        ) from error
    return root


def children_by_name(node: Element) -> dict[str, list[Element]]:
    """The children under their local names, in the order of their first appearance."""
    found: dict[str, list[Element]] = {}
    for child in node:
        found.setdefault(local_name(child.tag), []).append(child)
    return found


def _error_root(root: Element) -> Element:
    """The element with the members of an error: the root, or what lies in its `ErrorResponse` or `Errors`."""
    found = children_by_name(root)
    if local_name(root.tag) == "ErrorResponse" and "Error" in found:
        return found["Error"][0]
    if "Errors" in found:
        return next((node for node in found["Errors"][0] if local_name(node.tag) == "Error"), root)
    return root


def _text(node: Element) -> str:
    return node.text or ""


class XmlCodec:
    """Makes the closures for the shapes of one service and one set of conversions."""

    def __init__(self, conversions: Conversions) -> None:
        self.conversions = conversions
        self.replies: dict[str, Callable[[Reply], Output]] = {}  # filled by rest
        self._of_text: dict[str, Convert] = {
            "timestamp": CONVERTERS[conversions.timestamps],
            "boolean": "true".__eq__,
            "integer": int,
            "long": int,
            "float": float,
            "double": float,
        }
        if conversions.blobs == "bytes":
            self._of_text["blob"] = base64.b64decode
        self._structures: dict[str, Convert] = {}

    def read(self, body: bytes) -> Element:
        return root_of(body) if body else Element("")

    def of_body(self, shape: Shape) -> Convert:
        convert = self.of_element(shape)
        if isinstance(shape, StructureShape) and shape.is_exception:
            return lambda root: convert(_error_root(root))
        return (lambda root: convert((root,))) if is_flattened(shape) else convert

    def of_text(self, shape: Shape) -> Convert | None:
        """What makes the value of a scalar from its text; None where the text is the value."""
        return self._of_text.get(shape.type_name)

    def of_element(self, shape: Shape) -> Convert:
        """What makes a value from its element."""
        if isinstance(shape, StructureShape):
            found = self._structures.get(shape.name)
            if found is None:
                found = self._structures[shape.name] = self._structure(shape)
            return found
        if isinstance(shape, ListShape):
            return self._list(shape)
        if isinstance(shape, MapShape):
            return self._map(shape)
        convert = self.of_text(shape)
        return _text if convert is None else lambda node: convert(node.text or "")

    def of_elements(self, shape: Shape) -> Convert:
        """What makes the value of a member from all the elements of its name."""
        convert = self.of_element(shape)
        if is_flattened(shape):
            return convert
        return lambda nodes: convert(nodes[0])

    def _list(self, shape: ListShape) -> Convert:
        """Of a list's element, or, where it is flattened, of the elements that are its items."""
        member = shape.member
        if not isinstance(member, Containers):
            convert = self.of_text(member)
            if convert is None:
                return lambda nodes: [node.text or "" for node in nodes]
            return lambda nodes: [convert(node.text or "") for node in nodes]
        of_item = self.of_element(member)
        return lambda nodes: [of_item(node) for node in nodes]

    def _map(self, shape: MapShape) -> Convert:
        """Of a map's element, or, where it is flattened, of the elements that are its entries."""
        key_name = shape.key.serialization.get("name") or "key"
        value_name = shape.value.serialization.get("name") or "value"
        of_key, of_value = self.of_element(shape.key), self.of_element(shape.value)

        def parse(entries: Sequence[Element]) -> dict[Any, Any]:
            made = {}
            for entry in entries:
                key = value = None
                for child in entry:
                    name = local_name(child.tag)
                    if name == key_name:
                        key = of_key(child)
                    elif name == value_name:
                        value = of_value(child)
                    else:
                        raise ResponseParseError(f"Unknown tag: {name}")
                made[key] = value
            return made

        return parse

    def _structure(self, shape: StructureShape) -> Convert:
        plans: dict[tuple[str, ...], Plan] = {}
        planner = _Planner(shape, self)

        def parse(node: Element) -> dict[str, Any]:
            tags = tuple(map(_tag, node))
            plan = plans.get(tags)
            if plan is None:
                if planner.is_special or len(set(tags)) < len(tags):
                    return planner.parse_slowly(node)
                if len(plans) >= MAX_PLANS:
                    plans.clear()
                plan = plans[tags] = planner.plan(tags)
            names, pick, of_text, of_element = plan
            texts: Sequence[str] = [child.text or "" for child in node]
            made: dict[str, Any] = dict(zip(names, texts if pick is None else pick(texts), strict=False))
            for name, convert in of_text:
                made[name] = convert(made[name])
            for name, index, convert in of_element:
                made[name] = convert(node[index])
            return made

        return parse


class _Planner:
    """What parsing one structure needs to know of its shape, found out when its first element comes."""

    def __init__(self, shape: StructureShape, codec: XmlCodec) -> None:
        self._shape = shape
        self._codec = codec
        self._converters: dict[str, Convert] = {}

    @cached_property
    def _members(self) -> list[tuple[str, str, Shape]]:
        """Name, name on the wire and shape of the members that a body has."""
        return [
            (name, wire_name(name, member), member)
            for name, member in self._shape.members.items()
            if member.traits.get("location") not in HEADER_LOCATIONS and not member.traits.get("eventheader")
        ]

    @cached_property
    def is_special(self) -> bool:
        """Whether tags do not say everything about an element."""
        return self._shape.is_tagged_union or any("xmlAttribute" in member.traits for _, _, member in self._members)

    def plan(self, tags: Sequence[str]) -> Plan:
        """The plan for elements whose children have these tags, no two of them the same."""
        index_of = {local_name(tag): index for index, tag in enumerate(tags)}
        present = [(name, index_of[wire], member) for name, wire, member in self._members if wire in index_of]
        of_text: list[tuple[str, Convert]] = []
        of_element: list[tuple[str, int, Convert]] = []
        for name, index, member in present:
            if isinstance(member, Containers):
                convert = self._codec.of_element(member)
                of_element.append((name, index, _of_only(convert) if is_flattened(member) else convert))
            elif (scalar := self._codec.of_text(member)) is not None:
                of_text.append((name, scalar))
        names = [name for name, _, _ in present]
        return names, _picker([index for _, index, _ in present], len(tags)), of_text, of_element

    def parse_slowly(self, node: Element) -> dict[str, Any]:
        """Any element of the structure: with repeated tags (flattened lists), attributes, or a union's."""
        found = children_by_name(node)
        if self._shape.is_tagged_union:
            unknown = unions.unknown_member(self._shape, found, [wire for _, wire, _ in self._members])
            if unknown is not None:
                return unions.unknown(unknown)
        made = {}
        for name, wire, member in self._members:
            if wire in found:
                made[name] = self._converter(name, member)(found[wire])
            elif "xmlAttribute" in member.traits:
                attributes = _attributes(node, wire.partition(":")[0])
                if wire in attributes:
                    made[name] = attributes[wire]
        return made

    def _converter(self, name: str, member: Shape) -> Convert:
        found = self._converters.get(name)
        if found is None:
            found = self._converters[name] = self._codec.of_elements(member)
        return found


def is_flattened(shape: Shape) -> bool:
    """Whether the items or entries stand in the parent, with no element around them."""
    return bool(shape.traits.get("flattened")) and isinstance(shape, ListShape | MapShape)


def wire_name(name: str, member: Shape) -> str:
    """The tag of a member's element; a flattened list goes by the name of its items, where they have one."""
    if isinstance(member, ListShape) and is_flattened(member):
        item_name: str | None = member.member.traits.get("locationName")
        if item_name is not None:
            return item_name
    found: str = member.traits.get("locationName", name)
    return found


def _of_only(convert: Convert) -> Convert:
    return lambda node: convert((node,))


def _picker(indexes: list[int], count: int) -> Callable[[Sequence[str]], Sequence[str]] | None:
    """What takes these positions out of `count` texts; None where it would take all as they stand."""
    if indexes == list(range(count)):
        return None
    if len(indexes) > 1:
        return itemgetter(*indexes)
    return lambda texts: [texts[index] for index in indexes]


def _attributes(node: Element, prefix: str) -> dict[str, str]:
    """The attributes of an element; those with a namespace are named as if `prefix` stood for it."""
    named = ((key.rpartition("}"), value) for key, value in node.attrib.items())
    return {f"{prefix}:{name}" if namespace else name: value for (_, namespace, name), value in named}
