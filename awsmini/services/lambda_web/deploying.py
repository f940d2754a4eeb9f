"""The work of `lambda-web deploy`: a function is created, or gets a revision, and its endpoint is brought to it."""

from collections.abc import Mapping
from typing import Any

from awsmini.commandline.answer import show_value
from awsmini.commandline.handwritten import Values
from awsmini.commandline.invocation import Invocation
from awsmini.services.lambda_web.creating import create
from awsmini.services.lambda_web.deployment import Deployment
from awsmini.services.lambda_web.options import checked
from awsmini.services.lambda_web.updating import update


def run(invocation: Invocation, values: Values) -> int:
    """Deploy, and print where the function can be reached."""
    deployment = Deployment(invocation, checked(values))
    existing = deployment.existing()
    _show(invocation, create(deployment) if existing is None else update(deployment, existing))
    return 0


def _show(invocation: Invocation, result: Mapping[str, Any]) -> None:
    """The URL alone, or all of it in the format asked for."""
    app, flags = invocation.app, invocation.flags
    is_structured = flags.get("output") is not None or flags.get("query") is not None
    if is_structured:
        show_value(invocation, "deploy", dict(result))
    elif "endpointUrl" in result:
        app.stdout.write(f"{result['endpointUrl']}\n")
    if flags.get("query") is None and flags.get("output") != "json":
        app.stdout.flush()
        app.stderr.write(f"Console: {result['consoleUrl']}\n")
