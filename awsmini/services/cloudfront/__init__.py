"""CloudFront: invalidations and distributions in simple words, and signed URLs."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    commands={"sign": "awsmini.services.cloudfront.sign:command"},
    operations={
        "CreateDistribution": Operation(
            arguments="awsmini.services.cloudfront.arguments:create_distribution",
            check="awsmini.services.cloudfront.arguments:check_create_distribution",
        ),
        "CreateInvalidation": Operation(
            arguments="awsmini.services.cloudfront.arguments:create_invalidation",
            check="awsmini.services.cloudfront.arguments:check_create_invalidation",
        ),
        "UpdateDistribution": Operation(
            arguments="awsmini.services.cloudfront.arguments:update_distribution",
            check="awsmini.services.cloudfront.arguments:check_update_distribution",
        ),
    },
)
