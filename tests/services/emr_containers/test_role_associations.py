"""`emr-containers`: service accounts of jobs, and the IAM roles that they act in."""

import json
from urllib.parse import quote

import pytest

from awsmini.services.small.emr_containers import statement, statements
from awsmini.services.small.emr_containers_accounts import Account, accounts, base36

CLUSTER = {
    "name": "c1",
    "arn": "arn:aws:eks:us-east-1:123456789012:cluster/c1",
    "identity": {"oidc": {"issuer": "https://oidc.eks.us-east-1.amazonaws.com/id/ABC"}},
}
WHICH = "--cluster-name c1 --namespace ns --role-name my-role"
ROLE = "8fenk3zlrad"  # my-role
NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/"
ASSOCIATION = {"association": {"clusterName": "c1", "associationId": "a-1", "createdAt": 1.6e9}}


@pytest.mark.parametrize(("text", "written"), [("my-role", ROLE), ("", "0"), ("a", "2p"), ("\x00", "0"), ("é", "6h")])
def test_role_names_in_base_36(text, written):
    assert base36(text) == written
    if written != "0":
        assert int(written, 36) == int.from_bytes(text.encode("latin1"), "big")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, [(f"emr-containers-sa-spark-{part}-1-{ROLE}", "ns") for part in ("client", "driver", "executor")]),
        (
            {"type": "interactive_endpoint"},
            [(f"emr-containers-sa-spark-{part}-1-{ROLE}", "ns") for part in ("jeg", "jeg-kernel", "session")],
        ),
        (
            {"type": "spark_operator", "operator_namespace": "op"},
            [
                ("emr-containers-sa-spark-operator", "op"),
                *((f"emr-containers-sa-spark-{part}-1-{ROLE}", "ns") for part in ("driver", "executor")),
            ],
        ),
        (
            {"type": "flink_operator"},
            [
                ("emr-containers-sa-flink-operator", "ns"),
                *((f"emr-containers-sa-flink-{part}-1-{ROLE}", "ns") for part in ("jobmanager", "taskmanager")),
            ],
        ),
        (
            {"type": "livy", "operator_namespace": "op"},
            [("emr-containers-sa-livy", "op"), ("emr-container-sa-spark-livy", "ns")],
        ),
        ({"type": "livy", "service_account_name": "sa", "operator_namespace": "op"}, [("sa", "ns")]),
    ],
)
def test_accounts_that_jobs_run_as(values, expected):
    assert accounts({"namespace": "ns", "role_name": "my-role", **values}, "1") == [Account(*each) for each in expected]


def script(aws, *replies):
    """The cluster, then what follows: statuses and bodies."""
    aws.service.replies(200, {"cluster": CLUSTER})
    for status, body in replies:
        aws.service.replies(status, body, {"x-amzn-ErrorType": body} if status == 400 else {})


def refused(code):
    return 400, code


def test_associations_are_made(aws):
    script(aws, *[(200, ASSOCIATION)] * 3)
    outcome = aws(f"emr-containers create-role-associations {WHICH} --region us-gov-west-1")
    shown = {**ASSOCIATION["association"], "createdAt": "2020-09-13T12:26:40+00:00"}
    assert json.loads(outcome.stdout) == [shown] * 3
    assert not outcome.stdout.endswith("\n")
    sent = aws.service.requests[1].json
    assert sent.pop("clientRequestToken")
    assert sent == {
        "namespace": "ns",
        "roleArn": "arn:aws-us-gov:iam::123456789012:role/my-role",
        "serviceAccount": f"emr-containers-sa-spark-client-123456789012-{ROLE}",
    }


def test_associations_that_are_there_are_left_alone(aws):
    script(aws, *[refused("ResourceInUseException")] * 2, (200, ASSOCIATION))
    outcome = aws(f"emr-containers create-role-associations {WHICH}")
    assert outcome.code == 0
    assert outcome.stderr.count("Skipping pod identity association creation because pod identity association") == 2
    assert len(json.loads(outcome.stdout)) == 1


def test_all_associations_or_none(aws):
    script(aws, (200, ASSOCIATION), refused("ResourceInUseException"), refused("AccessDenied"), (200, ASSOCIATION))
    outcome = aws(f"emr-containers create-role-associations {WHICH}")
    assert outcome.code == 255
    assert outcome.stdout == ""
    assert "Rolling back association for service account" in outcome.stderr
    assert (
        f"Failed to create pod identity association for service account emr-containers-sa-spark-executor-123456789012-{ROLE}, role my-role in namespace ns"
        in outcome.stderr
    )
    last = aws.service.requests[-1]
    assert (last.method, last.path) == ("DELETE", "/clusters/c1/pod-identity-associations/a-1")


def test_what_cannot_be_taken_back_is_told(aws):
    script(aws, (200, ASSOCIATION), refused("AccessDenied"), refused("AccessDenied"))
    outcome = aws(f"emr-containers create-role-associations {WHICH}")
    assert outcome.code == 254
    assert "Made, and still there: a-1.\n\nawsmini: [ERROR]: An error occurred (AccessDenied)" in outcome.stderr


def test_associations_are_deleted(aws):
    found = {"associations": [{"associationId": "a-1"}, {"associationId": "a-2"}]}
    script(aws, (200, found), (200, ASSOCIATION), (200, {"associations": []}), (200, found), (200, ASSOCIATION))
    outcome = aws(f"emr-containers delete-role-associations {WHICH}")
    assert outcome.code == 0
    assert outcome.stderr.startswith("Skipping deletion as no pod identity association found for service account")
    assert [each["associationId"] for each in json.loads(outcome.stdout)] == ["a-1", "a-1"]


def test_an_error_half_way_tells_what_is_deleted_already(aws):
    found = {"associations": [{"associationId": "a-1"}]}
    script(aws, (200, found), (200, ASSOCIATION), refused("AccessDenied"))
    outcome = aws(f"emr-containers delete-role-associations {WHICH}")
    assert outcome.code == 255
    assert outcome.stderr.startswith("Deleted already: a-1.\n\nawsmini: [ERROR]: Failed to delete pod identity")


def policy_answer(policy):
    role = f"<Role><AssumeRolePolicyDocument>{quote(json.dumps(policy))}</AssumeRolePolicyDocument></Role>"
    return f'<GetRoleResponse xmlns="{NAMESPACE}"><GetRoleResult>{role}</GetRoleResult></GetRoleResponse>'


UPDATED = f'<UpdateAssumeRolePolicyResponse xmlns="{NAMESPACE}"/>'
UPDATE = f"emr-containers update-role-trust-policy {WHICH}"
WANTED = statement(CLUSTER, "ns", "my-role", "us-east-1")
OTHER = {"Effect": "Allow", "Principal": {"Service": "x"}, "Action": "sts:AssumeRole"}


def test_a_role_comes_to_trust_the_accounts(aws):
    script(aws, (200, policy_answer({"Version": "2012-10-17", "Statement": [OTHER]})), (200, UPDATED))
    assert aws(UPDATE).stdout == "Successfully updated trust policy of role my-role\n"
    sent = json.loads(aws.service.requests[-1].form["PolicyDocument"])
    assert sent == {"Version": "2012-10-17", "Statement": [OTHER, WANTED]}
    provider = "oidc.eks.us-east-1.amazonaws.com/id/ABC"
    assert WANTED["Principal"] == {"Federated": f"arn:aws:iam::123456789012:oidc-provider/{provider}"}
    subject = f"system:serviceaccount:ns:emr-containers-sa-*-*-123456789012-{ROLE}"
    assert WANTED["Condition"] == {"StringLike": {f"{provider}:sub": subject}}


@pytest.mark.parametrize("policy", [{"Statement": [OTHER, WANTED]}, {"Statement": WANTED}])
def test_a_role_that_trusts_them_already_is_left_alone(aws, policy):
    script(aws, (200, policy_answer(policy)))
    told = "Trust policy statement already exists for role my-role. No changes were made!\n"
    assert aws(UPDATE).stdout == told


def test_a_dry_run_shows_the_policy(aws):
    script(aws, (200, policy_answer({"Version": "2012-10-17"})))
    assert aws(f"{UPDATE} --dry-run").json == {"Version": "2012-10-17", "Statement": [WANTED]}


def test_one_statement_may_stand_alone():
    assert statements({"Statement": OTHER}) == [OTHER]
    assert statements({}) == []


def test_a_cluster_without_an_issuer(aws):
    aws.service.replies(200, {"cluster": {**CLUSTER, "identity": {}}})
    outcome = aws(UPDATE)
    assert outcome.code == 255
    assert "The cluster has no OIDC issuer." in outcome.message


def test_an_endpoint_url_is_not_meant_for_eks_and_iam(aws):
    script(aws, (200, policy_answer({"Statement": [WANTED]})))
    assert aws(f"{UPDATE} --endpoint-url http://127.0.0.1:9").code == 0


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("create-role-associations", "the following arguments are required: --cluster-name, --namespace, --role-name"),
        (f"create-role-associations {WHICH} --type x", "argument --type: Found invalid choice 'x'"),
    ],
)
def test_command_lines_that_are_wrong(aws, line, message):
    outcome = aws(f"emr-containers {line}")
    assert outcome.code == 252
    assert message in outcome.message


def test_a_role_of_motos(aws_moto):
    trust = json.dumps({"Version": "2012-10-17", "Statement": [OTHER]})
    roles = "--cluster-name c1 --namespace ns --role-name my-role"
    made = ["iam", "create-role", "--role-name", "my-role", "--assume-role-policy-document", trust]
    assert aws_moto(made).code == 0
    assert (
        aws_moto(
            "eks create-cluster --name c1 --role-arn arn:aws:iam::123456789012:role/my-role --resources-vpc-config {}"
        ).code
        == 0
    )
    update = f"emr-containers update-role-trust-policy {roles}"
    assert aws_moto(update).stdout == "Successfully updated trust policy of role my-role\n"
    assert aws_moto(update).stdout.startswith("Trust policy statement already exists")
    found = aws_moto("iam get-role --role-name my-role").json["Role"]["AssumeRolePolicyDocument"]["Statement"]
    assert [each["Action"] for each in found] == ["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"]
