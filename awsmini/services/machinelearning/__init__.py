"""Machine Learning: a prediction goes to the endpoint of its model."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    operations={
        "Predict": Operation(after_serialize="awsmini.services.machinelearning.predict_endpoint:predict_endpoint"),
    },
)
