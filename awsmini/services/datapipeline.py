"""Data Pipeline: definitions in the form in which people write them."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    commands={
        "create-default-roles": "awsmini.services.small.datapipeline:create_default_roles",
        "list-runs": "awsmini.services.small.datapipeline:list_runs",
    },
    operations={
        "ActivatePipeline": Operation(arguments="awsmini.services.small.datapipeline_definitions:activate_pipeline"),
        "GetPipelineDefinition": Operation(
            save_output="awsmini.services.small.datapipeline_definitions:show_definition"
        ),
        "PutPipelineDefinition": Operation(
            arguments="awsmini.services.small.datapipeline_definitions:put_pipeline_definition"
        ),
    },
)
