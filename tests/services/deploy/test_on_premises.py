"""`deploy register`, `deregister`, `install` and `uninstall`."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from awsmini.services.small import deploy_agent as agent
from tests.servers import Answer, Received, answer
from tests.terminal import Terminal

USER = "arn:aws:iam::123456789012:user/AWS/CodeDeploy/box"
DONE = "DONE\n"


class Services:
    """IAM and CodeDeploy: all well, unless an operation is refused."""

    def __init__(self) -> None:
        self.refused: dict[str, str] = {}
        self.instance: dict[str, Any] = {"iamUserArn": USER, "tags": [{"Key": "a", "Value": "b"}]}
        self.seen: list[tuple[str, Any]] = []

    def __call__(self, request: Received) -> Answer:
        target = request.headers.get("X-Amz-Target")
        name = target.rpartition(".")[2] if target else request.form["Action"]
        self.seen.append((name, request.json if target else request.form))
        if name in self.refused:
            return self._refusal(self.refused[name], is_json=bool(target))
        if target:
            return answer(200, {"instanceInfo": self.instance} if name == "GetOnPremisesInstance" else "")
        inner = {
            "CreateUser": f"<User><Arn>{USER}</Arn></User>",
            "CreateAccessKey": "<AccessKey><AccessKeyId>AKIANEW</AccessKeyId><SecretAccessKey>sEcReT</SecretAccessKey></AccessKey>",
            "ListUserPolicies": "<PolicyNames><member>p1</member></PolicyNames>",
            "ListAccessKeys": "<AccessKeyMetadata><member><AccessKeyId>AKIAOLDOLDOLDOLD1</AccessKeyId></member></AccessKeyMetadata>",
        }.get(name, "")
        return answer(200, f"<{name}Response><{name}Result>{inner}</{name}Result></{name}Response>")

    @staticmethod
    def _refusal(code: str, *, is_json: bool) -> Answer:
        if is_json:
            return answer(400, {"__type": code, "message": "refused"})
        return answer(
            400, f"<ErrorResponse><Error><Code>{code}</Code><Message>refused</Message></Error></ErrorResponse>"
        )

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.seen]


@pytest.fixture
def services(aws: Terminal) -> Services:
    found = Services()
    aws.service.always(found)
    return found


def test_register_makes_a_user_and_its_file(aws: Terminal, services: Services) -> None:
    aws.write("codedeploy.onpremises.yml", "old").chmod(0o644)
    outcome = aws("deploy register --instance-name box --tags Key=a,Value=b")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert outcome.stdout.startswith(
        f"Creating the IAM user... DONE\nIamUserArn: {USER}\n"
        "Creating the IAM user access key... DONE\nAccessKeyId: AKIANEW\nSecretAccessKey: sEcReT\n"
        "Creating the IAM user policy... DONE\nPolicyName: codedeploy-agent\nPolicyDocument: {\n"
    )
    assert outcome.stdout.endswith(
        "Creating the on-premises instance configuration file named codedeploy.onpremises.yml...DONE\n"
        "Registering the on-premises instance... DONE\n"
        "Adding tags to the on-premises instance... DONE\n"
        "Copy the on-premises configuration file named codedeploy.onpremises.yml to the on-premises instance, and run "
        "the following command on the on-premises instance to install and configure the AWS CodeDeploy Agent:\n"
        "awsmini deploy install --config-file codedeploy.onpremises.yml\n"
    )
    path = aws.home / "codedeploy.onpremises.yml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == (
        f"---\nregion: us-east-1\niam_user_arn: {USER}\naws_access_key_id: AKIANEW\naws_secret_access_key: sEcReT\n"
    )
    assert services.names == [
        "CreateUser", "CreateAccessKey", "PutUserPolicy", "RegisterOnPremisesInstance", "AddTagsToOnPremisesInstances",
    ]  # fmt: skip


def test_register_with_a_user_of_ones_own(aws: Terminal, services: Services) -> None:
    assert aws(f"deploy register --instance-name box --iam-user-arn {USER}").code == 0
    assert services.seen == [("RegisterOnPremisesInstance", {"instanceName": "box", "iamUserArn": USER})]


def test_what_register_has_done_is_told_where_it_fails(aws: Terminal, services: Services) -> None:
    services.refused["CreateAccessKey"] = "LimitExceeded"
    outcome = aws("deploy register --instance-name box")
    assert outcome.code == 255
    assert outcome.stdout.endswith(f"IamUserArn: {USER}\nCreating the IAM user access key... ")
    assert outcome.stderr == (
        "ERROR\nAn error occurred (LimitExceeded) when calling the CreateAccessKey operation: refused\n"
        'Register the on-premises instance by following the instructions in "Configure Existing On-Premises Instances '
        'by Using AWS CodeDeploy" in the AWS CodeDeploy User Guide.\n'
    )


REFUSED = [
    ("--instance-name 'a b'", "Instance name contains invalid characters."),
    ("--instance-name i-1", "Instance name cannot start with 'i-'."),
    (f"--instance-name {'a' * 101}", "Instance name cannot be longer than 100 characters."),
    ("--instance-name b --iam-user-arn arn:x", "Invalid IAM user ARN."),
    ("--instance-name b --tags " + " ".join(f"Key={n},Value=v" for n in range(11)), "Instances can only have a maximum of 10 tags."),
    (f"--instance-name b --tags Key={'k' * 129},Value=v", "Tag Key cannot be longer than 128 characters."),
    (f"--instance-name b --tags Key=k,Value={'v' * 257}", "Tag Value cannot be longer than 256 characters."),
    ("--instance-name b --tags Key=k", "Each of the --tags has to have a Value."),
]  # fmt: skip


@pytest.mark.parametrize(("options", "message"), REFUSED)
def test_what_register_refuses(aws: Terminal, options: str, message: str) -> None:
    outcome = aws(f"deploy register {options}")
    assert outcome.code == 252
    assert outcome.message.endswith(message)


def test_no_region(aws: Terminal) -> None:
    del aws.env["AWS_DEFAULT_REGION"]
    outcome = aws("deploy register --instance-name box")
    assert (outcome.code, outcome.message) == (
        253,
        "awsmini: [ERROR]: An error occurred (Configuration): Region not specified.",
    )


def test_deregister_takes_all_away(aws: Terminal, services: Services) -> None:
    outcome = aws("deploy deregister --instance-name box")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert outcome.stdout == (
        f"Retrieving on-premises instance information... DONE\nIamUserArn: {USER}\nTags: Key=a,Value=b\n"
        "Removing tags from the on-premises instance... DONE\n"
        "Deregistering the on-premises instance... DONE\n"
        "Deleting the IAM user policies... DONE\n"
        "Deleting the IAM user access keys... DONE\n"
        "Deleting the IAM user (box)... DONE\n"
        "Run the following command on the on-premises instance to uninstall the codedeploy-agent:\n"
        "awsmini deploy uninstall\n"
    )
    assert services.names[-3:] == ["ListAccessKeys", "DeleteAccessKey", "DeleteUser"]


def test_deregister_leaves_the_user(aws: Terminal, services: Services) -> None:
    services.instance["tags"] = []
    assert aws("deploy deregister --instance-name box --no-delete-iam-user").code == 0
    assert services.names == ["GetOnPremisesInstance", "DeregisterOnPremisesInstance"]


def test_a_user_that_is_gone_is_well(aws: Terminal, services: Services) -> None:
    services.refused = dict.fromkeys(("ListUserPolicies", "ListAccessKeys", "DeleteUser"), "NoSuchEntity")
    assert aws("deploy deregister --instance-name box").code == 0


def test_deregister_stops_half_way(aws: Terminal, services: Services) -> None:
    services.refused["DeleteUserPolicy"] = "AccessDenied"
    outcome = aws("deploy deregister --instance-name box")
    assert outcome.code == 255
    assert outcome.stdout.endswith("Deleting the IAM user policies... ")
    assert outcome.stderr.startswith("ERROR\nAn error occurred (AccessDenied) when calling the DeleteUserPolicy")
    assert "DeleteUser" not in services.names


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"lsb-release": "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=22.04\n"}, "Ubuntu"),
        (
            {"os-release": 'PRETTY_NAME="x"\nNAME="Red Hat Enterprise Linux Server"\n'},
            "Red Hat Enterprise Linux Server",
        ),
        (
            {"redhat-release": "Red Hat Enterprise Linux Server release 7.9 (Maipo)\n"},
            "Red Hat Enterprise Linux Server",
        ),
        ({"os-release": "NAME=Fedora\n"}, "Fedora"),
        ({}, ""),
    ],
)
def test_distributions(tmp_path: Path, files: dict[str, str], name: str) -> None:
    for file, text in files.items():
        (tmp_path / file).write_text(text)
    assert agent.distribution(str(tmp_path)) == name


@pytest.fixture
def machine(tmp_path: Path, aws: Terminal, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine of one's own: programs that write down how they are called."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("apt-get", "dpkg", "service"):
        script = programs / name
        script.write_text(f'#!/bin/sh\necho {name} "$@" >> {tmp_path}/calls\n')
        script.chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    monkeypatch.setenv("PATH", path)
    aws.env["PATH"] = path
    system = agent.SYSTEMS["Ubuntu"]._replace(folder=str(tmp_path / "conf"))
    monkeypatch.setattr("awsmini.services.small.deploy_agent.this_system", lambda app: system)
    return tmp_path


def calls(machine: Path) -> list[str]:
    return (machine / "calls").read_text().splitlines()


def test_install(aws: Terminal, machine: Path) -> None:
    aws.service.replies(200, f'#!/bin/sh\necho install "$@" $AWS_REGION $AWS_ACCESS_KEY_ID >> {machine}/calls\n')
    aws.write("c.yml", "---\n")
    outcome = aws("deploy install --config-file c.yml")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert outcome.stdout == (
        "Creating the on-premises instance configuration file... DONE\nInstalling the AWS CodeDeploy Agent... DONE\n"
    )
    assert aws.service.request.path == "/aws-codedeploy-us-east-1/latest/install"
    assert (machine / "conf" / "codedeploy.onpremises.yml").read_text() == "---\n"
    assert calls(machine) == [
        "apt-get -y update",
        "apt-get -y install ruby2.0",
        "service codedeploy-agent stop",
        "install auto us-east-1 AKIDEXAMPLE",
    ]
    outcome = aws("deploy install --config-file c.yml")
    assert outcome.code == 255
    assert "Specify --override-config" in outcome.message


def test_install_from_elsewhere_that_fails(aws: Terminal, machine: Path) -> None:
    aws.service.replies(200, "#!/bin/sh\nexit 3\n")
    aws.write("c.yml", "---\n")
    outcome = aws("deploy install --config-file c.yml --agent-installer s3://b/x/inst")
    assert outcome.code == 255
    assert aws.service.request.path == "/b/x/inst"
    assert outcome.stderr.startswith(
        "ERROR\nCommand '['./inst', 'auto']' returned non-zero exit status 3.\nInstall the AWS CodeDeploy Agent on"
    )


def test_uninstall(aws: Terminal, machine: Path) -> None:
    (machine / "conf").mkdir()
    (machine / "conf" / "codedeploy.onpremises.yml").write_text("x")
    outcome = aws("deploy uninstall")
    assert outcome.stdout == (
        "Uninstalling the AWS CodeDeploy Agent... DONE\nDeleting the on-premises instance configuration... DONE\n"
    )
    assert calls(machine) == ["service codedeploy-agent stop", "dpkg -r codedeploy-agent"]
    assert not (machine / "conf" / "codedeploy.onpremises.yml").exists()


def test_an_agent_that_is_not_there_is_not_removed(aws: Terminal, machine: Path) -> None:
    script = machine / "bin" / "service"
    script.write_text("#!/bin/sh\necho codedeploy-agent: unrecognized service >&2\nexit 1\n")
    assert aws("deploy uninstall").code == 0
    assert not (machine / "calls").exists()
    script.write_text("#!/bin/sh\necho broken >&2\nexit 1\n")
    outcome = aws("deploy uninstall")
    assert outcome.code == 255
    assert "ERROR\nFailed to stop the AWS CodeDeploy Agent:\nbroken\n" in outcome.stderr


@pytest.mark.parametrize("line", ["install --config-file c", "uninstall"])
def test_other_systems(aws: Terminal, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agent, "distribution", lambda etc: "Debian")
    outcome = aws(f"deploy {line}")
    assert outcome.code == 255
    assert outcome.message.endswith(
        "Only Ubuntu Server, Red Hat Enterprise Linux Server and Windows Server operating systems are supported."
    )


def test_only_the_administrator_may(aws: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agent, "distribution", lambda etc: "Ubuntu")
    monkeypatch.setattr(agent, "METADATA", f"{aws.service.url}/latest/meta-data/")
    monkeypatch.setattr(agent, "is_administrator", lambda: False)
    aws.service.replies(404, "")
    assert aws("deploy uninstall").message.endswith("You must run this command as sudo.")
    aws.service.replies(200, "ami-id")
    assert aws("deploy uninstall").message.endswith("Amazon EC2 instances are not supported.")


def test_debug_does_not_show_the_new_key(aws: Terminal, services: Services) -> None:
    outcome = aws("deploy register --instance-name box --debug")
    assert outcome.code == 0
    assert "CreateAccessKey" in outcome.stderr
    assert "sEcReT" not in outcome.stderr
