"""Parts of messages that are JSON: chosen fields of them, or what a JMESPath expression finds."""

import json
from collections.abc import Callable, Mapping, Sequence
from pkgutil import resolve_name
from typing import Any, NamedTuple

COMPILE = "awsmini.query:compile"  # jmespath

NOT_JSON = object()
ABSENT = "-"  # in the place of a field that a message lacks


class Pick(NamedTuple):
    """What is shown of a message: a JSON value, and that value as text on one line."""

    find: Callable[[Any], Any]
    as_text: Callable[[Any], str]

    def of(self, message: str) -> Any:
        """The value, or NOT_JSON."""
        value = read_json(message)
        return NOT_JSON if value is NOT_JSON else self.find(value)


def read_json(message: str) -> Any:
    """The value of a message, or NOT_JSON."""
    try:
        return json.loads(message)
    except (ValueError, RecursionError):
        return NOT_JSON


def fields(names: Sequence[str]) -> Pick:
    """Those fields of an object that have one of the names; `a.b` is field b of field a, too."""

    def find(value: Any) -> dict[str, Any]:
        found = {name: _field(value, name) for name in names}
        return {name: value for name, value in found.items() if value is not NOT_JSON}

    def as_text(found: Mapping[str, Any]) -> str:
        return "\t".join(_word(found.get(name)) for name in names)

    return Pick(find, as_text)


def json_path(expression: str) -> Pick:
    """What a JMESPath expression finds. Raises ParamValidationError for one that is none."""
    return Pick(resolve_name(COMPILE)(expression, "--json-path").search, _word)


def _field(value: Any, name: str) -> Any:
    """A field of an object, by its own name or by the names on the way to it."""
    if not isinstance(value, dict):
        return NOT_JSON
    if name in value:
        return value[name]
    outer, dot, inner = name.partition(".")
    return _field(value.get(outer), inner) if dot else NOT_JSON


def _word(value: Any) -> str:
    """Text as it is, all else as JSON on one line."""
    if value is None:
        return ABSENT
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
