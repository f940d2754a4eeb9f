"""EKS: what kubectl needs to reach a cluster."""

from awsmini.services.record import Service

SERVICE = Service(
    commands={
        "get-token": "awsmini.services.eks.get_token:command",
        "update-kubeconfig": "awsmini.services.eks.update_kubeconfig:command",
    },
)
