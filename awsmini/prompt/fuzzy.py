"""Fuzzy matching: `dscinst` finds describe-instances."""

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def ranked(typed: str, items: Iterable[T], text: Callable[[T], str]) -> list[T]:
    """The items whose text has the typed characters in that order, in whatever case, the best first.

    Those come first where they stand close together, then those where they stand near the beginning. All items, as
    they are, where nothing is typed.
    """
    if not typed:
        return list(items)
    found: list[tuple[tuple[int, int, str], T]] = []
    for item in items:
        name = text(item)
        place = _place(typed.lower(), name.lower())
        if place is not None:
            found.append(((*place, name), item))
    return [item for _, item in sorted(found, key=lambda each: each[0])]


def _place(typed: str, name: str) -> tuple[int, int] | None:
    """How many characters the leftmost match spans, and where it begins."""
    first = at = name.find(typed[0])
    for character in typed[1:]:
        if at < 0:
            return None
        at = name.find(character, at + 1)
    return None if at < 0 else (at + 1 - first, first)
