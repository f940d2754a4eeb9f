"""The lines of `awsmini help cluster`, as they stand there: they start a cluster, and work is done on it."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from pkgutil import resolve_name

import pytest

from awsmini.commands import batch
from awsmini.model.load import DATA
from awsmini.services import s3 as s3_page
from tests.servers import clean_environment, free_ports
from tests.services.s3.stand_in import StandIn
from tests.terminal import CREDENTIALS, PROJECT

TOPIC = (DATA / "topics/cluster.md").read_text()
PATIENCE = 60  # seconds
# As Slurm does, on one node: the script runs there, and what it starts ends with it.
SBATCH = """\
export SLURM_NTASKS="${1#--ntasks=}" SLURM_JOB_ID=7 SLURMD_NODENAME=localhost
"./$2"
"""
SRUN = """\
for task in $(seq "$SLURM_NTASKS"); do "$@" & done
wait
"""


def lines_under(heading: str) -> list[str]:
    """The example of a section."""
    found = re.search(rf"^## {heading}\n.*?^```\n(.*?)^```$", TOPIC, re.MULTILINE | re.DOTALL)
    assert found
    return found[1].splitlines()


@pytest.fixture
def s3() -> Iterator[StandIn]:
    """Two buckets, one of which has something."""
    with StandIn() as server:
        server.bucket("a", "b")
        for number in range(20):
            server.put("a", f"{number % 3}/{number}", str(number).encode())
        yield server


@pytest.fixture
def env(tmp_path: Path, s3: StandIn) -> dict[str, str]:
    """The environment of somebody who has the programs that the lines name."""
    programs = {
        "awsmini": f'exec {sys.executable} -m awsmini "$@"',
        "dask": f'exec {sys.executable} -m dask "$@"',
        "sbatch": SBATCH,
        "srun": SRUN,
    }
    for name, script in programs.items():
        path = tmp_path / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/bash\n{script}\n")
        path.chmod(0o755)
    return {
        **clean_environment(tmp_path),
        **CREDENTIALS,
        "PATH": f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(PROJECT),
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": s3.url,
    }


def typed(script: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What comes of lines that are typed; what they leave running ends."""
    out, err = (Path(env["HOME"], name) for name in ("out", "err"))
    with out.open("wb") as stdout, err.open("wb") as stderr, subprocess.Popen(
        ["bash", "-c", script], cwd=env["HOME"], env=env, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr,
        start_new_session=True,
    ) as running:  # fmt: skip
        try:
            running.wait(PATIENCE)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
    return subprocess.CompletedProcess(script, running.returncode, out.read_text(), err.read_text())


def same(s3: StandIn) -> bool:
    """Whether all that the one bucket has is in the other."""
    a, b = ({key: each.body for key, each in s3.buckets[name].items()} for name in "ab")
    return len(a) == 20 and a == b


def test_what_is_named_is_there():
    """The commands and options of all lines."""
    lines = re.findall(
        r"(?<!')\bawsmini (batch|s3 \w+) (.*)", "\n".join(re.findall(r"^```\n(.*?)^```$", TOPIC, re.M | re.S))
    )
    assert len(lines) > 10
    for name, rest in lines:
        found = batch.command if name == "batch" else resolve_name(s3_page.command.subcommands[name.split()[1]])
        known = {argument.cli_name for argument in found.arguments}
        options = re.findall(r"--([a-z-]+)", re.split(r"&&|\|", rest)[0])
        assert set(options) - known == set(), name


def test_by_hand(env, s3):
    lines = lines_under("By hand")
    port, dashboard = map(str, free_ports(2))
    assert len(lines) == 5
    assert lines[3] == "awsmini s3 sync s3://a s3://b --cluster tcp://127.0.0.1:8786"
    script = (
        "\n".join(lines[:4]).replace("8786", port).replace("8787", dashboard).replace("--nworkers 4", "--nworkers 1")
    )
    done = typed(f"{script}\necho code $?\n{lines[4]}\nwait\necho ended", env)
    assert f"Cluster tcp://127.0.0.1:{port}: " in done.stderr, done.stderr
    assert re.search(r"^20 transferred \(30 Bytes\), 0 deleted, 0 failed, of 20 listed, in ", done.stderr, re.MULTILINE)
    assert done.stdout.splitlines()[-2:] == ["code 0", "ended"]
    assert same(s3)
    assert not Path(env["HOME"], "s.json").exists()


def test_under_slurm(env, s3):
    lines = lines_under("Under Slurm")
    script = Path(env["HOME"], "sync.sh")
    script.write_text("\n".join(lines) + "\n")
    script.chmod(0o755)
    [submitted] = re.findall(r"`(sbatch [^`]*)`", TOPIC)
    assert len(lines) == 5
    assert submitted == "sbatch --ntasks=16 sync.sh"
    done = typed(submitted.replace("16", "2"), env)
    assert done.returncode == 0, done.stderr
    assert "20 transferred (30 Bytes), 0 deleted, 0 failed" in done.stderr
    assert same(s3)


def test_on_kubernetes(env):
    lines = lines_under("On Kubernetes")
    assert len(lines) == 5
    made = {}
    for words in map(shlex.split, lines):
        if words[1] != "create":
            assert words == ["kubectl", "rollout", "status", "deployment", "scheduler"]
            assert ("Deployment", "scheduler") in made
            continue
        at = words.index("--") if "--" in words else len(words)
        words[at:at] = ["--dry-run=client", "-o", "json"]
        done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        made[found["kind"], found["metadata"]["name"]] = found["spec"]

    def pod(kind: str, name: str) -> str:
        [container] = made[kind, name]["template"]["spec"]["containers"]
        return " ".join(container["command"])

    service = made["Service", "scheduler"]
    assert service["selector"].items() <= made["Deployment", "scheduler"]["template"]["metadata"]["labels"].items()
    assert [each["port"] for each in service["ports"]] == [8786]
    assert made["Deployment", "worker"]["replicas"] == 16
    assert pod("Deployment", "scheduler") == "dask scheduler --dashboard-address 127.0.0.1:8787"
    assert pod("Deployment", "worker") == "dask worker tcp://scheduler:8786 --nthreads 1 --memory-limit 0"
    assert pod("Job", "sync") == "awsmini s3 sync s3://a s3://b --cluster tcp://scheduler:8786"
