"""Where files of the program's own lie."""

from pathlib import Path

import pytest

from awsmini.system.app_dirs import data_folder, state_folder


@pytest.mark.parametrize(
    ("env", "platform", "state", "data"),
    [
        ({"HOME": "/home/me"}, "linux", "/home/me/.local/state/awsmini", "/home/me/.local/share/awsmini"),
        ({"HOME": "/h", "XDG_STATE_HOME": "/s", "XDG_DATA_HOME": "/d"}, "linux", "/s/awsmini", "/d/awsmini"),
        ({"HOME": "/h", "XDG_STATE_HOME": "s"}, "linux", "/h/.local/state/awsmini", "/h/.local/share/awsmini"),
        ({"HOME": "/h"}, "darwin", *["/h/Library/Application Support/awsmini"] * 2),
        ({"HOME": "/h", "LOCALAPPDATA": "/h/Local"}, "win32", *["/h/Local/awsmini"] * 2),
    ],
)
def test_each_platform_has_its_own(env, platform, state, data):
    assert state_folder(env, platform) == Path(state)
    assert data_folder(env, platform) == Path(data)
