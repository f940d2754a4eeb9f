"""What `awsmini configure` offers at its end: to set up the AI coding agents that are here and have no skills yet."""

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress

from awsmini.app import App
from awsmini.commandline.ask import EndOfInputError, ask
from awsmini.commandline.invocation import Invocation
from awsmini.commands.configure import agent_toolkit
from awsmini.model.load import data
from awsmini.services.small.agent_toolkit_agents import AGENTS, find
from awsmini.system.atomic import writing
from awsmini.system.user_dirs import expand

DISABLED = "AWS_CLI_AGENT_TOOLKIT_HINT_DISABLED"  # "true" in the environment: nothing is offered
STATE = "~/.aws/cli/agent-toolkit/state.json"
NEVER_AGAIN = {"hint_dismissed": True}
REGION = "us-east-1"  # the only one that has the Agent Toolkit
PARTITION = "aws"  # whose regions alone go there
OFFER = "\nConfigure AWS skills and the AWS MCP server for your AI coding agent(s)? [y/n/never]: "
TIP = (
    "\nTip: run 'awsmini configure agent-toolkit' to set up AWS skills and the AWS MCP server for your AI coding "
    "agent(s).\n"
)


def offer(invocation: Invocation, region: str | None) -> None:
    """Offer the agents' setup to somebody at a terminal; `region` is that of the profile as it is now."""
    app = invocation.app
    if _is_unwanted(app.env) or not _has_agents_without_skills(app.env):
        return
    if region and not _is_of_its_partition(region):
        app.stdout.write(TIP)
        return
    answer = _answer(app)
    if answer == "never":
        _never_again(app.env)
    if answer in ("y", "yes"):
        # The files are read anew: the profile may be there only now.
        there = Invocation(app, {**invocation.flags, "region": REGION, "endpoint_url": None}, prompt=invocation.prompt)
        there.command = invocation.command
        agent_toolkit.run(there, {})


def _is_unwanted(env: Mapping[str, str]) -> bool:
    if env.get(DISABLED, "").lower() == "true":
        return True
    try:
        with open(expand(STATE, env), encoding="utf-8") as file:
            state = json.load(file)
    except (OSError, ValueError):
        return False
    return isinstance(state, dict) and bool(state.get("hint_dismissed"))


def _is_of_its_partition(region: str) -> bool:
    pattern = next(each["regionRegex"] for each in data("partitions.json")["partitions"] if each["id"] == PARTITION)
    return re.match(pattern, region) is not None


def _has_agents_without_skills(env: Mapping[str, str]) -> bool:
    agents = [installed for agent in AGENTS if (installed := find(agent, env))]
    return bool(agents) and not any(agent.skills() for agent in agents)


def _answer(app: App) -> str:
    while True:
        try:
            answer = ask(app, OFFER).strip().lower()
        except EndOfInputError:
            return "n"
        if answer in ("y", "yes", "n", "no", "never"):
            return answer
        app.stdout.write('Invalid response. Please enter "y", "n", or "never"\n')


def _never_again(env: Mapping[str, str]) -> None:
    path = expand(STATE, env)
    with suppress(OSError):  # then it is offered again
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with writing(path) as file:
            file.write(json.dumps(NEVER_AGAIN).encode() + b"\n")
