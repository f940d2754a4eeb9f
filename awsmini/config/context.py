"""Values that endpoint rules take from deep in an operation's input.

The models use a handful of JMESPath forms, all of DynamoDB: `A.B`, `keys(A)`, `A[*].B.C` and
`A[*].[B.C, D.C][]`. They are walked here; anything else is left to `awsmini.query_paths`, which loads jmespath.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from awsmini.query_paths import compile_path

_KNOWN = r"\w+((\[\*\])?\.(\w+|\[[\w., ]+\]))*(\[\])?"  # re compiles them when they are first needed
_STEPS = r"\w+|\[\*\]|\[[\w., ]+\]"


def find(path: str, value: Any) -> Any:
    """What a JMESPath finds in a value; None where there is nothing."""
    if path.startswith("keys(") and path.endswith(")"):
        found = find(path[5:-1], value)
        return list(found) if isinstance(found, Mapping) else None
    if not re.fullmatch(_KNOWN, path):
        return compile_path(path)(value)
    found = _walk(re.findall(_STEPS, path), value)
    return _flat(found) if path.endswith("[]") else found


def _walk(steps: Sequence[str], value: Any) -> Any:
    for at, step in enumerate(steps):
        if step == "[*]":
            if not isinstance(value, list):
                return None
            found = (_walk(steps[at + 1 :], item) for item in value)
            return [item for item in found if item is not None]
        if value is None:
            return None
        if step.startswith("["):
            return [find(path.strip(), value) for path in step[1:-1].split(",")]
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _flat(value: Any) -> Any:
    """A list with the lists in it opened, one level, and nothing where there was null."""
    if not isinstance(value, list):
        return None
    opened = (item if isinstance(item, list) else [item] for item in value)
    return [item for items in opened for item in items if item is not None]
