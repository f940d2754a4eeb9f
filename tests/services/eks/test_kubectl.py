"""kubectl itself: it reads what `update-kubeconfig` wrote, and asks `get-token` for its password."""

import base64
import os
import shutil
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.servers import HOST, answer, write_certificate
from tests.terminal import PROJECT

kubectl = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
ARN = "arn:aws:eks:us-west-2:111122223333:cluster/c1"


@dataclass
class Cluster:
    """A server of TLS that tells who asked it."""

    url: str = ""
    certificate: str = ""
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def cluster(tmp_path) -> Iterator[Cluster]:
    folder = tmp_path / "tls"
    folder.mkdir()
    certificate, key = write_certificate(folder)
    made = Cluster(certificate=base64.b64encode(certificate.read_bytes()).decode())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.headers.get("Authorization", ""))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"hello from the cluster")

        def log_message(self, *_: object) -> None:
            """Nothing on the test's stderr."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = ThreadingHTTPServer((HOST, 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    made.url = f"https://{HOST}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@kubectl
@pytest.mark.parametrize(
    "before", ["", "# mine\nkind: Config\nclusters:\n- name: dev\n  cluster: {server: 'https://dev'}\n"]
)
def test_kubectl_logs_in(aws, cluster, before):
    described = {
        "arn": ARN,
        "endpoint": cluster.url,
        "status": "ACTIVE",
        "certificateAuthority": {"data": cluster.certificate},
    }
    aws.service.always(lambda request: answer(200, {"cluster": described}))
    if before:
        aws.write("cfg", before)
    program = aws.write("bin/aws", f'#!/bin/sh\nexec "{sys.executable}" -m awsmini "$@"\n')
    program.chmod(0o755)
    env = {**aws.env, "PATH": f"{aws.home}/bin{os.pathsep}{aws.env['PATH']}", "PYTHONPATH": str(PROJECT)}
    assert aws("eks update-kubeconfig --name c1 --kubeconfig cfg --alias here", env=env).code == 0

    def run(*words: str) -> str:
        done = subprocess.run(
            ["kubectl", "--kubeconfig", "cfg", *words],
            capture_output=True,
            text=True,
            env=env,
            cwd=aws.home,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert run("config", "current-context") == "here\n"
    assert run("get", "--raw", "/hello") == "hello from the cluster"
    token = cluster.asked[-1].removeprefix("Bearer k8s-aws-v1.")
    url = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    assert url.startswith(f"{aws.service.url}/?Action=GetCallerIdentity&")
    assert "X-Amz-SignedHeaders=host%3Bx-k8s-aws-id&" in url
    run("config", "set-context", "here", "--namespace", "n")  # kubectl writes it too
    assert aws("eks update-kubeconfig --name c1 --kubeconfig cfg --alias here", env=env).code == 0
    assert run("get", "--raw", "/hello") == "hello from the cluster"
