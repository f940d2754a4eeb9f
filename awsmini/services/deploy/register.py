"""`awsmini deploy register`."""

from collections.abc import Mapping, Sequence
from typing import Any

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError
from awsmini.model.shapes import ServiceModel
from awsmini.params.arguments import option
from awsmini.services.deploy.on_premises import (
    CONFIG_FILE,
    INSTANCE_NAME,
    check_instance_name,
    check_tags,
    check_user_arn,
    region_of,
    told_to_do_it_by_hand,
)
from awsmini.services.shared.option_values import value_of_shape
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


def run(invocation: Invocation, values: Values) -> int:
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


command = HandWritten(
    "register",
    run,
    doc="Register an on-premises instance with CodeDeploy. Where no IAM user is given, one is made for it, whose key "
    "goes into a configuration file in the folder you are in, and is printed.",
    arguments=(
        INSTANCE_NAME,
        _TAGS,
        option("iam-user-arn", doc="The ARN of the IAM user of the instance."),
    ),
)
