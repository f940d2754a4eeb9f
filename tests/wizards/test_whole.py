"""Whole wizards, typed on a terminal, and what is there afterwards."""

import json
import zipfile

import pytest

from tests.servers import answer
from tests.terminal import run_and_list_modules
from tests.wizards.pseudo_terminal import on_a_terminal

DOWN = "\x1b[B"
TRUST = '{"Version":"2012-10-17","Statement":[]}'
POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
CREATED = (
    "<CreateRoleResponse><CreateRoleResult><Role><Arn>arn:aws:iam::1:role/r</Arn></Role></CreateRoleResult>"
    "</CreateRoleResponse>"
)
LAST = ("Create it now", "\r")


def test_a_table(aws_moto):
    shown = on_a_terminal(
        aws_moto,
        "dynamodb wizard new-table",
        ("Name of the table", "orders\rid\r\r\rat\r" + DOWN + "\r"),
        ("On demand", "\r7\x1b[D\x7f\r\r"),
        ("Whose key", DOWN + "\r"),
        ("What to show", DOWN + "\r"),
        LAST,
    )
    assert shown.code == 0
    assert shown.last.startswith("Created the DynamoDB table orders.\n\nawsmini dynamodb create-table \\\n")
    table = aws_moto("dynamodb describe-table --table-name orders").json["Table"]
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["id", "at"]
    assert {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]} == {
        "id": "S",
        "at": "N",
    }
    assert table["ProvisionedThroughput"]["ReadCapacityUnits"] == 7
    assert table["SSEDescription"]["SSEType"] == "KMS"


def test_a_role_and_its_profile(aws_moto):
    arn = aws_moto(["iam", "create-policy", "--policy-name", "buckets", "--policy-document", POLICY]).json["Policy"][
        "Arn"
    ]
    aws_moto.write(".aws/config", "[profile base]\nregion = eu-west-1\n")
    shown = on_a_terminal(
        aws_moto,
        "iam wizard new-role",
        ("Name of the role", "reader\rreads\r\r" + DOWN + "\r"),
        ("Policy with", "buck"),
        ("> buckets", "\x1bOR"),
        ('"Action": "s3:*"', "\r"),
        ("Write a profile", "\rnew\r\r\r"),
        ("What to show", "\r"),
        LAST,
    )
    assert shown.code == 0
    role = aws_moto("iam get-role --role-name reader").json["Role"]
    assert shown.last == (
        f"Created the role reader: {role['Arn']}\nAttached the policy {arn} to it.\n"
        "Wrote the profile new to the config file.\n"
    )
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": "lambda.amazonaws.com"}
    attached = aws_moto("iam list-attached-role-policies --role-name reader").json["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in attached] == ["buckets"]
    assert (aws_moto.home / ".aws/config").read_text() == (
        f"[profile base]\nregion = eu-west-1\n[profile new]\nsource_profile = base\nrole_arn = {role['Arn']}\n"
    )


@pytest.fixture
def role_arn(aws_moto):
    command = ["iam", "create-role", "--role-name", "runner", "--assume-role-policy-document", TRUST]
    return aws_moto(command).json["Role"]["Arn"]


def test_a_function_and_a_rule_that_runs_it(aws_moto, role_arn):
    with zipfile.ZipFile(aws_moto.home / "code.zip", "w") as archive:
        archive.writestr("h.py", "def h(event, context): pass")
    shown = on_a_terminal(
        aws_moto,
        "lambda wizard new-function",
        ("Name of the function", "resize\r"),
        ("Runtime", "python3.13\r"),
        ("> runner", "\r"),
        ("Handler", "h.h\r"),
        ("Zip file", "code.zip\r"),
        ("What to show", "\r"),
        LAST,
    )
    assert shown.code == 0
    found = aws_moto("lambda get-function --function-name resize").json["Configuration"]
    assert (found["Runtime"], found["Role"], found["Handler"]) == ("python3.13", role_arn, "h.h")
    assert shown.last == f"Created the Lambda function resize: {found['FunctionArn']}\n"

    shown = on_a_terminal(
        aws_moto,
        "events wizard new-rule",
        ("Name of the rule", "often\r\r"),
        ("What sets it off", DOWN + "\r\r10\r\r"),
        ("What it leads to", "lambda\r"),
        ("> resize", "\r"),
        ("What to show", "\r"),
        LAST,
    )
    assert shown.code == 0
    assert aws_moto("events describe-rule --name often").json["ScheduleExpression"] == "rate(10 minutes)"
    targets = aws_moto("events list-targets-by-rule --rule often").json["Targets"]
    assert targets == [{"Id": "cli-wizard-0", "Arn": found["FunctionArn"]}]
    policy = json.loads(aws_moto("lambda get-policy --function-name resize").json["Policy"])
    assert policy["Statement"][0]["Principal"] == {"Service": "events.amazonaws.com"}


def test_canceled(aws):
    shown = on_a_terminal(aws, "dynamodb wizard new-table", ("Name of the table", "orders\r"), ("partition", "\x03"))
    assert (shown.code, shown.last.strip()) == (130, "")


def test_canceled_while_aws_is_asked(aws):
    aws.service.always(lambda _: answer(200, delay=20))
    steps = [("Name of the function", "f\r"), ("Runtime", "\r"), ("Asking AWS: iam ListRoles", "\x03")]
    shown = on_a_terminal(aws, "lambda wizard new-function", *steps)
    assert shown.code == 130


def test_canceled_after_a_part_of_it(aws):
    aws.service.replies(403, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>")
    aws.service.replies(200, CREATED)
    aws.service.always(lambda _: answer(200, delay=20))
    shown = on_a_terminal(
        aws,
        "iam wizard new-role",
        ("Name of the role", "r\r\r\r\r"),
        ("ARN of the policy", "arn:aws:iam::aws:policy/ReadOnlyAccess\r" + DOWN + "\r\r"),
        LAST,
        ("Asking AWS: iam AttachRolePolicy", "\x03"),
    )
    assert shown.code == 130
    assert shown.last.strip() == (
        "Done before it was canceled:\nCreated the role r: arn:aws:iam::1:role/r\n\nMaybe done: call iam.AttachRolePolicy"
    )


@pytest.mark.parametrize("name", ["dynamodb wizard new-table", "events wizard new-rule"])
def test_without_a_terminal(aws, name):
    outcome = aws(name)
    assert outcome.message == "awsmini: [ERROR]: A wizard asks its questions on a terminal, and the input is none."
    assert outcome.code == 255


def test_no_request_is_printed(aws):
    outcome = aws("iam wizard new-role --print-request curl")
    assert outcome.code == 252
    assert "--print-request" in outcome.message


def test_a_wrong_mfa_code_is_told_before_anything_is_asked(aws):
    aws.write(
        ".aws/config",
        "[profile p]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = keys\nmfa_serial = arn:aws:iam::1:mfa/me\n"
        "[profile keys]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n",
    )
    refusal = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>invalid code</Message></Error></ErrorResponse>"
    aws.service.replies(403, refusal)
    shown = on_a_terminal(
        aws, "iam wizard new-role --profile p", ("Enter MFA code for arn:aws:iam::1:mfa/me:", "111111\r")
    )
    assert shown.code == 254
    assert "(AccessDenied) when calling the AssumeRole operation: invalid code" in shown.text
    assert "Name of the role" not in shown.text


@pytest.mark.parametrize(
    ("command", "code", "message"),
    [
        (
            "iam wizard",
            252,
            "usage: awsmini [options] iam wizard <subcommand> [parameters]\nawsmini: [ERROR]: too few arguments",
        ),
        ("iam wizard nosuch", 252, "argument subcommand: Found invalid choice 'nosuch'"),
        ("iam wizard --bogus", 252, "Unknown options: --bogus"),
        ("iam wizard new-role bogus", 252, "Unknown options: bogus"),
        ("s3api wizard", 252, "argument operation: Found invalid choice 'wizard'"),
    ],
)
def test_words_that_are_wrong(aws, command, code, message):
    outcome = aws(command)
    assert outcome.code == code
    assert message in outcome.message


def test_help(aws):
    assert "    wizard" in aws("dynamodb help").stdout
    assert "new-table  Create a DynamoDB table by answering questions" in aws("dynamodb wizard help").stdout
    assert (
        "awsmini lambda wizard new-function - Create a Lambda function" in aws("lambda wizard new-function help").stdout
    )


@pytest.mark.parametrize(
    ("command", "code"), [("iam wizard", 252), ("iam wizard new-role", 255), ("iam wizard new-role --bogus", 252)]
)
def test_a_wizard_that_does_not_open_loads_nothing_of_it(command, code):
    found, modules = run_and_list_modules(command)
    assert found == code
    assert not modules & {"prompt_toolkit", "rich", "jmespath", "requests", "asyncio"}
