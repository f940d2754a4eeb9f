"""CloudWatch: one metric value in single options."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    operations={
        "PutMetricData": Operation(
            arguments="awsmini.services.small.cloudwatch:put_metric_data",
            check="awsmini.services.small.cloudwatch:check_put_metric_data",
        ),
    },
)
