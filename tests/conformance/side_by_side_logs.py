"""The commands of CloudWatch Logs, side by side with AWS CLI v2: see `side_by_side.py`."""

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from awsmini.serialize.eventstream import CONTENT_TYPE, frame
from tests.conformance.side_by_side import Scenario, main

PROGRAM = ((r'running "aws ', 'running "awsmini '),)  # how a message calls it

SINCE = "2024-01-01T00:00:00Z"
START = 1_704_067_200_000  # the same in milliseconds
NO_GROUP = (400, {"__type": "ResourceNotFoundException", "message": "The specified log group does not exist."})
BOTH = (400, {"__type": "InvalidParameterException", "message": "not both"})
CRASHES = "AWS CLI v2 fails on an answer that it has shown or could show"


def event(time: int, message: str, stream: str = "s1", event_id: str | None = None) -> dict[str, Any]:
    return {
        "logStreamName": stream,
        "timestamp": START + time,
        "message": message,
        "ingestionTime": START + time + 5,
        "eventId": event_id or f"{time}{message[:5]}",
    }


def page(*events: dict[str, Any], token: str | None = None) -> tuple[int, dict[str, Any]]:
    return 200, {"events": list(events), "searchedLogStreams": [], **({"nextToken": token} if token else {})}


EVENTS = (
    event(123, "hi"),
    event(0, "  x \t\r\n"),
    event(1000, ""),
    event(-5, "a\n\nb\n\n"),
    event(2, '{"b": 1, "a": [1,2,{"c": null}], "é": "é"}'),
    *(event(3, text) for text in ("42", '"str"', "1e3", "[NaN, Infinity]", '{"a":1,"a":2}', "{}", "[]", ' {"a":1} ')),
    event(4, "nul\0 esc\x1b[31m red"),
    event(5, "h\u00e9llo \u2028 x\u00a0"),
    event(6, '{"a":1'),
    event(7, "\u4e2d \U0001f600"),
)


def tail(name: str, words: str | list[str], *answers: Any, **more: Any) -> Scenario:
    """`logs tail` with further words."""
    command = f"logs tail {words}" if isinstance(words, str) else ["logs", "tail", *words]
    return Scenario(f"tail: {name}", (command,), answers=answers or (page(),), **more)


TAIL = (
    tail("ten minutes", "g", page(*EVENTS)),
    *(
        tail(f"format {name}", f"g --since {SINCE} --format {name}", page(*EVENTS))
        for name in ("detailed", "short", "json")
    ),
    *(
        tail(f"color {name}", f"g --since {SINCE} --format {name} --color on", page(*EVENTS))
        for name in ("detailed", "short", "json")
    ),
    tail("pages", f"g --since {SINCE}", page(event(0, "1"), token="t1"), page(token="t2"), page(event(0, "2"))),
    tail("the same token", f"g --since {SINCE}", page(event(0, "1"), token="t1"), page(event(0, "1"), token="t1")),
    tail("--no-paginate", f"g --since {SINCE} --no-paginate", page(event(0, "1"), token="t1"), page(event(0, "2"))),
    tail("filter pattern", f"g --since {SINCE} --filter-pattern ERROR"),
    tail("streams", f"g --since {SINCE} --log-stream-names a b"),
    tail("prefix", f"g --since {SINCE} --log-stream-name-prefix p"),
    tail("streams and prefix", f"g --since {SINCE} --log-stream-name-prefix p --log-stream-names a", BOTH),
    tail("no such group", "g", NO_GROUP),
    tail("an error on the second page", f"g --since {SINCE}", page(event(0, "1"), token="t1"), NO_GROUP),
    tail("no group", ""),
    tail("a wrong format", "g --format xx"),
    tail("a format nearly right", "g --format shor"),
    tail("an unknown option", "g --foo"),
    tail("an ambiguous option", "g --log-stream-name x"),
    tail("two that begin so", "g --fo x"),
    tail("abbreviations", f"g --fil x --sin {SINCE}"),
    tail("an option without its value", "g --since"),
    tail("group from a file", f"file://x --since {SINCE}", files={"x": "g2\n"}),
    tail("pattern from a file", f"g --since {SINCE} --filter-pattern file://x", files={"x": "g2\n"}),
    tail("a stream from a file", f"g --since {SINCE} --log-stream-names file://x", files={"x": '["a","b"]'}),
    tail("since from a file", "g --since file://x", files={"x": SINCE}),
    tail("since from a file that is not there", "g --since file://y"),
    tail("no region", "g", env={"AWS_DEFAULT_REGION": None}, blur=PROGRAM),
    tail("no credentials", "g", env={"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, blur=PROGRAM),
    *(
        tail(f"since {text!r}", ["g", f"--since={text}"])
        for text in (
            "10s",
            "5m",
            "2h",
            "1d",
            "1w",
            "0s",
            "007m",
            "5h30m",
            "1M",
            "1704067200",
            "1704067200.5",
            "nope",
            "2024-01-01",
            "2024-01-01T00:00:00.1239+02:00",
            "",
            "-1",
            "5 m",
            "1y",
            "2024-01-01 10:00",
            "Jan 1 2024",
            "1704067200000",
            "10:30",
            "1e9",
            "2H",
            "3H 5M",
            "5h30m10s",
            "30 seconds",
            "nan",
            "1h ",
            " 1h",
            "5min",
        )
    ),
    tail("since a thirteenth month", "g --since 2024-13-01", differs="the words of the Python that runs it"),
    tail("since before all time", "g --since 99999999999w", differs="the option's value is named"),
    tail("endpoint with a path", f"g --since {SINCE} --endpoint-url {{url}}/x", page(event(0, "1"))),
    tail("--query and --output do not count", f"g --since {SINCE} --query x --output table", page(event(0, "1"))),
    tail("a wrong --query", f"g --since {SINCE} --query x[", page(event(0, "1"))),
    tail("unsigned", f"g --since {SINCE} --no-sign-request", page(event(0, "1"))),
    tail(
        "odd times",
        f"g --since {SINCE}",
        page(event(-START, "z"), event(-START - 1, "n"), event(4102444800001 - START, "x")),
    ),
    tail(
        "followed to an error", f"g --since {SINCE} --follow", page(event(5, "a"), event(5, "b"), token="t"), NO_GROUP
    ),
    tail("no list of events", f"g --since {SINCE}", (200, {"searchedLogStreams": []}), differs=CRASHES),
    tail(
        "a time beyond the calendar", f"g --since {SINCE}", page(event(253402300799999 - START, "1")), differs=CRASHES
    ),
)


def live(name: str, words: str | list[str], *frames: bytes, first: bool = True, **more: Any) -> Scenario:
    """`logs start-live-tail` with further words, and the events that come."""
    command = f"logs start-live-tail {words}" if isinstance(words, str) else ["logs", "start-live-tail", *words]
    body = b"".join([frame({":message-type": "event", ":event-type": "initial-response"}, b"{}")] * first + [*frames])
    answers = ((200, body, {"Content-Type": CONTENT_TYPE}),)
    env = {"AWS_DISABLE_HOST_PREFIX_INJECTION": "true"}
    return Scenario(f"live: {name}", (command,), **{"answers": answers, "env": env, "stop_clock": False, **more})


def update(*messages: str, kind: str = "sessionUpdate") -> bytes:
    results = [{"message": text, "logStreamName": "s", "timestamp": START} for text in messages]
    payload = {"sessionMetadata": {"sampled": False}, "sessionResults": results}
    return frame({":message-type": "event", ":event-type": kind}, json.dumps(payload).encode())


def failure(code: str, text: str) -> bytes:
    headers = {":message-type": "exception", ":exception-type": code}
    return frame(headers, json.dumps({"message": text}).encode())


ARN = "arn:aws:logs:us-east-1:1:log-group:g"
OVER = failure("SessionTimeoutException", "timed out")
LIVE = (
    live(
        "messages",
        f"--log-group-identifiers {ARN}",
        update("hello\n", "x ", ""),
        update(),
        update('{"a": 1}', "\u00e9"),
    ),
    live("the session is over", f"--log-group-identifiers {ARN}", update("a"), OVER),
    live(
        "a failure of the stream", f"--log-group-identifiers {ARN}", failure("SessionStreamingException", "went wrong")
    ),
    live(
        "an error frame",
        f"--log-group-identifiers {ARN}",
        frame({":message-type": "error", ":error-code": "Odd", ":error-message": "no"}, b""),
    ),
    live("an exception that no model has", f"--log-group-identifiers {ARN}", failure("OddException", "odd")),
    live("events that no model has", f"--log-group-identifiers {ARN}", update("a", kind="odd"), update("b")),
    live("no first event", f"--log-group-identifiers {ARN}", update("a"), first=False),
    live("a broken frame", f"--log-group-identifiers {ARN}", update("a"), update("b")[:-1] + b"x"),
    live("half a frame", f"--log-group-identifiers {ARN}", update("a"), update("b")[:-9]),
    live(
        "all options",
        f"--log-group-identifiers {ARN} b --log-stream-names x y --log-stream-name-prefixes p --log-event-filter-pattern E --mode print-only",
    ),
    live("groups in JSON", ["--log-group-identifiers", '["a","b"]']),
    live("a group in JSON that is none", ["--log-group-identifiers", '["a"']),
    live("a group that is no text", ["--log-group-identifiers", "[1]"]),
    live("streams in JSON", ["--log-group-identifiers", "a", "--log-stream-names", '["s"]']),
    live("groups from a file", "--log-group-identifiers file://x", files={"x": '["a"]'}),
    live("a group from a file", "--log-group-identifiers file://x", files={"x": "a\n"}),
    live("pattern from a file", "--log-group-identifiers a --log-event-filter-pattern file://x", files={"x": "E\n"}),
    live("no group", ""),
    live("an empty group", ["--log-group-identifiers", ""]),
    live("a wrong mode", "--log-group-identifiers a --mode both"),
    live("an abbreviation", "--log-group-identifiers a --log-stream-name x"),
    live("unknown option", "--log-group-identifiers a --follow"),
    live("interactive without color", "--log-group-identifiers a --mode interactive"),
    live("interactive with color off", "--log-group-identifiers a --mode interactive --color off"),
    live("no such group", "--log-group-identifiers a", answers=(NO_GROUP,)),
    live("no region", "--log-group-identifiers a", env={"AWS_DEFAULT_REGION": None}, blur=PROGRAM),
    live(
        "no credentials",
        "--log-group-identifiers a",
        env={"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None},
        blur=PROGRAM,
    ),
    live("--query and --output do not count", "--log-group-identifiers a --output text --query x", update("a")),
)

if __name__ == "__main__":
    main((*TAIL, *LIVE))
