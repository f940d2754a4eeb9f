"""`awsmini rds generate-db-auth-token`."""

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.params.arguments import option
from awsmini.services.shared.connect_tokens import connect_token
from awsmini.services.shared.numbers import whole_number

SECONDS = 900  # RDS takes no token that is older


def run(invocation: Invocation, values: Values) -> int:
    """Print the token."""
    address = f"{values['hostname']}:{whole_number(values['port'])}"
    query = {"Action": "connect", "DBUser": values["username"]}
    invocation.app.stdout.write(f"{connect_token(invocation, address, 'rds-db', query, SECONDS)}\n")
    return 0


command = HandWritten(
    "generate-db-auth-token",
    run,
    doc="Print a token that logs in to a database of RDS in the place of a password, as the credentials of the "
    "profile allow. It is good for 15 minutes. Nothing is sent to make it.",
    arguments=(
        option("hostname", required=True, doc="The host name of the database, as in its endpoint."),
        option("port", required=True, doc="The port that the database listens on."),
        option("username", required=True, doc="The database's user to log in as."),
    ),
)
