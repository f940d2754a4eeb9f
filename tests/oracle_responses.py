"""Answers made from a model with a fixed seed: for any operation a reply as its service could send it.

Members come in any order, with some that the model does not know, lists are left out or empty, timestamps have
every form. What awsmini and botocore make of such a reply has to be the same.
"""

import base64
import json
import struct
from binascii import crc32
from collections.abc import Callable
from datetime import datetime, timezone
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from awsmini.model.shapes import OperationModel, Shape, StructureShape
from awsmini.records import Reply
from tests.oracle import Maker

REQUEST_ID = "request-1"
HEAD = ("header", "headers", "statusCode")


class AnswerMaker(Maker):
    """Values as a service has them: no special floats, any set of members, timestamps still datetimes."""

    def _chosen(self, shape: Any, stack: tuple[str, ...]) -> list[str]:
        if self.variant == "full" and self.nodes < 200 and stack.count(shape.name) < 2:
            return list(shape.members)
        return [name for name in shape.members if self.random.random() < 0.4 / (1 + len(stack))]

    def _length(self, shape: Any, stack: tuple[str, ...]) -> int:
        if self.nodes > 300 or stack.count(shape.name) > 2 or len(stack) > 12:
            return 0
        return self.random.randint(0, 3)

    def _double(self, _shape: Any, _stack: tuple[str, ...]) -> float:
        return self.random.choice([0.25, 1e21, 1.1, 2])

    _float = _double

    def _timestamp(self, _shape: Any, _stack: tuple[str, ...]) -> datetime:
        moment = datetime.fromtimestamp(self.random.randint(-(10**8), 2**31), timezone.utc)
        return moment.replace(microsecond=self.random.choice([0, 0, 120_000, 123_456]))

    def _blob(self, _shape: Any, _stack: tuple[str, ...]) -> bytes:
        return self.random.randbytes(self.random.randint(0, 20))

    def moment(self, value: datetime, numbers: bool = False) -> Any:
        """One of a timestamp's forms on the wire."""
        seconds = value.timestamp()
        forms: list[Any] = [
            value.strftime("%Y-%m-%dT%H:%M:%SZ"),
            f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03}Z",
            value.isoformat(),
            format_datetime(value.replace(microsecond=0), usegmt=True),
            str(int(seconds)),
        ]
        return self.random.choice([*forms, *([int(seconds), seconds] * 3 if numbers else [])])


# Bodies --------------------------------------------------------------------------------------------------------


class JsonWriter:
    def __init__(self, maker: AnswerMaker) -> None:
        self._maker = maker

    def write(self, shape: Shape, value: Any) -> bytes:
        return json.dumps(self.value(shape, value)).encode()

    def value(self, shape: Any, value: Any) -> Any:
        if shape.type_name == "structure" and not shape.is_document_type:
            return self._structure(shape, value)
        if shape.type_name == "list":
            return [self.value(shape.member, item) for item in value]
        if shape.type_name == "map":
            return {key: self.value(shape.value, item) for key, item in value.items()}
        if shape.type_name == "timestamp":
            return self._maker.moment(value, numbers=True)
        return base64.b64encode(value).decode() if isinstance(value, bytes) else value

    def _structure(self, shape: Any, value: Any) -> dict[str, Any]:
        members = {
            shape.members[name].serialization.get("name", name): self.value(shape.members[name], item)
            for name, item in value.items()
        }
        if not shape.is_tagged_union:
            for name, member in shape.members.items():
                if name not in value and self._maker.random.random() < 0.1:
                    members[member.serialization.get("name", name)] = None
            members["surprise!"] = {"deep": [1]}
        return shuffled(members, self._maker)


class CborWriter:
    def __init__(self, maker: AnswerMaker) -> None:
        self._maker = maker

    def write(self, shape: Any, value: Any, in_map: bool = False) -> bytes:
        if shape.type_name == "structure":
            members = {name: self.write(shape.members[name], item, in_map) for name, item in value.items()}
            if not shape.is_tagged_union and not in_map:  # what is null in a map AWS CLI v2 shows, newer botocores drop
                members |= {"surprise!": cbor_text("x"), "nothing": b"\xf6"}
            return self._map(shuffled(members, self._maker))
        if shape.type_name == "list":
            items = b"".join(self.write(shape.member, item, in_map) for item in value)
            return b"\x9f" + items + b"\xff" if self._indefinite() else cbor_head(4, len(value)) + items
        if shape.type_name == "map":
            return self._map({key: self.write(shape.value, item, in_map=True) for key, item in value.items()})
        return self._scalar(value)

    def _map(self, members: dict[str, bytes]) -> bytes:
        content = b"".join(cbor_text(key) + item for key, item in members.items())
        return b"\xbf" + content + b"\xff" if self._indefinite() else cbor_head(5, len(members)) + content

    def _scalar(self, value: Any) -> bytes:
        if isinstance(value, bool):
            return b"\xf5" if value else b"\xf4"
        if isinstance(value, int):
            return cbor_head(0, value) if value >= 0 else cbor_head(1, -1 - value)
        if isinstance(value, float):
            return b"\xfb" + struct.pack(">d", value)
        if isinstance(value, datetime):
            seconds = value.timestamp()
            return b"\xc1" + self._scalar(self._maker.random.choice([seconds, int(seconds)]))
        if isinstance(value, bytes):
            half = len(value) // 2
            parts = [cbor_head(2, len(part)) + part for part in (value[:half], value[half:])]
            return b"\x5f" + b"".join(parts) + b"\xff" if self._indefinite() else cbor_head(2, len(value)) + value
        return cbor_text(value)

    def _indefinite(self) -> bool:
        return self._maker.random.random() < 0.3


def cbor_head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    size = next(size for size in (1, 2, 4, 8) if number < 1 << 8 * size)
    return bytes([major << 5 | {1: 24, 2: 25, 4: 26, 8: 27}[size]]) + number.to_bytes(size, "big")


def cbor_text(text: str) -> bytes:
    return cbor_head(3, len(text.encode())) + text.encode()


class XmlWriter:
    def __init__(self, maker: AnswerMaker) -> None:
        self._maker = maker

    def write(self, shape: Shape, value: Any, tag: str = "Answer") -> bytes:
        return self.element(shape, value, tag, ' xmlns="https://example.com/doc/"').encode()

    def element(self, shape: Any, value: Any, tag: str, attributes: str = "") -> str:
        if shape.type_name == "structure":
            attributes += self._attributes(shape, value)
            return f"<{tag}{attributes}>{self.members(shape, value)}</{tag}>"
        if shape.type_name == "list":
            item_tag = shape.member.serialization.get("name", "member")
            items = "".join(self.element(shape.member, item, item_tag) for item in value)
            return f"<{tag}{attributes}>{items}</{tag}>"
        if shape.type_name == "map":
            entries = "".join(f"<entry>{pair}</entry>" for pair in self._pairs(shape, value))
            return f"<{tag}{attributes}>{entries}</{tag}>"
        text = escape(self._text(shape, value))
        return f"<{tag}{attributes}>{text}</{tag}>" if text else f"<{tag}{attributes}/>"

    def members(self, shape: Any, value: Any) -> str:
        elements = [self._member(name, shape.members[name], item) for name, item in value.items()]
        if not shape.is_tagged_union:
            elements.append("<Surprise><member>x</member></Surprise>")
        self._maker.random.shuffle(elements)
        return "\n".join(elements)

    def _member(self, name: str, shape: Any, value: Any) -> str:
        traits = shape.serialization
        if "xmlAttribute" in traits:
            return ""
        tag = traits.get("name", name)
        if traits.get("flattened") and shape.type_name == "list":
            tag = shape.member.serialization.get("name", tag)
            return "".join(self.element(shape.member, item, tag) for item in value)
        if traits.get("flattened") and shape.type_name == "map":
            return "".join(f"<{tag}>{pair}</{tag}>" for pair in self._pairs(shape, value))
        return self.element(shape, value, tag)

    def _pairs(self, shape: Any, value: Any) -> list[str]:
        key_tag = shape.key.serialization.get("name", "key")
        value_tag = shape.value.serialization.get("name", "value")
        return [
            self.element(shape.key, key, key_tag) + self.element(shape.value, item, value_tag)
            for key, item in value.items()
        ]

    def _attributes(self, shape: Any, value: Any) -> str:
        named = {
            shape.members[name].serialization["name"]: item
            for name, item in value.items()
            if "xmlAttribute" in shape.members[name].serialization
        }
        return "".join(f' xmlns:xsi="https://example.com/xsi" {name}={quoteattr(item)}' for name, item in named.items())

    def _text(self, shape: Any, value: Any) -> str:
        if shape.type_name == "timestamp":
            return str(self._maker.moment(value))
        if isinstance(value, bool):
            return "true" if value else "false"
        return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


WRITERS: dict[str, Callable[[AnswerMaker], Any]] = {
    "json": JsonWriter,
    "rest-json": JsonWriter,
    "smithy-rpc-v2-cbor": CborWriter,
    "rest-xml": XmlWriter,
    "query": XmlWriter,
    "ec2": XmlWriter,
}


def shuffled(members: dict[str, Any], maker: AnswerMaker) -> dict[str, Any]:
    names = list(members)
    if maker.variant != "full":
        maker.random.shuffle(names)
    return {name: members[name] for name in names}


# Replies -------------------------------------------------------------------------------------------------------


def success(operation: OperationModel, variant: str = "full") -> Reply:
    """A reply with an output of the operation, always the same for the same arguments."""
    protocol = operation.service_model.protocol
    maker = AnswerMaker(f"{operation.service_model.service_name}.{operation.name}", variant)
    writer = WRITERS[protocol](maker)
    shape = operation.output_shape
    headers = {"x-amzn-requestid": REQUEST_ID, "content-type": "of no interest"}
    if shape is None:
        return _reply(200, headers, b"<Answer/>" if protocol in ("query", "ec2") else b"")
    value = maker.value(shape)
    if protocol.startswith("rest-"):
        headers |= head_of(shape, value, maker)
        return _reply(200, headers, _rest_body(shape, value, writer))
    if protocol == "query":
        return _reply(200, headers, _query_body(operation, shape, value, writer))
    if protocol == "ec2":
        inner = writer.members(shape, value)
        return _reply(200, headers, f'<Answer xmlns="x"><requestId>{REQUEST_ID}</requestId>{inner}</Answer>'.encode())
    return _reply(200, headers, writer.write(shape, value))


def error(operation: OperationModel, variant: str = "full") -> Reply:
    """A reply with one of the operation's errors, or one of nobody's."""
    protocol = operation.service_model.protocol
    maker = AnswerMaker(f"error.{operation.service_model.service_name}.{operation.name}", variant)
    writer = WRITERS[protocol](maker)
    shape = maker.random.choice(operation.error_shapes) if operation.error_shapes else None
    code = (shape.error_code if shape else None) or "Unheard"
    value = maker.value(shape) if shape else {}
    headers = {"x-amzn-requestid": REQUEST_ID}
    if shape and protocol.startswith("rest-"):
        headers |= head_of(shape, value, maker)
        value = {name: item for name, item in value.items() if not _in_head(shape.members[name])}
    if protocol in _XML_ERRORS:
        return _reply(400, headers, _xml_error(shape, value, code, writer, maker.random.choice(_XML_ERRORS[protocol])))
    body = _cbor_error if protocol == "smithy-rpc-v2-cbor" else _json_error
    return _reply(400, headers, body(shape, value, code, writer, maker))


_WRAPPED = "<ErrorResponse xmlns='x'><Error>{}</Error><RequestId>r</RequestId></ErrorResponse>"
_XML_ERRORS = {
    "query": [_WRAPPED],
    "rest-xml": [_WRAPPED, "<Error>{}<RequestId>r</RequestId><HostId>h</HostId></Error>"],
    "ec2": ["<Response><Errors><Error>{}</Error></Errors><RequestID>r</RequestID></Response>"],
}


def _json_error(shape: Any, value: Any, code: str, writer: Any, maker: AnswerMaker) -> bytes:
    body = writer.value(shape, value) if shape else {}
    form = maker.random.choice(["{}", "com.example#{}", "{}:http://example.com/", "com.example#{}:http://example.com/"])
    return json.dumps({**body, "__type": form.format(code), "message": "What happened"}).encode()


def _cbor_error(shape: Any, value: Any, code: str, writer: Any, _maker: AnswerMaker) -> bytes:
    members = {name: writer.write(shape.members[name], item) for name, item in value.items()}
    members |= {"__type": cbor_text(f"com.example#{code}"), "message": cbor_text("What happened")}
    content = b"".join(cbor_text(key) + item for key, item in members.items())
    return cbor_head(5, len(members)) + content


def _xml_error(shape: Any, value: Any, code: str, writer: Any, form: str) -> bytes:
    common = {"Code": code, "Message": "What &amp; why", "Type": "Sender"}
    inner = writer.members(shape, {name: item for name, item in value.items() if name not in common}) if shape else ""
    return form.format("".join(f"<{name}>{text}</{name}>" for name, text in common.items()) + inner).encode()


def _reply(status: int, headers: dict[str, str], body: bytes) -> Reply:
    return Reply(status=status, reason="", headers=headers, body=body)


def _in_head(member: Any) -> bool:
    return member.serialization.get("location") in HEAD


def head_of(shape: StructureShape, value: Any, maker: AnswerMaker) -> dict[str, str]:
    """The headers that carry members of an output."""
    headers = {}
    for name, item in value.items():
        traits = shape.members[name].serialization
        header = traits.get("name", "" if traits.get("location") == "headers" else name)
        if traits.get("location") == "headers":
            headers |= {f"{header}{key}".lower(): text for key, text in item.items()}
        elif traits.get("location") == "header":
            headers[header.lower()] = _header_text(shape.members[name], item, maker)
    return headers


def _header_text(shape: Any, value: Any, maker: AnswerMaker) -> str:
    if shape.type_name == "list":
        return ", ".join(_header_text(shape.member, item, maker).replace(",", "") for item in value)
    if shape.serialization.get("jsonvalue"):
        return base64.b64encode(json.dumps(value).encode()).decode()
    if shape.type_name == "timestamp":
        return str(maker.moment(value))
    if isinstance(value, bool):
        return str(value).lower()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def _rest_body(shape: StructureShape, value: Any, writer: Any) -> bytes:
    payload = shape.serialization.get("payload")
    if payload is None:
        in_body = {name: item for name, item in value.items() if not _in_head(shape.members[name])}
        return bytes(writer.write(shape, in_body))
    item = value.get(payload)
    if item is None or isinstance(item, bytes):
        return item or b""
    return item.encode() if isinstance(item, str) else bytes(writer.write(shape.members[payload], item))


def _query_body(operation: OperationModel, shape: Any, value: Any, writer: Any) -> bytes:
    wrapper = shape.serialization.get("resultWrapper")
    inner = writer.members(shape, value)
    inner = f"<{wrapper}>{inner}</{wrapper}>" if wrapper else inner
    ids = f"<ResponseMetadata><RequestId>{REQUEST_ID}</RequestId></ResponseMetadata>"
    return f'<{operation.name}Response xmlns="https://example.com/">{inner}{ids}</{operation.name}Response>'.encode()


# Event streams -------------------------------------------------------------------------------------------------


def frame(headers: dict[str, Any], payload: bytes = b"") -> bytes:
    """One frame of an event stream."""
    head = b"".join(bytes([len(name)]) + name.encode() + _frame_header(value) for name, value in headers.items())
    prelude = struct.pack("!II", 16 + len(head) + len(payload), len(head))
    message = prelude + struct.pack("!I", crc32(prelude)) + head + payload
    return message + struct.pack("!I", crc32(message))


def _frame_header(value: Any) -> bytes:
    if isinstance(value, bool):
        return bytes([0 if value else 1])
    if isinstance(value, int):
        return b"\x05" + struct.pack("!q", value)
    if isinstance(value, datetime):
        return b"\x08" + struct.pack("!q", int(value.timestamp() * 1000))
    kind, data = (b"\x07", value.encode()) if isinstance(value, str) else (b"\x06", value)
    return kind + struct.pack("!H", len(data)) + data


def event_frames(operation: OperationModel) -> bytes:
    """A stream with one of every event of an operation."""
    protocol = operation.service_model.protocol
    maker = AnswerMaker(f"events.{operation.service_model.service_name}.{operation.name}", "full")
    writer = WRITERS[protocol](maker)
    name = operation.event_stream_member(operation.output_shape)
    assert operation.output_shape is not None
    assert name is not None
    stream: Any = operation.output_shape.members[name]
    frames = []
    if not protocol.startswith("rest-"):
        frames.append(frame({":message-type": "event", ":event-type": "initial-response"}, writer.write(stream, {})))
    for event_name, event in stream.members.items():
        if not event.metadata.get("exception"):
            frames.append(_event_frame(event_name, event, maker, writer))
    frames.append(frame({":message-type": "event", ":event-type": "surprise!"}, b"?"))
    return b"".join(frames)


def _event_frame(name: str, event: Any, maker: AnswerMaker, writer: Any) -> bytes:
    value = maker.value(event)
    heads = {key: item for key, item in value.items() if event.members[key].serialization.get("eventheader")}
    payload_name = next((key for key, item in event.members.items() if item.serialization.get("eventpayload")), None)
    if payload_name is None:
        payload = writer.write(event, {key: item for key, item in value.items() if key not in heads})
    else:
        item = value.get(payload_name)
        if isinstance(item, str):
            payload = item.encode()
        else:
            payload = item if isinstance(item, bytes) else writer.write(event.members[payload_name], item or {})
    return frame({":message-type": "event", ":event-type": name, **heads}, payload)
