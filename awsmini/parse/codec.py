"""What the protocols agree on: a codec per body format, and one codec per service and set of conversions."""

from collections.abc import Callable, Hashable, Sequence
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


class Part(NamedTuple):
    """A member that came with a structure, and the source of an expression for what came of it."""

    name: str
    member: Shape
    wire: str


Assemble = Callable[[Sequence[Part], dict[str, Any]], str]  # makes source; adds the names that it uses to the dict


class Forms(Protocol):
    """The forms in which one structure comes: its tags, or its keys."""

    form: str  # the source of an expression: what all `value`s have in common that one function can read

    def is_worth_a_function(self, form: Any) -> bool:
        """Whether it comes often, and its tags or keys say everything; asked once for each value met."""
        ...

    def parts(self, form: Any) -> list[Part]:
        """What an output of this form has, in the model's order."""
        ...

    def generate(self, form: Any, assemble: Assemble, arguments: str = "value") -> Callable[..., Any]:
        """A function of a value of this form, whose result is the one expression that `assemble` makes."""
        ...


OFTEN = 8  # from how many values on a form is worth a function (it costs as much as 30)
MAX_FORMS = 500  # a structure seldom has more than a few, nor are they long; this bounds the memory they take
MAX_PARTS = 200


class Meetings:
    """How often the forms of one structure were met."""

    def __init__(self) -> None:
        self._met: dict[Hashable, int] = {}

    def often(self, form: Hashable) -> bool:
        met = self._met.get(form, 0) + 1
        if met > 1 or len(self._met) < MAX_FORMS:
            self._met[form] = met
        return met >= OFTEN


def generated(unpack: str, expression: str, known: dict[str, Any], arguments: str) -> Callable[..., Any]:
    """The function `arguments -> expression`, in which the parts of `value` are unpacked first."""
    first = f"    {unpack}\n" if unpack else ""
    exec(f"def made({arguments}):\n{first}    return {expression}", known)
    made: Callable[..., Any] = known["made"]
    return made


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


def writer_of(codec: Codec, holder: StructureShape, name: str, member: Shape) -> Convert | None:
    """What writes a member, where it is the list that is to be written and not parsed."""
    listing = codec.conversions.listing
    if listing is None or listing.member != name or listing.holder != holder.name:
        return None
    return listing.write(codec, member)


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
