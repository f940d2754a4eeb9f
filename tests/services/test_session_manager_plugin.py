"""Sessions: the answer goes to the Session Manager plugin, here a script that writes down how it was called."""

import json
import os
import signal
import sys

import pytest

from awsmini.services.shared.session_manager_plugin import is_outdated, takes_variable

SESSION = {"SessionId": "s-1", "StreamUrl": "wss://stream", "TokenValue": "secret-token"}
STARTED = {"SessionId": "s-1", "TokenValue": "secret-token", "StreamUrl": "wss://stream"}
EXECUTED = {
    "clusterArn": "arn:aws:ecs:us-east-1:1:cluster/blue",
    "taskArn": "arn:aws:ecs:us-east-1:1:task/blue/t1",
    "containerName": "web",
    "interactive": True,
    "session": {"sessionId": "s-1", "streamUrl": "wss://stream", "tokenValue": "secret-token"},
}
TASKS = {"tasks": [{"containers": [{"name": "side", "runtimeId": "r0"}, {"name": "web", "runtimeId": "r1"}]}]}
EXECUTE = "ecs execute-command --cluster blue --task t1 --interactive --command sh"
NOT_FOUND = (
    "awsmini: [ERROR]: SessionManagerPlugin is not found. Please refer to SessionManager Documentation here: "
    "http://docs.aws.amazon.com/console/systems-manager/session-manager-plugin-not-found"
)
IGNORED = ["SIGINT", "SIGQUIT", "SIGTSTP"]  # while there is a session, whose keys they are
PROFILE = "[profile work]\naws_access_key_id = a\naws_secret_access_key = b\n"
SCRIPT = """\
#!{python}
import json, os, signal, sys
if sys.argv[1:] == ["--version"]:
    print({version!r})
    sys.exit({version_code})
ignored = [name for name in ("SIGINT", "SIGQUIT", "SIGTSTP") if signal.getsignal(getattr(signal, name)) == signal.SIG_IGN]
with open({log!r}, "a") as file:
    print(json.dumps([sys.argv[1:], os.environ.get("AWS_SSM_START_SESSION_RESPONSE"), ignored]), file=file)
sys.exit({code} if len(sys.argv) > 1 else 0)
"""


@pytest.fixture
def plugin(aws):
    """Puts a plugin into PATH; what comes back lists its calls: arguments, the session's variable, ignored signals."""
    folder = aws.home / "bin"
    folder.mkdir()
    aws.env["PATH"] = str(folder)
    log = aws.home / "log"

    def install(version="1.2.764.0", code=0, version_code=0, mode=0o755):
        words = {"python": sys.executable, "version": version, "version_code": version_code, "code": code}
        script = aws.write("bin/session-manager-plugin", SCRIPT.format(**words, log=str(log)))
        script.chmod(mode)
        return lambda: [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    return install


def operations(aws):
    return [request.headers["X-Amz-Target"].split(".")[-1] for request in aws.service.requests]


def test_the_session_is_in_a_variable(aws, plugin):
    calls = plugin()
    aws.service.replies(200, SESSION)
    aws.write(".aws/config", PROFILE)
    outcome = aws("ssm start-session --target i-1 --profile work --output text")
    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, "", "")
    [(words, variable, ignored)] = calls()
    assert words == [
        "AWS_SSM_START_SESSION_RESPONSE",
        "us-east-1",
        "StartSession",
        "work",
        '{"Target": "i-1"}',
        aws.service.url,
    ]
    assert json.loads(variable) == STARTED
    assert ignored == IGNORED
    assert operations(aws) == ["StartSession"]


@pytest.fixture
def handlers():
    """Sets what is done about signals, for one test."""
    before = {name: signal.getsignal(name) for name in map(signal.Signals.__getitem__, IGNORED)}
    yield lambda handler: [signal.signal(name, handler) for name in before]
    for name, handler in before.items():
        signal.signal(name, handler)


@pytest.mark.parametrize("handler", [signal.SIG_IGN, signal.SIG_DFL, lambda *_: None])
def test_signals_are_as_before_when_the_session_is_over(aws, plugin, handlers, handler):
    calls = plugin()
    handlers(handler)
    aws.service.replies(200, SESSION)
    assert aws("ssm start-session --target i-1").code == 0
    assert calls()[0][2] == IGNORED
    assert {signal.getsignal(signal.Signals[name]) for name in IGNORED} == {handler}


def test_older_plugins_get_it_as_an_argument(aws, plugin):
    calls = plugin(version="1.2.497.0")
    aws.service.replies(200, SESSION)
    aws.write(".aws/config", PROFILE)
    assert aws("ssm start-session --target i-1", env={"AWS_PROFILE": "work"}).code == 0
    [(words, variable, _)] = calls()
    assert json.loads(words[0]) == STARTED
    assert words[3] == ""  # --profile alone counts
    assert variable is None


@pytest.mark.parametrize(
    ("version", "takes"),
    [
        ("1.2.497.1\n", True),
        (" 1.2.5 00.0 \n", True),
        ("1.3", True),
        ("2", True),
        ("1.2.497.0", False),
        ("1.2.497", False),
        ("1.2.30.0", False),
        ("1.2.3.4.5", False),
        ("v2", False),
        ("", False),
    ],
)
def test_versions(version, takes):
    assert takes_variable(version) is takes


@pytest.mark.parametrize(
    ("version", "outdated"),
    [
        ("1.2.763.9", True),
        ("1", True),
        ("1.2.764.0", False),
        ("1.2.764", False),
        ("1.3", False),
        ("", False),
        ("v1", False),
    ],
)
def test_versions_that_are_outdated(version, outdated):
    assert is_outdated(version) is outdated


def test_an_outdated_plugin_is_told_of_before_it_starts(aws, plugin):
    calls = plugin(version="1.2.707.0")
    aws.service.replies(200, SESSION)
    outcome = aws("ssm start-session --target i-1")
    assert (outcome.code, outcome.stdout, len(calls())) == (0, "", 1)
    assert outcome.stderr.startswith("\nWARNING: An outdated SessionManagerPlugin version detected.")
    assert outcome.stderr.endswith("working-with-install-plugin.html\n\n")


def test_a_session_that_no_plugin_joins_is_ended(aws, plugin):
    aws.service.replies(200, SESSION)
    aws.service.replies(200, {})
    outcome = aws("ssm start-session --target i-1")
    assert (outcome.code, outcome.message) == (255, NOT_FOUND)
    assert operations(aws) == ["StartSession", "TerminateSession"]
    assert aws.service.requests[1].json == {"SessionId": "s-1"}


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has no modes of files")
def test_a_plugin_that_cannot_be_started(aws, plugin):
    plugin(mode=0o644)
    aws.service.replies(200, SESSION)
    aws.service.replies(200, {})
    outcome = aws("ssm start-session --target i-1")
    assert (outcome.code, "Permission denied" in outcome.message) == (255, True)
    assert operations(aws) == ["StartSession", "TerminateSession"]


@pytest.mark.parametrize("how", [{"code": 3}, {"version_code": 3}, {"code": 3, "version": "1.0"}])
def test_a_plugin_that_fails(aws, plugin, how):
    plugin(**how)
    aws.service.replies(200, SESSION)
    outcome = aws("ssm start-session --target i-1")
    assert outcome.code == 255
    assert outcome.message.endswith(
        "awsmini: [ERROR]: Command 'session-manager-plugin' returned non-zero exit status 3."
    )


def test_a_session_that_is_refused(aws, plugin):
    calls = plugin()
    aws.service.replies(400, {"__type": "TargetNotConnected", "message": "i-1 is not connected."})
    outcome = aws("ssm start-session --target i-1")
    assert (outcome.code, "(TargetNotConnected)" in outcome.message) == (254, True)
    assert calls() == []


def test_a_command_in_a_container(aws, plugin):
    calls = plugin()
    aws.service.replies(200, EXECUTED)
    aws.service.replies(200, TASKS)
    aws.write(".aws/config", PROFILE)
    outcome = aws(EXECUTE, env={"AWS_PROFILE": "work"})
    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, "", "")
    [looked, (words, _, ignored)] = calls()
    assert looked[0] == []
    assert json.loads(words[0]) == EXECUTED["session"]
    assert words[1:] == ["us-east-1", "StartSession", "work", '{"Target": "ecs:blue_t1_r1"}', aws.service.url]
    assert ignored == IGNORED
    assert operations(aws) == ["ExecuteCommand", "DescribeTasks"]
    assert aws.service.requests[1].json == {"cluster": "blue", "tasks": ["t1"]}


def test_a_task_that_has_ended(aws, plugin):
    plugin()
    aws.service.replies(200, EXECUTED)
    aws.service.replies(200, {"tasks": []})
    outcome = aws(EXECUTE)
    assert outcome.code == 255
    assert outcome.message == "awsmini: [ERROR]: The task provided in the request was not found."


def test_without_a_plugin_no_command_is_started(aws, plugin):
    outcome = aws(EXECUTE)
    assert (outcome.code, outcome.message) == (255, NOT_FOUND)
    assert aws.service.requests == []


def test_skeletons_need_no_plugin(aws, plugin):
    assert aws(f"{EXECUTE} --generate-cli-skeleton output").json["session"]
    assert aws("ssm start-session --generate-cli-skeleton").json["Target"] == ""


def test_an_answer_without_a_session_is_told_as_such(aws):
    aws.service.replies(200, {"SessionId": "s"})
    outcome = aws("ssm start-session --target i-1")
    assert outcome.code == 255
    assert "The answer to StartSession lacks TokenValue, StreamUrl." in outcome.stderr
