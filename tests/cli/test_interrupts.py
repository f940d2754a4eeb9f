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
