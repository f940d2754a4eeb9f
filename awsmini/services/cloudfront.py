"""CloudFront: invalidations and distributions in simple words, and signed URLs."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    commands={"sign": "awsmini.services.small.cloudfront_sign:command"},
    operations={
        "CreateDistribution": Operation(
            arguments="awsmini.services.small.cloudfront:create_distribution",
            check="awsmini.services.small.cloudfront:check_create_distribution",
        ),
        "CreateInvalidation": Operation(
            arguments="awsmini.services.small.cloudfront:create_invalidation",
            check="awsmini.services.small.cloudfront:check_create_invalidation",
        ),
        "UpdateDistribution": Operation(
            arguments="awsmini.services.small.cloudfront:update_distribution",
            check="awsmini.services.small.cloudfront:check_update_distribution",
        ),
    },
)
