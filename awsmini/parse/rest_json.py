"""The `rest-json` protocol: JSON bodies, and members in headers and the status code."""

from typing import Any

from awsmini.model.shapes import OperationModel, Shape, StructureShape
from awsmini.parse import rest
from awsmini.parse.codec import Convert, WireProtocol, codec_of
from awsmini.parse.json import JsonCodec
from awsmini.records import Conversions, Output, Reply


class RestJsonCodec(JsonCodec):
    """JSON whose numbers and booleans become what the model says they are, in the body as in headers."""

    def __init__(self, conversions: Conversions) -> None:
        super().__init__(conversions)
        self.replies: dict[str, rest.FromReply] = {}
        self.scalars |= {"integer": int, "long": int, "float": float, "double": float, "boolean": _boolean}

    def of_text(self, shape: Shape) -> Convert | None:
        """What makes the value of a header; None where the text is the value."""
        return self.scalars.get(shape.type_name)


def _boolean(value: Any) -> bool:
    return value.lower() == "true" if isinstance(value, str) else value is True


def _output(operation: OperationModel, reply: Reply, conversions: Conversions) -> Output:
    codec = codec_of(operation.service_model, RestJsonCodec, conversions)
    return rest.output(operation, reply, codec, codec_of(operation.service_model, JsonCodec, conversions))


def _members(shape: StructureShape, reply: Reply, conversions: Conversions) -> Output:
    return rest.members(shape, codec_of(shape.service_model, RestJsonCodec, conversions), reply)


PROTOCOL = WireProtocol(_output, _members)
