"""AWS Config: the recorder's parts as options."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    operations={
        "PutConfigurationRecorder": Operation(
            arguments="awsmini.services.configservice.recorder:put_configuration_recorder"
        ),
    },
)
