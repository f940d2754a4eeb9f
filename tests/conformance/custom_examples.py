"""AWS's own examples of the hand-written commands: do they send the same requests from AWS CLI v2 and from here?

    python tests/conformance/custom_examples.py --aws /path/to/aws --examples /path/to/awscli/examples

Every command line of the examples whose command is one of `COMMANDS` is run in both programs, each in a home of its own with the files that it names, against a server that answers all calls alike.
Programs that a command starts are stand-ins. Compared are the requests, the exit code, and how the stand-ins were
called. The exit code is 1 where an example differs.
"""

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.conformance.side_by_side import Scenario, Seen, differences, run_aws, run_awsmini
from tests.servers import Answer, Received, answer

# All commands of AWS CLI 2.38.5 that no model makes, but for those of s3, which has suites of its own.
COMMANDS = {
    "cloudformation": "deploy package",
    "cloudfront": "sign",
    "cloudtrail": "validate-logs verify-query-results",
    "codeartifact": "login",
    "codecommit": "credential-helper",
    "configservice": "get-status subscribe",
    "datapipeline": "create-default-roles list-runs",
    "ddb": "put select",
    "deploy": "deregister install push register uninstall",
    "dlm": "create-default-role",
    "dsql": "generate-db-connect-admin-auth-token generate-db-connect-auth-token",
    "ec2-instance-connect": "open-tunnel ssh",
    "ecr": "get-login-password",
    "ecr-public": "get-login-password",
    "ecs": "deploy",
    "eks": "get-token update-kubeconfig",
    "emr": "add-instance-groups add-steps create-cluster create-default-roles create-hbase-backup describe-cluster "
    "disable-hbase-backups get install-applications modify-cluster-attributes put restore-from-hbase-backup "
    "schedule-hbase-backup socks ssh terminate-clusters",
    "emr-containers": "create-role-associations delete-role-associations update-role-trust-policy",
    "gamelift": "get-game-session-log upload-build",
    "lambda-web": "deploy",
    "lightsail": "push-container-image",
    "logs": "start-live-tail tail",
    "rds": "generate-db-auth-token",
    "servicecatalog": "generate",
    "ssm": "start-session",
}
COMMAND = re.compile(r"(\s+)(?:\$ |C:\\> )?(aws\s.*)")
SHELL = re.compile(r"[|;<>&]+|\$\(.*|.*`.*")
FILE = re.compile(r"(?:file|fileb)://(.+)")
LONGEST = 60  # lines of one command
JSON = "application/json"
# What the options of hand-written commands name that is a file, or a folder, on disk.
FILES = frozenset(
    {
        "--template-file",
        "--task-definition",
        "--codedeploy-appspec",
        "--private-key",
        "--file-path",
        "--private-key-file",
    }
)
FOLDERS = frozenset({"--source", "--build-root", "--function-dir"})
STAND_IN = 'for word in "${0##*/}" "$@"; do echo "$word"; done >> "$HOME/ran"\n'
STAND_INS = ("ssh", "scp", "session-manager-plugin", "lightsailctl", "pip", "npm", "nuget", "dotnet", "swift", "docker")


class Example(NamedTuple):
    """One command line, and what stood before it in its file that may be what it reads."""

    words: tuple[str, ...]  # without `aws`
    documents: tuple[str, ...]

    @property
    def name(self) -> str:
        return shlex.join(self.words)


# Reading ----------------------------------------------------------------------------------------------------------


def hand_written() -> set[tuple[str, str]]:
    """Service and command of all, as they are typed."""
    return {(service, command) for service, commands in COMMANDS.items() for command in commands.split()}


def examples(folder: Path, wanted: set[tuple[str, str]]) -> list[Example]:
    """The examples of those commands, each once."""
    found: dict[tuple[str, ...], Example] = {}
    for path in sorted(folder.rglob("*.rst")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for at, line in enumerate(lines):
            match = COMMAND.fullmatch(line)
            words = _words(match[2], match[1], lines[at + 1 : at + LONGEST]) if match else None
            words = _without_pipe(words or [])
            if tuple(words[1:3]) in wanted and not any(SHELL.fullmatch(word) for word in words):
                found.setdefault(tuple(words), Example(tuple(words[1:]), tuple(_documents(lines[:at], lines[at:]))))
    return list(found.values())


def _without_pipe(words: Sequence[str]) -> list[str]:
    """The command without the one that takes its output."""
    return list(words[: words.index("|")] if "|" in words else words)


def _words(text: str, indent: str, following: Sequence[str]) -> list[str] | None:
    """The words of a command: it goes on after a backslash, while a quote is open, and where a line begins an option."""
    for line in [*following, ""]:
        if text.rstrip().endswith("\\"):
            text = f"{text.rstrip()[:-1]} {line.strip()}"
            continue
        try:
            words = shlex.split(text)
        except ValueError:
            text = f"{text}\n{line}"
            continue
        goes_on = line.startswith(indent) and line.strip()
        if goes_on and (line.strip().startswith("--") or words[-1].startswith("--")):
            text = f"{text} {line.strip()}"
            continue
        return words
    return None


def _documents(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """The JSON in the file: the nearest before a command first, then what comes after it."""
    for lines in (_blocks(before)[::-1], _blocks(after)):
        for block in lines:
            try:
                json.loads(block)
            except ValueError:
                continue
            yield block


def _blocks(lines: Sequence[str]) -> list[str]:
    """Runs of indented lines."""
    text = "\n".join(line if line.startswith((" ", "\t")) else "" for line in lines)
    return [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()[:1] in ("{", "[")]


# Running ----------------------------------------------------------------------------------------------------------


def scenario(example: Example) -> Scenario:
    """The example with the files that it names, made of the JSON near it."""
    files: dict[str, str] = {}
    words = []
    for before, word in zip(("", *example.words), example.words, strict=False):
        named = FILE.fullmatch(word)
        if before in FOLDERS:
            files[f"{_name(word)}/appspec.yml"] = "version: 0.0\nos: linux\n"
            words.append(_name(word))
        elif named:
            files[_name(named[1])] = _content(example, before, named[1])
            words.append(word.replace(named[1], _name(named[1])))
        elif before in FILES:
            files[_name(word)] = _content(example, before, word)
            words.append(_name(word))
        else:
            words.append(word)
    return Scenario(
        example.name,
        (words,),
        answers=respond,
        files=files,
        tools=dict.fromkeys(STAND_INS, STAND_IN),
        blur=((r'"clientRequestToken": "[^"]+"', '"clientRequestToken": "…"'),),
        decode=_readable,
        prepare=_age,
    )


def _age(home: Path, url: str) -> None:
    """Give all files the same time: a zip tells it."""
    for path in home.rglob("*"):
        os.utime(path, (1.7e9, 1.7e9))


def _readable(text: str) -> str:
    """The output with tokens for Kubernetes as the URLs that they are, without the signature over the server's port."""
    text = re.sub(r"(?<=k8s-aws-v1\.)[\w-]+", lambda token: _decoded(token[0]), text)
    return re.sub(r"(?<=X-Amz-Signature=)[0-9a-f]+", "…", text) if "k8s-aws-v1." in text else text


def _decoded(token: str) -> str:
    return urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode(errors="replace")


def _name(path: str) -> str:
    return path.rstrip("/\\").replace("\\", "/").rsplit("/", 1)[-1] or "file"


def _content(example: Example, option: str, path: str) -> str:
    """What a file holds that an option names: the nearest JSON, unless the option asks for something else."""
    if path.endswith((".pem", ".key")):
        return KEY
    if option in ("--template-file", "--file-path"):  # which is JSON, and so YAML as well
        return json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
    return next(iter(example.documents), "[]")


def _rsa_key() -> str:
    """A key to sign with, from openssl; empty where there is none, and the examples that need one fail alike."""
    try:
        done = subprocess.run(
            ["openssl", "genrsa", "-traditional", "2048"], capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return done.stdout


KEY = _rsa_key()
CLUSTER = {
    "Id": "j-1",
    "ReleaseLabel": "emr-6.1.0",
    "Status": {"State": "RUNNING"},
    "MasterPublicDnsName": "m.example",
}
ARN = "arn:aws:eks:us-east-1:123456789012:cluster/c"
# Answers to the calls on which others depend. All others are answered by nothing, which is right for most.
ANSWERS: dict[str, Any] = {
    "DescribeCluster": {"Cluster": CLUSTER},
    "RunJobFlow": {"JobFlowId": "j-1", "ClusterArn": "arn:j"},
    "AddJobFlowSteps": {"StepIds": ["s-1"]},
    "AddInstanceGroups": {"JobFlowId": "j-1", "InstanceGroupIds": ["ig-1"]},
    "GetAuthorizationToken": {
        "authorizationData": [{"authorizationToken": "QVdTOnB3", "expiresAt": 1.7e9, "proxyEndpoint": "https://x"}]
    },
    "FilterLogEvents": {"events": [{"timestamp": 1, "message": "m", "eventId": "e", "logStreamName": "s"}]},
    "Query": {"Items": [{"a": {"S": "b"}}], "Count": 1, "ScannedCount": 1},
    "Scan": {"Items": [{"a": {"N": "1"}}], "Count": 1, "ScannedCount": 1},
    "StartSession": {"SessionId": "s", "TokenValue": "t", "StreamUrl": "wss://u"},
    "CreateContainerServiceRegistryLogin": {
        "registryLogin": {"username": "u", "password": "p", "registry": "r", "expiresAt": 1.7e9}
    },
    "DescribeServices": {"services": [{"serviceArn": "arn:s", "serviceName": "s", "clusterArn": "arn:c"}]},
    "DescribeClusters": {"clusters": [{"clusterArn": "arn:aws:ecs:us-east-1:1:cluster/c", "clusterName": "c"}]},
    "RegisterTaskDefinition": {"taskDefinition": {"taskDefinitionArn": "arn:t"}},
    "GetApplication": {"application": {"computePlatform": "ECS"}},
    "GetDeploymentGroup": {"deploymentGroupInfo": {"computePlatform": "ECS"}},
    "CreateDeployment": {"deploymentId": "d-1"},
    "GetDeployment": {"deploymentInfo": {"status": "Succeeded"}},
    "CreateBuild": {"Build": {"BuildId": "build-1"}},
    "RequestUploadCredentials": {
        "UploadCredentials": {"AccessKeyId": "A", "SecretAccessKey": "B", "SessionToken": "C"},
        "StorageLocation": {"Bucket": "b", "Key": "k"},
    },
    "GetGameSessionLogUrl": {"PreSignedUrl": "{url}/log"},
    "ListPublicKeys": {"PublicKeyList": []},
    "DescribeTrails": {"trailList": [{"Name": "t", "S3BucketName": "b", "TrailARN": "arn:t"}]},
    "DescribeConfigurationRecorderStatus": {"ConfigurationRecordersStatus": []},
    "DescribeConfigurationRecorders": {"ConfigurationRecorders": []},
    "DescribeDeliveryChannels": {"DeliveryChannels": []},
    "DescribeDeliveryChannelStatus": {"DeliveryChannelsStatus": []},
    "QueryObjects": {"ids": [], "hasMoreResults": False},
    "RegisterApplicationRevision": {},
}
STACK = (
    "<Stacks><member><StackName>s</StackName><StackStatus>UPDATE_COMPLETE</StackStatus>"
    "<CreationTime>2026-01-01T00:00:00Z</CreationTime></member></Stacks>"
)
INSTANCE = (
    "<reservationSet><item><instancesSet><item><instanceId>i-1</instanceId><publicIpAddress>1.2.3.4</publicIpAddress>"
    "<privateIpAddress>10.0.0.1</privateIpAddress><subnetId>s-1</subnetId><vpcId>v-1</vpcId></item></instancesSet>"
    "</item></reservationSet>"
)
ROLE = (
    "<Role><RoleName>r</RoleName><Arn>arn:aws:iam::1:role/r</Arn><AssumeRolePolicyDocument>%7B%22Version%22%3A%222012-"
    "10-17%22%2C%22Statement%22%3A%5B%5D%7D</AssumeRolePolicyDocument></Role>"
)
# The same for the query protocols: what stands in the result.
RESULTS = {
    "DescribeStacks": STACK,
    "GetTemplateSummary": "<Parameters><member><ParameterKey>Key1</ParameterKey></member></Parameters>",
    "CreateChangeSet": "<Id>arn:change</Id><StackId>arn:stack</StackId>",
    "DescribeChangeSet": "<Status>CREATE_COMPLETE</Status><StackName>s</StackName><ChangeSetName>c</ChangeSetName>",
    "CreateTopic": "<TopicArn>arn:aws:sns:us-east-1:1:t</TopicArn>",
    "GetCallerIdentity": "<Account>123456789012</Account><Arn>arn:aws:iam::1:user/u</Arn><UserId>U</UserId>",
    "GetUser": "<User><UserName>u</UserName><Arn>arn:aws:iam::1:user/u</Arn></User>",
    "CreateUser": "<User><UserName>u</UserName><Arn>arn:aws:iam::1:user/u</Arn></User>",
    "CreateAccessKey": "<AccessKey><AccessKeyId>A</AccessKeyId><SecretAccessKey>B</SecretAccessKey></AccessKey>",
    "GetRole": ROLE,
    "CreateRole": ROLE,
    "GetInstanceProfile": "<InstanceProfile><InstanceProfileName>p</InstanceProfileName></InstanceProfile>",
    "GetPolicy": "<Policy><DefaultVersionId>v1</DefaultVersionId></Policy>",
    "GetPolicyVersion": "<PolicyVersion><Document>%7B%7D</Document></PolicyVersion>",
}
REST = (
    (r"GET /clusters/[^/]+", {"cluster": {"name": "c", "arn": ARN, "status": "ACTIVE", "endpoint": "https://e",
      "certificateAuthority": {"data": "Zm9v"}, "identity": {"oidc": {"issuer": "https://oidc.eks.us-east-1.x/id/A"}}}}),
    (r"GET /clusters/[^/]+/pod-identity-associations", {"associations": [{"associationId": "a-1"}]}),
    (r"(POST|DELETE) /clusters/[^/]+/pod-identity-associations.*", {"association": {"associationId": "a-1", "clusterName": "c"}}),
    (r"POST /v1/authorization-token", {"authorizationToken": "token", "expiration": 1.9e9}),
    (r"GET /v1/repository/endpoint", {"repositoryEndpoint": "https://d-1.d.codeartifact.us-east-1.amazonaws.com/x/r/"}),
    (r"POST /policies", {"PolicyId": "p"}),
)  # fmt: skip


def respond(request: Received) -> Answer:
    """The same answer to the same call, whoever makes it and however often."""
    target = request.headers.get("X-Amz-Target", "")
    if target:
        return answer(200, ANSWERS.get(target.rsplit(".", 1)[-1], {}), {"Content-Type": JSON})
    if request.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
        return _query(request.form.get("Action", ""))
    for pattern, body in REST:
        if re.fullmatch(pattern, f"{request.method} {request.path}"):
            return answer(200, body, {"Content-Type": JSON})
    if request.method == "HEAD":
        return answer(404)
    return answer(200, "", {"ETag": '"e"'}) if request.method == "PUT" else answer(200, {}, {"Content-Type": JSON})


def _query(action: str) -> Answer:
    if action == "DescribeInstances":
        return answer(200, f"<{action}Response>{INSTANCE}</{action}Response>")
    result = f"<{action}Result>{RESULTS.get(action, '')}</{action}Result>"
    return answer(200, f"<{action}Response>{result}</{action}Response>")


class Outcome(NamedTuple):
    """How the two programs differ in an example, and what AWS CLI v2 did in it."""

    unlike: list[str]
    requests: int = 0
    succeeded: bool = False


def compare(aws: str, example: Example) -> Outcome:
    """Run an example in both programs."""
    world = scenario(example)
    try:
        theirs = run_aws(aws, world)
    except subprocess.TimeoutExpired:
        return Outcome(_endless(world))
    unlike = differences(_acts(theirs), _acts(run_awsmini(world)))
    return Outcome(unlike, len(theirs.requests), theirs.outputs[0][2] == 0)


def _endless(world: Scenario) -> list[str]:
    """What AWS CLI v2 does without end has to have none here."""
    try:
        run_awsmini(world)
    except subprocess.TimeoutExpired:
        return []
    return ["AWS CLI v2 goes on and on, and awsmini ends\n"]


def _acts(seen: Seen) -> Seen:
    """What was done, and not what was said of it: but what was said alone, as a token, counts."""
    ran = {name: content for name, content in seen.files.items() if name == "ran"}
    return Seen([("" if seen.requests else out, "", code) for out, _, code in seen.outputs], seen.requests, ran)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--aws", default=os.environ.get("AWS_CLI_V2"), help="AWS CLI v2 (or AWS_CLI_V2)")
    parser.add_argument("--examples", type=Path, required=True, help="the folder awscli/examples of its distribution")
    parser.add_argument("--only", nargs="*", default=(), help="services, or words of the command lines, to run")
    options = parser.parse_args()
    if not options.aws:
        parser.error("--aws names no AWS CLI v2 to compare with")
    found = [
        each for each in examples(options.examples, hand_written()) if all(word in each.name for word in options.only)
    ]
    alike: Counter[str] = Counter()
    total = Counter(example.words[0] for example in found)
    requests = succeeded = 0
    for example in found:
        outcome = compare(options.aws, example)
        alike[example.words[0]] += not outcome.unlike
        requests += outcome.requests
        succeeded += outcome.succeeded
        if outcome.unlike:
            print(f"=== {example.name}", *outcome.unlike, sep="\n", flush=True)
    for service, count in sorted(total.items()):
        print(f"{service:24} {alike[service]} of {count} examples send the same")
    print(
        f"{'all':24} {sum(alike.values())} of {len(found)}; AWS CLI v2 sent {requests} requests, {succeeded} succeeded"
    )
    sys.exit(0 if sum(alike.values()) == len(found) else 1)


if __name__ == "__main__":
    main()
