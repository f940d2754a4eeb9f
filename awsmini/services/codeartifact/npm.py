"""npm. The token is written to its file here, so that it never stands among the arguments of a program."""

import os
import re
import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

from awsmini.services.codeartifact.programs import run, run_all, say_success
from awsmini.services.codeartifact.record import Login, LoginError
from awsmini.services.shared.secret_files import home_file, write_secret
from awsmini.system.atomic import refuse_pipe
from awsmini.system.user_dirs import expand

_SCOPE = re.compile(r"@[a-z0-9-~][a-z0-9-._~]*")  # what a scope begins with
NPM = "npm.cmd" if sys.platform == "win32" else "npm"


def login(login: Login) -> None:
    """The registry by npm's own command, the token into the user's .npmrc."""
    scope = _scope(login.namespace)
    url = urlsplit(login.endpoint)
    registry = f"//{url.netloc}{url.path}"
    commands = [
        [NPM, "config", "set", f"{scope}:registry" if scope else "registry", login.endpoint],
        [NPM, "config", "set", f"{registry}:always-auth", "true"],
    ]
    if login.dry_run:
        run_all(login, "npm", commands)
        return
    _write_token(login, f"{registry}:_authToken=")
    for command in commands:
        run(login, "npm", command, may_fail="always-auth" in command[3])  # newer npm has no such setting
    say_success(login, "npm")


def _scope(namespace: str | None) -> str | None:
    """The namespace with its `@`. Raises LoginError for what npm takes for no scope."""
    if namespace is None:
        return None
    scope = namespace if namespace.startswith("@") else f"@{namespace}"
    if not _SCOPE.match(scope):
        raise LoginError("Invalid scope name, scope must contain URL-safe characters, no leading dots or underscores")
    return scope


def _write_token(login: Login, key: str) -> None:
    path = _user_config(login.app.env)
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        write_secret(path, with_token(_read(path), key, login.token))
    except (OSError, UnicodeDecodeError) as error:
        raise LoginError(str(error)) from None


def _user_config(env: Mapping[str, str]) -> str:
    """The file that npm reads: the user may have named another."""
    named = env.get("NPM_CONFIG_USERCONFIG")
    return expand(named, env) if named else home_file(".npmrc", env)


def _read(path: str) -> str | None:
    refuse_pipe(path)
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read()
    except FileNotFoundError:
        return None


def with_token(text: str | None, key: str, token: str) -> str:
    """The file with the token behind its key: in the place of an old one, or on a last line."""
    new = f"{key}{token}"
    if text is None:
        return f"{new}\n"
    lines = text.split("\n")
    if any(line.startswith(key) for line in lines):
        return "\n".join(new if line.startswith(key) else line for line in lines)
    return f"{text}{'' if text.endswith(chr(10)) else chr(10)}{new}\n"
