"""`logs tail --follow --live`: nothing is missed and nothing told twice, whether a session, a poll or both tell it."""

import json
import signal
import subprocess
import sys
import time
from itertools import count
from threading import Event as Flag

import pytest

from awsmini.serialize.eventstream import CONTENT_TYPE, frame
from awsmini.services.logs.live_following import follow_live, session_params
from awsmini.services.logs.polling import VERY_LATE, Asked
from tests.servers import answer
from tests.terminal import PROJECT

START = 1_704_067_200_000
SINCE = "2024-01-01T00:00:00Z"


def stored(at, message, group="g"):
    """An event as polls find it."""
    return {"logStreamName": "s", "timestamp": START + at, "message": message, "eventId": f"{at}{message}{group}"}


def told(at, message, group="g"):
    """The same as a session tells it."""
    return {
        "logStreamName": "s",
        "timestamp": START + at,
        "message": message,
        "logGroupIdentifier": f"123456789012:{group}",
    }


def update(*events, sampled=False):
    return {"sessionUpdate": {"sessionMetadata": {"sampled": sampled}, "sessionResults": list(events)}}


class Scene:
    """Polls and sessions as scripted: the n-th poll finds the n-th list, and the last one again and again. A session
    gives its updates and then waits, unless its last is an exception, which ends it."""

    def __init__(self, polls, sessions):
        self.polls, self.sessions = polls, iter(sessions)
        self.asked = []
        self.over = Flag()

    def pages(self, params):
        self.asked.append(params["startTime"] - START)
        yield {"events": [dict(event) for event in self.polls[min(len(self.asked), len(self.polls)) - 1]]}

    def start(self):
        script = next(self.sessions, PermissionError("not allowed"))
        if isinstance(script, Exception):
            raise script
        yield {"sessionStart": {}}
        for each in script:
            if isinstance(each, Exception):
                raise each
            yield each
        self.over.wait(20)

    def messages(self, wanted, *, groups=("g",), calm=0.4):
        """What is told until that many are, and for a while longer."""
        found = []
        give_up = time.monotonic() + 10

        class Enough(Exception):
            pass

        def quiet():
            now = time.monotonic()
            if now > give_up or (len(found) >= wanted and now > self.since + calm):
                raise Enough

        self.since = time.monotonic()
        try:
            for event in follow_live(self.pages, groups, Asked(START, {}), self.start, quiet, 0.05, 0.3):
                found.append((event["logGroupName"], event["message"]) if len(groups) > 1 else event["message"])
                self.since = time.monotonic()
        except Enough:
            pass
        finally:
            self.over.set()
        return found


A, B, C = (stored(1, "a"), stored(2, "b"), stored(3, "c"))


@pytest.mark.parametrize(
    ("polls", "sessions", "expected"),
    [
        pytest.param([[A]], [[update(told(2, "b"))]], ["a", "b"], id="what was there, and what comes"),
        pytest.param([[A], [A, B]], [[update(told(2, "b"))]], ["a", "b"], id="both tell one"),
        pytest.param([[A, B]], [[update(told(2, "b"))]], ["a", "b"], id="the poll was first"),
        pytest.param([[], [A], [A, B]], [[]], ["a", "b"], id="what came before a session is found by polls"),
        pytest.param([[A], [A], [A], [A, B]], [[update(sampled=True)] * 2], ["a", "b"], id="a sample is completed"),
        pytest.param([[A], [A], [A, A, A]], [[]], ["a", "a", "a"], id="events that look alike"),
        pytest.param([[], [A, A]], [[update(told(1, "a"), told(1, "a"))]], ["a", "a"], id="alike in a session"),
        pytest.param([[], [A], [A, A]], [[update(told(1, "a"))]], ["a", "a"], id="one more than the session told"),
        pytest.param([[A]], [[update(told(-1, "old"), told(0, "new"))]], ["a", "new"], id="not asked for"),
        pytest.param([[A], [A, B]], [], ["a", "b"], id="no session is allowed"),
        pytest.param(
            [[A]], [[update(told(2, "b")), TimeoutError()], [update(told(3, "c"))]], ["a", "b", "c"], id="a second session"
        ),
        pytest.param(
            [[A], [A], [A], [A, B], [A, B, C]], [[TimeoutError()]], ["a", "b", "c"], id="polls when there are no more"
        ),
    ],
)  # fmt: skip
def test_each_once(polls, sessions, expected):
    assert sorted(Scene(polls, sessions).messages(len(expected))) == expected


def test_groups_are_told_apart():
    scene = Scene([[]], [[update(told(1, "x", "/a/1"), told(2, "y", "/a/2"), told(3, "z", "/a/1"))]])
    assert scene.messages(3, groups=("/a/1", "/a/2")) == [("/a/1", "x"), ("/a/2", "y"), ("/a/1", "z")]


def test_beside_a_session_polls_are_seldom():
    scene = Scene([[A]], [[]])
    assert scene.messages(1, calm=1.0) == ["a"]
    assert len(scene.asked) <= 8  # 20 would be those of polling alone


def test_what_was_told_long_ago_is_forgotten():
    late = 2 * VERY_LATE
    many = [update(*(told(at * 40, str(at)) for at in range(late // 40)))]
    assert len(Scene([[]], [many]).messages(late // 40)) == late // 40


@pytest.mark.parametrize(
    ("groups", "filters", "params"),
    [
        (["g"], {}, {}),
        (["g"] * 10, {"filterPattern": "E"}, {"logEventFilterPattern": "E"}),
        (["g"], {"logStreamNames": ["a"]}, {"logStreamNames": ["a"]}),
        (["g"], {"logStreamNamePrefix": "p"}, {"logStreamNamePrefixes": ["p"]}),
        (["g"] * 11, {}, None),
        (["g", "h"], {"logStreamNames": ["a"]}, None),
        (["g", "h"], {"logStreamNamePrefix": "p"}, None),
        (["g"], {"logStreamNames": list("abcdefghijk")}, None),
    ],
)
def test_what_a_session_is_asked_for(groups, filters, params):
    assert session_params(groups, Asked(START, filters)) == params


# Whole commands --------------------------------------------------------------------------------------------------

ARN = "arn:aws:logs:us-east-1:123456789012:log-group:g"
FIRST = frame({":message-type": "event", ":event-type": "initial-response"}, b"{}")
STAYS_OPEN = {"Content-Type": CONTENT_TYPE, "Content-Length": "1000000"}


def event_frame(event):
    ((name, value),) = event.items()
    return frame({":message-type": "event", ":event-type": name}, json.dumps(value).encode())


def follow(aws, lines, words=""):
    """The first lines of the command that goes on, what it says then, and its exit code."""
    process = subprocess.Popen(
        [sys.executable, "-m", "awsmini", "logs", "tail", "g", "--since", SINCE, "--follow", "--live", *words.split()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**aws.env, "PYTHONPATH": str(PROJECT), "AWS_DISABLE_HOST_PREFIX_INJECTION": "true"},
        text=True,
    )
    with process:
        first = [process.stdout.readline() for _ in range(lines)]
        process.send_signal(signal.SIGINT)
        return first, process.communicate(timeout=30), process.returncode


def service(live, groups=({"logGroupName": "g", "arn": f"{ARN}:*"},)):
    polls = count()

    def respond(request):
        operation = request.headers["X-Amz-Target"].rpartition(".")[2]
        if operation == "FilterLogEvents":
            return answer(200, {"events": [A] if next(polls) == 0 else [A, stored(9, "polled")]})
        return answer(200, {"logGroups": list(groups)}) if operation == "DescribeLogGroups" else live

    return respond


def test_a_session_tells_at_once(aws):
    body = b"".join([FIRST, event_frame({"sessionStart": {}}), event_frame(update(told(2, "b"), told(9, "polled")))])
    aws.service.always(service(answer(200, body, STAYS_OPEN)))
    first, rest, code = follow(aws, 3, "--filter-pattern E --log-stream-names s")
    assert sorted(first) == [
        "2024-01-01T00:00:00.001000+00:00 s a\n",
        "2024-01-01T00:00:00.002000+00:00 s b\n",
        "2024-01-01T00:00:00.009000+00:00 s polled\n",
    ]
    assert (rest, code) == (("", ""), 0)
    asked = [each.json for each in aws.service.requests if each.headers["X-Amz-Target"].endswith("StartLiveTail")]
    assert asked == [{"logGroupIdentifiers": [ARN], "logStreamNames": ["s"], "logEventFilterPattern": "E"}]


@pytest.mark.parametrize(
    "live",
    [
        answer(400, {"__type": "AccessDeniedException", "message": "no"}),
        answer(400, {"__type": "LimitExceededException", "message": "too many"}),
        answer(404, "what?"),
    ],
)
def test_without_a_word_by_polls_where_there_can_be_no_session(aws, live):
    aws.service.always(service(live))
    first, rest, code = follow(aws, 1)
    assert (first, rest, code) == (["2024-01-01T00:00:00.001000+00:00 s a\n"], ("", ""), 0)


def test_it_is_a_way_to_follow(aws):
    outcome = aws("logs tail g --live")
    assert (outcome.code, outcome.message) == (
        252,
        "awsmini: [ERROR]: An error occurred (ParamValidation): --live is a way to follow: give --follow with it.",
    )
