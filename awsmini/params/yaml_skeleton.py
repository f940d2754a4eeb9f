"""The YAML that `--generate-cli-skeleton yaml-input` prints: a skeleton with a comment on what is required.

Written by hand, because PyYAML has no comments; it only says how a text that could be mistaken is quoted.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from awsmini.model.shapes import ListShape, MapShape, OperationModel, Shape, StructureShape
from awsmini.params.skeleton import EPOCH, shown_members
from awsmini.params.yaml_documents import quoted

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
_NOT_TEXT = frozenset({"true", "false", "null"})
_SCALARS = {
    "integer": "0",
    "long": "0",
    "float": "0.0",
    "double": "0.0",
    "boolean": "true",
    "timestamp": str(EPOCH),
    "blob": "!!binary ''",
}

# Says a sentence about a member, or nothing: (structure, member name).
Describe = Callable[[StructureShape, str], str]


def _silent(shape: StructureShape, member: str) -> str:
    return ""


def yaml_template(operation: OperationModel, describer: Callable[[str], Describe]) -> str:
    """YAML for `--cli-input-yaml`; `describer` gives what tells of a service's members."""
    return template(operation.input_shape, describer(operation.service_model.service_name))


def template(shape: StructureShape | None, describe: Describe = _silent) -> str:
    """YAML for `--cli-input-yaml`, ending in a newline."""
    if shape is None or not shape.members:
        return "{}\n"
    return "\n".join(_Writer(describe).lines(shape, [], 0)) + "\n"


class _Writer:
    def __init__(self, describe: Describe) -> None:
        self.describe = describe

    def lines(self, shape: Shape, above: list[str], depth: int) -> Iterator[str]:
        """The lines of a collection that is not empty; `depth` is that of its lines, in columns."""
        above.append(shape.name)
        if isinstance(shape, StructureShape):
            yield from self.structure(shape, above, depth)
        elif isinstance(shape, ListShape):
            yield from self.item(shape.member, above, depth)
        elif isinstance(shape, MapShape):
            yield from self.member("KeyName", shape.value, above, depth, "")
        above.pop()

    def structure(self, shape: StructureShape, above: list[str], depth: int) -> Iterator[str]:
        commented: list[str] = []
        for name, member in shown_members(shape, above):
            comment = self.comment(shape, name, member)
            if comment:
                # The first comment of a mapping stands one column further off, as AWS CLI v2 prints it.
                comment = (
                    f" # {comment}" if _follows_comment(name, list(shape.members), commented) else f"  # {comment}"
                )
                commented.append(name)
            yield from self.member(name, member, above, depth, comment)

    def member(self, name: str, shape: Shape, above: list[str], depth: int, comment: str) -> Iterator[str]:
        key = f"{' ' * depth}{text(name)}:"
        scalar = self.scalar(shape, above)
        if scalar is not None:
            yield f"{key} {scalar}{comment}"
            return
        yield key + comment
        yield from self.lines(shape, above, depth if isinstance(shape, ListShape) else depth + 2)

    def item(self, shape: Shape, above: list[str], depth: int) -> Iterator[str]:
        """A list of one: the first line of the item stands behind the dash."""
        scalar = self.scalar(shape, above)
        if scalar is not None:
            yield f"{' ' * depth}- {scalar}"
            return
        lines = self.lines(shape, above, depth + 2)
        yield f"{' ' * depth}- {next(lines)[depth + 2 :]}"
        yield from lines

    def scalar(self, shape: Shape, above: list[str]) -> str | None:
        """The value where it takes no lines of its own."""
        if isinstance(shape, StructureShape):
            return None if shape.members and shape.name not in above else "{}"
        if isinstance(shape, ListShape | MapShape):
            return None
        if shape.type_name == "string":
            return text(next(iter(shape.enum), ""))
        return _SCALARS.get(shape.type_name, "")

    def comment(self, shape: StructureShape, name: str, member: Shape) -> str:
        parts = ["[REQUIRED]"] if name in shape.required_members else []
        described = self.describe(shape, name)
        if described:
            parts.append(described)
        if member.enum:
            parts.append(f"Valid values are: {', '.join(member.enum)}.")
        return " ".join(parts)


def _follows_comment(name: str, names: list[str], commented: list[str]) -> bool:
    """Whether AWS CLI v2's YAML writer finds an earlier comment to align this one with."""
    before = names[: names.index(name)]
    if before and before[-1] in commented:
        return True
    for earlier in names:
        if earlier >= name:
            return False
        if earlier in commented:
            return True
    return False


def text(value: Any) -> str:
    """A string as a YAML scalar, quoted where it has to be."""
    if _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT:
        return str(value)
    return quoted(value)
