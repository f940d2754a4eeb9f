"""XML bodies: each shape compiled once into a closure from element to value (for rest-xml, query and ec2).

expat's own tree is the quickest start (handlers in Python cost more than the whole tree does). A sequence of
tags that a structure is met with often gets a function of its own, generated as the one expression that makes
the output of such elements; that halves what is left. Shapes that never arrive are never compiled.
"""

import base64
from collections.abc import Callable, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLParser

from awsmini.errors import NoAnswerError, ResponseParseError
from awsmini.model.shapes import ListShape, MapShape, Shape, StructureShape
from awsmini.parse import unions
from awsmini.parse.codec import MAX_PARTS, Assemble, Convert, Meetings, Part, generated, writer_of
from awsmini.parse.codec import OFTEN as OFTEN
from awsmini.parse.presence import WebPageError
from awsmini.parse.timestamps import CONVERTERS
from awsmini.records import Conversions, Output, Reply

Containers = StructureShape | ListShape | MapShape
HEADER_LOCATIONS = frozenset({"header", "headers", "statusCode"})
WEB_PAGE = "html"  # the root of a page that is well-formed: a sign-in, a proxy

_tag = attrgetter("tag")


class _LocalNames(dict[str, str]):
    """Tags without their `{namespace}`, remembered."""

    def __missing__(self, tag: str) -> str:
        name = self[tag] = tag.rpartition("}")[2]
        return name


local_name = _LocalNames().__getitem__


def root_of(body: bytes) -> Element:
    """The root element; raises NoAnswerError where the body is not well-formed XML."""
    parser = XMLParser(encoding="utf-8")
    try:
        parser.feed(body)
        root: Element = parser.close()
    except ParseError as error:
        raise NoAnswerError(
            f"Unable to parse response ({error}), invalid XML received. Further retries may succeed."
        ) from error
    return root


def answer_of(body: bytes) -> Element:
    """The root element of a success. Raises NoAnswerError for a web page too, which may be well-formed."""
    root = root_of(body)
    if local_name(root.tag).lower() == WEB_PAGE:
        raise WebPageError
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
        return answer_of(body) if body else Element("")

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
        structure = _Structure(shape, self)
        functions = structure.functions

        def parse(node: Element) -> dict[str, Any]:
            tags = tuple(map(_tag, node))
            made: dict[str, Any] = (functions.get(tags) or structure.function_for(tags))(node)
            return made

        return parse

    def of_member(self, holder: StructureShape, name: str, member: Shape) -> Convert:
        """What makes a member of its element or, where it is flattened, of its elements."""
        write = writer_of(self, holder, name, member)
        return self.of_element(member) if write is None else write

    def expression(self, part: Part, known: dict[str, Any]) -> tuple[str, type | None]:
        """The source of what makes a scalar's value, and the type that it has, where that is known."""
        convert = self.of_text(part.member)
        if convert is None:
            return f"{part.wire}.text or ''", str
        name = f"c{len(known)}"
        known[name] = convert
        return f"{name}({part.wire}.text or '')", int if convert is int else None

    def forms(self, shape: StructureShape) -> "_Structure":
        return _Structure(shape, self)


class _Structure:
    """How one structure's elements are parsed, found out when the first of them comes."""

    form = "tuple(map(tag, value))"

    def __init__(self, shape: StructureShape, codec: XmlCodec) -> None:
        self.functions: dict[tuple[str, ...], Convert] = {}
        self._shape = shape
        self._codec = codec
        self._meetings = Meetings()
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
    def _is_special(self) -> bool:
        """Whether tags do not say everything about an element."""
        return self._shape.is_tagged_union or any("xmlAttribute" in member.traits for _, _, member in self._members)

    def is_worth_a_function(self, tags: tuple[str, ...]) -> bool:
        if self._is_special or len(tags) > MAX_PARTS or len(set(tags)) < len(tags):
            return False
        return self._meetings.often(tags)

    def function_for(self, tags: tuple[str, ...]) -> Convert:
        """What parses an element whose children have these tags."""
        if not self.is_worth_a_function(tags):
            return self._parse
        found = self.functions[tags] = self.generate(tags, self._output)
        return found

    def parts(self, tags: Sequence[str]) -> list[Part]:
        index_of = {local_name(tag): index for index, tag in enumerate(tags)}
        return [
            Part(name, member, f"(n{index_of[wire]},)" if is_flattened(member) else f"n{index_of[wire]}")
            for name, wire, member in self._members
            if wire in index_of
        ]

    def generate(self, tags: Sequence[str], assemble: Assemble, arguments: str = "value") -> Callable[..., Any]:
        """A function for elements with these tags, no two of them the same."""
        known: dict[str, Any] = {}
        children = "".join(f"n{index}, " for index in range(len(tags)))
        return generated(children and f"{children}= value", assemble(self.parts(tags), known), known, arguments)

    def _output(self, parts: Sequence[Part], known: dict[str, Any]) -> str:
        """`{member: value …}`."""
        members = []
        for part in parts:
            if isinstance(part.member, Containers):
                convert = f"c{len(known)}"
                known[convert] = self._codec.of_member(self._shape, part.name, part.member)
                members.append(f"{part.name!r}: {convert}({part.wire})")
            else:
                members.append(f"{part.name!r}: {self._codec.expression(part, known)[0]}")
        return f"{{{', '.join(members)}}}"

    def _parse(self, node: Element) -> dict[str, Any]:
        """The output of any element, with repeated tags (flattened lists), with attributes, of a union."""
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
            convert = self._codec.of_member(self._shape, name, member)
            found = convert if is_flattened(member) else lambda nodes: convert(nodes[0])
            self._converters[name] = found
        return found


def is_flattened(shape: Shape) -> bool:
    """Whether the items or entries stand in the parent, with no element around them."""
    return bool(shape.traits.get("flattened")) and isinstance(shape, (ListShape, MapShape))


def wire_name(name: str, member: Shape) -> str:
    """The tag of a member's element; a flattened list goes by the name of its items, where they have one."""
    if isinstance(member, ListShape) and is_flattened(member):
        item_name: str | None = member.member.traits.get("locationName")
        if item_name is not None:
            return item_name
    found: str = member.traits.get("locationName", name)
    return found


def _attributes(node: Element, prefix: str) -> dict[str, str]:
    """The attributes of an element; those with a namespace are named as if `prefix` stood for it."""
    named = ((key.rpartition("}"), value) for key, value in node.attrib.items())
    return {f"{prefix}:{name}" if namespace else name: value for (_, namespace, name), value in named}
