"""One API call on the loop: signed from a template, sent until an answer is worth having, by the core's own rules."""

import os
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any
from urllib.parse import quote

from awsmini.errors import NoAnswerError, ResponseParseError, SendError
from awsmini.log import debug, is_on
from awsmini.parse.presence import WebPageError, described, refuse_page
from awsmini.records import Reply, Request
from awsmini.send.retry import Retries
from awsmini.sign.sigv4 import timestamp
from awsmini.transfer.exchange import Exchange
from awsmini.transfer.http1 import Head
from awsmini.transfer.loop import Loop
from awsmini.transfer.template import Moment, Template
from awsmini.transfer.templates import Templates

LARGEST = 64 * 1024 * 1024  # bytes of an answer that is kept in memory
TOKEN = "x-amz-security-token"
LARGEST_ERROR = 1024 * 1024
FIRST_ATTEMPT = b"attempt=1"

# What the invocation ids of a process begin with: UUIDs of version 4 that end in a number of their own.
_random = os.urandom(9).hex()
_BEGINNING = f"{_random[:8]}-{_random[8:12]}-4{_random[12:15]}-a{_random[15:]}-".encode()
_numbers = count(int.from_bytes(os.urandom(5), "big"))


class TooLongError(ResponseParseError):
    """An answer that should be short is not."""


class ApiCall(Exchange):
    """Subclasses name the template, make the body and take the answer; `succeeded` or `failed` is the end."""

    done = False
    _answer: Head | None = None
    _kept_size = 0
    _retries: Retries | None = None
    _elsewhere = False
    _signed: Moment | None = None

    def __init__(self, loop: Loop, templates: Templates, key: str, values: dict[bytes, bytes]) -> None:
        self.key = key
        self.values = values  # what varies, for the template
        self._loop = loop
        self._templates = templates
        self._core = templates.core
        self._kept: list[bytes] = []
        self._remedied: set[str] = set()
        self.template = template = self.make_template()
        self.origin, self.method = template.origin, template.method
        if not key and template.has_key:
            call = template.call
            self._core.prepare(call.operation, {**call.params, "Key": key})  # raises what the core says of it
        values[b"invocation"] = b"%b%012x" % (_BEGINNING, next(_numbers))
        values[b"attempt"] = FIRST_ATTEMPT

    # For subclasses

    def make_template(self) -> Template:
        """The template as it is now. Raises what the core says of the parameters."""
        raise NotImplementedError

    def first_bytes(self) -> bytes:
        """The beginning of the body, or all of it. Called for each attempt."""
        return b""

    def succeeded(self, head: Head, reply: Reply) -> None:
        """An answer that is worth having. What it raises is the call's failure."""
        raise NotImplementedError

    def failed(self, error: Exception) -> None:
        """There is no such answer, and there will be none."""
        raise NotImplementedError

    def stop(self) -> None:
        """Let go of files; the engine is closing."""

    # Sending

    def submit(self) -> None:
        """Send it, when the rate allows."""
        if self._core.retry_policy.limiter is not None:
            delay = self.retries.wait_before(self._core.app.now().timestamp())
            if delay > 0:
                self._loop.call_later(delay, partial(self._loop.submit, self))
                return
        self._loop.submit(self)

    def begin(self) -> bytes:
        self._answer = None
        if self._kept:
            self._kept = []
            self._kept_size = 0
        body = self.first_bytes()
        head = self.template.head(self.key, self._core.now(), self.values)
        self._signed = self.template.moment
        if is_on():
            debug("send", "%s %s", self.method, self.url)
        return head + body if body else head

    @property
    def url(self) -> str:  # type: ignore[override]
        """For messages."""
        path = (self.template.target % {**self.values, b"key": quote(self.key, safe="/").encode()}).decode()
        origin = self.template.url.partition("://")
        return f"{origin[0]}://{origin[2].partition('/')[0]}{path}"

    # Receiving

    def head(self, head: Head) -> None:
        self._answer = head

    def body(self, data: bytes) -> None:
        self._kept_size += len(data)
        if self._kept_size > LARGEST_ERROR and self._answer is not None and self._answer.status >= 300:
            return  # no error says so much
        self._kept.append(data)
        if self._kept_size > LARGEST:
            raise TooLongError(f"The answer to {self.template.call.operation.name} is too long")

    def ended(self) -> None:
        head = self._answer
        assert head is not None
        body = b"".join(self._kept)
        self._kept.clear()
        reply = Reply(head.status, head.reason, head.headers, body, spelled=head.spelled if head.status >= 300 else ())
        if head.status < 300 and not body:
            self._well(head, reply)
            return
        try:
            reply = self._core.settled(self.template.call, reply)
        except NoAnswerError as error:
            self.broke(error)
            return
        if reply.status < 300:
            self._well(head, reply)
        else:
            self._refused(reply)

    def broke(self, error: SendError | NoAnswerError) -> None:
        self._again_or(partial(self._end, error), error=error)

    def crashed(self, error: Exception) -> None:
        self._end(error)

    def _well(self, head: Head, reply: Reply) -> None:
        if self._retries is not None:
            self._retries.next_delay(self._core.app.uniform, reply=reply, time=self._core.app.now().timestamp())
        elif (quota := self._core.retry_policy.quota).available < quota.capacity:
            quota.release(1)
        try:
            refuse_page(reply)
            self.succeeded(head, reply)
        except WebPageError as error:
            self.broke(NoAnswerError(f"{error}\n{described(reply)}"))
        except (SendError, NoAnswerError) as error:
            self.broke(error)
        except Exception as error:
            self._end(error)

    def _refused(self, reply: Reply) -> None:
        """An error was answered: ask again, ask elsewhere, or give up."""
        try:
            output = self._core.error(self.template.call, reply)
        except Exception as error:
            self._end(error)
            return
        code = str(output["Error"].get("Code", ""))
        signed = {"x-amz-date": timestamp(self._signed.begin), TOKEN: self._signed.token} if self._signed else {}
        reply = reply._replace(request=Request(method=self.method, url=self.template.url, headers=signed))
        if self.retries.may_go_on and self._core.is_mended(code, self._remedied, self.template.call, reply):
            self.retries.go_elsewhere(reply.headers, self._loop.options.read_timeout)
            self.template.forget()
            self._tell_attempt()
            self.submit()
            return
        self._again_or(partial(self._elsewhere_or_end, output), reply=reply, code=code)

    def _elsewhere_or_end(self, output: dict[str, Any]) -> None:
        bucket = self.template.call.params.get("Bucket", "")
        try:
            if not self._elsewhere:
                newest = self.make_template()
                if newest is self.template and self._core.should_ask_elsewhere(self.template.call, output):
                    self._templates.forget(bucket)
                    newest = self.make_template()
                if newest is not self.template:
                    self._elsewhere = True
                    self.template = newest
                    self.origin, self.method = newest.origin, newest.method
                    self.retries.go_elsewhere(
                        output["ResponseMetadata"]["HTTPHeaders"], self._loop.options.read_timeout
                    )
                    self._tell_attempt()
                    self.submit()
                    return
        except Exception as error:
            self._end(error)
            return
        output["ResponseMetadata"].update(self.retries.metadata)
        self._end(self._core.exception(self.template.call, output))

    def _again_or(self, give_up: Callable[[], None], **outcome: Any) -> None:
        app = self._core.app
        delay = self.retries.next_delay(app.uniform, time=app.now().timestamp(), **outcome)
        if delay is None:
            give_up()
            return
        reply: Reply | None = outcome.get("reply")
        if reply is not None:
            self.retries.tell_time(reply.headers, self._loop.options.read_timeout)
        self._tell_attempt()
        self._loop.call_later(delay, self.submit)

    def _end(self, error: Exception) -> None:
        if not self.done:
            self.failed(error)

    @property
    def retries(self) -> Retries:
        """Counted from the first failure on."""
        if self._retries is None:
            self._retries = self._core.retries(self.template.call.operation, self.values[b"invocation"].decode())
        return self._retries

    def _tell_attempt(self) -> None:
        self.repeated = False
        self.values[b"attempt"] = self.retries.headers()["amz-sdk-request"].encode()
