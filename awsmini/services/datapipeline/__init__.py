"""Data Pipeline: definitions in the form in which people write them."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    commands={
        "create-default-roles": "awsmini.services.datapipeline.create_default_roles:command",
        "list-runs": "awsmini.services.datapipeline.list_runs:command",
    },
    operations={
        "ActivatePipeline": Operation(arguments="awsmini.services.datapipeline.definitions:activate_pipeline"),
        "GetPipelineDefinition": Operation(save_output="awsmini.services.datapipeline.definitions:show_definition"),
        "PutPipelineDefinition": Operation(
            arguments="awsmini.services.datapipeline.definitions:put_pipeline_definition"
        ),
    },
)
