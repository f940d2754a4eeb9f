"""What a `"module:attribute"` reference names. Looked up once: the stages of a call ask for the same few each time."""

from functools import cache
from pkgutil import resolve_name as _resolve_name
from typing import Any


@cache
def resolve_name(reference: str) -> Any:
    """As `pkgutil.resolve_name`, which takes 10 µs each time."""
    return _resolve_name(reference)
