"""`ecs create-, update- and delete-express-gateway-service`: the options that ask to watch the change.

The options are checked as AWS CLI v2 checks them, and the call is made; there is no display to watch it with.
"""

from collections.abc import Mapping
from typing import Any

from awsmini.commands.arguments import Argument, Table, option
from awsmini.model.shapes import OperationModel
from awsmini.params.context import Context, ConversionError

VIEWS = ("DEPLOYMENT", "RESOURCE")
MODES = ("INTERACTIVE", "TEXT-ONLY")


def monitored(operation: OperationModel, table: Table) -> Table:
    """--monitor-resources [DEPLOYMENT|RESOURCE]; without a word, a deletion shows resources, the rest deployments."""
    default = "RESOURCE" if operation.name == "DeleteExpressGatewayService" else "DEPLOYMENT"
    table["monitor-resources"] = option("monitor-resources", nargs="?", const=default, choices=VIEWS, add=_say_skipped)
    table["monitor-mode"] = option("monitor-mode", nargs="?", choices=MODES, add=_no_parameter)
    return table


def check_monitored(values: Mapping[str, Any], table: Table) -> None:
    if values.get("monitor_mode") is not None and values.get("monitor_resources") is None:
        raise ConversionError("--monitor-mode can only be used with --monitor-resources")


def _say_skipped(argument: Argument, params: dict[str, Any], value: Any, context: Context) -> None:
    context.warn("Monitoring of service resources is not available here. Monitoring skipped.\n")


def _no_parameter(argument: Argument, params: dict[str, Any], value: Any, context: Context) -> None:
    """The time after the call is what it concerns."""
