"""The lines that were run from the prompt, in the file that AWS CLI v2 keeps them in too.

A line with a secret in it is not kept. Nothing that goes wrong with the file troubles the prompt.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from awsmini.config.locks import lock
from awsmini.log import debug
from awsmini.system.atomic import PRIVATE, writing
from awsmini.system.user_dirs import expand

FILE = "~/.aws/cli/cache/prompt_history.json"
VERSION = 1
MOST = 500  # lines


def load(env: Mapping[str, str]) -> list[str]:
    """The lines, the oldest first."""
    return _commands(_read(_path(env)))


def add(line: str, env: Mapping[str, str]) -> None:
    """Keep a line, after those that are there; the oldest go where there are too many."""
    path = _path(env)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with lock(f"{path}.lock"):
            known = _read(path)
            known = {"version": VERSION, **known, "commands": [*_commands(known), line][-MOST:]}
            with writing(str(path), PRIVATE) as file:
                file.write(json.dumps(known).encode())
    except OSError as error:
        debug("prompt", "The history could not be written: %s", error)


def newest_first(lines: Sequence[str]) -> list[str]:
    """Each line once, where it was run last, without blanks around it."""
    return list(dict.fromkeys(stripped for line in reversed(lines) if (stripped := line.strip())))


def _path(env: Mapping[str, str]) -> Path:
    return Path(expand(FILE, env))


def _read(path: Path) -> dict[str, Any]:
    """What the file holds; nothing where it is not understood."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        debug("prompt", "The history could not be read: %s", error)
        return {}
    return found if isinstance(found, dict) else {}


def _commands(known: Mapping[str, Any]) -> list[str]:
    found = known.get("commands")
    return [line for line in found if isinstance(line, str)] if isinstance(found, list) else []
