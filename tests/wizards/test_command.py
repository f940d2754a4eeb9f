"""`configure wizard`, one question after the other; and `update`, which has nothing to ask."""

import pytest

ROLES = """\
<ListRolesResponse><ListRolesResult><IsTruncated>false</IsTruncated><Roles>
<member><RoleName>reader</RoleName><Arn>arn:aws:iam::123456789012:role/reader</Arn></member>
<member><RoleName>admin</RoleName><Arn>arn:aws:iam::123456789012:role/admin</Arn></member>
</Roles></ListRolesResult></ListRolesResponse>"""
ADMIN = "role_arn = arn:aws:iam::123456789012:role/admin\n"
KINDS = """\
What would you like to configure
  1) Static Credentials
  2) Assume Role
  3) Process Provider
  4) Additional CLI configuration
Choice [1-4]: """


def written(aws, name="config"):
    return (aws.home / ".aws" / name).read_text()


def test_keys(aws):
    outcome = aws("configure wizard", stdin="1\nnew\nAKNEW\n\nSECRET\n")
    assert outcome.stdout == (
        f"{KINDS}Enter the name of the profile: Enter your Access Key Id: "
        "Enter your Secret Access Key: A value is required\nEnter your Secret Access Key: "
    )
    assert written(aws, "credentials") == "[new]\naws_access_key_id = AKNEW\naws_secret_access_key = SECRET\n"
    assert not (aws.home / ".aws/config").exists()


def test_a_program(aws):
    assert aws("configure wizard", stdin="Process Provider\nnew\nget-keys --all\n").code == 0
    assert written(aws) == "[profile new]\ncredential_process = get-keys --all\n"


def test_a_region(aws):
    assert aws("configure wizard", stdin="4\ndefault\neu-west-1\n").code == 0
    assert written(aws) == "[default]\nregion = eu-west-1\n"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("2", "credential_source = Environment\n"),
        ("3", "credential_source = Ec2InstanceMetadata\n"),
        ("4", "credential_source = EcsContainer\n"),
        ("1\n2", "source_profile = b\n"),
    ],
)
def test_a_role(aws, source, line):
    profiles = "[profile a]\nregion = x\n[profile b]\nregion = y\n"
    aws.write(".aws/config", profiles)
    aws.service.replies(200, ROLES)
    outcome = aws("configure wizard", stdin=f"2\nnew\nadmin\n{source}\n")
    assert "Select the role you want to assume\n  1) admin\n  2) reader\nChoice [1-2]: " in outcome.stdout
    assert outcome.code == 0
    assert written(aws) == f"{profiles}[profile new]\n{ADMIN}{line}"


def test_a_role_where_the_account_cannot_be_asked(aws):
    aws.service.replies(403, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>")
    outcome = aws("configure wizard", stdin=f"2\nnew\n{ADMIN.removeprefix('role_arn = ')}1\nbase\n")
    assert "Enter the ARN of the role you want to assume: " in outcome.stdout
    assert outcome.stdout.endswith("Select the source profile: ")
    assert written(aws) == f"[profile new]\n{ADMIN}source_profile = base\n"


def test_nobody_answers(aws):
    outcome = aws("configure wizard", stdin="1\nnew\n")
    assert outcome.stderr == "\nawsmini: [ERROR]: EOF when reading a line\n"
    assert outcome.code == 255
    assert not (aws.home / ".aws").exists()


def test_update_says_how(aws):
    outcome = aws("update")
    assert outcome.message.startswith("awsmini: [ERROR]: Detected distribution source: pip. `awsmini update` is only ")
    assert "'pip install --upgrade awsmini'" in outcome.message
    assert outcome.code == 255
    assert aws("update --now").code == 252
