"""`awsmini emr add-steps`."""

from typing import Any

from awsmini.commandline.handwritten import Values
from awsmini.commandline.invocation import Invocation
from awsmini.params.arguments import option
from awsmini.services.emr.command import EmrCommand, call_and_show, region, release_label
from awsmini.services.emr.options import CLUSTER_ID, STEPS, structured
from awsmini.services.emr.steps import steps


def run(invocation: Invocation, values: Values) -> int:
    """The release of the cluster says how a step is run there, so it is asked for first."""
    cluster_id = values["cluster_id"]
    release = release_label(invocation, cluster_id)
    params: dict[str, Any] = {"JobFlowId": cluster_id, "Steps": steps(values["steps"], region(invocation), release)}
    if "execution_role_arn" in values:
        params["ExecutionRoleArn"] = values["execution_role_arn"]
    return call_and_show(invocation, "AddJobFlowSteps", params)


command = EmrCommand(
    "add-steps",
    run,
    doc="Give a cluster more to do.",
    arguments=(
        CLUSTER_ID,
        structured(
            "steps",
            STEPS,
            required=True,
            doc="The steps, in order. `Type` is `CUSTOM_JAR` (where it is not said), `STREAMING`, `HIVE`, `PIG`, "
            "`IMPALA` or `SPARK`; all but the first take `Args` alone.",
        ),
        option("execution-role-arn", doc="The IAM role that the steps run in."),
    ),
)
