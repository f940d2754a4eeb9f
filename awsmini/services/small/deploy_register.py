"""`awsmini deploy register` and `deregister`: machines outside EC2, as instances of CodeDeploy."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ClientError
from awsmini.model.shapes import ServiceModel
from awsmini.params.arguments import flag, option
from awsmini.services.shared.option_values import value_of_shape
from awsmini.services.small.deploy_on_premises import (
    CONFIG_FILE,
    INSTANCE_NAME,
    check_instance_name,
    check_tags,
    check_user_arn,
    region_of,
    told_to_do_it_by_hand,
)
from awsmini.system.atomic import PRIVATE, writing

POLICY_NAME = "codedeploy-agent"
POLICY = """\
{
    "Version": "2012-10-17",
    "Statement": [ {
        "Action": [ "s3:Get*", "s3:List*" ],
        "Effect": "Allow",
        "Resource": "*"
    } ]
}"""
_TAGS = option("tags", nargs="+", doc="Tags of the instance, as `Key=KEY,Value=VALUE` words or as JSON.")


def _run_register(invocation: Invocation, values: Values) -> int:
    """Register an instance with CodeDeploy, with a user of its own where none is given."""
    region = region_of(invocation)
    name, arn = values["instance_name"], values.get("iam_user_arn")
    tags = value_of_shape(invocation, _TAGS, values, "codedeploy", "AddTagsToOnPremisesInstances", "tags") or []
    check_instance_name(name)
    check_tags(tags)
    if arn:
        check_user_arn(arn)
    app = invocation.app
    try:
        _register(invocation, region, name, arn, tags)
    except (AwsminiError, OSError) as error:
        app.stdout.flush()
        app.stderr.write(told_to_do_it_by_hand(error, "Register the on-premises instance"))
        return 255
    app.stdout.write(
        f"Copy the on-premises configuration file named {CONFIG_FILE} to the on-premises instance, and run the "
        "following command on the on-premises instance to install and configure the AWS CodeDeploy Agent:\n"
        f"awsmini deploy install --config-file {CONFIG_FILE}\n"
    )
    return 0


def _register(
    invocation: Invocation, region: str, name: str, arn: str | None, tags: Sequence[Mapping[str, str]]
) -> None:
    tell = invocation.app.stdout.write
    codedeploy = invocation.session.client("codedeploy")
    if not arn:
        arn = _make_user(invocation, region, name)
    tell("Registering the on-premises instance... ")
    codedeploy._make_api_call("RegisterOnPremisesInstance", {"instanceName": name, "iamUserArn": arn})
    tell("DONE\n")
    if tags:
        tell("Adding tags to the on-premises instance... ")
        codedeploy._make_api_call("AddTagsToOnPremisesInstances", {"tags": tags, "instanceNames": [name]})
        tell("DONE\n")


def _make_user(invocation: Invocation, region: str, name: str) -> str:
    """A user for the instance with a key and a policy; its ARN. The key goes into the configuration file."""
    tell = invocation.app.stdout.write
    session = invocation.session
    iam = session.client_for(ServiceModel(session.models.lines("iam")), endpoint_flag=False)
    tell("Creating the IAM user... ")
    arn: str = iam._make_api_call("CreateUser", {"Path": "/AWS/CodeDeploy/", "UserName": name})["User"]["Arn"]
    tell(f"DONE\nIamUserArn: {arn}\nCreating the IAM user access key... ")
    key = iam._make_api_call("CreateAccessKey", {"UserName": name})["AccessKey"]
    tell(f"DONE\nAccessKeyId: {key['AccessKeyId']}\nSecretAccessKey: {key['SecretAccessKey']}\n")
    tell("Creating the IAM user policy... ")
    iam._make_api_call("PutUserPolicy", {"UserName": name, "PolicyName": POLICY_NAME, "PolicyDocument": POLICY})
    tell(f"DONE\nPolicyName: {POLICY_NAME}\nPolicyDocument: {POLICY}\n")
    tell(f"Creating the on-premises instance configuration file named {CONFIG_FILE}...")
    _write_config(region, arn, key)
    tell("DONE\n")
    return arn


def _write_config(region: str, arn: str, key: Mapping[str, Any]) -> None:
    """The file that the instance is set up with; it holds a secret."""
    content = (
        "---\n"
        f"region: {region}\n"
        f"iam_user_arn: {arn}\n"
        f"aws_access_key_id: {key['AccessKeyId']}\n"
        f"aws_secret_access_key: {key['SecretAccessKey']}\n"
    )
    try:
        with writing(CONFIG_FILE, PRIVATE) as file:
            file.write(content.encode())
    except OSError as error:
        raise AwsminiError(f"Failed to create config file {CONFIG_FILE}: {error}") from None


register_command = HandWritten(
    "register",
    _run_register,
    doc="Register an on-premises instance with CodeDeploy. Where no IAM user is given, one is made for it, whose key "
    "goes into a configuration file in the folder you are in, and is printed.",
    arguments=(
        INSTANCE_NAME,
        _TAGS,
        option("iam-user-arn", doc="The ARN of the IAM user of the instance."),
    ),
)


NOT_THERE = "NoSuchEntity"


def _run_deregister(invocation: Invocation, values: Values) -> int:
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


deregister_command = HandWritten(
    "deregister",
    _run_deregister,
    doc="Take an on-premises instance from CodeDeploy: its tags, its registration and its IAM user with all keys.",
    arguments=(
        INSTANCE_NAME,
        flag("no-delete-iam-user", doc="Keep the IAM user of the instance."),
    ),
)
