"""Lines of a batch and the world: interrupts, full disks, readers that go, other programs, transfers, --debug, history."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import servers
from tests.terminal import PROJECT

resource = pytest.importorskip("resource")


def parameters(request: servers.Received) -> servers.Answer:
    name = request.json["Name"]
    if name.startswith("ä") and int(name[2:]) % 100 == 0:
        return servers.answer(400, {"__type": "ParameterNotFound", "message": "no"})
    return servers.answer(200, {"Parameter": {"Name": name, "Value": "v"}})


def begin(aws, command: str, **how):
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, **how}
    env = {**aws.env, "PYTHONPATH": str(PROJECT)}
    return subprocess.Popen([sys.executable, "-m", "awsmini", *shlex.split(command)], cwd=aws.home, env=env, **options)


@pytest.mark.parametrize("count", [400, pytest.param(10_000, marks=[pytest.mark.every, pytest.mark.long])])
def test_many_lines_of_which_one_in_a_hundred_fails(aws, count):
    aws.service.always(parameters)
    lines = [json.dumps({"id": n, "args": ["ssm", "get-parameter", "--name", f"ä\n{n}"]}) for n in range(count)]
    aws.write("lines", "\n".join(lines))
    done = aws("batch -j16 --query Parameter.Name --output json --results r lines")
    failed = count // 100
    assert done.code == 1
    assert done.stderr.endswith(f"awsmini batch: {count - failed} done, {failed} failed.\n")
    assert done.stderr.count("An error occurred (ParameterNotFound)") == failed
    records = [json.loads(line) for line in (aws.home / "r").read_text().splitlines()]
    assert sorted(record["id"] for record in records) == list(range(count))
    assert all(record["exit_code"] == (254 if record["id"] % 100 == 0 else 0) for record in records)
    assert all(json.loads(r["stdout"]) == r["args"][-1] for r in records if r["exit_code"] == 0)
    assert sorted(request.json["Name"] for request in aws.service.requests) == sorted(f"ä\n{n}" for n in range(count))


def test_interrupted_it_finishes_what_is_under_way(aws):
    aws.service.always(lambda request: servers.answer(200, {"Version": 1}, delay=0.5))
    aws.write("lines", "\n".join(f"ssm put-parameter --name p{n} --value 1 --type String" for n in range(500)))
    with begin(aws, "batch -j4 --journal j --results r lines") as process:
        while not aws.service.requests:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    seen = len(aws.service.requests)
    assert (process.returncode, err) == (130, b"")
    assert 0 < seen < 20
    assert len((aws.home / "r").read_text().splitlines()) == seen
    assert len(out.splitlines()) == seen * 3
    journal = (aws.home / "j").read_text()
    assert journal.count('"begun"') == journal.count('"ended"') == seen


def test_interrupted_twice_it_ends_at_once(aws):
    aws.service.always(lambda request: servers.answer(200, {"Version": 1}, delay=30))
    with begin(aws, "batch -j4", stdin=subprocess.PIPE) as process:
        process.stdin.write(b"ssm put-parameter --name p --value 1 --type String\n")
        process.stdin.flush()
        while not aws.service.requests:
            time.sleep(0.02)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        process.communicate()
    assert process.returncode == 130
    assert time.monotonic() - began < 15


def test_a_reader_that_goes_ends_it(aws):
    aws.service.always(lambda request: servers.answer(200, {"Parameter": {"Name": "x" * 5000}}))
    aws.write("lines", "ssm get-parameter --name a\n" * 3000)
    with begin(aws, "batch -j4 lines") as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() in (b"", b"\n")
    assert len(aws.service.requests) < 3000
    assert process.returncode == 130


@pytest.mark.parametrize(("option", "says"), [("--journal j", "--journal cannot be written: "), ("--results r", "cannot be written")])  # fmt: skip
def test_a_full_disk_ends_it_and_the_run_can_go_on(aws, option, says):
    aws.service.always(parameters)
    aws.write("lines", "".join(f"ssm get-parameter --name p{n}x\n" for n in range(300)))
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))  # noqa: E731
    with begin(aws, f"batch -j4 {option} lines", preexec_fn=limit) as process:
        err = process.communicate()[1].decode()
    assert process.returncode == 255
    assert says in err
    assert "Traceback" not in err
    assert (aws.home / option.split()[1]).stat().st_size <= 3000
    seen = len(aws.service.requests)
    assert seen < 300
    if option.startswith("--journal"):
        assert aws(f"batch -j4 {option} lines").code == 0
        assert 300 <= len(aws.service.requests) <= 300 + 4 * 5  # what could not be noted was read once more


def test_no_device_is_a_journal(aws):
    assert "--journal: /dev/null is no file." in aws("batch --journal /dev/null", stdin="s3 ls").message


def test_the_shell_of_an_alias_writes_into_its_line(aws):
    aws.write(".aws/cli/alias", "[toplevel]\nhello = !echo hello; echo oops >&2; cat; exit 3; true\n")
    with begin(aws, "batch -j1 --results r", stdin=subprocess.PIPE) as process:
        out, err = process.communicate(b"hello\n")
    assert (out, err) == (b"hello\n", b"oops\nawsmini batch: 0 done, 1 failed.\n")
    record = json.loads((aws.home / "r").read_text())
    assert (record["stdout"], record["stderr"], record["exit_code"]) == ("hello\n", "oops\n", 3)


def test_what_debug_tells_is_of_its_line(aws):
    aws.service.always(parameters)
    lines = [f"ssm get-parameter --name p{n}x" + " --debug" * (n % 2) for n in range(20)]
    with begin(aws, "batch -j4 --results r", stdin=subprocess.PIPE) as process:
        process.communicate("\n".join(lines).encode())
    assert process.returncode == 0
    for record in map(json.loads, (aws.home / "r").read_text().splitlines()):
        told, name = record["stderr"], record["args"][3]
        if "--debug" in record["args"]:
            assert told.count("Arguments entered to CLI") == 1
            assert f'"{name}"' in told
            assert {f'"p{n}x"' for n in range(20) if f'"p{n}x"' in told} == {f'"{name}"'}
        else:
            assert told == ""


def test_debug_before_batch_is_for_every_line(aws):
    aws.service.always(parameters)
    with begin(aws, "--debug batch -j2 --results r", stdin=subprocess.PIPE) as process:
        process.communicate(b"ssm get-parameter --name a\nssm get-parameter --name b\n")
    records = [json.loads(line) for line in (aws.home / "r").read_text().splitlines()]
    assert all("Arguments entered to CLI" in record["stderr"] for record in records)


def test_transfers_run_side_by_side(aws_moto):
    aws = aws_moto
    assert aws("s3 mb s3://bucket").code == 0
    contents = {f"f{n}": os.urandom(n * 1000) for n in range(24)}
    for name, content in contents.items():
        aws.write(f"up/{name}", content)
    up = "\n".join(f"s3 cp up/{name} s3://bucket/{name} --no-progress" for name in contents)
    done = aws("batch -j8", stdin=up)
    assert (done.code, done.stderr) == (0, "")
    assert sorted(done.stdout.split("\n")[:-1]) == sorted(f"upload: up/{name} to s3://bucket/{name}" for name in contents)  # fmt: skip
    down = [f"s3 cp s3://bucket/{name} down/{name} --no-progress" for name in contents]
    to_stdout = aws("batch -j8 --keep-order", stdin="\n".join([*down, "s3 cp s3://bucket/f7 -"]))
    assert (to_stdout.code, to_stdout.stderr) == (0, "")
    assert to_stdout.stdout_bytes.endswith(contents["f7"])
    assert {path.name: path.read_bytes() for path in (aws.home / "down").iterdir()} == contents


def test_lines_are_recorded_each_with_its_calls(aws):
    aws.service.always(parameters)
    aws.write(".aws/config", "[default]\ncli_history = enabled\n")
    assert aws("batch -j4", stdin="\n".join(f"ssm get-parameter --name p{n}x" for n in range(12))).code == 0
    shown = aws("history list").stdout
    assert shown.count("ssm get-parameter") == 12
    assert aws("history show").code == 0


def test_a_stdin_that_was_read_in_part_goes_on_there(aws):
    aws.service.always(parameters)
    path = aws.write("lines", "nosuch line\nssm get-parameter --name b --query Parameter.Name\n")
    with path.open("rb") as lines:
        os.lseek(lines.fileno(), len("nosuch line\n"), os.SEEK_SET)
        with begin(aws, "batch -j1", stdin=lines) as process:
            assert process.communicate() == (b'"b"\n', b"")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("ssm get-parameter --name 'a\\0b'", 0),
        ("s3 cp 'a\0b' s3://bucket/k", 255),
        ("ssm get-parameter --name file://nosuch", 252),
        ("ssm get-parameter --cli-input-json '{'", 252),
        ("--profile nosuch ssm get-parameter --name a", 255),
        ("help", 0),
        ("--version", 0),
        ("batch -", 0),
        ("watch --timeout 0.1 -n 0.1 -- ssm get-parameter --name a", 255),
        ("--regions us-east-1,eu-west-1 ssm get-parameter --name a", 0),
        ("configure set region eu-west-1", 0),
        ("ssm get-parameter --name a --cli-auto-prompt", None),
    ],
)  # fmt: skip
def test_odd_lines_end_as_they_would_alone(aws, line, code):
    aws.service.always(parameters)
    done = aws("batch -j2 --results r", stdin=f"{line}\nssm get-parameter --name z\n")
    codes = {json.dumps(r["args"]): r["exit_code"] for r in map(json.loads, (aws.home / "r").read_text().splitlines())}
    assert codes.pop('["ssm", "get-parameter", "--name", "z"]') == 0
    assert "Traceback" not in done.stderr
    if code is not None:
        assert list(codes.values()) == [code]


def test_memory_stays_flat(aws):
    """Peaks of a few and of many lines."""
    aws.service.always(lambda request: servers.answer(200, {"Parameter": {"Name": "n", "Value": "v" * 2000}}))
    if not Path("/proc/self/status").exists():
        pytest.skip("no /proc")
    peaks = []
    with begin(aws, "batch -j8", stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        for count in (200, 2500):
            process.stdin.write(b"ssm get-parameter --name a\n" * count)
            process.stdin.flush()
            while len(aws.service.requests) < count:
                time.sleep(0.05)
            status = Path(f"/proc/{process.pid}/status").read_text()
            peaks.append(int(status.split("VmHWM:")[1].split()[0]) / 1024)
        process.communicate()
    assert peaks[1] < 60
    assert peaks[1] - peaks[0] < 5
