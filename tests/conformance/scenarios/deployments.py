"""ecs deploy, deploy, servicecatalog generate, gamelift."""

import json
from typing import Any

from scenarios.scripted import Rule, but, by_rule, json_error, query_error, s3_error
from side_by_side import File, Scenario

from tests.servers import Received

# ecs deploy

SERVICE_ARN = "arn:aws:ecs:us-east-1:123456789012:service/cl/svc"
CLUSTER_ARN = "arn:aws:ecs:us-east-1:123456789012:cluster/cl"
TASK_ARN = "arn:aws:ecs:us-east-1:123456789012:task-definition/td:7"
DEFINITION = json.dumps({"family": "td", "containerDefinitions": [{"name": "c", "image": "i", "memory": 128}]})
APPSPEC = """\
version: 0.0
Resources:
- TargetService:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: "<TASK_DEFINITION>"
      LoadBalancerInfo: {ContainerName: "é", ContainerPort: 080, Ratio: 1.10, On: yes}
"""


def group(ready: int = 5, termination: int = 20, **more: Any) -> tuple[int, Any]:
    return 200, {
        "deploymentGroupInfo": {
            "computePlatform": "ECS",
            "ecsServices": [{"serviceName": "svc", "clusterName": "cl"}],
            "blueGreenDeploymentConfiguration": {
                "deploymentReadyOption": {"waitTimeInMinutes": ready},
                "terminateBlueInstancesOnDeploymentSuccess": {"terminationWaitTimeInMinutes": termination},
            },
            **more,
        }
    }


ECS: tuple[Rule, ...] = (
    (
        "DescribeServices",
        (200, {"services": [{"serviceArn": SERVICE_ARN, "serviceName": "svc", "clusterArn": CLUSTER_ARN}]}),
    ),
    ("GetApplication", (200, {"application": {"computePlatform": "ECS"}})),
    ("GetDeploymentGroup", group()),
    ("RegisterTaskDefinition", (200, {"taskDefinition": {"taskDefinitionArn": TASK_ARN}})),
    ("CreateDeployment", (200, {"deploymentId": "d-1"})),
    ("GetDeployment", (200, {"deploymentInfo": {"status": "Succeeded"}})),
)


def ecs(name: str, *others: Rule, options: str = "", appspec: str = APPSPEC, task: str = DEFINITION) -> Scenario:
    return Scenario(
        f"ecs deploy: {name}",
        (f"ecs deploy --service svc --task-definition td.json --codedeploy-appspec spec {options}",),
        answers=by_rule(*but(ECS, *others)),
        files={"td.json": task, "spec": appspec},
        stop_clock=False,
    )


ECS_SCENARIOS = (
    ecs("all well"),
    ecs("JSON appspec", appspec=json.dumps({"resources": [{"t": {"properties": {"taskDefinition": "x"}}}]})),
    ecs("named", options="--cluster cl2 --codedeploy-application app --codedeploy-deployment-group grp"),
    ecs("long names", ("DescribeServices", (200, {"services": [{"serviceArn": "a", "serviceName": "s" * 60, "clusterArn": f"x/{'c' * 60}"}]})), ("GetDeploymentGroup", group(ecsServices=[]))),
    ecs("a long wait", ("GetDeploymentGroup", group(300, 300))),
    ecs("a short wait", ("GetDeploymentGroup", group(0, 0))),
    ecs("no such service", ("DescribeServices", (200, {"services": []}))),
    ecs("no such cluster", ("DescribeServices", json_error("ClusterNotFoundException", "Cluster not found."))),
    ecs("no such application", ("GetApplication", json_error("ApplicationDoesNotExistException", "No application"))),
    ecs("no such group", ("GetDeploymentGroup", json_error("DeploymentGroupDoesNotExistException", "No group"))),
    ecs("application of servers", ("GetApplication", (200, {"application": {"computePlatform": "Server"}}))),
    ecs("group of servers", ("GetDeploymentGroup", group(computePlatform="Server"))),
    ecs("group of another service", ("GetDeploymentGroup", group(ecsServices=[{"serviceName": "x", "clusterName": "cl"}]))),
    ecs("group of another cluster", ("GetDeploymentGroup", group(ecsServices=[{"serviceName": SERVICE_ARN, "clusterName": "x"}]))),
    ecs("the definition is refused", ("RegisterTaskDefinition", json_error("ClientException", "Container.image should not be null"))),
    ecs("the deployment is refused", ("CreateDeployment", json_error("DeploymentLimitExceededException", "One is running"))),
    ecs("the deployment fails", ("GetDeployment", (200, {"deploymentInfo": {"status": "Failed"}}))),
    ecs("an appspec without resources", appspec="version: 0.0\n"),
    ecs("an appspec without properties", appspec="resources:\n- t: {type: x}\n"),
    ecs("an appspec without a definition", appspec="resources:\n- t: {properties: {a: b}}\n"),
    ecs("the definition is no JSON", task="family: td\n"),
    ecs("the definition lacks something", task='{"family": "x"}'),
    Scenario("ecs deploy: no file", ("ecs deploy --service s --task-definition none --codedeploy-appspec spec",), answers=by_rule()),
    Scenario("ecs deploy: no options", ("ecs deploy",), answers=by_rule()),
)  # fmt: skip

# deploy

ZIP = (
    (r"(?s)PK\x03\x04.*", "ZIP"),
    (r"PK\\x.*", "ZIP"),
    (r"Uploaded by AWS CLI [\dT:.-]+ UTC", "Uploaded by AWS CLI NOW UTC"),
)
LEFT_BEHIND = "it is told what is left behind"
PUT = ("PUT /bkt/.*", (200, "", {"ETag": '"etag1"'}))
REGISTERED = ("RegisterApplicationRevision", (200, ""))
REVISION = {
    "app/appspec.yml": "version: 0.0\n",
    "app/x.sh": "echo\n",
    "app/.hidden": "h",
    "app/.git/c": "c",
    "app/sub/y": "y",
}


def push(
    name: str, options: str = "--source app", answers: Any = (PUT, REGISTERED), files: Any = REVISION, **more: Any
) -> Scenario:
    return Scenario(
        f"deploy push: {name}",
        (f"deploy push --application-name app1 --s3-location s3://bkt/k/r.zip {options}",),
        answers=by_rule(*answers),
        files=files,
        blur=ZIP,
        stop_clock=False,
        **more,
    )


INSTANCE = {"instanceName": "box", "iamUserArn": "arn:aws:iam::123456789012:user/AWS/CodeDeploy/box"}
IAM = "https://iam.amazonaws.com/doc/2010-05-08/"


def iam(operation: str, inner: str = "") -> Rule:
    return operation, (
        200,
        f'<{operation}Response xmlns="{IAM}"><{operation}Result>{inner}</{operation}Result>'
        f"<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{operation}Response>",
    )


USER = "<User><Path>/AWS/CodeDeploy/</Path><UserName>box</UserName><UserId>AIDA</UserId><Arn>{}</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate></User>"
REGISTER: tuple[Rule, ...] = (
    iam("CreateUser", USER.format(INSTANCE["iamUserArn"])),
    iam("CreateAccessKey", "<AccessKey><UserName>box</UserName><AccessKeyId>AKIANEW</AccessKeyId><Status>Active</Status><SecretAccessKey>sEcReT</SecretAccessKey></AccessKey>"),
    iam("PutUserPolicy"),
    ("RegisterOnPremisesInstance", (200, "")),
    ("AddTagsToOnPremisesInstances", (200, "")),
)  # fmt: skip
DEREGISTER: tuple[Rule, ...] = (
    ("GetOnPremisesInstance", (200, {"instanceInfo": {**INSTANCE, "tags": [{"Key": "a", "Value": "b"}, {"Key": "c", "Value": "d"}]}})),
    ("RemoveTagsFromOnPremisesInstances", (200, "")),
    ("DeregisterOnPremisesInstance", (200, "")),
    iam("ListUserPolicies", "<PolicyNames><member>p1</member><member>p2</member></PolicyNames><IsTruncated>false</IsTruncated>"),
    iam("DeleteUserPolicy"),
    iam("ListAccessKeys", "<AccessKeyMetadata><member><UserName>box</UserName><AccessKeyId>AKIAOLDOLDOLDOLD1</AccessKeyId></member></AccessKeyMetadata><IsTruncated>false</IsTruncated>"),
    iam("DeleteAccessKey"),
    iam("DeleteUser"),
)  # fmt: skip


def on_premises(name: str, line: str, rules: tuple[Rule, ...], *others: Rule, **more: Any) -> Scenario:
    return Scenario(f"deploy {name}", (f"deploy {line}",), answers=by_rule(*but(rules, *others)), **more)


DEPLOY_SCENARIOS = (
    push("all well"),
    push("no hidden files", "--source app --ignore-hidden-files"),
    push("hidden files", "--source app --no-ignore-hidden-files --description d"),
    push("both ways", "--source app --ignore-hidden-files --no-ignore-hidden-files"),
    push("a version", answers=(("PUT /bkt/.*", (200, "", {"ETag": '"e"', "x-amz-version-id": "v1"})), REGISTERED)),
    push("no appspec", files={"app/x": "1"}),
    push("no folder", "--source none"),
    push("refused", answers=(("PUT .*", s3_error("AccessDenied")), REGISTERED)),
    push("registration is refused", answers=(PUT, ("RegisterApplicationRevision", json_error("ApplicationDoesNotExistException", "none"))), differs=LEFT_BEHIND),
    push("endpoint flag does not hold for S3", "--source app --endpoint-url http://127.0.0.1:9"),
    Scenario("deploy push: bad location", ("deploy push --application-name a --s3-location bkt/k",), answers=by_rule()),
    Scenario("deploy push: a location without a key", ("deploy push --application-name a --s3-location s3://bkt",), answers=by_rule()),
    Scenario("deploy push: no options", ("deploy push",), answers=by_rule()),
    on_premises("register: all well", "register --instance-name box --tags Key=a,Value=b Key=c,Value=d", REGISTER),
    on_premises("register: a user of one's own", f"register --instance-name box --iam-user-arn {INSTANCE['iamUserArn']}", REGISTER),
    on_premises("register: tags as JSON", """register --instance-name box --tags '[{"Key":"a","Value":"b"}]'""", REGISTER),
    on_premises("register: the user is there", "register --instance-name box", REGISTER, ("CreateUser", query_error("EntityAlreadyExists", "User with name box already exists.", 409))),
    on_premises("register: refused", "register --instance-name box", REGISTER, ("RegisterOnPremisesInstance", json_error("InstanceNameAlreadyRegisteredException", "taken"))),
    on_premises("register: a file that is there", "register --instance-name box", REGISTER, files={"codedeploy.onpremises.yml": File("old", 0o644)}),
    on_premises("register: bad name", "register --instance-name 'a b'", REGISTER),
    on_premises("register: name of an instance", "register --instance-name i-123", REGISTER),
    on_premises("register: a long name", f"register --instance-name {'a' * 101}", REGISTER),
    on_premises("register: bad ARN", "register --instance-name box --iam-user-arn arn:x", REGISTER),
    on_premises("register: many tags", "register --instance-name box --tags " + " ".join(f"Key={n},Value=v" for n in range(11)), REGISTER),
    on_premises("register: a long key", f"register --instance-name box --tags Key={'k' * 129},Value=v", REGISTER),
    on_premises("register: a long value", f"register --instance-name box --tags Key=k,Value={'v' * 257}", REGISTER),
    on_premises("register: no region", "register --instance-name box", REGISTER, env={"AWS_DEFAULT_REGION": None}),
    on_premises("register: no options", "register", REGISTER),
    on_premises("deregister: all well", "deregister --instance-name box", DEREGISTER),
    on_premises("deregister: the user stays", "deregister --instance-name box --no-delete-iam-user", DEREGISTER),
    on_premises("deregister: no tags", "deregister --instance-name box", DEREGISTER, ("GetOnPremisesInstance", (200, {"instanceInfo": {**INSTANCE, "tags": []}}))),
    on_premises("deregister: not there", "deregister --instance-name box", DEREGISTER, ("GetOnPremisesInstance", json_error("InstanceNotRegisteredException", "none"))),
    on_premises("deregister: the user is gone", "deregister --instance-name box", DEREGISTER, ("ListUserPolicies", query_error("NoSuchEntity", "gone", 404)), ("ListAccessKeys", query_error("NoSuchEntity", "gone", 404)), ("DeleteUser", query_error("NoSuchEntity", "gone", 404))),
    on_premises("deregister: refused half way", "deregister --instance-name box", DEREGISTER, ("DeleteAccessKey", query_error("AccessDenied", "no", 403))),
    on_premises("deregister: endpoint flag", "deregister --instance-name box --endpoint-url {url}", DEREGISTER, env={"AWS_ENDPOINT_URL_CODEDEPLOY": "http://127.0.0.1:9"}),
    on_premises("install: another system", "install --config-file c", (), files={"c": "x"}),
    on_premises("uninstall: another system", "uninstall", ()),
    on_premises("install: no region", "install --config-file c", (), env={"AWS_DEFAULT_REGION": None}),
    on_premises("install: no options", "install", ()),
)  # fmt: skip

# servicecatalog generate

ARTIFACT = "--file-path d/t.json --bucket-name bkt --provisioning-artifact-name pn --provisioning-artifact-description pd --provisioning-artifact-type CLOUD_FORMATION_TEMPLATE"
PRODUCT = f"servicecatalog generate product --product-name n --product-owner o --product-type CLOUD_FORMATION_TEMPLATE {ARTIFACT}"
VERSION = f"servicecatalog generate provisioning-artifact --product-id p {ARTIFACT}"
TOKEN = ((r'"IdempotencyToken": "[0-9a-f-]{36}"', '"IdempotencyToken": "TOKEN"'),)
CATALOG: tuple[Rule, ...] = (
    ("CreateProduct", (200, {"ProductViewDetail": {"ProductViewSummary": {"Id": "p", "Name": "né"}, "Status": "CREATED", "CreatedTime": 1700000000.5}, "Tags": []})),
    ("CreateProvisioningArtifact", (200, {"ProvisioningArtifactDetail": {"Id": "pa"}, "Status": "CREATING"})),
    PUT,
)  # fmt: skip


def catalog(name: str, line: str, *others: Rule, **more: Any) -> Scenario:
    files = {"d/t.json": "{}", "d/my t.json": "{}"}
    return Scenario(
        f"servicecatalog {name}", (line,), answers=by_rule(*but(CATALOG, *others)), files=files, blur=TOKEN, **more
    )


CATALOG_SCENARIOS = (
    catalog("product", PRODUCT),
    catalog("product with all", f"{PRODUCT} --tags Key=a,Value=b Key=c,Value=d --product-description x --support-email e --support-description s --product-distributor d"),
    catalog("artifact", VERSION),
    catalog("artifact elsewhere", f"{VERSION} --region eu-west-1"),
    catalog("a blank in the name", PRODUCT.replace("d/t.json", "'d/my t.json'")),
    catalog("no such file", PRODUCT.replace("d/t.json", "none")),
    catalog("a region without", f"{PRODUCT} --region cn-north-1"),
    catalog("no region", PRODUCT, env={"AWS_DEFAULT_REGION": None}),
    catalog("no bucket", PRODUCT, ("PUT /bkt/.*", s3_error("NoSuchBucket", 404))),
    catalog("refused", PRODUCT, ("CreateProduct", json_error("InvalidParametersException", "bad")), differs=LEFT_BEHIND),
    catalog("bad tags", f"{PRODUCT} --tags Key", differs="AWS CLI v2 says `dictionary update sequence element #0 has length 1`, and not of what"),
    catalog("bad type", PRODUCT.replace("--product-type CLOUD_FORMATION_TEMPLATE", "--product-type X")),
    catalog("no subcommand", "servicecatalog generate"),
    catalog("no such subcommand", "servicecatalog generate nope"),
    catalog("no options", "servicecatalog generate product"),
)  # fmt: skip

# gamelift

BUILD: tuple[Rule, ...] = (
    ("CreateBuild", (200, {"Build": {"BuildId": "build-1"}})),
    ("RequestUploadCredentials", (200, {"UploadCredentials": {"AccessKeyId": "AKUP", "SecretAccessKey": "SUP", "SessionToken": "TOK"}, "StorageLocation": {"Bucket": "bkt", "Key": "gk/x"}})),
    PUT,
)  # fmt: skip
GAME_SIZES = ((r"\d+ Bytes / \d+ Bytes", "SIZE"), *ZIP)


def build(name: str, options: str = "", *others: Rule, files: Any = None, **more: Any) -> Scenario:
    return Scenario(
        f"gamelift upload-build: {name}",
        (f"gamelift upload-build --name n --build-version 1 --build-root b {options}",),
        answers=by_rule(*but(BUILD, *others)),
        files={"b/x": "1"} if files is None else files,
        blur=GAME_SIZES,
        stop_clock=False,
        **more,
    )


def log(name: str, *others: Rule, options: str = "--save-as out.zip") -> Scenario:
    return Scenario(
        f"gamelift get-game-session-log: {name}",
        (f"gamelift get-game-session-log --game-session-id gs-1 {options}",),
        answers=by_rule(*others),
    )


def _address(request: Received) -> tuple[int, Any]:
    """The log is at the server itself."""
    return 200, {"PreSignedUrl": f"http://{request.headers['Host']}/log?signature=s"}


GAME_SCENARIOS = (
    build("all well"),
    build("with all", "--operating-system AMAZON_LINUX_2 --server-sdk-version 5.0 --tags a=b c=d=e f"),
    build("no folder", files={}),
    build("an empty folder", files={"c/x": "1"}),
    build("refused", "", ("CreateBuild", json_error("InvalidRequestException", "bad"))),
    build("no credentials", "", ("RequestUploadCredentials", json_error("NotFoundException", "none")), differs=LEFT_BEHIND),
    build("upload is refused", "", ("PUT /bkt/.*", s3_error("AccessDenied")), differs=LEFT_BEHIND),
    log("refused", ("GetGameSessionLogUrl", json_error("NotFoundException", "none"))),
    log("all well", ("GetGameSessionLogUrl", _address), ("GET /log", (200, "PK"))),
    log("the log is refused", ("GetGameSessionLogUrl", _address), ("GET /log", (403, "<Error/>"))),
    log("the log is gone", ("GetGameSessionLogUrl", _address)),
    log("no options", options=""),
)  # fmt: skip

SCENARIOS = (*ECS_SCENARIOS, *DEPLOY_SCENARIOS, *CATALOG_SCENARIOS, *GAME_SCENARIOS)
