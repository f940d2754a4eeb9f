"""Long lists of flat rows that are all alike: from the bytes that came to the bytes of the output by one pattern.

The pattern is made of the first row of an answer: its members in their order, each as strict as what needs no second
look (text without odd escapes, whole numbers, whole seconds). What the format has around the values is found out with a
made-up row, which is parsed and written as any other. Where the whole list is as strict as that, its columns are joined
with it. What is left of the answer, with its first row, is parsed as ever, and says where the list stands. Any other
answer is left to the others: nothing is decided here.
"""

import re
from codecs import escape_decode
from collections.abc import Callable, Sequence
from json import JSONDecoder
from typing import NamedTuple

from awsmini.model.shapes import OperationModel
from awsmini.records import Output, Reply, Written, replace
from awsmini.references import resolve_name

MANY = 64 * 1024  # bytes of an answer from which on a pattern is worth its making
MAX_COLUMNS = 80
WIRE_NAME = "awsmini.parse.xml:wire_name"
_NUMBER = rb"(0|-?[1-9][0-9]{0,14})"
_JSON_TEXT = rb'([^"\\\x00-\x1f]*(?:\\["\\nrtbf][^"\\\x00-\x1f]*)*)'
_XML_TEXT = rb'([^"&<>\\\x00-\x1f]*(?:&quot;[^"&<>\\\x00-\x1f]*)*)'
_MOMENT = rb"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})"
_WHOLE_SECONDS = re.compile(_MOMENT + rb"((?:\.000)?Z)")
_TAG = re.compile(rb"<(\w+)>")
_ELEMENT = re.compile(rb"<(\w+)>([^<]*)</\1>")
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


class Rows:
    """The rows of one operation's list, in one output format; `raw` where that has no escapes."""

    def __init__(self, operation: OperationModel, member: str, between: str, *, raw: bool) -> None:
        shape = operation.output_shape.members[member]  # type: ignore[union-attr]  # there are pages of it
        self._member, self._between, self._raw = member, between.encode(), raw
        self._is_json = operation.service_model.protocol in ("json", "rest-json")
        self._inside = self._is_json or not shape.traits.get("flattened")
        name = shape.traits.get("locationName", member) if self._is_json else resolve_name(WIRE_NAME)(member, shape)
        self._opening = (f'"{name}":[' if self._is_json else f"<{name}>").encode()
        self._layouts: dict[bytes, Layout | None] = {}

    def output(self, reply: Reply, read: Read) -> Output | None:
        """The output of an answer whose rows are alike; None for any other. `read` parses an answer as ever."""
        body = reply.body
        start = body.find(self._opening) if len(body) >= MANY else -1
        if start < 0 or not _is_text(body, xml=not self._is_json):
            return None
        start += len(self._opening) if self._inside else 0
        pieces, end = _json_pieces(body, start) if self._is_json else _xml_pieces(body, start)
        form = b"".join([piece.pattern for piece in pieces])
        step = sum(bool(piece.mark) for piece in pieces) + 1
        if not 1 < step <= MAX_COLUMNS:
            return None
        parts = re.compile(form).split(body[start:])
        gaps = parts[step:-1:step]
        if len(parts) <= step or parts[0] or gaps.count(b"," if self._is_json else b"") != len(gaps):
            return None
        head, tail = body[:start], parts[-1]
        output = read(replace(reply, body=head + body[start:end] + tail))
        if not self._is_one(output) or (head + body[start:end] + tail).count(self._opening) != 1:
            return None
        if form not in self._layouts:
            made_up = b"".join([piece.made_up for piece in pieces])
            self._layouts[form] = self._layout(read(replace(reply, body=head + made_up + tail)), pieces)
        layout = self._layouts[form]
        if layout is None:
            return None
        output[self._member] = Written([self._joined(parts, step, layout)])
        return output

    def _is_one(self, output: Output) -> bool:
        items = output.get(self._member)
        return type(items) is Written and len(items) == 1

    def _layout(self, made_up: Output, pieces: Sequence[Piece]) -> Layout | None:
        """What stands around the values of the made-up row; None where one of them did not come out as it went in."""
        if not self._is_one(made_up):
            return None
        text = str(made_up[self._member].joined(""))
        marks = [piece.mark for piece in pieces if piece.mark]
        if any(text.count(mark) != 1 for mark in marks):
            return None
        columns = sorted(range(len(marks)), key=lambda column: text.index(marks[column]))
        literals = []
        for column in columns:
            literal, _, text = text.partition(marks[column])
            literals.append(literal.encode())
        return Layout(columns, [*literals, text.encode()])

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
            cells[2 * place + 1 :: width] = parts[1 + column :: step]
        written = b"".join(cells) + last
        if not self._is_json:
            return written.replace(b"&quot;", b'"' if self._raw else b'\\"')
        return escape_decode(written)[0] if self._raw and b"\\" in written else written


def _is_text(body: bytes, xml: bool) -> bool:
    """Whether it is UTF-8 of characters that may be there, and an XML document declares nothing of its own."""
    if body.isascii():
        return not xml or b"<!" not in body
    try:
        text = body.decode()
    except ValueError:
        return False
    return not xml or ("<!" not in text and not _NO_CHARACTER.search(text))


def _json_pieces(body: bytes, start: int) -> tuple[list[Piece], int]:
    """The pieces of an object of texts and whole numbers, and where it ends; none for any other."""
    text = body[start : start + MANY].decode("utf-8", "ignore")
    try:
        row, length = JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return [], start
    pieces: list[Piece] = []
    for name, value in row.items() if isinstance(row, dict) else ():
        if not (name.isidentifier() and name.isascii() and type(value) in (str, int)):
            return [], start
        pieces.append(_literal(f'{"," if pieces else "{"}"{name}":'.encode()))
        is_text = isinstance(value, str)
        pieces.append(_text(value, len(pieces), _JSON_TEXT, b'"') if is_text else _number(len(pieces)))
    return [*pieces, _literal(b"}")], start + len(text[:length].encode())


def _xml_pieces(body: bytes, start: int) -> tuple[list[Piece], int]:
    """The pieces of an element whose children have text alone, and where it ends; none for any other."""
    tag = _TAG.match(body, start)
    inside = tag.end() if tag else start
    end = body.find(b"</" + tag[1] + b">", start) if tag else -1
    elements = list(_ELEMENT.finditer(body, inside, max(end, inside)))
    if not tag or end < 0 or b"".join([element[0] for element in elements]) != body[inside:end]:
        return [], start
    pieces = [_literal(tag[0])]
    for element in elements:
        name, value = element.groups()
        pieces.append(_literal(b"<" + name + b">"))
        is_number = re.fullmatch(_NUMBER, value)
        pieces.append(_number(len(pieces)) if is_number else _text(value.decode(), len(pieces), _XML_TEXT, b""))
        pieces.append(_literal(b"</" + name + b">"))
    closing = b"</" + tag[1] + b">"
    return [*pieces, _literal(closing)], end + len(closing)


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
