"""Warm calls: the same as cold ones in every respect but the time, whatever happens to the parent."""

import importlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from awsmini import warm_server
from awsmini.sandbox.lock import is_held
from tests import servers
from tests.terminal import PROJECT, Terminal

resource = pytest.importorskip("resource")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")

ENTRY = "import sys; from awsmini.start import process; sys.argv[0] = 'awsmini'; sys.exit(process())"


class Caller:
    """Runs commands with AWSMINI_WARM=1, and knows the parent."""

    def __init__(self, aws: Terminal, runtime: Path) -> None:
        self.aws = aws
        self.folder = runtime / "awsmini"
        self.env = {**aws.env, "XDG_RUNTIME_DIR": str(runtime), "AWSMINI_WARM": "1", "PYTHONPATH": str(PROJECT)}

    def begin(self, *words: str, **how: Any) -> "subprocess.Popen[str]":
        options: dict[str, Any] = {
            "stdin": subprocess.PIPE,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            **how,
        }
        env = {**self.env, **options.pop("env", {})}
        code = [sys.executable, "-c", ENTRY, *words]
        return subprocess.Popen(code, text=True, env=env, **{"cwd": self.aws.home, **options})

    def __call__(self, *words: str, stdin: str = "", **how: Any) -> tuple[str, str, int]:
        with self.begin(*words, **how) as process:
            out, err = process.communicate(stdin, timeout=120)
        return out, err, process.returncode

    def cold(self, *words: str, **how: Any) -> tuple[str, str, int]:
        return self(*words, **how, env={**how.pop("env", {}), "AWSMINI_WARM": "0"})

    @property
    def parent(self) -> int | None:
        """The process id of the parent that lives."""
        for lock in self.folder.glob("*.lock"):
            if is_held(lock):
                return int(lock.read_text())
        return None

    @property
    def socket(self) -> Path | None:
        return next(self.folder.glob("*.sock"), None)

    def until(self, holds: Any) -> None:
        give_up = time.monotonic() + 60
        while not holds():
            assert time.monotonic() < give_up
            time.sleep(0.02)


@pytest.fixture
def warm(aws, tmp_path_factory) -> Iterator[Caller]:
    """A parent that is ready, and stopped at the end. Its folder has a short name: addresses of sockets are short."""
    runtime = Path(tmp_path_factory.mktemp("w"))
    caller = Caller(aws, runtime)
    aws.service.always(lambda request: servers.answer(200, {"StreamInfoList": [{"StreamName": place(request)}]}))
    assert caller("warm", "start")[2] == 0
    yield caller
    caller("warm", "stop")


def place(request: servers.Received) -> str:
    return "/".join(request.headers["Authorization"].split("Credential=")[1].split("/")[::2][:2])


LIST = ("kinesisvideo", "list-streams", "--output", "text", "--query", "StreamInfoList[].StreamName")


def test_a_warm_call_says_what_a_cold_one_says(warm):
    parent = warm.parent
    for words in (LIST, ("--version",), ("kinesisvideo", "list-streems"), (), ("s3", "presign", "s3://b/k", "--expires-in", "x"),
                  ("configure", "list"), ("kinesisvideo", "create-stream", "--generate-cli-skeleton")):  # fmt: skip
        assert warm(*words) == warm.cold(*words)
    assert warm.parent == parent is not None


def test_nothing_of_one_call_is_seen_by_the_next(warm):
    warm.aws.write(".aws/credentials", "[other]\naws_access_key_id=OTHER\naws_secret_access_key=x\n")
    assert warm(*LIST, "--profile", "other", env={"AWS_DEFAULT_REGION": "eu-west-1"})[0] == "OTHER/eu-west-1\n"
    assert warm(*LIST, env={"AWS_ACCESS_KEY_ID": "THIRD"})[0] == "THIRD/us-east-1\n"
    assert warm(*LIST)[0] == "AKIDEXAMPLE/us-east-1\n"
    environment = Path(f"/proc/{warm.parent}/environ")
    if environment.exists():
        assert b"AWS_" not in environment.read_bytes()


def test_folder_umask_and_streams_are_the_callers(warm, tmp_path):
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "doc").write_text("content")
    warm.aws.service.always(
        lambda request: servers.answer(200, "body" if request.method == "GET" else "", {"ETag": '"e"'})
    )
    get = ("s3api", "get-object", "--bucket", "b", "--key", "k", "out")
    before = os.umask(0o027)
    try:
        assert warm(*get, cwd=tmp_path / "here")[2] == 0
    finally:
        os.umask(before)
    made = tmp_path / "here" / "out"
    assert (made.read_text(), made.stat().st_mode & 0o777) == ("body", 0o640)
    put = ("s3api", "put-object", "--bucket", "b", "--key", "k", "--body")
    warm(*put, "doc", cwd=tmp_path / "here")
    assert warm.aws.service.requests[-1].body == b"content"
    assert warm("s3", "cp", "-", "s3://b/k", stdin="from stdin") == ("", "", 0)
    assert warm.aws.service.requests[-1].body == b"from stdin"


@pytest.mark.parametrize("count", [20, pytest.param(200, marks=[pytest.mark.every, pytest.mark.long])])
def test_many_at_once_are_all_right(warm, count):
    running = [warm.begin(*LIST, env={"AWS_ACCESS_KEY_ID": f"KEY{n}"}) for n in range(count)]
    assert [process.communicate()[0] for process in running] == [f"KEY{n}/us-east-1\n" for n in range(count)]


def test_where_there_is_no_room_for_a_parent_calls_run_cold(aws, tmp_path_factory):
    caller = Caller(aws, Path(tmp_path_factory.mktemp("n")))
    aws.service.always(lambda request: servers.answer(200, {"StreamInfoList": [{"StreamName": place(request)}]}))
    nothing = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # noqa: E731
    for _ in range(2):
        assert caller(*LIST, preexec_fn=nothing) == ("AKIDEXAMPLE/us-east-1\n", "", 0)
    assert caller.parent is None
    assert caller(*LIST, env={"XDG_RUNTIME_DIR": "/dev/null"}) == ("AKIDEXAMPLE/us-east-1\n", "", 0)


def _killed(warm: Caller) -> None:
    os.kill(warm.parent, signal.SIGKILL)
    warm.until(lambda: warm.parent is None)


def _stopped(warm: Caller) -> None:
    os.kill(warm.parent, signal.SIGSTOP)


def _without_socket(warm: Caller) -> None:
    warm.socket.unlink()


def _open_to_all(warm: Caller) -> None:
    warm.folder.chmod(0o777)


def _a_file_in_its_place(warm: Caller) -> None:
    warm.socket.unlink()
    next(warm.folder.glob("*.lock")).with_suffix(".sock").write_text("")


@pytest.mark.parametrize("trouble", [_killed, _stopped, _without_socket, _open_to_all, _a_file_in_its_place])
def test_no_trouble_of_the_parent_breaks_a_call(warm, trouble):
    parent = warm.parent
    trouble(warm)
    try:
        assert warm(*LIST) == ("AKIDEXAMPLE/us-east-1\n", "", 0)
        assert len(warm.aws.service.requests) == 1
    finally:
        warm.folder.chmod(0o700)
        if trouble is not _killed:
            os.kill(parent, signal.SIGKILL)
        warm.until(lambda: warm.parent is None or warm.parent != parent)


def test_a_parent_that_was_killed_is_followed_by_another(warm):
    parent = warm.parent
    _killed(warm)
    warm(*LIST)
    warm.until(lambda: warm.parent not in (None, parent) and warm.socket)
    assert warm(*LIST)[0] == "AKIDEXAMPLE/us-east-1\n"


def test_a_program_that_has_changed_is_not_run_from_memory(aws, tmp_path_factory):
    copy = Path(tmp_path_factory.mktemp("p"))
    shutil.copytree(PROJECT / "awsmini", copy / "awsmini", ignore=shutil.ignore_patterns("data"))
    (copy / "awsmini" / "data").symlink_to(PROJECT / "awsmini" / "data")
    caller = Caller(aws, Path(tmp_path_factory.mktemp("r")))
    caller.env["PYTHONPATH"] = str(copy)
    try:
        assert caller("warm", "start")[2] == 0
        parent = caller.parent
        version = copy / "awsmini" / "version.py"
        version.write_text(version.read_text().replace('"0.', '"99.'))
        assert caller("--version")[0].startswith("awsmini/99.")
        caller.until(lambda: caller.parent != parent)
    finally:
        caller("warm", "stop")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_signals_of_the_caller_end_the_command(warm, number):
    warm.aws.service.always(lambda request: servers.answer(200, {}, delay=20))
    process = warm.begin(*LIST)
    warm.until(lambda: warm.aws.service.requests)
    began = time.monotonic()
    process.send_signal(number)
    process.communicate()
    assert process.returncode == (130 if number == signal.SIGINT else -number)
    children = Path(f"/proc/{warm.parent}/task/{warm.parent}/children")
    if children.exists():
        warm.until(lambda: not children.read_text().strip())
    assert time.monotonic() - began < 15


def test_a_terminal_gets_cold_calls(warm):
    leader, follower = os.openpty()
    with warm.begin("--version", stdout=follower) as process:
        os.close(follower)
        shown = os.read(leader, 1000)
        process.communicate()
    os.close(leader)
    assert shown.startswith(b"awsmini/")


def test_status_and_stop(warm):
    assert warm("warm", "status") == (f"A parent for warm calls runs (pid {warm.parent}).\n", "", 0)
    assert warm("warm", "stop")[2] == 0
    assert warm.parent is None
    assert warm("warm", "status") == ("No parent for warm calls runs.\n", "", 1)


def test_what_the_parent_imports_is_there():
    for name in warm_server.IMPORTS.split():
        importlib.import_module(f"awsmini.{name}")


def test_the_calling_side_loads_next_to_nothing(warm):
    code = "import sys; before = set(sys.modules); " + ENTRY.replace("import sys; ", "").replace(
        "sys.exit(process())", "process(); print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--version"], env=warm.env, capture_output=True, text=True, check=True
    )
    assert set(done.stdout.splitlines()[1].split()) <= {
        "_socket",
        "awsmini",
        "awsmini.start",
        "awsmini.version",
        "awsmini.warm",
    }
