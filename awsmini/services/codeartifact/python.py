"""pip and twine."""

import os
from collections.abc import Mapping
from configparser import Error, RawConfigParser
from io import StringIO
from urllib.parse import urlsplit

from awsmini.services.codeartifact.programs import run_all, say_success
from awsmini.services.codeartifact.record import Login, LoginError
from awsmini.services.shared.secret_files import home_file, write_secret
from awsmini.system.atomic import refuse_pipe

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
        old = _read(path)
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


def _read(path: str) -> str | None:
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
