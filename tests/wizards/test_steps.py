"""What wizards make, from answers to calls; and what is known of it when one fails."""

import json

import pytest

from awsmini.wizards.definition import load
from awsmini.wizards.steps import Journal, run
from awsmini.wizards.walk import Values
from tests.wizards.worlds import Recorder, Refused

TABLE = {
    "table": "t",
    "key": "id",
    "key_type": "S",
    "sorted": False,
    "billing": "PAY_PER_REQUEST",
    "encryption": "owned",
}
TABLE_PARAMS = {
    "TableName": "t",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
ROLE = {
    "role": "r",
    "description": "",
    "trusts": "service",
    "service": "ec2",
    "policy": "arn:p",
    "wants_profile": False,
}
ROLE_ARN = "arn:aws:iam::123456789012:role/r"
FUNCTION = {"function": "f", "runtime": "python3.14", "role": "arn:r", "handler": "h.h", "zip": "c.zip"}
RULE = {
    "rule": "e",
    "description": "d",
    "trigger": "schedule",
    "schedule": "cron",
    "cron": "0 12 * * ? *",
    "target": "lambda",
    "function": "f",
}
RULE_ARN = "arn:aws:events:us-east-1:123456789012:rule/e"
LOG_ARN = "arn:aws:logs:us-east-1:123456789012:log-group:/g:*"
TOPIC = "arn:aws:sns:us-east-1:123456789012:t"
FUNCTION_ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"
PROJECT_ARN = "arn:aws:codebuild:us-east-1:123456789012:project/p"
ANSWERS = {
    "iam.CreateRole": {"Role": {"Arn": ROLE_ARN}},
    "sts.GetCallerIdentity": {"Account": "123456789012"},
    "lambda.CreateFunction": {"FunctionArn": FUNCTION_ARN},
    "lambda.GetFunction": {"Configuration": {"FunctionArn": FUNCTION_ARN}},
    "events.PutRule": {"RuleArn": RULE_ARN},
    "sns.GetTopicAttributes": {"Attributes": {"Policy": '{"Version": "2008-10-17", "Statement": [{"Sid": "mine"}]}'}},
    "codebuild.BatchGetProjects": {"projects": [{"arn": PROJECT_ARN}]},
}  # fmt: skip
ZIP = b"PK\5\6" + bytes(18)  # with nothing in it
FILES = {"c.zip": ZIP, "pattern.json": b'{"source":["my.app"]}'}
PERMISSION = {"FunctionName": "f", "StatementId": "cli-wizard", "Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com", "SourceArn": RULE_ARN}  # fmt: skip


def targets(arn, **more):
    return ("events.PutTargets", {"Rule": "e", "Targets": [{"Id": "cli-wizard-0", "Arn": arn, **more}]})


def rule(**params):
    return ("events.PutRule", {"Name": "e", "Description": "d", **params})


def trust(principal):
    statement = {"Action": "sts:AssumeRole", "Principal": principal, "Effect": "Allow", "Sid": ""}
    document = {"Version": "2008-10-17", "Statement": [statement]}
    return ("iam.CreateRole", {"RoleName": "r", "AssumeRolePolicyDocument": document, "Description": ""})


ATTACHED = ("iam.AttachRolePolicy", {"RoleName": "r", "PolicyArn": "arn:p"})
PROFILE = {"wants_profile": True, "profile": "new"}

CASES = {
    "a table": ("dynamodb", TABLE, [("dynamodb.CreateTable", TABLE_PARAMS)]),
    "a table with everything": (
        "dynamodb",
        {**TABLE, "sorted": True, "sort_key": "n", "sort_key_type": "N", "billing": "PROVISIONED", "reads": 5, "writes": 7, "encryption": "customer", "kms_key": "k"},
        [("dynamodb.CreateTable", {
            "TableName": "t",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "n", "KeyType": "RANGE"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "n", "AttributeType": "N"}],
            "BillingMode": "PROVISIONED",
            "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 7},
            "SSESpecification": {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": "k"},
        })],
    ),
    "a table with the key that AWS keeps": (
        "dynamodb",
        {**TABLE, "encryption": "managed", "kms_key": "was chosen before"},
        [("dynamodb.CreateTable", {**TABLE_PARAMS, "SSESpecification": {"Enabled": True, "SSEType": "KMS"}})],
    ),
    "a role for a service": ("iam", ROLE, [trust({"Service": "ec2.amazonaws.com"}), ATTACHED]),
    "a role for this account": ("iam", {**ROLE, "trusts": "this_account"}, [trust({"AWS": "arn:aws:iam::123456789012:root"}), ATTACHED]),
    "a role for another account": ("iam", {**ROLE, "trusts": "account", "account": "210987654321"}, [trust({"AWS": "arn:aws:iam::210987654321:root"}), ATTACHED]),
    "a role and a profile with the credentials of another": (
        "iam",
        {**ROLE, **PROFILE, "source": "profile", "source_profile": "base"},
        [trust({"Service": "ec2.amazonaws.com"}), ATTACHED, ("config new", {"source_profile": "base", "role_arn": ROLE_ARN})],
    ),
    "a role and a profile with those of the machine": (
        "iam",
        {**ROLE, **PROFILE, "source": "Ec2InstanceMetadata", "source_profile": "was chosen before"},
        [trust({"Service": "ec2.amazonaws.com"}), ATTACHED, ("config new", {"credential_source": "Ec2InstanceMetadata", "role_arn": ROLE_ARN})],
    ),
    "a function": (
        "lambda", FUNCTION,
        [("lambda.CreateFunction", {"FunctionName": "f", "Role": "arn:r", "Runtime": "python3.14", "Handler": "h.h", "Code": {"ZipFile": ZIP}})],
    ),
    "a rule for a function": (
        "events", RULE,
        [rule(ScheduleExpression="cron(0 12 * * ? *)"), ("lambda.AddPermission", PERMISSION), targets(FUNCTION_ARN)],
    ),
    "a rule for a topic": (
        "events",
        {**RULE, "schedule": "rate", "every": 5, "unit": "minute", "target": "sns", "topic": TOPIC},
        [
            rule(ScheduleExpression="rate(5 minutes)"),
            ("sns.GetTopicAttributes", {"TopicArn": TOPIC}),
            ("sns.SetTopicAttributes", {"TopicArn": TOPIC, "AttributeName": "Policy", "AttributeValue": {
                "Version": "2008-10-17",
                "Statement": [{"Sid": "mine"}, {"Effect": "Allow", "Action": "sns:Publish", "Principal": {"Service": "events.amazonaws.com"}, "Resource": TOPIC}],
            }}),
            targets(TOPIC),
        ],
    ),
    "a rule for a log group": (
        "events",
        {**RULE, "schedule": "rate", "every": 1, "unit": "day", "target": "logs", "log_group": LOG_ARN},
        [
            rule(ScheduleExpression="rate(1 day)"),
            ("logs.PutResourcePolicy", {"policyName": "WriteEventLogs", "policyDocument": {
                "Version": "2012-10-17",
                "Statement": [{
                    "Sid": "TrustEventsToStoreLogEvent", "Effect": "Allow",
                    "Principal": {"Service": ["delivery.logs.amazonaws.com", "events.amazonaws.com"]},
                    "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": f"{LOG_ARN}:*",
                }],
            }}),
            targets(LOG_ARN),
        ],
    ),
    "a rule for a build, of a service's events": (
        "events",
        {**RULE, "trigger": "event", "pattern_from": "service", "service": "s3", "target": "codebuild", "project": "p", "role": "arn:r"},
        [rule(EventPattern={"source": ["aws.s3"]}), targets(PROJECT_ARN, RoleArn="arn:r")],
    ),
    "a rule of the events in a file": (
        "events",
        {**RULE, "trigger": "event", "pattern_from": "file", "pattern_file": "pattern.json"},
        [rule(EventPattern={"source": ["my.app"]}), ("lambda.AddPermission", PERMISSION), targets(FUNCTION_ARN)],
    ),
    "a profile with keys": (
        "configure",
        {"kind": "keys", "profile": "new", "access_key": "AK", "secret_key": "S", "region": "was typed before"},
        [("credentials new", {"aws_access_key_id": "AK", "aws_secret_access_key": "S"})],
    ),
}  # fmt: skip
NAMES = {
    "dynamodb": "new-table",
    "iam": "new-role",
    "lambda": "new-function",
    "events": "new-rule",
    "configure": "main",
}


def readable(value):
    """JSON texts within parameters as what they say."""
    if isinstance(value, dict):
        return {key: readable(item) for key, item in value.items()}
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value


def made(command, answers, recorder, journal=None):
    wizard = load(command, NAMES[command])
    run(wizard, Values(wizard, recorder.world, answers), recorder.world, journal or Journal())


@pytest.mark.parametrize("name", CASES)
def test_what_is_made(name):
    command, answers, expected = CASES[name]
    recorder = Recorder(ANSWERS, FILES)
    made(command, answers, recorder)
    assert [(what, readable(params)) for what, params in recorder.done] == expected


def test_what_is_told():
    journal = Journal()
    made("iam", {**ROLE, **PROFILE, "source": "Environment"}, Recorder(ANSWERS), journal)
    assert journal.told == [
        f"Created the role r: {ROLE_ARN}",
        "Attached the policy arn:p to it.",
        "Wrote the profile new to the config file.",
    ]
    assert journal.under_way is None


def test_a_step_that_fails_is_tried_again_without_those_before_it():
    recorder, journal = Recorder(ANSWERS), Journal()
    recorder.refuse.add("iam.AttachRolePolicy")
    with pytest.raises(Refused):
        made("iam", ROLE, recorder, journal)
    assert journal.told == [f"Created the role r: {ROLE_ARN}"]
    assert journal.under_way is None
    recorder.refuse.clear()
    made("iam", {**ROLE, **PROFILE, "source": "Environment"}, recorder, journal)
    assert [what for what, _ in recorder.done] == ["iam.CreateRole", "iam.AttachRolePolicy", "config new"]
    assert recorder.done[-1][1]["role_arn"] == ROLE_ARN


def test_another_wish_is_another_thing():
    recorder, journal = Recorder(ANSWERS), Journal()
    made("iam", ROLE, recorder, journal)
    made("iam", {**ROLE, "role": "other"}, recorder, journal)
    assert [params["RoleName"] for what, params in recorder.done if what == "iam.CreateRole"] == ["r", "other"]


def test_an_interruption_leaves_what_was_under_way():
    def interrupted(*_):
        raise KeyboardInterrupt

    recorder, journal = Recorder(ANSWERS), Journal()
    recorder.world = recorder.world._replace(call=interrupted)
    with pytest.raises(KeyboardInterrupt):
        made("iam", ROLE, recorder, journal)
    assert journal.under_way == "call iam.CreateRole"
