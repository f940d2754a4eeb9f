"""Systems Manager: sessions are handed to the plugin."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    operations={
        "StartSession": Operation(make_call="awsmini.services.shared.session_manager_plugin:start_session"),
    },
)
