"""How long one small call takes, against what the packages cost that it is made of.

    python tests/benchmarks/startup.py [--runs 20] [--aws /path/to/aws]

The floor is a Python that imports click and requests and makes one POST with requests to the same server.
"""

import argparse
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from canned import canned
from measure import alternate, awsmini_command

FLOOR = "import click, requests; requests.post({url!r}, data='{{}}')"
IMPORT_CLICK = "import click"
CALL_BUDGET = 1.20  # times the floor
VERSION_BUDGET = 1.50  # times `import click`


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20, help="rounds, of which the medians are shown")
    parser.add_argument("--aws", default=shutil.which("aws"), help="an AWS CLI to measure beside it")
    options = parser.parse_args()
    awsmini, python = awsmini_command(), sys.executable
    with canned("streams") as url:
        call = ["--endpoint-url", url, "kinesisvideo", "list-streams"]
        commands = {"floor": [python, "-c", FLOOR.format(url=url)], "awsmini": [*awsmini, *call]}
        if options.aws:
            commands["aws"] = [options.aws, *call]
        show("kinesisvideo list-streams", commands, options.runs, CALL_BUDGET)
    commands = {"import click": [python, "-c", IMPORT_CLICK], "awsmini": [*awsmini, "--version"]}
    if options.aws:
        commands["aws"] = [options.aws, "--version"]
    show("--version", commands, options.runs, VERSION_BUDGET)


def show(title: str, commands: dict[str, list[str]], runs: int, budget: float) -> None:
    """Measure, and print wall times, the ratio to the first command, and the budget."""
    costs = alternate(commands, runs)
    floor = next(iter(costs))
    ratio = costs["awsmini"].wall / costs[floor].wall
    times = ", ".join(f"{name} {cost.wall * 1000:.0f} ms" for name, cost in costs.items())
    verdict = "within" if ratio <= budget else "OVER"
    beside = f"; {costs['aws'].wall / costs['awsmini'].wall:.1f} × faster than aws" if "aws" in costs else ""
    print(f"{title}: {times}; {ratio:.2f} × {floor}, {verdict} the budget of {budget:.2f}{beside}")


if __name__ == "__main__":
    main()
