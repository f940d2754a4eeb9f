"""pip, npm and twine themselves, with what `codeartifact login` wrote, against an index that wants the token."""

import base64
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.servers import Answer, CaptureServer, Received, answer, capture_server, clean_environment

TOKEN = "eyJ2ZXIiOjEs.c2VjcmV0_-token=="
BASIC = "Basic " + base64.b64encode(f"aws:{TOKEN}".encode()).decode()


def wheel() -> bytes:
    """The smallest package that pip takes."""
    made = io.BytesIO()
    info = "tiny-1.0.dist-info"
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("tiny.py", "ANSWER = 42\n")
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", f"tiny.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    return made.getvalue()


def tarball() -> bytes:
    """The smallest package that npm takes."""
    made = io.BytesIO()
    content = json.dumps({"name": "tiny", "version": "1.0.0"}).encode()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        entry = tarfile.TarInfo("package/package.json")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return made.getvalue()


class Index:
    """CodeArtifact and its repositories. Who comes to a repository without the token is turned away."""

    def __init__(self, server: CaptureServer) -> None:
        self.url = server.url
        self.uploads: list[bytes] = []
        self.refused = 0
        self.tarball = tarball()
        server.always(self.serve)

    def serve(self, request: Received) -> Answer:
        if request.path == "/v1/authorization-token":
            return answer(200, {"authorizationToken": TOKEN, "expiration": 4102444800})
        if request.path == "/v1/repository/endpoint":
            return answer(200, {"repositoryEndpoint": f"{self.url}/{request.query['format'][0]}/repo/"})
        expected = f"Bearer {TOKEN}" if request.path.startswith("/npm/") else BASIC
        if request.headers.get("Authorization") != expected:
            self.refused += 1
            return answer(401, "no", {"WWW-Authenticate": 'Basic realm="repo"'})
        return self.repository(request)

    def repository(self, request: Received) -> Answer:
        if request.method == "POST":
            self.uploads.append(request.body)
            return answer(200, "")
        if request.path == "/pypi/repo/simple/tiny/":
            return answer(200, '<a href="tiny-1.0-py3-none-any.whl">tiny</a>', {"Content-Type": "text/html"})
        if request.path.endswith(".whl"):
            return answer(200, wheel())
        if request.path.endswith(".tgz"):
            return answer(200, self.tarball)
        dist = {"tarball": f"{self.url}/npm/repo/tiny.tgz", "shasum": hashlib.sha1(self.tarball).hexdigest()}
        version = {"name": "tiny", "version": "1.0.0", "dist": dist}
        return answer(200, {"name": "tiny", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}})


@pytest.fixture
def index():
    with capture_server() as server:
        yield Index(server)


def run(home: Path, words: list[str], **env: str) -> subprocess.CompletedProcess[str]:
    full = {**clean_environment(home), "PYTHONPATH": "", "AWS_PAGER": "", **env}
    return subprocess.run(words, capture_output=True, text=True, env=full, cwd=home, timeout=120, check=False)


def login(aws, index: Index, tool: str) -> None:
    done = aws(f"codeartifact login --tool {tool} --domain dom --repository repo", env={"AWS_ENDPOINT_URL": index.url})
    assert done.code == 0, done.stderr


def tool(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def test_pip_installs(aws, index):
    tool("pip")
    login(aws, index, "pip")
    done = run(
        aws.home,
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "-q",
            "--no-cache-dir",
            "--disable-pip-version-check",
            "--target",
            "lib",
            "tiny",
        ],
    )
    assert done.returncode == 0, done.stderr
    assert (aws.home / "lib/tiny.py").read_text() == "ANSWER = 42\n"


def test_npm_installs(aws, index):
    npm = tool("npm")
    login(aws, index, "npm")
    done = run(aws.home, [npm, "install", "--no-audit", "--no-fund", "--no-update-notifier", "tiny"])
    assert done.returncode == 0, done.stderr
    assert json.loads((aws.home / "node_modules/tiny/package.json").read_text())["version"] == "1.0.0"
    assert index.refused == 0


def test_twine_uploads(aws, index):
    twine = os.environ.get("TWINE") or tool("twine")
    login(aws, index, "twine")
    (aws.home / "tiny-1.0-py3-none-any.whl").write_bytes(wheel())
    words = [
        twine,
        "upload",
        "--non-interactive",
        "--disable-progress-bar",
        "-r",
        "codeartifact",
        "tiny-1.0-py3-none-any.whl",
    ]
    done = run(aws.home, words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert b"ANSWER" in index.uploads[0] or b"tiny-1.0-py3-none-any.whl" in index.uploads[0]
