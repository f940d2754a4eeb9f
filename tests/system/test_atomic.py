"""Files that are there whole or not at all."""

import errno
import os
import re
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from awsmini.system.atomic import check_writable, private_folder, refuse_pipe, rewrite, saving, writing


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


# Files of the user's own -------------------------------------------------------------------------------------------


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("before", [0o600, 0o644, 0o640, 0o755])
def test_a_file_of_the_user_keeps_its_mode(tmp_path, before):
    path = tmp_path / "answer"
    path.write_text("old")
    path.chmod(before)
    with saving(str(path)) as file:
        file.write(b"new")
        assert path.read_text() == "old"
    assert (path.read_text(), mode(path)) == ("new", before)
    assert list(tmp_path.iterdir()) == [path]


def test_what_failed_leaves_the_old_file_whole(tmp_path):
    path = tmp_path / "answer"
    path.write_text("old")
    with pytest.raises(TypeError), saving(str(path)) as file:
        file.writelines([b"new", None])
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_further_names_of_a_file_stay(tmp_path):
    path, other = tmp_path / "answer", tmp_path / "other"
    path.write_text("old")
    other.hardlink_to(path)
    with saving(str(path)) as file:
        file.write(b"new")
        assert other.read_text() == "old"
    assert other.read_text() == "new"
    assert path.stat().st_ino == other.stat().st_ino


@pytest.mark.parametrize("old", [b"old", b"o" * 5000, b""])
def test_where_there_is_no_room_in_place_the_old_content_stays(tmp_path, old):
    path, other = tmp_path / "answer", tmp_path / "other"
    path.write_bytes(old)
    other.hardlink_to(path)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill():
        with saving(str(path)) as file:
            file.write(b"new" * 100_000)
            file.flush()
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))

    try:
        with pytest.raises(OSError, match=re.escape(f"File too large: {str(path)!r}")):
            fill()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert other.read_bytes() == old


@pytest.mark.parametrize("size", [0, 1, 4999, 5000, 5001, 3_000_000])
def test_in_place_all_of_the_new_content_is_there_and_no_more(tmp_path, size):
    path, other = tmp_path / "answer", tmp_path / "other"
    path.write_bytes(b"o" * 5000)
    path.chmod(0o200)
    other.hardlink_to(path)
    with saving(str(path)) as file:
        file.write(os.urandom(size))
        file.seek(0)
        new = file.read()
    path.chmod(0o600)
    assert other.read_bytes() == new


def test_a_pipe_is_not_read_to_be_rewritten(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="a pipe cannot be read and then written"):
        refuse_pipe(str(tmp_path / "pipe"))
    refuse_pipe(os.devnull)
    refuse_pipe(str(tmp_path / "nothing"))


def test_settings_that_are_rewritten_keep_their_names_and_mode(tmp_path):
    path, other = tmp_path / "config", tmp_path / "other"
    rewrite(str(path), b"old")
    assert mode(path) == 0o600
    path.chmod(0o640)
    other.hardlink_to(path)
    rewrite(str(path), b"new")
    assert (other.read_text(), mode(path)) == ("new", 0o640)
    rewrite(os.devnull, b"nowhere")


def test_links_lead_where_they_led(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder/target")
    for content in (b"x", b"y"):
        with saving(str(tmp_path / "link")) as file:
            file.write(content)
        assert (tmp_path / "folder/target").read_bytes() == content
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("loop", errno.ELOOP),
        ("none/answer", errno.ENOENT),
        ("file/answer", errno.ENOTDIR),
        ("", errno.ENOENT),
        (".", errno.EISDIR),
        ("n" * 256, errno.ENAMETOOLONG),
    ],
)
def test_what_cannot_be_written_is_told_before(tmp_path, name, number):
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    path = f"{tmp_path}/{name}" if name else ""
    for refused in (lambda: check_writable(path), lambda: saving(path).__enter__()):
        with pytest.raises(OSError) as failed:
            refused()
        assert (failed.value.errno, failed.value.filename) == (number, path)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["file", "loop"]


NOBODY = 65534
AS_NOBODY = """
import os, sys
from awsmini.system import atomic, in_place
if os.geteuid() == 0:
    os.setgid(NOBODY), os.setuid(NOBODY)
try:
    if sys.argv[1] == "rewrite":
        atomic.rewrite(sys.argv[2], b"new")
    else:
        with getattr(atomic, sys.argv[1])(sys.argv[2]) as file:
            file.write(b"new")
except OSError as error:
    print(error.errno, error.filename == sys.argv[2])
""".replace("NOBODY", str(NOBODY))


@pytest.fixture
def open_folder():
    """A folder that another user can get into."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def saved_as_nobody(path, function="saving"):
    command = [sys.executable, "-c", AS_NOBODY, function, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("function", ["saving", "rewrite"])
def test_protection_is_respected(open_folder, function):
    path = open_folder / "answer"
    path.write_text("old")
    path.chmod(0o444)
    open_folder.chmod(0o777)
    assert saved_as_nobody(path, function) == f"{errno.EACCES} True\n"
    assert path.read_text() == "old"
    assert list(open_folder.iterdir()) == [path]


def test_a_file_in_a_folder_that_cannot_be_written_is_written_in_place(open_folder):
    path = open_folder / "answer"
    path.write_text("old")
    path.chmod(0o666)
    before = path.stat()
    assert saved_as_nobody(path) == ""
    assert path.read_text() == "new"
    assert (path.stat().st_ino, path.stat().st_uid, mode(path)) == (before.st_ino, before.st_uid, 0o666)


def test_the_file_of_another_user_keeps_its_owner(open_folder):
    path = open_folder / "answer"
    path.write_text("old")
    path.chmod(0o666)
    open_folder.chmod(0o777)
    assert saved_as_nobody(path) == ""
    assert (path.read_text(), path.stat().st_uid) == ("new", os.geteuid())


def test_a_long_name_is_written_too(tmp_path):
    path = tmp_path / ("n" * 250)
    for content in (b"x", b"y"):
        with saving(str(path)) as file:
            file.write(content)
        assert path.read_bytes() == content
    with writing(str(path)) as file:
        file.write(b"z")
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_ends_the_process_leaves_nothing_behind(tmp_path, number):
    script = (
        "import signal, sys, time\nfrom awsmini.system.atomic import saving\n"
        "signal.signal(signal.SIGTERM, signal.SIG_DFL), signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
        "with saving(sys.argv[1]) as file:\n    file.write(b'new')\n    print('begun', flush=True)\n    time.sleep(60)"
    )
    path = tmp_path / "answer"
    path.write_text("old")
    command = [sys.executable, "-c", script, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"begun\n"
        process.send_signal(number)
        assert process.wait(20) == -number
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_for_secrets_is_nobody_elses(tmp_path):
    before = os.umask(0)
    try:
        private_folder(str(tmp_path / "a/b"))
    finally:
        os.umask(before)
    assert mode(tmp_path / "a/b") == 0o700
    private_folder(str(tmp_path / "a/b"))
