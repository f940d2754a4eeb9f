"""Config files edited as text."""

import errno
import os
import stat
import subprocess
import sys

import pytest

from awsmini.config import writer
from awsmini.config.files import decode, parse
from awsmini.config.writer import PROFILE_DEFAULT, Heading, edit, update

P = Heading("profile", "p")

EDITS = [
    # a new file, a new section
    ("", P, {"a": "1"}, "[profile p]\na = 1\n"),
    ("[x]\nb = 2", P, {"a": "1"}, "[x]\nb = 2\n[profile p]\na = 1\n"),
    ("", PROFILE_DEFAULT, {"a": "1"}, "[default]\na = 1\n"),
    ("", Heading("", "my own"), {"a": "1"}, "[my own]\na = 1\n"),
    ("", Heading("profile", "my own"), {"a": "1"}, "[profile 'my own']\na = 1\n"),
    ("", P, {}, "[profile p]\n"),
    ("", P, {"m": {"a": "1", "b": "2"}}, "[profile p]\nm =\n    a = 1\n    b = 2\n"),
    # a line that is there
    ("[profile p]\na=0\nb = 2\n", P, {"a": "1"}, "[profile p]\na = 1\nb = 2\n"),
    ("[profile p]\na: 0\n", P, {"a": "1"}, "[profile p]\na = 1\n"),
    ("[profile p]\nA = 0\n", P, {"a": "1"}, "[profile p]\nA = 1\n"),
    ("[profile p]\na = 0", P, {"a": "1"}, "[profile p]\na = 1\n"),
    ("[profile p]\na = 0\nb = 2\n", P, {"a": None}, "[profile p]\nb = 2\n"),
    ("[profile p]\nb = 2\n", P, {"a": None}, "[profile p]\nb = 2\n"),
    ("[profile p]\n# a = 0\na = 0\n", P, {"a": "1"}, "[profile p]\n# a = 0\na = 1\n"),
    ("[profile p]\n  a = 0\nb = 2\n", P, {"a": "1"}, "[profile p]\na = 1\nb = 2\n"),
    # a line that is not
    ("[profile p]\nb = 2\n[q]\n", P, {"a": "1"}, "[profile p]\nb = 2\na = 1\n[q]\n"),
    ("[profile p]\nb = 2\n\n[q]\n", P, {"a": "1"}, "[profile p]\nb = 2\na = 1\n\n[q]\n"),
    ("[profile p]\nb = 2\n# c = 3\n\n[q]\n", P, {"a": "1"}, "[profile p]\nb = 2\n# c = 3\na = 1\n\n[q]\n"),
    ("[profile p]\n[q]\n", P, {"a": "1"}, "[profile p]\na = 1\n[q]\n"),
    ("[profile p]", P, {"a": "1"}, "[profile p]\na = 1\n"),
    ("[profile p]\nm =\n  x = 1\n[q]\n", P, {"a": "1"}, "[profile p]\nm =\n  x = 1\na = 1\n[q]\n"),
    # headings
    ('[profile "p"]\na = 0\n', P, {"a": "1"}, '[profile "p"]\na = 1\n'),
    ("[profile  p]\na = 0\n", P, {"a": "1"}, "[profile  p]\na = 1\n"),
    ('[profile "my own"]\na = 0\n', Heading("profile", "my own"), {"a": "1"}, '[profile "my own"]\na = 1\n'),
    ("# [profile p]\n[profile p]\na = 0\n", P, {"a": "1"}, "# [profile p]\n[profile p]\na = 1\n"),
    ("[profile default]\na = 0\n", PROFILE_DEFAULT, {"a": "1"}, "[profile default]\na = 1\n"),
    ("[p]\na = 0\n", P, {"a": "1"}, "[p]\na = 0\n[profile p]\na = 1\n"),
    # maps
    ("[profile p]\nm =\n  a = 0\n  b = 2\n", P, {"m": {"a": "1"}}, "[profile p]\nm =\n  a = 1\n  b = 2\n"),
    ("[profile p]\nm =\n\ta=0\n", P, {"m": {"a": "1"}}, "[profile p]\nm =\n a = 1\n"),
    ("[profile p]\nm =\n  b = 2\nc = 3\n", P, {"m": {"a": "1"}}, "[profile p]\nm =\n  b = 2\n    a = 1\nc = 3\n"),
    ("[profile p]\nm =\n  b = 2", P, {"m": {"a": "1"}}, "[profile p]\nm =\n  b = 2\n    a = 1\n"),
    ("[profile p]\nm =\nc = 3\n", P, {"m": {"a": "1"}}, "[profile p]\nm =\n    a = 1\nc = 3\n"),
    ("[profile p]\nm =\n\n  b = 2\n", P, {"m": {"b": "1"}}, "[profile p]\nm =\n\n  b = 1\n"),
    ("[profile p]\nb = 2\n", P, {"m": {"a": "1"}}, "[profile p]\nb = 2\nm =\n    a = 1\n"),
    # a map in the place of a plain value
    ("[profile p]\nm = 0\n", P, {"m": {"a": "1"}}, "[profile p]\nm =\n    a = 1\n"),
    ("[profile p]\n\tm: 0\nc = 3", P, {"m": {"a": "1"}}, "[profile p]\n\tm:\n    a = 1\nc = 3"),
    ("[profile p]\nm = 0\n  1\n\n # c\n  2\n[q]\n", P, {"m": {"a": "1"}}, "[profile p]\nm =\n\n # c\n    a = 1\n[q]\n"),
    ("[profile p]\n      m =\n", P, {"m": {"a": "1"}}, "[profile p]\n      m =\n          a = 1\n"),
    # what only looks like it
    ("[profile p]\nm =\n  a = 0\n", P, {"a": "1"}, "[profile p]\nm =\n  a = 0\na = 1\n"),
    ("[profile q]\na = 0\n[profile p]\nb = 2\n", P, {"a": "1"}, "[profile q]\na = 0\n[profile p]\nb = 2\na = 1\n"),
    # other ways to end a line
    ("[profile p]\r\na = 0\r\nb = 2\r\n", P, {"a": "1"}, "[profile p]\na = 1\nb = 2\n"),
    ("[profile p]\r\nb = 2\r\n", P, {"a": "1"}, "[profile p]\nb = 2\na = 1\n"),
    ("[x]\r\n", P, {"a": "1"}, "[x]\r\n[profile p]\na = 1\n"),
    ("[x]\r\nb = 2", P, {"a": "1"}, "[x]\r\nb = 2\n[profile p]\na = 1\n"),
    ("[x]\rb = 2\r[profile p]\r", P, {"a": "1"}, "[x]\nb = 2\n[profile p]\na = 1\n"),
    ("[profile p]\nb = ä\u2028x\n", P, {"a": "1"}, "[profile p]\nb = ä\u2028x\na = 1\n"),
]


@pytest.mark.parametrize(("text", "heading", "values", "expected"), EDITS)
def test_edit(text, heading, values, expected):
    assert edit(text, heading, values) == expected


@pytest.mark.parametrize(("text", "heading", "values", "expected"), EDITS)
def test_what_is_written_can_be_read(text, heading, values, expected):
    sections = parse(decode(expected.encode(), "config"), "config")
    section = next(section for name, section in reversed(sections.items()) if heading.stands_in(name))
    for key, value in values.items():
        if isinstance(value, dict):
            assert value.items() <= section[key].items()
        else:
            assert section.get(key) == value


def test_values_that_would_break_their_line(tmp_path):
    path = str(tmp_path / "config")
    for heading, values, message in [
        (P, {"a": "x\ny"}, "Invalid value for key a: newline characters and carriage returns are not allowed."),
        (P, {"m": {"a": "x\r"}}, "Invalid value for key m: newline characters and carriage returns are not allowed."),
        (P, {"a\nb": "x"}, "Invalid key: newline characters and carriage returns are not allowed: 'a\\nb'"),
        (
            Heading("profile", "p\nq"),
            {"a": "x"},
            "Invalid section name: newline characters and carriage returns are not allowed: 'p\\nq'",
        ),
    ]:
        with pytest.raises(writer.InvalidValueError) as caught:
            update(path, heading, values)
        assert str(caught.value) == message
    assert not os.path.exists(path)


def test_a_crash_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "config"
    path.write_text("[profile p]\na = 0\n")

    def crash(source, target):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", crash)
    with pytest.raises(KeyboardInterrupt):
        update(str(path), P, {"a": "1"})
    assert path.read_text() == "[profile p]\na = 0\n"
    assert list(tmp_path.iterdir()) == [path]


def test_mode_and_links_stay(tmp_path):
    real = tmp_path / "dotfiles" / "config"
    real.parent.mkdir()
    real.write_text("[profile p]\na = 0\n")
    real.chmod(0o640)
    link = tmp_path / "config"
    link.symlink_to(real)
    update(str(link), P, {"a": "1"})
    assert link.is_symlink()
    assert real.read_text() == "[profile p]\na = 1\n"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert [path.name for path in real.parent.iterdir()] == ["config"]


def test_a_file_that_cannot_be_replaced_is_written_to(tmp_path, monkeypatch):
    """As one that is mounted by itself into a container."""
    path = tmp_path / "config"
    path.write_text("[profile p]\na = 0\n")

    def busy(source, target):
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr("os.replace", busy)
    update(str(path), P, {"a": "1"})
    assert path.read_text() == "[profile p]\na = 1\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_says_it_already_is_not_touched(tmp_path):
    path = tmp_path / "config"
    path.write_text("[profile p]\na = 1\n")
    before = path.stat().st_ino
    update(str(path), P, {"a": "1"})
    assert path.stat().st_ino == before


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "config"
    path.write_text("[profile p]\na = 0\n")

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        update(str(path), P, {"a": "1"})
    assert path.read_text() == "[profile p]\na = 0\n"
    assert list(tmp_path.iterdir()) == [path]


KILLED_WRITER = """
import os, signal, sys
from awsmini.config.writer import PROFILE_DEFAULT, update
calls = 0
def count(event, arguments):
    global calls
    if event == "open" and str(sys.argv[1]) in str(arguments[0]) or event == "os.rename":
        calls += 1
        if calls == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
update(sys.argv[1], PROFILE_DEFAULT, {"a": "1", "b": "2"})
"""


def test_a_process_killed_at_any_step_leaves_the_old_file_or_the_new(tmp_path):
    path = tmp_path / "config"
    old, new = "[default]\na = 0\n", "[default]\na = 1\nb = 2\n"
    ends = []
    for step in range(1, 10):
        path.write_text(old)
        code = subprocess.run([sys.executable, "-c", KILLED_WRITER, str(path), str(step)], check=False).returncode
        ends.append((code, path.read_text()))
        if code == 0:
            break
    assert len(ends) > 3
    assert ends[-1] == (0, new)
    assert all(end == (-9, old) for end in ends[:-1])
    update(str(path), PROFILE_DEFAULT, {"a": "3"})
    assert path.read_text() == "[default]\na = 3\nb = 2\n"
