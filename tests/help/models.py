"""Models for tests of help, written as short as they can be."""

import json
from typing import Any

from awsmini.help.footnotes import footnotes
from awsmini.help.layout import lay_out
from awsmini.model.load import ModelLines
from awsmini.model.shapes import ServiceModel, Shape
from awsmini.params.arguments import Argument, option

METADATA = {
    "apiVersion": "2020-02-20",
    "endpointPrefix": "zoo",
    "protocol": "rest-json",
    "serviceFullName": "Amazon Zoo",
    "serviceId": "Zoo",
    "signatureVersion": "v4",
    "uid": "zoo-2020-02-20",
}
SCALARS = {"String": "string", "Integer": "integer", "Boolean": "boolean", "Blob": "blob", "Timestamp": "timestamp"}


def service(
    shapes: dict[str, Any] | None = None,
    operations: dict[str, Any] | None = None,
    more: dict[tuple[str, str], Any] | None = None,
) -> ServiceModel:
    """A service `zoo`. Shapes named String, Integer, Boolean, Blob and Timestamp are there already."""
    facts: dict[tuple[str, str], Any] = {("service", "zoo"): {"metadata": METADATA}}
    facts |= {("shape", name): {"type": kind} for name, kind in SCALARS.items()}
    facts |= {("shape", name): traits for name, traits in (shapes or {}).items()}
    facts |= {("operation", name): {"name": name, **line} for name, line in (operations or {}).items()}
    facts |= more or {}
    lines = sorted(
        f"{kind}\t{name}\t{json.dumps(value, separators=(',', ':'))}".encode() for (kind, name), value in facts.items()
    )
    return ServiceModel(ModelLines("zoo", b"\n".join(lines)))


def structure(**members: str | dict[str, Any]) -> dict[str, Any]:
    """`structure(Name="String")`; a member may be a whole reference."""
    return {
        "type": "structure",
        "members": {name: {"shape": of} if isinstance(of, str) else of for name, of in members.items()},
    }


def list_of(shape: str, **traits: Any) -> dict[str, Any]:
    return {"type": "list", "member": {"shape": shape}, **traits}


def map_of(key: str, value: str, **traits: Any) -> dict[str, Any]:
    return {"type": "map", "key": {"shape": key}, "value": {"shape": value}, **traits}


def argument(shape: Shape, name: str = "cage", **more: Any) -> Argument:
    return option(name, shape=shape, **more)


def shown(blocks: Any, width: int = 80) -> str:
    """Blocks as plain text."""
    return "\n".join(" " * line.indent + line.text for line in lay_out(footnotes(blocks), width))
