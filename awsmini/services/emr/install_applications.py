"""`awsmini emr install-applications`: Hive or Pig onto a cluster that runs already."""

from collections.abc import Mapping, Sequence
from typing import Any

from awsmini.commandline.handwritten import Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError
from awsmini.services.emr.applications import KNOWN, install
from awsmini.services.emr.command import EmrCommand, call_and_show, refuse_releases, region
from awsmini.services.emr.options import APPLICATIONS, CLUSTER_ID, structured

NAME = "install-applications"
LATER = ("HIVE", "PIG")  # can be installed while the cluster runs


def run(invocation: Invocation, values: Values) -> int:
    refuse_releases(invocation, NAME, values["cluster_id"])
    _check(values["applications"])
    steps = install(values["applications"], region(invocation)).steps
    return call_and_show(invocation, "AddJobFlowSteps", {"JobFlowId": values["cluster_id"], "Steps": steps})


def _check(applications: Sequence[Mapping[str, Any]]) -> None:
    """Raise for an application that is not known, or cannot come so late."""
    for name in (application["Name"] for application in applications):
        if name.upper() not in KNOWN:
            known = ", ".join(KNOWN)
            raise ParamValidationError(f"Unknown application: {name}. 'Name' should be one of the following: {known}")
        if name.upper() not in LATER:
            raise ParamValidationError(
                f"{name} cannot be installed on a running cluster. 'Name' should be one of the following: "
                f"{', '.join(LATER)}"
            )


command = EmrCommand(
    NAME,
    run,
    doc="Install Hive or Pig on a cluster that runs. Only for clusters of an AMI version (2.x and 3.x), not of a "
    "release.",
    arguments=(
        CLUSTER_ID,
        structured(
            "applications",
            APPLICATIONS,
            required=True,
            doc="The applications: `Name=HIVE`, with `Args=[--hive-site=s3://…]` where it has a configuration, or "
            "`Name=PIG`.",
        ),
    ),
)
