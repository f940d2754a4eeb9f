"""Lambda: code from zip files, and the wizard."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    commands={"wizard": "awsmini.services.lambda_.wizard:command"},
    operations={
        "CreateFunction": Operation(arguments="awsmini.services.lambda_.zip_file:create_function"),
        "PublishLayerVersion": Operation(arguments="awsmini.services.lambda_.zip_file:publish_layer_version"),
        "UpdateFunctionCode": Operation(arguments="awsmini.services.lambda_.zip_file:update_function_code"),
    },
)
