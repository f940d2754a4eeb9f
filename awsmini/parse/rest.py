"""What rest-json and rest-xml share: members from headers and the status code, and bodies that are one member."""

import base64
import json
from collections.abc import Callable
from pkgutil import resolve_name
from typing import Any, Protocol

from awsmini.errors import NoAnswerError
from awsmini.model.shapes import ListShape, OperationModel, Shape, StructureShape
from awsmini.parse.body import streaming_body
from awsmini.parse.codec import EVENT_STREAM, NO_STRUCTURE, Codec, Convert
from awsmini.records import Output, Reply

FromReply = Callable[[Reply], Output]
Reader = Callable[[Reply, Output], None]  # adds one member to the output, where the head has it
ScalarOf = Callable[[Shape], Convert | None]


class RestCodec(Codec, Protocol):
    """A codec that knows headers too, and keeps what is compiled for whole replies."""

    replies: dict[str, FromReply]

    def of_text(self, shape: Shape) -> Convert | None:
        """What makes a value from a header's text; None where the text is the value."""
        ...


def output(operation: OperationModel, reply: Reply, codec: RestCodec, event_codec: Codec) -> Output:
    """The output of one operation, with the request's ids in `ResponseMetadata`."""
    made: Output = {"ResponseMetadata": request_ids(reply)}
    shape = operation.output_shape
    if shape is not None:
        made.update(members(shape, codec, reply))
        stream = operation.event_stream_member(shape) if operation.has_event_stream_output else None
        if stream is not None:
            made[stream] = resolve_name(EVENT_STREAM)(shape.members[stream], reply, event_codec, operation.name)
    return made


def members(shape: StructureShape, codec: RestCodec, reply: Reply) -> Output:
    """The members of an output or error shape, those of the head first, as botocore orders them."""
    from_reply = codec.replies.get(shape.name)
    if from_reply is None:
        from_reply = codec.replies[shape.name] = _compile(shape, codec)
    return from_reply(reply)


def _compile(shape: StructureShape, codec: RestCodec) -> FromReply:
    from_head = _from_head(shape, codec.of_text)
    from_body = _from_body(shape, codec)

    def parse(reply: Reply) -> Output:
        made = from_head(reply)
        made.update(from_body(reply))
        return made

    return parse


def request_ids(reply: Reply) -> dict[str, str]:
    """The request's ids; `HostId` is S3's."""
    headers = reply.headers
    if "x-amzn-requestid" in headers:
        return {"RequestId": headers["x-amzn-requestid"]}
    if "x-amz-request-id" in headers:
        return {"RequestId": headers["x-amz-request-id"], "HostId": headers.get("x-amz-id-2", "")}
    return {}


# Headers and status code ---------------------------------------------------------------------------------------


def _from_head(shape: StructureShape, of_text: ScalarOf) -> FromReply:
    readers = [
        reader(name, member, of_text)
        for name, member in shape.members.items()
        if (reader := _READERS.get(member.traits.get("location", ""))) is not None
    ]

    def parse(reply: Reply) -> Output:
        made: Output = {}
        for read in readers:
            read(reply, made)
        return made

    return parse


def _header_reader(name: str, member: Shape, of_text: ScalarOf) -> Reader:
    header = member.traits.get("locationName", name).lower()
    convert = _of_header(member, of_text)

    def read(reply: Reply, made: Output) -> None:
        text = reply.headers.get(header)
        if text is not None:
            made[name] = text if convert is None else convert(text)

    return read


def _header_map_reader(name: str, member: Shape, of_text: ScalarOf) -> Reader:
    prefix = member.traits.get("locationName", "").lower()

    def read(reply: Reply, made: Output) -> None:
        spelled = {key.lower(): key[len(prefix) :] for key in reply.spelled or reply.headers}
        found = ((key.lower(), text) for key, text in reply.headers.items())
        made[name] = {spelled[key]: text for key, text in found if key.startswith(prefix)}

    return read


def _status_reader(name: str, member: Shape, of_text: ScalarOf) -> Reader:
    def read(reply: Reply, made: Output) -> None:
        made[name] = reply.status

    return read


_READERS: dict[str, Callable[[str, Shape, ScalarOf], Reader]] = {
    "header": _header_reader,
    "headers": _header_map_reader,
    "statusCode": _status_reader,
}


def _of_header(member: Shape, of_text: ScalarOf) -> Convert | None:
    if isinstance(member, ListShape):
        of_item = of_text(member.member)
        if of_item is None:
            return _split
        convert = of_item
        return lambda text: [convert(item) for item in _split(text)]
    if member.traits.get("jsonvalue") and member.type_name == "string":
        return _json_value
    return of_text(member)


def _split(text: str) -> list[str]:
    return [item.strip() for item in text.split(",")]


def _json_value(text: str) -> Any:
    return json.loads(base64.b64decode(text).decode())


# Body ----------------------------------------------------------------------------------------------------------


def _from_body(shape: StructureShape, codec: Codec) -> FromReply:
    payload: str | None = shape.traits.get("payload")
    if payload is None:
        return _whole(shape, codec)
    member = shape.members[payload]
    if member.is_event_stream:
        return lambda reply: {}
    if member.type_name == "blob":
        return lambda reply: {payload: streaming_body(reply)}
    if member.type_name == "string":
        return lambda reply: {payload: reply.body.decode()}
    of_payload = codec.of_body(member)
    return lambda reply: {payload: of_payload(codec.read(reply.body))}


def _whole(shape: StructureShape, codec: Codec) -> FromReply:
    of_shape = codec.of_body(shape)

    def parse(reply: Reply) -> Output:
        value = codec.read(reply.body)
        if value is None or isinstance(value, list | str | int | float):
            raise NoAnswerError(NO_STRUCTURE)
        made: Output = of_shape(value)
        return made

    return parse
