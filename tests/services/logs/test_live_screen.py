"""A live tail on a screen: what is kept and colored, and the keys."""

import json

import pytest

from awsmini.serialize.eventstream import CONTENT_TYPE, frame
from awsmini.services.logs.live_log import MOST_LINES, LiveLog
from tests.wizards.pseudo_terminal import on_a_terminal

UP, DOWN, ESCAPE = "\x1b[A", "\x1b[B", "\x1b"
COMMAND = "logs start-live-tail --log-group-identifiers arn:g --mode interactive"
ENV = {"AWS_DISABLE_HOST_PREFIX_INJECTION": "true"}


def update(*messages: str) -> bytes:
    payload = {"sessionMetadata": {"sampled": True}, "sessionResults": [{"message": each} for each in messages]}
    return frame({":message-type": "event", ":event-type": "sessionUpdate"}, json.dumps(payload).encode())


FIRST = frame({":message-type": "event", ":event-type": "initial-response"}, b"{}")
OVER = frame({":message-type": "exception", ":exception-type": "SessionTimeoutException"}, b'{"message": "timed out"}')
HEADERS = {"Content-Type": CONTENT_TYPE, "Content-Length": "1000000"}  # more than comes: the stream stays open


def log(*messages: str) -> LiveLog:
    made = LiveLog()
    made.add(messages)
    return made


def test_json_is_indented_until_it_is_not():
    made = log('{"a": [1]}', "plain", "")
    assert made.text() == '{\n    "a": [\n        1\n    ]\n}\nplain\n'
    made.as_json = False
    assert made.text() == '{"a": [1]}\nplain\n'


def test_only_the_latest_lines_are_kept():
    made = log(*(f"line {number}" for number in range(MOST_LINES + 50)))
    lines = made.text().splitlines()
    assert (len(lines), lines[0], lines[-1]) == (MOST_LINES, "line 50", f"line {MOST_LINES + 49}")


def test_while_it_is_held_what_comes_waits():
    made = log("one")
    made.held = True
    made.add(["two"])
    assert made.text() == "one"
    made.let_go()
    assert made.text() == "one\ntwo"


def test_terms_and_severities_are_colored_whatever_their_case():
    made = log("An ERROR, and an Error")
    made.highlight(" Error, ")
    assert made.fragments("An ERROR, and an Error") == [
        ("", "An "),
        ("ansicyan", "ERROR,"),
        ("", " and an "),
        ("ansired", "Error"),
    ]
    assert made.fragments("nothing") == [("", "nothing")]
    assert made.fragments("warn") == [("ansiyellow", "warn")]


def test_a_term_is_no_pattern():
    made = log("a.c abc")
    made.highlight("a.c")
    assert [(term.text, count) for term, count in made.counts()] == [("a.c", 1)]
    assert ("ansicyan", "abc") not in made.fragments("a.c abc")


def test_five_terms_and_styles_that_come_back():
    made = log()
    for text in ("a", "b", "c", "d", "e", "f", "a", " "):
        made.highlight(text)
    assert list(made.terms) == ["a", "b", "c", "d", "e"]
    assert not made.forget(6)
    assert not made.forget(0)
    assert made.forget(2)
    made.highlight("g")
    assert [term.style for term in made.terms.values()] == [
        "ansicyan", "ansiblue", "ansibrightyellow", "ansibrightgreen", "ansimagenta",
    ]  # fmt: skip
    made.forget()
    assert made.terms == {}


@pytest.fixture
def live(aws):
    aws.env.update(ENV)
    return lambda *frames: aws.service.replies(200, b"".join([FIRST, *frames]), HEADERS)


@pytest.mark.parametrize("key", [ESCAPE, "\x03"])
def test_until_it_is_left(aws, live, key):
    live(update("hello there", '{"level": "ERROR"}'))
    shown = on_a_terminal(aws, COMMAND, ("hello there", ""), ("sampled: yes", key))
    assert (shown.code, shown.last) == (0, "")
    assert "ERROR" in shown.text


def test_a_term_is_highlighted_and_taken_away_again(aws, live):
    live(update("needle in hay", "needle"))
    shown = on_a_terminal(
        aws,
        COMMAND,
        ("needle in hay", "h"),
        ("then Enter", "NEEDLE\r"),
        ("{needle: 2}", "c"),
        ("1: needle", "1"),
        ("Highlighted: {}", ESCAPE),
    )
    assert shown.code == 0
    assert "\x1b[0;36mneedle" in shown.text


def test_scrolling_and_back(aws, live):
    live(update(*(f"line {number:03}" for number in range(100))))
    shown = on_a_terminal(
        aws, COMMAND, ("line 099", "\x15" * 5), ("line 000", UP), ("q: back", "q"), ("line 099", DOWN + "t" + ESCAPE)
    )
    assert shown.code == 0


def test_what_ended_it_is_told(aws):
    aws.env.update(ENV)
    aws.service.replies(200, FIRST + update("bye") + OVER, {"Content-Type": CONTENT_TYPE})
    shown = on_a_terminal(aws, COMMAND)
    told = "An error occurred (SessionTimeoutException) when calling the StartLiveTail operation: timed out\n"
    assert (shown.code, shown.last) == (0, told)
