"""Which Kubernetes service accounts the jobs of EMR on EKS run as, and what the EKS cluster says of itself."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError
from awsmini.model.shapes import ServiceModel
from awsmini.params.arguments import Argument, option

if TYPE_CHECKING:
    from awsmini.client import Client


_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
START_JOB_RUN = "start_job_run"
# The accounts of a job's own, by how it is submitted, and those of the operator's that are there once and for all.
_OF_JOBS = {
    START_JOB_RUN: ("spark-client", "spark-driver", "spark-executor"),
    "interactive_endpoint": ("spark-jeg", "spark-jeg-kernel", "spark-session"),
    "spark_operator": ("spark-driver", "spark-executor"),
    "flink_operator": ("flink-jobmanager", "flink-taskmanager"),
    "livy": (),
}
_OF_OPERATORS = {
    "spark_operator": "emr-containers-sa-spark-operator",
    "flink_operator": "emr-containers-sa-flink-operator",
    "livy": "emr-containers-sa-livy",
}
_LIVY_SPARK = "emr-container-sa-spark-livy"  # the only one without an "s"


class ClusterError(AwsminiError):
    """The cluster's description lacks what is needed."""


class Account(NamedTuple):
    """A service account, and the namespace that it is in."""

    name: str
    namespace: str


def base36(text: str) -> str:
    """The characters as digits of one number, written in base 36, as EMR puts role names into account names."""
    number = 0
    for character in text:
        number = number * 256 + ord(character)
    written = ""
    while number:
        number, digit = divmod(number, 36)
        written = _DIGITS[digit] + written
    return written or _DIGITS[0]


def accounts(values: Mapping[str, Any], account_id: str) -> list[Account]:
    """The accounts that a command is about: the one named, or all that jobs submitted that way run as."""
    namespace = values["namespace"]
    if values.get("service_account_name"):
        return [Account(values["service_account_name"], namespace)]
    kind = values.get("type") or START_JOB_RUN
    found = []
    if kind in _OF_OPERATORS:
        found.append(Account(_OF_OPERATORS[kind], values.get("operator_namespace") or namespace))
    if kind == "livy":
        found.append(Account(_LIVY_SPARK, namespace))
    role = base36(values["role_name"])
    names = (f"emr-containers-sa-{component}-{account_id}-{role}" for component in _OF_JOBS[kind])
    return [*found, *(Account(name, namespace) for name in names)]


def client(invocation: Invocation, service: str, endpoint_url: str | None = None) -> "Client":
    """A client of a service that is not the command's own, so that --endpoint-url is not meant for it."""
    session = invocation.session
    model = ServiceModel(session.models.lines(service))
    return session.client_for(model, endpoint_url=endpoint_url, endpoint_flag=False)


def describe(eks: "Client", name: str) -> dict[str, Any]:
    """What EKS says of a cluster."""
    found: dict[str, Any] = eks._make_api_call("DescribeCluster", {"name": name}).get("cluster", {})
    return found


def account_id(cluster: Mapping[str, Any]) -> str:
    """The AWS account of a cluster. Raises ClusterError."""
    parts = str(cluster.get("arn", "")).split(":")
    if len(parts) < 5:
        raise ClusterError("The description of the cluster has no ARN.")
    return parts[4]


def oidc_provider(cluster: Mapping[str, Any]) -> str:
    """The OIDC provider of a cluster, as IAM names it. Raises ClusterError."""
    issuer = cluster.get("identity", {}).get("oidc", {}).get("issuer", "")
    _, scheme, provider = issuer.partition("https://")
    if not scheme:
        raise ClusterError("The cluster has no OIDC issuer.")
    return str(provider)


def arguments(verb: str) -> tuple[Argument, ...]:
    """The options of the commands about associations."""
    return (
        option("cluster-name", required=True, doc="The name of the EKS cluster."),
        option("namespace", required=True, doc="The namespace that the jobs run in."),
        option("role-name", required=True, doc=f"The name of the IAM role to {verb}."),
        option(
            "type",
            choices=tuple(_OF_JOBS),
            doc="How jobs are submitted, which says what service accounts they run as. `start_job_run` where nothing "
            "is said.",
        ),
        option(
            "operator-namespace",
            doc="The namespace that the operator runs in, where that is not the namespace of the jobs.",
        ),
        option(
            "service-account-name",
            doc="The one service account that it is about, instead of all that the jobs run as.",
        ),
    )


class AssociationError(AwsminiError):
    """EKS refuses; `which` names service account, role and namespace."""

    def __init__(self, verb: str, which: str, message: str) -> None:
        which = which.replace(" and role ", ", role ")
        super().__init__(f"Failed to {verb} pod identity association for {which}: {message}")


def write(invocation: Invocation, associations: Sequence[Mapping[str, Any]]) -> None:
    """JSON whatever --output says, without a line end, and nothing where there is none: as in AWS CLI v2."""
    if associations:
        invocation.app.stdout.write(json.dumps(associations, indent=4))
