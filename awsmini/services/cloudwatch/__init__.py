"""CloudWatch: one metric value in single options."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    operations={
        "PutMetricData": Operation(
            arguments="awsmini.services.cloudwatch.metric_data:put_metric_data",
            check="awsmini.services.cloudwatch.metric_data:check_put_metric_data",
        ),
    },
)
