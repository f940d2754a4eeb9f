"""Long lists of rows that are all alike: from the bytes that came to the bytes of the output by one pattern.

The pattern is made of the first row of an answer: its members in their order, each as strict as what needs no second
look (text without odd escapes, whole numbers, whole seconds). What the format has around the values is found out with a
made-up row, which is parsed and written as any other. Where the whole list is as strict as that, its columns are joined
with it. What is left of the answer, with its first row, is parsed as ever, and says where the list stands. Any other
answer is left to the others: nothing is decided here.
"""

import re
from codecs import escape_decode
from collections.abc import Callable, Sequence
from json import JSONDecoder, dumps
from typing import Any, NamedTuple

from awsmini.model.shapes import ListShape, MapShape, OperationModel, Shape, StructureShape
from awsmini.records import Output, Reply, Written, replace
from awsmini.references import resolve_name

MANY = 64 * 1024  # bytes of an answer from which on a pattern is worth its making
MAX_COLUMNS = 200
WIRE_NAME = "awsmini.parse.xml:wire_name"
_NUMBER = rb"(0|-?[1-9][0-9]{0,14})"
_JSON_TEXT = rb'([^"\\\x00-\x1f]*(?:\\["\\nrtbf][^"\\\x00-\x1f]*)*)'
_XML_TEXT = rb'([^"&<>\\\x00-\x1f]*(?:&quot;[^"&<>\\\x00-\x1f]*)*)'
_MOMENT = (  # but for the 29th of February
    rb"((?!0000)[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|"
    rb"(?:0[13578]|1[02])-31)T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])"
)
_WHOLE_SECONDS = re.compile(_MOMENT + rb"((?:\.000)?Z)")
_TAG = re.compile(rb"<(/?)([A-Za-z][\w.-]*)(/?)>([^<]*)")
FLAG = rb"(true|false)"
_FLAGS = {b"true": b"True", b"false": b"False"}  # as text has them
_BLANKS = b" \t\r\n"
_NO_CHARACTER = re.compile("[\ufffe\uffff]")

Read = Callable[[Reply], Output]


class Piece(NamedTuple):
    """A stretch of the first row: what it is in the pattern and in the made-up row, and, of a value, its mark there."""

    pattern: bytes
    made_up: bytes
    mark: str = ""


class Layout(NamedTuple):
    """How the rows of one form are written."""

    columns: Sequence[int]  # in the order in which they are written
    literals: Sequence[bytes]  # before each of them, and behind the last
    flags: frozenset[int]  # columns of flags


class Rows:
    """The rows of one operation's list, in one output format; `raw` where that has no escapes."""

    def __init__(self, operation: OperationModel, member: str, between: str, *, raw: bool) -> None:
        shape = operation.output_shape.members[member]  # type: ignore[union-attr]  # there are pages of it
        self._member, self._between, self._raw = member, between.encode(), raw
        self._is_json = operation.service_model.protocol in ("json", "rest-json")
        self._keeps_flags = operation.service_model.protocol == "rest-json"  # which converts them
        self._inside = self._is_json or not shape.traits.get("flattened")
        name = shape.traits.get("locationName", member) if self._is_json else resolve_name(WIRE_NAME)(member, shape)
        self._opening = (f'"{name}":[' if self._is_json else f"<{name}>").encode()
        end, other = rf"\s*</{re.escape(name)}>", rf"<(?:[\w.-]+:)?{re.escape(name)}[\s/>]"
        self._end = re.compile((r"\s*\]" if self._is_json else end if self._inside else other).encode())
        self._layouts: dict[bytes, Any] = {}
        self._is_fixed = self._is_json or not _has_maps(shape, set())

    def output(self, reply: Reply, read: Read) -> Output | None:
        """The output of an answer whose rows are alike; None for any other. `read` parses an answer as ever."""
        body = reply.body
        start = body.find(self._opening) if self._is_fixed and len(body) >= MANY else -1
        if start < 0 or not _is_text(body, xml=not self._is_json):
            return None
        start = _past_blanks(body, start + len(self._opening)) if self._inside else start
        pieces, end = _json_pieces(body, start, self._keeps_flags) if self._is_json else _xml_pieces(body, start)
        form = b"".join([piece.pattern for piece in pieces])
        step = sum(bool(piece.mark) for piece in pieces) + 1
        if not 1 < step <= MAX_COLUMNS:
            return None
        parts = re.compile(form).split(body[start:])
        gaps = parts[step:-1:step]
        gap = b"," if self._is_json else body[end : _past_blanks(body, end)]
        if len(parts) <= step or parts[0] or gaps.count(gap) != len(gaps):
            return None
        head, tail = body[:start], parts[-1]
        if not self._is_whole(head, tail):
            return None
        output = read(replace(reply, body=head + body[start:end] + tail))
        if not self._is_one(output) or (head + body[start:end] + tail).count(self._opening) != 1:
            return None
        if form not in self._layouts:
            made_up = b"".join([piece.made_up for piece in pieces])
            self._layouts[form] = self._layout(read(replace(reply, body=head + made_up + tail)), pieces)
        layout = self._layouts[form]
        if layout is None:
            return None
        output[self._member] = self._made(parts, step, layout)
        return output

    def _is_whole(self, head: bytes, tail: bytes) -> bool:
        """Whether the list ends with the last row that is like the others, and none is before the first."""
        if self._inside:
            return self._end.match(tail) is not None
        return not self._end.search(head + tail)

    def _is_one(self, output: Output) -> bool:
        items = output.get(self._member)
        return type(items) is Written and len(items) == 1

    def _layout(self, made_up: Output, pieces: Sequence[Piece]) -> Any:
        """What stands around the values of the made-up row; None where one of them did not come out as it went in."""
        if not self._is_one(made_up):
            return None
        text = str(made_up[self._member].joined(""))
        marks = [piece.mark for piece in pieces if piece.mark]
        if any(text.count(mark) != 1 for mark in marks):
            return None
        columns = sorted(range(len(marks)), key=lambda column: text.index(marks[column]))
        if self._raw and "\\" in text:  # of a key of the user's
            return None
        literals = []
        for column in columns:
            literal, _, text = text.partition(marks[column])
            literals.append(literal.encode())
        values = [piece.pattern for piece in pieces if piece.mark]
        flags = frozenset(column for column in columns if self._raw and values[column] == FLAG)
        return Layout(columns, [*literals, text.encode()], flags)

    def _made(self, parts: list[bytes], step: int, layout: Any) -> list[Any]:
        return Written([self._joined(parts, step, layout)])

    def _joined(self, parts: list[bytes], step: int, layout: Layout) -> bytes:
        """The columns and what stands around them, as one piece."""
        count, width = len(parts) // step, 2 * len(layout.columns)
        first, *others, last = layout.literals
        cells = [b""] * (count * width)
        cells[::width] = [last + self._between + first] * count
        cells[0] = first
        for place, literal in enumerate(others, 1):
            cells[2 * place :: width] = [literal] * count
        for place, column in enumerate(layout.columns):
            values = parts[1 + column :: step]
            cells[2 * place + 1 :: width] = map(_FLAGS.__getitem__, values) if column in layout.flags else values
        written = b"".join(cells) + last
        if not self._is_json:
            return written.replace(b"&quot;", b'"' if self._raw else b'\\"')
        return escape_decode(written)[0] if self._raw and b"\\" in written else written


def _past_blanks(body: bytes, at: int) -> int:
    while at < len(body) and body[at] in _BLANKS:
        at += 1
    return at


def _has_maps(shape: Shape, seen: set[str]) -> bool:
    """Whether anything in an element depends on whether two texts in it are the same, as the keys of a map do."""
    if shape.name in seen:
        return False
    seen.add(shape.name)
    if isinstance(shape, StructureShape):
        return any(_has_maps(member, seen) for member in shape.members.values())
    return isinstance(shape, MapShape) or (isinstance(shape, ListShape) and _has_maps(shape.member, seen))


def _is_text(body: bytes, xml: bool) -> bool:
    """Whether it is UTF-8 of characters that may be there, and an XML document declares nothing of its own."""
    if body.isascii():
        return not xml or b"<!" not in body
    try:
        text = body.decode()
    except ValueError:
        return False
    return not xml or ("<!" not in text and not _NO_CHARACTER.search(text))


def _json_pieces(body: bytes, start: int, keeps_flags: bool) -> tuple[list[Piece], int]:
    """The pieces of an object, and where it ends; none of one with nulls or fractions."""
    text = body[start : start + MANY].decode("utf-8", "ignore")
    pieces: list[Piece] = []
    try:
        row, length = JSONDecoder().raw_decode(text)
        _add_json(row, pieces, keeps_flags)
    except (TypeError, ValueError, RecursionError):
        return [], start
    return pieces, start + len(text[:length].encode())


def _add_json(value: Any, pieces: list[Piece], keeps_flags: bool) -> None:
    if isinstance(value, str):
        pieces.append(_text(value, len(pieces), _JSON_TEXT, b'"'))
    elif isinstance(value, bool):
        literal = _literal(b"true" if value else b"false")
        pieces.append(literal if keeps_flags else _number(len(pieces))._replace(pattern=FLAG))
    elif type(value) is int:
        pieces.append(_number(len(pieces)))
    else:
        is_object = isinstance(value, dict)
        lead = b"{" if is_object else b"["
        for item in value:
            key = dumps(item, ensure_ascii=False).encode() + b":" if is_object else b""
            pieces.append(_literal(lead + key))
            _add_json(value[item] if is_object else item, pieces, keeps_flags)
            lead = b","
        pieces.append(_literal((lead if lead != b"," else b"") + (b"}" if is_object else b"]")))


def _xml_pieces(body: bytes, start: int) -> tuple[list[Piece], int]:
    """The pieces of an element, and where it ends; none of one with attributes, or with text between its children."""
    pieces: list[Piece] = []
    names: list[bytes] = []
    at = start
    while token := _TAG.match(body, at):
        closing, name, empty, text = token.groups()
        if closing and (not names or names.pop() != name):
            break
        if not closing and not empty:
            names.append(name)
        tag = b"<" + closing + name + empty + b">"
        pieces.append(_literal(tag))
        if not names:
            return pieces, token.end(3) + 1
        at = token.end()
        if not closing and not empty and body.startswith(b"</", at):
            pieces.append(_xml_value(text, len(pieces)))
        elif text.strip(_BLANKS):
            break
        else:
            pieces.append(_literal(text))
    return [], start


def _xml_value(text: bytes, place: int) -> Piece:
    if text in (b"true", b"false"):
        return _literal(text)
    return _number(place) if re.fullmatch(_NUMBER, text) else _text(text.decode(), place, _XML_TEXT, b"")


def _literal(wire: bytes) -> Piece:
    return Piece(re.escape(wire), wire)


def _number(place: int) -> Piece:
    mark = f"7{place:03}000000000"
    return Piece(_NUMBER, mark.encode(), mark)


def _text(value: str, place: int, text: bytes, quote: bytes) -> Piece:
    """Any text or, where it was one, a moment: that is cut off where its zone begins, as it may be written otherwise."""
    moment = _WHOLE_SECONDS.fullmatch(value.encode("utf-8", "replace"))
    if moment is None:
        mark = f"~{place:03}~"
        return Piece(quote + text + quote, quote + mark.encode() + quote, mark)
    mark, zone = f"2{place:03}-01-02T03:04:05", moment[2]
    return Piece(quote + _MOMENT + re.escape(zone) + quote, quote + mark.encode() + zone + quote, mark)
