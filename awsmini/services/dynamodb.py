"""DynamoDB: keys of pages that hold bytes, and the wizard."""

from awsmini.services.record import Operation, Service

_PAGED = Operation(
    after_parse="awsmini.services.small.dynamodb:decode_page_key",
    leaves_items="awsmini.services.small.dynamodb:leaves_items",
)

SERVICE = Service(
    commands={"wizard": "awsmini.services.shared.wizards:dynamodb"},
    operations={"Query": _PAGED, "Scan": _PAGED},
)
