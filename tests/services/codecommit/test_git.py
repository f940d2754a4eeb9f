"""git itself: it clones and pushes over HTTP with the user and password of the credential helper."""

import base64
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.servers import HOST, clean_environment
from tests.terminal import CREDENTIALS, PROJECT

KEY = CREDENTIALS["AWS_ACCESS_KEY_ID"]


class Remote:
    """Repositories behind git's own HTTP backend, for those who give a password."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.given: list[str] = []
        self.url = ""


@pytest.fixture
def remote(tmp_path) -> Iterator[Remote]:
    backend = (
        Path(subprocess.run(["git", "--exec-path"], capture_output=True, text=True, check=True).stdout.strip())
        / "git-http-backend"
    )
    if not backend.exists():
        pytest.skip("git has no HTTP backend here")
    made = Remote(tmp_path / "repos")
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", made.root / "v1/repos/r"], check=True)
    subprocess.run(["git", "-C", made.root / "v1/repos/r", "config", "http.receivepack", "true"], check=True)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def serve(self) -> None:
            given = self.headers.get("Authorization", "")
            if not given:
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="git"')
                self.end_headers()
                return
            made.given.append(base64.b64decode(given.removeprefix("Basic ")).decode())
            url = urlsplit(self.path)
            env = {
                **os.environ,
                "GIT_PROJECT_ROOT": str(made.root),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": url.path,
                "QUERY_STRING": url.query,
                "REQUEST_METHOD": self.command,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "REMOTE_USER": "someone",
            }
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            done = subprocess.run([backend], input=body, capture_output=True, env=env, check=True)
            head, _, content = done.stdout.partition(b"\r\n\r\n")
            fields = dict(line.split(": ", 1) for line in head.decode().splitlines())
            self.send_response(int(fields.pop("Status", "200").split()[0]))
            for name, value in fields.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = serve  # noqa: N815 - http.server looks for them

        def log_message(self, *_: object) -> None:
            """Nothing on the test's stderr."""

    server = ThreadingHTTPServer((HOST, 0), Handler)
    made.url = f"http://{HOST}:{server.server_port}/v1/repos/r"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_pushes_and_clones(aws, remote, tmp_path):
    env = {**clean_environment(tmp_path), **aws.env, "PYTHONPATH": str(PROJECT), "GIT_TERMINAL_PROMPT": "0"}
    helper = f"!{sys.executable} -m awsmini codecommit credential-helper"

    def git(*words: str, check_host: bool = True) -> subprocess.CompletedProcess[str]:
        helped = f"{helper} $@" if check_host else f"{helper} $@ --ignore-host-check"
        options = ["-c", f"credential.helper={helped}", "-c", "credential.useHttpPath=true"]
        author = ["-c", "user.name=me", "-c", "user.email=me@example.com"]
        return subprocess.run(
            ["git", *options, *author, *words],
            capture_output=True,
            text=True,
            env=env,
            cwd=tmp_path,
            timeout=60,
            check=False,
        )

    refused = git("clone", "-q", remote.url, "one")
    assert refused.returncode != 0
    assert remote.given == [], "a host that is not CodeCommit's gets no password"
    assert "could not read Username" in refused.stderr
    # `store` and `erase` do not know the option, and git goes on all the same.
    cloned = git("clone", "-q", remote.url, "one", check_host=False)
    assert cloned.returncode == 0, cloned.stderr
    (tmp_path / "one/file").write_text("content")
    for words in (("add", "."), ("commit", "-q", "-m", "first"), ("push", "-q", "origin", "HEAD:main")):
        done = git("-C", "one", *words, check_host=False)
        assert done.returncode == 0, done.stderr
    assert git("clone", "-q", remote.url, "two", check_host=False).returncode == 0
    assert (tmp_path / "two/file").read_text() == "content"
    users = {given.partition(":")[0] for given in remote.given}
    assert users == {KEY}
