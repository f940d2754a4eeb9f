"""Tagged unions: exactly one member is set, and it may be one that this model does not know yet."""

from collections.abc import Collection, Mapping
from typing import Any

from awsmini.errors import ResponseParseError
from awsmini.model.shapes import Shape


def unknown_member(shape: Shape, value: Mapping[str, Any], wire_names: Collection[str]) -> str | None:
    """The name on the wire of the member that is set, where the model lacks it; None where it is known.

    Raises ResponseParseError unless exactly one member is set. A `__type` beside it does not count.
    """
    set_members = [name for name, member in value.items() if member is not None and name != "__type"]
    if len(set_members) != 1:
        raise not_one_member(shape)
    return None if set_members[0] in wire_names else set_members[0]


def unknown(name: str) -> dict[str, Any]:
    """What stands in the output for a union whose member the model lacks."""
    return {"SDK_UNKNOWN_MEMBER": {"name": name}}


def not_one_member(shape: Shape) -> ResponseParseError:
    return ResponseParseError(f"Invalid service response: {shape.name} must have one and only one member set.")
