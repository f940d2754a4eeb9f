"""CloudSearch domains: each has an endpoint of its own, and searches are posted."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    every=Operation(settle_params="awsmini.services.cloudsearchdomain.search:need_endpoint_url"),
    operations={
        "Search": Operation(
            member_aliases={"returnFields": "return"},
            after_serialize="awsmini.services.cloudsearchdomain.search:post_query",
        ),
    },
)
