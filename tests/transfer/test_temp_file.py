"""Temporary files and what is noted of them."""

import os
import re
from pathlib import Path
from threading import Barrier, Thread

import pytest

from awsmini.transfer.journal import Begun, Journal, ending, remove_temporary
from awsmini.transfer.temp_file import TempFile


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal({"HOME": str(tmp_path / "home")})


@pytest.mark.parametrize("length", [1, 200, 246, 247, 255])
def test_names(tmp_path: Path, journal: Journal, length: int) -> None:
    target = tmp_path / ("n" * length)
    file = TempFile(str(target), journal)
    name = os.path.basename(file.path)
    assert re.fullmatch(r"n+\.[0-9a-fA-F]{8}", name)
    assert len(name) == min(length + 9, 255)
    os.write(file.descriptor, b"content")
    file.finish(1_600_000_000.9)
    assert target.read_bytes() == b"content"
    assert target.stat().st_mtime == 1_600_000_000
    journal.close()


def test_wide_names_are_cut_to_bytes(tmp_path: Path, journal: Journal) -> None:
    target = tmp_path / ("ü" * 127)
    file = TempFile(str(target), journal)
    assert len(os.fsencode(os.path.basename(file.path))) <= 255
    file.finish(None)
    assert target.exists()
    journal.close()


def test_the_same_name_twice(tmp_path: Path, journal: Journal) -> None:
    first, second = TempFile(str(tmp_path / "a"), journal), TempFile(str(tmp_path / "a"), journal)
    assert first.path != second.path
    first.discard()
    second.discard()
    journal.close()
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_only_names_made_with_the_secret_are_removed(tmp_path: Path) -> None:
    mine = f"report.{ending('secret', 'report', 0)}"
    for name in (mine, "report.0123abcd", "report", f"other.{ending('secret', 'report', 0)}"):
        (tmp_path / name).write_text("x")
    remove_temporary(str(tmp_path), "secret")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["report.0123abcd", "report", f"other.{ending('secret', 'report', 0)}"]
    )


def test_what_a_dead_run_left(tmp_path: Path, journal: Journal) -> None:
    env = {"HOME": str(tmp_path / "home")}
    file = TempFile(str(tmp_path / "data" / "a"), journal)
    ended = journal.note_begun(Begun("here", "box", "k"))
    journal.note_id(ended, "one")
    journal.note_id(journal.note_begun(Begun("here", "box", "k2")), "two")
    journal.note_begun(Begun("here", "box", "k3", at=5.0))
    journal.note_ended(ended)
    living = Journal(env)
    assert list(living.left_behind()) == []
    assert os.path.exists(file.path)
    folder = tmp_path / "home/.local/state/awsmini/transfers"
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o600]
    with open(next(folder.iterdir()), "ab") as kept:
        kept.write(b'{"cut of')
    journal._file.close()  # as the end of its process would
    assert list(living.left_behind()) == [Begun("here", "box", "k2", "two"), Begun("here", "box", "k3", at=5.0)]
    assert not os.path.exists(file.path)
    assert list(folder.iterdir()) == []
    os.close(file.descriptor)


def test_nowhere_to_note(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    journal = Journal({"HOME": str(tmp_path / "home")})
    file = TempFile(str(tmp_path / "a"), journal)
    file.finish(None)
    journal.close()
    assert (tmp_path / "a").exists()


def test_uploads_that_were_not_aborted_stay_noted(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path / "home")}
    first = Journal(env)
    ended = first.note_begun(Begun("here", "box", "k", "one"))
    first.note_begun(Begun("here", "box", "k2", "two"))
    first.note_ended(ended)
    first.close()
    second = Journal(env)
    assert list(second.left_behind()) == [Begun("here", "box", "k2", "two")]
    second.note_begun(Begun("here", "box", "k2", "two"))  # it could not be aborted this time either
    second.close()
    third = Journal(env)
    assert list(third.left_behind()) == [Begun("here", "box", "k2", "two")]
    third.close()
    assert list(Journal(env).left_behind()) == []


def test_threads_note_their_uploads_at_the_same_time(tmp_path: Path) -> None:
    for run in range(20):
        journal = Journal({"HOME": str(tmp_path / str(run))})
        ready = Barrier(4)

        def note(number: int, journal: Journal = journal, ready: Barrier = ready) -> None:
            ready.wait()
            journal.note_begun(Begun("here", "box", "k", str(number)))

        threads = [Thread(target=note, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        journal.close()
        left = Journal({"HOME": str(tmp_path / str(run))}).left_behind()
        assert sorted(begun.upload_id for begun in left) == ["0", "1", "2", "3"]
