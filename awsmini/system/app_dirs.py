"""The folders where a program keeps its own files, as each platform has them."""

import os
from collections.abc import Mapping
from pathlib import Path

from awsmini.system.user_dirs import home_folder


def state_folder(env: Mapping[str, str], platform: str) -> Path:
    """What may be lost: `~/.local/state/awsmini`, and its like."""
    return _folder(env, platform, "XDG_STATE_HOME", ".local/state")


def data_folder(env: Mapping[str, str], platform: str) -> Path:
    """What was made for the user: `~/.local/share/awsmini`, and its like."""
    return _folder(env, platform, "XDG_DATA_HOME", ".local/share")


def cache_folder(env: Mapping[str, str], platform: str) -> Path:
    """What can be made anew: `~/.cache/awsmini`, and its like."""
    return _folder(env, platform, "XDG_CACHE_HOME", ".cache")


def _folder(env: Mapping[str, str], platform: str, variable: str, default: str) -> Path:
    home = Path(home_folder(env))
    if platform == "win32":
        return Path(env.get("LOCALAPPDATA") or home / "AppData" / "Local") / "awsmini"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "awsmini"
    configured = env.get(variable, "")  # a relative path is to be ignored, says the XDG specification
    return (Path(configured) if os.path.isabs(configured) else home / default) / "awsmini"
