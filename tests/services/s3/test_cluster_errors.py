"""What is wrong with a cluster, or with what is asked of it, is told in one line and at once."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.servers import free_ports
from tests.services.s3.stand_in import StandIn
from tests.terminal import Terminal

SYNC = "s3 sync s3://b s3://c"


@contextmanager
def listening(says: bytes = b"") -> Iterator[int]:
    """A port that takes every call, says something or nothing, and waits."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        calls = []

        def take() -> None:
            with suppress(OSError):
                while True:
                    call, _ = server.accept()
                    calls.append(call)
                    call.sendall(says)

        threading.Thread(target=take, daemon=True).start()
        yield server.getsockname()[1]
        for call in calls:
            call.close()


@pytest.fixture(autouse=True)
def not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process is started for what is refused."""
    monkeypatch.setattr("awsmini.cluster.local.begin", lambda *_words: None)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--cluster nonsense", "--cluster: nonsense is neither local[:WORKERS] nor an address such as"),
        ("--cluster local:0", "--cluster: local:0 has no worker."),
        ("--cluster local:8786", "--cluster: local:8786: no more than 1000 workers run on one machine."),
        ("--cluster local:2 --journal=", "--journal needs the name of a file."),
        ("--cluster local:2 --plan p", "--plan and --cluster exclude each other"),
        ("--shared-paths", "--shared-paths needs --cluster."),
        ("--journal j", "--journal needs --cluster."),
        ("--send-credentials", "--send-credentials needs --cluster."),
        ("--cluster file", "--cluster: file is no scheduler file."),
        ("--cluster list", "--cluster: list is no scheduler file."),
        ("--cluster number", "--cluster: number is no scheduler file."),
        ("--cluster noaddress", "--cluster: noaddress is no scheduler file."),
        ("--cluster http://127.0.0.1:1", "--cluster: http://127.0.0.1:1 is neither"),
        ("--cluster tcp://", "--cluster: tcp:// is neither"),
        ("--cluster tcp://127.0.0.1:99999999", "Port out of range"),
        ("--cluster tls://127.0.0.1:{quiet}", "Dask's configuration names no certificates for TLS"),
        ("--cluster tcp://127.0.0.1:{free}", "--cluster: no scheduler answers at tcp://127.0.0.1:{free}: "),
        ("--cluster written", "--cluster: no scheduler answers at tcp://127.0.0.1:{free}: "),
        ("--cluster tcp://127.0.0.1:{quiet}", "--cluster: what listens at tcp://127.0.0.1:{quiet} does not talk like"),
        ("--cluster tcp://127.0.0.1:{ssh}", "does not talk like a scheduler."),
        ("--cluster tcp://nowhere.invalid:8786", "--cluster: no scheduler answers at tcp://nowhere.invalid:8786: "),
    ],
)
def test_what_is_no_cluster(aws_s3: Terminal, s3: StandIn, words: str, told: str) -> None:
    (free,) = free_ports(1)
    contents = {"file": "{", "list": "[]", "number": '{"address": 7}', "noaddress": "{}"}
    contents["written"] = json.dumps({"address": f"tcp://127.0.0.1:{free}"})
    for name, text in contents.items():
        (aws_s3.home / name).write_text(text)
    with listening() as quiet, listening(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n" * 3) as ssh:
        ports = {"free": free, "quiet": quiet, "ssh": ssh}
        done = aws_s3.run(f"{SYNC} {words.format(**ports)} --cli-connect-timeout 1", timeout=30)
    assert told.format(**ports) in done.message
    assert done.message.count("\n") == 0, done.message
    assert done.code in (252, 255)
