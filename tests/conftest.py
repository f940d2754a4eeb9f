"""Fixtures for all tests. Nothing here leaves the loopback interface, and nothing in this process may."""

import os
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from awsmini.sandbox.lock import is_held
from tests import servers
from tests.terminal import CREDENTIALS, WARM, Terminal

_LOOPBACK = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "", None, b"localhost", b"127.0.0.1"}


def _stay_on_loopback(event: str, details: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(details[1], tuple) and details[1][0] not in _LOOPBACK:
        raise ConnectionRefusedError(f"tests stay on the loopback interface: {details[1]}")
    if event == "socket.getaddrinfo" and details[0] not in _LOOPBACK:
        raise socket.gaierror(socket.EAI_NONAME, f"tests stay on the loopback interface: {details[0]}")


sys.addaudithook(_stay_on_loopback)

# Whoever starts the tests in the background of a script, or under nohup, has these ignored, and so would every command
# that a test starts and interrupts.
for _signal, _handler in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
    _number = getattr(signal, _signal, None)
    if _number is not None and signal.getsignal(_number) == signal.SIG_IGN:
        signal.signal(_number, _handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes minutes, and has a smaller sister, runs with `-m every` alone.

    A command that runs in another process knows nothing of what a test has put in the place of something here.
    """
    if "every" not in (config.option.markexpr or ""):
        long = [item for item in items if item.get_closest_marker("long")]
        items[:] = [item for item in items if item not in long]
        config.hook.pytest_deselected(items=long)
    for item in items if WARM else ():
        if "monkeypatch" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip(reason="puts something into this process"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How many calls were warm; the end of the parents."""
    if WARM:
        calls = {kind: sum(file.stat().st_size for file in Path(WARM).glob(kind)) for kind in ("warm", "cold")}
        terminalreporter.write_line(f"{calls['warm']} warm calls, {calls['cold']} cold ones")
        for lock in Path(WARM, "awsmini").glob("*.lock"):
            if is_held(lock):
                os.kill(int(lock.read_text()), signal.SIGTERM)
        shutil.rmtree(WARM)


@pytest.fixture
def capture_server() -> Iterator[servers.CaptureServer]:
    """A server that records requests and answers as scripted."""
    with servers.capture_server() as service:
        yield service
        service.check()


@pytest.fixture(scope="session")
def moto_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a moto server, one for each process of the test run."""
    with servers.moto(tmp_path_factory.mktemp("moto")) as url:
        yield url


@pytest.fixture
def moto(moto_server: str) -> str:
    """The URL of that server, emptied."""
    connection = HTTPConnection(moto_server.removeprefix("http://"))
    connection.request("POST", "/moto-api/reset")
    assert connection.getresponse().status == 200
    connection.close()
    return moto_server


@pytest.fixture
def aws(tmp_path: Path, capture_server: servers.CaptureServer) -> Terminal:
    """A terminal whose commands talk to a CaptureServer, with credentials and a region in the environment."""
    env = servers.clean_environment(tmp_path)
    env |= {**CREDENTIALS, "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}
    return Terminal(tmp_path, capture_server, {**env, "AWS_ENDPOINT_URL": capture_server.url})


@pytest.fixture
def aws_moto(aws: Terminal, moto: str) -> Terminal:
    """A terminal whose commands talk to an empty moto server."""
    aws.env["AWS_ENDPOINT_URL"] = moto
    return aws


@pytest.fixture(scope="session")
def seaweedfs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.SeaweedFS]:
    """An S3 gateway that checks signatures, one for each process of the test run."""
    with servers.seaweedfs(tmp_path_factory.mktemp("seaweedfs")) as server:
        yield server
