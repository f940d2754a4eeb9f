"""Two hundred processes at once with a role that has expired: one of them asks, and no file is ever half written."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from awsmini.config import locks
from awsmini.config.credentials.cache import JsonCache, write_private

PROCESSES = 200
ROLE = "arn:aws:iam::123456789012:role/r"

# Forks after all is loaded: what counts is that they come at once, not that each starts Python.
CROWD = """\
import io, os, sys
from awsmini.app import App
from awsmini.session import Session

def one(number):
    app = App(stdin=io.StringIO(), stdout=io.StringIO(), stderr=io.StringIO(), env=os.environ)
    session = Session(profile_name="r", app=app)
    credentials = session.credentials.get()
    return 0 if credentials.access_key.startswith("ASIAROLE") else 1

Session(profile_name="keys").client("sts").get_caller_identity()
children = []
for number in range(int(sys.argv[1])):
    child = os.fork()
    if not child:
        code = 99
        try:
            code = one(number)
        finally:
            os._exit(code)
    children.append(child)
codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
sys.exit(sum(code != 0 for code in codes))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_one_asks_for_all(world):
    world.config(
        f"[profile r]\nrole_arn = {ROLE}\nsource_profile = keys\n"
        "[profile keys]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = s\n"
    )
    world.credentials("r")
    (path,) = world.cached()
    old = json.loads(path.read_text())
    old["Credentials"]["Expiration"] = "2020-01-01T00:00:00+00:00"
    path.write_text(json.dumps(old))
    world.peers.calls.clear()

    broken = []
    stop = threading.Event()

    def watch():
        while not stop.is_set():
            try:
                json.loads(path.read_text())
            except ValueError as error:
                broken.append(error)
            time.sleep(0.001)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        done = subprocess.run(
            [sys.executable, "-c", CROWD, str(PROCESSES)],
            env=world.env | {"PYTHONPATH": str(Path(__file__).parents[3])},
            timeout=120,
            check=False,
            capture_output=True,
            text=True,
        )
    finally:
        stop.set()
        watcher.join()
    assert done.returncode == 0, done.stderr
    assert world.peers.calls["AssumeRole"] == 1
    assert not broken
    assert json.loads(path.read_text())["Credentials"]["AccessKeyId"].startswith("ASIAROLE")
    assert [file.name for file in path.parent.iterdir() if file.is_file()] == [path.name]


def test_a_lock_is_held_by_one_thread_at_a_time(tmp_path):
    inside, most, lock_path = [], [], str(tmp_path / "x.lock")

    def work():
        with locks.lock(lock_path):
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.002)
            inside.pop()

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 12
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(params=["flock", "file"])
def kind(request, monkeypatch):
    if request.param == "file":
        monkeypatch.setattr(locks, "fcntl", None)
    return request.param


def test_who_waits_too_long_goes_on_alone(tmp_path, kind):
    slept = []
    path = str(tmp_path / "x.lock")
    with locks.lock(path), locks.lock(path, slept.append):
        pass
    assert sum(slept) == pytest.approx(locks.LOCK_SECONDS, abs=1)


def test_locks_are_gone_afterwards(tmp_path, kind):
    path = tmp_path / "x.lock"
    with locks.lock(str(path)):
        assert path.exists()
    assert not path.exists()
    with pytest.raises(ZeroDivisionError), locks.lock(str(path)):
        _ = 1 / 0
    assert not path.exists()


def test_a_lock_that_a_dead_process_left_behind(tmp_path, kind):
    path = tmp_path / "x.lock"
    path.write_text("")
    past = time.time() - 2 * locks.LOCK_SECONDS
    os.utime(path, (past, past))
    slept = []
    with locks.lock(str(path), slept.append):
        assert len(slept) <= 1


def test_a_folder_that_cannot_be_locked(tmp_path):
    with locks.lock(str(tmp_path / "none" / "x.lock")):
        pass


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "x.json"
    write_private(str(path), "old")
    monkeypatch.setattr("os.replace", lambda *names: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        write_private(str(path), "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    JsonCache(str(tmp_path)).try_write("x", {})
    assert path.read_text() == "old"


def test_what_json_cannot_hold(tmp_path):
    with pytest.raises(TypeError):
        JsonCache(str(tmp_path)).write("x", {"a": object()})
