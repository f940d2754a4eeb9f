"""Aurora DSQL: tokens to log in with."""

from awsmini.services.record import Service

SERVICE = Service(
    commands={
        "generate-db-connect-admin-auth-token": "awsmini.services.dsql.generate_db_connect_auth_token:admin_command",
        "generate-db-connect-auth-token": "awsmini.services.dsql.generate_db_connect_auth_token:command",
    },
)
