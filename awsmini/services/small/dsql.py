"""`awsmini dsql generate-db-connect-auth-token` and `generate-db-connect-admin-auth-token`."""

from functools import partial

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.params.arguments import option
from awsmini.services.shared.connect_tokens import connect_token
from awsmini.services.shared.numbers import whole_number

_SECONDS = "900"
_OPTIONS = (
    option("hostname", required=True, doc="The endpoint of the cluster: its host name."),
    option("expires-in", doc=f"For how many seconds the token is good: {_SECONDS} where nothing else is said."),
)


def run(action: str, invocation: Invocation, values: Values) -> int:
    """Print the token for an action."""
    expires = whole_number(values.get("expires_in", _SECONDS))
    token = connect_token(invocation, values["hostname"], "dsql", {"Action": action}, expires)
    invocation.app.stdout.write(f"{token}\n")
    return 0


command = HandWritten(
    "generate-db-connect-auth-token",
    partial(run, "DbConnect"),
    doc="Print a token that logs in to a cluster of Aurora DSQL in the place of a password. Nothing is sent to make it.",
    arguments=_OPTIONS,
)
admin_command = HandWritten(
    "generate-db-connect-admin-auth-token",
    partial(run, "DbConnectAdmin"),
    doc="Print a token that logs in to a cluster of Aurora DSQL as its administrator, in the place of a password. "
    "Nothing is sent to make it.",
    arguments=_OPTIONS,
)
