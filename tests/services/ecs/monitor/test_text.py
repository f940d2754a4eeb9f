"""Watching in lines of text: whole commands, with a clock of their own."""

import errno
import io
import re
from datetime import datetime, timedelta, timezone

import pytest

from awsmini.app import App, process_app
from awsmini.services.ecs.monitor_lines import Watch, plain, run
from awsmini.services.ecs.monitor_look import View
from tests.services.ecs.monitor.ecs import ARN, INACTIVE, Ecs, managed, refusal, step
from tests.terminal import run_and_list_modules

MONITOR = f"ecs monitor-express-gateway-service --service-arn {ARN}"
CREATE = (
    "ecs create-express-gateway-service --execution-role-arn e --infrastructure-role-arn i --primary-container image=x"
)
UPDATE, DELETE = (f"ecs {verb}-express-gateway-service --service-arn {ARN}" for verb in ("update", "delete"))
CREATED = {"service": {"serviceArn": ARN, "serviceName": "web"}}
LOOK = ["DescribeExpressGatewayService", "DescribeServiceRevisions", "DescribeServices"]
LOOK_AT_DEPLOYMENT = ["DescribeExpressGatewayService", "ListServiceDeployments", "DescribeServices"]
SERVICE = f"[T] Cluster default\n[T] Service {ARN}\n  Info: (service web) started\n"
UP = "  Last Updated At: 2023-11-14 22:13:20Z\n"
COMPLETE = "[T] Monitoring complete!\n\x1b[0m"


class Clock:
    """Sleeping takes no time here, and after some times the user presses Ctrl+C."""

    def __init__(self) -> None:
        self.time = datetime(2024, 1, 1, tzinfo=timezone.utc)
        self.patience = 100
        self.speed = 1
        self.slept = []

    def sleep(self, seconds):
        if not seconds:  # as before each call
            return
        self.time += timedelta(seconds=seconds * self.speed)
        self.slept.append(seconds)
        if len(self.slept) >= self.patience:
            raise KeyboardInterrupt


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    app = process_app  # looked up before it is replaced
    monkeypatch.setattr("awsmini.app.process_app", lambda: app()._replace(now=lambda: clock.time, sleep=clock.sleep))
    return clock


def lines(outcome):
    """The log, with T for the times."""
    return re.sub(r"\[2024-01-01 00:\d\d:\d\dZ\]", "[T]", outcome.stdout)


def watched(*parts):
    return "".join(("[T] Starting monitoring...\n", *parts, COMPLETE))


def test_a_service_comes_up(aws, clock):
    ecs = Ecs(
        step(managed("PROVISIONING"), events=()),
        step(managed("PROVISIONING"), events=()),
        step({**managed("ACTIVE", 1700000001.5), "logGroups": managed("PROVISIONING")["logGroups"]}),
    )
    aws.service.always(ecs)
    clock.patience = 4
    outcome = aws(MONITOR)
    assert (outcome.code, outcome.stderr) == (0, "")
    assert lines(outcome) == watched(
        f"[T] Cluster default\n[T] Service {ARN}\n",
        f"[T] LoadBalancer arn:lb [PROVISIONING]\n{UP}[T] LogGroup arn:log [PROVISIONING]\n{UP}",
        f"[T] Service {ARN}\n  Info: (service web) started\n",
        "[T] LoadBalancer arn:lb [ACTIVE]\n  Last Updated At: 2023-11-14 22:13:21Z\n",
        "[T] Monitoring stopped by user\n",
    )
    assert "[2024-01-01 00:00:10Z] LoadBalancer arn:lb [ACTIVE]" in outcome.stdout
    assert ecs.calls == LOOK * 4
    assert clock.slept == [5.0] * 4


def test_a_service_goes(aws, clock):
    aws.service.always(Ecs(step(managed("DELETED", None)), step({}, DescribeServiceRevisions=INACTIVE)))
    clock.patience = 3
    assert lines(aws(f"{MONITOR} --mode TEXT-ONLY")) == watched(
        SERVICE,
        "[T] LoadBalancer arn:lb [DELETED]\n[T] LogGroup arn:log [DELETED]\n",
        "[T] Service is inactive\n" * 2,
        "[T] Monitoring stopped by user\n",
    )


def test_a_deployment(aws, clock):
    deployment = {
        "status": "IN_PROGRESS",
        "targetServiceRevision": {"arn": "0"},
        "sourceServiceRevisions": [{"arn": "1"}],
    }
    revisions = managed("ACTIVE", None, "-new"), managed("ACTIVE", None)
    aws.service.always(Ecs(step(*revisions), step(*revisions, deployment=deployment)))
    clock.patience = 3
    assert lines(aws(f"{MONITOR} --resource-view DEPLOYMENT --color on")) == watched(
        f"[T] \x1b[36mCluster\x1b[0m \x1b[32mdefault\x1b[0m\n[T] \x1b[36mService\x1b[0m \x1b[32m{ARN}\x1b[0m\n",
        "  Info: (service web) started\n[T] Waiting for a deployment to start\n",
        *(
            f"[T] \x1b[36m{kind}\x1b[0m \x1b[32m{name}\x1b[0m{status}\n"
            for kind, name, status in [
                ("TargetServiceRevision", "0", ""),
                ("TaskDefinition", "arn:task:0", ""),
                ("LoadBalancer", "arn:lb-new", " [\x1b[32mACTIVE\x1b[0m]"),
                ("LogGroup", "arn:log-new", " [\x1b[32mACTIVE\x1b[0m]"),
                ("LoadBalancer", "arn:lb", " [\x1b[32mACTIVE\x1b[0m]"),
                ("LogGroup", "arn:log", " [\x1b[32mACTIVE\x1b[0m]"),
            ]
        ),
        "[T] Monitoring stopped by user\n",
    )


@pytest.mark.parametrize(("minutes", "looks"), [("1", 12), ("0", 0), ("-1", 0)])
def test_the_time_is_over(aws, clock, minutes, looks):
    ecs = Ecs(step())
    aws.service.always(ecs)
    outcome = aws(f"{MONITOR} --timeout {minutes}")
    assert outcome.code == 0
    assert lines(outcome) == watched(
        *([SERVICE, *["[T] Trying to describe service revisions\n"] * looks] if looks else []),
        "[T] Monitoring timeout reached!\n",
    )
    assert ecs.calls == LOOK * looks


def test_the_time_where_none_is_given(aws, clock):
    clock.speed = 60
    ecs = Ecs({"DescribeExpressGatewayService": {}})
    aws.service.always(ecs)
    assert lines(aws(MONITOR)) == watched(
        "[T] Trying to describe gateway service\n" * 6, "[T] Monitoring timeout reached!\n"
    )


def test_a_refusal_in_the_midst(aws, clock):
    refused = refusal("AccessDeniedException", "no")
    aws.service.always(Ecs(step(None), step(None, DescribeServices=refused)))
    outcome = aws(MONITOR)
    assert (outcome.code, lines(outcome)) == (254, watched(SERVICE))
    assert outcome.stderr == (
        "\nawsmini: [ERROR]: An error occurred (AccessDeniedException) when calling the DescribeServices operation: no\n"
    )


def test_no_service_at_all(aws, clock):
    aws.service.always(Ecs(step(None, DescribeServices={"services": []})))
    outcome = aws(MONITOR)
    assert (outcome.code, lines(outcome)) == (255, watched())
    assert outcome.stderr == "\nawsmini: [ERROR]: DescribeServices response has no services\n"


def test_a_failure_is_told_among_the_lines(aws, clock):
    failure = {"services": [], "failures": [{"arn": ARN, "reason": "MISSING"}]}
    aws.service.always(Ecs(step(None), step(None, DescribeServices=failure)))
    outcome = aws(MONITOR)
    assert (outcome.code, outcome.stderr) == (0, "")
    assert lines(outcome) == watched(SERVICE, f"[T] Error: DescribeServices:\n{ARN} failed with MISSING\n")


def test_no_region_is_told_before_all_else(aws, clock):
    del aws.env["AWS_DEFAULT_REGION"]
    assert aws(MONITOR).code == 253
    assert "specify a region" in aws(MONITOR).message


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        ("--mode INTERACTIVE", 1, "Interactive mode requires a TTY (terminal). "
         "Use --mode TEXT-ONLY for non-interactive environments."),
        ("--print-request curl", 252, "--print-request prints the request of an operation, and sends nothing."),
        ("--timeout 1.5", 255, "--timeout takes a number of minutes, and '1.5' is none."),
        ("--resource-view x", 252, "argument --resource-view: Found invalid choice 'x'"),
    ],
)  # fmt: skip
def test_refused(aws, options, code, message):
    outcome = aws(f"{MONITOR} {options}")
    assert (outcome.code, message in outcome.message) == (code, True)


@pytest.mark.parametrize(
    ("command", "call", "look"),
    [
        (f"{CREATE} --monitor-resources", "CreateExpressGatewayService", LOOK_AT_DEPLOYMENT),
        (f"{UPDATE} --monitor-resources", "UpdateExpressGatewayService", LOOK_AT_DEPLOYMENT),
        (f"{DELETE} --monitor-resources", "DeleteExpressGatewayService", LOOK),
        (f"{DELETE} --monitor-resources DEPLOYMENT", "DeleteExpressGatewayService", LOOK_AT_DEPLOYMENT),
        (f"{CREATE} --monitor-resources RESOURCE", "CreateExpressGatewayService", LOOK),
    ],
)
@pytest.mark.parametrize(("options", "shown"), [("", ""), ("--query service", "null\n")])
def test_a_change_is_watched_instead_of_shown(aws, clock, command, call, look, options, shown):
    ecs = Ecs({**step(None), call: CREATED})
    aws.service.always(ecs)
    clock.patience = 1
    outcome = aws(f"{command} --monitor-mode TEXT-ONLY {options}")
    assert (outcome.code, outcome.stderr) == (0, "")
    note = "" if look is LOOK else "[T] Waiting for a deployment to start\n"
    assert lines(outcome) == watched(SERVICE, note, "[T] Monitoring stopped by user\n") + shown
    assert ecs.calls == [call, *look]


@pytest.mark.parametrize("mode", ["", "--monitor-mode", "--monitor-mode INTERACTIVE"])
def test_a_change_is_shown_where_there_is_no_terminal(aws, mode):
    aws.service.replies(200, CREATED)
    outcome = aws(f"{CREATE} --monitor-resources {mode}")
    assert outcome.json == CREATED
    assert outcome.stderr == (
        "awsmini: [ERROR]: Interactive mode requires a TTY (terminal). Monitoring skipped. "
        "Use --monitor-mode TEXT-ONLY for non-interactive environments.\n"
    )


@pytest.mark.parametrize("answer", [{}, {"service": {"serviceName": "web"}}])
def test_a_change_of_nothing_is_not_watched(aws, answer):
    aws.service.replies(200, answer)
    outcome = aws(f"{UPDATE} --monitor-resources --monitor-mode TEXT-ONLY")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert (outcome.json if outcome.stdout else {}) == answer


def test_a_refused_change_is_not_watched(aws):
    aws.service.replies(400, {"__type": "AccessDeniedException", "message": "no"})
    assert "AccessDeniedException" in aws(f"{UPDATE} --monitor-resources --monitor-mode TEXT-ONLY").message


def test_a_refusal_after_the_change(aws, clock):
    refused = refusal("AccessDeniedException", "no")
    aws.service.always(Ecs({"UpdateExpressGatewayService": CREATED, "DescribeExpressGatewayService": refused}))
    outcome = aws(f"{UPDATE} --monitor-resources --monitor-mode TEXT-ONLY")
    assert (outcome.code, lines(outcome)) == (254, watched())
    assert "calling the DescribeExpressGatewayService operation: no" in outcome.stderr


def test_lines_need_no_screen(aws):
    aws.service.always(Ecs(step(None)))
    code, modules = run_and_list_modules(f"{MONITOR} --timeout 0", aws.env)
    assert code == 0
    assert "awsmini.services.ecs.monitor_lines" in modules
    assert not modules & {"prompt_toolkit", "asyncio", "rich", "jmespath", "yaml"}


class Reader(io.StringIO):
    """Somebody who reads a few lines and goes."""

    def write(self, text):
        if self.tell() > 100:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")
        return super().write(text)


def test_it_ends_when_nobody_reads_any_more(clock):
    looks = []
    watch = Watch(lambda: looks.append(1) or View(None, "Nothing yet"), lambda: False, plain)
    app = App(
        stdin=io.StringIO(), stdout=Reader(), stderr=io.StringIO(), env={}, now=lambda: clock.time, sleep=clock.sleep
    )
    run(watch, app)
    assert len(looks) == 3
