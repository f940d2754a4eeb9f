"""`awsmini ecs deploy`."""

from pkgutil import resolve_name

from awsmini.commandline.handwritten import HandWritten
from awsmini.params.arguments import option

RUN = "awsmini.services.ecs.deploying:run"  # PyYAML, and clients


def _run(*arguments: object) -> int:
    code: int = resolve_name(RUN)(*arguments)
    return code


command = HandWritten(
    "deploy",
    _run,
    doc="Deploy a new task definition to a service that deploys by CodeDeploy: the definition is registered, put into "
    "the appspec, and deployed, and you are told when that is done. It is waited for half an hour, or for ten minutes "
    "more than the deployment group waits, but never for more than six hours.",
    arguments=(
        option("service", required=True, doc="The service: its short name or its ARN."),
        option(
            "task-definition",
            required=True,
            doc="The file of the task definition, as `ecs register-task-definition --generate-cli-skeleton` shows it.",
        ),
        option(
            "codedeploy-appspec",
            required=True,
            doc="The file of the appspec, JSON or YAML. What it has for `TaskDefinition` becomes the new definition.",
        ),
        option("cluster", doc="The cluster of the service: its short name or its ARN. `default` where none is given."),
        option(
            "codedeploy-application",
            doc="The application of CodeDeploy. `AppECS-CLUSTER-SERVICE` where none is given.",
        ),
        option(
            "codedeploy-deployment-group",
            doc="The deployment group of CodeDeploy. `DgpECS-CLUSTER-SERVICE` where none is given.",
        ),
    ),
)
