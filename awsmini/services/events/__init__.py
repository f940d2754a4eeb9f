"""EventBridge: the wizard, and refusals of the endpoint rules."""

from awsmini.services.record import Service

SERVICE = Service(
    commands={"wizard": "awsmini.services.events.wizard:command"},
    explain_endpoint_error="awsmini.services.events.endpoint_errors:explain_endpoint_error",
)
