"""The journal of a run: what it holds after whatever end."""

import json
import sqlite3
import tracemalloc
from contextlib import closing
from pathlib import Path

import pytest

from awsmini.cluster.journal import Journal, JournalError, Piece
from awsmini.services.s3.clustered import TransferRun

COMMAND = '{"command": "sync"}'


def test_a_run_that_ended_before_its_first_piece_begins_anew(tmp_path: Path) -> None:
    path = str(tmp_path / "journal")
    Journal(path, COMMAND).close()
    journal = Journal(path, COMMAND)
    assert journal.is_new
    journal.add([{"do": "cut"}])
    journal.close()
    journal = Journal(path, COMMAND)
    assert not journal.is_new
    assert journal.due() == [Piece(1, {"do": "cut"})]
    journal.close()


def test_pieces_are_added_all_or_none(tmp_path: Path) -> None:
    path = str(tmp_path / "journal")
    journal = Journal(path, COMMAND)

    def broken_off() -> object:
        yield {"at": 1}
        yield {"at": 2}
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        journal.add(broken_off())  # type: ignore[arg-type]
    journal.close()
    journal = Journal(path, COMMAND)
    assert journal.is_new
    journal.close()


def test_a_full_disk_is_told_and_what_was_noted_stays(tmp_path: Path) -> None:
    path = str(tmp_path / "journal")
    journal = Journal(path, COMMAND)
    (first,) = journal.add([{"do": "cut"}])
    pages = journal._database.execute("pragma page_count").fetchone()[0]
    journal._database.execute(f"pragma max_page_count = {pages}")
    with pytest.raises(JournalError, match=r"--journal: .*journal: database or disk is full"):
        journal.replace(first, [{"at": "x" * 1000}] * 100)
    journal.close()
    journal = Journal(path, COMMAND)
    assert journal.due() == [first]
    journal.close()


def test_damage_is_told(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = Journal(str(path), COMMAND)
    journal.add([{"at": "x" * 1000}] * 100)
    journal.close()
    with sqlite3.connect(path) as database:
        (root,) = database.execute("select rootpage from sqlite_master where name = 'pieces'").fetchone()
        (size,) = database.execute("pragma page_size").fetchone()
    whole = bytearray(path.read_bytes())
    whole[3 * size * root :] = b"\xff" * (len(whole) - 3 * size * root)
    path.write_bytes(whole)
    journal = Journal(str(path), COMMAND)
    with pytest.raises(JournalError, match=r"--journal: .*malformed"):
        journal.due()
    journal.close()


@pytest.mark.parametrize("column", ["given", "answer"])
@pytest.mark.parametrize("junk", ["", "{", None])
def test_what_was_noted_and_is_none_is_told(tmp_path: Path, column: str, junk: str | None) -> None:
    path = str(tmp_path / "journal")
    journal = Journal(path, "c")
    (piece,) = journal.add([{"do": "shard"}])
    journal.end(piece, piece.given, {}, [{"do": "shard"}])
    journal.close()
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"update pieces set {column} = ?", ("x" if junk is None else junk,))
        database.commit()
    journal = Journal(path, "c")
    with closing(journal), pytest.raises(JournalError, match="is damaged"):
        list(journal.answers())


def test_what_an_earlier_run_has_done_is_added_up_and_not_held(tmp_path: Path) -> None:
    path = str(tmp_path / "journal")
    Journal(path, COMMAND).close()
    names = ("objects", "bytes", "deleted", "listed", "due", "failed", "warned")
    given, answer = json.dumps({"do": "shard", "span": ["a" * 200, None]}), dict.fromkeys(names, 0) | {"objects": 2}
    rows = [(given, json.dumps(answer | {"failed": int(number == 7)})) for number in range(20_000)]
    with closing(sqlite3.connect(path)) as database:
        database.executemany("insert into pieces (given, ended, answer) values (?, 1, ?)", rows)
        database.commit()
    run = object.__new__(TransferRun)
    with closing(Journal(path, COMMAND)) as run.journal:
        run.failed_count, run.warned, run._kept = 0, 0, set()
        run.totals = dict.fromkeys(names[:5], 0)
        pieces: list[Piece] = []
        tracemalloc.start()
        try:
            run._recall(pieces)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert [piece.id for piece in pieces] == [piece.id for piece in run.journal.due()] == [8]
    assert run.totals["objects"] == 2 * 19_999
    assert peak < 1_000_000
