"""All hand-written commands: each option missing, wrong and without its value; options that contradict; and a service
that refuses one of several calls. No traceback, no secret, and what is at fault is named."""

import base64
import io
import os
import re
import shlex
from collections.abc import Iterator
from pkgutil import resolve_name
from unittest import mock

import pytest

from awsmini.app import App
from awsmini.cli import run_in
from awsmini.commandline.handwritten import HandWritten
from awsmini.errors import ClientError
from awsmini.model.cli_names import cli_services
from awsmini.parse import parse
from awsmini.services import of
from tests.oracle_responses import success
from tests.servers import answer
from tests.terminal import CREDENTIALS

ARN = "arn:aws:cloudtrail:us-east-1:123456789012:trail/t"
PRODUCT = (
    "--file-path t.json --bucket-name b --provisioning-artifact-name n --provisioning-artifact-description d "
    "--provisioning-artifact-type CLOUD_FORMATION_TEMPLATE"
)
ROLE = "--cluster-name c --namespace n --role-name r"
# A command line of each that is right. `{home}` has the files below.
LINES = {
    "agent-toolkit add-skill": "--skill-name s",
    "agent-toolkit check-skill-updates": "",
    "agent-toolkit get-skill-file": "--skill-name s --file-path p",
    "agent-toolkit list-installed-skills": "",
    "agent-toolkit remove-skill": "--skill-name s",
    "agent-toolkit update-skill": "--all",
    "cloudformation deploy": "--template-file t.json --stack-name s",
    "cloudformation package": "--template-file t.json --s3-bucket b",
    "cloudfront sign": "--url http://d.example/x --key-pair-id K --private-key file://key.pem --date-less-than 2030-01-01",
    "cloudtrail validate-logs": f"--trail-arn {ARN} --start-time 2024-01-01",
    "cloudtrail verify-query-results": "--s3-bucket b --s3-prefix p",
    "codeartifact login": "--tool pip --domain dom --repository repo",
    "codecommit credential-helper get": "",
    "codecommit credential-helper store": "",
    "codecommit credential-helper erase": "",
    "configservice get-status": "",
    "configservice subscribe": "--s3-bucket b --sns-topic t --iam-role r",
    "datapipeline create-default-roles": "",
    "datapipeline list-runs": "--pipeline-id p",
    "ddb put": "t {{a:1}}",
    "ddb select": "t",
    "deploy deregister": "--instance-name i",
    "deploy install": "--config-file c",
    "deploy push": "--application-name a --s3-location s3://b/k --source app",
    "deploy register": "--instance-name i",
    "deploy uninstall": "",
    "dlm create-default-role": "",
    "dsql generate-db-connect-admin-auth-token": "--hostname h",
    "dsql generate-db-connect-auth-token": "--hostname h",
    "ec2-instance-connect open-tunnel": "--instance-id i-0123456789abcdef0 --local-port 0",
    "ec2-instance-connect ssh": "--instance-id i-0123456789abcdef0",
    "ecr get-login-password": "",
    "ecr-public get-login-password": "",
    "ecs deploy": "--service s --task-definition t.json --codedeploy-appspec a.json",
    "ecs monitor-express-gateway-service": "--service-arn a --mode TEXT-ONLY",
    "eks get-token": "--cluster-name c",
    "eks update-kubeconfig": "--name c",
    "emr add-instance-groups": "--cluster-id j-1 --instance-groups InstanceGroupType=TASK,InstanceType=m,InstanceCount=1",
    "emr add-steps": "--cluster-id j-1 --steps Type=CUSTOM_JAR,Jar=j",
    "emr create-cluster": "--release-label emr-6.0.0 --instance-type m --use-default-roles",
    "emr create-default-roles": "",
    "emr create-hbase-backup": "--cluster-id j-1 --dir d",
    "emr describe-cluster": "--cluster-id j-1",
    "emr disable-hbase-backups": "--cluster-id j-1 --full",
    "emr get": "--cluster-id j-1 --key-pair-file key.pem --src s",
    "emr install-applications": "--cluster-id j-1 --applications Name=Hive",
    "emr modify-cluster-attributes": "--cluster-id j-1 --visible-to-all-users",
    "emr put": "--cluster-id j-1 --key-pair-file key.pem --src s",
    "emr restore-from-hbase-backup": "--cluster-id j-1 --dir d",
    "emr schedule-hbase-backup": "--cluster-id j-1 --type full --dir d --interval 1 --unit days",
    "emr socks": "--cluster-id j-1 --key-pair-file key.pem",
    "emr ssh": "--cluster-id j-1 --key-pair-file key.pem",
    "emr terminate-clusters": "--cluster-ids j-1",
    "emr-containers create-role-associations": ROLE,
    "emr-containers delete-role-associations": ROLE,
    "emr-containers update-role-trust-policy": ROLE,
    "gamelift get-game-session-log": "--game-session-id g --save-as f",
    "gamelift upload-build": "--name n --build-version v --build-root app",
    "lambda-web deploy": "--name web1 --code app --create",
    "lightsail push-container-image": "--service-name s --image i --label l",
    "logs start-live-tail": "--log-group-identifiers arn:g",
    "logs tail": "g",
    "rds generate-db-auth-token": "--hostname h --port 1 --username u",
    "servicecatalog generate product": f"--product-name p --product-owner o --product-type MARKETPLACE {PRODUCT}",
    "servicecatalog generate provisioning-artifact": f"--product-id p {PRODUCT}",
}
FILES = {
    "t.json": '{"Resources": {}}',
    "a.json": '{"version": 1, "resources": [{"s": {"type": "AWS::ECS::Service", "properties": {}}}]}',
    "app/index.js": "1",
    "key.pem": "no key",
}
OF_OTHERS = {"dynamodb wizard", "events wizard", "iam wizard", "lambda wizard", "sso login", "sso logout"}
AS_ROOT = {"deploy install", "deploy uninstall"}  # they change the machine
GO_ON = {"ecs monitor-express-gateway-service"}  # until there is something to be seen, or for half an hour


def handwritten() -> Iterator[tuple[str, HandWritten]]:
    """All of them, each with its name; those with subcommands by them alone."""
    found = [("ddb", resolve_name("awsmini.services.ddb.group:command"))]
    for service, model in cli_services().items():
        found += [(f"{service} {name}", resolve_name(each)) for name, each in of(model).commands.items()]
    for name, command in found:
        subcommands = {f"{name} {sub}": resolve_name(each) for sub, each in command.subcommands.items()}
        yield from ({name: command} if not subcommands or name in OF_OTHERS else subcommands).items()


COMMANDS = {name: command for name, command in handwritten() if name not in OF_OTHERS}
OPTIONS = [
    (name, argument) for name, command in COMMANDS.items() for argument in command.arguments if argument.nargs != 0
]


def words_of(name: str) -> list[str]:
    return [*name.split(), *shlex.split(LINES[name].format())]


def ids(value):
    return value if isinstance(value, str) else value.label


@pytest.fixture
def furnished(aws):
    for name, text in FILES.items():
        aws.write(name, text)
    return aws


def without(words: list[str], label: str) -> list[str]:
    """The words without an option and its values."""
    at = words.index(label)
    end = next((place for place in range(at + 1, len(words)) if words[place].startswith("--")), len(words))
    return words[:at] + words[end:]


def test_the_table_is_whole():
    assert LINES.keys() == COMMANDS.keys()


@pytest.mark.parametrize(("name", "option"), [each for each in OPTIONS if each[1].required], ids=ids)
def test_what_is_required_is_asked_for(aws, name, option):
    words = words_of(name)
    words = without(words, option.label) if not option.positional else words[: len(name.split())]
    outcome = aws(words)
    assert outcome.code == 252
    assert f"the following arguments are required: {option.label}" in outcome.message or option.positional
    assert option.label in outcome.message
    assert aws.service.requests == []


@pytest.mark.parametrize(("name", "option"), [each for each in OPTIONS if not each[1].positional], ids=ids)
def test_each_option_wants_its_value(aws, name, option):
    outcome = aws([*words_of(name), option.label])
    if option.nargs in ("*", "?"):
        return
    assert outcome.code == 252
    assert f"argument {option.label}: expected " in outcome.message
    assert aws.service.requests == []


@pytest.mark.parametrize(("name", "option"), [each for each in OPTIONS if each[1].choices], ids=ids)
def test_what_is_none_of_the_choices_is_refused(aws, name, option):
    outcome = aws([*words_of(name), option.label, "nonsense"])
    assert outcome.code == 252
    assert option.label in outcome.message
    assert "nonsense" in outcome.message
    assert aws.service.requests == []


@pytest.mark.parametrize("name", LINES)
def test_an_unknown_option_is_named(aws, name):
    outcome = aws([*words_of(name), "--no-such-option", "x"])
    assert outcome.code == 252
    assert "--no-such-option" in outcome.message
    assert aws.service.requests == []


# A service that refuses ------------------------------------------------------------------------------------------


class Refusal:
    """Answers each call as the model says that it is answered, and refuses the one after `calls` of them."""

    def __init__(self, calls: int) -> None:
        self.left = calls
        self.refused = ""

    def __call__(self, operation, params, context, router, conversions, features):
        if self.left == 0:
            self.refused = operation.name
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "not for you"}}, operation.name)
        self.left -= 1
        return parse(operation, success(operation), conversions)


def run(aws, name: str, refusal: Refusal) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    env = {**aws.env, "PATH": str(aws.home / "bin")}
    app = App(stdin=io.StringIO(), stdout=out, stderr=err, env=env, sleep=lambda seconds: None)
    before = os.getcwd()
    os.chdir(aws.home)
    try:
        with mock.patch("awsmini.client.run", refusal), mock.patch.dict(os.environ, env, clear=True):
            code = run_in(app, words_of(name))
    finally:
        os.chdir(before)
    return code, out.getvalue(), err.getvalue()


@pytest.mark.parametrize("calls", range(5))
@pytest.mark.parametrize("name", sorted(LINES.keys() - AS_ROOT))
def test_a_refusal_in_the_middle_is_told(furnished, name, calls):
    refusal = Refusal(calls)
    code, out, err = run(furnished, name, refusal)
    assert "Traceback" not in out + err
    assert CREDENTIALS["AWS_SECRET_ACCESS_KEY"] not in out + err
    if refusal.refused:
        assert code in (254, 255)
        # Two say in words of AWS CLI v2's own what they did not come to know.
        named = (
            refusal.refused,
            "not for you",
            "Cannot get DNS of master node",
            "Unable to retrieve the AWS account ID",
        )
        assert any(each in err for each in named), err


def test_refusals_come_in_the_middle(furnished):
    """The walk above means something: nearly all commands that call a service come to it, and many to further calls."""
    reached = dict.fromkeys((0, 1, 2), 0)
    for calls in reached:
        for name in LINES.keys() - AS_ROOT:
            refusal = Refusal(calls)
            run(furnished, name, refusal)
            reached[calls] += bool(refusal.refused)
    assert reached[0] > 35
    assert reached[1] > 15
    assert reached[2] > 5


@pytest.mark.parametrize(
    ("name", "calls", "left"),
    [
        ("configservice subscribe", 3, "Made already: configuration recorder default."),
        ("gamelift upload-build", 1, "Made already: build "),
        ("gamelift upload-build", 2, "Made already: build "),
        ("servicecatalog generate product", 1, "Uploaded already: s3://b/t.json."),
        ("servicecatalog generate provisioning-artifact", 1, "Uploaded already: s3://b/t.json."),
        ("deploy push", 1, "Uploaded already: s3://b/k."),
    ],
)
def test_what_is_left_behind_is_said(furnished, name, calls, left):
    furnished.write("app/appspec.yml", "version: 0.0\n")
    refusal = Refusal(calls)
    code, _, err = run(furnished, name, refusal)
    assert (code, bool(refusal.refused)) == (254, True)
    assert left in err


# Options that contradict -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("agent-toolkit update-skill", 252, "--skill-name"),
        ("agent-toolkit update-skill --all --skill-name s", 252, "--all"),
        ("cloudfront sign --url http://d/x --key-pair-id K --private-key nothing --date-less-than 2030-01-01", 255, "no RSA private key"),
        (f"cloudtrail validate-logs --trail-arn {ARN} --start-time 2024-02-01 --end-time 2024-01-01", 255, "start-time must occur before end-time"),
        ("cloudtrail validate-logs --trail-arn t --start-time 2024-01-01", 255, "Invalid trail ARN provided: t"),
        ("cloudtrail verify-query-results", 252, "--local-export-path"),
        ("cloudtrail verify-query-results --s3-bucket b --local-export-path p", 252, "--local-export-path"),
        ("codecommit credential-helper", 252, "too few arguments"),
        ("configservice subscribe --s3-bucket b --sns-topic t", 252, "--iam-role"),
        ("datapipeline list-runs --pipeline-id p --status nonsense", 252, "nonsense"),
        ("datapipeline list-runs --pipeline-id p --start-interval x", 252, "--start-interval"),
        ("ddb select t --key-condition 'a ='", 252, "a ="),
        ("ddb put t '{a: [}'", 255, "while parsing a flow node"),
        ("deploy push --application-name a --s3-location nowhere", 252, "--s3-location"),
        ("deploy push --application-name a --s3-location s3://b/k --ignore-hidden-files --no-ignore-hidden-files", 252, "both"),
        ("deploy register --instance-name i --iam-user-arn nonsense", 252, "Invalid IAM user ARN."),
        ("deploy register --instance-name i --tags Key=a,Value=" + "x" * 300, 252, "256"),
        ("dsql generate-db-connect-auth-token --hostname h --expires-in x", 255, "x"),
        ("ec2-instance-connect open-tunnel", 252, "Specify an instance id or private ip."),
        ("ec2-instance-connect open-tunnel --instance-id i-1 --private-ip-address 10.0.0.1", 252, "endpoint id when providing a private ip"),
        ("ec2-instance-connect ssh --instance-id i-0123456789abcdef0 --connection-type direct --eice-options maxTunnelDuration=5", 252, "eice"),
        ("eks get-token", 1, "--cluster-name or --cluster-id must be specified"),
        ("eks get-token --cluster-name a --cluster-id b", 252, "cluster_id"),
        ("eks update-kubeconfig --name c --role-arn r --assume-role-arn x --proxy-url", 252, "--proxy-url"),
        ("emr create-cluster --instance-type m", 252, "--release-label"),
        ("emr create-cluster --release-label r --ami-version a --instance-type m", 252, "--ami-version"),
        ("emr create-cluster --release-label r", 252, "--instance-groups"),
        ("emr create-cluster --release-label r --instance-type m --use-default-roles --service-role s", 252, "--use-default-roles"),
        ("emr create-cluster --release-label r --instance-type m --auto-terminate --no-auto-terminate", 252, "--auto-terminate"),
        ("emr modify-cluster-attributes --cluster-id j", 252, "--visible-to-all-users"),
        ("emr modify-cluster-attributes --cluster-id j --termination-protected --no-termination-protected", 252, "--termination-protected"),
        ("lambda-web deploy --name x --code app --create", 252, "function name 'x' is invalid"),
        ("lambda-web deploy --name web1 --code app --timeout-seconds 2", 252, "--timeout-seconds"),
        ("logs tail g --live", 252, "--follow"),
        ("logs tail g --until 1h --follow", 252, "--until"),
        ("rds generate-db-auth-token --hostname h --port x --username u", 255, ""),
        ("servicecatalog generate", 252, "too few arguments"),
    ],
)  # fmt: skip
def test_options_that_contradict_or_mean_nothing(furnished, line, code, message):
    furnished.service.always(lambda request: answer(400, {"__type": "Reached", "message": "the service was asked"}))
    outcome = furnished(line)
    assert (outcome.code, message in outcome.stderr) == (code, True), outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert "Reached" not in outcome.stderr


# What --debug shows ----------------------------------------------------------------------------------------------

SESSION = "FwoGZXIvYXdzEXAMPLESESSIONTOKEN"
TOKEN = base64.b64encode(b"AWS:PassWordOfARegistry").decode()
ANSWER = {
    "authorizationToken": TOKEN,
    "authorizationData": [{"authorizationToken": TOKEN}],
    "expiration": 4102444800,
    "repositoryEndpoint": "http://127.0.0.1:9/pypi/r/",
    "Cluster": {"Status": {"State": "RUNNING"}, "MasterPublicDnsName": "m"},
}
SIGNED = re.compile(r"X-Amz-Signature=([0-9a-f]{64})|Signature=([\w~-]{20,})|(k8s-aws-v1\.[\w-]+)|password=(\S+)")


@pytest.mark.parametrize("name", sorted(LINES.keys() - AS_ROOT - GO_ON))
def test_debug_shows_no_secret(furnished, name):
    furnished.service.always(lambda request: answer(200, ANSWER))
    env = {"AWS_SESSION_TOKEN": SESSION, "PATH": ""}
    stdin = "protocol=https\nhost=git-codecommit.us-east-1.amazonaws.com\npath=/v1/repos/r\n\n"
    shown = furnished([*words_of(name), "--debug"], env=env, stdin=stdin if "credential" in name else "")
    said = shown.stderr
    assert len(said) > 200, "nothing was shown, so nothing is proved"
    secrets = [CREDENTIALS["AWS_SECRET_ACCESS_KEY"], SESSION, "PassWordOfARegistry", TOKEN]
    secrets += [next(filter(None, found)) for found in SIGNED.findall(shown.stdout)]
    assert [secret for secret in secrets if secret in said] == []
