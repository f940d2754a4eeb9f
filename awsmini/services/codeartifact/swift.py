"""swift. It reads the token from .netrc; on macOS it takes it from the command line into the keychain."""

import os
import re
import sys
from urllib.parse import urlsplit

from awsmini.services.codeartifact.programs import run_all
from awsmini.services.codeartifact.record import Login, LoginError
from awsmini.services.shared.secret_files import home_file, write_secret

_SCOPE = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9]|-(?=[a-zA-Z0-9])){0,38}")
_IN_KEYCHAIN = sys.platform == "darwin"


def login(login: Login) -> None:
    """The token into .netrc, then the registry by swift's own commands."""
    if login.namespace is not None and not _SCOPE.fullmatch(login.namespace):
        raise LoginError(
            "Invalid scope name, scope must contain URL-safe characters, no leading dots or underscores and no more "
            "than 39 characters"
        )
    if not _IN_KEYCHAIN:
        _netrc(login)
    registry = ["swift", "package-registry"]
    scope = [] if login.namespace is None else ["--scope", login.namespace]
    token = ["--token", login.token] if _IN_KEYCHAIN else []
    commands = [
        [*registry, "set", login.endpoint, *scope],
        [*registry, "login", f"{login.endpoint}login", *token],
    ]
    run_all(login, "swift", commands)


def with_token(text: str, host: str, token: str) -> str:
    """A .netrc with the token for a host: in the place of an old one, or in an entry at the end."""
    entry = re.compile(rf"(\bmachine\s+{re.escape(host)}\s+login\s+\S+\s+password\s+)\S+")
    replaced, count = entry.subn(lambda found: found[1] + token, text)
    if count:
        return replaced
    end = "\n" if text and not text.endswith("\n") else ""
    return f"{text}{end}{_entry(host, token)}\n"


def _entry(host: str, token: str) -> str:
    return f"machine {host} login token password {token}"


def _netrc(login: Login) -> None:
    host = urlsplit(login.endpoint).hostname or ""
    path = home_file(".netrc", login.app.env)
    if login.dry_run:
        login.say(
            "Dryrun mode is enabled, not writing to netrc.\n"
            f"The following line would have been written to {path}:\n\n{_entry(host, login.token)}\n\n"
            "And would have run the following commands:\n\n"
        )
        return
    try:
        text = ""
        if os.path.isfile(path):
            with open(path, encoding="utf-8", newline="") as stream:
                text = stream.read()
        write_secret(path, with_token(text, host, login.token))
    except (OSError, UnicodeDecodeError) as error:
        raise LoginError(str(error)) from None
