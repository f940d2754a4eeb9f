"""What a protocol makes of parameters, before it is joined with an endpoint; and the helpers all protocols share."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, BinaryIO, NamedTuple, TypeVar

from awsmini.errors import ParamValidationError
from awsmini.model.shapes import ServiceModel, Shape, StructureShape

Made = TypeVar("Made")


NOTHING: Mapping[str, Any] = MappingProxyType({})


class Parts(NamedTuple):
    """A request that has no host yet. (On every call's path, and a dataclass takes 0.4 ms longer to define.)"""

    method: str = "POST"
    path: str = "/"  # percent-encoded; may carry a query string of the model's own
    query: Mapping[str, Any] = NOTHING  # not encoded; a list stands for several pairs
    headers: Mapping[str, str] = NOTHING
    body: bytes | BinaryIO = b""


def kept_in_shape(slot: str, make: Callable[[Shape], Made]) -> Callable[[Shape], Made]:
    """`make`, run once for each shape: what it made is kept in the shape, and goes when the model goes.

    This is how a shape is compiled: `make` gives a closure for the shape alone, which asks for the closures of
    its members when a value first has them. A call pays for the branches it visits.
    """

    def made(shape: Shape) -> Made:
        kept = vars(shape)
        if slot not in kept:
            kept[slot] = make(shape)
        found: Made = kept[slot]
        return found

    return made


def expect_member(shape: StructureShape, name: str) -> Shape:
    """One member, without reading the shapes of the others; raises ParamValidationError where there is none."""
    members = shape.traits.get("members", {})
    if name not in members:
        raise bad_params(f'Unknown parameter in {shape.name}: "{name}", must be one of: {", ".join(members)}')
    return shape.service_model.resolve_shape_ref(members[name])


def bad_params(report: str) -> ParamValidationError:
    """The error for parameters that cannot be sent; `report` has one line for each problem."""
    return ParamValidationError(f"Parameter validation failed:\n{report}")


def blob_bytes(value: Any) -> bytes:
    """The bytes of a blob given as bytes, as text (sent as UTF-8) or as a file."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode()
    return blob_bytes(value.read()) if hasattr(value, "read") else bytes(value)


def base64_text(value: Any) -> str:
    """A blob in base64."""
    return b64encode(blob_bytes(value)).decode()


def special_float(value: Any) -> Any:
    """The number, or the word that stands for it where JSON, XML and queries have no number."""
    if value != value:
        return "NaN"
    if value in (_INFINITY, -_INFINITY):
        return "Infinity" if value > 0 else "-Infinity"
    return value


_INFINITY = float("inf")


def _boolean(value: Any) -> str:
    return "true" if value else "false"


TEXTS: dict[str, Callable[[Any], Any]] = {
    "blob": base64_text,
    "boolean": _boolean,
    "float": special_float,
    "double": special_float,
}  # how XML and queries write what is not simply text


def query_mode(service_model: ServiceModel) -> dict[str, str]:
    """The header that asks a service which used to speak the query protocol for its old error codes."""
    return {"x-amzn-query-mode": "true"} if service_model.is_query_compatible else {}


def is_json_header(shape: Shape) -> bool:
    """Whether the member is a JSON value carried in a header."""
    traits = shape.traits
    return bool(traits.get("jsonvalue") and traits.get("location") == "header" and shape.type_name == "string")
