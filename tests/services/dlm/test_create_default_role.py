"""`dlm create-default-role`."""

import json

import pytest

from tests.servers import answer

COMMAND = "dlm create-default-role"
VERSION = "<R><GetPolicyVersionResult><PolicyVersion><Document>%7B%22a%22%3A1%7D</Document></PolicyVersion></GetPolicyVersionResult></R>"
KNOWN = {
    "CreateRole": "<R><CreateRoleResult><Role><RoleName>r</RoleName></Role></CreateRoleResult></R>",
    "AttachRolePolicy": "<R/>",
    "GetPolicy": "<R><GetPolicyResult><Policy><DefaultVersionId>v7</DefaultVersionId></Policy></GetPolicyResult></R>",
    "GetPolicyVersion": VERSION,
    "GetRole": "<R><GetRoleResult><Role><RoleName>r</RoleName></Role></GetRoleResult></R>",
}


def without(*absent):
    def respond(request):
        action = request.form["Action"]
        if action in absent:
            return answer(404, "<E><Error><Code>NoSuchEntity</Code></Error></E>")
        return answer(200, KNOWN[action])

    return respond


@pytest.mark.parametrize(
    ("words", "role", "policy"),
    [
        (
            "",
            "AWSDataLifecycleManagerDefaultRole",
            "arn:aws:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRole",
        ),
        (
            "--resource-type image --region cn-north-1",
            "AWSDataLifecycleManagerDefaultRoleForAMIManagement",
            "arn:aws-cn:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRoleForAMIManagement",
        ),
    ],
)
def test_a_role_that_is_missing_is_made(aws, words, role, policy):
    aws.service.always(without("GetRole"))
    outcome = aws(f"{COMMAND} {words} --endpoint-url http://127.0.0.1:9")
    assert outcome.json == {"RolePolicy": {"a": 1}, "Role": {"RoleName": "r"}}
    forms = {request.form["Action"]: request.form for request in aws.service.requests}
    assert (forms["CreateRole"]["RoleName"], forms["AttachRolePolicy"]["PolicyArn"]) == (role, policy)
    trusted = json.loads(forms["CreateRole"]["AssumeRolePolicyDocument"])
    assert trusted["Statement"][0]["Principal"] == {"Service": "dlm.amazonaws.com"}


@pytest.mark.parametrize(("absent", "calls"), [((), 1), (("GetRole", "GetPolicy"), 2)])
def test_nothing_is_done(aws, absent, calls):
    aws.service.always(without(*absent))
    outcome = aws(COMMAND)
    assert (outcome.code, outcome.stdout, len(aws.service.requests)) == (0, "", calls)


def test_what_is_left_behind_is_told(aws):
    known = without("GetRole")
    denied = answer(403, "<E><Error><Code>AccessDenied</Code><Message>no</Message></Error></E>")
    aws.service.always(lambda request: denied if request.form["Action"] == "AttachRolePolicy" else known(request))
    outcome = aws(COMMAND)
    assert outcome.code == 254
    assert outcome.stderr.startswith("Made already: role AWSDataLifecycleManagerDefaultRole.\n")


def test_its_own_endpoint(aws):
    aws.service.always(without())
    assert aws(f"{COMMAND} --iam-endpoint {aws.service.url}/iam").code == 0
    assert aws.service.request.path == "/iam"
