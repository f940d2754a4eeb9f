"""Files that are there whole or not at all."""

import os

import pytest

from awsmini.system.atomic import writing


def test_a_file_is_replaced_when_all_is_written(tmp_path):
    path = tmp_path / "answer"
    path.write_text("old")
    with writing(str(path)) as file:
        file.write(b"new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_left_of_what_failed(tmp_path):
    path = tmp_path / "answer"
    with pytest.raises(KeyError), writing(str(path)):
        raise KeyError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["none/answer", "file/answer", "answer/", "none/.", "file/.."])
def test_an_error_names_the_file_that_was_asked_for(tmp_path, name):
    (tmp_path / "file").touch()
    path = f"{tmp_path}/{name}"
    with pytest.raises(OSError) as failed, writing(path):
        pass
    assert failed.value.filename == path
    assert str(failed.value).endswith(f": {path!r}")
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_an_empty_name_is_no_file(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(FileNotFoundError, match=r": ''$"), writing(""):
        pass
    assert [entry.name for entry in tmp_path.iterdir()] == ["here"]


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "link").symlink_to("target")
    with writing(str(tmp_path / "link")) as file:
        file.write(b"x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"x"


def test_the_file_behind_a_descriptor_is_written_to_as_it_is(tmp_path):
    """`command /dev/stdout > file`: the shell's file must stay, or what is printed after is lost."""
    with open(tmp_path / "file", "wb") as shell:
        with writing(f"/dev/fd/{shell.fileno()}") as file:
            file.write(b"body")
        assert (tmp_path / "file").stat().st_ino == os.fstat(shell.fileno()).st_ino
    assert (tmp_path / "file").read_bytes() == b"body"
