"""`awsmini emr modify-cluster-attributes`: one call for each attribute."""

from typing import Any, NamedTuple

from awsmini.commandline.handwritten import Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError
from awsmini.params.arguments import flag
from awsmini.services.emr.command import EmrCommand, call_and_show
from awsmini.services.emr.instances import ExclusiveError
from awsmini.services.emr.options import CLUSTER_ID
from awsmini.services.shared.several_calls import told_what_is_done


class Attribute(NamedTuple):
    """A pair of flags, and the call that they are for."""

    name: str
    operation_name: str
    member: str
    group: str
    doc: str
    opposite: bool = False  # the member says the opposite of the flag

    @property
    def dest(self) -> str:
        return self.name.replace("-", "_")

    def value(self, values: Values) -> bool | None:
        """What is sent; None where neither flag is given."""
        if not values.get(self.dest) and not values.get(f"no_{self.dest}"):
            return None
        return bool(values.get(self.dest)) != self.opposite


ATTRIBUTES = (
    Attribute(
        "visible-to-all-users",
        "SetVisibleToAllUsers",
        "VisibleToAllUsers",
        "visible",
        "Whether all users of the account may see the cluster.",
    ),
    Attribute(
        "termination-protected",
        "SetTerminationProtection",
        "TerminationProtected",
        "terminate",
        "Whether the cluster can be ended only after this has been switched off.",
    ),
    Attribute(
        "auto-terminate",
        "SetKeepJobFlowAliveWhenNoSteps",
        "KeepJobFlowAliveWhenNoSteps",
        "auto_terminate",
        "Whether the cluster ends when it has done its steps.",
        opposite=True,
    ),
    Attribute(
        "unhealthy-node-replacement",
        "SetUnhealthyNodeReplacement",
        "UnhealthyNodeReplacement",
        "UnhealthyReplacement",
        "Whether machines that fail are replaced.",
    ),
)


def run(invocation: Invocation, values: Values) -> int:
    changes = _changes(values)
    done: list[str] = []
    with told_what_is_done(invocation, "Changed already", done):
        for attribute, value in changes:
            params: dict[str, Any] = {"JobFlowIds": [values["cluster_id"]], attribute.member: value}
            call_and_show(invocation, attribute.operation_name, params)
            done.append(attribute.name)
    return 0


def _changes(values: Values) -> list[tuple[Attribute, bool]]:
    """What is to be set. Raises ParamValidationError where that is nothing, or a thing and its opposite."""
    for attribute in ATTRIBUTES:
        if values.get(attribute.dest) and values.get(f"no_{attribute.dest}"):
            raise ExclusiveError(f"--{attribute.name}", f"--no-{attribute.name}")
    changes = [(each, value) for each in ATTRIBUTES if (value := each.value(values)) is not None]
    if not changes:
        pairs = ", ".join(f"--{each.name}|--no-{each.name}" for each in ATTRIBUTES)
        raise ParamValidationError(f"Must specify one of the following boolean options: {pairs}.")
    return changes


command = EmrCommand(
    "modify-cluster-attributes",
    run,
    doc="Change who sees a cluster, whether it can be ended, whether it ends by itself, and whether machines that fail "
    "are replaced.",
    arguments=(
        CLUSTER_ID,
        *(
            argument
            for each in ATTRIBUTES
            for argument in (flag(each.name, group=each.group, doc=each.doc), flag(f"no-{each.name}", group=each.group))
        ),
    ),
)
