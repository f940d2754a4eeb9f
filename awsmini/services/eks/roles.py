"""A role that is assumed for one command."""

from awsmini.commandline.invocation import Invocation
from awsmini.errors import ResponseParseError
from awsmini.model.shapes import ServiceModel
from awsmini.records import Credentials


def assume(invocation: Invocation, role_arn: str, session_name: str) -> Credentials:
    """The role's credentials. --endpoint-url is not for STS."""
    session = invocation.session
    client = session.client_for(ServiceModel(session.models.lines("sts")), endpoint_flag=False)
    answer = client._make_api_call("AssumeRole", {"RoleArn": role_arn, "RoleSessionName": session_name})
    keys = answer.get("Credentials", {})
    for name in ("AccessKeyId", "SecretAccessKey", "SessionToken"):
        if name not in keys:
            raise ResponseParseError(f"Invalid service response to AssumeRole: it has no {name}")
    return Credentials(
        access_key=keys["AccessKeyId"],
        secret_key=keys["SecretAccessKey"],
        token=keys["SessionToken"],
        expires=keys.get("Expiration"),
        method="assume-role",
    )
