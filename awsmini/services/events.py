"""EventBridge: the wizard, and refusals of the endpoint rules."""

from awsmini.services.record import Service

SERVICE = Service(
    commands={"wizard": "awsmini.services.shared.wizards:events"},
    explain_endpoint_error="awsmini.services.small.events:explain_endpoint_error",
)
