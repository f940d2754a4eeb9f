"""Lambda: code from zip files, and the wizard."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    commands={"wizard": "awsmini.services.shared.wizards:lambda_"},
    operations={
        "CreateFunction": Operation(arguments="awsmini.services.small.lambda_:create_function"),
        "PublishLayerVersion": Operation(arguments="awsmini.services.small.lambda_:publish_layer_version"),
        "UpdateFunctionCode": Operation(arguments="awsmini.services.small.lambda_:update_function_code"),
    },
)
