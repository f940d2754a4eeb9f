"""Endpoint discovery: services that tell by an operation of their own where their other operations are answered.

    discovery = EndpointDiscovery(service_model, describe=..., now=...)
    if is_discovered(operation, setting):
        url = discovery.url(operation, api_params)

Timestream requires it, DynamoDB offers it. A custom endpoint given with the call leaves all of it out.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from awsmini.errors import AwsminiError, SendError
from awsmini.model.shapes import OperationModel, ServiceModel, Shape, StructureShape

_PAUSE = timedelta(seconds=60)  # after a failure to reach the service that tells

Key = tuple[Any, ...]


class DiscoveryModeError(AwsminiError):
    """The setting endpoint_discovery_enabled is not one of its words."""

    def __init__(self, value: object) -> None:
        super().__init__(
            "Unsupported configuration value for endpoint_discovery_enabled. "
            f'Expected one of ("true", "false", "auto") but got {value}.'
        )


class DiscoveryRequiredError(AwsminiError):
    def __init__(self) -> None:
        super().__init__("Endpoint Discovery is not enabled but this operation requires it.")


class DiscoveryFailedError(AwsminiError):
    def __init__(self) -> None:
        super().__init__("Endpoint Discovery failed to refresh the required endpoints.")


def discovery_mode(value: str) -> str:
    """`true`, `false` or `auto` of the setting endpoint_discovery_enabled; raises DiscoveryModeError."""
    mode = value.lower().strip()
    if mode not in ("true", "false", "auto"):
        raise DiscoveryModeError(mode)
    return mode


def is_discovered(operation: OperationModel, setting: str) -> bool:
    """Whether the operation's endpoint is asked for, with that `endpoint_discovery_enabled`.

    Raises DiscoveryRequiredError where it must be and may not, and DiscoveryModeError.
    """
    trait = operation.endpoint_discovery
    if trait is None:
        return False
    mode = discovery_mode(setting)
    required = bool(trait.get("required"))
    if required and mode == "false":
        raise DiscoveryRequiredError
    return required or mode == "true"


def is_stale(status: int, error_code: str | None) -> bool:
    """Whether an answer says that a discovered endpoint is not one any more."""
    return status == 421 or error_code == "InvalidEndpointException"


class _Found(NamedTuple):
    url: str
    expires: datetime


class EndpointDiscovery:
    """The endpoints of one service, asked for when needed and kept as long as the service says.

    `describe` makes the service's discovery operation: its name and parameters to its output.
    """

    def __init__(
        self,
        service_model: ServiceModel,
        describe: Callable[[str, dict[str, Any]], Mapping[str, Any]],
        now: Callable[[], datetime],
    ) -> None:
        self._service_model = service_model
        self._describe = describe
        self._now = now
        self._found: dict[Key, list[_Found]] = {}
        self._paused: dict[Key, datetime] = {}

    @cached_property
    def _operation(self) -> OperationModel:
        """The operation that tells endpoints."""
        operations = map(self._service_model.operation_model, self._service_model.operation_names)
        return next(operation for operation in operations if operation.is_endpoint_discovery_operation)

    def url(self, operation: OperationModel, api_params: Mapping[str, Any]) -> str | None:
        """The base URL for a call, None for the usual one. Raises DiscoveryFailedError where one is required."""
        params = self._params(operation, api_params)
        key = _key(params)
        now = self._now()
        known = self._found.get(key, [])
        current = [found for found in known if now < found.expires]
        required = bool((operation.endpoint_discovery or {}).get("required"))
        if not current and (not self._is_paused(key, now) or (required and not known)):
            current = self._refreshed(key, params)
        usable = current or known
        if not usable and required:
            raise DiscoveryFailedError
        return usable[0].url if usable else None

    def forget(self, operation: OperationModel, api_params: Mapping[str, Any]) -> None:
        """Drop what is known for a call, after an answer that `is_stale`."""
        self._found.pop(_key(self._params(operation, api_params)), None)

    def _is_paused(self, key: Key, now: datetime) -> bool:
        return key in self._paused and now < self._paused[key]

    def _refreshed(self, key: Key, params: dict[str, Any]) -> list[_Found]:
        """Endpoints asked for anew; none where the service cannot be reached."""
        try:
            output = self._describe(self._operation.name, params)
        except SendError:
            self._paused[key] = self._now() + _PAUSE
            return []
        self._paused.pop(key, None)
        now = self._now()
        self._found[key] = [
            _Found(_with_scheme(told["Address"]), now + timedelta(minutes=told["CachePeriodInMinutes"]))
            for told in output.get("Endpoints", ())
        ]
        return self._found[key]

    def _params(self, operation: OperationModel, api_params: Mapping[str, Any]) -> dict[str, Any]:
        """What the discovery operation is told of a call: nothing, unless the call has identifiers."""
        identifiers = _identifiers(operation.input_shape, api_params)
        takes = self._operation.input_shape.members if self._operation.input_shape else {}
        told = {"Operation": operation.name, "Identifiers": identifiers} if identifiers else {}
        return {name: value for name, value in told.items() if name in takes}


def _identifiers(shape: Shape | None, params: Mapping[str, Any]) -> dict[str, str]:
    """Members of the input, at any depth, that decide about the endpoint."""
    found: dict[str, str] = {}
    for name, member in shape.members.items() if isinstance(shape, StructureShape) else ():
        if name not in params:
            continue
        if member.traits.get("endpointdiscoveryid"):
            found[name] = params[name]
        elif isinstance(member, StructureShape):
            found.update(_identifiers(member, params[name]))
    return found


def _key(params: Mapping[str, Any]) -> Key:
    return tuple(
        tuple(sorted(value.items())) if isinstance(value, dict) else value for _, value in sorted(params.items())
    )


def _with_scheme(address: str) -> str:
    return address if address.startswith("http") else f"https://{address}"
