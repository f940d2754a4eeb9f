"""`awsmini configure agent-toolkit`: AWS's skills and its MCP server for the AI coding agents of this machine."""

from pkgutil import resolve_name

from awsmini.app import App
from awsmini.commandline.ask import ask
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ConfigurationError
from awsmini.params.arguments import flag
from awsmini.services.agent_toolkit import mcp
from awsmini.services.agent_toolkit.agents import AGENTS, Installed, find, short
from awsmini.services.agent_toolkit.skills import SkillError, catalog, download, install

CHECKLIST = "awsmini.commandline.menus:checklist"  # prompt_toolkit: not needed with --yes
DEFAULT_SKILLS = "aws-core"  # the category
BY_HAND = "https://docs.aws.amazon.com/agent-toolkit/latest/userguide/getting-started-aws-mcp-server.html"


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
        entry = mcp.add_server(agent, app)
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
