"""Machine Learning: a prediction goes to the endpoint of its model."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    operations={
        "Predict": Operation(after_serialize="awsmini.services.small.machinelearning:predict_endpoint"),
    },
)
