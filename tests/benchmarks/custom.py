"""How long hand-written commands take, beside AWS CLI v2 and beside a plain call of the same build.

    python tests/benchmarks/custom.py [--aws /path/to/aws] [--runs 10] [WORD …]

`CASES` is the table: a command line, what the server answers to it, and what it may cost. A case may have files.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))
sys.path.insert(0, str(Path(__file__).parent))

from measure import alternate, awsmini_command

from tests.servers import Answer, Received, answer, capture_server

PLAIN = ("kinesisvideo", "list-streams")
WALL, CPU = "wall", "cpu"


@dataclass(frozen=True)
class Case:
    """One command. `of_aws` is what it may cost of AWS CLI v2's time, `of_plain` of a plain call's."""

    line: str
    answer: object = field(default_factory=dict)  # as JSON, or text
    of_aws: float = 0.25
    of_plain: float | None = 1.15
    figure: str = WALL
    files: Mapping[str, bytes] = field(default_factory=dict)  # in the working folder
    name: str | None = None


CASES = (
    Case("eks get-token --cluster-name c1"),
    Case("ecr get-login-password", {"authorizationData": [{"authorizationToken": "QVdTOnB3"}]}),
    Case("ecr-public get-login-password", {"authorizationData": {"authorizationToken": "QVdTOnB3"}}),
    Case("rds generate-db-auth-token --hostname h --port 3306 --username u"),
    Case("dsql generate-db-connect-auth-token --hostname h"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", help="words of the command lines to measure")
    parser.add_argument("--runs", type=int, default=10, help="rounds, of which the medians are shown")
    parser.add_argument("--aws", default=shutil.which("aws"), help="an AWS CLI to measure beside it")
    options = parser.parse_args()
    for case in CASES:
        if all(word in case.line for word in options.words):
            print(measured(case, options.aws, options.runs), flush=True)


def measured(case: Case, aws: str | None, runs: int) -> str:
    """Measure one case: the programs in turn, so that whatever else the machine does hits all alike."""
    awsmini = awsmini_command()
    words = case.line.split()
    commands = {"awsmini": [*awsmini, *words], "plain call": [*awsmini, *PLAIN]}
    if aws:
        commands["aws"] = [aws, *words]
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        server = stack.enter_context(capture_server())
        server.always(lambda request: _answer(case, request))
        for name, content in case.files.items():
            Path(folder, name).write_bytes(content)
        stack.callback(os.chdir, os.getcwd())
        os.chdir(folder)
        costs = alternate(commands, runs, {"AWS_ENDPOINT_URL": server.url})
    ours = getattr(costs["awsmini"], case.figure)
    times = ", ".join(f"{name} {getattr(each, case.figure) * 1000:.0f} ms" for name, each in costs.items())
    budgets = [("aws", case.of_aws)] if aws else []
    budgets += [("plain call", case.of_plain)] if case.of_plain is not None else []
    verdicts = (_verdict(ours / getattr(costs[name], case.figure), name, budget) for name, budget in budgets)
    return f"{case.name or case.line} ({case.figure}): {times}; {'; '.join(verdicts)}"


def _answer(case: Case, request: Received) -> Answer:
    if request.path == "/listStreams":
        return answer(200, {"StreamInfoList": []})
    return answer(200, case.answer if isinstance(case.answer, str | bytes) else json.dumps(case.answer))


def _verdict(ratio: float, other: str, budget: float) -> str:
    return f"{ratio:.2f} × {other}, {'within' if ratio <= budget else 'OVER'} the budget of {budget:.2f}"


if __name__ == "__main__":
    main()
