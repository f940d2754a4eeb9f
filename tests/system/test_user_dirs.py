"""Where the home folder is, and where nobody knows one."""

import pwd
from pathlib import Path

import pytest

from awsmini import warm
from awsmini.app import process_app
from awsmini.commands.completion import place
from awsmini.config.credentials import cache
from awsmini.config.settings import Settings
from awsmini.history import path as database_path
from awsmini.params import files
from awsmini.prompt import history
from awsmini.services.shared.secret_files import home_file
from awsmini.session import Session
from awsmini.system.app_dirs import cache_folder, data_folder, state_folder
from awsmini.system.user_dirs import expand, home_folder


@pytest.fixture
def homeless(monkeypatch):
    """A user whom the system does not know, with no HOME: a container that runs as any number."""

    def unknown(number):
        raise KeyError(number)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("env", [{}, {"HOME": ""}, {"HOME": "", "XDG_CONFIG_HOME": "near", "XDG_STATE_HOME": "near"}])
def test_without_a_home_no_file_is_in_the_current_folder(homeless, monkeypatch, env):
    monkeypatch.setattr("awsmini.session.session_id", lambda folder, *_: folder)
    settings = Settings(env)
    told = {
        "config": settings.path("config_file"),
        "credentials": settings.path("credentials_file"),
        "session": Session(app=process_app()._replace(env=env))._session_id(),
        "history": database_path(env),
        "prompt": history._path(env),
        "state": state_folder(env, "linux"),
        "data": data_folder(env, "darwin"),
        "cache": cache_folder(env, "linux"),
        "fish": place("fish", env),
        "bash": place("bash", env),
        "token": home_file(".npmrc", env),
        "roles": cache.role_cache(env).folder,
        "given": files.expand("~/x"),
        "warm": warm.paths()[0],
    }
    assert {name: path for name, path in told.items() if not Path(path).is_absolute()} == {}


def test_without_a_home_it_is_the_root(homeless):
    assert home_folder({}) == "/"
    assert (expand("~", {}), expand("~/.aws", {}), expand("~nobody-there/x", {})) == ("/", "/.aws", "~nobody-there/x")
