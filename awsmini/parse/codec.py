"""What the protocols agree on: a codec per body format, and one codec per service and set of conversions."""

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, TypeVar, cast

from awsmini.model.shapes import OperationModel, ServiceModel, Shape, StructureShape
from awsmini.records import Conversions, Output, Reply

Convert = Callable[[Any], Any]

# What walking a body that is not shaped as the model says may raise.
MISSHAPEN = (AttributeError, LookupError, RecursionError, TypeError, ValueError)

NO_STRUCTURE = "Unable to parse response, what was received is no structure. Further retries may succeed."
OPEN_STREAM = "awsmini.parse.eventstream:open_stream"
EVENT_STREAM = "awsmini.parse.eventstream:event_stream"


class Codec(Protocol):
    """A body format. It makes closures for shapes, and keeps them."""

    conversions: Conversions

    def read(self, body: bytes) -> Any:
        """The body as the format's own values; an empty body is an empty structure."""
        ...

    def of_body(self, shape: Shape) -> Convert:
        """What makes the output of what `read` gave."""
        ...


class WireProtocol(NamedTuple):
    """How one protocol's answers are parsed: successes, and the modeled members of errors."""

    output: Callable[[OperationModel, Reply, Conversions], Output]
    modeled_error: Callable[[StructureShape, Reply, Conversions], Output]


MadeCodec = TypeVar("MadeCodec", bound=Codec)


def codec_of(model: ServiceModel, kind: Callable[[Conversions], MadeCodec], conversions: Conversions) -> MadeCodec:
    """The service's codec of that kind, made when it is first asked for."""
    key = (kind, conversions)
    found = model.compiled.get(key)
    if found is None:
        found = model.compiled[key] = kind(conversions)
    return cast(MadeCodec, found)


def request_id(reply: Reply) -> dict[str, str]:
    """The part of `ResponseMetadata` that the headers give in every protocol."""
    return {"RequestId": reply.headers["x-amzn-requestid"]} if "x-amzn-requestid" in reply.headers else {}


def add_metadata(output: Output, reply: Reply) -> None:
    """Complete `ResponseMetadata` with what every answer has."""
    metadata = output.setdefault("ResponseMetadata", {})
    metadata["HTTPStatusCode"] = reply.status
    metadata["HTTPHeaders"] = {name.lower(): value for name, value in reply.headers.items()}


def is_failure(output: Output) -> bool:
    """Whether the service refused. (That there is an `Error` does not say so: some outputs have such a member.)"""
    status: int = output["ResponseMetadata"]["HTTPStatusCode"]
    return status >= 300
