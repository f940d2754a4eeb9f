"""`awsmini emr describe-cluster`: a cluster together with its machines and its bootstrap actions."""

from typing import Any

from awsmini.commandline.handwritten import Values
from awsmini.commandline.invocation import Invocation
from awsmini.services.emr.command import EmrCommand, ask, show
from awsmini.services.emr.options import CLUSTER_ID


def run(invocation: Invocation, values: Values) -> int:
    params = {"ClusterId": values["cluster_id"]}
    answer = ask(invocation, "DescribeCluster", params)
    cluster: dict[str, Any] = answer.setdefault("Cluster", {})
    of_fleets = cluster.get("InstanceCollectionType") == "INSTANCE_FLEET"
    machines = "InstanceFleets" if of_fleets else "InstanceGroups"
    found = _all(invocation, "ListInstanceFleets" if of_fleets else "ListInstanceGroups", params, machines)
    actions = _all(invocation, "ListBootstrapActions", params, "BootstrapActions")
    cluster["BootstrapActions"] = actions or []
    if found is not None:
        cluster[machines] = found
    show(invocation, "DescribeCluster", answer)
    return 0


def _all(invocation: Invocation, operation_name: str, params: dict[str, Any], key: str) -> list[Any] | None:
    """What a listing holds, over all its pages; None where it does not say."""
    found: list[Any] | None = None
    given = params
    while True:
        page = ask(invocation, operation_name, given)
        if page.get(key) is not None:
            found = [*(found or ()), *page[key]]
        marker = page.get("Marker")
        if not marker or marker == given.get("Marker"):
            return found
        given = {**params, "Marker": marker}


command = EmrCommand(
    "describe-cluster",
    run,
    doc="Show a cluster: its state, what it is made of, its instance groups or fleets, and its bootstrap actions.",
    arguments=(CLUSTER_ID,),
)
