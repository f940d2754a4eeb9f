"""`logs tail`: what is asked for, what is printed, and that nothing is missed or told twice."""

import json
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import datetime, timezone
from itertools import islice

import pytest

from awsmini.services.logs.groups import NoSuchGroupError, named
from awsmini.services.logs.lines import Style, line_of
from awsmini.services.logs.moments import MomentError, milliseconds
from awsmini.services.logs.picks import fields, json_path
from awsmini.services.logs.polling import FEW, LATE, VERY_LATE, Asked, follow, once
from tests.servers import answer
from tests.terminal import PROJECT

NOW = datetime(2026, 1, 2, 3, 4, 5, 600_000, tzinfo=timezone.utc)
NOW_MS = 1_767_323_045_600
SINCE = "2024-01-01T00:00:00Z"
START = 1_704_067_200_000


def event(time, message="m", event_id=None, stream="s1"):
    return {
        "logStreamName": stream,
        "timestamp": START + time,
        "message": message,
        "ingestionTime": START,
        "eventId": event_id or f"{time}-{message}",
    }


# Moments ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10s", NOW_MS - 10_000),
        ("007m", NOW_MS - 420_000),
        ("2h", NOW_MS - 7_200_000),
        ("1d", NOW_MS - 86_400_000),
        ("1w", NOW_MS - 604_800_000),
        ("0s", NOW_MS),
        ("1704067200", START),
        ("1704067200.5", START + 500),
        (SINCE, START),
        ("2024-01-01", START),
        ("2024-01-01T00:00:00.1239+02:00", START - 7_200_000 + 123),
        ("Jan 1 2024", START),
        ("-1", -1000),
    ],
)
def test_moments(text, expected):
    assert milliseconds(text, NOW) == expected


@pytest.mark.parametrize(
    ("text", "hour", "minute", "second"),
    [
        ("5h30m", 5, 30, 0),
        ("1M", 0, 1, 0),
        ("5 m", 0, 5, 0),
        ("2H", 2, 0, 0),
        ("5h30m10s", 5, 30, 10),
        ("1h ", 1, 0, 0),
    ],
)
def test_what_is_no_number_and_unit_is_a_time_of_day(text, hour, minute, second):
    found = datetime.fromtimestamp(milliseconds(text, NOW) / 1000, timezone.utc)
    assert (found.hour, found.minute, found.second) == (hour, minute, second)
    assert abs((found.date() - NOW.date()).days) <= 1  # the local day


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nope", 'Invalid timestamp "nope": Unknown string format: nope'),
        ("", 'Invalid timestamp "": String does not contain a date: '),
        ("1y", 'Invalid timestamp "1y": Unknown string format: 1y'),
    ],
)
def test_no_moments(text, message):
    with pytest.raises(MomentError) as caught:
        milliseconds(text, NOW)
    assert str(caught.value) == message


# Lines -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("time", "detailed", "short", "json_time"),
    [
        (0, "2024-01-01T00:00:00.000000+00:00", "2024-01-01T00:00:00", "2024-01-01T00:00:00+00:00"),
        (123, "2024-01-01T00:00:00.123000+00:00", "2024-01-01T00:00:00", "2024-01-01T00:00:00.123000+00:00"),
        (-5, "2023-12-31T23:59:59.995000+00:00", "2023-12-31T23:59:59", "2023-12-31T23:59:59.995000+00:00"),
    ],
)
def test_times(time, detailed, short, json_time):
    lines = [line_of(name, Style())(event(time, "m", stream="s")) for name in ("detailed", "short", "json")]
    assert lines == [f"{detailed} s m\n", f"{short} m\n", f"{json_time} s m\n"]


def test_a_time_beyond_the_calendar_is_seconds():
    assert line_of("short", Style())(event(253_402_300_800_000 - START, "m")) == "253402300800 m\n"


@pytest.mark.parametrize(
    ("format_name", "message", "line"),
    [
        ("detailed", "  x \t\r\n", "2024-01-01T00:00:00.000000+00:00 s1   x\n"),
        ("detailed", "", "2024-01-01T00:00:00.000000+00:00 s1\n"),
        ("detailed", "a\n\nb\n", "2024-01-01T00:00:00.000000+00:00 s1 a\n\nb\n"),
        ("short", "hi", "2024-01-01T00:00:00 hi\n"),
        ("json", '{"b": 1, "é": 1e3}', '2024-01-01T00:00:00+00:00 s1 \n{\n    "b": 1,\n    "\\u00e9": 1000.0\n}\n'),
        ("json", "42", "2024-01-01T00:00:00+00:00 s1 \n42\n"),
        ("json", '{"b"', '2024-01-01T00:00:00+00:00 s1 {"b"\n'),
        ("json", "[" * 100_000, f"2024-01-01T00:00:00+00:00 s1 {'[' * 100_000}\n"),
        ("json", "1" * 5000, f"2024-01-01T00:00:00+00:00 s1 {'1' * 5000}\n"),
    ],
)
def test_formats(format_name, message, line):
    assert line_of(format_name, Style())(event(0, message)) == line


def test_colors():
    line = line_of("detailed", Style(colored=True))(event(0, "hi"))
    assert line == "\x1b[32m2024-01-01T00:00:00.000000+00:00\x1b[0m \x1b[36ms1\x1b[0m hi\n"
    assert line_of("short", Style(colored=True))(event(0, "hi")) == "\x1b[32m2024-01-01T00:00:00\x1b[0m hi\n"


MESSAGE = '{"level": "error", "n": 1.50, "user": {"id": 7}, "a.b": null, "text": "x y"}'


@pytest.mark.parametrize(
    ("pick", "text", "value"),
    [
        (fields(["level", "text"]), "error\tx y", {"level": "error", "text": "x y"}),
        (fields(["user.id", "nothing", "a.b"]), "7\t-\t-", {"user.id": 7, "a.b": None}),
        (fields(["user"]), '{"id":7}', {"user": {"id": 7}}),
        (json_path("user.id"), "7", 7),
        (json_path("[level, n]"), '["error",1.5]', ["error", 1.5]),
        (json_path("nothing"), "-", None),
    ],
)
def test_parts_of_messages(pick, text, value):
    assert line_of("short", Style(pick=pick))(event(0, MESSAGE)) == f"2024-01-01T00:00:00 {text}\n"
    assert json.loads(line_of("ndjson", Style(pick=pick))(event(0, MESSAGE)))["message"] == value
    assert line_of("short", Style(pick=pick))(event(0, "no JSON")) == "2024-01-01T00:00:00 no JSON\n"
    assert json.loads(line_of("ndjson", Style(pick=pick))(event(0, "no JSON")))["message"] == "no JSON"


# Polling ---------------------------------------------------------------------------------------------------------


class Group:
    """A log group that events come to: each poll sees those there is the time for, in pages of two."""

    def __init__(self, *polls):
        self.polls = list(polls)  # what has come before each poll
        self.there = []
        self.starts = []

    def __call__(self, params):
        self.starts.append(params["startTime"] - START)
        self.there += self.polls.pop(0) if self.polls else []
        found = [dict(each) for each in sorted(self.there, key=lambda e: e["timestamp"])]
        found = [each for each in found if each["timestamp"] >= params["startTime"]]
        for at in range(0, max(len(found), 1), 2):
            yield {"events": found[at : at + 2]}


class Enough(Exception):
    pass


def followed(group, polls, start=START):
    """The events that are told in so many polls."""
    told = []

    def pause():
        if len(group.starts) == polls:
            raise Enough

    with suppress(Enough):
        for each in follow(group, ["g"], Asked(start, {}), pause):
            told.append(each)  # noqa: PERF402 - what was told before it ends is kept
    return told


def texts(events):
    return [each["message"] for each in events]


def test_each_event_is_told_once():
    group = Group([event(0, "a"), event(5, "b"), event(5, "c")], [event(5, "d")], [], [event(6, "e")])
    assert texts(followed(group, 5)) == ["a", "b", "c", "d", "e"]


def test_what_comes_late_is_told_too():
    late, very_late = event(100_000 - LATE, "late"), event(400_000 - VERY_LATE, "very late")
    group = Group([event(100_000, "first")], [late], [event(400_000, "second")], *[[]] * 8, [very_late])
    assert texts(followed(group, 13)) == ["first", "late", "second", "very late"]
    assert group.starts == [0, 70_000, 70_000, *[370_000] * 9, 100_000]


def test_it_never_asks_before_its_beginning():
    group = Group([event(1000, "a")])
    assert texts(followed(group, 2, START + 500)) == ["a"]
    assert group.starts == [500, 500]


def test_ids_are_forgotten_that_cannot_come_again():
    group = Group([event(number * 1000, "m", f"id{number}") for number in range(3 * FEW)])
    ids = [each["eventId"] for each in followed(group, 3)]
    assert len(ids) == len(set(ids)) == 3 * FEW


def test_several_groups_are_put_together_by_time():
    there = {"a": [event(1, "1"), event(3, "3")], "b": [event(2, "2"), event(4, "4")]}
    found = once(lambda params: iter([{"events": there[params["logGroupName"]]}]), ["a", "b"], Asked(START, {}))
    events = [event for batch in found for event in batch]
    assert [(each["message"], each["logGroupName"]) for each in events] == [
        ("1", "a"), ("2", "b"), ("3", "a"), ("4", "b"),
    ]  # fmt: skip


def test_pages_are_asked_for_when_they_are_needed():
    asked = []

    def pages(params):
        for number in range(3):
            asked.append(number)
            yield {"events": [event(number)]}

    assert len(list(islice(once(pages, ["g"], Asked(START, {})), 1))) == 1
    assert asked == [0]


# Groups ----------------------------------------------------------------------------------------------------------

GROUPS = ("/aws/lambda/one", "/aws/lambda/two", "/aws/rds/one", "other")


def listing(params):
    asked.append(params)
    names = [name for name in GROUPS if name.startswith(params.get("logGroupNamePrefix", ""))]
    for name in names:  # one on each page
        yield {"logGroups": [{"logGroupName": name}]}
    yield {}


asked: list[dict] = []


@pytest.mark.parametrize(
    ("words", "parts", "names", "calls"),
    [
        (["g", "other", "g"], False, ["g", "other"], []),
        (["/aws/lambda/*"], False, ["/aws/lambda/one", "/aws/lambda/two"], [{"logGroupNamePrefix": "/aws/lambda/"}]),
        (["*one", "x"], False, ["/aws/lambda/one", "/aws/rds/one", "x"], [{}]),
        (["/aws/rds/[no]ne", "/aws/*/one"], False, ["/aws/rds/one", "/aws/lambda/one"],
         [{"logGroupNamePrefix": "/aws/rds/"}, {"logGroupNamePrefix": "/aws/"}]),
        (["lambda"], True, ["/aws/lambda/one", "/aws/lambda/two"], [{"logGroupNamePattern": "lambda"}]),
    ],
)  # fmt: skip
def test_names_of_groups(words, parts, names, calls):
    asked.clear()
    assert named(words, listing, parts=parts) == names
    assert asked == calls


@pytest.mark.parametrize(("word", "parts"), [("x*", False), ("nowhere", True)])
def test_no_group_fits(word, parts):
    with pytest.raises(NoSuchGroupError, match="No log group fits"):
        named([word], listing, parts=parts)


# Whole commands --------------------------------------------------------------------------------------------------


def page(*events, **more):
    return {"events": list(events), **more}


def test_the_events_of_a_group(aws):
    aws.service.replies(200, page(event(123, "hi"), nextToken="t"))
    aws.service.replies(200, page(event(0, "é")))
    outcome = aws(f"logs tail g --since {SINCE} --filter-pattern E --log-stream-names a b")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert outcome.stdout == "2024-01-01T00:00:00.123000+00:00 s1 hi\n2024-01-01T00:00:00.000000+00:00 s1 é\n"
    assert [request.json for request in aws.service.requests] == [
        {"logGroupName": "g", "interleaved": True, "startTime": START, "filterPattern": "E", "logStreamNames": ["a", "b"]},
        {"logGroupName": "g", "interleaved": True, "startTime": START, "filterPattern": "E", "logStreamNames": ["a", "b"],
         "nextToken": "t"},
    ]  # fmt: skip


def test_several_groups(aws):
    aws.service.replies(200, {"logGroups": [{"logGroupName": "/a/1"}, {"logGroupName": "/a/2"}]})
    aws.service.replies(200, page(event(2, "two")))
    aws.service.replies(200, page(event(1, "one")))
    aws.service.replies(200, page(event(3, "three")))
    outcome = aws(f"logs tail '/a/*' g --since {SINCE} --until 2024-02-01")
    assert outcome.stdout.splitlines() == [
        "2024-01-01T00:00:00.001000+00:00 /a/2 s1 one",
        "2024-01-01T00:00:00.002000+00:00 /a/1 s1 two",
        "2024-01-01T00:00:00.003000+00:00 g s1 three",
    ]
    assert aws.service.requests[1].json["endTime"] == 1_706_745_600_000


@pytest.mark.parametrize("how", ["--output ndjson", "config"])
def test_ndjson(aws, how):
    if how == "config":
        aws.write(".aws/config", "[default]\noutput = ndjson\n")
    aws.service.replies(200, page(event(1, "x\ny"), event(2, '{"a": {"b": 5}}')))
    outcome = aws(f"logs tail g --since {SINCE} --json-path a.b {how if how.startswith('-') else ''}")
    first, second = (json.loads(line) for line in outcome.stdout.splitlines())
    assert first == {**event(1, "x\ny"), "logGroupName": "g"}
    assert second["message"] == 5


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ("", 252, "the following arguments are required: group_name"),
        ("g --until 1h --follow", 252, "--until is an end, and --follow has none"),
        ("g --fields a --json-path b", 252, "--fields and --json-path"),
        ("g --json-path a[", 252, "Bad value for --json-path a["),
        ("g --since nope", 255, 'Invalid timestamp "nope"'),
        ("g --unti 1h", 252, "Unknown options: --unti"),
    ],
)
def test_wrong_words(aws, words, code, message):
    outcome = aws(f"logs tail {words}")
    assert (outcome.code, message in outcome.message) == (code, True), outcome.stderr
    assert aws.service.requests == []


def test_no_group_that_fits(aws):
    aws.service.replies(200, {"logGroups": []})
    outcome = aws("logs tail x*")
    assert (outcome.code, outcome.message) == (255, "awsmini: [ERROR]: No log group fits x*.")


def test_an_error_after_events(aws):
    aws.service.replies(200, page(event(0, "one"), nextToken="t"))
    aws.service.replies(400, {"__type": "ResourceNotFoundException", "message": "gone"})
    outcome = aws(f"logs tail g --since {SINCE}")
    assert (outcome.code, outcome.stdout) == (254, "2024-01-01T00:00:00.000000+00:00 s1 one\n")


def test_followed_until_ctrl_c(aws):
    aws.service.always(lambda request: answer(200, page(event(0, "one"))))
    process = subprocess.Popen(
        [sys.executable, "-m", "awsmini", "logs", "tail", "g", "--since", SINCE, "--follow"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**aws.env, "PYTHONPATH": str(PROJECT)},
        text=True,
    )
    with process:
        assert process.stdout.readline() == "2024-01-01T00:00:00.000000+00:00 s1 one\n"  # flushed, though to a pipe
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (out, err, process.returncode) == ("", "", 0)


def test_a_reader_that_leaves_is_no_failure(aws):
    aws.service.always(lambda request: answer(200, page(*(event(number, "x" * 500) for number in range(1000)))))
    shell = f"{sys.executable} -m awsmini logs tail g --since {SINCE} | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", shell],
        capture_output=True,
        env={**aws.env, "PYTHONPATH": str(PROJECT)},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"\n") == 1


def test_whole_against_moto(aws_moto):
    aws = aws_moto
    assert aws("logs create-log-group --log-group-name /app/web").code == 0
    assert aws("logs create-log-stream --log-group-name /app/web --log-stream-name s").code == 0
    now = int(datetime.now(timezone.utc).timestamp() * 1000)
    events = [{"timestamp": now - 1000 + at, "message": text} for at, text in enumerate(["first", '{"a": 1}'])]
    put = ["logs", "put-log-events", "--log-group-name", "/app/web", "--log-stream-name", "s"]
    assert aws([*put, "--log-events", json.dumps(events)]).code == 0
    assert [line.split(" ", 1)[1] for line in aws("logs tail /app/*").stdout.splitlines()] == ["s first", 's {"a": 1}']
    assert aws("logs tail web --all-matching --format short --fields a").stdout.split()[1::2] == ["first", "1"]
    assert aws("logs tail nothing").code == 254
