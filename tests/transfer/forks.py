"""Commands in processes of their own that need no start: forked from one that has loaded everything.

with Forks() as forks:
    process = forks.start(["s3", "ls"], folder, env)
    os.kill(process, signal.SIGINT)
    code = forks.wait()          # as subprocess says it: -2 after a signal that killed it
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

LOADED = ("awsmini.app", "awsmini.commands.run", "awsmini.services.s3.transfer", "awsmini.services.s3.careful_sync")


class Forks:
    """One command at a time. Its output goes to `out` and `err` beside its folder."""

    def __enter__(self) -> "Forks":
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.transfer.forks"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        return self

    def __exit__(self, *error: object) -> None:
        self._write.close()
        self._read.close()
        self._process.wait(30)

    def start(self, words: Sequence[str], folder: Path, env: Mapping[str, str], file_size: int = 0) -> int:
        """The process. `file_size`: the most bytes that a file of it may have."""
        asked = {"words": list(words), "folder": str(folder), "env": dict(env), "file_size": file_size}
        self._write.write(json.dumps(asked) + "\n")
        self._write.flush()
        return int(self._read.readline())

    def wait(self) -> int:
        return int(self._read.readline())

    @property
    def _write(self) -> IO[str]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def _read(self) -> IO[str]:
        assert self._process.stdout is not None
        return self._process.stdout


def main() -> None:
    for name in LOADED:
        __import__(name)
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _run(asked)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _run(asked: Mapping[str, Any]) -> None:
    import resource

    from awsmini.cli import process

    folder = Path(asked["folder"])
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(asked["env"])
    for number, (path, flags) in enumerate(((os.devnull, os.O_RDONLY), ("../out", os.O_RDWR), ("../err", os.O_RDWR))):
        os.dup2(os.open(path, flags | os.O_CREAT | os.O_TRUNC, 0o666), number)
    if asked["file_size"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked["file_size"], asked["file_size"]))
    sys.argv = ["awsmini", *asked["words"]]
    code = 1
    try:
        code = process()
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
