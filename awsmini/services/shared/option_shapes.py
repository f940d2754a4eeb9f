"""Options that no model describes, and that are more than a word: described in place, read as the API's own are.

    shape({"Name": str, "InstanceRole!": ("MASTER", "CORE", "TASK"), "Args": [str], "Properties": Map(str)})

A key that ends in `!` is required, a tuple of words is a text that is to be one of them, `[…]` is a list, and
`Map` goes from texts to what it holds. Shorthand, JSON, help and validation take the shape as any other.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, Union

from awsmini.model.load import ModelLines
from awsmini.model.shapes import ServiceModel, Shape

Description = Union[type, tuple[str, ...], list["Description"], Mapping[str, "Description"], "Map"]

_SCALARS = {str: "string", int: "integer", float: "double", bool: "boolean"}
_TEXT = "Text"


class Map(NamedTuple):
    """A map from texts to `value`."""

    value: Any  # a Description


class _Lines(ModelLines):
    """The shapes of one option, each under the path that leads to it."""

    def __init__(self) -> None:
        super().__init__("option", b"")
        self.shapes: dict[str, dict[str, Any]] = {_TEXT: {"type": "string"}}

    def get(self, kind: str, name: str) -> dict[str, Any] | None:
        return self.shapes.get(name) if kind == "shape" else None

    def add(self, name: str, description: Description) -> dict[str, str]:
        """Keep a shape, and those in it, and give the reference to it."""
        self.shapes[name] = self._traits(name, description)
        return {"shape": name}

    def _traits(self, name: str, description: Description) -> dict[str, Any]:
        if isinstance(description, Map):
            value = self.add(f"{name}.value", description.value)
            return {"type": "map", "key": {"shape": _TEXT}, "value": value}
        if isinstance(description, tuple):
            return {"type": "string", "enum": list(description)}
        if isinstance(description, list):
            return {"type": "list", "member": self.add(f"{name}.member", description[0])}
        if isinstance(description, Mapping):
            members = {key.rstrip("!"): self.add(f"{name}.{key}", inner) for key, inner in description.items()}
            required = [key.rstrip("!") for key in description if key.endswith("!")]
            return {"type": "structure", "members": members, "required": required}
        return {"type": _SCALARS[description]}


def shape(description: Description) -> Shape:
    """What is described, as a shape of a model of its own."""
    lines = _Lines()
    reference = lines.add("Option", description)
    return ServiceModel(lines).resolve_shape_ref(reference)
