"""`awsmini configure agent-toolkit`: AWS's skills and its MCP server for the AI coding agents of this machine."""

import json
import os
import shutil
import subprocess
from pkgutil import resolve_name
from typing import Any, NamedTuple

from awsmini.app import App
from awsmini.commandline.ask import ask
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ConfigurationError
from awsmini.params.arguments import flag
from awsmini.services.small.agent_toolkit_agents import AGENTS, SERVER, Installed, find, short
from awsmini.services.small.agent_toolkit_skills import SkillError, catalog, download, install
from awsmini.system.atomic import refuse_pipe, rewrite

CHECKLIST = "awsmini.commandline.menus:checklist"  # prompt_toolkit: not needed with --yes
DEFAULT_SKILLS = "aws-core"  # the category
BY_HAND = "https://docs.aws.amazon.com/agent-toolkit/latest/userguide/getting-started-aws-mcp-server.html"


class McpError(AwsminiError):
    """The agent's file is not what it should be, or its program has failed."""


class Entry(NamedTuple):
    """What has become of the entry: `state` is "updated", "already configured", or empty where none can be made.

    `place` is the file, or the program.
    """

    state: str
    place: str


def add_server(agent: Installed, app: App) -> Entry:
    """Enter AWS's server, where it is not there yet. Raises McpError."""
    if agent.agent.mcp_command:
        return _by_program(list(agent.agent.mcp_command), app)
    path = agent.mcp_file
    if not path:
        return Entry("", "")
    config = _read(path)
    servers = config.setdefault(agent.agent.mcp_key, {})
    if not isinstance(servers, dict):
        raise McpError(f"{path}: {agent.agent.mcp_key} has to be an object")
    if SERVER in servers:
        return Entry("already configured", path)
    servers[SERVER] = dict(agent.agent.mcp_entry)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        rewrite(path, f"{json.dumps(config, indent=2)}\n".encode())
    except OSError as error:
        raise McpError(f"{path} cannot be written: {error.strerror}") from error
    return Entry("updated", path)


def _by_program(words: list[str], app: App) -> Entry:
    program = words[0]
    if shutil.which(program, path=app.env.get("PATH")) is None:
        return Entry("", program)
    app.stdout.flush()
    code = subprocess.call(words, env=dict(app.env))
    if code:
        raise McpError(f"Command '{words}' returned non-zero exit status {code}.")
    return Entry("updated", program)


def _read(path: str) -> dict[str, Any]:
    try:
        refuse_pipe(path)
        with open(path, encoding="utf-8") as file:
            config = json.load(file)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise McpError(f"{path} cannot be read: {error}") from error
    if not isinstance(config, dict):
        raise McpError(f"{path} has to hold an object")
    return config


def run(invocation: Invocation, values: Values) -> int:
    app = invocation.app
    ask_nothing = values.get("yes", False)
    found = _detect(app)
    agents = found if ask_nothing else _choose(found, app)
    if not agents:
        app.stdout.write("No agents selected.\n")
        return 0
    _add_skills(invocation, agents, ask_nothing=ask_nothing)
    if ask_nothing or _agreed(app, "\nConfigure AWS MCP server connection? [Y/n]: "):
        _add_servers(agents, app)
    app.stdout.write(
        "\nYou can discover additional skills with 'awsmini agent-toolkit search-skills --search-query <text>'\n"
    )
    return 0


def _detect(app: App) -> list[Installed]:
    say, found = app.stdout.write, []
    say("\nDetecting installed AI coding agents...\n")
    for agent in AGENTS:
        installed = find(agent, app.env)
        say(f"  ✓ {installed.label}\n" if installed else f"  ✗ {agent.label} (not found)\n")
        if installed:
            found.append(installed)
    if not found:
        names = ", ".join(agent.name for agent in AGENTS)
        raise ConfigurationError(
            f"No supported AI coding agents found. Supported agents: {names}. "
            "Install one and re-run 'awsmini configure agent-toolkit'."
        )
    return found


def _choose(found: list[Installed], app: App) -> list[Installed]:
    if not app.stdin.isatty():
        raise ConfigurationError("This command requires an interactive terminal (TTY).")
    app.stdout.flush()
    labels = [agent.label for agent in found]
    checked: list[int] = resolve_name(CHECKLIST)(app, "\nSelect agents to configure", labels)
    return [found[index] for index in checked]


def _agreed(app: App, prompt: str) -> bool:
    while True:
        answer = ask(app, prompt).lower()
        if answer in ("y", "yes", "n", "no"):
            return answer.startswith("y")
        app.stdout.write('Invalid response. Please enter "y" or "n"\n')


def _add_skills(invocation: Invocation, agents: list[Installed], *, ask_nothing: bool) -> None:
    say, client = invocation.app.stdout.write, catalog(invocation)
    say("\nFetching default AWS skills...\n")
    pages = client.get_paginator("list_skills").paginate(categoryFilter=DEFAULT_SKILLS)
    names = [skill["name"] for page in pages for skill in page.get("skills", ())]
    if not names:
        return
    say(f"  Found: {', '.join(names)}\n")
    if not ask_nothing and not _agreed(invocation.app, f"\nInstall {len(names)} default AWS skills? [Y/n]: "):
        return
    say(f"\nInstalling {len(names)} default AWS skills...\n")
    failed = 0
    for number, name in enumerate(names, 1):
        skill = download(client, name)
        fault = ""
        try:
            install(skill, agents, lambda _: None)
        except SkillError as error:
            fault, failed = f": {error}", failed + 1
        say(f"  [{number}/{len(names)}] {name}{fault}\n")
    if failed == len(names):
        say("\nNo skills were installed successfully.\n")
        return
    say("\nSkills installed to:\n")
    labels: dict[str, str] = {}
    for agent in agents:
        labels.setdefault(agent.skills_folder, agent.label)
    say("".join(f"  {label}\n" for label in labels.values()))


def _add_servers(agents: list[Installed], app: App) -> None:
    say, skipped = app.stdout.write, []
    say("\nAWS MCP server configured for:\n")
    for agent in agents:
        entry = add_server(agent, app)
        if entry.state:
            say(f"  ✓ {agent.agent.name} — {short(entry.place, app.env)}: {entry.state}\n")
        else:
            reason = f"requires {entry.place!r} on PATH" if entry.place else "no automated setup"
            skipped.append(f"  ✗ {agent.agent.name} ({reason})\n")
    if skipped:
        say(f"\nMCP setup not available for the following agents. See {BY_HAND} for manual setup instructions.\n")
        say("".join(skipped))


command = HandWritten(
    "agent-toolkit",
    run,
    doc="Put AWS's skills and its MCP server into the AI coding agents that are found on this machine.",
    arguments=(flag("yes", doc="Ask nothing: all agents, the default skills, and the MCP server."),),
)
