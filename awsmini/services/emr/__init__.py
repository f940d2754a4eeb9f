"""EMR: tags and states of clusters in simple words."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    operations={
        "AddTags": Operation(arguments="awsmini.services.emr.arguments:add_tags"),
        "ListClusters": Operation(arguments="awsmini.services.emr.arguments:list_clusters"),
    },
)
