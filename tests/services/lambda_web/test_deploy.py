"""`lambda-web deploy`, whole: a new function, and one that there is."""

import io
import json
import re
import zipfile
from typing import Any

import pytest

from awsmini.services.lambda_web.waits import Awaited, wait
from tests.servers import Answer, Received, answer
from tests.terminal import Terminal

WEB = "/2025-03-07/web-functions"
BUCKET = "/awscli-lambdaweb-123456789012-us-east-1-an"
ARN = "arn:aws:lambda:us-east-1:123456789012:web-function:web1"
ROLE = "arn:aws:iam::123456789012:role/awscli-lambdaweb-web1"
THEN = "2026-01-01T00:00:00Z"
FUNCTION = {"functionName": "web1", "functionArn": ARN, "state": "Active", "stateReason": "", "createdAt": THEN, "updatedAt": THEN}  # fmt: skip
ENDPOINT = {
    "endpointName": "dev",
    "endpointType": "HomeRegion",
    "domainName": "abc.lambda-web.us-east-1.on.aws",
    "authType": "ApplicationManaged",
    "autoDeploymentMode": "LatestRevision",
    "revisionWeights": [{"revisionId": "rev1", "weight": 100}],
    "regions": ["us-east-1"],
    "state": "Active",
    "updateStatus": "Successful",
}
REVISION = {
    "revisionId": "rev1",
    "state": "Active",
    "createdAt": THEN,
    "kmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/old",
    "buildConfig": {"codeConfig": {"s3Object": {"bucket": "oldb", "key": "oldk"}}, "runtimeConfig": {"runtime": "nodejs22.x"}},
    "serviceConfig": {"executionRoleArn": "arn:aws:iam::123456789012:role/old", "environmentVariables": {"A": "1", "Z": "9"}},
}  # fmt: skip
TRUST = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}]}


def xml(operation: str, inner: str) -> Answer:
    return answer(200, f"<{operation}Response><{operation}Result>{inner}</{operation}Result></{operation}Response>")


def refused(code: str, status: int = 403) -> Answer:
    return answer(status, {"Message": "no"}, {"x-amzn-errortype": code})


def refused_xml(code: str, status: int = 403) -> Answer:
    return answer(status, f"<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>")


def role(trust: Any = TRUST) -> Answer:
    return xml("GetRole", f"<Role><Arn>{ROLE}</Arn><AssumeRolePolicyDocument>{json.dumps(trust)}</AssumeRolePolicyDocument></Role>")  # fmt: skip


class World:
    """All services: each has what a deployment asks of it, unless `answers` has something else under its name."""

    def __init__(self, *, exists: bool) -> None:
        self.answers: dict[str, Answer | list[Answer]] = {
            "GetCallerIdentity": xml("GetCallerIdentity", "<Account>123456789012</Account>"),
            "GetRole": role(),
            "CreateRole": xml("CreateRole", f"<Role><Arn>{ROLE}</Arn></Role>"),
            "PutRolePolicy": xml("PutRolePolicy", ""),
            f"GET {WEB}/web1": answer(200, FUNCTION) if exists else refused("ResourceNotFoundException", 404),
            f"PUT {WEB}": answer(200, FUNCTION),
            f"GET {WEB}/web1/endpoints/dev": answer(200, ENDPOINT),
            f"GET {WEB}/web1/endpoints/prod": answer(200, {**ENDPOINT, "endpointName": "prod"}),
            f"GET {WEB}/web1/revisions/rev1": answer(200, REVISION),
            f"GET {WEB}/web1/revisions/rev2": answer(200, {**REVISION, "revisionId": "rev2"}),
            f"POST {WEB}/web1/list-revisions": answer(200, {"revisions": [REVISION]}),
            f"POST {WEB}/web1/list-endpoints": answer(200, {"endpoints": [ENDPOINT]}),
            f"POST {WEB}/web1/revisions": answer(200, {**REVISION, "revisionId": "rev2", "revisionArn": f"{ARN}:rev2"}),
            f"PATCH {WEB}/web1/endpoints/dev": answer(200, ENDPOINT),
            f"PUT {WEB}/web1/endpoints": answer(200, ENDPOINT),
            "POST tags": answer(204),
            f"HEAD {BUCKET}": answer(200),
            "PUT zip": answer(200, "", {"ETag": '"e"'}),
            "HEAD zip": answer(200, "", {"x-amz-version-id": "v1"}),
        }
        self.seen: list[tuple[str, Received]] = []

    def __call__(self, request: Received) -> Answer:
        name = self._name(request)
        self.seen.append((name, request))
        found = self.answers.get(name, answer(200))
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found

    @staticmethod
    def _name(request: Received) -> str:
        if b"Action=" in request.body[:100]:
            return request.form["Action"]
        if request.path.endswith(".zip"):
            return f"{request.method} zip"
        if "/tags/" in request.path:
            return "POST tags"
        return f"{request.method} {request.path}" + (f"?{next(iter(request.query))}" if request.query else "")

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.seen]

    def body(self, name: str) -> Any:
        (found,) = [request for seen, request in self.seen if seen == name]
        return found.json


@pytest.fixture
def new(aws: Terminal) -> World:
    found = World(exists=False)
    aws.service.always(found)
    aws.write("app/index.js", "1\n")
    return found


@pytest.fixture
def old(aws: Terminal) -> World:
    found = World(exists=True)
    aws.service.always(found)
    aws.write("app/index.js", "1\n")
    return found


NEW = "lambda-web deploy --name web1 --code app --create"
OLD = "lambda-web deploy --name web1"


def test_a_new_function(aws: Terminal, new: World) -> None:
    outcome = aws(NEW)
    assert (outcome.code, outcome.stdout) == (0, "https://abc.lambda-web.us-east-1.on.aws\n")
    assert outcome.stderr == (
        "Creating deployment package ...\n"
        "Preparing Amazon S3 bucket ...\n"
        "Preparing AWS IAM execution role ...\n"
        "Uploading deployment package ...\n"
        "Creating Lambda Web Function ...\n"
        "Waiting for endpoint to become active (timeout 600s) ...\n"
        "Console: https://us-east-1.console.aws.amazon.com/lambda/home#/web-functions/web1\n"
    )
    assert new.names == [
        "GetCallerIdentity", f"GET {WEB}/web1", f"HEAD {BUCKET}", "GetRole", "PUT zip", "HEAD zip", f"PUT {WEB}",
        f"GET {WEB}/web1/endpoints/dev",
    ]  # fmt: skip
    sent = new.body(f"PUT {WEB}")
    code = sent["revisionConfig"]["buildConfig"]["codeConfig"]["s3Object"]
    assert re.fullmatch(r"lambda-web/web1/\d{8}T\d{6}Z-[0-9a-f]{8}\.zip", code.pop("key"))
    assert code == {"bucket": BUCKET[1:], "versionId": "v1"}
    assert sent["endpointConfig"] == {
        "endpointName": "dev",
        "endpointType": "HomeRegion",
        "authType": "ApplicationManaged",
        "autoDeploymentMode": "LatestRevision",
        "regions": ["us-east-1"],
    }
    put = next(request for name, request in new.seen if name == "PUT zip")
    assert put.headers["Content-Type"] == "application/zip"
    assert zipfile.ZipFile(io.BytesIO(put.body)).namelist() == ["index.js"]


def test_it_is_not_made_without_being_asked_for(aws: Terminal, new: World) -> None:
    outcome = aws(NEW.replace(" --create", ""))
    assert outcome.code == 255
    assert outcome.stderr == (
        "Error: Web Function 'web1' doesn't exist in AWS Region 'us-east-1'. Creating the Web Function also creates an "
        "endpoint and can create an AWS IAM execution role and an Amazon S3 bucket. Run the command again with --create "
        "to confirm resource creation, or verify --name and --region.\n"
    )
    assert new.names == ["GetCallerIdentity", f"GET {WEB}/web1"]


def test_bucket_and_role_are_made(aws: Terminal, new: World) -> None:
    new.answers[f"HEAD {BUCKET}"] = answer(404)
    new.answers["GetRole"] = refused_xml("NoSuchEntity", 404)
    assert aws(NEW).code == 0
    assert new.names[2:8] == [
        f"HEAD {BUCKET}", f"PUT {BUCKET}", f"PUT {BUCKET}?policy", f"PUT {BUCKET}?versioning", "GetRole", "CreateRole",
    ]  # fmt: skip
    policy = new.body(f"PUT {BUCKET}?policy")
    assert [statement["Sid"] for statement in policy["Statement"]] == ["HttpsOnly", "AllowLambdaServiceAccess"]
    assert new.names[8] == "PutRolePolicy"


def test_what_is_said_by_structured_output(aws: Terminal, new: World) -> None:
    outcome = aws(f"{NEW} --output json")
    assert list(outcome.json) == ["functionArn", "endpointUrl", "roleArn", "bucketName", "objectKey", "consoleUrl"]
    assert "Console:" not in outcome.stderr
    assert "endpointUrl" not in aws(f"{NEW} --output json --no-wait").json
    assert aws(f"{NEW} --query endpointUrl --output text").stdout == "https://abc.lambda-web.us-east-1.on.aws\n"


TROUBLE: list[tuple[str, Answer, str, int, str]] = [
    ("GetCallerIdentity", refused_xml("AccessDenied"), "", 255, "Unable to retrieve the AWS account ID"),
    (f"HEAD {BUCKET}", answer(403), "", 255, "isn't accessible. Verify your permissions, or specify a different bucket"),
    ("HEAD /mine", answer(404), "--bucket-name mine", 255, "Amazon S3 bucket 'mine' isn't accessible. Verify the bucket name"),
    ("PUT zip", answer(403, "<Error><Code>AccessDenied</Code></Error>"), "", 255, "confirm that your credentials allow s3:PutObject."),
    ("GetRole", role({"Statement": [{"Effect": "Allow", "Principal": "*"}]}), "", 255, "The current principals are ['*']. Update"),
    ("GetRole", refused_xml("NoSuchEntity", 404), "--execution-role-arn arn:aws:iam::123456789012:role/x", 255, "AWS IAM role 'arn:aws:iam::123456789012:role/x' wasn't found"),
    (f"PUT {WEB}", refused("AccessDeniedException"), "", 254, "when calling the CreateWebFunction operation: no"),
    (f"GET {WEB}/web1/endpoints/dev", answer(200, {**ENDPOINT, "state": "Failed", "stateReason": "bad luck"}), "", 255, "Error: Endpoint 'dev' failed: bad luck"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "found", "options", "code", "message"), TROUBLE)
def test_trouble(aws: Terminal, new: World, name: str, found: Answer, options: str, code: int, message: str) -> None:
    new.answers[name] = found
    outcome = aws(f"{NEW} {options}")
    assert outcome.code == code
    assert message in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_what_is_left_behind_is_told(aws: Terminal, new: World) -> None:
    new.answers[f"PUT {WEB}"] = refused("ConflictException", 409)
    stderr = aws(NEW).stderr
    assert re.search(
        r"remains in Amazon S3: s3://awscli-lambdaweb-\S+\.zip \(version ID: v1\)\n\nawsmini: \[ERROR\]:", stderr
    )


REFUSED = [
    ("--name x", "function name 'x' is invalid: must be 2-64 characters"),
    ("--code none", "--code 'none' must be a directory"),
    ("--env A", "--env entry must be KEY=VAL: got 'A'"),
    ("--env =A", "--env key must not be empty: got '=A'"),
    ("--env A=", "--env value for key 'A' must not be empty."),
    ("--env 1A=1", "--env key '1A' is not a valid environment variable name."),
    ("--tags A", "--tags entry must be KEY=VAL: got 'A'"),
    ("--timeout-seconds 2", "--timeout-seconds must be between 3 and 900: got 2"),
    ("--max-concurrency-per-environment 129", "must be between 1 and 128: got 129"),
    ("--max-environments 1", "--max-environments must be between 2 and 10000: got 1"),
    ("--rate-limit -1", "--rate-limit must be 0 or greater: got -1"),
    ("--activation-timeout 0", "--activation-timeout must be a positive number of seconds: got 0."),
    ("--progress-frequency 0", "--progress-frequency must be a positive number of seconds: got 0."),
    ("--regions mars-1", "--regions entry 'mars-1' is not a valid AWS Region."),
    ("--entry-point index.js --env AWS_LAMBDA_NODEJS_ENTRYPOINT=x", "Use either --entry-point or the"),
]


@pytest.mark.parametrize(("options", "message"), REFUSED)
def test_what_is_refused_before_anything_is_sent(aws: Terminal, options: str, message: str) -> None:
    aws.write("app/index.js", "1\n")
    outcome = aws(f"{NEW} {options}")
    assert outcome.code == 252
    assert outcome.stderr.startswith(f"Error: {message}") or message in outcome.stderr
    assert aws.service.requests == []


def test_a_number_that_is_none_is_no_usage_error(aws: Terminal) -> None:
    outcome = aws(f"{NEW} --timeout-seconds x")
    assert (outcome.code, outcome.message) == (255, "awsmini: [ERROR]: invalid literal for int() with base 10: 'x'")


def test_errors_in_other_layouts(aws: Terminal) -> None:
    outcome = aws(f"{NEW} --name x --cli-error-format json")
    assert outcome.code == 252
    assert json.loads(outcome.stderr)["Error"]["Code"] == "LambdaWebError"


def test_a_starter_is_written_and_deployed(aws: Terminal, new: World) -> None:
    outcome = aws("lambda-web deploy --name web1 --hello-world")
    assert outcome.code == 0, outcome.stderr
    assert outcome.stderr.startswith("Creating starter application in ./web1 ...\nCreating deployment package ...\n")
    assert json.loads((aws.home / "web1" / "package.json").read_text())["main"] == "server.ts"
    put = next(request for name, request in new.seen if name == "PUT zip")
    names = zipfile.ZipFile(io.BytesIO(put.body)).namelist()
    assert names == ["AGENTS.md", "README.md", "package.json", "server.ts", "index.js"]
    outcome = aws("lambda-web deploy --name web1 --hello-world")
    assert outcome.code == 252
    assert "'./web1' contains files" in outcome.stderr


def test_a_function_that_there_is(aws: Terminal, old: World) -> None:
    outcome = aws(f"{OLD} --code app --env B=2 --unset-env Z --tags a=b")
    assert (outcome.code, outcome.stdout) == (0, "https://abc.lambda-web.us-east-1.on.aws\n")
    assert outcome.stderr.splitlines()[3:-1] == [
        "Creating Web Function revision ...",
        "Updating Web Function tags ...",
        "Waiting for revision rev2 to become active (timeout 600s) ...",
        "Endpoint 'dev' auto-deploys the latest revision and will serve the new revision after it becomes Active.",
        "Waiting for endpoint 'dev' to become active (timeout 600s) ...",
    ]
    sent = old.body(f"POST {WEB}/web1/revisions")
    assert sent["kmsKeyArn"] == REVISION["kmsKeyArn"]
    assert sent["buildConfig"]["runtimeConfig"] == {"runtime": "nodejs22.x"}
    assert sent["serviceConfig"] == {
        "executionRoleArn": "arn:aws:iam::123456789012:role/old",
        "environmentVariables": {"A": "1", "B": "2"},
    }
    assert "GetRole" not in old.names


def test_without_code_the_old_one_stays(aws: Terminal, old: World) -> None:
    outcome = aws(f"{OLD} --timeout-seconds 60 --output json")
    assert outcome.stderr.startswith("Reusing deployed code from s3://oldb/oldk. No deployment package was uploaded.\n")
    assert (outcome.json["bucketName"], outcome.json["revisionId"]) == ("oldb", "rev2")
    assert old.body(f"POST {WEB}/web1/revisions")["serviceConfig"]["timeoutSeconds"] == 60


CHANGES: list[tuple[str, dict[str, Any], Any]] = [
    ("--description new", {}, {"description": "new"}),
    ("--description d", {"description": "d"}, None),
    ("--max-environments 5 --rate-limit 0", {}, {"scalingConfig": {"maxEnvironments": 5}, "throttleConfig": {"rateLimit": 0}}),
    ("--auth-type IamAuth", {}, {"authType": "IamAuth"}),
    ("--auto-deployment-mode Disabled", {}, {"autoDeploymentMode": "Disabled", "revisionWeights": [{"revisionId": "rev2", "weight": 100}]}),
    ("--auto-deployment-mode LatestRevision", {"autoDeploymentMode": "Disabled"}, {"autoDeploymentMode": "LatestRevision"}),
    ("", {"autoDeploymentMode": "Disabled"}, {"revisionWeights": [{"revisionId": "rev2", "weight": 100}]}),
    ("", {"autoDeploymentMode": "Disabled", "revisionWeights": [{"revisionId": "a", "weight": 1}, {"revisionId": "b", "weight": 99}]}, None),
]  # fmt: skip


@pytest.mark.parametrize(("options", "current", "sent"), CHANGES)
def test_what_becomes_of_the_endpoint(aws: Terminal, old: World, options: str, current: Any, sent: Any) -> None:
    old.answers[f"POST {WEB}/web1/list-endpoints"] = answer(200, {"endpoints": [{**ENDPOINT, **current}]})
    outcome = aws(f"{OLD} {options}")
    assert outcome.code == 0, outcome.stderr
    changed = f"PATCH {WEB}/web1/endpoints/dev"
    assert (old.body(changed) if changed in old.names else None) == sent


NOT_CHANGED: list[tuple[str, dict[str, Any], str]] = [
    ("--endpoint-type PerRegion --regions us-west-2", {}, "--endpoint-type (endpoint is 'HomeRegion'), --regions (endpoint is 'us-east-1'). The existing endpoint wasn't changed. To use the endpoint type and AWS Regions you"),
    ("--auto-deployment-mode LatestRevision", {"endpointType": "MultiRegion"}, "must be Disabled for MultiRegion endpoint 'dev'"),
    ("", {"state": "Pending"}, "Endpoint 'dev' is in the Pending state."),
    ("--endpoint-name prod", {}, "Endpoint 'prod' doesn't exist for Web Function 'web1'. Run the command again with --create"),
    ("--hello-world", {}, "Web Function 'web1' already exists."),
]  # fmt: skip


@pytest.mark.parametrize(("options", "current", "message"), NOT_CHANGED)
def test_what_cannot_be_changed(aws: Terminal, old: World, options: str, current: Any, message: str) -> None:
    old.answers[f"POST {WEB}/web1/list-endpoints"] = answer(200, {"endpoints": [{**ENDPOINT, **current}]})
    outcome = aws(f"{OLD} {options}")
    assert outcome.code == 255
    assert message in outcome.stderr
    assert f"POST {WEB}/web1/revisions" not in old.names


def test_another_endpoint(aws: Terminal, old: World) -> None:
    assert aws(f"{OLD} --endpoint-name prod --create --endpoint-type MultiRegion --regions us-west-2").code == 0
    assert old.body(f"PUT {WEB}/web1/endpoints") == {
        "endpointName": "prod",
        "endpointType": "MultiRegion",
        "authType": "ApplicationManaged",
        "autoDeploymentMode": "Disabled",
        "regions": ["us-west-2"],
        "revisionWeights": [{"revisionId": "rev2", "weight": 100}],
    }


def test_no_endpoint(aws: Terminal, old: World) -> None:
    old.answers[f"POST {WEB}/web1/list-endpoints"] = answer(200, {"endpoints": []})
    outcome = aws(OLD)
    assert (outcome.code, outcome.stdout) == (0, "")
    assert "Revision rev2 is Active, but Web Function 'web1' has no endpoint." in outcome.stderr


def test_no_wait(aws: Terminal, old: World) -> None:
    outcome = aws(f"{OLD} --no-wait")
    assert (outcome.code, outcome.stdout) == (0, "")
    assert "With --no-wait, endpoint 'dev' automatically serves" in outcome.stderr
    assert f"GET {WEB}/web1/revisions/rev2" not in old.names


def test_the_newest_revision_that_has_not_failed(aws: Terminal, old: World) -> None:
    known = [
        {**REVISION, "revisionId": "rev0", "createdAt": "2025-01-01T00:00:00Z"},
        REVISION,
        {**REVISION, "revisionId": "rev9", "createdAt": "2027-01-01T00:00:00Z", "state": "Failed"},
    ]
    old.answers[f"POST {WEB}/web1/list-revisions"] = [
        answer(200, {"revisions": known[:1], "nextToken": "t"}),
        answer(200, {"revisions": known[1:]}),
    ]
    assert aws(OLD).code == 0
    assert f"GET {WEB}/web1/revisions/rev1" in old.names


def test_an_endpoint_change_that_is_refused_leaves_a_revision(aws: Terminal, old: World) -> None:
    old.answers[f"PATCH {WEB}/web1/endpoints/dev"] = refused("AccessDeniedException")
    outcome = aws(f"{OLD} --description new")
    assert outcome.code == 254
    assert "Revision rev2 is Active, but the endpoint update returned an error." in outcome.stderr


class Clock:
    """A world whose sleep takes no time."""

    def __init__(self) -> None:
        self.stderr = io.StringIO()
        self.slept = 0.0

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


def waited(states: list[Any], timeout: int = 600, frequency: int = 5) -> tuple[Clock, Any]:
    from typing import cast

    from awsmini.app import App
    from awsmini.errors import ClientError
    from awsmini.services.lambda_web.errors import LambdaWebError

    clock = Clock()

    def look() -> dict[str, Any]:
        state = states.pop(0) if len(states) > 1 else states[0]
        if state == "busy":
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, "Get")
        return {"state": state, "stateReason": "why"}

    what = Awaited(
        look, "state", "Active", "it", "state", lambda state: f"failed: {state['stateReason']}", "late: {timeout}"
    )
    try:
        return clock, wait(what, cast(App, clock), timeout, frequency)["state"]
    except LambdaWebError as error:
        return clock, str(error)


def test_waiting() -> None:
    clock, state = waited(["Pending", "Pending", "Active"], frequency=2)
    assert (state, clock.slept) == ("Active", 10)
    told = [int(match) for match in re.findall(r"(\d+)s elapsed", clock.stderr.getvalue())]
    assert told == [0, 2, 4, 6, 8]
    assert waited(["Pending", "Failed"])[1] == "failed: why"
    assert waited(["Pending"], timeout=7)[1] == "late: 7"
    clock, state = waited(["busy", "Active"])
    assert (state, clock.stderr.getvalue()) == ("Active", "")
