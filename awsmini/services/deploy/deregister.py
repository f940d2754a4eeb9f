"""`awsmini deploy deregister`."""

from collections.abc import Iterator
from contextlib import contextmanager

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ClientError
from awsmini.model.shapes import ServiceModel
from awsmini.params.arguments import flag
from awsmini.services.deploy.on_premises import INSTANCE_NAME, check_instance_name, region_of, told_to_do_it_by_hand

NOT_THERE = "NoSuchEntity"


def run(invocation: Invocation, values: Values) -> int:
    """Take an instance from CodeDeploy, and its user from IAM."""
    region_of(invocation)
    check_instance_name(values["instance_name"])
    app = invocation.app
    try:
        _deregister(invocation, values["instance_name"], keep_user=values.get("no_delete_iam_user", False))
    except AwsminiError as error:
        app.stdout.flush()
        app.stderr.write(told_to_do_it_by_hand(error, "Deregister the on-premises instance"))
        return 255
    app.stdout.write(
        "Run the following command on the on-premises instance to uninstall the codedeploy-agent:\n"
        "awsmini deploy uninstall\n"
    )
    return 0


def _deregister(invocation: Invocation, name: str, *, keep_user: bool) -> None:
    tell = invocation.app.stdout.write
    codedeploy = invocation.session.client("codedeploy")
    tell("Retrieving on-premises instance information... ")
    instance = codedeploy._make_api_call("GetOnPremisesInstance", {"instanceName": name})["instanceInfo"]
    arn = instance.get("iamUserArn")
    if not arn:
        raise AwsminiError(f"The instance {name} has no IAM user.")
    tags = instance.get("tags") or []
    tell(f"DONE\nIamUserArn: {arn}\n")
    if tags:
        listed = [f" Key={tag.get('Key')},Value={tag.get('Value')}" for tag in tags]
        tell(f"Tags:{''.join(listed)}\n")
        tell("Removing tags from the on-premises instance... ")
        codedeploy._make_api_call("RemoveTagsFromOnPremisesInstances", {"tags": tags, "instanceNames": [name]})
        tell("DONE\n")
    tell("Deregistering the on-premises instance... ")
    codedeploy._make_api_call("DeregisterOnPremisesInstance", {"instanceName": name})
    tell("DONE\n")
    if not keep_user:
        _delete_user(invocation, arn.rpartition("/")[2])


def _delete_user(invocation: Invocation, user: str) -> None:
    """Delete a user with its policies and keys. What is gone already is well."""
    tell = invocation.app.stdout.write
    session = invocation.session
    iam = session.client_for(ServiceModel(session.models.lines("iam")), endpoint_flag=False)
    tell("Deleting the IAM user policies... ")
    with _if_there():
        for page in iam.get_paginator("list_user_policies").paginate(UserName=user):
            for policy in page.get("PolicyNames", ()):
                iam._make_api_call("DeleteUserPolicy", {"UserName": user, "PolicyName": policy})
    tell("DONE\nDeleting the IAM user access keys... ")
    with _if_there():
        for page in iam.get_paginator("list_access_keys").paginate(UserName=user):
            for key in page.get("AccessKeyMetadata", ()):
                iam._make_api_call("DeleteAccessKey", {"UserName": user, "AccessKeyId": key["AccessKeyId"]})
    tell(f"DONE\nDeleting the IAM user ({user})... ")
    with _if_there():
        iam._make_api_call("DeleteUser", {"UserName": user})
    tell("DONE\n")


@contextmanager
def _if_there() -> Iterator[None]:
    """What is to be deleted may be gone."""
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") != NOT_THERE:
            raise


command = HandWritten(
    "deregister",
    run,
    doc="Take an on-premises instance from CodeDeploy: its tags, its registration and its IAM user with all keys.",
    arguments=(
        INSTANCE_NAME,
        flag("no-delete-iam-user", doc="Keep the IAM user of the instance."),
    ),
)
