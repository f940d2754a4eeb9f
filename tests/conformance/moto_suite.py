"""moto's own tests, run through `awsmini.client` in place of `boto3.client`, against moto's server.

    pip download --no-deps --no-binary :all: moto==VERSION && tar xzf moto-*.tar.gz      # its tests come with its source
    python tests/conformance/moto_suite.py --suite moto-VERSION s3 sqs kinesisvideo

The Python that runs this needs awsmini, moto[all] of that version and what its tests import (pytest, freezegun, pyotp).
Tests that make resources, or reach into botocore, are left out and counted. `--boto3` runs the same tests with boto3,
which tells what fails without us. As a plug-in of pytest this file is what puts awsmini in boto3's place.
"""

import argparse
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

RESOURCE = "boto3.resource"
REACHES_IN = "reaches into botocore"
# botocore's names and ours. What the tests catch by another name than these fails.
ERRORS = {
    "BotoCoreError": "AwsminiError",
    "ClientError": "ClientError",
    "ParamValidationError": "ParamValidationError",
    "WaiterError": "WaiterError",
    "EventStreamError": "EventStreamError",
    "NoCredentialsError": "NoCredentialsError",
    "EndpointConnectionError": "EndpointConnectionError",
    "NoRegionError": "NoRegionError",
}


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("MOTO_SUITE_CLIENT") == "awsmini":
        put_awsmini_in_place()


asked_for_resources: list[bool] = []


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """A `setUp` that makes resources leaves moto's mock begun, which then never empties the server again: end it."""
    from moto.core.models import ServerModeMockAWS

    asked_for_resources.clear()
    before = ServerModeMockAWS._nested_count
    yield
    if asked_for_resources and ServerModeMockAWS._nested_count > before:
        ServerModeMockAWS._nested_count = before


def put_awsmini_in_place() -> None:
    """From now on, boto3 hands out clients of awsmini, and botocore's exceptions are awsmini's."""
    import boto3.session
    import botocore.client
    import botocore.config
    import botocore.exceptions
    import moto.core.models

    import awsmini

    def resource(*_: Any, **__: Any) -> Any:
        asked_for_resources.append(True)
        raise NotImplementedError(RESOURCE)

    class Session(awsmini.Session):
        def resource(self, *_: Any, **__: Any) -> Any:
            resource()

    boto3.client = lambda *args, **options: awsmini.Session().client(*args, **options)  # type: ignore[assignment]
    boto3.resource = resource  # type: ignore[assignment]
    boto3.Session = boto3.session.Session = Session  # type: ignore[assignment,misc]
    for theirs, ours in ERRORS.items():
        setattr(botocore.exceptions, theirs, getattr(awsmini, ours))
    botocore.client.ClientError = awsmini.ClientError  # type: ignore[attr-defined]
    botocore.config.Config = botocore.client.Config = awsmini.Config  # type: ignore[assignment,misc]
    moto.core.models.Config = awsmini.Config  # type: ignore[assignment,misc]
    botocore.UNSIGNED = awsmini.UNSIGNED  # type: ignore[assignment]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suite", type=Path, required=True, help="the folder of moto's source, with `tests` in it")
    parser.add_argument("--boto3", action="store_true", help="run them with boto3, for comparison")
    parser.add_argument("--port", type=int, default=5000, help="of moto's server; some tests want just 5000")
    parser.add_argument("-k", default="", help="only these tests, as pytest has it")
    parser.add_argument("services", nargs="+", help="folders of moto's tests, without `test_`")
    asked = parser.parse_args()
    total: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as home:
        port = asked.port
        env = environment(Path(home), port, "boto3" if asked.boto3 else "awsmini")
        with open(Path(home, "server.log"), "wb") as log:
            server = subprocess.Popen(
                [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
                env=env, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            wait_for(port, server)
            print(f"{'service':20} {'passed':>7} {'failed':>7} {'skipped':>8} {RESOURCE:>15} {REACHES_IN:>22}")
            for service in asked.services:
                counts, failures = run(service, asked.suite.resolve(), env, asked.k, Path(home))
                total += counts
                print_row(service, counts)
                for failure in failures:
                    print(f"    {failure}")
            print_row("all", total)
        finally:
            server.kill()
            server.wait()
    return 1 if total["failed"] else 0


def print_row(name: str, counts: Counter[str]) -> None:
    print(
        f"{name:20} {counts['passed']:7} {counts['failed']:7} {counts['skipped']:8} {counts[RESOURCE]:15} "
        f"{counts[REACHES_IN]:22}",
        flush=True,
    )


def environment(home: Path, port: int, client: str) -> dict[str, str]:
    here = Path(__file__).resolve()
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHONPATH": os.pathsep.join((str(here.parents[2]), str(here.parent))),
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": f"http://localhost:{port}",
        "TEST_SERVER_MODE": "true",
        "TEST_SERVER_MODE_ENDPOINT": f"http://localhost:{port}",
        "TESTS_SKIP_REQUIRES_DOCKER": "true",
        "MOTO_SUITE_CLIENT": client,
    }


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise SystemExit("moto's server did not start")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise SystemExit("moto's server does not answer")


def run(service: str, suite: Path, env: dict[str, str], only: str, home: Path) -> tuple[Counter[str], list[str]]:
    """The counts of one service's tests, and a line for each that failed."""
    results = home / "results.xml"
    command = [
        sys.executable, "-m", "pytest", f"tests/test_{service}", "-p", "moto_suite", "-p", "no:cacheprovider", "-q",
        "--timeout=120", f"--junit-xml={results}", "-o", "junit_logging=no", "-W", "ignore",
        *(["-k", only] if only else []),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=suite, env=env, capture_output=True, text=True, check=False)
    if not results.exists():
        raise SystemExit(f"pytest failed for {service}:\n{done.stdout}{done.stderr}")
    counts: Counter[str] = Counter()
    failures = []
    for case in ElementTree.parse(results).iter("testcase"):
        kind, line = outcome(case)
        counts[kind] += 1
        failures += [line] if kind == "failed" else []
    results.unlink()
    return counts, failures


def outcome(case: ElementTree.Element) -> tuple[str, str]:
    """What became of one test, and a line that says so."""
    if case.find("skipped") is not None:
        return "skipped", ""
    for kind in ("failure", "error"):
        if (found := case.find(kind)) is not None:
            text = found.text or ""
            if f"NotImplementedError: {RESOURCE}" in text:
                return RESOURCE, ""
            if re.search(r"/botocore/(?!exceptions|config)\w+\.py|has no attribute '_client_config'", text):
                return REACHES_IN, ""
            message = (found.get("message") or "").replace("\n", " ")
            return "failed", f"{case.get('classname')}.{case.get('name')}: {message[:200]}"
    return "passed", ""


if __name__ == "__main__":
    sys.exit(main())
