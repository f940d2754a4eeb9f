"""Keys and values inside shorthand: `Key=value,Other={Inner=1},List=[a,b]`, as far as it is typed."""

from collections.abc import Iterator

from awsmini.completion.candidate import Candidate
from awsmini.model.shapes import ListShape, MapShape, Shape, StructureShape


class _Level:
    """What is open at the cursor: a structure or a map, or a list."""

    def __init__(self, shape: Shape | None) -> None:
        self.shape = shape
        self.used: list[str] = []
        self.value: Shape | None = None  # of the key that was met last
        self.in_value = isinstance(shape, ListShape)
        if isinstance(shape, ListShape):
            self.value = shape.member

    def begin_value(self, key: str) -> None:
        self.used.append(key)
        self.in_value = True
        if isinstance(self.shape, StructureShape):
            self.value = self.shape.members.get(key)
        elif isinstance(self.shape, MapShape):
            self.value = self.shape.value

    def end_value(self) -> None:
        self.in_value = isinstance(self.shape, ListShape)


def candidates(shape: Shape, text: str) -> Iterator[Candidate]:
    """What may follow in the value of an option of that shape; each word of a list is an element."""
    if isinstance(shape, ListShape):
        shape = shape.member
    if not isinstance(shape, StructureShape | MapShape) or text[:1] in ("[", "{"):
        return  # plain text, or JSON
    level, at = _walk(shape, text)
    if level is None:
        return
    before, typed = text[:at], text[at:]
    for candidate in _at(level):
        if candidate.text.startswith(typed):
            yield candidate._replace(text=before + candidate.text)


def start(shape: Shape, text: str) -> int:
    """Where the last key or value begins."""
    return _walk(shape.member if isinstance(shape, ListShape) else shape, text)[1]


def _walk(shape: Shape, text: str) -> tuple[_Level | None, int]:
    """The level that the end of the text is in, and where the last key or value begins. None in a quoted value."""
    levels = [_Level(shape)]
    start, quote, escaped = 0, "", False
    for at, character in enumerate(text):
        level = levels[-1]
        if escaped:
            escaped = False
        elif quote:
            escaped = character == "\\"
            quote = "" if character == quote else quote
        elif character in "\"'" and level.in_value and at == start:
            quote = character
        elif character == "=" and not level.in_value:
            level.begin_value(text[start:at].rstrip("@"))
            start = at + 1
        elif character in "{[" and level.in_value and at == start:
            levels.append(_Level(level.value))
            start = at + 1
        elif character in "}]" and len(levels) > 1:
            levels.pop()
            start = at + 1
        elif character == ",":
            level.end_value()
            start = at + 1
    return (None if quote else levels[-1]), start


def _at(level: _Level) -> Iterator[Candidate]:
    """Everything that may stand at the beginning of the last key or value."""
    if level.in_value:
        yield from values(level.value)
        return
    if isinstance(level.value, ListShape):  # `Values=a,` goes on with another value or with a key
        yield from values(level.value)
    if isinstance(level.shape, StructureShape):
        required = level.shape.required_members
        for name, member in level.shape.members.items():
            if name not in level.used and not member.is_deprecated:
                note = f"{member.type_name}, required" if name in required else member.type_name
                yield Candidate(f"{name}={_opening(member)}", note, is_open=True)
    elif isinstance(level.shape, MapShape):
        for name in level.shape.key.enum:
            if name not in level.used:
                yield Candidate(f"{name}={_opening(level.shape.value)}", is_open=True)


def _opening(shape: Shape) -> str:
    """What a value of that shape begins with."""
    if isinstance(shape, StructureShape | MapShape):
        return "{"
    if isinstance(shape, ListShape) and isinstance(shape.member, StructureShape | MapShape | ListShape):
        return "["
    return ""


def values(shape: Shape | None) -> Iterator[Candidate]:
    """The values that a shape names: those of an enum, true and false."""
    if isinstance(shape, ListShape):
        shape = shape.member
    if shape is None:
        return
    if shape.type_name == "boolean":
        yield from (Candidate(value, is_open=True) for value in ("true", "false"))
    yield from (Candidate(value, is_open=True) for value in shape.enum)
