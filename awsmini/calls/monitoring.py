"""Client-side monitoring: for each attempt and each call a JSON datagram to a local agent, in AWS's layout.

It is off unless `csm_enabled` is true. What cannot be sent is let go: monitoring never troubles a call.
"""

import json
import re
import socket
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from awsmini.calls.observers import CallObserver
from awsmini.config.settings import InvalidConfigError, Settings
from awsmini.errors import SendError
from awsmini.log import debug
from awsmini.parse import is_failure, parse_error
from awsmini.records import Call, Output, Reply, Request

MAX_DATAGRAM = 8 * 1024  # bytes; a longer one is not sent
MAX_CLIENT_ID = 255
MAX_AGENT = 256
MAX_NAME = 128  # characters of an error's code or class
MAX_MESSAGE = 512
REQUEST_IDS = {"x-amzn-requestid": "XAmznRequestId", "x-amz-request-id": "XAmzRequestId", "x-amz-id-2": "XAmzId2"}
_SIGNED = re.compile(r"AWS4-HMAC-SHA256 Credential=(\w+)/\d+/([a-z0-9-]+)/")
_SIGNED_BY = re.compile(r"(?:AWS |.*Credential=)(\w+)")

Event = dict[str, Any]


class Monitor:
    """The observer of all clients of a session."""

    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        self._client_id = str(settings.value("csm_client_id"))
        if len(self._client_id) > MAX_CLIENT_ID:
            raise InvalidConfigError(
                f"The value provided for csm_client_id: {self._client_id} exceeds the maximum length of "
                f"{MAX_CLIENT_ID} characters"
            )
        self._address = (str(settings.value("csm_host")), settings.value("csm_port"))
        self._now = now

    def __call__(self, call: Call) -> CallObserver:
        return CallMonitor(call, self)

    def time(self) -> int:
        """Milliseconds of the epoch."""
        return int(self._now().timestamp() * 1000)

    def publish(self, kind: str, call: Call, started: int, facts: Event) -> None:
        event = {
            "Version": 1,
            "ClientId": self._client_id,
            "Type": kind,
            "Service": call.operation.service_model.service_id,
            "Api": call.operation.name,
            "Timestamp": started,
            **facts,
        }
        datagram = json.dumps(event, separators=(",", ":")).encode()
        if len(datagram) > MAX_DATAGRAM:
            debug("send.monitoring", "An event of %d bytes is too long to be sent", len(datagram))
            return
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
                out.sendto(datagram, self._address)
        except (OSError, OverflowError) as error:
            debug("send.monitoring", "An event cannot be sent: %s", error)


class CallMonitor(CallObserver):
    """The events of one call: an ApiCallAttempt for each request, an ApiCall at the end."""

    def __init__(self, call: Call, monitor: Monitor) -> None:
        self._call = call
        self._monitor = monitor
        self._started = self._attempt_started = monitor.time()
        self._attempts = 0
        self._sent: Event = {}  # of the last attempt, what stands in both kinds of event
        self._request: Event = {}
        self._outcome: Event = {}

    def sending(self, request: Request) -> None:
        self._attempts += 1
        self._attempt_started = self._monitor.time()
        self._sent, self._request = _sent(request)
        self._outcome = {}

    def answered(self, reply: Reply) -> None:
        self._outcome = {"HttpStatusCode": reply.status}
        ids = {entry: reply.headers[header] for header, entry in REQUEST_IDS.items() if header in reply.headers}
        if reply.status >= 300:
            error = parse_error(self._call.operation, reply)["Error"]
            self._outcome["AwsException"] = str(error.get("Code", ""))[:MAX_NAME]
            self._outcome["AwsExceptionMessage"] = str(error.get("Message", ""))[:MAX_MESSAGE]
        self._publish_attempt(ids)

    def failed(self, error: Exception) -> None:
        self._outcome = {
            "SdkException": type(error).__name__[:MAX_NAME],
            "SdkExceptionMessage": str(error)[:MAX_MESSAGE],
        }
        self._publish_attempt({})

    def _publish_attempt(self, ids: Event) -> None:
        latency = {"AttemptLatency": self._monitor.time() - self._attempt_started}
        facts = {**latency, **self._request, **self._sent, **self._outcome, **ids}
        self._monitor.publish("ApiCallAttempt", self._call, self._attempt_started, facts)

    def ended(self, output: Output) -> None:
        metadata = output["ResponseMetadata"]
        self._publish_call(bool(is_failure(output) and metadata.get("MaxAttemptsReached")))

    def gave_up(self, error: Exception) -> None:
        self._publish_call(isinstance(error, SendError) and error.retryable)

    def _publish_call(self, retries_exceeded: bool) -> None:
        facts = {
            "AttemptCount": self._attempts,
            **self._sent,
            **{f"Final{name}": value for name, value in self._outcome.items()},
            "Latency": self._monitor.time() - self._started,
            "MaxRetriesExceeded": int(retries_exceeded),
        }
        self._monitor.publish("ApiCall", self._call, self._started, facts)


def _sent(request: Request) -> tuple[Event, Event]:
    """What is told of a request in both kinds of event, and in that of the attempt alone."""
    authorization = request.headers.get("Authorization", "")
    both = {"UserAgent": request.headers.get("User-Agent", "")[:MAX_AGENT]}
    alone = {"Fqdn": urlsplit(request.url).netloc}
    if signed := _SIGNED.match(authorization):
        both["Region"] = signed[2]
    if by := _SIGNED_BY.match(authorization):
        alone["AccessKey"] = by[1]
    if "X-Amz-Security-Token" in request.headers:
        alone["SessionToken"] = request.headers["X-Amz-Security-Token"]
    return both, alone
