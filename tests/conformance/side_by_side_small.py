"""Commands of AWS Config, Data Pipeline, DLM, Lightsail and Systems Manager, side by side with AWS CLI v2."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.conformance.side_by_side import Scenario, main
from tests.servers import Answer, Received, answer

PROGRAM = ((r'running "aws ', 'running "awsmini '),)  # how a message calls it

Reply = tuple[int, Any]
ABSENT = (
    404,
    "<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>gone</Message></Error></ErrorResponse>",
)
DENIED = (
    403,
    "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>",
)


def operation(request: Received) -> str:
    """What a request asks for, whatever the protocol."""
    target = request.headers.get("X-Amz-Target")
    if target:
        return target.rpartition(".")[2]
    found = parse_qs(request.body.decode(errors="replace")).get("Action")
    return found[0] if found else f"{request.method} {request.path}"


def script(**replies: Reply) -> Callable[[Received], Answer]:
    """Answers by operation; words of names are joined by underscores."""

    def respond(request: Received) -> Answer:
        status, body = replies.get(operation(request).replace(" /", "_"), (500, f"nothing for {operation(request)}"))
        return answer(status, body)

    return respond


# AWS Config ------------------------------------------------------------------------------------------------------

RECORDERS = {
    "ConfigurationRecordersStatus": [
        {"name": "off", "recording": False},
        {"name": "on", "recording": True, "lastStatus": "SUCCESS"},
        {
            "name": "bad",
            "recording": True,
            "lastStatus": "FAILURE",
            "lastErrorCode": "X",
            "lastErrorMessage": "é went wrong",
        },
    ]
}
CHANNELS = {
    "DeliveryChannelsStatus": [
        {"name": "c", "configStreamDeliveryInfo": {"lastStatus": "SUCCESS"}, "configHistoryDeliveryInfo": {},
         "configSnapshotDeliveryInfo": {"lastStatus": "FAILURE", "lastErrorCode": "Y", "lastErrorMessage": "no"}},
    ]
}  # fmt: skip
SHORT = {"DeliveryChannelsStatus": [{"name": "c"}]}
UNRUN = {"ConfigurationRecordersStatus": [{"name": "on", "recording": True}]}
REFUSED = (400, {"__type": "NoSuchConfigurationRecorderException", "message": "none"})
LEFT_BEHIND = "it is told what is left behind"
CRASHES = "AWS CLI v2 fails with the name of the member that the answer lacks"


def status(name: str, *answers: Any, words: str = "", **more: Any) -> Scenario:
    return Scenario(f"get-status: {name}", (f"configservice get-status {words}",), answers=answers, **more)


SUBSCRIBED = {
    "CreateTopic": (200, "<CreateTopicResponse><CreateTopicResult><TopicArn>arn:aws:sns:us-east-1:1:t</TopicArn></CreateTopicResult></CreateTopicResponse>"),
    "PutConfigurationRecorder": (200, {}), "PutDeliveryChannel": (200, {}), "StartConfigurationRecorder": (200, {}),
    "DescribeConfigurationRecorders": (200, {"ConfigurationRecorders": [{"name": "default", "roleARN": "arn:é", "odd": 1}]}),
    "DescribeDeliveryChannels": (200, {"DeliveryChannels": [{"name": "default", "s3BucketName": "b"}]}),
}  # fmt: skip


def subscribe(name: str, words: str, more: dict[str, Reply] | None = None, **rest: Any) -> Scenario:
    return Scenario(
        f"subscribe: {name}",
        (f"configservice subscribe {words}",),
        answers=script(**{**SUBSCRIBED, **(more or {})}),
        **rest,
    )


ALL = "--s3-bucket bkt/a/b --sns-topic t --iam-role arn:aws:iam::1:role/r"
PATHS = {"HEAD_bkt": (200, ""), "PUT_bkt": (200, "")}
NEW = {"HEAD_bkt": (404, ""), "PUT_bkt": (200, "")}
CONFIG = (
    status("all states", (200, RECORDERS), (200, CHANNELS)),
    status("nothing", (200, {"ConfigurationRecordersStatus": []}), (200, {"DeliveryChannelsStatus": []})),
    status("refused", REFUSED),
    status("refused at the second call", (200, RECORDERS), REFUSED),
    status("a channel without parts", (200, RECORDERS), (200, SHORT), differs=CRASHES),
    status("a recorder without a last status", (200, UNRUN), (200, CHANNELS), differs=CRASHES),
    status("an unknown option", words="--x y"),
    status("endpoint url", (200, RECORDERS), (200, CHANNELS), words="--endpoint-url {url}/c"),
    status("no region", env={"AWS_DEFAULT_REGION": None}, blur=PROGRAM),
    subscribe("all there", ALL.replace(" t ", " arn:aws:sns:us-east-1:1:t "), PATHS),
    subscribe("all new", ALL, NEW),
    subscribe("all new, elsewhere", f"{ALL} --region eu-west-1", NEW),
    subscribe("bucket alone", ALL.replace("bkt/a/b", "bkt"), PATHS),
    subscribe("s3:// before the bucket", ALL.replace("bkt/a/b", "s3://bkt/a/"), PATHS),
    subscribe("a bucket of somebody else's", ALL, {"HEAD_bkt": (403, "")}),
    subscribe(
        "a bucket that cannot be made",
        ALL,
        {
            "HEAD_bkt": (404, ""),
            "PUT_bkt": (409, "<Error><Code>BucketAlreadyExists</Code><Message>taken</Message></Error>"),
        },
    ),
    subscribe("a topic that cannot be made", ALL, {**PATHS, "CreateTopic": DENIED}),
    subscribe(
        "a recorder that is refused",
        ALL,
        {**PATHS, "PutConfigurationRecorder": (400, {"__type": "InvalidRoleException", "message": "bad role"})},
    ),
    subscribe(
        "a channel that is refused",
        ALL,
        {**PATHS, "PutDeliveryChannel": (400, {"__type": "NoSuchBucketException", "message": "no"})},
        differs=LEFT_BEHIND,
    ),
    subscribe("options missing", "--s3-bucket b"),
    subscribe("a bucket name that is none", ALL.replace("bkt/a/b", "b_B!"), PATHS),
)

# Data Pipeline ---------------------------------------------------------------------------------------------------


def run_object(number: int, **fields: str) -> dict[str, Any]:
    made = [{"key": key.replace("_", "@", 1), "stringValue": value} for key, value in fields.items()]
    return {
        "id": f"@Obj_{number}",
        "name": f"Obj{number}",
        "fields": [*made, {"key": "@componentParent", "refValue": f"Parent{number}"}],
    }


RUNS = {
    "pipelineObjects": [
        run_object(1, _scheduledStartTime="2024-01-02T00:00:00", _status="FINISHED", _actualStartTime="2024-01-02T00:01:00", _actualEndTime="2024-01-02T00:05:00"),
        run_object(2, _scheduledStartTime="2024-01-01T00:00:00", _status="WAITING_ON_DEPENDENCIES_LONG"),
    ]
}  # fmt: skip
TWO = (200, {"ids": ["@Obj_1", "@Obj_2"], "hasMoreResults": False})


def runs(name: str, words: str, *answers: Any, **more: Any) -> Scenario:
    return Scenario(f"list-runs: {name}", (f"datapipeline list-runs {words}",), answers=answers, **more)


MANY = [f"@{n}" for n in range(150)]
NO_IDS = (200, {"ids": [], "hasMoreResults": False})
PIPELINE = (
    runs("two", "--pipeline-id df-1", TWO, (200, RUNS)),
    runs("none", "--pipeline-id df-1", NO_IDS),
    runs(
        "pages", "--pipeline-id df-1", (200, {"ids": ["@1"], "hasMoreResults": True, "marker": "m"}), TWO, (200, RUNS)
    ),
    runs(
        "more than one call may ask for",
        "--pipeline-id df-1",
        (200, {"ids": MANY}),
        (200, {"pipelineObjects": []}),
        (200, {"pipelineObjects": []}),
    ),
    runs("statuses", "--pipeline-id df-1 --status running,failed", NO_IDS),
    runs("statuses with blanks", "--pipeline-id df-1 --status ' running , pending'", NO_IDS),
    runs("a wrong status", "--pipeline-id df-1 --status odd"),
    runs("start interval", "--pipeline-id df-1 --start-interval 2024-01-01,2024-02-01", NO_IDS),
    runs("schedule interval", "--pipeline-id df-1 --schedule-interval '2024-01-01 , 2024-02-01'", NO_IDS),
    runs(
        "both intervals", "--pipeline-id df-1 --schedule-interval a,b --start-interval c,d,e --status finished", NO_IDS
    ),
    runs(
        "half an interval",
        "--pipeline-id df-1 --start-interval 2024-01-01",
        differs="the option is named where AWS CLI v2 says `list index out of range`",
    ),
    runs("no pipeline", ""),
    runs("refused", "--pipeline-id df-1", (400, {"__type": "PipelineNotFoundException", "message": "none"})),
    runs(
        "refused at the second call",
        "--pipeline-id df-1",
        TWO,
        (400, {"__type": "InvalidRequestException", "message": "bad"}),
    ),
    *(
        runs(f"--output {each}", f"--pipeline-id df-1 --output {each}", TWO, (200, RUNS))
        for each in ("json", "text", "table", "yaml")
    ),
    runs("--query", "--pipeline-id df-1 --query [0:1]", TWO, (200, RUNS)),
    runs("--query as JSON", "--pipeline-id df-1 --query [].name --output json", TWO, (200, RUNS)),
    runs("output of the environment", "--pipeline-id df-1", TWO, (200, RUNS), env={"AWS_DEFAULT_OUTPUT": "json"}),
)

# Roles -----------------------------------------------------------------------------------------------------------

MADE = (200, "<CreateRoleResponse><CreateRoleResult><Role><Path>/</Path><RoleName>r</RoleName><RoleId>I</RoleId><Arn>arn:aws:iam::1:role/r</Arn>"
        "<CreateDate>2024-01-01T00:00:00Z</CreateDate><AssumeRolePolicyDocument>%7B%22a%22%3A1%7D</AssumeRolePolicyDocument></Role></CreateRoleResult>"
        "<ResponseMetadata><RequestId>x</RequestId></ResponseMetadata></CreateRoleResponse>")  # fmt: skip
POLICY = (
    200,
    "<GetPolicyResponse><GetPolicyResult><Policy><Arn>a</Arn><DefaultVersionId>v3</DefaultVersionId></Policy></GetPolicyResult></GetPolicyResponse>",
)
VERSION = (200, "<GetPolicyVersionResponse><GetPolicyVersionResult><PolicyVersion><Document>%7B%22Version%22%3A%222012%22%2C%22Statement%22%3A%5B%5D%7D</Document>"
           "<VersionId>v3</VersionId></PolicyVersion></GetPolicyVersionResult></GetPolicyVersionResponse>")  # fmt: skip
DONE = (200, "<R/>")
THERE = (200, "<GetRoleResponse><GetRoleResult><Role><RoleName>r</RoleName></Role></GetRoleResult></GetRoleResponse>")
ROLES = {
    "GetRole": ABSENT, "CreateRole": MADE, "GetPolicy": POLICY, "GetPolicyVersion": VERSION, "AttachRolePolicy": DONE,
    "GetInstanceProfile": ABSENT, "CreateInstanceProfile": (200, "<R><CreateInstanceProfileResult><InstanceProfile/></CreateInstanceProfileResult></R>"), "AddRoleToInstanceProfile": DONE,
}  # fmt: skip


def dlm(name: str, words: str = "", more: dict[str, Reply] | None = None, **rest: Any) -> Scenario:
    return Scenario(
        f"dlm: {name}", (f"dlm create-default-role {words}",), answers=script(**{**ROLES, **(more or {})}), **rest
    )


DEPRECATED = "AWS CLI v2 warns with a place in its own source"


def pipeline_roles(name: str, words: str = "", more: dict[str, Reply] | None = None, **rest: Any) -> Scenario:
    command = f"datapipeline create-default-roles {words}"
    answers = script(**{**ROLES, **(more or {})})
    return Scenario(f"pipeline roles: {name}", (command,), answers=answers, differs=DEPRECATED, **rest)


FOR_ROLES = (
    dlm("new"),
    dlm("new for images", "--resource-type image"),
    dlm("there", more={"GetRole": THERE}),
    dlm("no such policy", more={"GetPolicy": ABSENT}),
    dlm("China", "--region cn-north-1"),
    dlm("GovCloud", "--region us-gov-west-1"),
    *(dlm(f"--output {each}", f"--output {each}") for each in ("text", "table", "yaml")),
    dlm("--query", "--query RolePolicy"),
    dlm("a wrong kind", "--resource-type disk"),
    dlm("its own endpoint", "--iam-endpoint {url}/iam"),
    dlm("the endpoint that does not count", "--endpoint-url http://127.0.0.1:1"),
    dlm("refused", more={"GetRole": DENIED}),
    dlm("refused in the middle", more={"AttachRolePolicy": DENIED}, differs=LEFT_BEHIND),
    dlm("no region", env={"AWS_DEFAULT_REGION": None}, blur=PROGRAM),
    pipeline_roles("new"),
    pipeline_roles(
        "there",
        more={
            "GetRole": THERE,
            "GetInstanceProfile": (
                200,
                "<R><GetInstanceProfileResult><InstanceProfile/></GetInstanceProfileResult></R>",
            ),
        },
    ),
    pipeline_roles("--output text", "--output text"),
    pipeline_roles("endpoint url", "--endpoint-url {url}/iam"),
    pipeline_roles("refused", more={"GetRole": DENIED}),
    pipeline_roles("refused in the middle", more={"CreateInstanceProfile": DENIED}),
)

# Plugins ---------------------------------------------------------------------------------------------------------

RECORD = 'cat > "$HOME/told"; echo "$@" > "$HOME/words"; echo out; echo err >&2; exit ${CODE:-0}\n'
PUSH = "lightsail push-container-image --service-name s --image i:latest --label l"
BLUR = ((r'"cliVersion": "[^"]*"', '"cliVersion": "V"'),)


def push(name: str, words: str = "", **more: Any) -> Scenario:
    return Scenario(
        f"lightsail: {name}", (f"{PUSH} {words}",), **{"tools": {"lightsailctl": RECORD}, "blur": BLUR, **more}
    )


SESSION = {"SessionId": "s-1", "TokenValue": "t-é", "StreamUrl": "wss://x"}
START = "ssm start-session --target i-1"


def plugin(version: str) -> dict[str, str]:
    script = f'if [ "$1" = --version ]; then echo "{version}"; exit 0; fi\nfor w in "$@"; do echo "$w" >> "$HOME/words"; done\necho "$AWS_SSM_START_SESSION_RESPONSE" >> "$HOME/words"; echo out; echo err >&2; exit ${{CODE:-0}}\n'
    return {"session-manager-plugin": script}


def session(name: str, version: str, words: str = "", **more: Any) -> Scenario:
    return Scenario(
        f"ssm: {name}", (f"{START} {words}",), **{"answers": ((200, SESSION),), "tools": plugin(version), **more}
    )


PLUGINS = (
    push("pushed"),
    push(
        "all that can be said",
        "--region eu-west-1 --no-verify-ssl --no-paginate --output text --no-sign-request --cli-read-timeout 7 --cli-connect-timeout 0 --cli-binary-format raw-in-base64-out --endpoint-url {url}",
    ),
    push("a profile", "--profile p", files={".aws/config": "[profile p]\nregion = eu-central-1\nca_bundle = /b\n"}),
    push("the environment's profile", env={"AWS_PROFILE": "p"}, files={".aws/config": "[profile p]\nca_bundle = /b\n"}),
    push("a bundle", "--ca-bundle /x"),
    push("no region", env={"AWS_DEFAULT_REGION": None}),
    push("it fails", env={"CODE": "3"}),
    push("no plugin", tools={}),
    push("--query", "--query x", differs="AWS CLI v2 crashes: the expression is not JSON"),
    Scenario("lightsail: options missing", ("lightsail push-container-image --image i",)),
    Scenario(
        "lightsail: an empty label",
        (("lightsail", "push-container-image", "--service-name", "s", "--image", "é", "--label", ""),),
        tools={"lightsailctl": RECORD},
        blur=BLUR,
    ),
    *(
        session(f"plugin {version!r}", version)
        for version in (
            "1.2.497.0",
            "1.2.498.0",
            "1.2.707.0",
            "1.2.764.0",
            "1.2.779.0",
            "1.3",
            "1",
            "x",
            "",
            "1.2.804.0",
            "1.2.900.0",
            "2.0.0.0",
        )
    ),
    session(
        "a plugin that fails",
        "1.2.707.0",
        env={"CODE": "3"},
        differs="the words of the command line, which hold the session with older plugins, are not repeated",
    ),
    session("no plugin", "", tools={}, answers=((200, SESSION), (200, {}))),
    session("refused", "1.2.707.0", answers=((400, {"__type": "TargetNotConnected", "message": "no"}),)),
    session(
        "a profile",
        "1.2.707.0",
        "--profile p",
        files={".aws/config": "[profile p]\nregion = eu-central-1\naws_access_key_id = a\naws_secret_access_key = b\n"},
    ),
)

if __name__ == "__main__":
    main((*CONFIG, *PIPELINE, *FOR_ROLES, *PLUGINS))
