"""What parsing costs: microseconds of CPU per item, beside botocore's parser on the same bodies.

python tests/benchmarks/parse.py [--rounds 10] [WORK …]
"""

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from botocore.awsrequest import HeadersDict
from botocore.parsers import create_parser
from botocore.utils import parse_timestamp
from canned import WORKS

from awsmini.parse import parse
from awsmini.records import Conversions, Reply
from tests.oracle import botocore_model, service_model

# Service, operation, and how many items all pages of the canned answers hold.
PARSED = {
    "instances": ("ec2", "DescribeInstances", 5_000),
    "objects": ("s3", "ListObjectsV2", 100_000),
    "items": ("dynamodb", "Scan", 50_000),
}
FACES = {
    "command": Conversions(timestamps="iso8601", blobs="base64"),
    "Python": Conversions(),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("works", nargs="*", metavar="WORK", help=f"of {', '.join(PARSED)}; all by default")
    parser.add_argument("--rounds", type=int, default=10, help="how often a page is parsed; the best time is shown")
    options = parser.parse_args()
    for work in options.works or PARSED:
        measure(work, options.rounds)


def measure(work: str, rounds: int) -> None:
    service, operation_name, total = PARSED[work]
    pages = WORKS[work]()
    body = pages[0][1]
    items = total // len(pages)
    operation = service_model(service).operation_model(operation_name)
    reply = Reply(status=200, reason="OK", headers={}, body=body)
    print(f"{service} {operation_name}, {items:,} items, {len(body) / items:.0f} bytes each")

    def show(what: str, rounds: int, parse_once: Callable[[], object]) -> None:
        print(f"    {what:38} {best_of(rounds, parse_once) / items * 1e6:8.2f} µs an item")

    show("first page, with what it compiles", 1, lambda: parse(operation, reply, FACES["command"]))
    for face, conversions in FACES.items():
        show(f"awsmini, for a {face}", rounds, partial(parse, operation, reply, conversions))
    show("botocore, with the conversions of aws", max(1, rounds // 3), aws_parser(service, operation_name, body))


def aws_parser(service: str, operation_name: str, body: bytes) -> Callable[[], object]:
    model = botocore_model(service)
    parser = create_parser(model.resolved_protocol)
    parser._timestamp_parser = lambda value: parse_timestamp(value).isoformat()
    parser._blob_parser = lambda value: value
    answer = {"status_code": 200, "headers": HeadersDict(), "body": body, "context": {}}
    shape = model.operation_model(operation_name).output_shape
    parser.parse(answer, shape)
    return lambda: parser.parse(answer, shape)


def best_of(rounds: int, work: Callable[[], object]) -> float:
    """Seconds of CPU time."""
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best


if __name__ == "__main__":
    main()
