"""`awsmini ecr get-login-password`."""

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.services.shared.registry_passwords import MissingTokenError, password


def run(invocation: Invocation, values: Values) -> int:
    """Print the password."""
    answer = invocation.session.client("ecr")._make_api_call("GetAuthorizationToken", {})
    registries = answer.get("authorizationData")
    if not registries:
        raise MissingTokenError
    invocation.app.stdout.write(f"{password(registries[0])}\n")
    return 0


command = HandWritten(
    "get-login-password",
    run,
    doc="Print the password that lets a container client such as Docker log in to the registries that the "
    "credentials of the profile open. It is good for 12 hours; the user's name is AWS.",
)
