"""One look at a service: the calls, and what of their answers is to be seen, as a tree of resources."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce
from typing import Any, NamedTuple

from awsmini.errors import AwsminiError, ClientError

Key = tuple[str, str]


class Resource(NamedTuple):
    kind: str
    id: str | None = None
    status: str | None = None
    updated: datetime | None = None
    reason: str | None = None
    info: str | None = None


class Group(NamedTuple):
    """Resources below a heading; without a kind, below none."""

    kind: str = ""
    id: str | None = None
    members: "tuple[Resource | Group, ...]" = ()
    status: str | None = None
    reason: str | None = None


Node = Resource | Group


def key(node: Node) -> Key:
    return node.kind, node.id or ""


def by_key(nodes: Iterable[Node]) -> dict[Key, Node]:
    return {key(node): node for node in nodes}


def leaves(group: Group) -> Iterator[Resource]:
    """The resources alone."""
    for node in by_key(group.members).values():
        if isinstance(node, Group):
            yield from leaves(node)
        else:
            yield node


def changed(group: Group, before: Mapping[Key, Resource]) -> tuple[list[Resource], dict[Key, Resource]]:
    """The resources that are not as they were, and all of them for the next time."""
    now = [*leaves(group)]
    return [each for each in now if before.get(key(each)) != each], {key(each): each for each in now}


def combine(one: Group, other: Group) -> Group:
    """The members of both, kind by kind; of a resource that both have, the latest news."""
    kinds: dict[str, list[Node]] = {}
    for node in (*by_key(one.members).values(), *by_key(other.members).values()):
        kinds.setdefault(node.kind, []).append(node)
    found: dict[Key, Node] = {}
    for nodes in kinds.values():
        for node in [node for node in nodes if node.id] or nodes:
            found[key(node)] = _merged(found[key(node)], node) if key(node) in found else node
    return Group(one.kind, one.id, (*found.values(),))


def _merged(one: Node, other: Node) -> Node:
    if isinstance(one, Group) and isinstance(other, Group):
        return combine(one, other)
    ours, theirs = (each.updated if isinstance(each, Resource) else None for each in (one, other))
    return other if theirs and (ours is None or ours < theirs) else one


def compare(one: Group, other: Group) -> tuple[Group, Group]:
    """What only the one has, and what only the other has. Groups that both have stay, and may be empty."""
    ours, theirs = by_key(one.members), by_key(other.members)
    apart: dict[Key, tuple[Group, Group]] = {}
    for name, node in ours.items():
        same = theirs.get(name)
        if isinstance(node, Group) and isinstance(same, Group):
            apart[name] = compare(node, same)
    unnamed = {kind for kind, name in ours if not name}
    left = [apart[key(node)][0] if key(node) in apart else node for node in one.members]
    right = [apart[key(node)][1] if key(node) in apart else node for node in other.members]
    return (
        one._replace(members=tuple(node for node in left if key(node) in apart or key(node) not in theirs)),
        other._replace(
            members=tuple(
                node for node in right if key(node) in apart or (key(node) not in ours and node.kind not in unnamed)
            )
        ),
    )


Kinds = Iterable[tuple[str, str]]  # the member of the answer, and what its resources are called

INGRESS_PATH = (
    ("loadBalancer", "LoadBalancer"),
    ("loadBalancerSecurityGroups", "LoadBalancerSecurityGroup"),
    ("certificate", "Certificate"),
    ("listener", "Listener"),
    ("rule", "Rule"),
    ("targetGroups", "TargetGroup"),
)
AUTO_SCALING = (
    ("scalableTarget", "ScalableTarget"),
    ("applicationAutoScalingPolicies", "ApplicationAutoScalingPolicy"),
)
LISTS = (
    ("metricAlarms", "MetricAlarms", "MetricAlarm"),
    ("serviceSecurityGroups", "ServiceSecurityGroups", "SecurityGroup"),
    ("logGroups", "LogGroups", "LogGroup"),
)


def managed(revision: Mapping[str, Any]) -> Group:
    """The resources of a service revision: those that its answer has, in this order."""
    answer = revision.get("ecsManagedResources") or {}
    found = []
    if "ingressPaths" in answer:
        paths = [
            Group("IngressPath", path.get("endpoint"), _made_resources(path, INGRESS_PATH))
            for path in answer["ingressPaths"]
        ]
        found.append(Group("IngressPaths", members=(*paths,)))
    if "autoScaling" in answer:
        found.append(Group("AutoScalingConfiguration", members=_made_resources(answer["autoScaling"], AUTO_SCALING)))
    found += [
        Group(heading, members=_made_resources(answer, [(member, kind)]))
        for member, heading, kind in LISTS
        if member in answer
    ]
    return Group(members=(*found,))


def _made_resources(answer: Mapping[str, Any], kinds: Kinds) -> tuple[Resource, ...]:
    found = []
    for member, kind in kinds:
        value = answer.get(member) or []
        found += [_resource(kind, each) for each in (value if isinstance(value, list) else [value])]
    return (*found,)


def _resource(kind: str, answer: Mapping[str, Any]) -> Resource:
    status, reason = answer.get("status"), answer.get("statusReason")
    return Resource(kind, answer.get("arn"), status, answer.get("updatedAt"), reason)


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
