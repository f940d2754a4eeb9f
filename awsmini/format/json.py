"""JSON as AWS CLI v2 prints it: indented by four, in the order of the model, non-ASCII raw.

`json.dumps(indent=4)` runs in pure Python. This writer calls the C string encoder itself and keeps, for
each depth, one function per type with the indentation already spelled out; that costs about half as much
again as the compact C encoder. Pages are turned into text as they come and only the text is kept. Nothing is printed before the last page has come, because an
error on a later page must leave the output empty.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import date
from json.encoder import encode_basestring
from pkgutil import resolve_name
from typing import Any

from awsmini.errors import AwsminiError
from awsmini.format.pages import merged_as_text, without_metadata
from awsmini.format.spool import Spool, texts
from awsmini.format.view import View
from awsmini.paging import PageIterator
from awsmini.records import Written

COLOR_JSON = "awsmini.format.color:color_json"  # only a terminal shows colors
INDENT = "    "
Write = Callable[[Any], str]


def render(answer: Any, view: View) -> Iterator[Any]:
    """The answer as one document; nothing for an empty one."""
    if isinstance(answer, PageIterator):
        value = merged_as_text(answer, Text) if view.query is None else view.search(answer.build_full_result())
    else:
        value = view.search(without_metadata(answer))
    if value == {}:
        return
    chunks = _chunks(value)
    if view.colors_terminal or not view.takes_utf8:
        chunks = texts(chunks)
    yield from resolve_name(COLOR_JSON)(chunks) if view.colors_terminal else chunks
    yield "\n"


def dumps(value: Any) -> str:
    """Any value as indented JSON text, without a line end."""
    return _LEVELS[""][type(value)](value)


def writer_at(pad: str) -> Write:
    """What writes any value that begins at this indentation."""
    table = _LEVELS[pad]
    return lambda value: table[type(value)](value)


def dump(value: Any) -> str:
    """Any value as a document of its own."""
    return dumps(value) + "\n"


def plain(value: Any) -> Any:
    """What the types that JSON lacks are written as: base64, ISO 8601; for the encoders of `json`."""
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, date):
        return value.isoformat()
    if is_decimal(type(value)):
        return int(value) if value == value.to_integral_value() else float(value)
    raise AwsminiError("Encountered unrecognized type in JSON encoder.")


def is_decimal(kind: type) -> bool:
    """Whether it is decimal.Decimal, without loading what an answer hardly ever holds."""
    return kind.__module__ == "decimal"


class Text:
    """The items of a list, written already."""

    def __init__(self, depth: int) -> None:
        self._pad = pad = INDENT * depth
        self._table = _LEVELS[pad + INDENT]
        self._separator = f",\n{pad}{INDENT}"
        self._spool = Spool()

    def extend(self, items: list[Any]) -> None:
        if items:
            table = self._table
            lead = self._separator if self._spool else f"[\n{self._pad}{INDENT}"
            if type(items) is Written:
                self._spool.add(lead)
                self._spool.add(items.joined(self._separator))
            else:
                self._spool.add(lead + self._separator.join([table[type(item)](item) for item in items]))

    def chunks(self) -> Iterator[str | bytes]:
        yield from self._spool.chunks()
        yield f"\n{self._pad}]" if self._spool else "[]"


def _chunks(value: Any, pad: str = "") -> Iterator[str | bytes]:
    """The text of a value in pieces, walking only those maps that lead to Text."""
    if isinstance(value, Text):
        yield from value.chunks()
    elif not isinstance(value, dict) or not any(isinstance(item, Text | dict) for item in value.values()):
        yield _LEVELS[pad][type(value)](value)
    else:
        inner = pad + INDENT
        lead = f"{{\n{inner}"
        for name, item in value.items():
            yield f"{lead}{_key(name)}: "
            yield from _chunks(item, inner)
            lead = f",\n{inner}"
        yield f"\n{pad}}}"


def _key(name: Any) -> str:
    if isinstance(name, str):
        return encode_basestring(name)
    return f'"{_float(name) if isinstance(name, float) else _SCALARS[type(name)](name)}"'


def _float(value: float) -> str:
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    return float.__repr__(value)


def _bytes(value: bytes) -> str:
    return f'"{b64encode(value).decode()}"'


_SCALARS: dict[type, Write] = {
    str: encode_basestring,
    int: int.__repr__,
    float: _float,
    bool: lambda value: "true" if value else "false",
    type(None): lambda value: "null",
    bytes: _bytes,
}


def scalars(*kinds: type) -> dict[type, Write]:
    """What writes values of these types, wherever they stand."""
    return {kind: _SCALARS[kind] for kind in kinds}


class Keys(dict[str, str]):
    """`"Key": ` for each key met. Bounded, as the keys of maps are the users' own."""

    def __init__(self, colon: str = ": ") -> None:
        self._colon = colon

    def __missing__(self, name: Any) -> str:
        if len(self) > 5000:
            self.clear()
        written = self[name] = _key(name) + self._colon
        return written


class _Table(dict[type, Write]):
    """The writer for each type at one depth; a subclass is written as its base."""

    def __missing__(self, kind: type) -> Write:
        if is_decimal(kind):
            return str
        if issubclass(kind, date):
            return lambda value: f'"{value.isoformat()}"'
        for base in (dict, list, str, int, float):
            if issubclass(kind, base):
                return self[base]
        if issubclass(kind, tuple):
            return lambda value: self[list](list(value))
        raise AwsminiError("Encountered unrecognized type in JSON encoder.")


class _Levels(dict[str, _Table]):
    """The table of writers for each indentation."""

    def __missing__(self, pad: str) -> _Table:
        table = self[pad] = _Table(_SCALARS)
        inner = pad + INDENT
        separator = f",\n{inner}"
        keys = Keys()
        deeper: _Table | None = None

        def write_dict(value: dict[str, Any]) -> str:
            nonlocal deeper
            if not value:
                return "{}"
            below = deeper = deeper or self[inner]
            parts = [
                keys[name] + (encode_basestring(item) if type(item) is str else below[type(item)](item))
                for name, item in value.items()
            ]
            return f"{{\n{inner}{separator.join(parts)}\n{pad}}}"

        def write_list(value: list[Any]) -> str:
            nonlocal deeper
            if not value:
                return "[]"
            below = deeper = deeper or self[inner]
            return f"[\n{inner}{separator.join([below[type(item)](item) for item in value])}\n{pad}]"

        table[dict] = write_dict
        table[list] = write_list
        return table


_LEVELS = _Levels()
