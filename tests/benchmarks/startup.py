"""How long one small call takes, against what the packages cost that it is made of, or against another build.

    python tests/benchmarks/startup.py [--runs 20] [--aws /path/to/aws]
    python tests/benchmarks/startup.py --other /path/to/python [--this /path/to/python] [--pairs 15]

The floor is a Python that imports click and requests and makes one POST with requests to the same server.

With `--other`, two builds run the same commands in turn (A B A B …) and what is compared is CPU time, user and system:
each is a Python whose environment awsmini is installed in, from a wheel, as users have it:

    python -m venv before && before/bin/pip install ./awsmini-0.1.0-py3-none-any.whl
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))

from canned import canned
from measure import alternate, awsmini_command, cost, environment

FLOOR = "import click, requests; requests.post({url!r}, data='{{}}')"
IMPORT_CLICK = "import click"
CALL_BUDGET = 1.20  # times the floor
VERSION_BUDGET = 1.50  # times `import click`
# The most that this build may take of the other's CPU time. EC2 has a page of its own among the services.
RATIOS = {"--version": 0.97, "kinesisvideo list-streams": 0.97, "ec2 describe-regions": 1.0}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20, help="rounds, of which the medians are shown")
    parser.add_argument("--aws", default=shutil.which("aws"), help="an AWS CLI to measure beside it")
    parser.add_argument("--other", type=Path, help="the Python of the build to compare with, the one before")
    parser.add_argument("--this", type=Path, default=Path(sys.executable), help="the Python of this build")
    parser.add_argument("--pairs", type=int, default=15, help="runs of each of two builds, in turn")
    options = parser.parse_args()
    if options.other:
        compare(options.other, options.this, options.pairs)
    else:
        against_packages(options.runs, options.aws)


def against_packages(runs: int, aws: str | None) -> None:
    """Wall times of a call and of `--version` beside those of the imports they cannot do without."""
    awsmini, python = awsmini_command(), sys.executable
    with canned("streams") as url:
        call = ["--endpoint-url", url, "kinesisvideo", "list-streams"]
        commands = {"floor": [python, "-c", FLOOR.format(url=url)], "awsmini": [*awsmini, *call]}
        if aws:
            commands["aws"] = [aws, *call]
        show("kinesisvideo list-streams", commands, runs, CALL_BUDGET)
    commands = {"import click": [python, "-c", IMPORT_CLICK], "awsmini": [*awsmini, "--version"]}
    if aws:
        commands["aws"] = [aws, "--version"]
    show("--version", commands, runs, VERSION_BUDGET)


def show(title: str, commands: dict[str, list[str]], runs: int, budget: float) -> None:
    """Measure, and print wall times, the ratio to the first command, and the budget."""
    costs = alternate(commands, runs)
    floor = next(iter(costs))
    ratio = costs["awsmini"].wall / costs[floor].wall
    times = ", ".join(f"{name} {cost.wall * 1000:.0f} ms" for name, cost in costs.items())
    verdict = "within" if ratio <= budget else "OVER"
    beside = f"; {costs['aws'].wall / costs['awsmini'].wall:.1f} × faster than aws" if "aws" in costs else ""
    print(f"{title}: {times}; {ratio:.2f} × {floor}, {verdict} the budget of {budget:.2f}{beside}")


def compare(other: Path, this: Path, pairs: int) -> None:
    """CPU times of two installed builds, and the median of the ratios of the pairs; exits with 1 where one is over."""
    builds = [script(python) for python in (other, this)]
    over = False
    with canned("streams") as streams, canned("regions") as regions, tempfile.TemporaryDirectory() as home:
        env = {name: value for name, value in environment(home).items() if name != "PYTHONPATH"}
        urls = {"kinesisvideo list-streams": streams, "ec2 describe-regions": regions}
        for title, limit in RATIOS.items():
            words = [*title.split(), *(["--endpoint-url", urls[title]] if title in urls else [])]
            before, after = [], []
            for number in range(pairs + 1):  # the first fills the caches
                costs = [cost([build, *words], env).cpu * 1000 for build in builds]
                if number:
                    before.append(costs[0])
                    after.append(costs[1])
            ratio = median(new / old for old, new in zip(before, after, strict=True))
            verdict = "within" if ratio <= limit else "OVER"
            over = over or ratio > limit
            print(
                f"{title}: {median(before):.1f} ms of CPU before, {median(after):.1f} ms now; "
                f"median ratio of {pairs} pairs {ratio:.3f}, {verdict} {limit:.2f}"
            )
    sys.exit(1 if over else 0)


def script(python: Path) -> str:
    """The console script of the awsmini that is installed beside a Python. Exits where it runs from a checkout."""
    where = subprocess.run(
        [python, "-c", "import awsmini; print(awsmini.__file__)"], cwd="/", capture_output=True, text=True, check=True
    ).stdout
    if "site-packages" not in where:
        raise SystemExit(f"{python} has awsmini from {where.strip()}; install it from a wheel")
    return str(python.with_name("awsmini"))


if __name__ == "__main__":
    main()
