"""The sandbox's process: one for all who ask, recognised by its lock, and on the loopback interface only."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest

from awsmini.app import App
from awsmini.sandbox import _moved, control, ensure_running, server, started
from awsmini.sandbox.lock import held
from awsmini.sandbox.state import SandboxError, folder, read, running
from tests.servers import clean_environment

PROJECT = Path(__file__).parent.parent.parent
ASK = "import os; from awsmini.sandbox import started; print(started(os.environ).url)"


@pytest.fixture
def env(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment whose sandbox, if one is started, is stopped again."""
    environment = {**clean_environment(tmp_path), "PYTHONPATH": str(PROJECT), "AWS_PROFILE": "real"}
    yield environment
    control.stop(environment)


def app(env: dict[str, str]) -> App:
    return App(stdin=sys.stdin, stdout=sys.stdout, stderr=sys.stderr, env=env)


def status_of(url: str, path: str = "/moto-api/data.json") -> int:
    connection = HTTPConnection(url.removeprefix("http://"), timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def test_it_is_started_once_and_found_again(env):
    assert running(env) is None
    url = ensure_running(app(env))
    assert url.startswith("http://127.0.0.1:")
    assert status_of(url) == 200
    assert ensure_running(app(env)) == url
    assert running(env) == read(folder(env))


def test_many_processes_at_once_get_the_same_one(env):
    def ask(_: int) -> str:
        return subprocess.run([sys.executable, "-c", ASK], env=env, capture_output=True, text=True, check=True).stdout

    with ThreadPoolExecutor(6) as pool:
        urls = set(pool.map(ask, range(6)))
    assert len(urls) == 1
    assert status_of(urls.pop().strip()) == 200


def test_it_outlives_who_started_it_in_a_process_group_of_its_own(env):
    subprocess.run([sys.executable, "-c", ASK], env=env, capture_output=True, check=True)
    found = running(env)
    assert found
    assert os.getpgid(found.pid) == found.pid != os.getpgid(0)


def test_a_killed_one_is_not_taken_for_a_running_one(env):
    first = started(env)
    os.kill(first.pid, 9)
    assert control._ended(folder(env), 5)
    assert running(env) is None
    assert started(env).port == first.port  # the port is remembered


def test_a_pid_that_now_belongs_to_another_program_is_left_alone(env):
    first = started(env)
    control.stop(env)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as bystander:
        where = folder(env)
        state = json.loads((where / "server.json").read_text())
        (where / "server.json").write_text(json.dumps({**state, "pid": bystander.pid}))
        (where / "server.lock").write_text(str(bystander.pid))
        assert running(env) is None
        assert control.stop(env) is False
        assert bystander.poll() is None
        assert started(env).port == first.port
        bystander.communicate(b"\n")


def test_stop_says_whether_there_was_one(env):
    assert control.stop(env) is False
    url = started(env).url
    assert control.stop(env) is True
    with pytest.raises(ConnectionRefusedError):
        status_of(url)


def test_a_port_can_be_asked_for(env, moto_server):
    taken = int(moto_server.rpartition(":")[2])
    with pytest.raises(SandboxError, match=f"port {taken} is in use by another program"):
        started(env, taken)
    first = started(env)
    assert started(env, first.port) == first
    with pytest.raises(SandboxError, match="already runs at"):
        started(env, taken)


def test_a_missing_moto_is_said_with_what_to_install(env, monkeypatch):
    monkeypatch.setattr(control, "_NEEDED", ("moto", "no_such_module"))
    with pytest.raises(SandboxError) as caught:
        ensure_running(app(env))
    assert str(caught.value) == ("The local sandbox needs moto's server. Install it with: pip install 'awsmini[local]'")
    assert caught.value.exit_code == 255


def test_a_server_that_dies_at_once_is_reported_with_its_last_words(env, tmp_path):
    broken = tmp_path / "broken" / "moto"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise RuntimeError('moto is broken')")
    # awsmini's own folder comes first on the path, and has no moto in it
    with pytest.raises(SandboxError, match=r"did not start: RuntimeError: moto is broken"):
        started({**env, "PYTHONPATH": str(broken.parent)})


def test_a_folder_that_cannot_be_made_is_said(env, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SandboxError, match="cannot keep its files in"):
        started({**env, "XDG_STATE_HOME": str(tmp_path / "file")})


def test_the_server_sees_no_credentials_and_no_proxy(env):
    seen = control._server_environment(
        {
            **env,
            "AWS_ACCESS_KEY_ID": "AKIAREAL",
            "AWS_SESSION_TOKEN": "real",
            "HTTPS_PROXY": "http://proxy",
            "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
        }
    )
    assert {name: value for name, value in seen.items() if name.startswith("AWS_")} == {
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    assert "HTTPS_PROXY" not in seen
    assert seen["MOTO_IAM_LOAD_MANAGED_POLICIES"] == "true"


@pytest.mark.parametrize(
    ("event", "details"),
    [
        ("socket.connect", (None, ("198.51.100.1", 443))),
        ("socket.connect", (None, "/var/run/docker.sock")),
        ("socket.connect", (None, ("2001:db8::1", 443, 0, 0))),
        ("socket.sendto", (None, ("198.51.100.1", 53))),
        ("socket.getaddrinfo", ("example.com", 443, 0, 0, 0)),
        ("socket.getaddrinfo", ("127.example.com", 443, 0, 0, 0)),
        ("socket.gethostbyname", ("example.com",)),
    ],
)
def test_the_server_reaches_nothing_beyond_this_machine(event, details):
    with pytest.raises(PermissionError, match="nothing beyond this machine"):
        server._stay_on_loopback(event, details)


@pytest.mark.parametrize(
    ("event", "details"),
    [
        ("socket.connect", (None, ("127.0.0.1", 4566))),
        ("socket.connect", (None, ("::1", 4566, 0, 0))),
        ("socket.connect", (None, ("127.0.0.2", 4566))),
        ("socket.getaddrinfo", ("127.1", 4566, 0, 0, 0)),
        ("socket.getaddrinfo", ("localhost", 4566, 0, 0, 0)),
        ("open", ("/etc/hosts", "r", 0)),
    ],
)
def test_the_server_may_call_itself(event, details):
    server._stay_on_loopback(event, details)


def test_a_lock_is_held_by_one(tmp_path):
    with held(tmp_path / "lock", 0) as mine:
        assert mine
        with held(tmp_path / "lock", 0.05) as other:
            assert not other
    with held(tmp_path / "lock", 0) as again:
        assert again


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://123456789012.127.0.0.1:9/v2/x?a=/b", "http://127.0.0.1:4566/v2/x?a=/b"),
        ("https://bucket.s3.amazonaws.com", "http://127.0.0.1:4566"),
        ("https://bucket.s3.amazonaws.com?list-type=2", "http://127.0.0.1:4566?list-type=2"),
        ("https://h/a//b/%2F", "http://127.0.0.1:4566/a//b/%2F"),
    ],
)
def test_a_request_is_moved_there_whatever_host_it_names(url, expected):
    assert _moved(url, "http://127.0.0.1:4566") == expected
