"""Aurora DSQL: tokens to log in with."""

from awsmini.services.record import Service

SERVICE = Service(
    commands={
        "generate-db-connect-admin-auth-token": "awsmini.services.small.dsql:admin_command",
        "generate-db-connect-auth-token": "awsmini.services.small.dsql:command",
    },
)
