"""Waiters: poll one operation until the model's acceptors say success or failure."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from awsmini.errors import ClientError, ParamValidationError, WaiterError
from awsmini.query_paths import compile_path

MAX_SETTING = 10**9

Response = Mapping[str, Any]
Matches = Callable[[Response], bool]

_EXPLANATIONS = {
    "path": 'For expression "{argument}" we matched expected path: "{expected}"',
    "pathAll": 'For expression "{argument}" all members matched excepted path: "{expected}"',
    "pathAny": 'For expression "{argument}" we matched expected path: "{expected}" at least once',
    "status": "Matched expected HTTP status code: {expected}",
    "error": "Matched expected service error code: {expected}",
}


class Acceptor(NamedTuple):
    """What an answer is held against, and the state of the waiter where it matches."""

    state: str
    matcher: str
    expected: Any
    argument: str | None
    matcher_func: Matches

    @property
    def explanation(self) -> str:
        return _EXPLANATIONS[self.matcher].format(argument=self.argument, expected=self.expected)


class WaiterConfig:
    """What a waiter goes by; `delay` (seconds) and `max_attempts` may be set."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self.delay: float = facts["delay"]
        self.max_attempts: int = facts["maxAttempts"]
        self.operation: str | None = facts.get("operation")
        self.description: str = facts.get("description", "")
        self.acceptors = [
            Acceptor(each["state"], each["matcher"], each["expected"], each.get("argument"), _matcher(each))
            for each in facts["acceptors"]
        ]


class Waiter:
    """One waiter of a service, bound to the operation it polls."""

    def __init__(
        self,
        name: str,
        config: WaiterConfig,
        method: Callable[[dict[str, Any]], dict[str, Any]],
        sleep: Callable[[float], None],
    ) -> None:
        self.name = name
        self.config = config
        self._method = method
        self._sleep = sleep

    def wait(self, **params: Any) -> None:
        """Poll until success. Raises WaiterError; `WaiterConfig` may set `Delay` (seconds) and `MaxAttempts`."""
        given = params.get("WaiterConfig")
        if isinstance(given, Mapping) and (unknown := given.keys() - {"Delay", "MaxAttempts"}):
            raise ParamValidationError(f"WaiterConfig has no {', '.join(sorted(map(str, unknown)))}")
        self.wait_with(params)

    def wait_with(self, params: Mapping[Any, Any]) -> None:
        """The same with parameters as they come out of a document, where keys may be anything."""
        params = dict(params)
        overrides = params.pop("WaiterConfig", {})
        delay = _setting(overrides, "Delay", self.config.delay)
        max_attempts = _setting(overrides, "MaxAttempts", self.config.max_attempts)
        matched: Acceptor | None = None
        for attempt in range(1, max(max_attempts, 1) + 1):
            response = self._poll(params)
            state, accepted = self._judge(response)
            matched = accepted or matched
            if state == "success":
                return
            if state == "failure" and matched is not None:
                reason = f"Waiter encountered a terminal failure state: {matched.explanation}"
                raise WaiterError(self.name, reason, response)
            if attempt < max_attempts:
                self._sleep(delay)
        previously = f". Previously accepted state: {matched.explanation}" if matched else ""
        raise WaiterError(self.name, f"Max attempts exceeded{previously}", response)

    def _poll(self, params: dict[Any, Any]) -> dict[str, Any]:
        try:
            return self._method(params)
        except ClientError as error:
            return error.response

    def _judge(self, response: dict[str, Any]) -> tuple[str, Acceptor | None]:
        for acceptor in self.config.acceptors:
            if acceptor.matcher_func(response):
                return acceptor.state, acceptor
        if _is_error(response):
            error = response["Error"]
            reason = f"An error occurred ({error.get('Code', 'Unknown')}): {error.get('Message', 'Unknown')}"
            raise WaiterError(self.name, reason, response)
        return "retry", None


def _is_error(response: Response) -> bool:
    return isinstance(response.get("Error"), Mapping) and "Code" in response["Error"]


def _setting(overrides: Any, name: str, default: float) -> Any:
    """`Delay` or `MaxAttempts`, from the caller or the model. Raises ParamValidationError where it cannot be one."""
    value = overrides.get(name, default) if isinstance(overrides, Mapping) else None
    if not isinstance(value, int | float) or not 0 <= value < MAX_SETTING:
        raise ParamValidationError(f"Bad value for {name} in WaiterConfig: {overrides}")
    return value


def _matcher(acceptor: Mapping[str, Any]) -> Matches:
    make = {"path": _path, "pathAll": _path_all, "pathAny": _path_any, "status": _status, "error": _error}
    return make[acceptor["matcher"]](acceptor)


def _path(acceptor: Mapping[str, Any]) -> Matches:
    search, expected = compile_path(acceptor["argument"]), acceptor["expected"]
    return lambda response: not _is_error(response) and search(response) == expected


def _path_all(acceptor: Mapping[str, Any]) -> Matches:
    search, expected = compile_path(acceptor["argument"]), acceptor["expected"]

    def matches(response: Response) -> bool:
        found = None if _is_error(response) else search(response)
        return isinstance(found, list) and bool(found) and all(item == expected for item in found)

    return matches


def _path_any(acceptor: Mapping[str, Any]) -> Matches:
    search, expected = compile_path(acceptor["argument"]), acceptor["expected"]

    def matches(response: Response) -> bool:
        found = None if _is_error(response) else search(response)
        return isinstance(found, list) and any(item == expected for item in found)

    return matches


def _status(acceptor: Mapping[str, Any]) -> Matches:
    expected = acceptor["expected"]
    return lambda response: response.get("ResponseMetadata", {}).get("HTTPStatusCode") == expected


def _error(acceptor: Mapping[str, Any]) -> Matches:
    expected = acceptor["expected"]
    if expected is True:
        return _is_error
    if expected is False:
        return lambda response: "Error" not in response
    return lambda response: response.get("Error", {}).get("Code") == expected
