"""CloudFormation: templates come as objects where they are JSON."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    operations={
        "GetTemplate": Operation(after_parse="awsmini.services.cloudformation.template_body:decode_template"),
    },
)
