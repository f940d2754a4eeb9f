"""Options that put their value into the first structure of a list."""

from typing import Any

from awsmini.params.arguments import Argument
from awsmini.params.context import ConversionError


def first_structure(params: dict[str, Any], member: str, argument: Argument) -> dict[str, Any]:
    """The first structure of a list in `params`, made where there is no list yet. Raises ConversionError."""
    found = params.setdefault(member, [{}])
    if not (isinstance(found, list) and found and isinstance(found[0], dict)):
        raise ConversionError(f"{argument.label} needs {member} to begin with a structure, which it does not")
    first: dict[str, Any] = found[0]
    return first
