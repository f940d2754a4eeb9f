"""Streams that are closed, full or left: the work goes on where it can, and its end is told."""

import subprocess
import sys

import pytest

from tests.services.s3.scenarios import big
from tests.terminal import PROJECT


@pytest.mark.parametrize(
    ("line", "code", "stdout", "stderr", "keys"),
    [
        ("{aws} cp s3://b/big - | head -c 5 >/dev/null; echo ${PIPESTATUS[0]}", 1, "", "[Errno 32] Broken pipe\n", ""),
        ("{aws} cp f s3://b/f >/dev/full; echo $?", 255, "", "[Errno 28] No space left on device", "f"),
        ("{aws} cp s3://b/k - >/dev/full; echo $?", 255, "", "[Errno 28] No space left on device", ""),
        ("{aws} cp d s3://b --recursive >&-; echo $? >&2", 0, "", "0\n", "a"),
        ("{aws} cp d s3://b --recursive | true; echo ${PIPESTATUS[0]}", 0, "", "", "a"),
        ("{aws} cp - s3://b/x <&-; echo $?", 1, "", "fatal error: stdin is required for this operation", ""),
        ("{aws} cp - s3://b/f <f; echo $?", 0, "", "", "f"),
        ("cat f | {aws} cp - s3://b/f; echo $?", 0, "", "", "f"),
    ],
)
def test_streams(aws_s3, s3, line, code, stdout, stderr, keys):
    aws_s3.write("f", "x")
    aws_s3.write("d/a", "x")
    s3.put("b", "big", big(12))
    s3.put("b", "k", b"x")
    done = subprocess.run(
        ["bash", "-c", line.replace("{aws}", f"{sys.executable} -m awsmini s3")],
        cwd=aws_s3.home,
        env={**aws_s3.env, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert stderr in done.stderr
    if ">&2" not in line:
        assert done.stdout == f"{stdout}{code}\n"
    assert set(s3.buckets["b"]) == {"big", "k", *keys}
    assert "Traceback" not in done.stderr


def test_progress_and_padding(aws_s3, s3):
    """Byte for byte, but for the speed."""
    aws_s3.write("f", "hello")
    out = aws_s3("s3 cp f s3://b/").stdout
    first, _, rest = out.partition("\r")
    assert first.startswith("Completed 5 Bytes/5 Bytes (")
    assert first.endswith("/s) with 1 file(s) remaining")
    assert rest == f"{'upload: ./f to s3://b/f'.ljust(len(first))}\n"
    lines = aws_s3("s3 cp f s3://b/ --progress-multiline").stdout.split("\n")
    assert lines[0].startswith("Completed 5 Bytes/5 Bytes (")
    assert lines[1:] == ["upload: ./f to s3://b/f", ""]
    nothing = aws_s3("s3 cp d s3://b/ --recursive") if (aws_s3.home / "d").mkdir() is None else None
    assert nothing.stdout == ""


def test_only_warnings(aws_s3, s3):
    (aws_s3.home / "l").symlink_to("nowhere")
    aws_s3.write("d/x", "x")
    (aws_s3.home / "d/l").symlink_to("nowhere")
    done = aws_s3("s3 cp d s3://b --recursive --exclude x")
    assert done.code == 2
    assert done.stdout == f"Completed 0 file(s) with ~0 file(s) remaining (calculating...)\r{' ' * 62}\n"
    assert done.stderr == f"warning: Skipping file {aws_s3.home}/d/l. File does not exist.\n"
