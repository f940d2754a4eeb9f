"""When a request is sent again, and after how long: AWS's "standard" and "adaptive" retries, without the sleeping.

The rules are those of `botocore/retries/standard.py` as AWS CLI v2 has them: 500, 502, 503 and 504 (429 alone is
not retried), the codes below, errors that the model marks as retryable, and answers that never came; a bucket of
500 tokens, which retries empty and successes fill, ends the retrying when a whole service is down.
"""

import os
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from pkgutil import resolve_name
from threading import Lock
from typing import Any, NamedTuple, Protocol
from zlib import crc32

from awsmini.errors import (
    AwsminiError,
    BrokenStreamError,
    ConnectionClosedError,
    ConnectTimeoutError,
    DamagedAnswerError,
    EndpointConnectionError,
    NoAnswerError,
    ReadTimeoutError,
    SendError,
)
from awsmini.log import debug
from awsmini.model.shapes import OperationModel
from awsmini.parse.presence import described
from awsmini.records import Reply

MODES = ("standard", "adaptive")
LIMITER = "awsmini.send.adaptive:RateLimiter"  # adaptive mode only
DEFAULT_MAX_ATTEMPTS = 3
MAX_BACKOFF = 20  # seconds

TRANSIENT_STATUSES = frozenset((500, 502, 503, 504))
TRANSIENT_CODES = frozenset(("RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete"))
THROTTLED_CODES = frozenset(
    (
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
        "TooManyRequestsException", "ProvisionedThroughputExceededException", "TransactionInProgressException",
        "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "RequestThrottled",
        "SlowDown", "PriorRequestNotComplete", "EC2ThrottledException",
    )
)  # fmt: skip
ASKED_AGAIN = ("s3",)  # where a success that cannot be read is as good as a 500, whatever the call
CRC32_SERVICES = ("dynamodb", "dynamodbstreams")
SERVICE_CODES = {"sts": "IDPCommunicationError"}  # retried for one service only

CAPACITY = 500  # tokens of the quota
RETRY_COST = 5
TIMEOUT_COST = 10  # a retry after a timeout
NO_RETRY_REFUND = 1


class RetrySettingError(AwsminiError):
    """`retry_mode` or `max_attempts` has a value that cannot be used."""


def retry_mode(text: str) -> str:
    """The mode that a setting names. `legacy` is gone, as in AWS CLI v2."""
    if text not in MODES:
        raise RetrySettingError(f'Invalid value provided to "mode": "{text}" must be one of: "standard" or "adaptive"')
    return text


def max_attempts(text: str | int) -> int:
    """How often a request is sent at most, the first time included."""
    try:
        attempts = int(text)
    except ValueError as error:
        raise RetrySettingError(str(error)) from None
    if attempts < 1:
        raise RetrySettingError(
            f'Value provided to "max_attempts": {attempts} must be an integer greater than or equal to one.'
        )
    return attempts


class RetryQuota:
    """Tokens that all calls of one client share. Threads may too."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.capacity = self.available = capacity
        self.lost: SendError | None = None  # how a connection ended that was there, if nothing has gone well since
        self._lock = Lock()

    def acquire(self, amount: int) -> bool:
        """Takes tokens; False, and nothing taken, where there are not enough."""
        with self._lock:
            if amount > self.available:
                return False
            self.available -= amount
            return True

    def release(self, amount: int) -> None:
        """Gives tokens back, up to the capacity."""
        self.lost = None
        if self.available < self.capacity:
            with self._lock:
                self.available = min(self.capacity, self.available + amount)


class Limiter(Protocol):
    """What adaptive mode adds. Times are in seconds on any clock that does not go back."""

    def wait(self, time: float) -> float:
        """Takes a token and says how many seconds to wait before sending."""

    def record(self, time: float, throttled: bool) -> None:
        """Learns from an answer."""


class RetryPolicy(NamedTuple):
    """How one client retries; its quota and limiter are shared by the client's calls."""

    quota: RetryQuota
    max_attempts: int = DEFAULT_MAX_ATTEMPTS
    limiter: Limiter | None = None

    def call(self, operation: OperationModel, invocation: str | None = None) -> "Retries":
        """The retries of one API call, whose first attempt may have named its `invocation` already."""
        return Retries(self, operation, invocation)


def policy(mode: str = "standard", attempts: int = DEFAULT_MAX_ATTEMPTS, time: float = 0.0) -> RetryPolicy:
    """The policy of the two settings, at a time in seconds."""
    limiter = resolve_name(LIMITER)(time) if mode == "adaptive" else None
    return RetryPolicy(RetryQuota(), attempts, limiter)


class Retries:
    """One API call's attempts: counts them, decides on the next, and knows what to tell the service and the user."""

    def __init__(self, policy: RetryPolicy, operation: OperationModel, invocation: str | None = None) -> None:
        self.attempt = 1
        self.metadata: dict[str, Any] = {}  # for the answer's ResponseMetadata
        self._policy = policy
        self._operation = operation
        self._invocation = invocation or invocation_id()
        self._ttl: str | None = None
        self._spent: int | None = None

    @property
    def may_go_on(self) -> bool:
        """Whether an attempt is left."""
        return self.attempt < self._policy.max_attempts

    def headers(self) -> dict[str, str]:
        """`amz-sdk-*`, which tell the service of the attempts. They are added after signing."""
        limit = f"max={self._policy.max_attempts}" if self.attempt > 1 else None
        told = (f"ttl={self._ttl}" if self._ttl else None, f"attempt={self.attempt}", limit)
        return {"amz-sdk-invocation-id": self._invocation, "amz-sdk-request": "; ".join(filter(None, told))}

    def wait_before(self, time: float) -> float:
        """Seconds to wait before sending: none, unless adaptive mode has met throttling. `time` is in seconds."""
        return self._policy.limiter.wait(time) if self._policy.limiter else 0.0

    def next_delay(
        self,
        uniform: Callable[[], float],
        *,
        reply: Reply | None = None,
        code: str | None = None,
        error: Exception | None = None,
        time: float = 0.0,
    ) -> float | None:
        """Seconds until the next attempt, or None where this one was the last.

        One attempt brought either `reply`, with `code` where it is an error, or `error`. `uniform()` is a random
        number from 0 to 1, `time` the seconds that adaptive mode goes by.
        """
        if isinstance(error, SendError):
            self._note(error)
        throttled = is_throttling(self._operation, code)
        if self._policy.limiter:
            self._policy.limiter.record(time, throttled)
        last = self.attempt >= self._policy.max_attempts
        if last:
            self.metadata["MaxAttemptsReached"] = True
        self.metadata["RetryAttempts"] = self.attempt - 1
        if last or not is_retryable(self._operation, reply, code, error):
            self._give_back(reply)
            return None
        cost = TIMEOUT_COST if isinstance(error, (ConnectTimeoutError, ReadTimeoutError)) else RETRY_COST
        if not self._policy.quota.acquire(cost):
            self.metadata["RetryQuotaReached"] = True
            debug("send", "Retry needed but retry quota reached, not retrying request.")
            return None
        self._spent = cost
        delay = backoff(self.attempt, uniform)
        if reply is not None and "retry-after" in reply.headers:
            delay = max(delay, retry_after(reply.headers))
        debug("send", "Retry needed after attempt %s (%s), in %s seconds", self.attempt, error or code, delay)
        self.attempt += 1
        return delay

    def _note(self, error: SendError) -> None:
        """Keep how a connection ended; where there is none any more, the error says that there was one."""
        quota = self._policy.quota
        if isinstance(error, (EndpointConnectionError, ConnectTimeoutError)):
            if quota.lost is not None and error.before is None:
                error.before = quota.lost
                how = str(quota.lost).removeprefix("('").partition("', ")[0]  # of the Python world's two, the words
                error.args = (f"{error}. The connection before was lost: {how}",)
        elif isinstance(error, (BrokenStreamError, ConnectionClosedError, ReadTimeoutError)):
            quota.lost = error

    def tell_time(self, headers: Mapping[str, str], read_timeout: float | None) -> None:
        """Has the next attempt say until when it is worth answering, in the service's own time (its `Date`)."""
        if not self._operation.has_streaming_input:
            self._ttl = time_to_live(headers.get("date"), read_timeout) or self._ttl

    def go_elsewhere(self, headers: Mapping[str, str], read_timeout: float | None) -> None:
        """Counts an attempt at another address, to which an answer with those headers has led: it costs no tokens."""
        self.tell_time(headers, read_timeout)
        self.attempt += 1

    def _give_back(self, reply: Reply | None) -> None:
        if reply is not None and 200 <= reply.status < 300:
            self._policy.quota.release(NO_RETRY_REFUND if self._spent is None else self._spent)


def backoff(attempt: int, uniform: Callable[[], float]) -> float:
    """Seconds after a failed attempt (the first is 1): random, with a bound that doubles up to 20."""
    return uniform() * min(2.0 ** (attempt - 1), MAX_BACKOFF)


def is_retryable(operation: OperationModel, reply: Reply | None, code: str | None, error: Exception | None) -> bool:
    """Whether what one attempt brought may be better the next time."""
    if isinstance(error, NoAnswerError):
        repeats = isinstance(error, DamagedAnswerError) or operation.service_model.service_name in ASKED_AGAIN
        return repeats or operation.is_repeatable
    if error is not None:
        return isinstance(error, SendError) and error.retryable
    if reply is None:
        return False
    if reply.status in TRANSIENT_STATUSES or code in TRANSIENT_CODES or code in THROTTLED_CODES:
        return True
    service = operation.service_model.service_name
    return code is not None and (SERVICE_CODES.get(service) == code or modeled_retry(operation, code) is not None)


def is_throttling(operation: OperationModel, code: str | None) -> bool:
    """Whether an error says that requests come too fast."""
    if code is None:
        return False
    return code in THROTTLED_CODES or modeled_retry(operation, code) == "throttling"


def modeled_retry(operation: OperationModel, code: str) -> str | None:
    """`throttling` or `transient` where the model says that an error of the operation may be retried."""
    for shape in operation.error_shapes:
        retryable = shape.metadata.get("retryable")
        if retryable is not None and code == shape.error_code:
            return "throttling" if retryable.get("throttling") else "transient"
    return None


def time_to_live(date: str | None, read_timeout: float | None) -> str | None:
    """When an attempt made now is given up, on the clock of a `Date` header; None where it cannot be told."""
    server = parse_date(date)
    if server is None or read_timeout is None:
        return None
    try:
        end = server + timedelta(seconds=read_timeout)
    except OverflowError:
        return None
    return f"{end:%Y%m%dT%H%M%SZ}"


def invocation_id() -> str:
    """A random UUID (RFC 9562, version 4) for one API call; importing `uuid` would cost a millisecond."""
    bits = bytearray(os.urandom(16))
    bits[6] = bits[6] & 0x0F | 0x40
    bits[8] = bits[8] & 0x3F | 0x80
    text = bits.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def check_crc32(reply: Reply) -> None:
    """DynamoDB states a CRC-32 of every body. Raises DamagedAnswerError."""
    stated = reply.headers.get("x-amz-crc32", "")
    if stated.isdecimal() and len(stated) < 20 and int(stated) != (found := crc32(reply.body)):
        raise DamagedAnswerError(
            f"The answer's x-amz-crc32 is {stated}, and that of its body {found}.\n{described(reply)}"
        )


def retry_after(headers: Mapping[str, str]) -> float:
    """The seconds for which the service wants to be left alone, up to the longest back-off; 0 where it cannot be told."""
    text = headers["retry-after"].strip()
    if text.isdecimal():
        return min(float(text), MAX_BACKOFF)
    end, now = parse_date(text), parse_date(headers.get("date"))
    return min(max((end - now).total_seconds(), 0.0), MAX_BACKOFF) if end and now else 0.0


def parse_date(text: str | None) -> datetime | None:
    """The time that a header such as `Date` tells."""
    try:
        return datetime.strptime(text or "", "%a, %d %b %Y %H:%M:%S %Z").replace(tzinfo=timezone.utc)
    except ValueError:
        return None
