"""`awsmini datapipeline create-default-roles`: the roles of a service that AWS has closed to new users."""

import json
from typing import Any

from awsmini.client import Client
from awsmini.commandline.answer import check, conversions, show_value
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.records import Conversions
from awsmini.services.shared.default_roles import allowed, is_there, trust
from awsmini.services.shared.several_calls import MADE, told_what_is_done

SERVICE_ROLE, RESOURCE_ROLE = "DataPipelineDefaultRole", "DataPipelineDefaultResourceRole"
VERSION = "2008-10-17"  # of the language that their documents are in
ROLES = {
    SERVICE_ROLE: ("AWSDataPipelineRole", ("datapipeline.amazonaws.com", "elasticmapreduce.amazonaws.com")),
    RESOURCE_ROLE: ("AmazonEC2RoleforDataPipelineRole", ("ec2.amazonaws.com",)),
}

DEPRECATED = "Deprecated: roles that are missing may not be made, as AWS may have taken their policies away.\n"


def _run(invocation: Invocation, values: Values) -> int:
    check(invocation)
    invocation.app.stderr.write(DEPRECATED)
    iam = invocation.session.client("iam")
    done: list[str] = []
    with told_what_is_done(invocation, MADE, done):
        made = [role for name in ROLES if (role := _role(iam, name, conversions(invocation), done))]
        _instance_profile(iam, RESOURCE_ROLE, done)
    show_value(invocation, "create_role", made)
    return 0


def _instance_profile(iam: Client, name: str, done: list[str]) -> None:
    if is_there(iam, "GetInstanceProfile", {"InstanceProfileName": name}):
        return
    iam._make_api_call("CreateInstanceProfile", {"InstanceProfileName": name})
    done.append(f"instance profile {name}")
    iam._make_api_call("AddRoleToInstanceProfile", {"InstanceProfileName": name, "RoleName": name})


def _role(iam: Client, name: str, converted: Conversions, done: list[str]) -> dict[str, Any] | None:
    """The role, if it was missing, and what its policy allows. What is made is noted in `done`."""
    if is_there(iam, "GetRole", {"RoleName": name}):
        return None
    policy, services = ROLES[name]
    document = json.dumps(trust(VERSION, *services), indent=2)
    answer = iam._make_api_call("CreateRole", {"RoleName": name, "AssumeRolePolicyDocument": document}, converted)
    done.append(f"role {name}")
    arn = f"arn:aws:iam::aws:policy/service-role/{policy}"
    iam._make_api_call("AttachRolePolicy", {"PolicyArn": arn, "RoleName": name})
    return {"Role": answer["Role"], "RolePolicy": allowed(iam, arn)}


command = HandWritten(
    "create-default-roles",
    _run,
    doc=f"Make the IAM roles {SERVICE_ROLE} and {RESOURCE_ROLE}, and an instance profile of the latter's name, where "
    "they are missing. What is there stays as it is.\n\n"
    "AWS has closed the service to new users, and may have taken the policies away that these roles are given.",
)
