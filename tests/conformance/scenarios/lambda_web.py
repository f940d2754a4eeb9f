"""lambda-web deploy."""

import shlex
from typing import Any

from scenarios.scripted import Rule, but, by_rule, query_error, rest_error, s3_error
from side_by_side import Scenario

IAM = "https://iam.amazonaws.com/doc/2010-05-08/"
WEB = "/2025-03-07/web-functions"
BUCKET = "/awscli-lambdaweb-123456789012-us-east-1-an"
ARN = "arn:aws:lambda:us-east-1:123456789012:web-function:web1"
THEN = "2026-01-01T00:00:00Z"
NOT_THERE = rest_error("ResourceNotFoundException", "no such function")
DENIED = rest_error("AccessDeniedException", "no", 403)
TRUST = "%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A%22{}.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D"


def xml(operation: str, inner: str, namespace: str = IAM) -> tuple[int, str]:
    return (
        200,
        f"<{operation}Response xmlns='{namespace}'><{operation}Result>{inner}</{operation}Result></{operation}Response>",
    )


def role(service: str) -> tuple[int, str]:
    return xml(
        "GetRole",
        "<Role><Path>/</Path><Arn>arn:aws:iam::123456789012:role/awscli-lambdaweb-web1</Arn>"
        "<RoleName>awscli-lambdaweb-web1</RoleName><RoleId>AROA</RoleId><CreateDate>2026-01-01T00:00:00Z</CreateDate>"
        f"<AssumeRolePolicyDocument>{TRUST.format(service)}</AssumeRolePolicyDocument></Role>",
    )


def function(state: str = "Active") -> tuple[int, Any]:
    return 200, {"functionName": "web1", "functionArn": ARN, "state": state, "stateReason": "r", "createdAt": THEN, "updatedAt": THEN}  # fmt: skip


def endpoint(name: str = "dev", state: str = "Active", **more: Any) -> dict[str, Any]:
    return {
        "functionArn": ARN,
        "endpointArn": f"{ARN}/endpoint/{name}",
        "endpointName": name,
        "endpointType": "HomeRegion",
        "domainName": f"{name}.lambda-web.us-east-1.on.aws",
        "authType": "ApplicationManaged",
        "autoDeploymentMode": "LatestRevision",
        "revisionWeights": [{"revisionId": "rev1", "weight": 100}],
        "regions": ["us-east-1"],
        "state": state,
        "stateReason": "bad luck",
        "regionalEndpoints": {},
        "createdAt": THEN,
        "updatedAt": THEN,
        **more,
    }


def revision(name: str = "rev1", state: str = "Active", **more: Any) -> dict[str, Any]:
    return {
        "functionArn": ARN,
        "revisionArn": f"{ARN}:{name}",
        "revisionId": name,
        "state": state,
        "stateReason": "broken",
        "createdAt": THEN,
        "buildConfig": {
            "codeConfig": {"s3Object": {"bucket": "oldb", "key": "oldk", "versionId": "ov"}},
            "runtimeConfig": {"runtime": "nodejs22.x"},
        },
        "serviceConfig": {
            "executionRoleArn": "arn:aws:iam::123456789012:role/old",
            "timeoutSeconds": 30,
            "environmentVariables": {"A": "1", "Z": "9"},
            "telemetryConfig": {"loggingConfig": {"applicationLogLevel": "INFO", "logGroup": "/g"}},
        },
        "kmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/old",
        **more,
    }


def listed(*endpoints: dict[str, Any]) -> tuple[int, Any]:
    return 200, {"endpoints": [{name: value for name, value in each.items() if name not in ("functionArn", "regionalEndpoints")} for each in endpoints]}  # fmt: skip


def revisions(*found: dict[str, Any]) -> tuple[int, Any]:
    kept = ("revisionArn", "revisionId", "state", "stateReason", "createdAt")
    return 200, {"revisions": [{name: each[name] for name in kept} for each in found]}


CREATED = (200, {**function("Pending")[1], "revision": revisions(revision(state="Pending"))[1]["revisions"][0], "endpoint": listed(endpoint(state="Pending"))[1]["endpoints"][0]})  # fmt: skip
NEW: tuple[Rule, ...] = (
    ("GetCallerIdentity", xml("GetCallerIdentity", "<Arn>a</Arn><UserId>u</UserId><Account>123456789012</Account>", "https://sts.amazonaws.com/doc/2011-06-15/")),
    (f"GET {WEB}/web1", NOT_THERE),
    (f"HEAD {BUCKET}", (200, "")),
    ("GetRole", role("lambda")),
    ("CreateRole", xml("CreateRole", "<Role><Path>/</Path><Arn>arn:aws:iam::123456789012:role/awscli-lambdaweb-web1</Arn><RoleName>n</RoleName><RoleId>i</RoleId><CreateDate>2026-01-01T00:00:00Z</CreateDate></Role>")),
    ("PutRolePolicy", (200, f"<PutRolePolicyResponse xmlns='{IAM}'/>")),
    (rf"PUT {BUCKET}\?policy", (204, "")),
    (rf"PUT {BUCKET}\?versioning", (200, "")),
    (f"PUT {BUCKET}", (200, "")),
    ("PUT /[^/]+/lambda-web/.*", (200, "", {"ETag": '"e"'})),
    ("HEAD /[^/]+/lambda-web/.*", (200, "", {"x-amz-version-id": "v1"})),
    (f"PUT {WEB}", CREATED),
    (f"GET {WEB}/web1/endpoints/dev", (200, endpoint(updateStatus="Successful"))),
    (f"GET {WEB}/web1/endpoints/prod", (200, endpoint("prod"))),
    (f"GET {WEB}/web1/revisions/rev1", (200, revision())),
    (f"GET {WEB}/web1/revisions/rev2", (200, revision("rev2"))),
    (f"POST {WEB}/web1/list-revisions", revisions(revision())),
    (f"POST {WEB}/web1/list-endpoints", listed(endpoint())),
    (f"POST {WEB}/web1/revisions", (200, revision("rev2", "Pending"))),
    (f"PATCH {WEB}/web1/endpoints/.*", (200, endpoint(updateStatus="InProgress"))),
    (f"PUT {WEB}/web1/endpoints", (200, endpoint("prod", "Pending"))),
    ("POST /2025-03-07/tags/.*", (204, "")),
)  # fmt: skip
OLD: tuple[Rule, ...] = but(NEW, (f"GET {WEB}/web1", function()))
MADE = (f"HEAD {BUCKET}", (404, ""))
NO_ROLE = ("GetRole", query_error("NoSuchEntity", "The role cannot be found", 404))
APP = {"app/index.js": "console.log(1)\n", "app/package.json": '{"name": "x"}\n'}
BLUR = ((r"\d{8}T\d{6}Z-[0-9a-f]{8}", "STAMP"), (r"(?s)PK\x03\x04.*", "ZIP"), (r"PK\\x.*", "ZIP"))


def web(name: str, options: str, rules: tuple[Rule, ...], *others: Rule, files: Any = APP, **more: Any) -> Scenario:
    return Scenario(
        f"lambda-web deploy: {name}",
        (["lambda-web", "deploy", *(shlex.split(options) if "--name" in options else ["--name", "web1", *shlex.split(options)])],),
        answers=by_rule(*but(rules, *others)),
        files=files,
        blur=BLUR,
        stop_clock=False,
        **more,
    )  # fmt: skip


def new(name: str, options: str = "", *others: Rule, **more: Any) -> Scenario:
    return web(name, f"--code app --create {options}", NEW, *others, **more)


def old(name: str, options: str = "", *others: Rule, **more: Any) -> Scenario:
    return web(f"existing, {name}", options, OLD, *others, **more)


DISABLED = endpoint(autoDeploymentMode="Disabled")
SPLIT = endpoint(
    autoDeploymentMode="Disabled",
    revisionWeights=[{"revisionId": "a", "weight": 10}, {"revisionId": "b", "weight": 90}],
)
MULTI = endpoint(endpointType="MultiRegion", autoDeploymentMode="Disabled", regions=["us-east-1", "us-west-2"])
ENDPOINTS = f"POST {WEB}/web1/list-endpoints"
ALL = (
    "--runtime nodejs22.x --entry-point index.js --execution-role-arn arn:aws:iam::123456789012:role/x --bucket-name mine "
    "--env A=1 --env B=2=3 --timeout-seconds 20 --max-concurrency-per-environment 5 "
    "--kms-key-arn arn:aws:kms:us-east-1:123456789012:key/k --application-log-level DEBUG --system-log-level WARN "
    "--revision-description rd --endpoint-name prod --auth-type IamAuth --auto-deployment-mode Disabled --tags T=1 "
    "--tags U=2 --max-environments 3 --rate-limit 9 --description d"
)

SCENARIOS = (
    new("all well"),
    web("not there", "--code app", NEW),
    web("no code", "--create", NEW),
    new("all options", ALL, ("HEAD /mine", (200, ""))),
    new("no wait", "--no-wait"),
    new("no wait, JSON", "--no-wait --output json"),
    new("JSON", "--output json"),
    new("text", "--output text"),
    new("YAML", "--output yaml"),
    new("query", "--query endpointUrl"),
    new("off", "--output off"),
    new("the bucket is made", "", MADE),
    new("the bucket is made elsewhere", "--region eu-west-1", ("HEAD /awscli-lambdaweb-123456789012-eu-west-1-an", (404, "")), ("PUT /awscli-lambdaweb-123456789012-eu-west-1-an.*", (200, ""))),
    new("the bucket cannot be made", "", MADE, (f"PUT {BUCKET}", s3_error("AccessDenied"))),
    new("the bucket is somebody's", "", MADE, (f"PUT {BUCKET}", s3_error("BucketAlreadyExists", 409))),
    new("the bucket's policy is refused", "", MADE, (rf"PUT {BUCKET}\?policy", s3_error("AccessDenied"))),
    new("the bucket's versions are refused", "", MADE, (rf"PUT {BUCKET}\?versioning", s3_error("AccessDenied"))),
    new("the bucket may not be looked at", "", (f"HEAD {BUCKET}", (403, ""))),
    new("a bucket that there is none of", "--bucket-name mine", ("HEAD /mine", (404, ""))),
    new("upload is refused", "", ("PUT /[^/]+/lambda-web/.*", s3_error("AccessDenied"))),
    new("no version", "", ("HEAD /[^/]+/lambda-web/.*", (403, ""))),
    new("the role is made", "", NO_ROLE),
    new("the role may not be looked at", "", ("GetRole", query_error("AccessDenied", "not authorized", 403))),
    new("the role cannot be made", "", NO_ROLE, ("CreateRole", query_error("AccessDenied", "not authorized", 403))),
    new("the role is there after all", "", NO_ROLE, ("CreateRole", query_error("EntityAlreadyExists", "x", 409))),
    new("the role's policy is refused", "", NO_ROLE, ("PutRolePolicy", query_error("AccessDenied", "not authorized", 403))),
    new("the role is another's", "", ("GetRole", role("ec2"))),
    new("a role that there is none of", "--execution-role-arn arn:aws:iam::123456789012:role/p/x", NO_ROLE),
    new("a role that may not be looked at", "--execution-role-arn arn:aws:iam::123456789012:role/p/x", ("GetRole", query_error("AccessDenied", "no", 403))),
    new("the role is not known yet", "", NO_ROLE, (f"PUT {WEB}", [rest_error("ValidationException", "The role defined for the function cannot be assumed by Lambda.", 400), CREATED])),
    new("a role that is not known", "--execution-role-arn arn:aws:iam::123456789012:role/p/x", (f"PUT {WEB}", [rest_error("ValidationException", "The role defined for the function cannot be assumed by Lambda.", 400), CREATED])),
    new("refused", "", (f"PUT {WEB}", DENIED)),
    new("no identity", "", ("GetCallerIdentity", query_error("AccessDenied", "no", 403))),
    new("may not be looked at", "", (f"GET {WEB}/web1", DENIED)),
    new("pending, then active", "--progress-frequency 2", (f"GET {WEB}/web1/endpoints/dev", [(200, endpoint(state="Pending")), (200, endpoint())])),
    new("pending, then failed", "", (f"GET {WEB}/web1/endpoints/dev", [(200, endpoint(state="Pending")), (200, endpoint(state="Failed"))])),
    new("too late", "--activation-timeout 3", (f"GET {WEB}/web1/endpoints/dev", (200, endpoint(state="Pending")))),
    new("the service is busy", "", (f"GET {WEB}/web1/endpoints/dev", [rest_error("ThrottlingException", "slow", 429), (200, endpoint())])),
    new("the endpoint may not be looked at", "", (f"GET {WEB}/web1/endpoints/dev", DENIED)),
    new("many regions", "--endpoint-type MultiRegion --regions us-east-1,us-west-2"),
    new("many regions without regions", "--endpoint-type MultiRegion"),
    new("many regions of one", "--endpoint-type PerRegion --regions us-east-1"),
    new("many regions, the latest", "--endpoint-type PerRegion --regions us-west-2 --auto-deployment-mode LatestRevision"),
    new("home region elsewhere", "--regions us-west-2"),
    new("no such region", "--regions mars-1"),
    new("China", "--region cn-north-1 --no-wait --bucket-name mine", ("HEAD /mine", (200, ""))),
    new("GovCloud", "--region us-gov-west-1 --no-wait --bucket-name mine", ("HEAD /mine", (200, ""))),
    new("no region", env={"AWS_DEFAULT_REGION": None}),
    new("bad name", "--name x"),
    new("bad name as JSON", "--name x --code app --cli-error-format json"),
    new("bad name as YAML", "--name x --code app --cli-error-format yaml"),
    new("no such folder", "--code none"),
    new("a file for a folder", "--code app/index.js"),
    new("no entry point", files={"app/x": "y"}),
    new("entry point is missing", "--entry-point no.js"),
    new("entry point above", "--entry-point ../x.js"),
    new("entry point with its path", "--entry-point /etc/passwd"),
    new("entry point beside index.js", "--entry-point s.js", files={**APP, "app/s.js": "1"}),
    new("entry point that is hidden", "--entry-point .s.js", files={"app/.s.js": "1"}),
    new("entry point twice", "--entry-point index.js --env AWS_LAMBDA_NODEJS_ENTRYPOINT=a.js"),
    new("entry point in a variable", "--env AWS_LAMBDA_NODEJS_ENTRYPOINT=s.js", files={"app/s.js": "1"}),
    new("entry point in a variable is missing", "--env AWS_LAMBDA_NODEJS_ENTRYPOINT=no.js"),
    new("package.json is broken", files={"app/server.js": "1", "app/package.json": '{"main":'}),
    new("main is outside", files={"app/server.js": "1", "x.js": "1", "app/package.json": '{"main": "../x.js"}'}),
    new("hidden files", files={**APP, "app/.h": "1", "app/.k/x": "1", "app/.next/x": "1"}),
    new("one hidden file", files={**APP, "app/.h": "1"}),
    new("links", files=APP, links={"app/l.js": "index.js"}),
    new("forced", "--force-include .env", files={**APP, "app/.env": "1"}),
    new("forced, in a hidden folder", "--force-include .h/x", files={**APP, "app/.h/x": "1"}),
    new("forced is missing", "--force-include no"),
    new("forced above", "--force-include ../x"),
    *(new(f"bad value {number}", words) for number, words in enumerate((
        "--env A", "--env =A", "--env A=", "--env 'A B=1'", "--tags x", "--tags =x", "--timeout-seconds x",
        "--timeout-seconds 2", "--timeout-seconds 901", "--max-concurrency-per-environment 129", "--max-environments 1",
        "--rate-limit -1", "--activation-timeout 0", "--progress-frequency 0", "--unset-env A", "--endpoint-type X",
        "--auth-type X", "--kms-key-arn x", "--env A=1 B=2",
    ))),
    old("nothing"),
    old("code", "--code app"),
    old("code with all options", f"--code app {ALL} --endpoint-name dev".replace("--entry-point index.js ", ""), ("HEAD /mine", (200, ""))),
    old("variables", "--env B=2 --unset-env Z"),
    old("no variables left", "--unset-env Z --unset-env A"),
    old("log levels", "--system-log-level WARN"),
    old("tags", "--tags a=b"),
    old("tags are refused", "--tags a=b", ("POST /2025-03-07/tags/.*", DENIED)),
    old("description", "--description new"),
    old("the same description", "--description d", (ENDPOINTS, listed(endpoint(description="d")))),
    old("limits", "--max-environments 5 --rate-limit 7"),
    old("the same limit", "--max-environments 5", (ENDPOINTS, listed(endpoint(scalingConfig={"maxEnvironments": 5})))),
    old("auth type", "--auth-type IamAuth"),
    old("no longer the latest", "--auto-deployment-mode Disabled"),
    old("the latest again", "--auto-deployment-mode LatestRevision", (ENDPOINTS, listed(DISABLED))),
    old("disabled", "--code app", (ENDPOINTS, listed(DISABLED))),
    old("disabled, no wait", "--no-wait", (ENDPOINTS, listed(DISABLED))),
    old("split", "", (ENDPOINTS, listed(SPLIT))),
    old("split, no wait", "--no-wait", (ENDPOINTS, listed(SPLIT))),
    old("split, description", "--description q", (ENDPOINTS, listed(SPLIT))),
    old("many regions", "", (ENDPOINTS, listed(MULTI))),
    old("many regions, the latest", "--auto-deployment-mode LatestRevision", (ENDPOINTS, listed(MULTI))),
    old("another type", "--endpoint-type MultiRegion"),
    old("another type and regions", "--endpoint-type PerRegion --regions us-west-2"),
    old("the same regions", "--regions us-west-2,us-east-1", (ENDPOINTS, listed(MULTI))),
    old("two endpoints", "", (ENDPOINTS, listed(endpoint("prod"), endpoint()))),
    old("the other of two", "--endpoint-name prod", (ENDPOINTS, listed(endpoint(), endpoint("prod")))),
    old("a new endpoint", "--endpoint-name prod --create --auth-type IamAuth --max-environments 4"),
    old("a new endpoint of many regions", "--endpoint-name prod --create --endpoint-type MultiRegion --regions us-west-2"),
    old("a new endpoint, not confirmed", "--endpoint-name prod"),
    old("a new endpoint is refused", "--endpoint-name prod --create", (f"PUT {WEB}/web1/endpoints", DENIED)),
    old("a new endpoint, no wait", "--endpoint-name prod --create --no-wait"),
    old("no endpoint", "", (ENDPOINTS, listed())),
    old("no endpoint, no wait", "--no-wait", (ENDPOINTS, listed())),
    old("no endpoint, JSON", "--output json", (ENDPOINTS, listed())),
    old("endpoint is pending", "", (ENDPOINTS, listed(endpoint(state="Pending")))),
    old("endpoint change is refused", "--description new", (f"PATCH {WEB}/web1/endpoints/.*", DENIED)),
    old("endpoint change fails", "--description new", (f"GET {WEB}/web1/endpoints/dev", (200, endpoint(updateStatus="Failed", updateStatusReason="ugh")))),
    old("endpoint change is late", "--description new --activation-timeout 2", (f"GET {WEB}/web1/endpoints/dev", (200, endpoint(updateStatus="InProgress")))),
    old("endpoint fails", "", (f"GET {WEB}/web1/endpoints/dev", (200, endpoint(state="Failed")))),
    old("no wait", "--no-wait --code app"),
    old("no wait, description", "--no-wait --description new"),
    old("no wait, too late", "--no-wait --description new --activation-timeout 2", (f"GET {WEB}/web1/revisions/rev2", (200, revision("rev2", "Pending")))),
    old("revision fails", "", (f"GET {WEB}/web1/revisions/rev2", (200, revision("rev2", "Failed")))),
    old("revision is late", "--activation-timeout 2", (f"GET {WEB}/web1/revisions/rev2", (200, revision("rev2", "Pending")))),
    old("revision is refused", "--code app", (f"POST {WEB}/web1/revisions", DENIED)),
    old("revision without code is refused", "", (f"POST {WEB}/web1/revisions", DENIED)),
    old("no revisions", "", (f"POST {WEB}/web1/list-revisions", revisions())),
    old("the newest revision", "", (f"POST {WEB}/web1/list-revisions", revisions(revision("rev0", createdAt="2025-01-01T00:00:00Z"), revision(), revision("rev9", "Failed", createdAt="2027-01-01T00:00:00Z")))),
    old("revisions may not be listed", "", (f"POST {WEB}/web1/list-revisions", DENIED)),
    old("endpoints may not be listed", "", (ENDPOINTS, DENIED)),
    old("bucket without code", "--bucket-name x"),
    old("entry point without code", "--entry-point index.js"),
    old("hidden files without code", "--include-hidden-files"),
    old("forced without code", "--force-include x"),
    old("entry point twice", "--code app --entry-point index.js", (f"GET {WEB}/web1/revisions/rev1", (200, revision(serviceConfig={"executionRoleArn": "arn:aws:iam::123456789012:role/old", "environmentVariables": {"AWS_LAMBDA_NODEJS_ENTRYPOINT": "x.js"}})))),
    old("hello world", "--hello-world"),
    web("hello world", "--hello-world", NEW, files={}, ignore=("web1/*",)),
    web("hello world in a folder that is taken", "--hello-world --code app", NEW),
    web("hello world with a runtime", "--hello-world --runtime nodejs22.x", NEW, files={}),
    web("hello world with an entry point", "--hello-world --entry-point x", NEW, files={}),
)  # fmt: skip
