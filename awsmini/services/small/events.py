"""What the endpoint rules of EventBridge refuse, in AWS CLI v2's words."""

from collections.abc import Mapping
from typing import Any

from awsmini.errors import EndpointError

_BEGINNINGS = (
    "Invalid Configuration: FIPS is not supported with EventBridge",
    "EndpointId must be a valid host label.",
)


def explain_endpoint_error(message: str, _params: Mapping[str, Any]) -> Exception | None:
    return EndpointError(f"Invalid endpoint configuration: {message}") if message.startswith(_BEGINNINGS) else None
