"""Paths as users write them, and the folders where a program keeps its own files, as each platform has them."""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

_VARIABLE = re.compile(r"\$(?:(\w+)|\{([^}]*)\})", re.ASCII)


def state_folder(env: Mapping[str, str], platform: str) -> Path:
    """What may be lost: `~/.local/state/awsmini`, and its like."""
    return _folder(env, platform, "XDG_STATE_HOME", ".local/state")


def data_folder(env: Mapping[str, str], platform: str) -> Path:
    """What was made for the user: `~/.local/share/awsmini`, and its like."""
    return _folder(env, platform, "XDG_DATA_HOME", ".local/share")


def _folder(env: Mapping[str, str], platform: str, variable: str, default: str) -> Path:
    home = Path(env.get("HOME") or os.path.expanduser("~"))
    if platform == "win32":
        return Path(env.get("LOCALAPPDATA") or home / "AppData" / "Local") / "awsmini"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "awsmini"
    configured = env.get(variable, "")  # a relative path is to be ignored, says the XDG specification
    return (Path(configured) if os.path.isabs(configured) else home / default) / "awsmini"


def expand(path: str, env: Mapping[str, str]) -> str:
    """The path with `$NAME`, `${NAME}` and a leading `~` filled in from `env`."""
    if "$" in path:
        path = _VARIABLE.sub(lambda found: env.get(found[1] or found[2] or "", found[0]), path)
    if not path.startswith("~"):
        return path
    home = env.get("USERPROFILE" if sys.platform == "win32" else "HOME")
    if home and (len(path) == 1 or path[1] in ("/", os.sep)):
        return (home.rstrip("/") or "/") + path[1:] if len(path) > 1 else home
    return os.path.expanduser(path)
