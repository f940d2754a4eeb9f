"""What `help(client.list_streams)` shows: the parameters and the answer of an operation, as the model knows them."""

from collections.abc import Iterator

from awsmini.help import markup
from awsmini.help.errors import errors
from awsmini.help.footnotes import footnotes
from awsmini.help.layout import lay_out
from awsmini.help.members import Tree
from awsmini.help.page import STEP, Block, Code, Heading, sentence
from awsmini.help.prose import prose
from awsmini.model.names import operation_py_name
from awsmini.model.shapes import ServiceModel, StructureShape

WIDTH = 76  # pydoc sets the text in by four


def method_text(service_model: ServiceModel, api_name: str) -> str:
    """The docstring of a client's method."""
    lines = lay_out(footnotes(_page(service_model, api_name)), WIDTH)
    return "\n".join(f"{' ' * line.indent}{line.text}" for line in lines)


def _page(service_model: ServiceModel, api_name: str) -> Iterator[Block]:
    operation = service_model.operation_model(api_name)
    texts = prose(service_model.service_name)
    yield Code(_signature(operation_py_name(api_name), operation.input_shape))
    yield from markup.blocks(texts.operation(api_name), 0)
    choices_shown: dict[str, str] = {}
    for title, shape in (("PARAMETERS", operation.input_shape), ("RETURNS", operation.output_shape)):
        yield Heading(title)
        if shape is None or not shape.members:
            yield sentence("None.")
        else:
            yield from Tree(texts, choices_shown).members(shape, STEP)
    yield from errors(operation, texts)


def _signature(name: str, shape: StructureShape | None) -> str:
    if shape is None:
        return f"{name}()"
    required = shape.required_members
    names = [*required, *(f"[{member}]" for member in shape.members if member not in required)]
    return f"{name}({', '.join(names)})"
