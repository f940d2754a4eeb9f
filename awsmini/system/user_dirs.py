"""Paths as users write them."""

import os
import re
import sys
from collections.abc import Mapping

_VARIABLE = r"(?a)\$(?:(\w+)|\{([^}]*)\})"  # re compiles it when it is first needed


def expand(path: str, env: Mapping[str, str]) -> str:
    """The path with `$NAME`, `${NAME}` and a leading `~` filled in from `env`."""
    if "$" in path:
        path = re.sub(_VARIABLE, lambda found: env.get(found[1] or found[2] or "", found[0]), path)
    if not path.startswith("~"):
        return path
    home = env.get("USERPROFILE" if sys.platform == "win32" else "HOME")
    if home and (len(path) == 1 or path[1] in ("/", os.sep)):
        return (home.rstrip("/") or "/") + path[1:] if len(path) > 1 else home
    return os.path.expanduser(path)
