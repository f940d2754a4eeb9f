"""What a model says of a shape, in words: its kind, its limits, its choices."""

from collections.abc import Iterable, Iterator

from awsmini.help.page import Words, code, join, plain
from awsmini.model.shapes import ListShape, MapShape, Shape, StructureShape

COUNTED = {"string": "character", "list": "item", "map": "entry", "blob": "byte"}
PLURALS = {"entry": "entries"}
NUMBERS = ("integer", "long", "float", "double", "short", "byte")
DEEPEST = 4  # lists of lists of lists … are named that far


def kind(shape: Shape, *, deep: int = 0) -> str:
    """The type, as people say it: `list of string`, `map of string to structure`, `streaming blob`."""
    if shape.traits.get("jsonvalue"):
        return "JSON"
    if isinstance(shape, StructureShape):
        return _kind_of_structure(shape)
    if isinstance(shape, ListShape):
        return f"list of {kind(shape.member, deep=deep + 1)}" if deep < DEEPEST else "list"
    if isinstance(shape, MapShape):
        return f"map of {_key(shape)} to {kind(shape.value, deep=deep + 1)}" if deep < DEEPEST else "map"
    if shape.type_name == "blob" and shape.is_streaming:
        return "streaming blob"
    return shape.type_name


def _kind_of_structure(shape: StructureShape) -> str:
    if shape.is_event_stream:
        return "event stream"
    if shape.is_document_type:
        return "document"
    return "tagged union structure" if shape.is_tagged_union else "structure"


def _key(shape: MapShape) -> str:
    return shape.key.type_name


def bounds(shape: Shape) -> str:
    """`1 to 128 characters`, `at least 1 item`; "" where there are none."""
    low, high = shape.traits.get("min"), shape.traits.get("max")
    if low is None and high is None:
        return ""
    if isinstance(low, str) or isinstance(high, str):
        return ""  # a model that counts in words is not to be believed
    unit = COUNTED.get(shape.type_name)
    if high is None:
        return f"at least {_amount(low, unit)}"
    if low is None or (low == 0 and unit):
        return f"at most {_amount(high, unit)}"
    if low == high:
        return f"exactly {_amount(high, unit)}"
    return f"{low} to {_amount(high, unit)}"


def _amount(number: object, unit: str | None) -> str:
    if unit is None:
        return str(number)
    return f"{number} {unit if number == 1 else PLURALS.get(unit, unit + 's')}"


def kind_and_bounds(shape: Shape) -> str:
    limits = bounds(shape)
    return f"{kind(shape)}, {limits}" if limits else kind(shape)


def core(shape: Shape) -> Shape:
    """What a list or map is of, in the end. A list that is of itself ends it too."""
    for _ in range(DEEPEST):
        if isinstance(shape, ListShape):
            shape = shape.member
        elif isinstance(shape, MapShape):
            shape = shape.value
        else:
            break
    return shape


def choices(values: Iterable[str], lead: str = "One of: ") -> Words:
    """The values that there are to choose from. The services may take others than their models know."""
    return join([plain(lead), join(map(code, values), ", "), "."])


def patterns(shape: Shape) -> Iterator[Words]:
    """The pattern of a text, of the items of a list, of the keys and values of a map."""
    yield from _pattern("Pattern: ", shape)
    if isinstance(shape, ListShape):
        yield from _item("item", shape.member)
    elif isinstance(shape, MapShape):
        yield from _item("key", shape.key)
        yield from _item("value", shape.value)


def _item(name: str, shape: Shape) -> Iterator[Words]:
    limits = bounds(shape)
    if limits:
        yield plain(f"Each {name}: {limits}.")
    yield from _pattern(f"Pattern of each {name}: ", shape)


def _pattern(lead: str, shape: Shape) -> Iterator[Words]:
    pattern = shape.traits.get("pattern")
    if isinstance(pattern, str) and pattern:
        yield join([lead, code(pattern)])
