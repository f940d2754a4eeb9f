"""DynamoDB: keys of pages that hold bytes, and the wizard."""

from awsmini.services.record import Operation, Service

_PAGED = Operation(
    after_parse="awsmini.services.dynamodb.page_keys:decode_page_key",
    leaves_items="awsmini.services.dynamodb.page_keys:leaves_items",
)

SERVICE = Service(
    commands={"wizard": "awsmini.services.dynamodb.wizard:command"},
    operations={"Query": _PAGED, "Scan": _PAGED},
)
