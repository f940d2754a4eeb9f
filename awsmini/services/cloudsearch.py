"""CloudSearch: expressions and index fields, a structure's members as options."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    operations={
        "DefineExpression": Operation(arguments="awsmini.services.small.cloudsearch:define_expression"),
        "DefineIndexField": Operation(arguments="awsmini.services.small.cloudsearch:define_index_field"),
    },
)
