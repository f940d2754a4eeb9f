"""Skeletons: a filled-in shape of an operation's input, or of its output, made from the model."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pkgutil import resolve_name
from typing import Any

from awsmini.model.shapes import ListShape, MapShape, OperationModel, Shape, StructureShape

EPOCH = datetime(1970, 1, 1)
_SCALARS: dict[str, Any] = {
    "integer": 0,
    "long": 0,
    "float": 0.0,
    "double": 0.0,
    "boolean": True,
    "timestamp": EPOCH,
}
# What `--generate-cli-skeleton` takes for a template of the input: each makes text of the operation.
_TEMPLATES = {
    "input": "awsmini.params.skeleton:json_template",
    "yaml-input": "awsmini.params.yaml_skeleton:yaml_template",
}

# From a service's name to what says a sentence about (structure, member name), or nothing.
Describer = Callable[[str], Callable[[StructureShape, str], str]]


def undescribed(_service_name: str) -> Callable[[StructureShape, str], str]:
    """The describer that says nothing."""
    return lambda _shape, _member: ""


def input_skeleton(operation: OperationModel, kind: str, describer: Describer = undescribed) -> str:
    """The text that `--generate-cli-skeleton input` or `yaml-input` prints; in YAML, comments tell of the members."""
    text: str = resolve_name(_TEMPLATES[kind])(operation, describer)
    return text


def output_skeleton(operation: OperationModel) -> dict[str, Any]:
    """An answer as `--generate-cli-skeleton output` makes one up: strings hold the name of their member."""
    shape = operation.output_shape
    found: dict[str, Any] = {} if shape is None else example(shape, named=True)
    return found


def json_template(operation: OperationModel, _describer: Describer = undescribed) -> str:
    """JSON for `--cli-input-json`, ending in a newline. It has no comments."""
    skeleton = {} if operation.input_shape is None else example(operation.input_shape)
    return json.dumps(skeleton, indent=4, default=datetime.isoformat) + "\n"


def example(shape: Shape, *, named: bool = False) -> Any:
    """A value of the shape. `named`: strings are the names of their members, else an enum's first value or empty."""
    return _example(shape, named, [], "")


def _example(shape: Shape, named: bool, above: list[str], name: str) -> Any:
    above.append(shape.name)
    try:
        if isinstance(shape, StructureShape):
            return {
                member: _example(member_shape, named, above, member)
                for member, member_shape in shown_members(shape, above)
            }
        if isinstance(shape, ListShape):
            return [_example(shape.member, named, above, shape.member.name)]
        if isinstance(shape, MapShape):
            return {"KeyName": _example(shape.value, named, above, "")}
        if shape.type_name == "string":
            return name if named else next(iter(shape.enum), "")
        return _SCALARS.get(shape.type_name)
    finally:
        above.pop()


def shown_members(shape: StructureShape, above: list[str]) -> Iterator[tuple[str, Shape]]:
    """The members of a structure; none where it stands inside itself. `above` ends with its own name."""
    return iter(()) if above.count(shape.name) > 1 else iter(shape.members.items())
