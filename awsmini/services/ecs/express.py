"""`ecs create-, update- and delete-express-gateway-service`: the options that ask to watch the change."""

from collections.abc import Mapping
from pkgutil import resolve_name
from typing import Any

from awsmini.client import Client
from awsmini.commandline.invocation import Invocation
from awsmini.model.shapes import OperationModel
from awsmini.params.arguments import Table, no_parameter, option
from awsmini.params.context import ConversionError

VIEWS = ("DEPLOYMENT", "RESOURCE")
MODES = ("INTERACTIVE", "TEXT-ONLY")
AFTERWARDS = "awsmini.services.ecs.monitor_open:afterwards"


def monitored(operation: OperationModel, table: Table) -> Table:
    """--monitor-resources [DEPLOYMENT|RESOURCE]; without a word, a deletion shows resources, the rest deployments."""
    default = "RESOURCE" if operation.name == "DeleteExpressGatewayService" else "DEPLOYMENT"
    table["monitor-resources"] = option("monitor-resources", nargs="?", const=default, choices=VIEWS, add=no_parameter)
    table["monitor-mode"] = option("monitor-mode", nargs="?", choices=MODES, add=no_parameter)
    return table


def check_monitored(values: Mapping[str, Any], table: Table) -> None:
    if values.get("monitor_mode") is not None and values.get("monitor_resources") is None:
        raise ConversionError("--monitor-mode can only be used with --monitor-resources")


def watch(invocation: Invocation, client: Client, output: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Watch the change where that is asked for; what is left of the answer is to be shown."""
    view = values.get("monitor_resources")
    if view is None:
        return output
    left: dict[str, Any] = resolve_name(AFTERWARDS)(invocation, client, output, view, values.get("monitor_mode"))
    return left
