"""`awsmini ecr-public get-login-password`."""

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.services.shared.registry_passwords import MissingTokenError, password


def run(invocation: Invocation, values: Values) -> int:
    """Print the password."""
    answer = invocation.session.client("ecr-public")._make_api_call("GetAuthorizationToken", {})
    registry = answer.get("authorizationData")
    if not registry:
        raise MissingTokenError
    invocation.app.stdout.write(f"{password(registry)}\n")
    return 0


command = HandWritten(
    "get-login-password",
    run,
    doc="Print the password that lets a container client such as Docker log in to Amazon's public registry. It is "
    "good for 12 hours; the user's name is AWS. Public registries are reached in us-east-1 alone.",
)
