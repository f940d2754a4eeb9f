"""Trees of resources: together, apart, and what has changed."""

from datetime import datetime, timezone

import pytest

from awsmini.services.ecs.monitor_look import Group, Resource, changed, combine, compare, leaves, managed

EARLY, LATE = (datetime(2024, 1, day, tzinfo=timezone.utc) for day in (1, 2))


def log(name, status="ACTIVE", updated=None):
    return Resource("LogGroup", name, status, updated)


def group(*members, kind="LogGroups"):
    return Group(kind, members=members)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ((log("a"),), (log("b"),), (log("a"), log("b"))),
        ((log("a", "ACTIVE", EARLY),), (log("a", "DELETED", LATE),), (log("a", "DELETED", LATE),)),
        ((log("a", "ACTIVE", LATE),), (log("a", "DELETED", EARLY),), (log("a", "ACTIVE", LATE),)),
        ((log("a", "ACTIVE", LATE),), (log("a", "DELETED", LATE),), (log("a", "ACTIVE", LATE),)),
        ((log("a", "ACTIVE"),), (log("a", "DELETED"),), (log("a", "ACTIVE"),)),
        ((log("a", "ACTIVE"),), (log("a", "DELETED", LATE),), (log("a", "DELETED", LATE),)),
        ((log(None, "PROVISIONING"),), (log("a"),), (log("a"),)),
        ((log("a"),), (log(None, "PROVISIONING"),), (log("a"),)),
        ((log(None, "PROVISIONING"),), (log(None),), (log(None, "PROVISIONING"),)),
        (
            (log("a"), Resource("Rule", "r")),
            (log("b"), Resource("Listener", "l")),
            (log("a"), log("b"), Resource("Rule", "r"), Resource("Listener", "l")),
        ),
        ((), (log("a"),), (log("a"),)),
    ],
)
def test_combine(one, other, both):
    assert combine(group(*one), group(*other)) == group(*both)
    nested = combine(group(group(*one), kind=""), group(group(*other), kind=""))
    assert nested == group(group(*both), kind="")


@pytest.mark.parametrize(
    ("one", "other", "left", "right"),
    [
        ((log("a"), log("b")), (log("b"), log("c")), (log("a"),), (log("c"),)),
        ((log("a", "ACTIVE"),), (log("a", "FAILED"),), (), ()),
        ((log(None),), (log("a"),), (log(None),), ()),
        ((log(None), log(None, "FAILED")), (), (log(None), log(None, "FAILED")), ()),
        ((log("a"),), (log(None),), (log("a"),), (log(None),)),
        ((group(log("a")),), (group(log("a")),), (group(),), (group(),)),
        ((group(log("a")),), (group(log("b")),), (group(log("a")),), (group(log("b")),)),
        ((group(log("a")),), (), (group(log("a")),), ()),
    ],
)
def test_compare(one, other, left, right):
    assert compare(group(*one), group(*other)) == (group(*left), group(*right))


def test_only_what_is_not_as_before_has_changed():
    told, before = changed(group(group(log("a"), log("b")), Resource("Rule", "r")), {})
    assert told == [log("a"), log("b"), Resource("Rule", "r")]
    told, before = changed(group(group(log("a"), log("b", "FAILED"))), before)
    assert told == [log("b", "FAILED")]
    assert changed(group(log("a"), log("b", "FAILED")), before)[0] == []


def test_every_kind_of_resource_has_its_place():
    def arn(name):
        return {"arn": name, "status": "ACTIVE", "updatedAt": LATE, "statusReason": "why"}

    answer = {
        "logGroups": [arn("lg")],
        "ingressPaths": [
            {
                "endpoint": "https://x",
                "targetGroups": [arn("t1"), arn("t2")],
                "rule": arn("r"),
                "listener": arn("l"),
                "certificate": arn("c"),
                "loadBalancerSecurityGroups": [arn("s1"), arn("s2")],
                "loadBalancer": arn("lb"),
            },
            {"endpoint": "https://y"},
        ],
        "serviceSecurityGroups": [arn("sg")],
        "metricAlarms": [],
        "autoScaling": {"scalableTarget": arn("st"), "applicationAutoScalingPolicies": [arn("p1"), arn("p2")]},
    }
    found = managed({"ecsManagedResources": answer})
    assert [(each.kind, len(each.members)) for each in found.members] == [
        ("IngressPaths", 2),
        ("AutoScalingConfiguration", 3),
        ("MetricAlarms", 0),
        ("ServiceSecurityGroups", 1),
        ("LogGroups", 1),
    ]
    assert [each.id for each in found.members[0].members] == ["https://x", "https://y"]
    assert [f"{each.kind} {each.id}" for each in leaves(found)] == [
        "LoadBalancer lb",
        "LoadBalancerSecurityGroup s1",
        "LoadBalancerSecurityGroup s2",
        "Certificate c",
        "Listener l",
        "Rule r",
        "TargetGroup t1",
        "TargetGroup t2",
        "ScalableTarget st",
        "ApplicationAutoScalingPolicy p1",
        "ApplicationAutoScalingPolicy p2",
        "SecurityGroup sg",
        "LogGroup lg",
    ]
    assert {each[2:] for each in leaves(found)} == {("ACTIVE", LATE, "why", None)}


@pytest.mark.parametrize("revision", [{}, {"ecsManagedResources": {}}, {"ecsManagedResources": None}])
def test_nothing_is_managed_yet(revision):
    assert managed(revision) == Group()
