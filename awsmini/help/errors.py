"""The section ERRORS: what the model says that the operation may fail with."""

from collections.abc import Callable, Iterator

from awsmini.help import markup
from awsmini.help.facts import kind
from awsmini.help.page import STEP, Block, Heading, Paragraph, Words, code, join, plain, sentence, strong, tight
from awsmini.help.prose import Prose
from awsmini.model.shapes import OperationModel, StructureShape

MESSAGES = ("message", "Message")


def errors(operation: OperationModel, prose: Prose, parts: Callable[[str], str] | None = None) -> Iterator[Block]:
    yield Heading("ERRORS")
    shapes = operation.error_shapes
    if not shapes:
        yield sentence("The model names none. What the service answers with an error makes the exit code 254.")
    for shape in shapes:
        facts = _facts(shape)
        words = join([strong(_code(shape)), facts], " - " if facts.text else "")
        html = prose.shape(shape.name)
        part = parts(shape.name) if parts and html else ""
        yield Paragraph(words, STEP, bool(prose), hang=STEP, anchors=(f"error-{_code(shape)}",), part=part)
        if not part:
            yield from tight(markup.blocks(html, 2 * STEP))


def _code(shape: StructureShape) -> str:
    """What the answer names the error."""
    return shape.error_code or shape.name


def _facts(shape: StructureShape) -> Words:
    """Status, whose fault it is, whether it is worth another try, and what the answer tells besides the message."""
    error = shape.traits.get("error", {})
    facts = [plain(f"HTTP {error['httpStatusCode']}")] if "httpStatusCode" in error else []
    if shape.traits.get("fault"):
        facts.append(plain("the service's fault"))
    if shape.traits.get("retryable") is not None:
        facts.append(plain("tried again"))
    told = [join([code(name), f" ({kind(member)})"]) for name, member in shape.members.items() if name not in MESSAGES]
    if told:
        facts.append(join(["with ", join(told, ", ")]))
    return join(facts, ", ")
