"""What a client learns from answers about where its next calls go and as whom.

Timestream and DynamoDB tell their endpoints; S3 (`services/s3api/router.py`) names the region of a bucket asked
for elsewhere, and gives each directory bucket credentials of its own. Each is a further call of the same
client, so a client has one Router.
"""

from collections.abc import Mapping
from functools import cached_property
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from awsmini import services
from awsmini.calls.context import Ask, ClientContext
from awsmini.model.shapes import OperationModel
from awsmini.records import Call, Credentials, Output

if TYPE_CHECKING:
    from awsmini.config.discovery import EndpointDiscovery

DISCOVERY = "awsmini.config.discovery:EndpointDiscovery"  # few operations have one
IS_DISCOVERED = "awsmini.config.discovery:is_discovered"
IS_STALE = "awsmini.config.discovery:is_stale"


class Router:
    """`ask` makes further calls of the same client."""

    def __init__(self, context: ClientContext, ask: Ask) -> None:
        self._context = context
        self._ask = ask

    @cached_property
    def _discovery(self) -> "EndpointDiscovery":
        found: EndpointDiscovery = resolve_name(DISCOVERY)(
            self._context.service_model, self._ask, self._context.app.now
        )
        return found

    def built_ins(self, operation: OperationModel, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """The built-ins of the endpoint rules for one call."""
        return self._context.built_ins

    def discovered_url(self, operation: OperationModel, params: Mapping[str, Any]) -> str | None:
        """The endpoint that the service has told for a call, where it is one of those."""
        if not self._has_discovery(operation):
            return None
        if not resolve_name(IS_DISCOVERED)(operation, self._context.endpoint_discovery):
            return None
        return self._discovery.url(operation, params)

    def should_ask_elsewhere(self, call: Call, answer: Output) -> bool:
        """Whether an error says that another region or endpoint is to be asked; what it says is kept."""
        if not self._has_discovery(call.operation):
            return False
        status = answer["ResponseMetadata"]["HTTPStatusCode"]
        if not resolve_name(IS_STALE)(status, answer["Error"].get("Code")):
            return False
        self._discovery.forget(call.operation, call.params)
        return True

    def identity(self, call: Call) -> Credentials | None:
        """What the call is signed with: nothing, a token or the client's credentials."""
        if call.scope.auth == "none":
            return None
        return self._context.bearer_token() if call.scope.auth == "bearer" else self._context.credentials()

    def _has_discovery(self, operation: OperationModel) -> bool:
        return operation.endpoint_discovery is not None and self._context.endpoint_discovery is not None


def make_router(context: ClientContext, ask: Ask) -> Router:
    """The router of one client."""
    reference = services.of(context.service_model.service_name).router
    made: Router = (resolve_name(reference) if reference else Router)(context, ask)
    return made
