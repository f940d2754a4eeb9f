"""SES: a message in single options."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    operations={
        "SendEmail": Operation(
            arguments="awsmini.services.ses.send_email:send_email",
            check="awsmini.services.ses.send_email:check_send_email",
        ),
    },
)
