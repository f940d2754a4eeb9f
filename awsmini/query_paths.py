"""Paths into output, as paginators and waiters name them: JMESPath, of which most need only the dots.

A plain path (`Contents`, `DistributionList.Items`) is walked here; anything more is handed to jmespath,
which is not loaded before that.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from pkgutil import resolve_name
from typing import Any

_PLAIN = r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*"  # re compiles it when it is first needed
COMPILE = "awsmini.query:compile"

Search = Callable[[Any], Any]


def compile_path(path: str) -> Search:
    """A function from a value to what stands at `path` in it; None where there is nothing."""
    if not re.fullmatch(_PLAIN, path):
        search: Search = resolve_name(COMPILE)(path).search
        return search
    names = path.split(".")

    def walk(value: Any) -> Any:
        for name in names:
            if not isinstance(value, Mapping):
                return None
            value = value.get(name)
        return value

    return walk


def assign(target: dict[str, Any], path: str, value: Any) -> None:
    """Set what stands at a plain `path`, making the maps on the way, also where there is a null."""
    *parents, last = path.split(".")
    for name in parents:
        if target.get(name) is None:
            target[name] = {}
        target = target[name]
    target[last] = value


def as_list(value: str | Sequence[str] | None) -> list[str]:
    """The model writes one path as a string and several as a list."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)
