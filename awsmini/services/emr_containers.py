"""EMR on EKS: what the service accounts of its jobs may do, as an IAM role."""

from awsmini.services.record import Service

SERVICE = Service(
    commands={
        "create-role-associations": "awsmini.services.small.emr_containers:create_role_associations",
        "delete-role-associations": "awsmini.services.small.emr_containers:delete_role_associations",
        "update-role-trust-policy": "awsmini.services.small.emr_containers:update_role_trust_policy",
    },
)
