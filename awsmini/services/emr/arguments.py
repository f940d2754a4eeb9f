"""`emr list-clusters` with words for sets of states, and `emr add-tags` with key=value words."""

from typing import Any

from awsmini.errors import ParamValidationError
from awsmini.model.shapes import OperationModel
from awsmini.params.arguments import Argument, Table, flag, option
from awsmini.params.context import Context

Params = dict[str, Any]

_STATES = {
    "active": ["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING", "TERMINATING"],
    "terminated": ["TERMINATED"],
    "failed": ["TERMINATED_WITH_ERRORS"],
}


def list_clusters(operation: OperationModel, table: Table) -> Table:
    table["cluster-states"] = option("cluster-states", nargs="+", add=_add_states)
    for name in _STATES:
        table[name] = flag(name, group="states_filter", add=_add_states)
    return table


def _add_states(argument: Argument, params: Params, value: Any, context: Context) -> None:
    if params.get("ClusterStates"):
        raise ParamValidationError(
            "You can specify only one of the cluster state filters: --cluster-states, --active, --terminated, --failed."
        )
    params["ClusterStates"] = _STATES.get(argument.cli_name, value)


def add_tags(operation: OperationModel, table: Table) -> Table:
    table["tags"] = option("tags", nargs="+", required=True, add=_add_tags)
    return table


def _add_tags(argument: Argument, params: Params, value: Any, context: Context) -> None:
    pairs = (word.partition("=") for word in value)
    params["Tags"] = [{"Key": key, "Value": tag_value} for key, _, tag_value in pairs]
