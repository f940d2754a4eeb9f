"""AI coding agents: which are on this machine, where each keeps its skills, and which of those AWS's commands put there.

A row of `AGENTS` is what an agent's own documentation says of its files; that one is installed is told by its folder.
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from awsmini.errors import ParamValidationError
from awsmini.system.user_dirs import expand

SKILL_FILE = "SKILL.md"
MARKER = ".aws-skill-metadata"  # in the folder of a skill that these commands have put there
SHARED_SKILLS = "~/.agents/skills/"  # of several agents
PROXY = ("uvx", "mcp-proxy-for-aws@latest", "https://aws-mcp.us-east-1.api.aws/mcp", "--metadata", "INSTALL_SOURCE=aws-cli")  # fmt: skip
SERVER = "aws-mcp"
_ENTRY: Mapping[str, Any] = {"command": PROXY[0], "args": PROXY[1:]}


class Agent(NamedTuple):
    """`skills` is a folder below the agent's own, or begins with `~`; and so is `mcp_file`, empty where there is none.

    The entry of AWS's MCP server belongs into the map `mcp_key` of that file; or `mcp_command` puts it where it belongs.
    """

    id: str
    name: str
    folder: str
    folder_variable: str = ""  # in the environment: another folder
    skills: str = "skills"
    mcp_file: str = ""
    mcp_key: str = "mcpServers"
    mcp_entry: Mapping[str, Any] = _ENTRY
    mcp_command: Sequence[str] = ()

    @property
    def label(self) -> str:
        skills = self.skills if self.skills.startswith("~") else os.path.join(self.folder, self.skills)
        return f"{self.name} — {skills.rstrip('/')}"


AGENTS = (
    Agent("claude-code", "Claude Code", "~/.claude", "CLAUDE_CONFIG_DIR", mcp_file="~/.claude.json"),
    Agent("cline", "Cline", "~/.cline", mcp_file="mcp.json"),
    Agent(
        "codex", "Codex", "~/.codex", "CODEX_HOME", SHARED_SKILLS,
        mcp_command=("codex", "mcp", "add", SERVER, "--", *PROXY),
    ),
    Agent("cursor", "Cursor", "~/.cursor", mcp_file="mcp.json"),
    Agent("devin", "Devin", "~/.config/devin", skills=SHARED_SKILLS, mcp_file="mcp_config.json"),
    Agent("gemini-cli", "Gemini CLI", "~/.gemini", skills=SHARED_SKILLS, mcp_file="settings.json"),
    Agent(
        "kiro", "Kiro", "~/.kiro", mcp_file="settings/mcp.json",
        mcp_entry={**_ENTRY, "timeout": 100000, "transport": "stdio"},
    ),
    Agent("openclaw", "OpenClaw", "~/.openclaw"),
    Agent(
        "opencode", "OpenCode", "~/.config/opencode", skills=SHARED_SKILLS, mcp_file="opencode.json", mcp_key="mcp",
        mcp_entry={"type": "local", "command": PROXY},
    ),
    Agent("pi", "Pi", "~/.pi/agent"),
    Agent("windsurf", "Windsurf", "~/.codeium/windsurf", skills=SHARED_SKILLS, mcp_file="~/.codeium/mcp_config.json"),
)  # fmt: skip
_SHARING = ", ".join(agent.name for agent in AGENTS if agent.skills == SHARED_SKILLS)
UNIVERSAL = Agent("universal", f"Universal ({_SHARING})", "~/.agents")
TARGETS = (*AGENTS, UNIVERSAL)


class Skill(NamedTuple):
    """A skill in the folder of an agent that is installed."""

    agent: "Installed"
    name: str
    path: str  # of its SKILL.md

    @property
    def folder(self) -> str:
        return os.path.dirname(self.path)


class Installed(NamedTuple):
    """An agent that is on this machine, in `folder`."""

    agent: Agent
    folder: str
    env: Mapping[str, str]

    @property
    def skills_folder(self) -> str:
        skills = self.agent.skills
        return expand(skills, self.env) if skills.startswith("~") else os.path.join(self.folder, skills)

    @property
    def label(self) -> str:
        return f"{self.agent.name} — {short(self.skills_folder, self.env)}"

    @property
    def mcp_file(self) -> str:
        """The file that names the agent's MCP servers; empty where it has none."""
        named = self.agent.mcp_file
        if not named.startswith("~"):
            return named and os.path.join(self.folder, named)
        other = _other_folder(self.agent, self.env)
        return os.path.join(other, named[len("~/") :]) if other else expand(named, self.env)

    def skills(self) -> list[Skill]:
        """The skills that AWS's commands have put there, by name."""
        try:
            names = sorted(os.listdir(self.skills_folder))
        except OSError:
            return []
        folders = [(name, os.path.join(self.skills_folder, name)) for name in names if not name.startswith(".")]
        return [
            Skill(self, name, os.path.join(folder, SKILL_FILE))
            for name, folder in folders
            if os.path.exists(os.path.join(folder, SKILL_FILE)) and os.path.exists(os.path.join(folder, MARKER))
        ]


def find(agent: Agent, env: Mapping[str, str]) -> Installed | None:
    """The agent, if it is on this machine."""
    folder = _other_folder(agent, env) or expand(agent.folder, env).rstrip(os.sep)
    return Installed(agent, folder, env) if os.path.isdir(folder) else None


def targets(wanted: str | None, env: Mapping[str, str]) -> list[Installed]:
    """The agents that are here, or the wanted one if it is. Raises ParamValidationError for a name that is none's."""
    agents = [agent for agent in TARGETS if wanted is None or agent.id == wanted.lower()]
    if not agents:
        names = ", ".join(sorted(agent.id for agent in TARGETS))
        raise ParamValidationError(f'Invalid agent "{wanted}". Valid values: {names}.')
    found = [installed for agent in agents if (installed := find(agent, env))]
    return sorted(found, key=lambda installed: installed.agent is not UNIVERSAL)


def short(path: str, env: Mapping[str, str]) -> str:
    """The path with `~` for the home folder."""
    home = expand("~", env).rstrip(os.sep)
    return f"~{path[len(home) :]}" if path == home or path.startswith(home + os.sep) else path


def _other_folder(agent: Agent, env: Mapping[str, str]) -> str:
    """The folder that the environment names; empty where it names none, or one that is not there."""
    named = expand(env.get(agent.folder_variable, ""), env).rstrip(os.sep) if agent.folder_variable else ""
    return named if os.path.isdir(named) else ""
