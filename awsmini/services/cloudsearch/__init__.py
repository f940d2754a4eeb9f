"""CloudSearch: expressions and index fields, a structure's members as options."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    operations={
        "DefineExpression": Operation(arguments="awsmini.services.cloudsearch.arguments:define_expression"),
        "DefineIndexField": Operation(arguments="awsmini.services.cloudsearch.arguments:define_index_field"),
    },
)
