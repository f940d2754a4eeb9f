"""Ctrl+C while an answer is waited for; and a program that was started to go on, as nohup and `&` in a script do."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.servers import answer

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
IGNORED = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); os.execv(sys.executable, sys.argv[1:])"
DEFAULT = IGNORED.replace("SIG_IGN", "SIG_DFL")


@pytest.mark.parametrize(("start", "code"), [(DEFAULT, 130), (IGNORED, 0)])
def test_an_interrupt_ends_only_what_was_not_started_to_go_on(aws, start, code):
    aws.service.always(lambda request: answer(200, {"StreamInfoList": []}, delay=1.5))
    words = [sys.executable, "-m", "awsmini", "kinesisvideo", "list-streams"]
    process = subprocess.Popen(
        [sys.executable, "-c", start, *words],
        env=aws.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    give_up = time.monotonic() + 60
    while not aws.service.requests and time.monotonic() < give_up:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert stderr == ""
    assert process.returncode == code
    assert ("StreamInfoList" in stdout) is (code == 0)


def test_an_interrupt_while_it_is_being_loaded():
    code = (
        "import sys\nfrom awsmini import cli\n"
        "def interrupted(*_): raise KeyboardInterrupt\ncli.resolve_name = interrupted\nsys.exit(cli.main())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "\n", "")


WHEN = """
import os, signal, sys

class Press:
    def find_spec(self, name, *_):
        if name == WHEN:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Press())
sys.argv[1:] = ["sts", "get-caller-identity", "--generate-cli-skeleton"]
"""
SCRIPT = "from awsmini.start import process\nsys.exit(process())"
MODULE = "import runpy\nrunpy.run_module('awsmini', run_name='__main__')"


@pytest.mark.parametrize("start", [SCRIPT, MODULE])
@pytest.mark.parametrize("module", ["awsmini.cli", "threading", "awsmini.app", "click", "awsmini.commands.tree"])
def test_an_interrupt_before_the_command_begins_is_silent(start, module):
    code = WHEN.replace("WHEN", repr(module)) + start
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


@pytest.mark.parametrize("start", [SCRIPT, MODULE])
def test_an_interrupt_of_a_command_is_one_as_before(start):
    code = WHEN.replace("WHEN", repr("awsmini.commands.operation")) + start
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "\n", "")
