"""`lambda-web deploy` of a function that there is: it gets a revision, and its endpoint is brought to that."""

from collections.abc import Mapping
from typing import Any

from awsmini.errors import AwsminiError, ClientError
from awsmini.services.lambda_web import places, waits
from awsmini.services.lambda_web.deployment import Deployment
from awsmini.services.lambda_web.errors import LambdaWebError
from awsmini.services.lambda_web.plan import (
    LATEST,
    Endpoint,
    changed_endpoint,
    merged_env,
    new_endpoint,
    newest,
    next_revision,
)


def update(deployment: Deployment, function: Mapping[str, Any]) -> dict[str, Any]:
    options, name = deployment.options, deployment.options.name
    if options.get("hello_world"):
        raise LambdaWebError(
            f"Web Function '{name}' already exists. --hello-world creates a starter application for a new Web "
            "Function. Remove --hello-world to deploy existing code, or specify a new --name."
        )
    before = _last_revision(deployment)
    endpoint = _endpoint(deployment)
    env = merged_env(options, before)
    if options.code is None:
        code = dict(before["buildConfig"]["codeConfig"]["s3Object"])
        deployment.tell(
            f"Reusing deployed code from s3://{code['bucket']}/{code['key']}. No deployment package was uploaded."
        )
    else:
        with deployment.package(options.code, env or {}) as archive:
            bucket = deployment.bucket()
            deployment.check_role()
            code = deployment.uploaded(bucket, archive)
    if options.code is None:
        deployment.check_role()
    deployment.tell("Creating Web Function revision ...")
    try:
        revision = deployment.client._make_api_call(
            "CreateWebFunctionRevision", {"functionName": name, **next_revision(options, code, before, env)}
        )
    except AwsminiError:
        if options.code is not None:
            deployment.tell_of_package(code)
        raise
    _tag(deployment, function, revision["revisionId"])
    url = _serve(deployment, endpoint, revision["revisionId"])
    role = options.get("execution_role_arn") or before["serviceConfig"].get("executionRoleArn")
    return {
        "functionArn": function.get("functionArn"),
        **({} if url is None else {"endpointUrl": url}),
        "roleArn": role,
        "bucketName": code["bucket"],
        "objectKey": code["key"],
        "revisionId": revision["revisionId"],
        "revisionArn": revision.get("revisionArn"),
        "consoleUrl": deployment.console_url(),
    }


def _last_revision(deployment: Deployment) -> Mapping[str, Any]:
    """The revision that the next one goes by. Raises LambdaWebError."""
    name = deployment.options.name
    pages = deployment.client.get_paginator("list_web_function_revisions").paginate(functionName=name)
    last = newest([revision for page in pages for revision in page.get("revisions", ())])
    if last is None:
        raise LambdaWebError(
            f"Web Function '{name}' has no revisions to inherit from. Pass --runtime and --execution-role-arn "
            "explicitly, or use --create to create a new Web Function."
        )
    return deployment.client._make_api_call(
        "GetWebFunctionRevision", {"functionName": name, "revisionId": last["revisionId"]}
    )


def _endpoint(deployment: Deployment) -> Endpoint | None:
    """What is to become of the endpoint; None where there is none and none is named. Raises LambdaWebError."""
    options, name = deployment.options, deployment.options.name
    pages = deployment.client.get_paginator("list_web_function_endpoints").paginate(functionName=name)
    known = [endpoint for page in pages for endpoint in page.get("endpoints", ())]
    wanted = options.get("endpoint_name")
    current = next((each for each in known if wanted in (None, each["endpointName"])), None)
    if current is not None:
        return changed_endpoint(options, current)
    if wanted is None:
        return None
    request = new_endpoint(options, deployment.region)
    deployment.confirm(
        f"Endpoint '{wanted}' doesn't exist for Web Function '{name}'. Press Enter to create it, or press Ctrl+C "
        "to cancel.",
        f"Endpoint '{wanted}' doesn't exist for Web Function '{name}'. Run the command again with --create to "
        "create it, or verify --endpoint-name.",
    )
    return Endpoint(name=wanted, changes=request, mode=request["autoDeploymentMode"], new=True)


def _tag(deployment: Deployment, function: Mapping[str, Any], revision_id: str) -> None:
    if not deployment.options.tags:
        return
    deployment.tell("Updating Web Function tags ...")
    try:
        deployment.client._make_api_call(
            "TagResource", {"resource": function["functionArn"], "tags": dict(deployment.options.tags)}
        )
    except AwsminiError as error:
        told = str(error)
        if isinstance(error, ClientError):
            told = f"{places.code_of(error)}: {error.response.get('Error', {}).get('Message')}"
        deployment.tell(
            f"Warning: Revision {revision_id} was created, but the command couldn't confirm whether tags for Web "
            f"Function '{deployment.options.name}' were updated. AWS error: {told}. Run 'awsmini lambda-web tag-resource' to "
            "verify or retry the tags."
        )


def _serve(deployment: Deployment, endpoint: Endpoint | None, revision_id: str) -> str | None:
    """Bring the endpoint to the new revision; its URL where it has been waited for."""
    options = deployment.options
    waiting, timeout = not options.get("no_wait"), options.activation_timeout
    is_changed = endpoint is not None and endpoint.is_changed
    if waiting:
        deployment.tell(f"Waiting for revision {revision_id} to become active (timeout {timeout}s) ...")
        waits.for_revision(deployment, revision_id)
    elif is_changed:
        assert endpoint is not None
        deployment.tell(
            f"Waiting for revision {revision_id} to become Active before submitting endpoint changes (timeout "
            f"{timeout}s) ..."
        )
        waits.for_revision(deployment, revision_id, then=endpoint)
    if endpoint is None:
        deployment.tell(
            f"Revision {revision_id} {'is Active' if waiting else 'was created'}, but Web Function '{options.name}' "
            "has no endpoint. Run the command again with --endpoint-name NAME, or create one with 'awsmini lambda-web "
            "create-web-function-endpoint'."
        )
        return None
    _tell_of_endpoint(deployment, endpoint, revision_id, waiting=waiting)
    if is_changed:
        _change(deployment, endpoint, revision_id)
    if not waiting:
        return None
    if is_changed and not endpoint.new:
        deployment.tell(f"Waiting for endpoint '{endpoint.name}' update to complete (timeout {timeout}s) ...")
        ready = waits.for_update(deployment, endpoint.name)
    else:
        deployment.tell(f"Waiting for endpoint '{endpoint.name}' to become active (timeout {timeout}s) ...")
        ready = waits.for_endpoint(deployment, endpoint.name)
    return f"https://{ready.get('domainName')}"


def _tell_of_endpoint(deployment: Deployment, endpoint: Endpoint, revision_id: str, *, waiting: bool) -> None:
    """What comes of itself, or does not."""
    if endpoint.split:
        deployment.tell(
            f"The command preserved endpoint '{endpoint.name}' because it splits traffic across {endpoint.split} "
            f"revisions. To replace the traffic split, point the endpoint at revision {revision_id} with 'awsmini "
            "lambda-web update-web-function-endpoint'."
        )
    elif endpoint.mode == LATEST and not endpoint.is_changed:
        deployment.tell(
            f"Endpoint '{endpoint.name}' auto-deploys the latest revision and will serve the new revision after it "
            "becomes Active."
            if waiting
            else f"With --no-wait, endpoint '{endpoint.name}' automatically serves the new revision after it "
            "becomes Active."
        )


def _change(deployment: Deployment, endpoint: Endpoint, revision_id: str) -> None:
    """Make or change the endpoint; where that fails, say how things stand."""
    name = deployment.options.name
    params = {"functionName": name, **endpoint.params(revision_id)}
    if endpoint.new:
        deployment.tell(f"Creating endpoint '{endpoint.name}' ...")
        operation = "CreateWebFunctionEndpoint"
        trouble = (
            f"Revision {revision_id} is Active, but endpoint '{endpoint.name}' was not created. Resolve the reported "
            "error, then run the same deploy command again."
        )
    else:
        deployment.tell(f"Updating endpoint '{endpoint.name}' ...")
        params["endpointName"] = endpoint.name
        operation = "UpdateWebFunctionEndpoint"
        trouble = (
            f"Revision {revision_id} is Active, but the endpoint update returned an error. Endpoint "
            f"'{endpoint.name}' might have been partially updated. Check its current configuration with 'awsmini "
            f"lambda-web get-web-function-endpoint --function-name {name} --endpoint-name {endpoint.name}' before "
            "retrying the deploy."
        )
    try:
        deployment.client._make_api_call(operation, params)
    except AwsminiError:
        deployment.tell(trouble)
        raise
