"""Waiting for a revision or an endpoint, with a line about it now and then."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from awsmini.app import App
from awsmini.errors import ClientError
from awsmini.services.lambda_web.deployment import Deployment
from awsmini.services.lambda_web.errors import LambdaWebError
from awsmini.services.lambda_web.places import code_of
from awsmini.services.lambda_web.plan import Endpoint

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


def for_revision(deployment: Deployment, revision_id: str, then: Endpoint | None = None) -> None:
    """Wait for a revision to become active; `then` is what is to come after it."""
    name = deployment.options.name
    after = ""
    if then is not None:
        after = (
            f" Endpoint '{then.name}' was not {'created' if then.new else 'updated'}. Check the revision status "
            "with the command shown above. After it becomes Active, run the same deploy command again to retry the "
            f"endpoint {'creation' if then.new else 'update'}."
        )
    _wait(
        deployment,
        Awaited(
            look=partial(
                deployment.client._make_api_call,
                "GetWebFunctionRevision",
                {"functionName": name, "revisionId": revision_id},
            ),
            member="state",
            done="Active",
            told="revision to become active",
            word="state",
            failed=lambda state: f"Revision '{revision_id}' failed: {state.get('stateReason')}",
            too_late=f"Revision '{revision_id}' for function '{name}' did not become active within {{timeout}} "
            "seconds. Resume with: awsmini lambda-web get-web-function-revision --function-name "
            f"{name} --revision-id {revision_id}{after}",
        ),
    )


def for_endpoint(deployment: Deployment, endpoint: str) -> Mapping[str, Any]:
    """The endpoint, once it is active."""
    return _wait(
        deployment,
        Awaited(
            look=partial(_look_at_endpoint, deployment, endpoint),
            member="state",
            done="Active",
            told="endpoint to become active",
            word="state",
            failed=lambda state: f"Endpoint '{endpoint}' failed: {state.get('stateReason')}",
            too_late=_late(deployment, endpoint, "become active"),
        ),
    )


def for_update(deployment: Deployment, endpoint: str) -> Mapping[str, Any]:
    """The endpoint, once its change is done."""
    return _wait(
        deployment,
        Awaited(
            look=partial(_look_at_endpoint, deployment, endpoint),
            member="updateStatus",
            done="Successful",
            told="endpoint update to complete",
            word="status",
            failed=lambda state: f"Endpoint '{endpoint}' update failed: {state.get('updateStatusReason')}",
            too_late=_late(deployment, endpoint, "finish updating"),
        ),
    )


def _wait(deployment: Deployment, awaited: Awaited) -> Mapping[str, Any]:
    return wait(awaited, deployment.app, deployment.options.activation_timeout, deployment.options.progress_frequency)


def _look_at_endpoint(deployment: Deployment, endpoint: str) -> Mapping[str, Any]:
    return deployment.client._make_api_call(
        "GetWebFunctionEndpoint", {"functionName": deployment.options.name, "endpointName": endpoint}
    )


def _late(deployment: Deployment, endpoint: str, what: str) -> str:
    name = deployment.options.name
    return (
        f"Endpoint '{endpoint}' for function '{name}' did not {what} within {{timeout}} seconds. Resume with: awsmini "
        f"lambda-web get-web-function-endpoint --function-name {name} --endpoint-name {endpoint}"
    )
