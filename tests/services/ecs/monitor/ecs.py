"""An ECS that answers as a scenario says: a step begins with each DescribeExpressGatewayService, and the last one stays."""

from typing import Any

from tests.servers import Answer, Received, answer

ARN = "arn:aws:ecs:us-east-1:1:service/default/web"
DEPLOYMENT = "arn:deployment"
STARTED = "(service web) started"
Step = dict[str, Any]  # answers by operation


def managed(status: str, at: float | None = 1700000000, suffix: str = "", **more: Any) -> dict[str, Any]:
    """A load balancer and a log group."""

    def resource(name: str) -> dict[str, Any]:
        return {"arn": f"arn:{name}{suffix}", "status": status, **({"updatedAt": at} if at else {}), **more}

    path = {"endpoint": "https://web.example", "loadBalancer": resource("lb")}
    return {"ingressPaths": [path], "logGroups": [resource("log")]}


def step(*revisions: Any, events: tuple[str, ...] = (STARTED,), deployment: Step | None = None, **other: Any) -> Step:
    """Active revisions `0`, `1` … with the resources of each, and answers that differ from the usual ones."""
    service = {"cluster": "default", "serviceArn": ARN, "activeConfigurations": []}
    for number in range(len(revisions)):
        service["activeConfigurations"].append({"serviceRevisionArn": str(number)})
    described = {
        str(number): {
            "serviceRevisionArn": str(number),
            "taskDefinition": f"arn:task:{number}",
            "ecsManagedResources": each,
        }
        for number, each in enumerate(revisions)
    }
    return {
        "DescribeExpressGatewayService": {"service": service},
        "DescribeServiceRevisions": lambda asked: {
            "serviceRevisions": [described[arn] for arn in asked["serviceRevisionArns"]], "failures": []
        },
        "DescribeServices": {"services": [{"events": [{"message": text} for text in events]}]},
        "ListServiceDeployments": {"serviceDeployments": [{"serviceDeploymentArn": DEPLOYMENT}] if deployment else []},
        "DescribeServiceDeployments": {"serviceDeployments": [deployment]},
        **other,
    }  # fmt: skip


def refusal(code: str, message: str) -> tuple[int, Step]:
    return 400, {"__type": code, "message": message}


INACTIVE = refusal("InvalidParameterException", "Cannot call DescribeServiceRevisions for a service that is INACTIVE.")


class Ecs:
    """For `aws.service.always`."""

    def __init__(self, *steps: Step) -> None:
        self.steps = steps
        self.calls: list[str] = []

    def __call__(self, request: Received) -> Answer:
        operation = request.headers["X-Amz-Target"].rpartition(".")[2]
        self.calls.append(operation)
        looks = self.calls.count("DescribeExpressGatewayService")
        said = self.steps[min(max(looks - 1, 0), len(self.steps) - 1)][operation]
        said = said(request.json) if callable(said) else said
        return answer(*said) if isinstance(said, tuple) else answer(200, said)
