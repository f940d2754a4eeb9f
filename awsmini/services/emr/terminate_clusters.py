"""`awsmini emr terminate-clusters`."""

from awsmini.commandline.handwritten import Values
from awsmini.commandline.invocation import Invocation
from awsmini.services.emr.command import EmrCommand, call_and_show
from awsmini.services.emr.options import structured


def run(invocation: Invocation, values: Values) -> int:
    return call_and_show(invocation, "TerminateJobFlows", {"JobFlowIds": values["cluster_ids"]})


command = EmrCommand(
    "terminate-clusters",
    run,
    doc="End clusters, and the machines with them. Steps that run are cancelled, and logs are put away to S3. Those "
    "that are protected from it stay.",
    arguments=(structured("cluster-ids", [str], required=True, doc="The IDs of the clusters."),),
)
