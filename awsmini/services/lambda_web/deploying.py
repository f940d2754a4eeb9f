"""The work of `lambda-web deploy`: a function is created, or gets a revision, and its endpoint is brought to it."""

import secrets
from collections.abc import Mapping
from functools import cached_property, partial
from typing import IO, Any

from awsmini.client import Client
from awsmini.commandline.answer import show_value
from awsmini.commandline.handwritten import Values
from awsmini.commandline.invocation import Invocation
from awsmini.config.rules import partition
from awsmini.errors import AwsminiError, ClientError
from awsmini.model.load import data
from awsmini.model.shapes import ServiceModel
from awsmini.services.lambda_web import bundle, places, starter
from awsmini.services.lambda_web.errors import InvalidOptionError, LambdaWebError
from awsmini.services.lambda_web.options import ENTRY_VARIABLE, Options, checked, two_entry_points
from awsmini.services.lambda_web.plan import (
    LATEST,
    Endpoint,
    changed_endpoint,
    merged_env,
    new_endpoint,
    new_revision,
    newest,
    next_revision,
)
from awsmini.services.lambda_web.waits import Awaited, wait

NOT_THERE = "ResourceNotFoundException"
ROLE_TRIES, ROLE_PAUSE = 6, 5  # a role that was just made is not known everywhere at once
_CONSOLES = {"aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com"}
_CONSOLE = "console.aws.amazon.com"


def run(invocation: Invocation, values: Values) -> int:
    """Deploy, and print where the function can be reached."""
    options = checked(values)
    deployment = _Deployment(invocation, options)
    existing = deployment.existing()
    result = deployment.create() if existing is None else deployment.update(existing)
    _show(invocation, result)
    return 0


class _Deployment:
    """One run of the command: the clients, and what it tells."""

    def __init__(self, invocation: Invocation, options: Options) -> None:
        self.invocation = invocation
        self.app = invocation.app
        self.options = options
        region = invocation.session.region_name
        if not region:
            raise LambdaWebError(
                "You must specify an AWS Region. Pass --region, set AWS_DEFAULT_REGION, or configure a default region "
                "with 'awsmini configure'."
            )
        self.region = region
        self.account, self.partition = self._identity()
        self.client = invocation.session.client("lambda-web")

    def _client(self, service: str) -> Client:
        """--endpoint-url is not for these."""
        session = self.invocation.session
        return session.client_for(ServiceModel(session.models.lines(service)), endpoint_flag=False)

    @cached_property
    def s3(self) -> Client:
        return self._client("s3")

    @cached_property
    def iam(self) -> Client:
        return self._client("iam")

    def _identity(self) -> tuple[str, str]:
        """The account, and the partition of the region."""
        try:
            account = self._client("sts")._make_api_call("GetCallerIdentity", {})["Account"]
        except (AwsminiError, KeyError):
            raise LambdaWebError(
                "Unable to retrieve the AWS account ID with AWS Security Token Service (AWS STS) GetCallerIdentity. "
                "Verify your credentials and sts:GetCallerIdentity permission."
            ) from None
        return str(account), str(partition(data("partitions.json")["partitions"], self.region)["name"])

    def tell(self, text: str) -> None:
        self.app.stderr.write(text + "\n")
        self.app.stderr.flush()

    def existing(self) -> Mapping[str, Any] | None:
        """The function, if there is one."""
        try:
            return self.client._make_api_call("GetWebFunction", {"functionName": self.options.name})
        except ClientError as error:
            if places.code_of(error) != NOT_THERE:
                raise
            return None

    def _confirm(self, question: str, refusal: str) -> None:
        """Go on where --create is given or somebody presses Enter. Raises LambdaWebError."""
        if self.options.get("create"):
            return
        if not self.app.stdin.isatty():
            raise LambdaWebError(refusal)
        self.tell(question)
        if not self.app.stdin.readline():
            raise KeyboardInterrupt

    # A new function.

    def create(self) -> dict[str, Any]:
        options, name = self.options, self.options.name
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
        endpoint = new_endpoint(options, self.region)
        if not options.get("hello_world"):
            self._confirm(
                f"Web Function '{name}' doesn't exist in AWS Region '{self.region}'. Creating it also creates an "
                "endpoint. It can also create an AWS IAM execution role and an Amazon S3 bucket. Press Enter to "
                "continue, or press Ctrl+C to cancel.",
                f"Web Function '{name}' doesn't exist in AWS Region '{self.region}'. Creating the Web Function also "
                "creates an endpoint and can create an AWS IAM execution role and an Amazon S3 bucket. Run the command "
                "again with --create to confirm resource creation, or verify --name and --region.",
            )
        else:
            self.tell(f"Creating starter application in {options.code} ...")
            starter.write(options.code, name)
        with self._package(options.code, options.env) as archive:
            bucket = self._bucket()
            self.tell("Preparing AWS IAM execution role ...")
            role = options.get("execution_role_arn")
            if role is None:
                role = places.ensure_role(self.iam, name)
            else:
                places.check_role(self.iam, role)
            code = self._uploaded(bucket, archive)
        self.tell("Creating Lambda Web Function ...")
        answer = self._created(code, role, endpoint)
        result = {"functionArn": answer.get("functionArn")}
        if not options.get("no_wait"):
            self.tell(f"Waiting for endpoint to become active (timeout {options.activation_timeout}s) ...")
            active = self._wait_for_endpoint(endpoint["endpointName"])
            result["endpointUrl"] = f"https://{active.get('domainName')}"
        return {
            **result,
            "roleArn": role,
            "bucketName": code["bucket"],
            "objectKey": code["key"],
            "consoleUrl": self._console(),
        }

    def _created(self, code: Mapping[str, str], role: str, endpoint: Mapping[str, Any]) -> dict[str, Any]:
        request = {
            "functionName": self.options.name,
            "revisionConfig": new_revision(self.options, code, role),
            "endpointConfig": dict(endpoint),
        }
        if self.options.tags:
            request["tags"] = dict(self.options.tags)
        for _ in range(ROLE_TRIES - 1):
            answer = self._try_to_create(request, code)
            if answer is not None:
                return answer
            self.app.sleep(ROLE_PAUSE)
        answer = self._try_to_create(request, code)
        if answer is not None:
            return answer
        self._tell_of_package(code)
        raise LambdaWebError(
            f"AWS Lambda couldn't assume the AWS IAM role after {(ROLE_TRIES - 1) * ROLE_PAUSE} seconds. Verify the "
            "role's trust policy, or retry if the role was recently created."
        )

    def _try_to_create(self, request: Mapping[str, Any], code: Mapping[str, str]) -> dict[str, Any] | None:
        """The function; None where Lambda does not know the role yet."""
        try:
            return self.client._make_api_call("CreateWebFunction", request)
        except AwsminiError as error:
            if isinstance(error, ClientError) and _is_unknown_role(error):
                return None
            self._tell_of_package(code)
            raise

    def _tell_of_package(self, code: Mapping[str, str]) -> None:
        """What is left behind where it comes to nothing."""
        version = f" (version ID: {code['versionId']})" if "versionId" in code else ""
        self.tell(f"The deployment package remains in Amazon S3: s3://{code['bucket']}/{code['key']}{version}")

    # The code.

    def _package(self, code: str, env: Mapping[str, str]) -> IO[bytes]:
        """The zip file of the folder. Raises LambdaWebError, InvalidOptionError."""
        options = self.options
        entry = None
        variable = env.get(ENTRY_VARIABLE)
        if variable is not None:
            if options.get("entry_point"):
                raise two_entry_points()
            if not bundle.is_there(code, variable):
                raise InvalidOptionError(
                    f"{ENTRY_VARIABLE} points at '{variable}', but no such file exists under --code '{code}'. Include "
                    "the file in the deployment package or specify a different entry point."
                )
            self.tell(f"Using entry point '{variable}' from {ENTRY_VARIABLE}.")
        else:
            entry = bundle.entry_point(code, options.get("entry_point"))
        self.tell("Creating deployment package ...")
        found = bundle.collect(
            code,
            hidden=bool(options.get("include_hidden_files")),
            forced=options.given.get("force_include", ()),
        )
        for warning in found.warnings:
            self.tell(warning)
        return bundle.archive(code, found, entry)

    def _bucket(self) -> str:
        self.tell("Preparing Amazon S3 bucket ...")
        bucket: str | None = self.options.get("bucket_name")
        if bucket is not None:
            places.check_bucket(self.s3, bucket)
            return bucket
        bucket = places.managed_bucket(self.account, self.region)
        places.ensure_bucket(self.s3, bucket, self.account, self.region, self.partition)
        return bucket

    def _uploaded(self, bucket: str, archive: IO[bytes]) -> dict[str, str]:
        self.tell("Uploading deployment package ...")
        key = f"lambda-web/{self.options.name}/{self.app.now():%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}.zip"
        code = places.put_code(self.s3, bucket, key, archive)
        if "versionId" not in code:
            self.tell(
                "Warning: The command couldn't retrieve an Amazon S3 version ID for the uploaded deployment package. "
                "The deployment request will omit the version ID."
            )
        return code

    # A function that there is.

    def update(self, function: Mapping[str, Any]) -> dict[str, Any]:
        options, name = self.options, self.options.name
        if options.get("hello_world"):
            raise LambdaWebError(
                f"Web Function '{name}' already exists. --hello-world creates a starter application for a new Web "
                "Function. Remove --hello-world to deploy existing code, or specify a new --name."
            )
        before = self._last_revision()
        endpoint = self._endpoint()
        env = merged_env(options, before)
        if options.code is None:
            code = dict(before["buildConfig"]["codeConfig"]["s3Object"])
            self.tell(
                f"Reusing deployed code from s3://{code['bucket']}/{code['key']}. No deployment package was uploaded."
            )
        else:
            with self._package(options.code, env or {}) as archive:
                bucket = self._bucket()
                self._check_role()
                code = self._uploaded(bucket, archive)
        if options.code is None:
            self._check_role()
        self.tell("Creating Web Function revision ...")
        try:
            revision = self.client._make_api_call(
                "CreateWebFunctionRevision", {"functionName": name, **next_revision(options, code, before, env)}
            )
        except AwsminiError:
            if options.code is not None:
                self._tell_of_package(code)
            raise
        self._tag(function, revision["revisionId"])
        url = self._serve(endpoint, revision["revisionId"])
        role = options.get("execution_role_arn") or before["serviceConfig"].get("executionRoleArn")
        return {
            "functionArn": function.get("functionArn"),
            **({} if url is None else {"endpointUrl": url}),
            "roleArn": role,
            "bucketName": code["bucket"],
            "objectKey": code["key"],
            "revisionId": revision["revisionId"],
            "revisionArn": revision.get("revisionArn"),
            "consoleUrl": self._console(),
        }

    def _check_role(self) -> None:
        role = self.options.get("execution_role_arn")
        if role is not None:
            places.check_role(self.iam, role)

    def _last_revision(self) -> Mapping[str, Any]:
        """The revision that the next one goes by. Raises LambdaWebError."""
        name = self.options.name
        pages = self.client.get_paginator("list_web_function_revisions").paginate(functionName=name)
        last = newest([revision for page in pages for revision in page.get("revisions", ())])
        if last is None:
            raise LambdaWebError(
                f"Web Function '{name}' has no revisions to inherit from. Pass --runtime and --execution-role-arn "
                "explicitly, or use --create to create a new Web Function."
            )
        return self.client._make_api_call(
            "GetWebFunctionRevision", {"functionName": name, "revisionId": last["revisionId"]}
        )

    def _endpoint(self) -> Endpoint | None:
        """What is to become of the endpoint; None where there is none and none is named. Raises LambdaWebError."""
        options, name = self.options, self.options.name
        pages = self.client.get_paginator("list_web_function_endpoints").paginate(functionName=name)
        known = [endpoint for page in pages for endpoint in page.get("endpoints", ())]
        wanted = options.get("endpoint_name")
        current = next((each for each in known if wanted in (None, each["endpointName"])), None)
        if current is not None:
            return changed_endpoint(options, current)
        if wanted is None:
            return None
        request = new_endpoint(options, self.region)
        self._confirm(
            f"Endpoint '{wanted}' doesn't exist for Web Function '{name}'. Press Enter to create it, or press Ctrl+C "
            "to cancel.",
            f"Endpoint '{wanted}' doesn't exist for Web Function '{name}'. Run the command again with --create to "
            "create it, or verify --endpoint-name.",
        )
        return Endpoint(name=wanted, changes=request, mode=request["autoDeploymentMode"], new=True)

    def _tag(self, function: Mapping[str, Any], revision_id: str) -> None:
        if not self.options.tags:
            return
        self.tell("Updating Web Function tags ...")
        try:
            self.client._make_api_call(
                "TagResource", {"resource": function["functionArn"], "tags": dict(self.options.tags)}
            )
        except AwsminiError as error:
            told = str(error)
            if isinstance(error, ClientError):
                told = f"{places.code_of(error)}: {error.response.get('Error', {}).get('Message')}"
            self.tell(
                f"Warning: Revision {revision_id} was created, but the command couldn't confirm whether tags for Web "
                f"Function '{self.options.name}' were updated. AWS error: {told}. Run 'awsmini lambda-web tag-resource' to "
                "verify or retry the tags."
            )

    def _serve(self, endpoint: Endpoint | None, revision_id: str) -> str | None:
        """Bring the endpoint to the new revision; its URL where it has been waited for."""
        options = self.options
        waits, timeout = not options.get("no_wait"), options.activation_timeout
        is_changed = endpoint is not None and endpoint.is_changed
        if waits:
            self.tell(f"Waiting for revision {revision_id} to become active (timeout {timeout}s) ...")
            self._wait_for_revision(revision_id)
        elif is_changed:
            assert endpoint is not None
            self.tell(
                f"Waiting for revision {revision_id} to become Active before submitting endpoint changes (timeout "
                f"{timeout}s) ..."
            )
            self._wait_for_revision(revision_id, then=endpoint)
        if endpoint is None:
            self.tell(
                f"Revision {revision_id} {'is Active' if waits else 'was created'}, but Web Function '{options.name}' "
                "has no endpoint. Run the command again with --endpoint-name NAME, or create one with 'awsmini lambda-web "
                "create-web-function-endpoint'."
            )
            return None
        self._tell_of_endpoint(endpoint, revision_id, waits=waits)
        if is_changed:
            self._change(endpoint, revision_id)
        if not waits:
            return None
        if is_changed and not endpoint.new:
            self.tell(f"Waiting for endpoint '{endpoint.name}' update to complete (timeout {timeout}s) ...")
            ready = self._wait_for_update(endpoint.name)
        else:
            self.tell(f"Waiting for endpoint '{endpoint.name}' to become active (timeout {timeout}s) ...")
            ready = self._wait_for_endpoint(endpoint.name)
        return f"https://{ready.get('domainName')}"

    def _tell_of_endpoint(self, endpoint: Endpoint, revision_id: str, *, waits: bool) -> None:
        """What comes of itself, or does not."""
        if endpoint.split:
            self.tell(
                f"The command preserved endpoint '{endpoint.name}' because it splits traffic across {endpoint.split} "
                f"revisions. To replace the traffic split, point the endpoint at revision {revision_id} with 'awsmini "
                "lambda-web update-web-function-endpoint'."
            )
        elif endpoint.mode == LATEST and not endpoint.is_changed:
            self.tell(
                f"Endpoint '{endpoint.name}' auto-deploys the latest revision and will serve the new revision after it "
                "becomes Active."
                if waits
                else f"With --no-wait, endpoint '{endpoint.name}' automatically serves the new revision after it "
                "becomes Active."
            )

    def _change(self, endpoint: Endpoint, revision_id: str) -> None:
        """Make or change the endpoint; where that fails, say how things stand."""
        name = self.options.name
        params = {"functionName": name, **endpoint.params(revision_id)}
        if endpoint.new:
            self.tell(f"Creating endpoint '{endpoint.name}' ...")
            operation, trouble = (
                "CreateWebFunctionEndpoint",
                (
                    f"Revision {revision_id} is Active, but endpoint '{endpoint.name}' was not created. Resolve the reported "
                    "error, then run the same deploy command again."
                ),
            )
        else:
            self.tell(f"Updating endpoint '{endpoint.name}' ...")
            params["endpointName"] = endpoint.name
            operation, trouble = (
                "UpdateWebFunctionEndpoint",
                (
                    f"Revision {revision_id} is Active, but the endpoint update returned an error. Endpoint "
                    f"'{endpoint.name}' might have been partially updated. Check its current configuration with 'awsmini "
                    f"lambda-web get-web-function-endpoint --function-name {name} --endpoint-name {endpoint.name}' before "
                    "retrying the deploy."
                ),
            )
        try:
            self.client._make_api_call(operation, params)
        except AwsminiError:
            self.tell(trouble)
            raise

    # Waiting.

    def _wait(self, awaited: Awaited) -> Mapping[str, Any]:
        return wait(awaited, self.app, self.options.activation_timeout, self.options.progress_frequency)

    def _wait_for_revision(self, revision_id: str, then: Endpoint | None = None) -> None:
        name = self.options.name
        after = ""
        if then is not None:
            after = (
                f" Endpoint '{then.name}' was not {'created' if then.new else 'updated'}. Check the revision status "
                "with the command shown above. After it becomes Active, run the same deploy command again to retry the "
                f"endpoint {'creation' if then.new else 'update'}."
            )
        self._wait(
            Awaited(
                look=partial(
                    self.client._make_api_call,
                    "GetWebFunctionRevision",
                    {"functionName": name, "revisionId": revision_id},
                ),
                member="state",
                done="Active",
                told="revision to become active",
                word="state",
                failed=lambda state: f"Revision '{revision_id}' failed: {state.get('stateReason')}",
                too_late=f"Revision '{revision_id}' for function '{name}' did not become active within {{timeout}} "
                "seconds. Resume with: awsmini lambda-web get-web-function-revision --function-name "
                f"{name} --revision-id {revision_id}{after}",
            )
        )

    def _look_at_endpoint(self, endpoint: str) -> Mapping[str, Any]:
        return self.client._make_api_call(
            "GetWebFunctionEndpoint", {"functionName": self.options.name, "endpointName": endpoint}
        )

    def _wait_for_endpoint(self, endpoint: str) -> Mapping[str, Any]:
        return self._wait(
            Awaited(
                look=partial(self._look_at_endpoint, endpoint),
                member="state",
                done="Active",
                told="endpoint to become active",
                word="state",
                failed=lambda state: f"Endpoint '{endpoint}' failed: {state.get('stateReason')}",
                too_late=self._late(endpoint, "become active"),
            )
        )

    def _wait_for_update(self, endpoint: str) -> Mapping[str, Any]:
        return self._wait(
            Awaited(
                look=partial(self._look_at_endpoint, endpoint),
                member="updateStatus",
                done="Successful",
                told="endpoint update to complete",
                word="status",
                failed=lambda state: f"Endpoint '{endpoint}' update failed: {state.get('updateStatusReason')}",
                too_late=self._late(endpoint, "finish updating"),
            )
        )

    def _late(self, endpoint: str, what: str) -> str:
        name = self.options.name
        return (
            f"Endpoint '{endpoint}' for function '{name}' did not {what} within {{timeout}} seconds. Resume with: awsmini "
            f"lambda-web get-web-function-endpoint --function-name {name} --endpoint-name {endpoint}"
        )

    def _console(self) -> str:
        host = _CONSOLES.get(self.partition, _CONSOLE)
        return f"https://{self.region}.{host}/lambda/home#/web-functions/{self.options.name}"


def _is_unknown_role(error: ClientError) -> bool:
    message = str(error.response.get("Error", {}).get("Message", ""))
    return places.code_of(error) == "ValidationException" and "cannot be assumed" in message


def _show(invocation: Invocation, result: Mapping[str, Any]) -> None:
    """The URL alone, or all of it in the format asked for."""
    app, flags = invocation.app, invocation.flags
    is_structured = flags.get("output") is not None or flags.get("query") is not None
    if is_structured:
        show_value(invocation, "deploy", dict(result))
    elif "endpointUrl" in result:
        app.stdout.write(f"{result['endpointUrl']}\n")
    if flags.get("query") is None and flags.get("output") != "json":
        app.stdout.flush()
        app.stderr.write(f"Console: {result['consoleUrl']}\n")
