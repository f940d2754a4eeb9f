"""The work of `ecs deploy`: register a task definition, put it into the appspec, and let CodeDeploy deploy it."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from awsmini.client import Client
from awsmini.commandline.handwritten import Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ClientError
from awsmini.model.shapes import ServiceModel
from awsmini.params import files
from awsmini.params.yaml_documents import load

LONGEST_NAME = 46  # characters of the cluster's and of the service's name in the names of what CodeDeploy has
DELAY = 15  # seconds from one look at the deployment to the next
LEAST_WAIT, MOST_WAIT, SPARE = 30, 360, 10  # minutes
USER_AGENT = "md/customization#ecs-deploy"


class DeployError(AwsminiError):
    """The service cannot be deployed."""


class Service(NamedTuple):
    """A service and its cluster, and what deploys it."""

    name: str
    arn: str
    cluster: str
    cluster_arn: str
    application: str
    group: str


def run(invocation: Invocation, values: Values) -> int:
    app = invocation.app
    encoding = app.env.get("AWS_CLI_FILE_ENCODING")
    definition = _definition(_text(values["task_definition"], encoding))
    appspec = _appspec(_text(values["codedeploy_appspec"], encoding))
    ecs = _client(invocation, "ecs", endpoint_flag=True)
    service = _service(ecs, values)
    codedeploy = _client(invocation, "codedeploy", endpoint_flag=False)
    minutes = wait_minutes(_checked_group(codedeploy, service))

    registered = _asked(ecs, "RegisterTaskDefinition", definition, "register ECS task definition")
    arn = registered["taskDefinition"]["taskDefinitionArn"]
    app.stdout.write(f"Successfully registered new ECS task definition {arn}\n")
    app.stdout.flush()
    set_task_definition(appspec, arn)
    content = json.dumps(appspec, default=str)
    revision = {
        "revisionType": "AppSpecContent",
        "appSpecContent": {"content": content, "sha256": sha256(content.encode()).hexdigest()},
    }
    created = _asked(
        codedeploy,
        "CreateDeployment",
        {"applicationName": service.application, "deploymentGroupName": service.group, "revision": revision},
        "create deployment",
    )
    deployment = created["deploymentId"]
    app.stdout.write(f"Successfully created deployment {deployment}\n")
    app.stdout.write(f"Waiting for {deployment} to succeed (will wait up to {minutes} minutes)...\n")
    app.stdout.flush()
    waiting = {"Delay": DELAY, "MaxAttempts": minutes * 60 // DELAY}
    codedeploy.get_waiter("deployment_successful").wait(deploymentId=deployment, WaiterConfig=waiting)
    app.stdout.write(f"Successfully deployed {arn} to service '{service.name}'\n")
    return 0


def _text(path: str, encoding: str | None) -> str:
    """The text of a file. Raises DeployError."""
    try:
        with open(files.expand(path), encoding=encoding) as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise DeployError(f"Unable to load file at {path}: {error}") from None


def _definition(text: str) -> dict[str, Any]:
    try:
        definition = json.loads(text)
    except ValueError as error:
        raise AwsminiError(f"{error} in --task-definition") from None
    if not isinstance(definition, dict):
        raise DeployError("The task definition is no JSON object.")
    return definition


def _appspec(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        pass
    try:
        return load(text)
    except ValueError as error:
        raise AwsminiError(f"{error} in --codedeploy-appspec") from None


def _client(invocation: Invocation, service: str, *, endpoint_flag: bool) -> Client:
    """--endpoint-url is for ECS alone."""
    session = invocation.session
    model = ServiceModel(session.models.lines(service))
    return session.client_for(model, endpoint_flag=endpoint_flag, agent=USER_AGENT)


def _asked(client: Client, operation: str, params: Mapping[str, Any], what: str) -> dict[str, Any]:
    try:
        return client._make_api_call(operation, params)
    except ClientError as error:
        raise DeployError(f"Failed to {what}:\n{error}") from None


def _service(ecs: Client, values: Values) -> Service:
    cluster = values.get("cluster") or "default"
    request = {"cluster": cluster, "services": [values["service"]]}
    found = _asked(ecs, "DescribeServices", request, "describe ECS service").get("services")
    if not found:
        raise DeployError(f"Service '{values['service']}' not found in cluster '{cluster}'")
    about = found[0]
    name, cluster_name = about["serviceName"], about["clusterArn"].partition("/")[2].partition("/")[0]
    suffix = f"{cluster_name[:LONGEST_NAME]}-{name[:LONGEST_NAME]}"
    application, group = (values.get(name) for name in ("codedeploy_application", "codedeploy_deployment_group"))
    return Service(
        name=name,
        arn=about["serviceArn"],
        cluster=cluster_name,
        cluster_arn=about["clusterArn"],
        application=f"AppECS-{suffix}" if application is None else application,
        group=f"DgpECS-{suffix}" if group is None else group,
    )


def _checked_group(codedeploy: Client, service: Service) -> Mapping[str, Any]:
    """The deployment group. Raises DeployError where it, or the application, is not for the service."""
    application, group = service.application, service.group
    about = _asked(codedeploy, "GetApplication", {"applicationName": application}, "describe Code Deploy application")
    found = _asked(
        codedeploy,
        "GetDeploymentGroup",
        {"applicationName": application, "deploymentGroupName": group},
        "describe Code Deploy deployment group",
    )["deploymentGroupInfo"]
    for what, name, platform in (
        ("Application", application, about.get("application", {}).get("computePlatform")),
        ("Deployment Group", group, found.get("computePlatform")),
    ):
        if platform != "ECS":
            raise DeployError(f"{what} '{name}' must support 'ECS' compute platform")
    for target in found.get("ecsServices", ()):
        for what, names, key in (
            ("service", (service.name, service.arn), "serviceName"),
            ("cluster", (service.cluster, service.cluster_arn), "clusterName"),
        ):
            if target.get(key) not in names:
                raise DeployError(f"deployment group '{group}' does not target ECS {what} '{names[0]}'")
    return dict(found)


def wait_minutes(group: Mapping[str, Any]) -> int:
    """How long to wait for a deployment: what the group waits for itself, and some more."""
    about = group.get("blueGreenDeploymentConfiguration") or {}
    ready: int = (about.get("deploymentReadyOption") or {}).get("waitTimeInMinutes", 0)
    termination: int = (about.get("terminateBlueInstancesOnDeploymentSuccess") or {}).get(
        "terminationWaitTimeInMinutes", 0
    )
    return min(max(ready + termination + SPARE, LEAST_WAIT), MOST_WAIT)


def set_task_definition(appspec: Any, arn: str) -> None:
    """Put a task definition into every resource of an appspec. Names may be written in any case."""
    resources = appspec[_key("codedeploy-appspec", appspec, "resources")]
    for resource in resources if isinstance(resources, list) else ():
        for name, content in resource.items() if isinstance(resource, dict) else ():
            properties_key = _key(name, content, "properties")
            properties = content[properties_key]
            properties[_key(properties_key, properties, "taskDefinition")] = arn


def _key(resource: str, value: Any, name: str) -> str:
    """A name as it is written."""
    for key in value if isinstance(value, dict) else ():
        if str(key).lower() == name.lower():
            return str(key)
    raise DeployError(f"Resource '{resource}' must include property '{name}'")
