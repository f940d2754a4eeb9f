"""Checks that the commands for on-premises instances share."""

import re
from collections.abc import Mapping, Sequence

from awsmini.commandline.invocation import Invocation
from awsmini.errors import ConfigurationError, ParamValidationError
from awsmini.params.arguments import option

CONFIG_FILE = "codedeploy.onpremises.yml"
LONGEST_NAME, MOST_TAGS, LONGEST_KEY, LONGEST_VALUE = 100, 10, 128, 256
INSTANCE_NAME = option("instance-name", required=True, doc="The name of the on-premises instance.")


def region_of(invocation: Invocation) -> str:
    """The region. Raises ConfigurationError where there is none."""
    region = invocation.session.region_name
    if not region:
        raise ConfigurationError("Region not specified.")
    return region


def check_instance_name(name: str) -> None:
    """Raises ParamValidationError."""
    if not name:
        return
    if not re.match(r"[A-Za-z0-9+=,.@_-]+$", name):
        raise ParamValidationError("Instance name contains invalid characters.")
    if name.startswith("i-"):
        raise ParamValidationError("Instance name cannot start with 'i-'.")
    if len(name) > LONGEST_NAME:
        raise ParamValidationError(f"Instance name cannot be longer than {LONGEST_NAME} characters.")


def check_tags(tags: Sequence[Mapping[str, str]]) -> None:
    """Raises ParamValidationError."""
    if len(tags) > MOST_TAGS:
        raise ParamValidationError(f"Instances can only have a maximum of {MOST_TAGS} tags.")
    for tag in tags:
        for name in ("Key", "Value"):
            if name not in tag:
                raise ParamValidationError(f"Each of the --tags has to have a {name}.")
        if len(tag["Key"]) > LONGEST_KEY:
            raise ParamValidationError(f"Tag Key cannot be longer than {LONGEST_KEY} characters.")
        if len(tag["Value"]) > LONGEST_VALUE:
            raise ParamValidationError(f"Tag Value cannot be longer than {LONGEST_VALUE} characters.")


def check_user_arn(arn: str) -> None:
    """Raises ParamValidationError."""
    if not re.match(r"arn:aws:iam::[0-9]{12}:user/[A-Za-z0-9/+=,.@_-]+$", arn):
        raise ParamValidationError("Invalid IAM user ARN.")


def s3_location(option_name: str, value: str) -> tuple[str, str]:
    """Bucket and key of `s3://bucket/key`. Raises ParamValidationError."""
    found = re.match("s3://(.+?)/(.+)", value)
    if found is None:
        raise ParamValidationError(f"--{option_name} must specify the Amazon S3 URL format as s3://<bucket>/<key>.")
    return found[1], found[2]


def told_to_do_it_by_hand(error: Exception, what: str) -> str:
    """What is said of an error: the work is half done, and can be finished by hand."""
    return (
        f'ERROR\n{error}\n{what} by following the instructions in "Configure Existing On-Premises Instances by Using '
        'AWS CodeDeploy" in the AWS CodeDeploy User Guide.\n'
    )
