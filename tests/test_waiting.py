"""Waiters beside botocore's, on the same answers: every kind of acceptor, and the words where one fails."""

import random

import pytest
from botocore.exceptions import ClientError as TheirClientError
from botocore.exceptions import WaiterError as TheirWaiterError
from botocore.waiter import SingleWaiterConfig
from botocore.waiter import Waiter as TheirWaiter

from awsmini.errors import ClientError, ParamValidationError, WaiterError
from awsmini.model.load import ModelFinder, services
from awsmini.model.shapes import ServiceModel
from awsmini.waiting import Waiter, WaiterConfig

ACCEPTORS = [
    {"matcher": "path", "argument": "State", "expected": "up", "state": "success"},
    {"matcher": "path", "argument": "length(Items[]) > `2`", "expected": True, "state": "success"},
    {"matcher": "path", "argument": "State", "expected": "down", "state": "failure"},
    {"matcher": "path", "argument": "State", "expected": "coming", "state": "retry"},
    {"matcher": "pathAll", "argument": "Items[].State", "expected": "up", "state": "success"},
    {"matcher": "pathAll", "argument": "Items[].State", "expected": "down", "state": "failure"},
    {"matcher": "pathAny", "argument": "Items[].State", "expected": "down", "state": "failure"},
    {"matcher": "pathAny", "argument": "Items[].State", "expected": "up", "state": "success"},
    {"matcher": "pathAny", "argument": "State", "expected": "up", "state": "success"},
    {"matcher": "status", "expected": 200, "state": "success"},
    {"matcher": "status", "expected": 404, "state": "retry"},
    {"matcher": "status", "expected": 301, "state": "success"},
    {"matcher": "error", "expected": "NotFound", "state": "success"},
    {"matcher": "error", "expected": "NotFound", "state": "retry"},
    {"matcher": "error", "expected": "Denied", "state": "failure"},
    {"matcher": "error", "expected": True, "state": "retry"},
    {"matcher": "error", "expected": False, "state": "success"},
]


def answer(rng: random.Random) -> dict:
    """An output, an error, or an output that has a member named Error."""
    status = rng.choice((200, 200, 200, 404, 403, 301))
    made = {"ResponseMetadata": {"HTTPStatusCode": status}}
    if status != 200:
        return {**made, "Error": {"Code": rng.choice(("NotFound", "Denied", "404")), "Message": "so it is"}}
    states = ("up", "down", "coming")
    made["State"] = rng.choice(states)
    made["Items"] = [{"State": rng.choice(states)} for _ in range(rng.randrange(4))]
    return made


def outcome(make, errors: tuple, config: dict, answers: list[dict]) -> tuple:
    """Whether it succeeds, or what it says; how many answers it has asked for, and how long it has slept."""
    left = list(answers)
    slept: list[float] = []
    try:
        make(config, left, slept)
    except errors as error:
        # AWS CLI v2 writes `excepted`, later botocores do not; and both name an acceptor that need not be the one.
        text = str(error).replace("excepted", "expected").partition(" Previously accepted state")[0]
        return text, len(left), slept
    return "success", len(left), slept


def ours(config: dict, left: list[dict], slept: list[float]) -> None:
    def method(_):
        answer = left.pop(0)
        if answer["ResponseMetadata"]["HTTPStatusCode"] >= 300:
            raise ClientError(answer, "Describe")
        return answer

    Waiter("ThingUp", WaiterConfig(config), method, slept.append).wait()


def theirs(config: dict, left: list[dict], slept: list[float], monkeypatch) -> None:
    def operation(**_):
        return left.pop(0)

    monkeypatch.setattr("botocore.waiter.time.sleep", slept.append)
    TheirWaiter("ThingUp", SingleWaiterConfig(config), operation).wait()


def test_waiters_are_those_of_botocore(monkeypatch):
    rng = random.Random("waiters")
    seen = set()
    for _ in range(1500):
        acceptors = rng.sample(ACCEPTORS, rng.randrange(1, 5))
        config = {"operation": "Describe", "delay": 15, "maxAttempts": rng.choice((1, 2, 4)), "acceptors": acceptors}
        answers = [answer(rng) for _ in range(config["maxAttempts"])]
        expected = outcome(
            lambda *given: theirs(*given, monkeypatch), (TheirWaiterError, TheirClientError), config, answers
        )
        assert outcome(ours, WaiterError, config, answers) == expected, (config, answers)
        seen.add(expected[0])
    assert len(seen) > 9  # failures of all kinds, exhaustion, and success


def test_the_state_accepted_before_is_the_one_that_was():
    acceptors = [ACCEPTORS[3], ACCEPTORS[0]]
    config = {"operation": "Describe", "delay": 1, "maxAttempts": 2, "acceptors": acceptors}
    states = iter(("coming", "unknown"))
    waiter = Waiter("ThingUp", WaiterConfig(config), lambda _: {"State": next(states)}, lambda _: None)
    reason = 'Previously accepted state: For expression "State" we matched expected path: "coming"$'
    with pytest.raises(WaiterError, match=reason):
        waiter.wait()


def test_a_delay_and_a_limit_of_ones_own():
    slept: list[float] = []
    config = {"operation": "Describe", "delay": 15, "maxAttempts": 40, "acceptors": ACCEPTORS[:1]}
    waiter = Waiter("ThingUp", WaiterConfig(config), lambda params: params, slept.append)
    with pytest.raises(WaiterError, match=r"^Waiter ThingUp failed: Max attempts exceeded$") as caught:
        waiter.wait(State="down", WaiterConfig={"Delay": 2, "MaxAttempts": 3})
    assert slept == [2, 2]
    assert caught.value.exit_code == 255
    assert caught.value.kwargs == {"name": "ThingUp", "reason": "Max attempts exceeded"}
    assert caught.value.last_response == {"State": "down"}


def test_a_config_says_what_botocores_says_and_can_be_changed():
    facts = {"operation": "Describe", "delay": 15, "maxAttempts": 40, "acceptors": ACCEPTORS}
    seen = {"State": "up", "Items": []}
    ours, theirs = WaiterConfig(facts), SingleWaiterConfig(facts)
    for name in ("delay", "max_attempts", "operation", "description"):
        assert getattr(ours, name) == getattr(theirs, name)
    for mine, other in zip(ours.acceptors, theirs.acceptors, strict=True):
        for name in ("state", "matcher", "expected", "argument"):
            assert getattr(mine, name) == getattr(other, name)
        assert mine.explanation.replace("excepted", "expected") == other.explanation
        assert mine.matcher_func(dict(seen)) == other.matcher_func(dict(seen))
    slept: list[float] = []
    waiter = Waiter("ThingUp", WaiterConfig({**facts, "acceptors": ACCEPTORS[:1]}), lambda params: {}, slept.append)
    waiter.config.delay, waiter.config.max_attempts = 0.5, 4
    with pytest.raises(WaiterError):
        waiter.wait()
    assert slept == [0.5] * 3


def test_every_waiter_of_every_model_can_be_made():
    finder = ModelFinder({"HOME": "/nonexistent"})
    count = 0
    for name in services():
        model = ServiceModel(finder.lines(name))
        for waiter in model.waiter_names:
            config = model.waiter(waiter)
            Waiter(waiter, WaiterConfig(config), dict, lambda _: None)
            assert config["operation"] in model.operation_names
            count += 1
    assert count > 350


@pytest.mark.parametrize(
    "config", [5, None, [], {"Delay": "x"}, {"MaxAttempts": None}, {"Delay": -1}, {"Delay": 1e300}]
)
def test_settings_that_are_none(config):
    waiter = Waiter(
        "ThingUp",
        WaiterConfig({"delay": 1, "maxAttempts": 2, "acceptors": ACCEPTORS[:1]}),
        lambda _: {},
        lambda _: None,
    )
    with pytest.raises(ParamValidationError, match=r"^Bad value for (Delay|MaxAttempts) in WaiterConfig: "):
        waiter.wait(WaiterConfig=config)


def test_parameters_of_a_document_may_have_keys_that_are_no_text():
    asked = []
    config = {"delay": 1, "maxAttempts": 1, "acceptors": ACCEPTORS[:1]}
    waiter = Waiter("ThingUp", WaiterConfig(config), lambda params: asked.append(params) or {}, lambda _: None)
    with pytest.raises(WaiterError):
        waiter.wait_with({0: None})
    assert asked == [{0: None}]
