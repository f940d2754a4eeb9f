"""What is begun for workers of this machine while the command loads what it needs itself."""

import os
import runpy
import signal
import sys
from multiprocessing import forkserver
from typing import Any

import pytest

from awsmini.cluster import local


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """For each process that would be started: what it loads, and what it inherits."""
    found: list[Any] = []
    loads: list[Any] = []

    def start() -> None:
        found.append((loads[-1], os.environ.get(local.SAFE_PATH), signal.getsignal(signal.SIGINT)))

    monkeypatch.setattr(local, "set_forkserver_preload", loads.append)
    monkeypatch.setattr(forkserver, "ensure_running", start)
    monkeypatch.setattr(local, "METHOD", "forkserver")
    monkeypatch.delenv(local.SAFE_PATH, raising=False)
    return found


@pytest.mark.parametrize("address", ["local", "local:2"])
def test_workers_of_this_machine_are_begun(begun: list[Any], address: str) -> None:
    before = signal.getsignal(signal.SIGINT)

    local.begin(address, "one", "other")

    assert begun == [(["one", "other", local.LOADED], "1", signal.SIG_IGN)]
    assert local.SAFE_PATH not in os.environ
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("address", ["tcp://host:8786", "localhost:8786", "file.json", ""])
def test_others_are_not(begun: list[Any], address: str) -> None:
    local.begin(address, "one")

    assert not begun


def test_what_was_said_of_the_path_before_is_said_after(begun: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(local.SAFE_PATH, "yes")

    local.load()

    assert os.environ[local.SAFE_PATH] == "yes"


def test_where_no_process_can_be_forked_none_is(begun: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "METHOD", "spawn")

    local.begin("local:2", "one")

    assert not begun


def test_a_dask_that_cannot_be_loaded_is_told_by_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    frozen: list[bool] = []
    monkeypatch.setattr("gc.freeze", lambda: frozen.append(True))
    monkeypatch.setitem(sys.modules, "distributed", None)

    runpy.run_module(local.LOADED)

    assert frozen
