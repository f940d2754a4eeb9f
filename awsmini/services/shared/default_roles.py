"""IAM roles that a service needs, made where they are missing."""

from collections.abc import Mapping
from typing import Any

from awsmini.client import Client
from awsmini.errors import ClientError

ABSENT = "NoSuchEntity"


def is_there(iam: Client, operation_name: str, params: Mapping[str, Any]) -> bool:
    """Whether IAM has what is asked for. Raises ClientError where it does not say."""
    try:
        iam._make_api_call(operation_name, params)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == ABSENT:
            return False
        raise
    return True


def allowed(iam: Client, arn: str) -> Any:
    """What a managed policy says, in the version that holds."""
    policy = iam._make_api_call("GetPolicy", {"PolicyArn": arn}).get("Policy", {})
    params = {"PolicyArn": arn, "VersionId": policy.get("DefaultVersionId", "")}
    return iam._make_api_call("GetPolicyVersion", params).get("PolicyVersion", {}).get("Document", {})


def trust(version: str, *principals: str) -> dict[str, Any]:
    """The document that lets services act in a role."""
    service = principals[0] if len(principals) == 1 else list(principals)
    statement = {"Sid": "", "Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {"Version": version, "Statement": [statement]}
