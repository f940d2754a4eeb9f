"""Two traits of Smithy's operations that are files of their own in a botocore model: paginators and waiters."""

from collections.abc import Mapping, Sequence
from typing import Any

_PAGINATOR = {
    "inputToken": "input_token",
    "outputToken": "output_token",
    "pageSize": "limit_key",
    "items": "result_key",
}
_MATCHERS = {
    "allStringEquals": "pathAll",
    "anyStringEquals": "pathAny",
    "booleanEquals": "path",
    "stringEquals": "path",
}
_ATTEMPTS = 60  # Smithy leaves it to the caller how long to wait; AWS's own waiters commonly try this often
_DELAY = 2  # seconds, Smithy's default


def paginator(trait: Mapping[str, Any], output_members: Sequence[str]) -> dict[str, Any]:
    """One entry of `paginators-1`; empty where the trait does not say which output is the list."""
    if not {"inputToken", "outputToken", "items"} <= trait.keys():
        return {}
    made = {key: trait[name] for name, key in _PAGINATOR.items() if name in trait}
    changing = {trait["outputToken"].partition(".")[0], trait["items"].partition(".")[0]}
    same = [name for name in output_members if name not in changing]
    return {**made, "non_aggregate_keys": same} if same else made


def waiters(operation_name: str, trait: Mapping[str, Any], error_codes: Mapping[str, str]) -> dict[str, Any]:
    """The entries of `waiters-2` of one operation. Waiters that compare the output with the input are left out."""
    made = {}
    for name, waiter in trait.items():
        acceptors = [_acceptor(acceptor, error_codes) for acceptor in waiter["acceptors"]]
        if all(acceptors):
            made[name] = {
                "operation": operation_name,
                "delay": waiter.get("minDelay", _DELAY),
                "maxAttempts": _ATTEMPTS,
                "acceptors": acceptors,
            }
    return made


def _acceptor(acceptor: Mapping[str, Any], error_codes: Mapping[str, str]) -> dict[str, Any]:
    ((kind, matcher),) = acceptor["matcher"].items()
    state = {"state": acceptor["state"]}
    if kind == "success":
        return {**state, "matcher": "error", "expected": not matcher}
    if kind == "errorType":
        return {**state, "matcher": "error", "expected": error_codes.get(matcher, matcher.rpartition("#")[2])}
    if kind != "output":
        return {}
    expected = matcher["expected"]
    if matcher["comparator"] == "booleanEquals":
        expected = expected == "true"
    return {**state, "matcher": _MATCHERS[matcher["comparator"]], "argument": matcher["path"], "expected": expected}
