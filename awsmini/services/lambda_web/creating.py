"""`lambda-web deploy` of a function that there is none of."""

from collections.abc import Mapping
from typing import Any

from awsmini.errors import AwsminiError, ClientError
from awsmini.services.lambda_web import places, starter, waits
from awsmini.services.lambda_web.deployment import Deployment
from awsmini.services.lambda_web.errors import InvalidOptionError, LambdaWebError
from awsmini.services.lambda_web.plan import new_endpoint, new_revision

ROLE_TRIES, ROLE_PAUSE = 6, 5  # a role that was just made is not known everywhere at once


def create(deployment: Deployment) -> dict[str, Any]:
    options, name = deployment.options, deployment.options.name
    if options.code is None:
        raise LambdaWebError(
            f"Web Function '{name}' doesn't exist. Specify --code to create it, or use --hello-world to create a "
            "starter application. Omit --code only when you update configuration for an existing Web Function."
        )
    if options.unset_env:
        raise InvalidOptionError(
            f"--unset-env can be used only when updating an existing Web Function. Web Function '{name}' doesn't "
            "exist. To set environment variables when you create it, use --env."
        )
    endpoint = new_endpoint(options, deployment.region)
    if not options.get("hello_world"):
        deployment.confirm(
            f"Web Function '{name}' doesn't exist in AWS Region '{deployment.region}'. Creating it also creates an "
            "endpoint. It can also create an AWS IAM execution role and an Amazon S3 bucket. Press Enter to "
            "continue, or press Ctrl+C to cancel.",
            f"Web Function '{name}' doesn't exist in AWS Region '{deployment.region}'. Creating the Web Function also "
            "creates an endpoint and can create an AWS IAM execution role and an Amazon S3 bucket. Run the command "
            "again with --create to confirm resource creation, or verify --name and --region.",
        )
    else:
        deployment.tell(f"Creating starter application in {options.code} ...")
        starter.write(options.code, name)
    with deployment.package(options.code, options.env) as archive:
        bucket = deployment.bucket()
        deployment.tell("Preparing AWS IAM execution role ...")
        role = options.get("execution_role_arn")
        if role is None:
            role = places.ensure_role(deployment.iam, name)
        else:
            places.check_role(deployment.iam, role)
        code = deployment.uploaded(bucket, archive)
    deployment.tell("Creating Lambda Web Function ...")
    answer = _created(deployment, code, role, endpoint)
    result = {"functionArn": answer.get("functionArn")}
    if not options.get("no_wait"):
        deployment.tell(f"Waiting for endpoint to become active (timeout {options.activation_timeout}s) ...")
        active = waits.for_endpoint(deployment, endpoint["endpointName"])
        result["endpointUrl"] = f"https://{active.get('domainName')}"
    return {
        **result,
        "roleArn": role,
        "bucketName": code["bucket"],
        "objectKey": code["key"],
        "consoleUrl": deployment.console_url(),
    }


def _created(deployment: Deployment, code: Mapping[str, str], role: str, endpoint: Mapping[str, Any]) -> dict[str, Any]:
    request = {
        "functionName": deployment.options.name,
        "revisionConfig": new_revision(deployment.options, code, role),
        "endpointConfig": dict(endpoint),
    }
    if deployment.options.tags:
        request["tags"] = dict(deployment.options.tags)
    for _ in range(ROLE_TRIES - 1):
        answer = _try_to_create(deployment, request, code)
        if answer is not None:
            return answer
        deployment.app.sleep(ROLE_PAUSE)
    answer = _try_to_create(deployment, request, code)
    if answer is not None:
        return answer
    deployment.tell_of_package(code)
    raise LambdaWebError(
        f"AWS Lambda couldn't assume the AWS IAM role after {(ROLE_TRIES - 1) * ROLE_PAUSE} seconds. Verify the "
        "role's trust policy, or retry if the role was recently created."
    )


def _try_to_create(
    deployment: Deployment, request: Mapping[str, Any], code: Mapping[str, str]
) -> dict[str, Any] | None:
    """The function; None where Lambda does not know the role yet."""
    try:
        return deployment.client._make_api_call("CreateWebFunction", request)
    except AwsminiError as error:
        if isinstance(error, ClientError) and _is_unknown_role(error):
            return None
        deployment.tell_of_package(code)
        raise


def _is_unknown_role(error: ClientError) -> bool:
    message = str(error.response.get("Error", {}).get("Message", ""))
    return places.code_of(error) == "ValidationException" and "cannot be assumed" in message
