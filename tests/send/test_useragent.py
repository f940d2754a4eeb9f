"""The User-Agent header and the session id in it."""

import os
import re
import stat
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from awsmini.send import useragent
from awsmini.send.sessionid import session_id, terminal_name
from awsmini.send.useragent import CALLERS, FEATURES, clean, feature_codes, product, user_agent
from awsmini.version import __version__

TIME = 1_900_000_000.0


def test_the_whole_header():
    header = user_agent(
        {"AWS_EXECUTION_ENV": "AWS Lambda/1", "CLAUDECODE": "1"},
        features=["RETRY_MODE_STANDARD", "CREDENTIALS_ENV_VARS", "RETRY_MODE_STANDARD"],
        app_id="my app/1",
        command="s3api.put-object",
        session="0123456789ab",
        extra="md/more",
    )
    assert re.fullmatch(
        rf"awsmini/{re.escape(__version__)} ua/2\.1 os/\S+ md/arch#\S+ "
        rf"lang/python#{sys.version_info.major}\.{sys.version_info.minor}\.\S+ md/pyimpl#\S+ "
        r"exec-env/AWS-Lambda-1 m/AN,E,g cfg/retry-mode#standard app/my-app-1 sid/0123456789ab "
        r"md/prompt#off md/command#s3api\.put-object md/more",
        header,
    )


def test_the_shortest_header():
    assert user_agent({}, retry_mode="adaptive") == f"{product()} cfg/retry-mode#adaptive"


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        (("Linux", "6.1+x (y)", "x86_64"), "os/linux#6.1+x--y- md/arch#x86_64"),
        (("Darwin", "23.0", "ARM64"), "os/macos#23.0 md/arch#arm64"),
        (("Windows", "11", "AMD64"), "os/windows#11 md/arch#amd64"),
        (("Plan 9", "4", "mips"), "os/other md/Plan-9#4 md/arch#mips"),
    ],
)
def test_systems(monkeypatch: pytest.MonkeyPatch, system: tuple[str, str, str], expected: str):
    monkeypatch.setattr(useragent, "_system", lambda: system)
    product.cache_clear()
    assert f" ua/2.1 {expected} lang/python#" in product()
    product.cache_clear()


def test_a_system_without_uname(monkeypatch: pytest.MonkeyPatch):
    expected = useragent._system()
    monkeypatch.delattr(os, "uname")
    assert useragent._system()[0].lower() == expected[0].lower()


@pytest.mark.parametrize(
    ("text", "also", "expected"), [("a b/c#d\n", "", "a-b-c-d-"), ("a#b", "#", "a#b"), ("é", "", "-")]
)
def test_what_may_stand_in_a_field(text: str, also: str, expected: str):
    assert clean(text, also) == expected


def test_features_are_sorted_and_cut():
    assert feature_codes(["WAITER", "RETRY_MODE_STANDARD", "PAGINATOR"], {}) == "B,C,E"
    assert feature_codes([], {}) == ""
    assert len(feature_codes(FEATURES, dict.fromkeys(CALLERS, "1"))) <= 1024


def test_features_are_cut_between_codes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(useragent, "FEATURES_SIZE", 9)
    assert feature_codes(["LOGIN_SAME_DEVICE", "LOGIN_CROSS_DEVICE", "CREDENTIALS_LOGIN"], {}) == "AA,AB"


def test_callers_are_told_by_their_variables():
    assert (
        feature_codes([], {"CLAUDECODE": "0", "PI_CODING_AGENT": "true", "CODEX_THREAD_ID": "x", "OPENCODE": ""})
        == "AP,AU"
    )


def test_codes_are_aws_cli_v2s():
    theirs = pytest.importorskip("botocore.useragent")._USERAGENT_FEATURE_MAPPINGS
    assert {name: code for name, code in FEATURES.items() if name in theirs} == {
        name: code for name, code in theirs.items() if name in FEATURES
    }


# The session id.


def test_a_session_lasts_while_it_is_used(tmp_path: Path):
    folder = tmp_path / "cli" / "cache"
    first = session_id(folder, "/dev/pts/1", TIME)
    assert re.fullmatch(r"[0-9a-f]{12}", str(first))
    assert session_id(folder, "/dev/pts/1", TIME + 1790) == first
    assert session_id(folder, "/dev/pts/1", TIME + 3580) == first
    later = session_id(folder, "/dev/pts/1", TIME + 3580 + 1801)
    assert later not in (None, first)


def test_each_terminal_has_its_own(tmp_path: Path):
    found = {session_id(tmp_path, terminal, TIME) for terminal in ("/dev/pts/1", "/dev/pts/2", None)}
    assert len(found) == 3


def test_each_host_has_its_own(tmp_path: Path):
    assert session_id(tmp_path / "a", None, TIME) != session_id(tmp_path / "b", None, TIME)


def test_rested_sessions_are_forgotten(tmp_path: Path):
    for number in range(5):
        session_id(tmp_path, str(number), TIME)
    assert len(list(tmp_path.iterdir())) == 6
    session_id(tmp_path, "new", TIME + 10_000)
    assert sorted(path.name == "host" for path in tmp_path.iterdir()) == [False, True]


def test_files_are_private(tmp_path: Path):
    session_id(tmp_path, None, TIME)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_nothing_is_said_where_nothing_can_be_kept(tmp_path: Path):
    (tmp_path / "file").write_text("")
    assert session_id(tmp_path / "file" / "below", None, TIME) is None


def test_a_file_of_somebody_elses_is_not_repeated(tmp_path: Path):
    session_id(tmp_path, None, TIME)
    kept = next(path for path in tmp_path.iterdir() if path.name != "host")
    kept.write_text("a\r\nb: c")
    os.utime(kept, (TIME, TIME))
    assert session_id(tmp_path, None, TIME) is None


def test_streams_that_are_no_terminal(tmp_path: Path):
    assert terminal_name(StringIO()) is None
    with open(tmp_path / "x", "w") as file:
        assert terminal_name(file) is None


def test_a_terminal_has_a_name():
    pty: Any = pytest.importorskip("pty")
    master, slave = pty.openpty()
    with os.fdopen(slave, "r") as stream:
        assert terminal_name(stream) == os.ttyname(slave)
    os.close(master)
