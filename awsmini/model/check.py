"""Whether a model can be worked with: asked when a user adds it, so that a call need not ask."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from awsmini.errors import AwsminiError, ModelError
from awsmini.model.build import folder_reader, joined, part_lines
from awsmini.model.layout import KINDS, SERVICE
from awsmini.model.load import ModelLines
from awsmini.model.shapes import ListShape, MapShape, ServiceModel, Shape, StructureShape

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
_NEEDED = ("apiVersion", "endpointPrefix", "serviceId", "signatureVersion")


def lines_of(service_name: str, folders: Sequence[Path], parts: Mapping[str, Path], built: ModelLines | None) -> bytes:
    """The lines of a model whose parts lie in botocore's layout below the folders; what is built has the rest."""
    try:
        text = joined(_with_operation([*_lines_of(service_name, folders, parts, built)]))
        check(service_name, text)
    except (AwsminiError, OSError) as error:
        where = parts.get(SERVICE) or next(iter(parts.values()))
        raise ModelError(f"{where.parent} cannot be used. {error}") from error
    return text


def _lines_of(
    service_name: str, folders: Sequence[Path], parts: Mapping[str, Path], built: ModelLines | None
) -> Iterator[bytes]:
    for part, kinds in KINDS.items():
        if part in parts:
            version = parts[part].parent.name
            yield from part_lines(
                service_name, part, folder_reader(folder / service_name / version for folder in folders)
            )
        elif built is not None:
            for kind in kinds:
                yield from built.of(kind)


def _with_operation(lines: list[bytes]) -> Iterator[bytes]:
    """Without the paginators and waiters of operations that are not there: they may be of another version."""
    operations = {line.split(b"\t", 2)[1] for line in lines if line.startswith(b"operation\t")}
    for line in lines:
        kind, name, content = line.split(b"\t", 2)
        if kind == b"waiter":
            name = json.loads(content).get("operation", "").encode()
        if kind not in (b"paginator", b"waiter") or name in operations:
            yield line


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
            _check_paginator(operation_name, model.operation_model(operation_name).paginator)
        for waiter in model.waiter_names:
            config = model.waiter(waiter) or {}
            model.operation_model(config["operation"])
            _check_waiter(waiter, config)
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


def _check_paginator(name: str, config: Any) -> None:
    for key in ("input_token", "output_token", "result_key", "limit_key", "more_results", "non_aggregate_keys"):
        value = config.get(key, [])
        if not all(isinstance(text, str) for text in (value if isinstance(value, list) else [value])):
            raise ModelError(f"The paginator of {name} is broken: its {key} is no name")
    if not (config["input_token"] and config["output_token"]):
        raise ModelError(f"The paginator of {name} is broken: it has no tokens")


def _check_waiter(name: str, config: Mapping[str, Any]) -> None:
    if not all(isinstance(config[key], int) for key in ("delay", "maxAttempts")):
        raise ModelError(f"The waiter {name} is broken: its delay and maxAttempts are no numbers")
    for acceptor in config["acceptors"]:
        words = [acceptor["state"], acceptor["matcher"], acceptor.get("argument", "")]
        if not all(isinstance(word, str) for word in words):
            raise ModelError(f"The waiter {name} is broken: an acceptor is not built as it should be")


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
