"""Event streams as input: frames that botocore's reader takes apart again."""

import json
from datetime import datetime, timezone
from uuid import UUID

import pytest
from botocore.eventstream import EventStreamBuffer

from awsmini.serialize.eventstream import event_frame, frame
from tests.serialize.test_serialize import operation, request


def read(data):
    buffer = EventStreamBuffer()
    buffer.add_data(data)
    return [(message.headers, message.payload) for message in buffer]


def test_a_frame():
    when = datetime(2021, 10, 2, tzinfo=timezone.utc)
    headers = {"t": True, "f": False, "i": -5, "l": 1 << 40, "b": b"\x00", "s": "é", "w": when, "u": UUID(int=7)}
    (found,) = read(frame(headers, b"payload"))
    expected = {**headers, "w": int(when.timestamp() * 1000), "u": UUID(int=7).bytes}
    assert found == (expected, b"payload")


def test_the_request_that_opens_a_stream():
    made = request(
        "lexv2-runtime",
        "StartConversation",
        {
            "botId": "b", "botAliasId": "a", "localeId": "en_US", "sessionId": "s", "conversationMode": "AUDIO",
            "requestEventStream": [
                {"TextInputEvent": {"text": "hello", "eventId": "e"}},
                {"DisconnectionEvent": {"eventId": "f"}},
            ],
        },
    )  # fmt: skip
    assert made.url == "https://example.com/bots/b/botAliases/a/botLocales/en_US/sessions/s/conversation"
    assert made.headers == {
        "x-amz-lex-conversation-mode": "AUDIO",
        "Content-Type": "application/vnd.amazon.eventstream",
    }
    common = {":message-type": "event", ":content-type": "application/json"}
    (text, text_payload), (end, end_payload) = read(made.body)
    assert (text, json.loads(text_payload)) == (
        {**common, ":event-type": "TextInputEvent"},
        {"text": "hello", "eventId": "e"},
    )
    assert (end, json.loads(end_payload)) == ({**common, ":event-type": "DisconnectionEvent"}, {"eventId": "f"})


def test_no_events_open_an_empty_stream():
    made = request("bedrock-runtime", "InvokeModelWithBidirectionalStream", {"modelId": "m"})
    assert (made.method, made.url, made.body) == (
        "POST",
        "https://example.com/model/m/invoke-with-bidirectional-stream",
        None,
    )


@pytest.mark.parametrize(
    ("service_name", "name", "event", "content_type", "payload"),
    [
        ("bedrock-runtime", "InvokeModelWithBidirectionalStream", {"chunk": {"bytes": b"audio"}},
         "application/json", b'{"bytes": "YXVkaW8="}'),
        ("connecthealth", "StartMedicalScribeListeningSession", {"binaryAudioEvent": {"audioChunk": b"\x00\x01"}},
         "application/octet-stream", b"\x00\x01"),
        ("qbusiness", "Chat", {"endOfInputEvent": {}}, "application/json", b"{}"),
    ],
)  # fmt: skip
def test_payloads(service_name, name, event, content_type, payload):
    model = operation(service_name, name)
    stream = model.input_shape.members[model.event_stream_member(model.input_shape)]
    assert read(event_frame(stream, event)) == [
        ({":message-type": "event", ":event-type": next(iter(event)), ":content-type": content_type}, payload)
    ]
