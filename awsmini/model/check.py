"""Whether a model can be worked with: asked once, when a user adds it, so that a call need not ask."""

import re
from collections.abc import Iterator

from awsmini.errors import AwsminiError
from awsmini.model.load import ModelLines
from awsmini.model.shapes import ListShape, MapShape, ServiceModel, Shape, StructureShape
from awsmini.model.store import ModelError

_WORD = re.compile(r"[A-Za-z_$][\w.$-]*")  # tabs and newlines would end a line of the file that models are kept in
_TYPES = frozenset(
    [
        "blob",
        "boolean",
        "byte",
        "character",
        "double",
        "float",
        "integer",
        "list",
        "long",
        "map",
        "string",
        "structure",
        "timestamp",
    ]
)
_NEEDED = ("apiVersion", "endpointPrefix", "serviceId", "serviceFullName", "signatureVersion")


def check(name: str, lines: bytes) -> ServiceModel:
    """The model of those lines; raises ModelError where a command could not be made of it."""
    try:
        model = ServiceModel(ModelLines(name, lines))
        _check_names(lines)
        _check_service(model)
        for operation_name in model.operation_names:
            operation = model.operation_model(operation_name)
            for shape in (operation.input_shape, operation.output_shape, *operation.error_shapes):
                _check_types(shape)
        for operation_name in model.paginated_names:
            model.operation_model(operation_name)
        for waiter in model.waiter_names:
            model.operation_model((model.waiter(waiter) or {})["operation"])
    except ModelError:
        raise
    except KeyError as error:
        raise ModelError(f"The model of {name} is broken: {error.args[0]} is missing") from error
    except (AwsminiError, AssertionError, AttributeError, RecursionError, TypeError, ValueError) as error:
        raise ModelError(f"The model of {name} is broken: {error}") from error
    return model


def _check_names(lines: bytes) -> None:
    for line in lines.splitlines():
        parts = line.split(b"\t")
        if len(parts) != 3 or not _WORD.fullmatch(parts[1].decode()):
            raise ModelError(f"The model has a name that is none: {parts[1:2]!r:.80}")


def _check_service(model: ServiceModel) -> None:
    for key in _NEEDED:
        if not isinstance(model.metadata.get(key), str):
            raise ModelError(f"The model of {model.service_name} does not say its {key}")
    if not model.operation_names:
        raise ModelError(f"The model of {model.service_name} has no operations")
    assert model.protocol  # raises where none is known


def _check_types(shape: Shape | None) -> None:
    """Look at a shape and all that it reaches, each once."""
    waiting, seen = [shape] if shape else [], set()
    while waiting:
        current = waiting.pop()
        if current.type_name not in _TYPES:
            raise ModelError(f"The shape {current.name} is of an unknown type, {current.type_name}")
        if current.name not in seen:
            seen.add(current.name)
            waiting += _inside(current)


def _inside(shape: Shape) -> Iterator[Shape]:
    if isinstance(shape, StructureShape):
        for name in (*shape.members, *shape.required_members):
            if not _WORD.fullmatch(name) or name not in shape.members:
                raise ModelError(f"The shape {shape.name} has no good member {name!r:.80}")
        yield from shape.members.values()
    elif isinstance(shape, ListShape):
        yield shape.member
    elif isinstance(shape, MapShape):
        yield from (shape.key, shape.value)
