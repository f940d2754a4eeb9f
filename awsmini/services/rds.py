"""RDS: copies between regions read from the source by a presigned URL; tokens to log in to databases."""

from awsmini.services.record import Operation, Service

_COPY = Operation(add_presigned_url="awsmini.services.shared.presigned_copies:presign_rds")

SERVICE = Service(
    commands={"generate-db-auth-token": "awsmini.services.small.rds:command"},
    operations={
        "CopyDBClusterSnapshot": _COPY,
        "CopyDBSnapshot": _COPY,
        "CreateDBCluster": _COPY,
        "CreateDBInstanceReadReplica": _COPY,
        "StartDBInstanceAutomatedBackupsReplication": _COPY,
    },
)
