"""`awsmini emr add-instance-groups`."""

from collections.abc import Mapping
from typing import Any

from awsmini.commandline.handwritten import Values
from awsmini.commandline.invocation import Invocation
from awsmini.services.emr.command import EmrCommand, ask_once
from awsmini.services.emr.instances import instance_groups
from awsmini.services.emr.options import CLUSTER_ID, INSTANCE_GROUPS, structured


def run(invocation: Invocation, values: Values) -> int:
    params = {"JobFlowId": values["cluster_id"], "InstanceGroups": instance_groups(values["instance_groups"])}
    return ask_once(invocation, "AddInstanceGroups", params, _answer)


def _answer(output: Mapping[str, Any]) -> dict[str, Any]:
    found = {
        "ClusterId": output.get("JobFlowId"),
        "InstanceGroupIds": output.get("InstanceGroupIds"),
        "ClusterArn": output.get("ClusterArn"),
    }
    return {} if found["ClusterId"] is None or found["InstanceGroupIds"] is None else found


command = EmrCommand(
    "add-instance-groups",
    run,
    doc="Give a running cluster more groups of machines.",
    arguments=(
        CLUSTER_ID,
        structured(
            "instance-groups",
            INSTANCE_GROUPS,
            required=True,
            doc="The groups. With `BidPrice` their machines are bought on the spot market, and "
            "`BidPrice=OnDemandPrice` bids what they cost otherwise.",
        ),
    ),
)
