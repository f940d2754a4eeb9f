"""CloudWatch Logs: reading events as they come, and a member that is a keyword in Python."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    commands={
        "start-live-tail": "awsmini.services.logs.start_live_tail:command",
        "tail": "awsmini.services.logs.tail:command",
    },
    operations={"CreateExportTask": Operation(member_aliases={"fromTime": "from"})},
)
