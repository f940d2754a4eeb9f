"""DocumentDB: copies between regions read from the source by a presigned URL."""

from awsmini.services.record import Operation, Service

_COPY = Operation(add_presigned_url="awsmini.services.shared.presigned_copies:presign_rds")

SERVICE = Service(operations={"CopyDBClusterSnapshot": _COPY, "CreateDBCluster": _COPY})
