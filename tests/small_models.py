"""Models of one operation, written in a test."""

from typing import Any

from awsmini.model.build import service_lines
from awsmini.model.load import ModelLines
from awsmini.model.shapes import OperationModel, ServiceModel


def operation(
    protocol: str,
    shapes: dict[str, Any],
    output: dict[str, Any] | None = None,
    errors: tuple[str, ...] = (),
    **metadata: Any,
) -> OperationModel:
    """`Op`, whose output is the shape `Out` with the traits given; `Text`, `Number` and other scalars are there."""
    scalars = {
        "Text": "string", "Number": "integer", "Real": "float", "Flag": "boolean", "Time": "timestamp", "Bytes": "blob"
    }  # fmt: skip
    given: dict[str, Any] = {"name": "Op", "http": {}, "errors": [{"shape": name} for name in errors]}
    if "Out" in shapes:
        given["output"] = {"shape": "Out", **(output or {})}
    description = {
        "metadata": {"protocol": protocol, "apiVersion": "1", "endpointPrefix": "example", **metadata},
        "operations": {"Op": given},
        "shapes": {**{name: {"type": kind} for name, kind in scalars.items()}, **shapes},
    }
    text = service_lines("example", lambda file: description if file == "service-2" else None)
    return ServiceModel(ModelLines("example", text)).operation_model("Op")


def structure(members: dict[str, Any], **traits: Any) -> dict[str, Any]:
    """A structure; a member given as text has the shape of that name."""
    references = {name: {"shape": ref} if isinstance(ref, str) else ref for name, ref in members.items()}
    return {"type": "structure", "members": references, **traits}
