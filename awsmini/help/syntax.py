"""How the value of an option is written: the shorthand form, and the JSON form.

    Key=string,Value=string ...           [{"Key": "string", "Value": "string"} ...]

What is in the shapes and not in the text: names of types stand for values, `...` for more of the same.
"""

from collections.abc import Iterator

from awsmini.model.shapes import ListShape, MapShape, Shape, StructureShape
from awsmini.params.arguments import Argument

NESTED = ListShape | MapShape | StructureShape
DEEPEST = 3  # a shorthand that goes deeper than that is not worth writing; the JSON form is
ROOM = 56  # characters for the choices of one value


class TooDeepError(Exception):
    """The shape is no longer one for the shorthand form."""


def shorthand(argument: Argument) -> str:
    """The shorthand form of an option's value; "" where it has none, or none that could be read."""
    shape = argument.shape
    if not isinstance(shape, NESTED) or is_document(shape) or _is_one_value(shape):
        return ""
    if isinstance(shape, ListShape):
        if not isinstance(shape.member, NESTED):
            return ""
        if argument.bare_words and isinstance(shape.member, StructureShape):
            return _bare_words(argument, shape, shape.member)
    try:
        if isinstance(shape, ListShape):
            return f"{_short(shape.member, ())} ..."
        return _short(shape, ())
    except TooDeepError:
        return ""


def words_form(shape: Shape | None) -> str:
    """`"string" "string" ...`, for a list whose items are words of the command line; "" for other shapes."""
    if not isinstance(shape, ListShape) or isinstance(shape.member, NESTED):
        return ""
    item = _scalar(shape.member, with_choices=False)
    return f"{item} {item} ..."


def json_form(shape: Shape | None) -> str:
    """The JSON form, over several lines; "" for what is no list, map or structure."""
    if not isinstance(shape, NESTED) or words_form(shape) or _is_one_value(shape):
        return ""
    return "\n".join(_JsonForm().lines(shape, ""))


def is_document(shape: Shape) -> bool:
    """Whether a shape is a document, or a list or map of nothing else: then only JSON says what it is."""
    seen: set[str] = set()
    while isinstance(shape, ListShape | MapShape) and shape.name not in seen:
        seen.add(shape.name)
        shape = shape.member if isinstance(shape, ListShape) else shape.value
    return isinstance(shape, StructureShape) and shape.is_document_type


def _is_one_value(shape: Shape) -> bool:
    """A structure of nothing but a text named Value, as EC2 has them: the option takes the text."""
    if not isinstance(shape, StructureShape) or list(shape.members) != ["Value"]:
        return False
    return shape.members["Value"].type_name == "string"


def _bare_words(argument: Argument, shape: ListShape, member: StructureShape) -> str:
    name = next(iter(member.members))
    if shape.traits.get("min") == shape.traits.get("max") == 1:
        return f"{argument.label} {name}1"
    return f"{argument.label} {name}1 {name}2 {name}3"


def _short(shape: Shape, stack: tuple[str, ...]) -> str:
    if len(stack) > DEEPEST:
        raise TooDeepError
    if isinstance(shape, StructureShape):
        text = ",".join(_short_members(shape, stack))
        return f"{{{text}}}" if stack else text
    if isinstance(shape, ListShape):
        item = _short(shape.member, (*stack, shape.member.name))
        text = f"{item},{item}"
        return f"[{text}]" if isinstance(shape.member, NESTED) or len(stack) > 1 else text
    if isinstance(shape, MapShape):
        value = _short(shape.value, (*stack, shape.value.name))
        text = f"KeyName1={value},KeyName2={value}"
        return f"{{{text}}}" if stack else text
    return shape.type_name


def _short_members(shape: StructureShape, stack: tuple[str, ...]) -> Iterator[str]:
    for name, member in shape.members.items():
        if member.name in stack:
            yield f"{name}={{ ... as above ... }}"
        elif not is_document(member):
            yield f"{name}={_short(member, (*stack, member.name))}"


class _JsonForm:
    """Each structure is written in full once, and in the places after that only named."""

    def __init__(self) -> None:
        self.written: dict[str, str] = {}  # name of the shape to the member that it was written for
        self.within: list[str] = []  # the shapes that the current one is in

    def lines(self, shape: Shape, name: str) -> Iterator[str]:
        """The lines of a value, the first of which goes on behind the name of the member."""
        if shape.name in self.within and not isinstance(shape, StructureShape):
            yield "..."
            return
        self.within.append(shape.name)
        yield from self._lines(shape, name)
        self.within.pop()

    def _lines(self, shape: Shape, name: str) -> Iterator[str]:
        if isinstance(shape, ListShape):
            yield from self._list(shape, name)
        elif isinstance(shape, MapShape):
            yield from self._around(
                "{", [self._member(_scalar(shape.key, with_choices=False), shape.value, name)], "}", more=True
            )
        elif isinstance(shape, StructureShape):
            yield from self._structure(shape, name)
        else:
            yield _scalar(shape)

    def _list(self, shape: ListShape, name: str) -> Iterator[str]:
        if isinstance(shape.member, NESTED):
            yield from self._around("[", [self.lines(shape.member, name)], "]", more=True)
        else:
            yield f"[{_scalar(shape.member)}, ...]"

    def _structure(self, shape: StructureShape, name: str) -> Iterator[str]:
        if shape.is_document_type:
            yield "{...}"
        elif not shape.members:
            yield "{}"
        elif shape.name in self.written and _is_nested(shape):
            yield f'{{ ... as "{self.written[shape.name]}" above ... }}' if self.written[shape.name] else "{ ... }"
        else:
            self.written.setdefault(shape.name, name)
            members = [self._member(f'"{key}"', member, key) for key, member in shape.members.items()]
            yield from self._around("{", members, "}")

    def _member(self, key: str, shape: Shape, name: str) -> Iterator[str]:
        lines = self.lines(shape, name)
        yield f"{key}: {next(lines)}"
        yield from lines

    def _around(self, start: str, members: "list[Iterator[str]]", end: str, *, more: bool = False) -> Iterator[str]:
        yield start
        for at, member in enumerate(members):
            lines = list(member)
            if at < len(members) - 1:
                lines[-1] += ","
            yield from (f"  {line}" for line in lines)
        if more:
            yield "  ..."
        yield end


def _is_nested(shape: StructureShape) -> bool:
    return any(isinstance(member, NESTED) for member in shape.members.values())


def _scalar(shape: Shape, *, with_choices: bool = True) -> str:
    if shape.type_name in ("string", "character"):
        return _alternatives(shape.enum) if shape.enum and with_choices else '"string"'
    return "true|false" if shape.type_name == "boolean" else shape.type_name


def _alternatives(values: list[str]) -> str:
    """`"a"|"b"|"c"`, as many as there is room for: all of them are listed with the member."""
    text = "|".join(f'"{value}"' for value in values)
    if len(text) <= ROOM:
        return text
    shown = text[: text.rfind("|", 0, ROOM) + 1] or f'"{values[0]}"|'
    return f"{shown}..."
