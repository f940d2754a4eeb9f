"""`ssm start-session` and `ecs execute-command`: the answer is handed to the Session Manager plugin, not shown.

The plugin is a program of its own, `session-manager-plugin`, that a user installs. Its arguments are the session as
JSON, the region, the word StartSession, the profile, the parameters of the session as JSON and the endpoint's URL.
"""

import json
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import current_thread, main_thread
from typing import Any

from awsmini.app import App
from awsmini.client import Client
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError

PLUGIN = "session-manager-plugin"
SESSION = ("SessionId", "TokenValue", "StreamUrl")  # what the plugin is told of a session
FIRST_NOT_OUTDATED = (1, 2, 764, 0)
OUTDATED = (
    "\nWARNING: An outdated SessionManagerPlugin version detected. Please upgrade it to the latest version. \n"
    "For more information, refer:\n  https://docs.aws.amazon.com/systems-manager/latest/userguide/"
    "session-manager-working-with-install-plugin.html\n\n"
)
LAST_WITHOUT_VARIABLE = (1, 2, 497, 0)  # newer plugins take the session from an environment variable
VARIABLE = "AWS_SSM_START_SESSION_RESPONSE"
_VERSION = re.compile(r"\d+(\.\d+){0,3}", re.ASCII)
_FOR_THE_PLUGIN = ("SIGINT", "SIGQUIT", "SIGTSTP")  # Windows has the first alone


class PluginError(AwsminiError):
    """The plugin cannot be started, or failed."""


class PluginNotFoundError(PluginError):
    def __init__(self) -> None:
        super().__init__(
            "SessionManagerPlugin is not found. Please refer to SessionManager Documentation here: "
            "http://docs.aws.amazon.com/console/systems-manager/session-manager-plugin-not-found"
        )


def start_session(invocation: Invocation, client: Client, params: dict[str, Any]) -> int:
    """Start a session and let the plugin speak in it. One that no plugin joins is ended, not left to time out."""
    answer = client._make_api_call("StartSession", params)
    if missing := [name for name in SESSION if name not in answer]:
        raise PluginError(f"The answer to StartSession lacks {', '.join(missing)}.")
    session = json.dumps({name: answer[name] for name in SESSION})
    target = _Target(client, "StartSession", params, invocation.flags.get("profile"))
    try:
        version = _version(invocation.app)
        if is_outdated(version):
            invocation.app.stderr.write(OUTDATED)
            invocation.app.stderr.flush()
        if takes_variable(version):
            target.run(invocation.app, VARIABLE, params, {VARIABLE: session})
        else:
            target.run(invocation.app, session, params)
    except OSError as error:
        client._make_api_call("TerminateSession", {"SessionId": answer["SessionId"]})
        raise _not_started(error) from None
    return 0


def execute_command(invocation: Invocation, client: Client, params: dict[str, Any]) -> int:
    """Start a command in a container and let the plugin speak to it. Without a plugin nothing is called."""
    app = invocation.app
    try:
        _check_call(app, [PLUGIN])
        answer = client._make_api_call("ExecuteCommand", params)
        target = _Target(client, "ExecuteCommand", params, invocation.settings.value("profile"))
        target.run(app, json.dumps(answer["session"]), {"Target": _container(client, answer)})
    except OSError as error:
        raise _not_started(error) from None
    return 0


def takes_variable(version: str) -> bool:
    """Whether a plugin that says it is of this version takes the session from an environment variable."""
    numbers = _numbers(version)
    return numbers is not None and numbers > LAST_WITHOUT_VARIABLE


def is_outdated(version: str) -> bool:
    """Whether AWS wants such a plugin to be replaced. Of one that says no version nothing is known."""
    numbers = _numbers(version)
    return numbers is not None and numbers < FIRST_NOT_OUTDATED


def _numbers(version: str) -> tuple[int, ...] | None:
    """The four numbers of a version, missing ones as zeros; None for what is none."""
    bare = "".join(version.split())
    if not _VERSION.fullmatch(bare):
        return None
    numbers = tuple(map(int, bare.split(".")))
    return numbers + (0,) * (4 - len(numbers))


def _container(client: Client, answer: Mapping[str, Any]) -> str:
    """The container of an answer, as Systems Manager names it: `ecs:CLUSTER_TASK_RUNTIME-ID`."""
    cluster = answer["clusterArn"].split("/")[-1]
    task = answer["taskArn"].split("/")[-1]
    tasks = client._make_api_call("DescribeTasks", {"cluster": cluster, "tasks": [task]}).get("tasks")
    if not tasks:
        raise PluginError("The task provided in the request was not found.")
    ids = (one["runtimeId"] for one in tasks[0]["containers"] if one["name"] == answer["containerName"])
    return f"ecs:{cluster}_{task}_{next(ids, None)}"


class _Target:
    """What the plugin is told besides the session: where the call went, and in whose name."""

    def __init__(self, client: Client, operation_name: str, params: Mapping[str, Any], profile: str | None) -> None:
        self._region = client.meta.region_name or ""
        self._endpoint_url = client._endpoint_url(operation_name, params)
        self._profile = profile or ""

    def run(self, app: App, session: str, params: Mapping[str, Any], env: Mapping[str, str] | None = None) -> None:
        """Run the plugin to its end, in the terminal of this process. Keys that interrupt are the session's."""
        words = [session, self._region, "StartSession", self._profile, json.dumps(params), self._endpoint_url]
        with signals_left_alone():
            _check_call(app, [PLUGIN, *words], env)


def _version(app: App) -> str:
    done = subprocess.run([PLUGIN, "--version"], env=dict(app.env), stdout=subprocess.PIPE, text=True, check=False)
    _check_code(done.returncode)
    return done.stdout


def _check_call(app: App, words: list[str], env: Mapping[str, str] | None = None) -> None:
    app.stdout.flush()
    _check_code(subprocess.call(words, env={**app.env, **(env or {})}))


def _check_code(code: int) -> None:
    """Raise PluginError for a failure. Its words, which hold the session's token, are not repeated."""
    if code:
        raise PluginError(f"Command '{PLUGIN}' returned non-zero exit status {code}.")


def _not_started(error: OSError) -> PluginError:
    return PluginNotFoundError() if isinstance(error, FileNotFoundError) else PluginError(str(error))


@contextmanager
def signals_left_alone() -> Iterator[None]:
    """Interrupts from the terminal reach the plugin, and do not end this process under it."""
    numbers = [getattr(signal, name) for name in _FOR_THE_PLUGIN if hasattr(signal, name)]
    own = current_thread() is main_thread()  # signals are another's elsewhere
    before = [(number, signal.signal(number, signal.SIG_IGN)) for number in numbers if own]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
