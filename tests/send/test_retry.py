"""Which answers are tried again, after how long, and what is told of it."""

import random
import re
from collections.abc import Callable
from itertools import count
from typing import Any
from zlib import crc32

import pytest

from awsmini.errors import (
    AwsminiError,
    ConnectionClosedError,
    ConnectTimeoutError,
    DamagedAnswerError,
    EndpointConnectionError,
    HTTPClientError,
    NoAnswerError,
    NoCredentialsError,
    ReadTimeoutError,
)
from awsmini.model.load import ModelFinder
from awsmini.model.shapes import OperationModel, ServiceModel
from awsmini.records import Reply
from awsmini.send import retry
from awsmini.send.adaptive import RateLimiter
from awsmini.send.retry import (
    RetryPolicy,
    RetryQuota,
    backoff,
    check_crc32,
    max_attempts,
    policy,
    retry_mode,
    time_to_live,
)


def operation(service: str, name: str) -> OperationModel:
    return ServiceModel(ModelFinder({}).lines(service)).operation_model(name)


LIST = operation("kinesisvideo", "ListStreams")
URL = "http://h/"


def reply(status: int, body: bytes = b"", **headers: str) -> Reply:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, reason="", headers=names, body=body)


def half() -> float:
    return 0.5


@pytest.mark.parametrize("text", ["standard", "adaptive"])
def test_modes(text: str):
    assert retry_mode(text) == text


@pytest.mark.parametrize("text", ["legacy", "", "Standard", "x"])
def test_modes_that_are_none(text: str):
    with pytest.raises(AwsminiError) as caught:
        retry_mode(text)
    assert str(caught.value) == f'Invalid value provided to "mode": "{text}" must be one of: "standard" or "adaptive"'
    assert caught.value.exit_code == 255


@pytest.mark.parametrize(("text", "attempts"), [("1", 1), (" 3 ", 3), (10, 10)])
def test_numbers_of_attempts(text: str | int, attempts: int):
    assert max_attempts(text) == attempts


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0", 'Value provided to "max_attempts": 0 must be an integer greater than or equal to one.'),
        ("-1", 'Value provided to "max_attempts": -1 must be an integer greater than or equal to one.'),
        ("x", "invalid literal for int() with base 10: 'x'"),
        ("1.5", "invalid literal for int() with base 10: '1.5'"),
        ("", "invalid literal for int() with base 10: ''"),
    ],
)
def test_numbers_of_attempts_that_are_none(text: str, message: str):
    with pytest.raises(AwsminiError, match=f"^{re.escape(message)}$") as caught:
        max_attempts(text)
    assert caught.value.exit_code == 255


@pytest.mark.parametrize(
    ("found", "again"),
    [
        *(({"reply": reply(status), "code": str(status)}, True) for status in (500, 502, 503, 504)),
        *(({"reply": reply(status), "code": "X"}, False) for status in (400, 403, 404, 409, 429, 501, 505)),
        *(
            ({"reply": reply(400), "code": code}, True)
            for code in sorted(retry.THROTTLED_CODES | retry.TRANSIENT_CODES)
        ),
        ({"reply": reply(400), "code": "LimitExceededException"}, True),
        ({"reply": reply(403), "code": "RequestTimeTooSkewed"}, False),
        ({"reply": reply(400), "code": "ExpiredToken"}, False),
        ({"reply": reply(400), "code": "IDPCommunicationError"}, False),
        ({"reply": reply(200)}, False),
        ({"error": EndpointConnectionError(URL)}, True),
        ({"error": ConnectTimeoutError(URL)}, True),
        ({"error": ReadTimeoutError(URL)}, True),
        ({"error": ConnectionClosedError(URL)}, True),
        ({"error": HTTPClientError("x")}, True),
        ({"error": NoCredentialsError()}, False),
    ],
)
def test_what_is_tried_again(found: dict[str, Any], again: bool):
    assert (policy().call(LIST).next_delay(half, **found) is not None) is again


@pytest.mark.parametrize(
    ("service", "name", "code", "again"),
    [
        ("sts", "AssumeRoleWithWebIdentity", "IDPCommunicationError", True),
        ("iam", "GetUser", "IDPCommunicationError", False),
        ("lambda", "Invoke", "EC2ThrottledException", True),
        ("opensearchserverless", "ListCollections", "InternalServerException", False),
    ],
)
def test_what_one_service_tries_again(service: str, name: str, code: str, again: bool):
    delay = policy().call(operation(service, name)).next_delay(half, reply=reply(400), code=code)
    assert (delay is not None) is again


def modeled(throttling: bool) -> OperationModel:
    """Some operation of the models with an error that may be retried."""
    for service in ("bedrock-agent", "appconfigdata", "accessanalyzer", "bedrock-runtime", "amp"):
        model = ServiceModel(ModelFinder({}).lines(service))
        for name in model.operation_names:
            for shape in model.operation_model(name).error_shapes:
                traits = shape.metadata.get("retryable")
                if traits is not None and bool(traits.get("throttling")) is throttling:
                    return model.operation_model(name)
    raise LookupError("no such error in these models")


@pytest.mark.parametrize("throttling", [True, False])
def test_errors_that_the_model_lets_be_tried_again(throttling: bool):
    found = modeled(throttling)
    shape = next(
        shape
        for shape in found.error_shapes
        if "retryable" in shape.metadata and bool(shape.metadata["retryable"].get("throttling")) is throttling
    )
    assert retry.modeled_retry(found, str(shape.error_code)) == ("throttling" if throttling else "transient")
    assert policy().call(found).next_delay(half, reply=reply(400), code=shape.error_code) is not None
    assert retry.modeled_retry(found, "Other") is None


def test_dynamodbs_own_checksum():
    check_crc32(reply(200, b"{}", x_amz_crc32=str(crc32(b"{}"))))
    check_crc32(reply(200, b"{}", x_amz_crc32="x"))
    check_crc32(reply(200, b"{}"))
    with pytest.raises(DamagedAnswerError) as caught:
        check_crc32(reply(200, b"{}", x_amz_crc32="1"))
    put = policy().call(operation("dynamodb", "PutItem"))
    assert put.next_delay(half, error=caught.value) is not None


@pytest.mark.parametrize(
    ("service", "name", "again"),
    [
        ("dynamodb", "Scan", True),
        ("dynamodb", "BatchGetItem", True),
        ("dynamodb", "PutItem", False),
        ("dynamodb", "TransactWriteItems", True),  # has a token
        ("ec2", "RunInstances", True),  # so has this
        ("ec2", "RebootInstances", False),
        ("sqs", "SendMessage", False),
        ("lambda", "Invoke", False),
        ("lambda", "DeleteFunction", True),  # by HTTP
        ("s3", "CompleteMultipartUpload", True),  # in S3 all are
        ("apigateway", "TestInvokeMethod", False),
    ],
)
def test_which_calls_are_made_again_after_what_is_no_answer(service: str, name: str, again: bool):
    found = operation(service, name)
    assert (policy().call(found).next_delay(half, error=NoAnswerError("x")) is not None) is again


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 0.5), (2, 1), (3, 2), (4, 4), (5, 8), (6, 10), (60, 10)])
def test_delays(attempt: int, seconds: float):
    assert backoff(attempt, half) == seconds
    assert backoff(attempt, lambda: 0.0) == 0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "3"}, 3),
        ({"retry_after": "0"}, 0.5),
        ({"retry_after": "99"}, 20),
        ({"retry_after": "9" * 5000}, 20),
        ({"retry_after": "-5"}, 0.5),
        ({"retry_after": "soon"}, 0.5),
        ({"retry_after": "Mon, 10 Mar 2031 10:00:07 GMT"}, 0.5),
        ({"retry_after": "Mon, 10 Mar 2031 10:00:07 GMT", "date": "Mon, 10 Mar 2031 10:00:00 GMT"}, 7),
        ({"retry_after": "Mon, 10 Mar 2031 09:00:07 GMT", "date": "Mon, 10 Mar 2031 10:00:00 GMT"}, 0.5),
        ({"x_amz_retry_after": "99000"}, 0.5),
    ],
)
def test_the_delay_heeds_the_services_wish_within_bounds(headers: dict[str, str], seconds: float):
    assert policy().call(LIST).next_delay(half, reply=reply(503, **headers), code="503") == seconds


def test_attempts_and_what_is_told_of_them():
    retries = policy(attempts=3).call(LIST)
    told = [retries.headers()]
    delays = []
    for _ in range(3):
        delays.append(retries.next_delay(half, reply=reply(503), code="503"))
        told.append(retries.headers())
    assert delays == [0.5, 1.0, None]
    assert retries.metadata == {"MaxAttemptsReached": True, "RetryAttempts": 2}
    assert [each["amz-sdk-request"] for each in told[:3]] == ["attempt=1", "attempt=2; max=3", "attempt=3; max=3"]
    assert len({each["amz-sdk-invocation-id"] for each in told}) == 1
    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", told[0]["amz-sdk-invocation-id"]
    )
    assert policy().call(LIST).headers()["amz-sdk-invocation-id"] != told[0]["amz-sdk-invocation-id"]


def test_a_success_at_once():
    retries = policy().call(LIST)
    assert retries.next_delay(half, reply=reply(200)) is None
    assert retries.metadata == {"RetryAttempts": 0}


def test_one_attempt_only_says_so_whatever_the_answer():
    retries = policy(attempts=1).call(LIST)
    assert retries.next_delay(half, reply=reply(403), code="AccessDenied") is None
    assert retries.metadata == {"MaxAttemptsReached": True, "RetryAttempts": 0}


@pytest.mark.parametrize(
    ("date", "timeout", "ttl"),
    [
        ("Mon, 10 Mar 2031 10:00:00 GMT", 60, "20310310T100100Z"),
        ("Mon, 10 Mar 2031 10:00:00 GMT", 0.5, "20310310T100000Z"),
        ("Mon, 10 Mar 2031 10:00:00 GMT", None, None),
        ("yesterday", 60, None),
        (None, 60, None),
    ],
)
def test_until_when_an_attempt_is_waited_for(date: str | None, timeout: float | None, ttl: str | None):
    assert time_to_live(date, timeout) == ttl


def test_the_time_is_told_unless_a_stream_is_sent():
    dated = reply(503, date="Mon, 10 Mar 2031 10:00:00 GMT")
    retries = policy().call(LIST)
    retries.next_delay(half, reply=dated, code="503")
    retries.tell_time(dated.headers, 60)
    assert retries.headers()["amz-sdk-request"] == "ttl=20310310T100100Z; attempt=2; max=3"
    retries.tell_time(reply(503).headers, 60)
    assert retries.headers()["amz-sdk-request"].startswith("ttl=20310310T100100Z")
    upload = policy().call(operation("s3", "PutObject"))
    upload.tell_time(dated.headers, 60)
    assert upload.headers()["amz-sdk-request"] == "attempt=1"


def test_the_quota_ends_the_retrying():
    shared = policy(attempts=1000)
    retries = shared.call(LIST)
    tries = next(number for number in count() if retries.next_delay(half, reply=reply(503), code="503") is None)
    assert tries == 100
    assert retries.metadata["RetryQuotaReached"] is True
    assert "MaxAttemptsReached" not in retries.metadata
    assert shared.quota.available == 0


def test_timeouts_cost_more():
    shared = policy(attempts=1000)
    shared.call(LIST).next_delay(half, error=ReadTimeoutError(URL))
    assert shared.quota.available == 490
    shared.call(LIST).next_delay(half, error=ConnectTimeoutError(URL))
    assert shared.quota.available == 480
    shared.call(LIST).next_delay(half, error=EndpointConnectionError(URL))
    assert shared.quota.available == 475


def test_successes_fill_the_quota_again():
    shared = RetryPolicy(quota=RetryQuota(20))
    retries = shared.call(LIST)
    retries.next_delay(half, error=ReadTimeoutError(URL))
    assert shared.quota.available == 10
    retries.next_delay(half, reply=reply(200))
    assert shared.quota.available == 20
    shared.quota.acquire(7)
    shared.call(LIST).next_delay(half, reply=reply(200))
    assert shared.quota.available == 14
    shared.call(LIST).next_delay(half, reply=reply(404), code="NoSuchThing")
    assert shared.quota.available == 14


def test_policies_of_the_settings():
    assert policy("standard", 5, 0.0).limiter is None
    adaptive = policy("adaptive", 5, 100.0)
    assert adaptive.max_attempts == 5
    retries = adaptive.call(LIST)
    assert retries.wait_before(100.0) == 0
    assert retries.next_delay(half, reply=reply(400), code="Throttling", time=100.6) == 0.5
    assert retries.wait_before(100.6) > 0


# Adaptive mode, against botocore's on the same clock.


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0

    def current_time(self) -> float:
        return self.time

    def sleep(self, amount: float) -> None:
        self.time += amount


@pytest.fixture
def theirs() -> Callable[[Clock], Any]:
    """botocore's limiter, whose bucket waits by moving the clock."""
    adaptive = pytest.importorskip("botocore.retries.adaptive")
    bucket = pytest.importorskip("botocore.retries.bucket")
    throttling = pytest.importorskip("botocore.retries.throttling")

    class Detector:
        throttled = False

        def is_throttling_error(self, **_: Any) -> bool:
            return self.throttled

    def make(clock: Clock) -> Any:
        limiter = adaptive.ClientRateLimiter(
            rate_adjustor=throttling.CubicCalculator(starting_max_rate=0, start_time=clock.time),
            rate_clocker=adaptive.RateClocker(clock),
            token_bucket=bucket.TokenBucket(max_rate=1, clock=clock),
            throttling_detector=Detector(),
            clock=clock,
        )
        condition = limiter._token_bucket._new_fill_rate_condition
        condition.wait = lambda amount: clock.sleep(max(amount, 1e-9))  # so that rounding makes no endless loop
        return limiter

    return make


def test_adaptive_mode_is_botocores(theirs: Callable[[Clock], Any]):
    dice = random.Random(1)
    clock, same = Clock(), Clock()
    limiter, ours = theirs(clock), RateLimiter(same.time)
    for number in range(400):
        pause, throttled = dice.choice([0.01, 0.1, 0.7, 3.0]), dice.random() < (0.3 if number % 100 < 30 else 0.02)
        limiter.on_sending_request(request=None)
        same.sleep(ours.wait(same.time))
        assert same.time == pytest.approx(clock.time, abs=1e-6), number
        clock.sleep(pause)
        same.sleep(pause)
        limiter._throttling_detector.throttled = throttled
        limiter.on_receiving_response()
        ours.record(same.time, throttled)
        assert ours._bucket.rate == pytest.approx(limiter._token_bucket.max_rate), number
