"""AWS Config: the recorder's parts as options, and setting it up at one go."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    commands={
        "get-status": "awsmini.services.small.configservice:get_status",
        "subscribe": "awsmini.services.small.configservice:subscribe",
    },
    operations={
        "PutConfigurationRecorder": Operation(
            arguments="awsmini.services.small.configservice:put_configuration_recorder"
        ),
    },
)
