"""XML, written straight to text: the bodies of rest-xml.

No element tree is built; text is escaped as the XML standard asks, carriage returns included, which a reader would
otherwise take for line feeds.
"""

from collections.abc import Callable, Mapping
from typing import Any

from awsmini.model.shapes import ListShape, MapShape, Shape, StructureShape
from awsmini.serialize.parts import TEXTS, expect_member, kept_in_shape
from awsmini.serialize.timestamps import formatter

Writer = Callable[[list[str], str, Any], None]  # adds the element of a name and a value to a list of texts


def xml_body(shape: Shape, value: Any) -> bytes:
    """A value as a document; the root is called what the model calls it, or like the shape."""
    out: list[str] = []
    writer(shape)(out, shape.traits.get("locationName", shape.name), value)
    return "".join(out).encode()


def escape_text(text: str) -> str:
    """Text between tags."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    return text.replace("\r", "&#xD;") if "\r" in text else text


def escape_attribute(text: str) -> str:
    """Text in double quotes; white space is written so that it is not normalized away."""
    return escape_text(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#09;")


def _element(out: list[str], name: str, attributes: str, content: str) -> None:
    if content:
        out.append(f"<{name}{attributes}>{content}</{name}>")
    else:
        out.append(f"<{name}{attributes} />")


def _make(shape: Shape) -> Writer:
    if isinstance(shape, StructureShape):
        return _structure(shape)
    if isinstance(shape, ListShape):
        return _list(shape)
    if isinstance(shape, MapShape):
        return _map(shape)
    return _scalar(shape)


writer = kept_in_shape("to_xml", _make)


def _scalar(shape: Shape) -> Writer:
    namespace = _namespace(shape)
    if shape.type_name == "timestamp":
        text: Callable[[Any], Any] = formatter(shape.traits.get("timestampFormat", "iso8601"))
    else:
        text = TEXTS.get(shape.type_name, str)
    return lambda out, name, value: _element(out, name, namespace, escape_text(str(text(value))))


def _structure(shape: StructureShape) -> Writer:
    namespace = _namespace(shape)
    members: dict[str, tuple[str, Writer | None]] = {}

    def member(name: str) -> tuple[str, Writer | None]:
        found = expect_member(shape, name)
        inner = None if found.traits.get("xmlAttribute") else writer(found)
        return members.setdefault(name, (found.traits.get("locationName", name), inner))

    def write(out: list[str], element: str, value: Mapping[str, Any]) -> None:
        content: list[str] = []
        attributes = namespace
        for name, item in value.items():
            if item is not None:
                wire_name, inner = members.get(name) or member(name)
                if inner:
                    inner(content, wire_name, item)
                else:
                    attributes += f' {wire_name}="{escape_attribute(str(item))}"'
        _element(out, element, attributes, "".join(content))

    return write


def _list(shape: ListShape) -> Writer:
    inner = writer(shape.member)
    namespace = _namespace(shape)
    item_name = shape.member.traits.get("locationName", "member")

    def flat(out: list[str], element: str, value: list[Any]) -> None:
        for item in value:
            inner(out, element, item)

    def nested(out: list[str], element: str, value: list[Any]) -> None:
        content: list[str] = []
        flat(content, item_name, value)
        _element(out, element, namespace, "".join(content))

    return flat if shape.traits.get("flattened") else nested


def _map(shape: MapShape) -> Writer:
    write_key, write_value = writer(shape.key), writer(shape.value)
    namespace = _namespace(shape)
    key_name = shape.key.traits.get("locationName", "key")
    value_name = shape.value.traits.get("locationName", "value")

    def flat(out: list[str], element: str, value: Mapping[str, Any]) -> None:
        for key, item in value.items():
            entry: list[str] = []
            write_key(entry, key_name, key)
            write_value(entry, value_name, item)
            _element(out, element, "", "".join(entry))

    def nested(out: list[str], element: str, value: Mapping[str, Any]) -> None:
        content: list[str] = []
        flat(content, "entry", value)
        _element(out, element, namespace, "".join(content))

    return flat if shape.traits.get("flattened") else nested


def _namespace(shape: Shape) -> str:
    """The `xmlns` attribute that the model gives the shape, if any; a string or `{"uri", "prefix"}`."""
    named = shape.traits.get("xmlNamespace")
    if not named:
        return ""
    if isinstance(named, str):
        return f' xmlns="{escape_attribute(named)}"'
    prefix = f":{named['prefix']}" if named.get("prefix") else ""
    return f' xmlns{prefix}="{escape_attribute(named["uri"])}"'
