"""`ecs deploy`, whole."""

import json
from hashlib import sha256
from typing import Any

import pytest
import yaml

from awsmini.services.ecs.deploying import DeployError, set_task_definition, wait_minutes
from tests.servers import Answer, Received, answer
from tests.terminal import Terminal

DEPLOY = "ecs deploy --service svc --task-definition td.json --codedeploy-appspec spec"
TASK = "arn:aws:ecs:us-east-1:123456789012:task-definition/td:7"
SERVICE = {
    "serviceArn": "arn:aws:ecs:us-east-1:123456789012:service/cl/svc",
    "serviceName": "svc",
    "clusterArn": "arn:aws:ecs:us-east-1:123456789012:cluster/cl",
}
GROUP = {
    "computePlatform": "ECS",
    "ecsServices": [{"serviceName": "svc", "clusterName": "cl"}],
    "blueGreenDeploymentConfiguration": {
        "deploymentReadyOption": {"waitTimeInMinutes": 5},
        "terminateBlueInstancesOnDeploymentSuccess": {"terminationWaitTimeInMinutes": 20},
    },
}
APPSPEC = "version: 0.0\nResources:\n- T: {Properties: {TaskDefinition: x, é: 080, Ratio: 1.10}}\n"


class Services:
    """ECS and CodeDeploy: all well, unless an operation's answer is changed."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {
            "DescribeServices": {"services": [SERVICE]},
            "GetApplication": {"application": {"computePlatform": "ECS"}},
            "GetDeploymentGroup": {"deploymentGroupInfo": GROUP},
            "RegisterTaskDefinition": {"taskDefinition": {"taskDefinitionArn": TASK}},
            "CreateDeployment": {"deploymentId": "d-1"},
            "GetDeployment": {"deploymentInfo": {"status": "Succeeded"}},
        }
        self.seen: dict[str, Any] = {}

    def __call__(self, request: Received) -> Answer:
        operation = request.headers["X-Amz-Target"].rpartition(".")[2]
        self.seen[operation] = request.json
        found = self.answers[operation]
        return answer(400, {"__type": found, "message": "refused"}) if isinstance(found, str) else answer(200, found)


@pytest.fixture
def services(aws: Terminal) -> Services:
    found = Services()
    aws.service.always(found)
    aws.write("td.json", json.dumps({"family": "td", "containerDefinitions": [{"name": "c"}]}))
    aws.write("spec", APPSPEC)
    return found


def test_all_well(aws: Terminal, services: Services) -> None:
    outcome = aws(DEPLOY)
    assert (outcome.code, outcome.stderr) == (0, "")
    assert outcome.stdout == (
        f"Successfully registered new ECS task definition {TASK}\n"
        "Successfully created deployment d-1\n"
        "Waiting for d-1 to succeed (will wait up to 35 minutes)...\n"
        f"Successfully deployed {TASK} to service 'svc'\n"
    )
    created = services.seen["CreateDeployment"]
    content = (
        '{"version": 0.0, "Resources": [{"T": {"Properties": {"TaskDefinition": "%s", "\\u00e9": 80, "Ratio": 1.1}}}]}'
    )
    assert created["applicationName"] == "AppECS-cl-svc"
    assert created["deploymentGroupName"] == "DgpECS-cl-svc"
    assert created["revision"]["appSpecContent"] == {
        "content": content % TASK,
        "sha256": sha256((content % TASK).encode()).hexdigest(),
    }
    assert "md/customization#ecs-deploy" in aws.service.requests[0].headers["User-Agent"]


def test_the_endpoint_flag_is_for_ecs(aws: Terminal, services: Services) -> None:
    aws.env["AWS_ENDPOINT_URL_ECS"] = "http://127.0.0.1:9"
    assert aws(f"{DEPLOY} --endpoint-url {aws.service.url}").code == 0


def test_long_names_are_cut(aws: Terminal, services: Services) -> None:
    services.answers["DescribeServices"] = {
        "services": [{**SERVICE, "serviceName": "s" * 60, "clusterArn": "x/" + "c" * 60}]
    }
    services.answers["GetDeploymentGroup"] = {"deploymentGroupInfo": {**GROUP, "ecsServices": []}}
    assert aws(DEPLOY).code == 0
    assert services.seen["GetApplication"]["applicationName"] == f"AppECS-{'c' * 46}-{'s' * 46}"


ERRORS: list[tuple[str, Any, str]] = [
    ("DescribeServices", {"services": []}, "Service 'svc' not found in cluster 'default'"),
    ("DescribeServices", "ClusterNotFoundException", "Failed to describe ECS service:\nAn error occurred (ClusterNotFoundException) when calling the DescribeServices operation: refused"),
    ("GetApplication", "X", "Failed to describe Code Deploy application:\nAn error occurred (X) when calling the GetApplication operation: refused"),
    ("GetDeploymentGroup", "X", "Failed to describe Code Deploy deployment group:\nAn error occurred (X) when calling the GetDeploymentGroup operation: refused"),
    ("GetApplication", {"application": {"computePlatform": "Server"}}, "Application 'AppECS-cl-svc' must support 'ECS' compute platform"),
    ("GetDeploymentGroup", {"deploymentGroupInfo": {**GROUP, "computePlatform": "Lambda"}}, "Deployment Group 'DgpECS-cl-svc' must support 'ECS' compute platform"),
    ("GetDeploymentGroup", {"deploymentGroupInfo": {**GROUP, "ecsServices": [{"serviceName": "x", "clusterName": "cl"}]}}, "deployment group 'DgpECS-cl-svc' does not target ECS service 'svc'"),
    ("GetDeploymentGroup", {"deploymentGroupInfo": {**GROUP, "ecsServices": [{"serviceName": SERVICE["serviceArn"], "clusterName": "x"}]}}, "deployment group 'DgpECS-cl-svc' does not target ECS cluster 'cl'"),
    ("RegisterTaskDefinition", "X", "Failed to register ECS task definition:\nAn error occurred (X) when calling the RegisterTaskDefinition operation: refused"),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "found", "message"), ERRORS)
def test_what_is_refused_before_the_deployment(
    aws: Terminal, services: Services, operation: str, found: Any, message: str
) -> None:
    services.answers[operation] = found
    outcome = aws(DEPLOY)
    assert outcome.code == 255
    assert outcome.message == f"awsmini: [ERROR]: {message}"
    assert "CreateDeployment" not in services.seen


def test_a_deployment_that_fails(aws: Terminal, services: Services) -> None:
    services.answers["GetDeployment"] = {"deploymentInfo": {"status": "Failed"}}
    outcome = aws(DEPLOY)
    assert outcome.code == 255
    assert 'we matched expected path: "Failed"' in outcome.stderr


@pytest.mark.parametrize(
    ("appspec", "message"),
    [
        ({}, "Resource 'codedeploy-appspec' must include property 'resources'"),
        (None, "Resource 'codedeploy-appspec' must include property 'resources'"),
        ({"resources": [{"t": {}}]}, "Resource 't' must include property 'properties'"),
        ({"RESOURCES": [{"t": {"Properties": {}}}]}, "Resource 'Properties' must include property 'taskDefinition'"),
    ],
)
def test_appspecs_that_lack_something(appspec: Any, message: str) -> None:
    with pytest.raises(DeployError, match=message):
        set_task_definition(appspec, TASK)


@pytest.mark.parametrize(
    ("ready", "termination", "minutes"), [(0, 0, 30), (5, 20, 35), (300, 300, 360), (None, None, 30)]
)
def test_how_long_it_is_waited_for(ready: int | None, termination: int | None, minutes: int) -> None:
    group: dict[str, Any] = {}
    if ready is not None:
        group = {
            "blueGreenDeploymentConfiguration": {
                "deploymentReadyOption": {"waitTimeInMinutes": ready},
                "terminateBlueInstancesOnDeploymentSuccess": {"terminationWaitTimeInMinutes": termination},
            }
        }
    assert wait_minutes(group) == minutes


@pytest.mark.parametrize(
    ("definition", "appspec", "message"),
    [
        ("no.json", "spec", "Unable to load file at no.json: [Errno 2] No such file or directory: 'no.json'"),
        ("td.json", "no", "Unable to load file at no: [Errno 2] No such file or directory: 'no'"),
        ("spec", "spec", "Expecting value: line 1 column 1 (char 0) in --task-definition"),
    ],
)
def test_files_that_cannot_be_read(aws: Terminal, definition: str, appspec: str, message: str) -> None:
    aws.write("td.json", "{}")
    aws.write("spec", APPSPEC)
    outcome = aws(f"ecs deploy --service s --task-definition {definition} --codedeploy-appspec {appspec}")
    assert outcome.code == 255
    assert outcome.message == f"awsmini: [ERROR]: {message}"


def test_deploy_against_moto(aws_moto: Terminal) -> None:
    """As far as moto goes: it has no deployment to ECS services that ends."""
    aws_moto.write(
        "td.json", json.dumps({"family": "td", "containerDefinitions": [{"name": "c", "image": "i", "memory": 64}]})
    )
    aws_moto.write("spec", yaml.safe_dump({"resources": [{"t": {"properties": {"taskDefinition": "x"}}}]}))
    aws_moto("ecs create-cluster --cluster-name cl")
    aws_moto("ecs register-task-definition --cli-input-json file://td.json")
    aws_moto("ecs create-service --cluster cl --service-name svc --task-definition td --desired-count 0")
    outcome = aws_moto(f"{DEPLOY} --cluster cl")
    assert outcome.code == 255
    assert "Failed to describe Code Deploy application" in outcome.message
