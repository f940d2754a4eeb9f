"""CloudSearch domains: each has an endpoint of its own, and searches are posted."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    every=Operation(settle_params="awsmini.services.small.cloudsearchdomain:need_endpoint_url"),
    operations={
        "Search": Operation(
            member_aliases={"returnFields": "return"},
            after_serialize="awsmini.services.small.cloudsearchdomain:post_query",
        ),
    },
)
