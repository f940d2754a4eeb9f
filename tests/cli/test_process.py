"""The console script ends the process itself: nothing that would be done at exit is lost, nor is what was printed."""

import subprocess
import sys
from pathlib import Path

import pytest

from awsmini.version import __version__

ENTRY = "import sys; from awsmini.cli import process; sys.argv[0] = 'awsmini'; sys.exit(process())"


def run(*words: str, before: str = "", **options) -> subprocess.CompletedProcess[str]:
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.run([sys.executable, "-c", f"{before}\n{ENTRY}", *words], text=True, check=False, **streams)


@pytest.mark.parametrize(("words", "code"), [(["--version"], 0), (["nosuch"], 252), ([], 252)])
def test_the_exit_code_is_that_of_main(words, code):
    assert run(*words).returncode == code


def test_all_that_was_printed_arrives():
    said = run("medialive", "create-channel", "--generate-cli-skeleton").stdout
    assert said.startswith("{\n")
    assert said.endswith("}\n")
    assert len(said) > 65536  # more than a pipe holds


def test_the_interpreter_is_not_taken_apart():
    before = "class Last:\n    def __del__(self): print('taken apart')\nlast = Last()"
    assert run("--version", before=before).stdout == run("--version").stdout


def test_what_was_registered_for_the_exit_is_done():
    before = "import atexit; atexit.register(print, 'at exit')"
    assert run("--version", before=before).stdout.splitlines()[1:] == ["at exit"]


def test_threads_are_waited_for():
    before = "import threading, time; threading.Thread(target=lambda: (time.sleep(2), print('thread'))).start()"
    assert run("--version", before=before).stdout.splitlines()[1:] == ["thread"]


@pytest.mark.parametrize("redirected", ["| true", "> /dev/full", ">&-", ">&- 2>&-", "2>&-", "<&-"])
def test_streams_that_cannot_be_written_end_as_with_main(redirected):
    if "/dev/full" in redirected and not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    ends = []
    for entry in (ENTRY, ENTRY.replace("process", "main")):
        command = f'{{ "$0" -c "$1" --version; echo "$?" >&3; }} {redirected}'
        with subprocess.Popen(
            ["bash", "-c", f"{{ {command}; }} 3>&1 >&2", sys.executable, entry],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as ran:
            ends.append(ran.communicate())
    assert ends[0] == ends[1]
    assert ends[0][0].strip().isdigit()


def test_the_console_script_is_that():
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert '\nawsmini = "awsmini.start:process"\n' in text
    assert run("--version").stdout.startswith(f"awsmini/{__version__} ")
