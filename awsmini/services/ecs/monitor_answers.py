"""What ECS says of the resources that it manages for one revision of a service, as a tree."""

from collections.abc import Iterable, Mapping
from typing import Any

from awsmini.services.ecs.monitor_resources import Group, Resource

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
            Group("IngressPath", path.get("endpoint"), _resources(path, INGRESS_PATH))
            for path in answer["ingressPaths"]
        ]
        found.append(Group("IngressPaths", members=(*paths,)))
    if "autoScaling" in answer:
        found.append(Group("AutoScalingConfiguration", members=_resources(answer["autoScaling"], AUTO_SCALING)))
    found += [
        Group(heading, members=_resources(answer, [(member, kind)]))
        for member, heading, kind in LISTS
        if member in answer
    ]
    return Group(members=(*found,))


def _resources(answer: Mapping[str, Any], kinds: Kinds) -> tuple[Resource, ...]:
    found = []
    for member, kind in kinds:
        value = answer.get(member) or []
        found += [_resource(kind, each) for each in (value if isinstance(value, list) else [value])]
    return (*found,)


def _resource(kind: str, answer: Mapping[str, Any]) -> Resource:
    status, reason = answer.get("status"), answer.get("statusReason")
    return Resource(kind, answer.get("arn"), status, answer.get("updatedAt"), reason)
