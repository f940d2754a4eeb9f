"""nuget and dotnet, which keep the same list of sources."""

import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import NamedTuple

from awsmini.services.codeartifact.programs import (
    make_private,
    not_started,
    run_privately,
    say_success,
    without_token,
)
from awsmini.services.codeartifact.record import Login, LoginError
from awsmini.services.shared.secret_files import home_file

_FILES = (".nuget/NuGet/NuGet.Config", ".config/NuGet/NuGet.Config")  # of the user; a password may stand there in clear
_SOURCE = re.compile(r"\d+\.\s(?P<name>.+)\s\[.*\]")  # "1.  nuget.org [Enabled]", and its URL on the next line


class _Tool(NamedTuple):
    name: str
    list_command: list[str]
    configure: Callable[[str, str, str, str], list[str]]  # (add or update, URL, name, token) -> command


def login_nuget(login: Login) -> None:
    _login(login, _Tool("nuget", ["nuget", "sources", "list", "-format", "detailed"], _configure_nuget))


def login_dotnet(login: Login) -> None:
    _login(login, _Tool("dotnet", ["dotnet", "nuget", "list", "source", "--format", "detailed"], _configure_dotnet))


def sources(listing: str) -> dict[str, str]:
    """The URLs of a listing by the names of their sources. Raises LoginError where a name has no URL."""
    lines = [line.strip() for line in listing.splitlines() if line.strip()]
    found = {}
    for place, line in enumerate(lines):
        if match := _SOURCE.match(line):
            if place + 1 == len(lines):
                raise LoginError(f"The list of sources ends before the URL of {match['name'].strip()}.")
            found[match["name"].strip()] = lines[place + 1]
    return found


def _login(login: Login, tool: _Tool) -> None:
    """Update the source that has the URL already or the name, or add one."""
    url = f"{login.endpoint}v3/index.json"
    name, known = _name(sources(_list(login, tool)), url, f"{login.domain}/{login.repository}")
    command = tool.configure("update" if known else "add", url, name, login.token)
    if login.dry_run:
        login.say(f"{' '.join(command)}\n")
        return
    try:
        run_privately(command, login)
    except subprocess.CalledProcessError as error:
        login.say("Failed to update the NuGet.Config\n")
        said = error.stderr.decode(errors="replace")
        raise LoginError(without_token(f"{error} Stderr from command:\n{said}", login.token)) from None
    make_private([home_file(name, login.app.env) for name in _FILES], login.token)
    login.say(
        f"Updated source {name} in the NuGet.Config\n"
        if known
        else f"Added source {name} to the user level NuGet.Config\n"
    )
    say_success(login, "nuget")


def _name(known: Mapping[str, str], url: str, default: str) -> tuple[str, bool]:
    """What the source is called, and whether there is one."""
    same = next((name for name, address in known.items() if address == url), None)
    return (same, True) if same is not None else (default, default in known)


def _list(login: Login, tool: _Tool) -> str:
    try:
        listing = run_privately(tool.list_command, login)
    except subprocess.CalledProcessError as error:
        raise LoginError(str(error)) from None
    except OSError as error:
        raise not_started(error, tool.name) from None
    return listing.decode(errors="replace")


def _configure_nuget(operation: str, url: str, name: str, token: str) -> list[str]:
    return ["nuget", "sources", operation, "-name", name, "-source", url, "-username", "aws", "-password", token]


def _configure_dotnet(operation: str, url: str, name: str, token: str) -> list[str]:
    what = [url, "--name", name] if operation == "add" else [name, "--source", url]
    command = ["dotnet", "nuget", operation, "source", *what, "--username", "aws", "--password", token]
    # Encrypted passwords are there on Windows alone.
    return command if sys.platform == "win32" else [*command, "--store-password-in-clear-text"]
