"""`awsmini dlm create-default-role`: the role that Data Lifecycle Manager acts in."""

import json

from awsmini.commandline.answer import check, conversions, show_value
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ConfigurationError
from awsmini.model.shapes import ServiceModel
from awsmini.params.arguments import option
from awsmini.services.shared.default_roles import allowed, is_there, trust
from awsmini.services.shared.partition import partition_of
from awsmini.services.shared.several_calls import MADE, told_what_is_done

SNAPSHOT, IMAGE = "snapshot", "image"
VERSION = "2012-10-17"
PRINCIPAL = "dlm.amazonaws.com"
# By resource: the role, and its policy.
ROLES = {
    SNAPSHOT: ("AWSDataLifecycleManagerDefaultRole", "AWSDataLifecycleManagerServiceRole"),
    IMAGE: (
        "AWSDataLifecycleManagerDefaultRoleForAMIManagement",
        "AWSDataLifecycleManagerServiceRoleForAMIManagement",
    ),
}


def _run(invocation: Invocation, values: Values) -> int:
    check(invocation)
    session = invocation.session
    model = ServiceModel(session.models.lines("iam"))
    iam = session.client_for(model, endpoint_url=values.get("iam_endpoint"), endpoint_flag=False)
    role, policy = ROLES[values.get("resource_type", SNAPSHOT)]
    if is_there(iam, "GetRole", {"RoleName": role}):
        return 0
    region = invocation.settings.value("region")
    if region is None:
        raise ConfigurationError(
            'You must specify a region. You can also configure your region by running "awsmini configure".'
        )
    arn = f"arn:{partition_of(region)}:iam::aws:policy/service-role/{policy}"
    if not is_there(iam, "GetPolicy", {"PolicyArn": arn}):
        return 0
    params = {"RoleName": role, "AssumeRolePolicyDocument": json.dumps(trust(VERSION, PRINCIPAL))}
    answer = iam._make_api_call("CreateRole", params, conversions(invocation))
    with told_what_is_done(invocation, MADE, [f"role {role}"]):
        iam._make_api_call("AttachRolePolicy", {"PolicyArn": arn, "RoleName": role})
        document = allowed(iam, arn)
    answer.pop("ResponseMetadata", None)
    show_value(invocation, "create_role", {"RolePolicy": document, **answer})
    return 0


command = HandWritten(
    "create-default-role",
    _run,
    literal=("iam_endpoint",),
    doc="Make the IAM role that Data Lifecycle Manager acts in, with the policy that it needs. A role that is there "
    "stays as it is.",
    arguments=(
        option("iam-endpoint", doc="The endpoint of IAM, where it is not the usual one."),
        option(
            "resource-type",
            choices=(SNAPSHOT, IMAGE),
            doc="What the policies of the role are to be for: snapshot, which is the default, or image.",
        ),
    ),
)
