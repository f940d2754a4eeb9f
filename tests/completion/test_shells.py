"""Completion in the shells themselves, on a terminal of our own. What a key brings about is seen by running the line:
`awsmini` there is a program that prints its words.
"""

import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers import clean_environment
from tests.terminal import PROJECT

pty = pytest.importorskip("pty", reason="there are no pseudo terminals here")

SCRIPTS = PROJECT / "completions"
BASH = ["bash", "--norc", "--noprofile"]
ZSH = ["zsh", "-f"]
FISH = ["fish", "--no-config"]
COMPINIT = ["autoload -Uz compinit", "compinit -u -d $HOME/.zcompdump"]
INSTALLED = {
    "bash": (BASH, [f"source '{SCRIPTS}/awsmini.bash'"]),
    "zsh": (ZSH, [f"fpath=('{SCRIPTS}' $fpath)", *COMPINIT]),
    "fish": (FISH, [f"source '{SCRIPTS}/awsmini.fish'"]),
}
EVALUATED = {
    "bash": (BASH, [f'eval "$(cat "{SCRIPTS}/awsmini.bash")"']),
    "zsh": (ZSH, [*COMPINIT, f'eval "$(cat "{SCRIPTS}/_awsmini")"']),
}


class Shell:
    """A running shell. `line` types a text, tabs as keys among it, and gives the words that awsmini got."""

    def __init__(self, argv: list[str], setup: list[str], env: dict[str, str], folder: Path) -> None:
        self.said = ""  # the terminal's text up to the last answer
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe(argv[0], argv, env)
        for command in setup:
            self._type(f"{command}\n")
        self._type("awsmini ready\n")
        self._answer()

    def line(self, text: str) -> list[str]:
        self._type(f"{text}\n")
        return self._answer()

    def _type(self, keys: str) -> None:
        os.write(self.fd, keys.encode())

    def _answer(self) -> list[str]:
        """The words that awsmini prints."""
        deadline = time.monotonic() + 20
        seen = b""
        while b">\r\n" not in seen.rpartition(b"ARGS<")[2]:
            assert time.monotonic() < deadline, f"no answer: {seen.decode(errors='replace')}"
            if select.select([self.fd], [], [], 0.1)[0]:
                seen += os.read(self.fd, 65536)
        self.said = seen.decode(errors="replace")
        return self.said.rpartition("ARGS<")[2].partition(">\r\n")[0].split("><")

    def close(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the two programs in `bin`, and files to complete."""
    folder = tmp_path_factory.mktemp("home")
    programs = {
        "awsmini": "#!/bin/sh\nprintf 'ARGS'\nprintf '<%s>' \"$@\"\nprintf '\\n'\n",
        "awsmini_completer": f"#!/bin/sh\nexec '{sys.executable}' -m awsmini.completion \"$@\"\n",
    }
    (folder / "bin").mkdir()
    for name, text in programs.items():
        (folder / "bin" / name).write_text(text)
        (folder / "bin" / name).chmod(0o755)
    (folder / "sp ace $x.json").touch()
    (folder / "folder").mkdir()
    (folder / "folder" / "inner.json").touch()
    return folder


@contextmanager
def running(argv: list[str], setup: list[str], home: Path) -> Iterator[Shell]:
    if shutil.which(argv[0]) is None:
        pytest.skip(f"{argv[0]} is not installed")
    env = clean_environment(home) | {
        "PATH": f"{home}/bin:{os.environ['PATH']}",
        "PYTHONPATH": str(PROJECT),
        "TERM": "dumb" if argv[0] == "bash" else "vt100",
        "AWSMINI_COMPLETE_REMOTE": "0",
        "LC_ALL": "C.UTF-8",
    }
    shell = Shell(argv, setup, env, home)
    yield shell
    shell.close()


@pytest.fixture(scope="module", params=INSTALLED)
def shell(request: pytest.FixtureRequest, home: Path) -> Iterator[Shell]:
    argv, setup = INSTALLED[request.param]
    with running(argv, setup, home) as started:
        yield started


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("kinesisv\tx", ["kinesisvideo", "x"]),
        ("kinesisvideo list-str\t--max-i\t3", ["kinesisvideo", "list-streams", "--max-items", "3"]),
        ("--output js\tx", ["--output", "json", "x"]),
        ("ec2 describe-instances --filters Na\tx", ["ec2", "describe-instances", "--filters", "Name=x"]),
        ("x --ca-bundle fol\tin\t", ["x", "--ca-bundle", "folder/inner.json"]),
        ("s3api put-object --body sp\t", ["s3api", "put-object", "--body", "sp ace $x.json"]),
        ("ec2 describe-instances --filters file://fol\tin\tx",
         ["ec2", "describe-instances", "--filters", "file://folder/inner.json", "x"]),
        ("--output=js\tx", ["--output=json", "x"]),
        ("kinesisvideo nosuch-\t", ["kinesisvideo", "nosuch-"]),
        ("ec2 run-instances --block-device-mappings 'DeviceName=x y,Ebs={VolumeTy\tgp2}'",
         ["ec2", "run-instances", "--block-device-mappings", "DeviceName=x y,Ebs={VolumeType=gp2}"]),
        ('ec2 run-instances --block-device-mappings "Dev\tx"',
         ["ec2", "run-instances", "--block-device-mappings", "DeviceName=x"]),
        ("--output 'js\t x", ["--output", "json", "x"]),  # the shell closes the quote
    ],
)  # fmt: skip
def test_a_key_completes_the_word(shell, typed, words):
    assert shell.line(f"awsmini {typed}") == words


def test_called_by_a_path_its_own_completer_is_asked(shell, home):
    assert shell.line(f"{home}/bin/awsmini kinesisv\tx") == ["kinesisvideo", "x"]
    assert shell.line("~/bin/awsmini kinesisv\tx") == ["kinesisvideo", "x"]


def test_after_a_variable_and_another_command(shell):
    assert shell.line("AWS_PROFILE=x awsmini kinesisv\tx") == ["kinesisvideo", "x"]
    assert shell.line("true; awsmini kinesisv\tx") == ["kinesisvideo", "x"]


def test_without_a_completer_nothing_is_said(home, tmp_path, monkeypatch):
    """fish tells of a command that is not there whatever its stderr is."""
    folders = os.environ["PATH"].split(os.pathsep)
    there = [folder for folder in folders if not Path(folder, "awsmini_completer").exists()]
    monkeypatch.setenv("PATH", os.pathsep.join(there))
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "awsmini").symlink_to(home / "bin" / "awsmini")
    argv, setup = INSTALLED["fish"]
    with running(argv, setup, tmp_path) as shell:
        assert shell.line("awsmini kinesisv\tx") == ["kinesisvx"]
        assert "nknown command" not in shell.said


@pytest.mark.parametrize("name", EVALUATED)
def test_the_script_evaluated(home, name):
    argv, setup = EVALUATED[name]
    with running(argv, setup, home) as shell:
        assert shell.line("awsmini kinesisv\tlist-str\tx") == ["kinesisvideo", "list-streams", "x"]


def test_complete_c_of_bash(home):
    with running(BASH, ["complete -C awsmini_completer awsmini"], home) as shell:
        assert shell.line("awsmini kinesisv\tlist-str\tx") == ["kinesisvideo", "list-streams", "x"]
        assert shell.line("awsmini --output=js\tx") == ["--output=json", "x"]


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_the_scripts_are_well_formed(name):
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    script = {"bash": "awsmini.bash", "zsh": "_awsmini", "fish": "awsmini.fish"}[name]
    checked = subprocess.run([name, "-n", str(SCRIPTS / script)], capture_output=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, b"")
