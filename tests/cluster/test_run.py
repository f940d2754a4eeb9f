"""Addresses, journals, and a run whose answers get lost."""

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

pytest.importorskip("distributed")

from awsmini.cluster.address import Address, parse
from awsmini.cluster.dask import Answer
from awsmini.cluster.journal import Journal, JournalError, Piece
from awsmini.cluster.run import TRIES, PieceFailed, Run, RunError
from awsmini.errors import ParamValidationError


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("local:3", Address(workers=3)),
        ("local", Address(workers=os.cpu_count() or 1)),
        ("host:8786", Address("tcp://host:8786")),
        ("[::1]:8786", Address("tcp://[::1]:8786")),
        ("tls://host:1", Address("tls://host:1")),
    ],
)
def test_addresses(text: str, found: Address) -> None:
    assert parse(text) == found


@pytest.mark.parametrize("text", ["", "local:", "local:0", "local:-1", "host", "tcp://", "ftp://host:1", "/nowhere"])
def test_no_addresses(text: str) -> None:
    with pytest.raises(ParamValidationError, match="--cluster"):
        parse(text)


def test_a_scheduler_file(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text('{"address": "tls://10.0.0.1:8786", "workers": {}}')
    assert parse(str(path)) == Address("tls://10.0.0.1:8786")


def test_a_journal_goes_on(tmp_path: Path) -> None:
    path = str(tmp_path / "j")
    journal = Journal(path, "one")
    assert journal.is_new
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    first, second = journal.add([{"n": 1}, {"n": 2}])
    (third,) = journal.end(first, {"n": 1}, {"done": 7}, [{"n": 3}])
    journal.upload("1", begun=["place", "b", "k", "", 0.0, 0])
    journal.upload("1", upload_id="id")
    journal.upload("2", begun=["place", "b", "l", "", 0.0, 0])
    journal.upload("2")
    with pytest.raises(JournalError, match="another run's"):
        Journal(path, "one")
    journal.close()
    with pytest.raises(JournalError, match="another command's"):
        Journal(path, "two")
    journal = Journal(path, "one")
    assert not journal.is_new
    assert journal.due() == [second, third]
    assert [(piece.id, answer) for piece, answer in journal.answers()] == [(first.id, {"done": 7})]
    assert journal.open_uploads() == [["place", "b", "k", "id", 0.0, 0]]
    journal.again(first.id)
    assert [piece.id for piece in journal.due()] == [first.id, second.id, third.id]
    journal.close(remove=True)
    assert not os.path.exists(path)


def test_what_is_no_journal(tmp_path: Path) -> None:
    path = tmp_path / "j"
    path.write_text("no database" * 100)
    with pytest.raises(JournalError, match="no journal of awsmini's"):
        Journal(str(path), "one")
    with pytest.raises(JournalError, match="No such file"):
        Journal(str(tmp_path / "no" / "j"), "one")


class Answers:
    """A cluster that answers with what was scripted for a piece, in turn."""

    def __init__(self, script: Mapping[int, Sequence[Answer]]) -> None:
        self.script = {number: list(answers) for number, answers in script.items()}
        self.sent: list[str] = []
        self.given: list[int] = []
        self.threads = 2
        self.news: SimpleQueue[Mapping[str, Any]] = SimpleQueue()

    def submit(self, key: str, order: Mapping[str, Any], **_: object) -> None:
        self.sent.append(key)
        self.given.append(order["n"])

    def answers(self, seconds: float) -> Iterator[Answer]:
        while self.sent:
            key = self.sent.pop()
            yield self.script[int(key.partition("-")[0])].pop(0)._replace(key=key)


class Counting(Run):
    def __init__(self, cluster: Answers) -> None:
        super().__init__(cluster, lambda message: None)  # type: ignore[arg-type]
        self.took_: list[int] = []
        self.failed_: list[str] = []

    def order(self, piece: Piece) -> Mapping[str, Any]:
        return piece.given

    def took(self, piece: Piece, content: Mapping[str, Any]) -> Sequence[Piece]:
        if content.get("no"):
            raise PieceFailed("no")
        self.took_.append(piece.id)
        return [Piece(9, {"n": 9})] if content.get("more") else []

    def failed(self, piece: Piece, reason: str) -> None:
        self.failed_.append(reason)


LOST, GOOD, BAD = Answer("", {}, "its workers have died"), Answer("", {"fine": 1}), Answer("", {"error": "bad"})


def test_what_is_lost_is_sent_again() -> None:
    run = Counting(Answers({1: [LOST, LOST, GOOD], 2: [Answer("", {"more": True})], 9: [LOST, GOOD]}))
    run.run([Piece(1, {"n": 1}), Piece(2, {"n": 2})])
    assert sorted(run.took_) == [1, 2, 9]
    assert not run.pending
    assert not run.sent


def test_what_fails_is_tried_a_few_times() -> None:
    run = Counting(Answers({1: [GOOD], 2: [BAD] * TRIES}))
    run.run([Piece(1, {"n": 1})])
    run.run([Piece(2, {"n": 2})])
    assert (run.took_, run.failed_, run.given_up) == ([1], ["bad"], 1)
    with pytest.raises(RunError, match="bad"):  # nothing has ever gone well
        Counting(Answers({2: [BAD] * TRIES})).run([Piece(2, {"n": 2})])


def test_some_errors_end_a_run_at_once() -> None:
    final = Answer("", {"error": "out of order", "is_final": True})
    with pytest.raises(RunError, match="out of order"):
        Counting(Answers({1: [GOOD], 2: [final]})).run([Piece(1, {"n": 1}), Piece(2, {"n": 2})])
    with pytest.raises(RunError, match="another version"):
        Counting(Answers({1: [Answer("", {"refused": "another version"})]})).run([Piece(1, {"n": 1})])
    with pytest.raises(RunError, match="lost 100 times"):
        Counting(Answers({1: [LOST] * 200})).run([Piece(1, {"n": 1})])
