"""The section OPTIONS: each with its type, what it is for, its limits, how it is written, and what is in it."""

from collections.abc import Iterable, Iterator
from functools import cache

from awsmini.commandline.globals import OPTIONS
from awsmini.help import markup
from awsmini.help.facts import bounds, choices, kind
from awsmini.help.members import Tree
from awsmini.help.page import (
    STEP,
    Block,
    Code,
    Heading,
    Paragraph,
    Rows,
    Words,
    inline,
    join,
    plain,
    sentence,
    strong,
    tight,
)
from awsmini.help.prose import Prose
from awsmini.help.synopsis import groups, is_required
from awsmini.help.syntax import json_form, shorthand, words_form
from awsmini.model.load import data
from awsmini.model.shapes import OperationModel, Shape, StructureShape
from awsmini.params.arguments import Argument
from awsmini.records import replace

TOKEN = "A token that makes the call safe to repeat. A random UUID is sent where it is not given."
BLOB = "Base64, or with `fileb://` before a path the bytes of that file."
RAW = "The path of a file whose bytes are sent, without `file://` or `fileb://` before it."
TIME = "A date and time such as `2030-01-31T12:00:00Z` (UTC where no zone is given), or seconds since 1970."
DOCUMENT = "A document: any JSON value."

# Members that an option does not take, because another option does: (model service, operation, option).
TAKEN_ELSEWHERE = {
    ("lambda", "CreateFunction", "code"): "ZipFile",
    ("lambda", "PublishLayerVersion", "content"): "ZipFile",
    ("translate", "ImportTerminology", "terminology-data"): "File",
    ("translate", "TranslateDocument", "document"): "Content",
}


@cache
def _docs() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = data("option-docs.json")
    return found


def own_doc(argument: Argument, operation: OperationModel | None) -> str:
    """What we say of an option that is no member of the model's input; "" where we say nothing."""
    if argument.doc:
        return argument.doc
    service = operation.service_model.service_name if operation else ""
    for key in (f"{service}.{operation.name}" if operation else "", f"{service}.*", "*"):
        if argument.cli_name in _docs().get(key, {}):
            return _docs()[key][argument.cli_name]
    return ""


def common_docs() -> dict[str, str]:
    """What is said of options that operations of all services have, by their names."""
    return _docs()["*"]


def options(arguments: Iterable[Argument], tree: Tree, operation: OperationModel | None = None) -> Iterator[Block]:
    """The section, for those that are not hidden."""
    yield Heading("OPTIONS")
    empty = True
    for group in groups(arguments):
        empty = False
        yield from _option(group, tree, operation)
    if empty:
        yield sentence("There are none beside the global ones.")


def _option(group: list[Argument], tree: Tree, operation: OperationModel | None) -> Iterator[Block]:
    first = group[0]
    shape = first.shape
    common = tree.parts and own_doc(first, operation) == common_docs().get(first.cli_name)
    part = tree.part(shape) if shape is not None and first.nargs != 0 else ""
    if tree.parts and common:
        part = tree.parts(first.label)
    yield Paragraph(_head(group), STEP, anchors=tuple(argument.label for argument in group), part=part)
    if not common:
        yield from tight(_below_head(group, tree, operation))


def _below_head(group: list[Argument], tree: Tree, operation: OperationModel | None) -> Iterator[Block]:
    first = _as_taken(group[0], operation)
    shape = first.shape
    documentation = _documentation(group, tree.prose, operation)
    yield from _about(group, documentation, operation)
    if shape is None or first.nargs == 0:
        if first.choices:
            yield Paragraph(choices(first.choices), 2 * STEP)
        return
    yield from (sentence(note, 2) for note in _notes(shape))
    if limits := bounds(shape):
        yield sentence(f"{limits[:1].upper()}{limits[1:]}.", 2)
    yield from _forms(first, shape)
    yield from tree.below(shape, 2 * STEP, first.label, documentation)


def _as_taken(argument: Argument, operation: OperationModel | None) -> Argument:
    """The argument without the member of its shape that another option takes."""
    shape = argument.shape
    if operation is None or not isinstance(shape, StructureShape):
        return argument
    taken = TAKEN_ELSEWHERE.get((operation.service_model.service_name, operation.name, argument.cli_name))
    if taken is None:
        return argument
    members = {name: member for name, member in shape.traits["members"].items() if name != taken}
    required = [name for name in shape.required_members if name != taken]
    traits = {**shape.traits, "members": members, "required": required}
    return replace(argument, shape=StructureShape(shape.name, traits, shape.service_model))


def _head(group: list[Argument]) -> Words:
    first = group[0]
    names = join([strong(argument.label) for argument in group], " | ")
    type_name = kind(first.shape) if first.shape is not None and first.nargs != 0 else first.type_name
    required = " [required]" if any(map(is_required, group)) else ""
    return join([names, f" ({type_name}){required}"])


def _about(group: list[Argument], documentation: str, operation: OperationModel | None) -> Iterator[Block]:
    ours = next((doc for doc in (own_doc(argument, operation) for argument in group) if doc), "")
    if ours:
        yield sentence(ours, 2)
    else:
        yield from markup.blocks(documentation, 2 * STEP)


def _documentation(group: list[Argument], prose: Prose, operation: OperationModel | None) -> str:
    member, shape = group[0].member, group[0].shape
    if operation is None or shape is None or member is None or operation.input_shape is None:
        return ""
    return prose.member(operation.input_shape.name, member, shape.name)


def _notes(shape: Shape) -> Iterator[str]:
    """What is to know of a value of such a type."""
    if "idempotencyToken" in shape.traits:
        yield TOKEN
    if shape.type_name == "blob":
        yield RAW if shape.is_streaming else BLOB
    elif shape.type_name == "timestamp":
        yield TIME
    elif shape.traits.get("document"):
        yield DOCUMENT
    if shape.is_deprecated:
        yield "**Deprecated.**"


def _forms(argument: Argument, shape: Shape) -> Iterator[Block]:
    """Shorthand syntax and JSON syntax, for what is no plain value."""
    for title, text in (
        ("Shorthand Syntax:", shorthand(argument)),
        ("Syntax:", words_form(shape)),
        ("JSON Syntax:", json_form(shape)),
    ):
        if text:
            yield Paragraph(plain(title), 2 * STEP)
            yield Code(text, 3 * STEP)


@cache
def global_options(title: str = "GLOBAL OPTIONS", arguments: tuple[Argument, ...] = OPTIONS) -> tuple[Block, ...]:
    """A section of options that all commands take, the same on every page."""
    rows = []
    for argument in arguments:
        words = inline(argument.doc or "")
        if argument.choices:
            words = join([words, choices(argument.choices)], " ")
        value = "" if argument.nargs == 0 else " <value>"
        rows.append((argument.label + value, words))
    return Heading(title), Rows(rows, STEP)
