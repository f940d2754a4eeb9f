"""Running a command and reading what it cost."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

PROJECT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Cost:
    wall: float  # seconds
    cpu: float  # seconds, user and system
    peak: float  # MB of memory


def awsmini_command() -> list[str]:
    """The console script beside this Python, or the module where there is none."""
    script = Path(sys.executable).with_name("awsmini")
    return [str(script)] if script.exists() else [sys.executable, "-m", "awsmini"]


def environment(home: str) -> dict[str, str]:
    """Credentials and a region, and nothing else that could take a command's time."""
    return {
        "HOME": home,
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(PROJECT),
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
    }


def cost(command: Sequence[str], env: Mapping[str, str]) -> Cost:
    """Run it once, its output thrown away; raises where it fails."""
    begin = time.perf_counter()
    with subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - begin
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed with exit code {process.returncode}")
    return Cost(
        wall, used.ru_utime + used.ru_stime, used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    )


def alternate(
    commands: Mapping[str, Sequence[str]], runs: int, more: Mapping[str, str] | None = None
) -> dict[str, Cost]:
    """The median cost of each command: one unmeasured run each, then `runs` rounds in turn. `more` is environment."""
    with tempfile.TemporaryDirectory() as home:
        env = {**environment(home), **(more or {})}
        costs: dict[str, list[Cost]] = {name: [] for name in commands}
        for round_number in range(runs + 1):
            for name, command in commands.items():
                measured = cost(command, env)
                if round_number:
                    costs[name].append(measured)
    return {
        name: Cost(*(median(getattr(one, figure) for one in all_of_it) for figure in ("wall", "cpu", "peak")))
        for name, all_of_it in costs.items()
    }
