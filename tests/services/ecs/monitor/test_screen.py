"""Watching on the whole terminal."""

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from awsmini.services.ecs import monitor_screen as screen
from awsmini.services.ecs.monitor_lines import Watch, plain
from awsmini.services.ecs.monitor_look import MonitorError, View
from tests.servers import answer
from tests.services.ecs.monitor.ecs import ARN, Ecs, managed, refusal, step
from tests.services.ecs.monitor.test_text import CREATE, CREATED, MONITOR
from tests.wizards.pseudo_terminal import on_a_terminal

DOWN, UP = "\x1b[B", "\x1b[A"
LAST = (
    f"Cluster: ✓ default \n\nService: ✓ {ARN} \n (service web) started\n\nIngressPaths\n\n"
    " IngressPath: https://web.example\n\n  LoadBalancer:  arn:lb - PROVISIONING\n\n"
    "LogGroups\n\n LogGroup:  arn:log - PROVISIONING\n\nMonitoring Complete!\n"
)
MANY = step({"logGroups": [{"arn": f"arn:{number:02}"} for number in range(30)]})
STATUS = "| up/down to scroll, q to quit"


@pytest.mark.parametrize("key", ["q", "\x03"])
def test_until_it_is_left(aws, key):
    aws.service.always(Ecs(step(managed("PROVISIONING", None))))
    shown = on_a_terminal(aws, MONITOR, ("arn:log - PROVISIONING", ""), (STATUS, key))
    assert (shown.code, shown.last) == (0, LAST)
    assert "Waiting for initial data" in shown.text
    assert "\x1b[0;35m" in shown.text


def test_without_colors(aws):
    aws.service.always(Ecs(step(managed("PROVISIONING", None))))
    shown = on_a_terminal(aws, f"{MONITOR} --color off", ("arn:log - PROVISIONING", "q"))
    assert shown.last == LAST
    assert "\x1b[0;35m" not in shown.text


def test_a_code_is_asked_for_before_it_opens(aws):
    ecs = Ecs(step(managed("PROVISIONING", None)))
    role = (
        "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>AKID</AccessKeyId><SecretAccessKey>s"
        "</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>"
        "</AssumeRoleResult></AssumeRoleResponse>"
    )
    aws.service.always(lambda request: ecs(request) if "X-Amz-Target" in request.headers else answer(200, role))
    aws.write(
        ".aws/config",
        "[profile admin]\nrole_arn = arn:aws:iam::1:role/admin\nmfa_serial = arn:aws:iam::1:mfa/me\n"
        "credential_source = Environment\n",
    )
    shown = on_a_terminal(aws, f"{MONITOR} --profile admin", ("mfa/me", "123456\n"), ("arn:log", "q"))
    assert (shown.code, shown.last) == (0, LAST)
    assert aws.service.requests[0].form["TokenCode"] == "123456"


def test_scrolling(aws):
    aws.service.always(Ecs(MANY))
    shown = on_a_terminal(
        aws, MONITOR, ("arn:05", DOWN * 200), ("arn:29", UP * 3 + DOWN), ("arn:28", UP * 200), ("Cluster", "q")
    )
    assert shown.code == 0


def test_the_time_is_over(aws):
    shown = on_a_terminal(aws, f"{MONITOR} --timeout 0")
    assert (shown.code, shown.last) == (0, "Waiting for initial data\nMonitoring timed out!\n")


@pytest.mark.parametrize(
    ("command", "failing", "code", "message"),
    [
        (MONITOR, refusal("ResourceNotFoundException", "none"), 254,
         "\nawsmini: [ERROR]: An error occurred (ResourceNotFoundException) when calling the DescribeServices operation: none\n"),
        (MONITOR, {}, 1, "Error monitoring service: DescribeServices response is missing services\n"),
        (f"{CREATE} --monitor-resources RESOURCE", {}, 255,
         "\nawsmini: [ERROR]: DescribeServices response is missing services\n"),
    ],
)  # fmt: skip
def test_what_goes_wrong_ends_it(aws, command, failing, code, message):
    aws.service.always(Ecs({**step(None, DescribeServices=failing), "CreateExpressGatewayService": CREATED}))
    shown = on_a_terminal(aws, command)
    assert (shown.code, shown.last) == (code, message)


def test_a_change_is_watched_on_the_screen(aws):
    aws.service.always(Ecs({**step(managed("PROVISIONING", None)), "CreateExpressGatewayService": CREATED}))
    shown = on_a_terminal(aws, f"{CREATE} --monitor-resources RESOURCE", ("arn:log", "q"))
    assert (shown.code, shown.last) == (0, LAST)


def test_it_looks_until_the_time_is_over(monkeypatch):
    monkeypatch.setattr(screen, "PACE", 0.001)
    views = [View(None, str(number)) for number in range(3)]
    with create_pipe_input() as keyboard:
        found = iter(views)
        shown = screen.Screen(
            Watch(lambda: next(found), lambda: shown.view == views[-1], plain), keyboard, DummyOutput()
        )
        assert shown.run() is True
    assert shown.view == views[-1]


def test_an_error_after_some_looks(monkeypatch):
    monkeypatch.setattr(screen, "PACE", 0.001)
    views = [View(None, "1"), View(None, "2")]

    def look():
        if not views:
            raise MonitorError("no more")
        return views.pop(0)

    with create_pipe_input() as keyboard, pytest.raises(MonitorError):
        screen.Screen(Watch(look, lambda: False, plain), keyboard, DummyOutput()).run()


def test_a_terminal_that_goes_away_ends_it():
    with create_pipe_input() as keyboard:
        keyboard.close()
        assert screen.Screen(Watch(lambda: View(None), lambda: False, plain), keyboard, DummyOutput()).run() is False
