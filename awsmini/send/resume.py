"""A download that breaks off is asked for again from where it broke, as far as the retry rules allow."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from awsmini.errors import SendError
from awsmini.log import debug
from awsmini.model.shapes import OperationModel
from awsmini.records import Reply
from awsmini.send.retry import TRANSIENT_STATUSES, Retries

CHUNK = 64 * 1024
_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(?:\d+|\*)")


def resuming(
    operation: OperationModel, reply: Reply, ask: Callable[[Mapping[str, str]], Reply], retries: Retries, app: Any
) -> Reply:
    """The reply; its unread body goes on after a break, where it is a range of something that is known by its ETag.

    `ask` makes the call again with further headers; `app` has clock, sleep and dice. Raises SendError.
    """
    found = _range(operation, reply)
    return reply if found is None else reply._replace(raw=Resuming(reply, found, ask, retries, app))


def _range(operation: OperationModel, reply: Reply) -> tuple[int, int | None] | None:
    """The first byte of the body and its last, counted in the whole; None where no part of it can be asked for.

    The last byte is not known where no length is stated.
    """
    shape = operation.input_shape
    members = shape.members.values() if shape else ()
    headers = reply.headers
    if operation.http.get("method") != "GET" or not any(
        member.traits.get("locationName") == "Range" for member in members
    ):
        return None
    if not headers.get("etag", "").startswith('"') or not reply.request or "partNumber=" in reply.request.url:
        return None
    if reply.status == 206:
        stated = _CONTENT_RANGE.fullmatch(headers.get("content-range", ""))
        return (int(stated[1]), int(stated[2])) if stated else None
    length = headers.get("content-length", "")
    return (0, int(length) - 1 if length.isdecimal() else None) if length != "0" else None


class Resuming:
    """The unread body."""

    def __init__(
        self,
        reply: Reply,
        found: tuple[int, int | None],
        ask: Callable[[Mapping[str, str]], Reply],
        retries: Retries,
        app: Any,
    ) -> None:
        self._raw: Any = reply.raw
        self._etag = reply.headers["etag"]
        self._at, self._last = found
        self._ask = ask
        self._retries = retries
        self._app = app

    def read(self, size: int | None = None) -> bytes:
        """As of any unread body. Raises SendError where no attempt is left."""
        if size is None or size < 0:
            return b"".join(iter(partial(self.read, CHUNK), b""))
        while True:
            try:
                data: bytes = self._raw.read(size)
            except SendError as error:  # noqa: PERF203
                self._go_on(error)
            else:
                self._at += len(data)
                return data

    def __iter__(self) -> Iterator[bytes]:
        return iter(partial(self.read, CHUNK), b"")

    def close(self) -> None:
        self._raw.close()

    def _go_on(self, broken: SendError) -> None:
        self._raw.close()
        outcome: dict[str, Any] = {"error": broken}
        while True:
            app = self._app
            delay = self._retries.next_delay(app.uniform, time=app.now().timestamp(), **outcome)
            if delay is None:
                raise broken
            debug("retry", "Going on from byte %s in %.3f seconds", self._at, delay)
            app.sleep(delay)
            try:
                reply = self._ask(
                    {"Range": f"bytes={self._at}-{'' if self._last is None else self._last}", "If-Match": self._etag}
                )
            except SendError as error:
                outcome = {"error": error}
                continue
            if self._is_rest(reply):
                self._raw = reply.raw
                return
            if reply.raw is not None:
                reply.raw.close()
            if reply.status not in TRANSIENT_STATUSES:
                raise broken  # it was changed or deleted meanwhile, or there are no ranges
            outcome = {"reply": reply, "code": str(reply.status)}

    def _is_rest(self, reply: Reply) -> bool:
        stated = _CONTENT_RANGE.fullmatch(reply.headers.get("content-range", ""))
        return (
            reply.status == 206
            and stated is not None
            and int(stated[1]) == self._at
            and self._last in (None, int(stated[2]))
            and reply.headers.get("etag", self._etag) == self._etag
        )
