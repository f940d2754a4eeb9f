"""YAML as AWS CLI v2 writes it: block style, keys sorted, YAML 1.2 scalars, lines folded at 80 columns.

v2 hands its output to libyaml's emitter. The rules here are that emitter's, for the few node styles that
output needs, so that the bytes are the same: which strings may stand plain, which need single quotes and
which double ones, where a long line is folded, when a key is too long for `key: value`, and when a list
or map that stands in the answer twice (as a --query can make it) becomes an anchor and an alias.
"""

from base64 import encodebytes
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from awsmini.format.json import dumps, is_decimal
from awsmini.format.pages import merged, merged_as_text, without_metadata
from awsmini.format.spool import Spool
from awsmini.format.view import View
from awsmini.format.yaml_scalar import simple_key, string
from awsmini.paging import PageIterator


class AsWritten(str):
    """A scalar as it is to stand in the document, tag and quotes and all."""

    __slots__ = ()


def render(answer: Any, view: View) -> Iterator[str]:
    """The whole answer as one document; nothing for an empty one."""
    if isinstance(answer, PageIterator) and view.query is None:
        value = merged_as_text(answer, _Text)
        if value:
            yield from _chunks(value, 0)
            yield "\n"
        return
    value = view.search(merged(answer))
    if value != {}:
        yield dump(value)


def render_stream(answer: Any, view: View) -> Iterator[str]:
    """Each page as a list of one item, as it comes; nothing for a single empty answer."""
    if isinstance(answer, PageIterator):
        for page in answer:
            yield dump([view.search(page)])
        return
    value = view.search(without_metadata(answer))
    if value != {}:
        yield dump([value])


def dump(value: Any) -> str:
    """One document. A lone scalar is written as JSON, as v2 does, where YAML would need an end mark."""
    if not isinstance(value, dict | list | set):
        return dumps(value) + "\n"
    return _Writer(_repeated(value)).after_dash(value, -2).removeprefix(" ") + "\n"


class _Text:
    """The items of a list, written already, with the line end before each."""

    def __init__(self, depth: int) -> None:
        self._indent = 2 * (depth - 1)
        self._writer = _Writer({})
        self._spool = Spool()

    def extend(self, items: list[Any]) -> None:
        if items:
            self._spool.add(f"\n{' ' * self._indent}{self._writer.sequence(items, self._indent)}")

    def chunks(self) -> Iterator[str]:
        return iter(self._spool) if self._spool else iter((" []",))


def _chunks(value: dict[str, Any], indent: int) -> Iterator[str]:
    """The lines of a map in pieces, where some of what is in it is Text: under names of members, which are short."""
    writer = _Writer({})
    lead = ""
    for name in sorted(value):
        item = value[name]
        if isinstance(item, _Text):
            yield f"{lead}{simple_key(name)}:"
            yield from item.chunks()
        elif _leads_to_text(item):
            yield f"{lead}{simple_key(name)}:\n{' ' * (indent + 2)}"
            yield from _chunks(item, indent + 2)
        else:
            yield f"{lead}{writer.entry(name, item, indent)}"
        lead = f"\n{' ' * indent}"


def _leads_to_text(value: Any) -> bool:
    return isinstance(value, dict) and any(isinstance(item, _Text) or _leads_to_text(item) for item in value.values())


class _Writer:
    """Writes what stands in one document. `anchors` names the containers that stand there more than once."""

    def __init__(self, anchors: dict[int, str]) -> None:
        self._anchors = anchors
        self._named: dict[int, str] = {}

    def _after_key(self, value: Any, indent: int, column: int) -> str:
        """What follows `key:` where the key stands at `indent` and its colon ends at `column`."""
        kind = type(value)
        if kind is str:
            return " " + string(value, indent + 2, column + 1)
        if kind is bytes:
            return " " + _bytes(value, indent + 2)
        write = _SCALARS.get(kind)
        if write is not None:
            return " " + write(value)
        mark, first = self._mark(value)
        if not first:
            return mark
        if isinstance(value, dict | set):
            return f"{mark}\n{' ' * (indent + 2)}{self._mapping(value, indent + 2)}" if value else mark + " {}"
        if isinstance(value, list):
            return f"{mark}\n{' ' * indent}{self.sequence(value, indent)}" if value else mark + " []"
        return " " + _other(value, indent + 2, column + 1)

    def after_dash(self, value: Any, indent: int) -> str:
        """What follows a dash at `indent`."""
        kind = type(value)
        if kind is str:
            return " " + string(value, indent + 2, indent + 2)
        if kind is bytes:
            return " " + _bytes(value, indent + 2)
        write = _SCALARS.get(kind)
        if write is not None:
            return " " + write(value)
        mark, first = self._mark(value)
        if not first:
            return mark
        lead = f"{mark}\n{' ' * (indent + 2)}" if mark else " "
        if isinstance(value, dict | set):
            return lead + self._mapping(value, indent + 2) if value else mark + " {}"
        if isinstance(value, list):
            return lead + self.sequence(value, indent + 2) if value else mark + " []"
        return " " + _other(value, indent + 2, indent + 2)

    def _after_long_key(self, value: Any, indent: int) -> str:
        """What follows the `:` on a line of its own: as after a dash, but an anchored list is not indented."""
        if isinstance(value, list) and id(value) in self._anchors:
            return self._after_key(value, indent, indent + 1)
        return self.after_dash(value, indent)

    def _mapping(self, value: Any, indent: int) -> str:
        """The lines of a map, the first without its indentation."""
        items = value if isinstance(value, dict) else dict.fromkeys(value)
        return f"\n{' ' * indent}".join([self.entry(key, items[key], indent) for key in _sorted_keys(items)])

    def entry(self, key: Any, item: Any, indent: int) -> str:
        """The lines of one entry of a map, the first without its indentation."""
        if isinstance(key, bytes):
            shown = _bytes(key, indent + 2)
        else:
            name = key if isinstance(key, str) else str(key)
            simple = name if isinstance(key, AsWritten) else simple_key(name)
            if simple is not None:
                return f"{simple}:{self._after_key(item, indent, indent + len(simple) + 1)}"
            shown = string(name, indent + 2, indent + 2)
        return f"? {shown}\n{' ' * indent}:{self._after_long_key(item, indent)}"

    def sequence(self, value: list[Any], indent: int) -> str:
        return f"\n{' ' * indent}".join([f"-{self.after_dash(item, indent)}" for item in value])

    def _mark(self, value: Any) -> tuple[str, bool]:
        """The anchor or tag to write before a container, and whether the container itself still follows."""
        tag = " !!set" if isinstance(value, set) else ""
        if not self._anchors or id(value) not in self._anchors:
            return tag, True
        named = self._named.get(id(value))
        if named is not None:
            return f" *{named}", False
        named = self._named[id(value)] = self._anchors[id(value)]
        return f" &{named}{tag}", True


def _repeated(value: Any) -> dict[int, str]:
    """The names of those containers that stand in `value` more than once, in the order of their second places."""
    seen: set[int] = set()
    names: dict[int, str] = {}

    def walk(value: Any) -> None:
        key = id(value)
        if key in seen:
            if key not in names:
                names[key] = f"id{len(names) + 1:03d}"
            return
        seen.add(key)
        if isinstance(value, dict):
            for name in _sorted_keys(value):
                if type(value[name]) not in _SCALARS:
                    walk(value[name])
        elif isinstance(value, list):
            for item in value:
                if type(item) not in _SCALARS:
                    walk(item)

    walk(value)
    return names


def _sorted_keys(value: Any) -> list[Any]:
    try:
        return sorted(value)
    except TypeError:  # keys of several types have no order
        return list(value)


def _other(value: Any, indent: int, column: int) -> str:
    """A value of a type that output does not have: a number if it is one, else its text."""
    if isinstance(value, AsWritten):
        return str(value)
    return str(value) if is_decimal(type(value)) else string(str(value), indent, column)


def _float(value: float) -> str:
    if value != value:
        return ".nan"
    if value in (float("inf"), float("-inf")):
        return ".inf" if value > 0 else "-.inf"
    return repr(value)


def _bytes(value: bytes, indent: int) -> str:
    if not value:
        return '!!binary ""'
    lines = encodebytes(value).decode().splitlines()
    return "!!binary |" + "".join([f"\n{' ' * indent}{line}" for line in lines])


_SCALARS: dict[type, Callable[[Any], str]] = {
    int: repr,
    float: _float,
    bool: lambda value: "true" if value else "false",
    type(None): lambda value: "null",
    datetime: lambda value: value.isoformat(" "),
    bytes: repr,  # for _repeated alone, as str: what is written of these depends on where it stands
    str: str,
}
