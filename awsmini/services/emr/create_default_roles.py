"""`awsmini emr create-default-roles`: the IAM roles that clusters need, made where they are missing."""

import json
import re
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmini.commandline.handwritten import Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, NoRegionError
from awsmini.model.shapes import ServiceModel
from awsmini.params.arguments import option
from awsmini.services.emr.command import CONVERSIONS, SERVICE, EmrCommand, show
from awsmini.services.emr.create_cluster import EC2_ROLE, SERVICE_ROLE
from awsmini.services.emr.settings import keep_roles
from awsmini.services.shared.default_roles import allowed, is_there, trust
from awsmini.services.shared.partition import partition_of
from awsmini.services.shared.several_calls import MADE, told_what_is_done

if TYPE_CHECKING:
    from awsmini.client import Client
    from awsmini.records import Conversions

AUTO_SCALING_ROLE = "EMR_AutoScaling_DefaultRole"
EC2, EMR, AUTO_SCALING = "ec2", "elasticmapreduce", "application-autoscaling"
SUFFIX = "amazonaws.com"
# Older endpoints begin with the region, newer ones with the service. The dots stand for any character.
_ENDPOINTS = (
    re.compile(r"https?://([^.]+).elasticmapreduce.([^/]*)"),
    re.compile(r"https?://elasticmapreduce.([^.]+).([^/]*)"),
)


class Role(NamedTuple):
    """A role, the managed policy that it gets, and the services that may act in it."""

    name: str
    policy: str
    services: tuple[str, ...]


ROLES = (
    Role(EC2_ROLE, "AmazonElasticMapReduceforEC2Role", (EC2,)),
    Role(SERVICE_ROLE, "AmazonElasticMapReduceRole", (EMR,)),
    Role(AUTO_SCALING_ROLE, "AmazonElasticMapReduceforAutoScalingRole", (EMR, AUTO_SCALING)),
)


class ServicePrincipalError(AwsminiError):
    def __init__(self) -> None:
        super().__init__("Could not resolve the service principal from the region or the endpoint.")


class _Maker(NamedTuple):
    """What roles are made with. `made` is told of everything that comes into being."""

    iam: "Client"
    region: str
    endpoint_url: str
    made: list[str]
    conversions: "Conversions"

    def make_missing(self) -> list[dict[str, Any]]:
        """Each role that was made, with what its policy allows."""
        answers = []
        for role in ROLES:
            answers += self._role(role)
            if role.name == EC2_ROLE:
                self._instance_profile(role.name)
        return answers

    def _role(self, role: Role) -> list[dict[str, Any]]:
        if is_there(self.iam, "GetRole", {"RoleName": role.name}):
            return []
        principals = [service_principal(service, self.endpoint_url) for service in role.services]
        document = json.dumps(trust("2008-10-17", *principals), indent=2)
        params = {"RoleName": role.name, "AssumeRolePolicyDocument": document}
        answer = self.iam._make_api_call("CreateRole", params, self.conversions)
        self.made.append(f"role {role.name}")
        arn = f"arn:{partition_of(self.region)}:iam::aws:policy/service-role/{role.policy}"
        self.iam._make_api_call("AttachRolePolicy", {"PolicyArn": arn, "RoleName": role.name})
        return [{"Role": answer["Role"], "RolePolicy": allowed(self.iam, arn)}]

    def _instance_profile(self, name: str) -> None:
        if is_there(self.iam, "GetInstanceProfile", {"InstanceProfileName": name}):
            return
        self.iam._make_api_call("CreateInstanceProfile", {"InstanceProfileName": name})
        self.made.append(f"instance profile {name}")
        self.iam._make_api_call("AddRoleToInstanceProfile", {"InstanceProfileName": name, "RoleName": name})


def service_principal(service: str, endpoint_url: str) -> str:
    """What IAM calls a service in the partition of that endpoint of EMR. Raises ServicePrincipalError."""
    if service == EC2:
        return f"{EC2}.{SUFFIX}"
    found = next((match for pattern in _ENDPOINTS if (match := pattern.match(endpoint_url))), None)
    if found is None:
        raise ServicePrincipalError
    region, suffix = found.groups()
    is_everywhere_alike = service == AUTO_SCALING and partition_of(region) != "aws-cn"
    return f"{service}.{SUFFIX if is_everywhere_alike else suffix}"


def run(invocation: Invocation, values: Values) -> int:
    session = invocation.session
    endpoint_url = _emr_endpoint(invocation)
    iam = session.client_for(
        ServiceModel(session.models.lines("iam")), endpoint_url=values.get("iam_endpoint"), endpoint_flag=False
    )
    made: list[str] = []
    with told_what_is_done(invocation, MADE, made):
        maker = _Maker(iam, iam.meta.region_name or "", endpoint_url, made, resolve_name(CONVERSIONS)(invocation))
        answers = maker.make_missing()
    keep_roles(invocation, SERVICE_ROLE, EC2_ROLE)
    show(invocation, "CreateRole", answers)
    return 0


def _emr_endpoint(invocation: Invocation) -> str:
    """Where EMR is: the roles trust the services of the same partition. The sandbox stands for the first one."""
    client = invocation.session.client(SERVICE)
    if client.meta.region_name is None:
        raise NoRegionError
    if invocation.settings.is_local:
        return f"https://elasticmapreduce.{client.meta.region_name}.{SUFFIX}"
    return client._endpoint_url("ListClusters", {})


command = EmrCommand(
    "create-default-roles",
    run,
    doc="Make the IAM roles that clusters need, as far as they are missing, with the managed policies of EMR: "
    "`EMR_DefaultRole` for the service, `EMR_EC2_DefaultRole` with an instance profile for the machines, and "
    "`EMR_AutoScaling_DefaultRole`.\n\nThe profile is told of the first two, as `emr.service_role` and "
    "`emr.instance_profile`, unless it names a role already; `create-cluster` takes them from there.",
    arguments=(option("iam-endpoint", doc="The URL to make the roles at, instead of that of IAM."),),
    literal=("iam_endpoint",),
)
