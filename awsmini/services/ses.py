"""SES: a message in single options."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    operations={
        "SendEmail": Operation(
            arguments="awsmini.services.small.ses:send_email",
            check="awsmini.services.small.ses:check_send_email",
        ),
    },
)
