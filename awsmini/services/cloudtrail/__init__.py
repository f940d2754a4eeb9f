"""CloudTrail: whether logs and query results are what CloudTrail has delivered."""

from awsmini.services.record import Service

SERVICE = Service(
    commands={
        "validate-logs": "awsmini.services.cloudtrail.validate_logs:command",
        "verify-query-results": "awsmini.services.cloudtrail.verify_query_results:command",
    },
)
