"""Other programs, run with the streams of the process, or as a part of one of many command lines."""

import subprocess
from collections.abc import Sequence
from typing import Any

from awsmini.app import App
from awsmini.commandline.shared import Written


def call(words: Sequence[str] | str, app: App, **how: Any) -> int:
    """The exit code. What it writes within a line is the line's, and it reads nothing there."""
    if not isinstance(app.stdout, Written):
        return subprocess.call(words, env=dict(app.env), **how)
    done = subprocess.run(words, env=dict(app.env), stdin=subprocess.DEVNULL, capture_output=True, check=False, **how)
    for content, stream in ((done.stdout, app.stdout), (done.stderr, app.stderr)):
        stream.flush()
        stream.buffer.write(content)
    return done.returncode
