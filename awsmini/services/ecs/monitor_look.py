"""One look at a service: the calls, and what of their answers is to be seen."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any, NamedTuple

from awsmini.errors import AwsminiError, ClientError
from awsmini.services.ecs.monitor_answers import managed
from awsmini.services.ecs.monitor_resources import Group, Resource, combine, compare

DEPLOYMENT, RESOURCE = "DEPLOYMENT", "RESOURCE"

INACTIVE = "Cannot call DescribeServiceRevisions for a service that is INACTIVE"
NO_SERVICE = "Trying to describe gateway service"
NO_REVISION = "Trying to describe service revisions"
NO_DEPLOYMENT = "Waiting for a deployment to start"

Ask = Callable[[str, Mapping[str, Any]], dict[str, Any]]


class View(NamedTuple):
    """What is to be seen: resources, and what is said below them. Where there is nothing to see yet, it says why."""

    resources: Group | None
    note: str | None = None


class MonitorError(AwsminiError):
    """An answer says that something failed, or lacks what it is asked for."""


def look(ask: Ask, service_arn: str, view: str) -> View:
    """What there is now. Raises MonitorError, and whatever `ask` raises."""
    try:
        return _look(ask, service_arn, view)
    except ClientError as error:
        told = error.response.get("Error", {})
        if told.get("Code") == "InvalidParameterException" and INACTIVE in told.get("Message", ""):
            return View(Group(), "Service is inactive")
        raise


def _look(ask: Ask, service_arn: str, view: str) -> View:
    service = ask("DescribeExpressGatewayService", {"serviceArn": service_arn}).get("service") or {}
    if not service.get("serviceArn") or service.get("activeConfigurations") is None:
        return View(None, NO_SERVICE)
    found = _VIEWS[view](ask, service)
    members = (Resource("Cluster", service.get("cluster")), _service(ask, service), found.resources)
    return View(Group(members=tuple(each for each in members if each is not None)), found.note)


def _service(ask: Ask, service: Mapping[str, Any]) -> Resource:
    """The service, with the latest of what happened to it."""
    arn = service["serviceArn"]
    described = _list(ask, "DescribeServices", {"cluster": service.get("cluster"), "services": [arn]}, "services")
    if not described:
        raise AwsminiError("DescribeServices response has no services")
    events = described[0].get("events")
    return Resource("Service", arn, info=events[0].get("message") if events else None)


def _all(ask: Ask, service: Mapping[str, Any]) -> View:
    """The resources of all configurations that are active."""
    arns = [each.get("serviceRevisionArn") for each in service["activeConfigurations"]]
    found = _revisions(ask, arns)
    if not found or len(found) != len(arns):
        return View(None, NO_REVISION)
    return View(_resources(found))


def _deployment(ask: Ask, service: Mapping[str, Any]) -> View:
    """The latest deployment: the resources that come with it, and those that it leaves."""
    params = {"service": service["serviceArn"], "maxResults": 1}
    listed = _list(ask, "ListServiceDeployments", params, "serviceDeployments")
    arn = listed[0].get("serviceDeploymentArn") if listed else None
    if arn is None:
        return View(None, NO_DEPLOYMENT)
    params = {"serviceDeploymentArns": [arn]}
    described = _list(ask, "DescribeServiceDeployments", params, "serviceDeployments", late=True)
    deployment = described[0] if described else {}
    if not deployment.get("targetServiceRevision"):
        return View(None, NO_DEPLOYMENT)
    target = deployment["targetServiceRevision"].get("arn")
    sources = [each.get("arn") for each in deployment.get("sourceServiceRevisions") or ()]
    after = _revisions(ask, [target])
    if len(after) != 1:
        return View(None, NO_REVISION)
    before = _revisions(ask, sources) if sources else []
    if len(before) != len(sources):
        return View(None, NO_REVISION)
    updating, leaving = compare(_resources(after), _resources(before))
    parts = (
        Resource("TargetServiceRevision", target),
        Resource("TaskDefinition", after[0].get("taskDefinition")),
        updating._replace(kind="Updating"),
        leaving._replace(kind="Disassociating"),
    )
    return View(Group("Deployment", arn, parts, deployment.get("status"), deployment.get("statusReason")))


_VIEWS = {DEPLOYMENT: _deployment, RESOURCE: _all}


def _revisions(ask: Ask, arns: Sequence[str]) -> list[dict[str, Any]]:
    params = {"serviceRevisionArns": arns}
    return _list(ask, "DescribeServiceRevisions", params, "serviceRevisions", late=True)


def _resources(revisions: Sequence[Mapping[str, Any]]) -> Group:
    return reduce(combine, map(managed, revisions)) if revisions else Group()


def _list(ask: Ask, operation: str, params: Mapping[str, Any], member: str, *, late: bool = False) -> list[Any]:
    """A list of the answer. What is asked for may be missing for a while yet, where it is `late`."""
    answer = ask(operation, params)
    failures = answer.get("failures") or []
    if not all(failure.get("arn") and failure.get("reason") for failure in failures):
        raise MonitorError("Invalid failure response: missing arn or reason")
    told = [
        f"{each['arn']} failed with {each['reason']}" for each in failures if not (late and each["reason"] == "MISSING")
    ]
    if told:
        raise MonitorError("\n".join([f"{operation}:", *told]))
    if answer.get(member) is None:
        raise MonitorError(f"{operation} response is missing {member}")
    found: list[Any] = answer[member]
    return found
