"""ECR's public registry: the password that container clients log in with."""

from awsmini.services.record import Service

SERVICE = Service(
    commands={"get-login-password": "awsmini.services.small.ecr_public:command"},
)
