"""Package tools, each made to log in to a repository: npm, NuGet, pip, twine and Swift.

Tokens are written to files here, so that they never stand among the arguments of a program.
"""

import base64
import json
import os
import re
import stat
import subprocess
import sys
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from configparser import Error, RawConfigParser
from contextlib import suppress
from datetime import datetime, timedelta
from io import StringIO
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from awsmini.app import App
from awsmini.errors import AwsminiError
from awsmini.services.shared.secret_files import home_file, write_secret
from awsmini.system.atomic import PRIVATE, refuse_pipe
from awsmini.system.user_dirs import expand


class LoginError(AwsminiError):
    """A tool is missing or fails, or what was given does not suit it. No message holds the token."""


class ToolNotFoundError(LoginError):
    def __init__(self, tool: str) -> None:
        super().__init__(f"{tool} was not found. Please verify installation.")


class Login(NamedTuple):
    """One repository and the token for it. Its text form never shows the token."""

    app: App
    token: str
    expires: datetime
    endpoint: str  # of the repository; ends with a slash
    domain: str
    repository: str
    namespace: str | None = None
    dry_run: bool = False

    def __repr__(self) -> str:
        return f"Login(endpoint={self.endpoint})"

    def say(self, text: str) -> None:
        """Print a text as it is."""
        self.app.stdout.write(text)


HIDDEN = "******"
_UMASK = -1 if sys.platform == "win32" else 0o077
_GRACE = timedelta(seconds=30)  # what is nearly 12 hours is told as 12 hours
_UNITS = ("year", "month", "day", "hour", "minute")

Command = Sequence[str]


def run_all(login: Login, tool: str, commands: Sequence[Command], files: Sequence[str] = ()) -> None:
    """Run the commands one after the other and say so, or print them where that is all that is wanted.

    Of `files`, those that the token went into are made private.
    """
    if login.dry_run:
        for command in commands:
            login.say(f"{' '.join(command)}\n\n")
        return
    for command in commands:
        run(login, tool, command)
    make_private(files, login.token)
    say_success(login, tool)


def run(login: Login, tool: str, command: Command, *, may_fail: bool = False) -> None:
    """Run one command. Raises LoginError, with what the tool said on stderr, where it fails."""
    try:
        run_privately(command, login)
    except subprocess.CalledProcessError as error:
        if not may_fail:
            said = error.stderr.decode(errors="replace")
            raise LoginError(without_token(f"{error} Stderr from command:\n{said}", login.token)) from None
    except OSError as error:
        raise not_started(error, tool) from None


def run_privately(command: Command, login: Login) -> bytes:
    """What a tool prints. The files that it makes are the user's alone. Raises CalledProcessError or OSError."""
    env = dict(login.app.env)
    return subprocess.run(command, env=env, capture_output=True, check=True, umask=_UMASK).stdout


def make_private(files: Sequence[str], token: str) -> None:
    """Let nobody else read a file that the token stands in. A tool leaves the mode of a file that is there."""
    for path in files:
        with suppress(OSError):
            with open(path, "rb") as file:
                found = token.encode() in file.read()
            if found and stat.S_IMODE(os.stat(path).st_mode) & ~PRIVATE:
                os.chmod(path, PRIVATE)


def not_started(error: OSError, tool: str) -> LoginError:
    """Why a tool could not be started."""
    return ToolNotFoundError(tool) if isinstance(error, FileNotFoundError) else LoginError(str(error))


def without_token(text: str, token: str) -> str:
    """The text without the token, in each of the forms that a tool or a message may give it."""
    if not token:
        return text
    forms = {token, repr(token)[1:-1], json.dumps(token)[1:-1], quote(token), quote(token, safe="")}
    forms.add(base64.b64encode(f"aws:{token}".encode()).decode())
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, HIDDEN)
    return text


def say_success(login: Login, tool: str) -> None:
    """Say what was done and how long it holds."""
    login.say(
        f"Successfully configured {tool} to use AWS CodeArtifact repository {login.endpoint} \n"
        f"Login expires in {time_left(login.expires, login.app.now())} at {login.expires}\n"
    )


def time_left(expires: datetime, now: datetime) -> str:
    """The two largest units of the time left, as in `11 hours and 56 minutes`; nothing where it is over."""
    amounts = _calendar_difference(expires, now)
    first = next((place for place, amount in enumerate(amounts) if amount > 0), None)
    if first is None:
        return ""
    shown = [place for place in (first, first + 1) if place < len(amounts) and amounts[place] > 0]
    return " and ".join(f"{amounts[place]} {_UNITS[place]}{'s' * (amounts[place] != 1)}" for place in shown)


def _calendar_difference(later: datetime, earlier: datetime) -> tuple[int, ...]:
    """Years, months, days, hours and minutes from one time to another, months as the calendar has them."""
    if later <= earlier:
        return (0,) * len(_UNITS)
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    if _months_later(earlier, months) > later:
        months -= 1
    rest = int((later - _months_later(earlier, months) + _GRACE).total_seconds())
    return months // 12, months % 12, rest // 86400, rest % 86400 // 3600, rest % 3600 // 60


def _months_later(moment: datetime, months: int) -> datetime:
    """The same day some months later, or the last day of a month that has no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


_NPM_SCOPE = re.compile(r"@[a-z0-9-~][a-z0-9-._~]*")  # what a scope begins with
NPM = "npm.cmd" if sys.platform == "win32" else "npm"


def login_npm(login: Login) -> None:
    """The registry by npm's own command, the token into the user's .npmrc."""
    scope = _npm_scope(login.namespace)
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


def _npm_scope(namespace: str | None) -> str | None:
    """The namespace with its `@`. Raises LoginError for what npm takes for no scope."""
    if namespace is None:
        return None
    scope = namespace if namespace.startswith("@") else f"@{namespace}"
    if not _NPM_SCOPE.match(scope):
        raise LoginError("Invalid scope name, scope must contain URL-safe characters, no leading dots or underscores")
    return scope


def _write_token(login: Login, key: str) -> None:
    path = _user_config(login.app.env)
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        write_secret(path, npm_with_token(_read_npmrc(path), key, login.token))
    except (OSError, UnicodeDecodeError) as error:
        raise LoginError(str(error)) from None


def _user_config(env: Mapping[str, str]) -> str:
    """The file that npm reads: the user may have named another."""
    named = env.get("NPM_CONFIG_USERCONFIG")
    return expand(named, env) if named else home_file(".npmrc", env)


def _read_npmrc(path: str) -> str | None:
    refuse_pipe(path)
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read()
    except FileNotFoundError:
        return None


def npm_with_token(text: str | None, key: str, token: str) -> str:
    """The file with the token behind its key: in the place of an old one, or on a last line."""
    new = f"{key}{token}"
    if text is None:
        return f"{new}\n"
    lines = text.split("\n")
    if any(line.startswith(key) for line in lines):
        return "\n".join(new if line.startswith(key) else line for line in lines)
    return f"{text}{'' if text.endswith(chr(10)) else chr(10)}{new}\n"


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


SERVER = "codeartifact"  # the section of .pypirc
_NEW = """\
[distutils]
index-servers=
    pypi
    codeartifact
"""


def login_pip(login: Login) -> None:
    """pip keeps the address with the token in it in a file of its own."""
    url = urlsplit(login.endpoint)
    index = f"{url.scheme}://aws:{login.token}@{url.netloc}{url.path}simple/"
    run_all(login, "pip", [["pip", "config", "set", "global.index-url", index]], _pip_files(login.app.env))


def _pip_files(env: Mapping[str, str]) -> list[str]:
    """The files that pip may write to: the user's, those of older and of macOS's pip, that of a virtual environment."""
    folders = [env.get("XDG_CONFIG_HOME"), home_file(".config", env), home_file("Library/Application Support", env)]
    files = [os.path.join(folder, "pip", "pip.conf") for folder in folders if folder]
    if env.get("VIRTUAL_ENV"):
        files.append(os.path.join(env["VIRTUAL_ENV"], "pip.conf"))
    return [*files, home_file(".pip/pip.conf", env)]


def login_twine(login: Login) -> None:
    """twine has no command for it: its file is written here."""
    path = home_file(".pypirc", login.app.env)
    text = _pypirc(login, path)
    if login.dry_run:
        login.say(
            f"Dryrun mode is enabled, not writing to pypirc.\n{path} would have been set to the following:\n\n{text}\n"
        )
        return
    try:
        write_secret(path, text)
    except OSError as error:
        raise LoginError(str(error)) from None
    say_success(login, "twine")


def _pypirc(login: Login, path: str) -> str:
    """The file of before with the repository in it. Raises LoginError for one that is broken."""
    parser = RawConfigParser()
    try:
        old = _read_pypirc(path)
        parser.read_string(_NEW if old is None else old, path)
        _list_server(parser)
    except (Error, OSError, UnicodeDecodeError) as error:
        login.say(f"{path} is in an invalid state.\n")
        raise LoginError(str(error)) from None
    if not parser.has_section(SERVER):
        parser.add_section(SERVER)
    for name, value in (("repository", login.endpoint), ("username", "aws"), ("password", login.token)):
        parser.set(SERVER, name, value)
    stream = StringIO()
    parser.write(stream)
    return stream.getvalue()


def _read_pypirc(path: str) -> str | None:
    refuse_pipe(path)
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read()
    except FileNotFoundError:
        return None


def _list_server(parser: RawConfigParser) -> None:
    """Let twine know the section: one line for each server."""
    listed = parser.get("distutils", "index-servers").split("\n")
    servers = [name for name in map(str.strip, listed) if name]
    if SERVER not in servers:
        parser.set("distutils", "index-servers", "\n" + "\n".join([*servers, SERVER]))


_SWIFT_SCOPE = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9]|-(?=[a-zA-Z0-9])){0,38}")
_IN_KEYCHAIN = sys.platform == "darwin"


def login_swift(login: Login) -> None:
    """The token into .netrc, then the registry by swift's own commands."""
    if login.namespace is not None and not _SWIFT_SCOPE.fullmatch(login.namespace):
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


def netrc_with_token(text: str, host: str, token: str) -> str:
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
        write_secret(path, netrc_with_token(text, host, login.token))
    except (OSError, UnicodeDecodeError) as error:
        raise LoginError(str(error)) from None
