"""What long lists cost: CPU time and peak memory, beside an AWS CLI.

python tests/benchmarks/lists.py [--runs 3] [--aws /path/to/aws] [--base /path/to/awsmini] [--output json] [WORK …]

With --base, another build is run in turn with this one, and what is within the budget is the share of its time.
"""

import argparse
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from canned import canned
from measure import alternate, awsmini_command

# What is asked of which canned pages, and which part of the AWS CLI's CPU time it may take.
LISTS = {
    "tail": (["logs", "tail", "app", "--since", "2024-01-01"], "100,000 events in 10 pages", 1 / 6),
    "events": (["logs", "filter-log-events", "--log-group-name", "app"], "100,000 events in 10 pages", 1 / 6),
    "instances": (["ec2", "describe-instances"], "5,000 instances in 10 pages", 1 / 4),
    "objects": (["s3api", "list-objects-v2", "--bucket", "logs"], "100,000 keys in 100 pages", 1 / 6),
    "items": (["dynamodb", "scan", "--table-name", "orders"], "50,000 items in 25 pages", 1 / 3),
}
PAGES = {"tail": "events"}  # of works that are not named as their pages are
FORMATS = ("json", "text", "ndjson", "grid")
MEMORY_BUDGET = 45  # MB
SHARE = 0.6  # of the CPU time of the build that this one is compared with


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("works", nargs="*", metavar="WORK", help=f"of {', '.join(LISTS)}; all by default")
    parser.add_argument("--runs", type=int, default=3, help="rounds, of which the medians are shown")
    parser.add_argument("--aws", default=shutil.which("aws"), help="an AWS CLI to measure beside it")
    parser.add_argument("--base", help="the awsmini of another build, in an environment of its own")
    parser.add_argument("--output", default="json", help=f"the output format, or `all` for {', '.join(FORMATS)}")
    options = parser.parse_args()
    for work in options.works or LISTS:
        arguments, size, budget = LISTS[work]
        with canned(PAGES.get(work, work)) as url:
            for output in FORMATS if options.output == "all" else [options.output]:
                call = ["--endpoint-url", url, "--output", output, *arguments]
                commands = {"awsmini": [*awsmini_command(), *call]}
                if options.base:
                    commands["base"] = ["env", "-u", "PYTHONPATH", options.base, *call]
                if options.aws:
                    commands["aws"] = [options.aws, *call]
                show(f"{' '.join(arguments[:2])}, {size}, {output}", commands, options.runs, budget)


def show(title: str, commands: dict[str, list[str]], runs: int, budget: float) -> None:
    costs = alternate(commands, runs)
    print(title)
    for name, cost in costs.items():
        print(f"    {name:8} {cost.cpu:6.2f} s CPU  {cost.wall:6.2f} s wall  {cost.peak:5.0f} MB")
    memory = "within" if costs["awsmini"].peak <= MEMORY_BUDGET else "OVER"
    print(f"    memory {memory} the budget of {MEMORY_BUDGET} MB")
    if "base" in costs:
        share = costs["awsmini"].cpu / costs["base"].cpu
        print(
            f"    {share:.2f} of the CPU time of base, {'within' if share <= SHARE else 'OVER'} the budget of {SHARE}"
        )
    if "aws" in costs:
        ratio = costs["awsmini"].cpu / costs["aws"].cpu
        verdict = "within" if ratio <= budget else "OVER"
        print(f"    1/{1 / ratio:.1f} of the CPU time of aws, {verdict} the budget of 1/{1 / budget:.0f}", flush=True)


if __name__ == "__main__":
    main()
