"""`emr create-default-roles`: the roles in IAM, and the profile that is told of them."""

import json
from urllib.parse import quote

import pytest

from awsmini.services.emr.create_default_roles import AUTO_SCALING, EMR, ServicePrincipalError, service_principal
from awsmini.services.shared.partition import partition_of

NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/"
NAMES = ("EMR_EC2_DefaultRole", "EMR_DefaultRole", "EMR_AutoScaling_DefaultRole")


def answer(operation, result=""):
    return f'<{operation}Response xmlns="{NAMESPACE}"><{operation}Result>{result}</{operation}Result></{operation}Response>'


def error(code):
    error = f"<Error><Code>{code}</Code><Message>no</Message></Error>"
    return f'<ErrorResponse xmlns="{NAMESPACE}">{error}</ErrorResponse>'


@pytest.mark.parametrize(
    ("service", "endpoint", "principal"),
    [
        ("ec2", "http://localhost", "ec2.amazonaws.com"),
        (EMR, "https://elasticmapreduce.us-east-1.amazonaws.com", "elasticmapreduce.amazonaws.com"),
        (EMR, "https://us-east-1.elasticmapreduce.amazonaws.com/x", "elasticmapreduce.amazonaws.com"),
        (EMR, "https://elasticmapreduce.cn-north-1.amazonaws.com.cn", "elasticmapreduce.amazonaws.com.cn"),
        (AUTO_SCALING, "https://elasticmapreduce.cn-north-1.x", "application-autoscaling.x"),
        (AUTO_SCALING, "https://elasticmapreduce.ap-1.example.org", "application-autoscaling.amazonaws.com"),
    ],
)
def test_roles_trust_the_services_of_the_partition(service, endpoint, principal):
    assert service_principal(service, endpoint) == principal


def test_another_endpoint_does_not_tell_the_partition():
    with pytest.raises(ServicePrincipalError):
        service_principal(EMR, "http://127.0.0.1:4566")


@pytest.mark.parametrize(
    ("region", "partition"), [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("US-GOV-west-1", "aws-us-gov")]
)
def test_partitions(region, partition):
    assert partition_of(region) == partition


@pytest.fixture
def roles(aws, moto):
    """Runs the command against moto's IAM, which knows the policies of AWS where it is told to load them."""
    del aws.env["AWS_ENDPOINT_URL"]
    aws.env["AWS_ENDPOINT_URL_IAM"] = moto
    return lambda more="": aws(f"emr create-default-roles {more}")


def iam(aws, line):
    return aws(f"iam {line}", env={"AWS_ENDPOINT_URL": aws.env["AWS_ENDPOINT_URL_IAM"]}).json


def script(aws, *replies):
    """IAM alone is the test's server."""
    aws.env["AWS_ENDPOINT_URL_IAM"] = aws.env.pop("AWS_ENDPOINT_URL")
    for reply in replies:
        aws.service.replies(403 if "<Error>" in reply else 200, reply)


ROLE = answer("GetRole", "<Role><RoleName>R</RoleName></Role>")
PROFILE = answer("GetInstanceProfile", "<InstanceProfile><Path>/</Path></InstanceProfile>")
ALL_THERE = (ROLE, PROFILE, ROLE, ROLE)
DOCUMENT = {"Version": "2012-10-17", "Statement": []}
MADE = (
    error("NoSuchEntity"),
    answer("CreateRole", "<Role><RoleName>R</RoleName><CreateDate>2020-01-02T03:04:05Z</CreateDate></Role>"),
    answer("AttachRolePolicy"),
    answer("GetPolicy", "<Policy><DefaultVersionId>v3</DefaultVersionId></Policy>"),
    answer("GetPolicyVersion", f"<PolicyVersion><Document>{quote(json.dumps(DOCUMENT))}</Document></PolicyVersion>"),
)
MADE_PROFILE = (error("NoSuchEntity"), answer("CreateInstanceProfile"), answer("AddRoleToInstanceProfile"))


def test_all_are_made(aws):
    script(aws, *MADE, *MADE_PROFILE, *MADE, *MADE)
    answers = aws("emr create-default-roles --region cn-north-1").json
    role = {"RoleName": "R", "CreateDate": "2020-01-02T03:04:05+00:00"}
    assert answers == [{"Role": role, "RolePolicy": DOCUMENT}] * 3
    sent = [request.form for request in aws.service.requests]
    made = [form for form in sent if form["Action"] == "CreateRole"]
    assert tuple(form["RoleName"] for form in made) == NAMES
    trusted = [json.loads(form["AssumeRolePolicyDocument"])["Statement"][0]["Principal"]["Service"] for form in made]
    suffix = "amazonaws.com.cn"
    assert trusted == ["ec2.amazonaws.com", f"{EMR}.{suffix}", [f"{EMR}.{suffix}", f"{AUTO_SCALING}.{suffix}"]]
    policies = {form["PolicyArn"] for form in sent if form["Action"] == "AttachRolePolicy"}
    assert "arn:aws-cn:iam::aws:policy/service-role/AmazonElasticMapReduceRole" in policies
    config = aws.home / ".aws/config"
    text = "[default]\nemr =\n    service_role = EMR_DefaultRole\n    instance_profile = EMR_EC2_DefaultRole\n"
    assert config.read_text() == text
    assert config.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[default]\nemr =\n    service_role = X\n", None),
        ("[default]\nemr =\n    instance_profile = X\n", None),
        (
            "[default]\nregion = eu-west-1\n",
            "[default]\nregion = eu-west-1\nemr =\n    service_role = EMR_DefaultRole\n"
            "    instance_profile = EMR_EC2_DefaultRole\n",
        ),
    ],
)
def test_nothing_is_made_twice_and_a_profile_keeps_its_roles(aws, before, after):
    script(aws, *ALL_THERE)
    aws.write(".aws/config", before)
    assert aws("emr create-default-roles").stdout == "[]\n"
    assert (aws.home / ".aws/config").read_text() == (after or before)


def test_an_error_half_way_tells_what_is_made_already(aws):
    script(aws, *MADE, *MADE_PROFILE, error("AccessDenied"))
    outcome = aws("emr create-default-roles")
    assert outcome.code == 254
    told = "Made already: role EMR_EC2_DefaultRole, instance profile EMR_EC2_DefaultRole.\n"
    assert outcome.stderr.startswith(f"{told}\nawsmini: [ERROR]: An error occurred (AccessDenied)")
    assert not (aws.home / ".aws/config").exists()


def test_an_endpoint_for_iam(aws):
    url = aws.env["AWS_ENDPOINT_URL"]
    script(aws, *ALL_THERE)
    del aws.env["AWS_ENDPOINT_URL_IAM"]
    assert aws(f"emr create-default-roles --iam-endpoint {url}").code == 0


def test_what_is_there_is_taken_up_again(aws, roles):
    """Moto lacks the managed policies, so the first role is made and goes without."""
    outcome = roles("--region eu-west-1")
    assert outcome.code == 254
    assert outcome.stderr.startswith("Made already: role EMR_EC2_DefaultRole.\n")
    assert roles().stderr.startswith("Made already: instance profile EMR_EC2_DefaultRole, role EMR_DefaultRole.\n")
    profile = iam(aws, "get-instance-profile --instance-profile-name EMR_EC2_DefaultRole")["InstanceProfile"]
    assert [role["RoleName"] for role in profile["Roles"]] == ["EMR_EC2_DefaultRole"]
    assert roles().stderr.startswith("Made already: role EMR_AutoScaling_DefaultRole.\n")
    assert roles().stdout == "[]\n"
    trust = iam(aws, "get-role --role-name EMR_AutoScaling_DefaultRole")["Role"]["AssumeRolePolicyDocument"]
    services = ["elasticmapreduce.amazonaws.com", "application-autoscaling.amazonaws.com"]
    assert trust["Statement"][0]["Principal"] == {"Service": services}
