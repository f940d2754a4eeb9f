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
    return expand_user(path, env)


def expand_user(path: str, env: Mapping[str, str]) -> str:
    """The path with a leading `~` filled in; `~name` of nobody stays as it is."""
    if not path.startswith("~"):
        return path
    if len(path) == 1 or path[1] in ("/", os.sep):
        return (home_folder(env).rstrip("/") + path[1:]) or "/"
    return os.path.expanduser(path)


def home_folder(env: Mapping[str, str]) -> str:
    """The user's home folder; `/` where nobody knows one, as in a shell, so that nothing gets into the current folder."""
    named = env.get("USERPROFILE" if sys.platform == "win32" else "HOME")
    known = named or os.path.expanduser("~")
    return "/" if known == "~" else known
