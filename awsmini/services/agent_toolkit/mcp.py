"""AWS's MCP server among those of an agent: an entry in a JSON file, or what the agent's own program makes of it."""

import json
import os
import shutil
import subprocess
from typing import Any, NamedTuple

from awsmini.app import App
from awsmini.errors import AwsminiError
from awsmini.services.agent_toolkit.agents import SERVER, Installed
from awsmini.system.atomic import refuse_pipe, rewrite


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
