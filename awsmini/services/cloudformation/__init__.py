"""CloudFormation: templates are packaged and deployed, and come as objects where they are JSON."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    commands={
        "deploy": "awsmini.services.cloudformation.deploy:command",
        "package": "awsmini.services.cloudformation.package:command",
    },
    operations={
        "GetTemplate": Operation(after_parse="awsmini.services.cloudformation.template_body:decode_template"),
    },
)
