"""Whole commands against the stand-in, compared with what AWS CLI 2.38.5 did with the same (`recorded.jsonl`).

Lines, exit code, objects with their metadata and tags, local files with their times, uploads left open. Where a
scenario names a difference, that is one of `awsmini help s3-differences`, and has its own test elsewhere.
"""

import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from awsmini.model.load import DATA
from tests.services.s3.scenarios import SCENARIOS, Scenario
from tests.services.s3.side_by_side import differences, environment, observe, prepare
from tests.services.s3.stand_in import StandIn
from tests.terminal import Terminal

RECORDED: dict[str, dict[str, Any]] = {
    kept["name"]: kept for kept in map(json.loads, (Path(__file__).parent / "recorded.jsonl").read_text().splitlines())
}
TOLD = set(re.findall(r"^- `([\w-]+)`:", (DATA / "topics/s3-differences.md").read_text(), re.MULTILINE))
SYSTEM_TYPES = Path("/etc/mime.types").exists() and Path("/etc/mime.types").stat().st_size > 0


@pytest.fixture(scope="module")
def s3() -> Iterator[StandIn]:
    with StandIn() as server:
        yield server


@pytest.fixture
def local_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Sets the process's time zone for a while."""

    def set_zone(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield set_zone
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_as_recorded(scenario: Scenario, s3: StandIn, tmp_path: Path, local_time: Any) -> None:
    got = played(scenario, s3, tmp_path, local_time)
    found = differences(RECORDED[scenario.name], got)
    if scenario.differs:
        assert found, "no difference any more"
    else:
        assert not found, "\n".join(found)


def played(scenario: Scenario, s3: StandIn, tmp_path: Path, local_time: Any) -> dict[str, Any]:
    """What awsmini does, in this process."""
    folder, home = tmp_path / "work", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    prepare(scenario, s3, folder)
    env = environment(scenario, home, s3.url)
    local_time(env["TZ"])
    before = os.umask(0o022)
    try:
        done = Terminal(folder, None, env)(  # type: ignore[arg-type]
            scenario.command.replace("{cwd}", str(folder)), stdin=scenario.stdin
        )
    finally:
        os.umask(before)
    assert b"Traceback" not in done.stderr_bytes
    return observe(done.stdout_bytes, done.stderr_bytes, done.code, folder, s3)


def test_all_are_recorded_and_all_differences_told() -> None:
    assert {scenario.name for scenario in SCENARIOS} == set(RECORDED)
    assert {scenario.differs for scenario in SCENARIOS if scenario.differs} <= TOLD
