"""Whole commands that are started without a stdin, stdout or stderr, with a full disk behind one, or with no reader."""

import os
import subprocess
import sys

import pytest

from tests.terminal import PROJECT

COMMAND = "sts get-caller-identity --output text --query Account"
ANSWER = """\
<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult>
</GetCallerIdentityResponse>"""


def run(aws, redirections, command=COMMAND):
    """Code, stdout and stderr of the command, run by a shell with redirections."""
    if command == COMMAND:
        aws.service.replies(200, ANSWER)
    done = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -m awsmini {command} {redirections}'],
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


SHORT = ("--version", "configure list", "sts get-caller-identity --generate-cli-skeleton")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
@pytest.mark.parametrize("command", [COMMAND, *SHORT])
def test_the_disk_is_full(aws, command):
    assert run(aws, ">/dev/full", command) == (255, "", "\nawsmini: [ERROR]: [Errno 28] No space left on device\n")


@pytest.mark.parametrize("command", [*SHORT, "ec2 run-instances --generate-cli-skeleton"])
def test_nobody_reads(aws, command):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "awsmini", *command.split()],
        env={**aws.env, "PYTHONPATH": str(PROJECT)},
        stdout=writer,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_what_the_encoding_of_stdout_lacks(aws):
    aws.write(".aws/config", "[profile é]\nregion = us-east-1\n")
    outcome = aws.run("configure list-profiles", env={"PYTHONIOENCODING": "ascii"})
    assert (outcome.stdout, outcome.stderr, outcome.code) == ("?\n", "", 0)


@pytest.mark.parametrize("prefix", ["file://", "fileb://"])
def test_the_name_of_the_output_file_may_stand_in_a_file(aws, prefix):
    aws.write("name", "answer.bin")
    aws.service.replies(200, b"\x00content")
    assert aws(["s3api", "get-object", "--bucket", "b", "--key", "k", f"{prefix}name"]).code == 0
    assert (aws.home / "answer.bin").read_bytes() == b"\x00content"
