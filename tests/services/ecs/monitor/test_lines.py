"""What a resource is as text."""

from datetime import datetime, timezone

import pytest

from awsmini.services.ecs.monitor_lines import as_stream, as_tree, painted, plain
from awsmini.services.ecs.monitor_look import Group, Resource, View

AT = datetime(2024, 1, 2, 3, 4, 5, 678, tzinfo=timezone.utc)
FULL = Resource("Rule", "arn:r", "FAILED", AT, "why", "more")


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (Resource("Cluster", "default"), "[T] Cluster default\n"),
        (Resource("Rule", None, "PROVISIONING"), "[T] Rule [PROVISIONING]\n"),
        (FULL, "[T] Rule arn:r [FAILED]\n  Reason: why\n  Last Updated At: 2024-01-02 03:04:05Z\n  Info: more\n"),
    ],
)
def test_as_stream(resource, expected):
    assert as_stream(resource, "T", plain) == expected


@pytest.mark.parametrize(
    ("status", "color", "symbol"),
    [
        (None, 32, "\x1b[32m✓ "),
        ("ACTIVE", 32, "\x1b[32m✓ "),
        ("SUCCESSFUL", 32, "\x1b[32m✓ "),
        ("FAILED", 31, "\x1b[31mX "),
        ("ROLLBACK_FAILED", 35, "\x1b[31mX "),
        ("DELETED", 33, "\x1b[33m— "),
        ("STOPPED", 35, "\x1b[33m— "),
        ("ROLLBACK_SUCCESSFUL", 35, "\x1b[33m— "),
        ("PROVISIONING", 35, "\x1b[35m* "),
        ("IN_PROGRESS", 35, "\x1b[35m* "),
    ],
)
def test_colors(status, color, symbol):
    name, told = f"\x1b[{color}marn\x1b[0m", f"\x1b[{color}m{status}\x1b[0m"
    in_stream = f"[T] \x1b[36mRule\x1b[0m {name}" + (f" [{told}]" if status else "")
    assert as_stream(Resource("Rule", "arn", status), "T", painted) == in_stream + "\n"
    in_tree = f"\x1b[36mRule\x1b[0m: {symbol}\x1b[0m{name} " + (f"- {told}" if status else "")
    assert as_tree(View(Group(members=(Resource("Rule", "arn", status),))), "*", painted) == in_tree + "\n"


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (None, "Waiting for initial data"),
        (View(None, "note"), "note"),
        (View(Group(), "Service is inactive"), "Service is inactive"),
        (View(Group(members=(Resource("Cluster", "c"),)), "note"), "Cluster: ✓ c \n\nnote"),
        (View(Group(members=(Group(), Resource("Rule", None, "DELETED")))), "\nRule — - DELETED\n"),
        (View(Group("LogGroups")), "LogGroups\n <empty>"),
        (View(Group("Path", "x", (Group("LogGroups"),))), "Path: x\n\n LogGroups\n  <empty>"),
        (
            View(Group("Deployment", "d", (FULL,), "STOPPED", "stopped")),
            "Deployment: — d - STOPPED\n Reason: stopped\n\n"
            " Rule: X arn:r - FAILED\n  Reason: why\n  Last updated at: 2024-01-02T03:04:05Z\n  more\n",
        ),
    ],
)
def test_as_tree(view, expected):
    assert as_tree(view, "*", plain) == expected
