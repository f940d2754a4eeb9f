"""Names in `--query`: the members of the output where the expression's last path leads."""

import re
from collections.abc import Iterator

from awsmini.completion.candidate import Candidate
from awsmini.model.shapes import ListShape, MapShape, OperationModel, Shape, StructureShape

_TYPED = re.compile(r"[A-Za-z_]\w*$|$")
_PATH = re.compile(r"(?:[A-Za-z_]\w*|\[[^\[\]]*\]|\.)*$")  # the plain path that the expression ends in
_STEP = re.compile(r"[A-Za-z_]\w*|\[")


def candidates(operation: OperationModel, text: str) -> Iterator[Candidate]:
    """What the last name of the expression may be."""
    at = start(text)
    before, typed = text[:at], text[at:]
    shape = _reached(operation.output_shape, before)
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            if name.startswith(typed):
                yield Candidate(before + name, member.type_name, is_open=True)


def start(text: str) -> int:
    """Where the last name begins."""
    match = _TYPED.search(text)
    assert match is not None
    return match.start()


def _reached(shape: Shape | None, before: str) -> Shape | None:
    """The shape that a path leads to. What stands before the path (a pipe, say) is not understood."""
    if before and not before.endswith("."):
        return None
    match = _PATH.search(before)
    if match is None or match.start() != 0:
        return None
    for step in _STEP.findall(re.sub(r"\[[^\[\]]*\]", "[", before)):
        if step == "[":
            shape = shape.member if isinstance(shape, ListShape) else None
        elif isinstance(shape, StructureShape):
            shape = shape.members.get(step)
        elif isinstance(shape, MapShape):
            shape = shape.value
        else:
            return None
    return shape
