"""docker logs in to a registry with what `get-login-password` prints, and keeps what its config said before."""

import base64
import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.servers import answer, capture_server
from tests.terminal import PROJECT

BEFORE = {"auths": {"other.example": {"auth": "b3RoZXI6c2VjcmV0"}}, "psFormat": "kept", "HttpHeaders": {"A": "b"}}


@pytest.mark.skipif(shutil.which("docker") is None, reason="docker is not installed")
def test_docker_logs_in(aws):
    config = aws.write(".docker/config.json", json.dumps(BEFORE))
    token = base64.b64encode(b"AWS:pass/word=").decode()
    aws.service.replies(200, {"authorizationData": [{"authorizationToken": token}]})
    with capture_server() as registry:
        registry.always(
            lambda request: (
                answer(200, {})
                if request.headers.get("Authorization")
                else answer(401, "", {"WWW-Authenticate": 'Basic realm="r"'})
            )
        )
        host = registry.url.removeprefix("http://")
        done = subprocess.run(
            ["bash", "-c", f"{sys.executable} -m awsmini ecr get-login-password | docker login -u AWS --password-stdin {host}"],
            env={**aws.env, "PYTHONPATH": str(PROJECT), "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        assert (done.returncode, done.stdout) == (0, "Login Succeeded\n"), done.stderr
        assert registry.requests[-1].headers["Authorization"] == f"Basic {token}"
    after = json.loads(config.read_text())
    assert after == {**BEFORE, "auths": {**BEFORE["auths"], host: {"auth": token}}}
