"""Uploads that runs before have left open: aborted or, after some tries, forgotten."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from awsmini.transfer.core import Core
from awsmini.transfer.engine import Engine, own_core
from awsmini.transfer.journal import Begun, Journal
from awsmini.transfer.leftovers import KEPT, TRIES, clear_up
from awsmini.transfer.parts import place_of
from awsmini.transfer.records import TransferOptions, Upload
from tests.services.s3.stand_in import StandIn
from tests.transfer.clients import s3_client


@pytest.fixture
def s3() -> Iterator[StandIn]:
    with StandIn() as server:
        server.bucket("box")
        yield server


@pytest.fixture
def core(s3: StandIn, tmp_path: Path) -> Iterator[Core]:
    made = own_core(s3_client(tmp_path, s3.url, {"AWS_MAX_ATTEMPTS": "1"}))
    yield made
    made.close()


def left_after_runs(core: Core, begun: Begun, runs: int) -> list[Begun]:
    """What is still noted after so many runs."""
    journal = Journal(core.app.env)
    journal.note_begun(begun)
    journal.close()
    for _ in range(runs):
        journal = Journal(core.app.env)
        clear_up(core, journal)
        journal.close()
    return list(Journal(core.app.env).left_behind())


@pytest.mark.parametrize("code", ["NoSuchUpload", "NoSuchBucket"])
def test_what_is_no_more_is_forgotten(s3: StandIn, core: Core, code: str) -> None:
    s3.fail("*", "/box", status=404, code=code)
    assert left_after_runs(core, Begun(place_of(core), "box", "k", "one", core.app.now().timestamp()), 1) == []
    assert len(s3.log) == 1


@pytest.mark.parametrize("upload_id", ["one", ""])
@pytest.mark.parametrize(
    "fault", [{"status": 403, "code": "AccessDenied"}, {"status": 500, "code": "InternalError"}, {"action": "drop"}]
)
def test_what_cannot_be_aborted_costs_three_requests(
    s3: StandIn, core: Core, fault: dict[str, object], upload_id: str
) -> None:
    s3.fail("*", "/box", **fault)
    now = core.app.now().timestamp()
    assert left_after_runs(core, Begun(place_of(core), "box", "k", upload_id, now), TRIES - 1) != []
    assert left_after_runs(core, Begun(place_of(core), "box", "l", upload_id, now), 1 + TRIES) == []
    assert len(s3.log) == 2 * TRIES - 1


def test_another_place_is_not_asked_and_forgotten_after_a_month(s3: StandIn, core: Core) -> None:
    now = core.app.now().timestamp()
    begun = Begun("elsewhere|", "box", "k", "one", now)
    assert left_after_runs(core, begun, 5) == [begun]
    assert left_after_runs(core, begun._replace(at=now - KEPT - 1), 1) == []
    assert s3.log == []


def test_a_service_that_does_not_answer_is_asked_once_a_run(s3: StandIn, core: Core) -> None:
    s3.fail("*", "/box", action="drop")
    now = core.app.now().timestamp()
    first = Journal(core.app.env)
    for number in range(5):
        first.note_begun(Begun(place_of(core), "box", f"k{number}", "one", now))
    first.close()
    second = Journal(core.app.env)
    clear_up(core, second)
    second.close()
    assert len(s3.log) == 1
    assert [begun.tries for begun in Journal(core.app.env).left_behind()] == [1, 0, 0, 0, 0]


@pytest.mark.parametrize(("params", "left"), [({"Metadata": {"a": "\u00fc"}}, 0), ({}, 1)], ids=["wrong", "dropped"])
def test_what_may_have_begun_is_noted(
    s3: StandIn, core: Core, tmp_path: Path, params: dict[str, object], left: int
) -> None:
    """Not what was refused before it was sent."""
    (tmp_path / "f").write_bytes(b"x" * 100)
    s3.fail("*", "/box", action="drop")
    with Engine(core.client, TransferOptions(multipart_threshold=1)) as engine:
        (result,) = engine.run([Upload(str(tmp_path / "f"), "box", "k", params=params)])
    assert result.error is not None
    assert len(list(Journal(core.app.env).left_behind())) == left
