"""Zip files: what is in them, and that the same folder gives the same bytes."""

import io
import os
import time
import zipfile
from pathlib import Path

import pytest

from awsmini.services.shared import zip_archives
from awsmini.services.shared.zip_archives import Content, Entry, NotAFileError, files_below, zipped


def folder(path: Path) -> Path:
    (path / "sub" / "deep").mkdir(parents=True)
    (path / "empty").mkdir()
    (path / "b.txt").write_text("b" * 1000)
    (path / "a.sh").write_text("#!/bin/sh\n")
    (path / "a.sh").chmod(0o700)
    (path / ".hidden").write_text("")
    (path / "sub" / "é.txt").write_text("e")
    (path / "sub" / "deep" / "x").write_bytes(os.urandom(3000))
    return path


def archive(path: Path, **how: bool) -> bytes:
    with zipped(files_below(str(path)), **how) as file:
        return file.read()


def names(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def test_files_come_before_folders_each_by_name(tmp_path: Path) -> None:
    assert names(archive(folder(tmp_path))) == [".hidden", "a.sh", "b.txt", "sub/é.txt", "sub/deep/x"]


def test_the_same_folder_gives_the_same_archive(tmp_path: Path) -> None:
    before = archive(folder(tmp_path / "one"), reproducible=True)
    for path in sorted((tmp_path / "one").rglob("*")):
        os.utime(path, (time.time() - 9999, 1_500_000_000))
    (tmp_path / "one" / "b.txt").chmod(0o600)
    os.rename(tmp_path / "one", tmp_path / "two")
    assert archive(tmp_path / "two", reproducible=True) == before


def test_an_archive_tells_time_and_mode(tmp_path: Path) -> None:
    folder(tmp_path)
    os.utime(tmp_path / "a.sh", (0, 1_700_000_000))
    with zipfile.ZipFile(io.BytesIO(archive(tmp_path))) as found:
        about = found.getinfo("a.sh")
    assert about.date_time == time.localtime(1_700_000_000)[:6]
    assert about.external_attr >> 16 == 0o100700
    with zipfile.ZipFile(io.BytesIO(archive(tmp_path, reproducible=True))) as found:
        assert [(each.date_time, oct(each.external_attr >> 16)) for each in found.infolist()[:2]] == [
            ((1980, 1, 1, 0, 0, 0), "0o100644"),
            ((1980, 1, 1, 0, 0, 0), "0o100755"),
        ]


def test_a_time_before_zip_files_is_their_first(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("1")
    os.utime(tmp_path / "old", (0, 0))
    with zipfile.ZipFile(io.BytesIO(archive(tmp_path))) as found:
        assert found.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


def test_large_files_go_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_archives, "PIECE", 1000)
    content = os.urandom(2500) + b"z" * 5000
    (tmp_path / "a").write_bytes(b"small")
    (tmp_path / "b").write_bytes(content)
    (tmp_path / "c").write_bytes(b"after")
    with zipfile.ZipFile(io.BytesIO(archive(tmp_path))) as found:
        assert found.testzip() is None
        assert [found.read(name) for name in "abc"] == [b"small", content, b"after"]


def test_more_files_than_an_old_zip_can_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_archives, "_MANY", 3)
    entries = [Content(f"f{number}", b"x") for number in range(5)]
    with zipped(entries) as file:
        content = file.read()
    assert content[-98:-94] == b"PK\x06\x06"  # the record that counts further
    assert content[-42:-38] == b"PK\x06\x07"


def test_an_empty_folder_is_an_empty_archive(tmp_path: Path) -> None:
    assert names(archive(tmp_path)) == []


def test_links_are_followed_unless_they_lead_back(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x").write_text("x")
    (tmp_path / "code" / "to-file").symlink_to("../other/x")
    (tmp_path / "code" / "to-folder").symlink_to("../other")
    (tmp_path / "code" / "to-itself").symlink_to(".")
    (tmp_path / "code" / "to-above").symlink_to("..")
    (tmp_path / "other" / "back").symlink_to("../code")
    assert names(archive(tmp_path / "code")) == ["to-file", "to-folder/x"]
    with zipped(files_below(str(tmp_path / "code"), follow_links=False)) as file:
        assert names(file.read()) == ["to-file"]


def test_a_dangling_link_and_a_pipe_are_errors(tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to("nowhere")
    with pytest.raises(FileNotFoundError, match="dangling"):
        archive(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotAFileError, match="pipe is no regular file"):
        zipped([Entry(str(tmp_path / "pipe"), "pipe")])


def test_content_that_stands_nowhere() -> None:
    with zipped([Content("index.js", b"1")]) as file, zipfile.ZipFile(file) as found:
        assert found.read("index.js") == b"1"
