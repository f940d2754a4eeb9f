"""Whole commands that are started without a stdin, stdout or stderr, or with a full disk behind one."""

import os
import subprocess
import sys

import pytest

from tests.terminal import PROJECT

COMMAND = "sts get-caller-identity --output text --query Account"
ANSWER = """\
<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult>
</GetCallerIdentityResponse>"""


def run(aws, redirections):
    """Code, stdout and stderr of the command, run by a shell with redirections."""
    aws.service.replies(200, ANSWER)
    done = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -m awsmini {COMMAND} {redirections}'],
        env={**aws.env, "PYTHONPATH": str(PROJECT)},
        cwd=aws.home,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("redirections", "outcome"),
    [
        ("<&-", (0, "1\n", "")),
        ("2>&-", (0, "1\n", "")),
        (">&-", (255, "", "\nawsmini: [ERROR]: [Errno 9] Bad file descriptor\n")),
        (">&- 2>&-", (255, "", "")),
    ],
)
def test_a_stream_is_missing(aws, redirections, outcome):
    assert run(aws, redirections) == outcome


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_the_disk_is_full(aws):
    assert run(aws, ">/dev/full") == (255, "", "\nawsmini: [ERROR]: [Errno 28] No space left on device\n")
