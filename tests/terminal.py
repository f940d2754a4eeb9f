"""Tests of whole commands that read like a terminal: `aws("dynamodb list-tables").stdout`."""

import io
import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from tests.servers import CaptureServer, clean_environment

PROJECT = Path(__file__).parent.parent
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}
# With AWSMINI_TEST_WARM=1 every command of a Terminal is a warm call, by a process of its own: the folder of the parent.
WARM = tempfile.mkdtemp(prefix="warm") if os.environ.get("AWSMINI_TEST_WARM") else ""
# Without hurry, and once the parent is there: which of them run cold all the same is counted.
WARM_CALL = """\
import os, sys, time
from awsmini import warm
sys.argv[0] = "awsmini"
warm.PATIENCE = 120
code = None
if os.environ.get("AWSMINI_WARM"):
    if warm.reached() is None:
        warm.start()
        while warm.reached() is None:
            time.sleep(0.05)
    code = warm.call(sys.argv[1:])
with open(os.environ["XDG_RUNTIME_DIR"] + ("/cold" if code is None else "/warm"), "ab") as tally:
    tally.write(b".")
if code is None:
    from awsmini.cli import process
    code = process()
sys.exit(code)
"""


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    stdout_bytes: bytes
    stderr_bytes: bytes
    code: int

    @property
    def stdout(self) -> str:
        return self.stdout_bytes.decode()

    @property
    def stderr(self) -> str:
        return self.stderr_bytes.decode()

    @property
    def json(self) -> Any:
        assert self.code == 0, f"exit code {self.code}: {self.stderr}"
        return json.loads(self.stdout_bytes)

    @property
    def message(self) -> str:
        """The text of the error, after checking that it is one and that no traceback came with it."""
        assert self.code != 0, f"exit code 0: {self.stdout}"
        assert "Traceback" not in self.stderr
        assert not self.stdout_bytes, f"an error, and yet on stdout: {self.stdout}"
        return self.stderr.strip()


@dataclass
class Terminal:
    """Runs commands with a home, a working folder and an environment of its own.

    `aws("sts get-caller-identity")` runs in this process, `aws.run(...)` in one of its own. `aws.env` and
    `aws.home` can be changed; the calls go to `aws.service`, a CaptureServer, unless told otherwise.
    """

    home: Path
    service: CaptureServer
    env: dict[str, str] = field(default_factory=dict)

    def __call__(
        self, command: str | Sequence[str], *, stdin: bytes | str = b"", env: Mapping[str, str] | None = None
    ) -> Outcome:
        if WARM:
            return self.run(command, stdin=stdin, env=env, timeout=600)
        from awsmini.cli import main

        streams = {
            "stdin": _stream(stdin.encode() if isinstance(stdin, str) else stdin),
            "stdout": _stream(b""),
            "stderr": _stream(b""),
        }
        before = os.getcwd()
        os.chdir(self.home)
        try:
            with (
                mock.patch.dict(os.environ, {**self.env, **(env or {})}, clear=True),
                mock.patch.multiple(sys, **streams),
            ):
                code = main(words(command))
        finally:
            os.chdir(before)
        for stream in (streams["stdout"], streams["stderr"]):
            stream.flush()
        return Outcome(streams["stdout"].buffer.getvalue(), streams["stderr"].buffer.getvalue(), code)

    def run(
        self,
        command: str | Sequence[str],
        *,
        stdin: bytes | str = b"",
        env: Mapping[str, str] | None = None,
        timeout: float = 60,
    ) -> Outcome:
        program = ["-c", WARM_CALL] if WARM else ["-m", "awsmini"]
        done = subprocess.run(
            [sys.executable, *program, *words(command)],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            cwd=self.home,
            env={**self.env, **(env or {}), "PYTHONPATH": str(PROJECT), **warm_environment()},
            timeout=timeout,
            check=False,
        )
        return Outcome(done.stdout, done.stderr, done.returncode)

    def write(self, path: str, text: str | bytes) -> Path:
        """A file below the home folder, which is the working folder too."""
        target = self.home / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)
        return target


class _Stream(io.TextIOWrapper):
    buffer: io.BytesIO

    def close(self) -> None:
        """Kept open: the bytes are looked at after the command has ended."""
        self.flush()


def _stream(content: bytes) -> _Stream:
    return _Stream(io.BytesIO(content), encoding="utf-8", newline="", write_through=True)


def warm_environment() -> dict[str, str]:
    """What makes a command of the suite a warm call, where the suite is told to run warm."""
    return {"AWSMINI_WARM": "1", "XDG_RUNTIME_DIR": WARM} if WARM else {}


def words(command: str | Sequence[str]) -> list[str]:
    return shlex.split(command) if isinstance(command, str) else list(command)


_MODULES = """\
import json, sys
before = set(sys.modules)
from awsmini.cli import main
try:
    code = main(sys.argv[2:])
except SystemExit as exit:
    code = exit.code
with open(sys.argv[1], "w") as file:
    json.dump([code, sorted(set(sys.modules) - before)], file)
"""


def modules_loaded_by(command: str | Sequence[str], env: Mapping[str, str] | None = None) -> set[str]:
    """The names of all modules that a fresh Python has loaded after the command, whatever its exit code."""
    return run_and_list_modules(command, env)[1]


def run_and_list_modules(command: str | Sequence[str], env: Mapping[str, str] | None = None) -> tuple[int, set[str]]:
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder, "modules.json")
        done = subprocess.run(
            [sys.executable, "-c", _MODULES, str(answer), *words(command)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=folder,
            env={**clean_environment(Path(folder)), "PYTHONPATH": str(PROJECT), **(env or {})},
            timeout=60,
            check=False,
        )
        assert answer.exists(), done.stderr.decode()
        code, modules = json.loads(answer.read_text())
    return code, set(modules)
