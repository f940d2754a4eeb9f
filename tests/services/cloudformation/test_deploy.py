"""`cloudformation deploy`, whole: requests, waiting, and what is told."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import pytest

from awsmini import app as world
from tests.servers import Answer, Received, answer
from tests.terminal import Outcome, Terminal

DEPLOY = "cloudformation deploy --template-file t.yaml --stack-name st"
TEMPLATE = "Parameters:\n  A: {Type: String}\n  B: {Type: String}\nResources: {}\n"
CHANGE_SET = "arn:aws:cloudformation:us-east-1:123456789012:changeSet/c/1"
NO_CHANGES = "The submitted information didn't contain changes. Submit different information."


def result(operation: str, inner: str) -> Answer:
    return answer(200, f"<{operation}Response><{operation}Result>{inner}</{operation}Result></{operation}Response>")


def stack(status: str) -> Answer:
    member = f"<StackName>st</StackName><StackStatus>{status}</StackStatus>"
    return result("DescribeStacks", f"<Stacks><member>{member}</member></Stacks>")


def refused(code: str, message: str) -> Answer:
    return answer(400, f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>")


NONE = refused("ValidationError", "Stack with id st does not exist")


class CloudFormation:
    """Answers each operation with the next of its answers, the last again and again."""

    def __init__(self, *stacks: Answer) -> None:
        self.answers: dict[str, list[Answer]] = {
            "DescribeStacks": list(stacks),
            "GetTemplateSummary": [
                result("GetTemplateSummary", "<Parameters><member><ParameterKey>A</ParameterKey></member></Parameters>")
            ],
            "CreateChangeSet": [result("CreateChangeSet", f"<Id>{CHANGE_SET}</Id>")],
            "DescribeChangeSet": [result("DescribeChangeSet", "<Status>CREATE_COMPLETE</Status>")],
            "ExecuteChangeSet": [result("ExecuteChangeSet", "")],
        }
        self.seen: list[dict[str, str]] = []

    def __call__(self, request: Received) -> Answer:
        if request.method != "POST":
            return answer(404) if request.method == "HEAD" else answer(200, "", {"ETag": '"e"'})
        self.seen.append(request.form)
        known = self.answers[request.form["Action"]]
        return known.pop(0) if len(known) > 1 else known[0]

    def asked(self, operation: str) -> dict[str, str]:
        """The parameters of the one call."""
        (found,) = [form for form in self.seen if form["Action"] == operation]
        return {name: value for name, value in found.items() if name not in ("Action", "Version")}


Deploy = Callable[..., Outcome]


@pytest.fixture
def slept() -> Iterator[list[float]]:
    """How long the commands of a test would have waited."""
    pauses: list[float] = []
    fields = {**world.App._field_defaults, "sleep": pauses.append}
    with mock.patch.object(world.App.__new__, "__defaults__", tuple(fields.values())):
        yield pauses


@pytest.fixture
def new(aws: Terminal) -> CloudFormation:
    aws.write("t.yaml", TEMPLATE)
    service = CloudFormation(NONE, stack("CREATE_COMPLETE"))
    aws.service.always(service)
    return service


@pytest.fixture
def old(aws: Terminal) -> CloudFormation:
    aws.write("t.yaml", TEMPLATE)
    service = CloudFormation(stack("CREATE_COMPLETE"), stack("UPDATE_COMPLETE"))
    aws.service.always(service)
    return service


def test_a_new_stack(aws: Terminal, new: CloudFormation) -> None:
    outcome = aws(f"{DEPLOY} --parameter-overrides A=1 Z=2")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert outcome.stdout == (
        "\nWaiting for changeset to be created..\n"
        "Waiting for stack create/update to complete\n"
        "Successfully created/updated stack - st\n"
    )
    asked = new.asked("CreateChangeSet")
    assert asked.pop("ChangeSetName").startswith("awscli-cloudformation-package-deploy-1")
    assert asked.pop("Description").startswith("Created by AWS CLI at 20")
    assert asked == {
        "StackName": "st",
        "TemplateBody": TEMPLATE,
        "ChangeSetType": "CREATE",
        "Parameters.member.1.ParameterKey": "A",
        "Parameters.member.1.ParameterValue": "1",
        "Capabilities": "",
        "Tags": "",
    }
    assert new.asked("ExecuteChangeSet") == {
        "ChangeSetName": CHANGE_SET,
        "StackName": "st",
        "DisableRollback": "false",
    }


def test_an_update_keeps_what_the_stack_has(aws: Terminal, old: CloudFormation) -> None:
    assert aws(DEPLOY).code == 0
    asked = old.asked("CreateChangeSet")
    assert asked["ChangeSetType"] == "UPDATE"
    assert asked["Parameters.member.1.UsePreviousValue"] == "true"
    assert "Parameters.member.2.ParameterKey" not in asked  # the stack has no B yet


def test_a_stack_in_review_is_yet_to_be_made(aws: Terminal, new: CloudFormation) -> None:
    new.answers["DescribeStacks"] = [stack("REVIEW_IN_PROGRESS"), stack("CREATE_COMPLETE")]
    assert aws(DEPLOY).code == 0
    assert new.asked("CreateChangeSet")["ChangeSetType"] == "CREATE"


def test_all_options(aws: Terminal, new: CloudFormation) -> None:
    options = "--tags a=1 b=2=3 --capabilities CAPABILITY_IAM X --role-arn arn:aws:iam::123456789012:role/r --notification-arns t1 t2 --disable-rollback"
    assert aws(f"{DEPLOY} {options}").code == 0
    asked = new.asked("CreateChangeSet")
    assert asked["Tags.member.2.Value"] == "2=3"
    assert asked["Capabilities.member.2"] == "X"
    assert asked["RoleARN"].endswith(":role/r")
    assert asked["NotificationARNs.member.2"] == "t2"
    assert new.asked("ExecuteChangeSet")["DisableRollback"] == "true"


@pytest.mark.parametrize("how", ["A=f", '["A=f"]', "file://p.json"])
def test_overrides_in_each_form(aws: Terminal, new: CloudFormation, how: str) -> None:
    aws.write("p.json", json.dumps([{"ParameterKey": "A", "ParameterValue": "f"}]))
    assert aws([*DEPLOY.split(), "--parameter-overrides", how]).code == 0
    assert new.asked("CreateChangeSet")["Parameters.member.1.ParameterValue"] == "f"


def test_not_executed(aws: Terminal, new: CloudFormation) -> None:
    outcome = aws(f"{DEPLOY} --no-execute-changeset")
    assert outcome.stdout.endswith(
        "Changeset created successfully. Run the following command to review changes:\n"
        f"awsmini cloudformation describe-change-set --change-set-name {CHANGE_SET}\n"
    )
    assert "ExecuteChangeSet" not in [form["Action"] for form in new.seen]


@pytest.mark.parametrize("reason", [NO_CHANGES, "No updates are to be performed."])
def test_no_changes(aws: Terminal, old: CloudFormation, reason: str) -> None:
    inner = f"<Status>FAILED</Status><StatusReason>{reason}</StatusReason>"
    old.answers["DescribeChangeSet"] = [result("DescribeChangeSet", inner)]
    outcome = aws(DEPLOY)
    assert outcome.code == 0
    assert outcome.stdout.endswith("\n\nNo changes to deploy. Stack st is up to date\n")
    outcome = aws(f"{DEPLOY} --fail-on-empty-changeset")
    assert outcome.code == 255
    assert outcome.stderr == "\nawsmini: [ERROR]: No changes to deploy. Stack st is up to date\n"


FAILED_SET = (
    "Failed to create the changeset: Waiter ChangeSetCreateComplete failed: Waiter encountered a terminal failure "
    'state: For expression "Status" we matched expected path: "FAILED" Status: FAILED. Reason: Bad'
)
FAILED_STACK = (
    "Failed to create/update the stack. Run the following command\n"
    "to fetch the list of events leading up to the failure\n"
    "awsmini cloudformation describe-stack-events --stack-name st"
)
FAILURES: list[tuple[str, list[Answer], int, str]] = [
    ("DescribeChangeSet", [result("DescribeChangeSet", "<Status>FAILED</Status><StatusReason>Bad</StatusReason>")], 255, FAILED_SET),
    ("DescribeStacks", [NONE, stack("ROLLBACK_COMPLETE")], 255, FAILED_STACK),
    ("DescribeStacks", [stack("CREATE_COMPLETE"), stack("UPDATE_ROLLBACK_COMPLETE")], 255, FAILED_STACK),
    ("CreateChangeSet", [refused("InsufficientCapabilitiesException", "Requires X")], 254, "when calling the CreateChangeSet operation: Requires X"),
    ("DescribeStacks", [refused("AccessDenied", "no")], 254, "when calling the DescribeStacks operation: no"),
    ("ExecuteChangeSet", [refused("InvalidChangeSetStatus", "no")], 254, "when calling the ExecuteChangeSet operation: no"),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "answers", "code", "message"), FAILURES)
def test_failures(aws: Terminal, new: CloudFormation, operation: str, answers: Any, code: int, message: str) -> None:
    new.answers[operation] = answers
    outcome = aws(DEPLOY)
    assert outcome.code == code
    assert outcome.stderr.rstrip("\n").endswith(message)
    assert "Traceback" not in outcome.stderr


def test_a_change_set_that_fails_without_a_reason(aws: Terminal, new: CloudFormation) -> None:
    new.answers["DescribeChangeSet"] = [result("DescribeChangeSet", "<Status>FAILED</Status>")]
    assert "Status: FAILED. Reason:" in aws(DEPLOY).stderr


def test_a_large_template_needs_a_bucket(aws: Terminal, new: CloudFormation) -> None:
    text = TEMPLATE + "#" * 51_200 + "\n"
    aws.write("t.yaml", text)
    outcome = aws(DEPLOY)
    assert outcome.code == 255
    assert "Please add the --s3-bucket parameter to your command." in outcome.stderr
    assert aws(f"{DEPLOY} --s3-bucket bkt --s3-prefix p").code == 0
    sent = next(request for request in aws.service.requests if request.method == "PUT")
    assert sent.body == text.encode()
    assert new.asked("CreateChangeSet")["TemplateURL"] == aws.service.url + sent.path
    assert sent.path.startswith("/bkt/p/")
    assert sent.path.endswith(".template")


REFUSED = [
    ("--parameter-overrides A", 255, "['A'] value passed to --parameter-overrides must be of format Key=Value"),
    ("--tags a", 255, "['a'] value passed to --tags must be of format Key=Value"),
    ("--parameter-overrides 5", 255, "'int' object is not iterable"),
    ("--parameter-overrides file://none", 252, "Unable to load paramfile file://none"),
]


@pytest.mark.parametrize(("options", "code", "message"), REFUSED)
def test_what_is_refused_before_anything_is_sent(aws: Terminal, options: str, code: int, message: str) -> None:
    aws.write("t.yaml", TEMPLATE)
    outcome = aws(f"{DEPLOY} {options}")
    assert outcome.code == code
    assert message in outcome.message
    assert aws.service.requests == []


def test_it_is_looked_at_every_half_minute(aws: Terminal, new: CloudFormation, slept: list[float]) -> None:
    new.answers["DescribeStacks"] = [NONE, stack("CREATE_IN_PROGRESS"), stack("CREATE_COMPLETE")]
    creating = result("DescribeChangeSet", "<Status>CREATE_IN_PROGRESS</Status>")
    new.answers["DescribeChangeSet"].insert(0, creating)
    assert aws(DEPLOY).code == 0
    assert [seconds for seconds in slept if seconds] == [5, 30]


def test_deploy_against_moto(aws_moto: Terminal) -> None:
    aws_moto.write("t.yaml", "Parameters:\n  N: {Type: String}\nResources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties: {QueueName: !Ref N}\n")  # fmt: skip
    outcome = aws_moto(f"{DEPLOY} --parameter-overrides N=first --tags a=b")
    assert outcome.code == 0, outcome.stderr
    assert aws_moto("sqs list-queues --query QueueUrls").json[0].endswith("/first")
    described = aws_moto("cloudformation describe-stacks --stack-name st --query Stacks[0].[StackStatus,Tags]").json
    assert described == ["CREATE_COMPLETE", [{"Key": "a", "Value": "b"}]]
    outcome = aws_moto(f"{DEPLOY} --parameter-overrides N=second")
    assert outcome.code == 0, outcome.stderr
    status = aws_moto("cloudformation describe-stacks --stack-name st --query Stacks[0].StackStatus").json
    assert status == "UPDATE_COMPLETE"
