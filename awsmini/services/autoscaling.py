"""Auto Scaling: user data is written as text."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    operations={
        "CreateLaunchConfiguration": Operation(before_serialize="awsmini.services.shared.user_data:encode_user_data"),
    },
)
