"""CloudWatch Logs: a member that is a keyword in Python."""

from awsmini.services.record import Operation, Service

SERVICE = Service(operations={"CreateExportTask": Operation(member_aliases={"fromTime": "from"})})
