"""What is seen of a service, by what ECS answers."""

import pytest

from awsmini.errors import ClientError
from awsmini.services.ecs.monitor_lines import as_tree, plain
from awsmini.services.ecs.monitor_look import MonitorError, look
from tests.services.ecs.monitor.ecs import DEPLOYMENT, INACTIVE, managed, refusal, step

HEAD = "Cluster: ✓ default \n\nService: ✓ arn:aws:ecs:us-east-1:1:service/default/web \n (service web) started\n"
TRYING = "Trying to describe service revisions"
WAITING = "Waiting for a deployment to start"


def seen(said, view="RESOURCE"):
    def ask(operation, params):
        answer = said[operation]
        answer = answer(params) if callable(answer) else answer
        if isinstance(answer, tuple):
            error = {"Code": answer[1]["__type"], "Message": answer[1]["message"]}
            raise ClientError({"Error": error}, operation)
        return answer

    return as_tree(look(ask, "web", view), "*", plain)


def deployment(status="IN_PROGRESS", target="0", sources=None, **more):
    source = {} if sources is None else {"sourceServiceRevisions": [{"arn": arn} for arn in sources]}
    return {"status": status, "targetServiceRevision": {"arn": target}, **source, **more}


def revisions(*found, failures=()):
    return {"serviceRevisions": [*found], "failures": [{"arn": arn, "reason": reason} for arn, reason in failures]}


MISSING = revisions(failures=[("0", "MISSING")])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"DescribeExpressGatewayService": {}}, "Trying to describe gateway service"),
        ({"DescribeExpressGatewayService": {"service": {"serviceArn": "a"}}}, "Trying to describe gateway service"),
        (step(), f"{HEAD}\n{TRYING}"),
        (step({}, DescribeServiceRevisions=MISSING), f"{HEAD}\n{TRYING}"),
        (step(None), f"{HEAD}\n"),
        (step({}, DescribeServiceRevisions=INACTIVE), "Service is inactive"),
        (step({"logGroups": []}, events=()), HEAD.replace(" (service web) started\n", "") + "\nLogGroups\n <empty>"),
        (
            step(managed("DEPROVISIONING", None), managed("ACTIVE", None, "2")),
            f"{HEAD}\nIngressPaths\n\n IngressPath: https://web.example\n\n"
            "  LoadBalancer: * arn:lb - DEPROVISIONING\n\n  LoadBalancer: ✓ arn:lb2 - ACTIVE\n\n"
            "LogGroups\n\n LogGroup: * arn:log - DEPROVISIONING\n\n LogGroup: ✓ arn:log2 - ACTIVE\n",
        ),
    ],
)  # fmt: skip
def test_resources(said, expected):
    assert seen(said) == expected


TARGET = " TargetServiceRevision: ✓ 0 \n\n TaskDefinition: ✓ arn:task:0 \n\n"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (step(None), WAITING),
        (step(None, ListServiceDeployments={"serviceDeployments": [{}]}), WAITING),
        (step(None, deployment={}), WAITING),
        (step(None, deployment={}, DescribeServiceDeployments={
            "serviceDeployments": [], "failures": [{"arn": DEPLOYMENT, "reason": "MISSING"}]}), WAITING),
        (step(None, deployment=deployment(), DescribeServiceRevisions=MISSING), TRYING),
        (
            step(None, None, deployment=deployment(sources=["1"]), DescribeServiceRevisions=lambda asked: (
                revisions({}) if asked["serviceRevisionArns"] == ["0"] else MISSING)),
            TRYING,
        ),
        (
            step(managed("FAILED", None, statusReason="quota"), deployment=deployment("STOPPED", statusReason="by user")),
            f"Deployment: — {DEPLOYMENT} - STOPPED\n Reason: by user\n\n{TARGET}"
            " Updating\n\n  IngressPaths\n\n   IngressPath: https://web.example\n\n"
            "    LoadBalancer: X arn:lb - FAILED\n     Reason: quota\n\n"
            "  LogGroups\n\n   LogGroup: X arn:log - FAILED\n    Reason: quota\n\n Disassociating\n  <empty>",
        ),
        (
            step(managed("ACTIVE", None), {**managed("ACTIVE", None), "logGroups": [{"arn": "old"}]},
                 deployment=deployment("ROLLBACK_FAILED", sources=["1"])),
            f"Deployment: X {DEPLOYMENT} - ROLLBACK_FAILED\n\n{TARGET}"
            " Updating\n\n  IngressPaths\n\n   IngressPath: https://web.example\n    <empty>\n"
            "  LogGroups\n\n   LogGroup: ✓ arn:log - ACTIVE\n\n"
            " Disassociating\n\n  IngressPaths\n\n   IngressPath: https://web.example\n    <empty>\n"
            "  LogGroups\n\n   LogGroup: ✓ old \n",
        ),
        (
            step({"logGroups": []}, deployment=deployment("SUCCESSFUL", sources=[])),
            f"Deployment: ✓ {DEPLOYMENT} - SUCCESSFUL\n\n{TARGET}"
            " Updating\n\n  LogGroups\n   <empty>\n Disassociating\n  <empty>",
        ),
        (
            step({}, {"logGroups": [{"arn": "x"}]}, {"logGroups": [{"arn": "y"}]}, deployment=deployment(sources=["1", "2"])),
            f"Deployment: * {DEPLOYMENT} - IN_PROGRESS\n\n{TARGET}"
            " Updating\n  <empty>\n Disassociating\n\n  LogGroups\n\n   LogGroup: ✓ x \n\n   LogGroup: ✓ y \n",
        ),
    ],
)  # fmt: skip
def test_deployment(said, expected):
    assert seen(said, "DEPLOYMENT") == f"{HEAD}\n{expected}"


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"DescribeServices": {}}, "DescribeServices response is missing services"),
        ({"DescribeServices": {"services": [], "failures": [{"arn": "a", "reason": "MISSING"}]}},
         "DescribeServices:\na failed with MISSING"),
        ({"DescribeServiceRevisions": {}}, "DescribeServiceRevisions response is missing serviceRevisions"),
        ({"DescribeServiceRevisions": {"failures": [{"arn": "a"}]}}, "Invalid failure response: missing arn or reason"),
        ({"DescribeServiceRevisions": revisions(failures=[("a", "x"), ("b", "MISSING"), ("c", "y")])},
         "DescribeServiceRevisions:\na failed with x\nc failed with y"),
    ],
)  # fmt: skip
def test_what_an_answer_lacks(said, message):
    with pytest.raises(MonitorError) as error:
        seen(step(None, **said))
    assert str(error.value) == message


@pytest.mark.parametrize(
    "error", [refusal("InvalidParameterException", "else"), refusal("AccessDenied", INACTIVE[1]["message"])]
)
def test_other_refusals_are_errors(error):
    with pytest.raises(ClientError):
        seen(step({}, DescribeServiceRevisions=error))
