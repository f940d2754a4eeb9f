"""AWS Config: the recorder's parts as options, and setting it up at one go."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    commands={
        "get-status": "awsmini.services.configservice.get_status:command",
        "subscribe": "awsmini.services.configservice.subscribe:command",
    },
    operations={
        "PutConfigurationRecorder": Operation(
            arguments="awsmini.services.configservice.recorder:put_configuration_recorder"
        ),
    },
)
