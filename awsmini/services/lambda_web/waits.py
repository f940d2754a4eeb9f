"""Waiting for a revision or an endpoint, with a line about it now and then."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from awsmini.app import App
from awsmini.errors import ClientError
from awsmini.services.lambda_web.errors import LambdaWebError
from awsmini.services.lambda_web.places import code_of

POLL = 5  # seconds from one look to the next
_BUSY = ("ThrottlingException", "TooManyRequestsException", "Throttling")


class Awaited(NamedTuple):
    """What is waited for: where it says how far it is, and what is said of it."""

    look: Callable[[], Mapping[str, Any]]
    member: str  # state, updateStatus
    done: str
    told: str  # `revision to become active`
    word: str  # `state`, `status`
    failed: Callable[[Mapping[str, Any]], str]
    too_late: str  # `… within {timeout} seconds …`


def wait(awaited: Awaited, app: App, timeout: int, frequency: int) -> Mapping[str, Any]:
    """What there is when it is done. Raises LambdaWebError where it fails, or takes too long."""
    passed = 0
    while True:
        state = _look(awaited)
        if state is not None:
            status = state.get(awaited.member)
            if status == awaited.done:
                return state
            if status == "Failed":
                raise LambdaWebError(awaited.failed(state))
        for _ in range(POLL):
            if state is not None and passed % frequency == 0:
                app.stderr.write(
                    f"Waiting for {awaited.told} ({awaited.word} {state.get(awaited.member)}, {passed}s elapsed, "
                    f"timeout {timeout}s) ...\n"
                )
                app.stderr.flush()
            app.sleep(1)
            passed += 1
        if passed >= timeout:
            raise LambdaWebError(awaited.too_late.format(timeout=timeout))


def _look(awaited: Awaited) -> Mapping[str, Any] | None:
    """How far it is; None where the service is too busy to say."""
    try:
        return awaited.look()
    except ClientError as error:
        if code_of(error) not in _BUSY:
            raise
        return None
