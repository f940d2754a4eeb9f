"""The anonymous session id of the User-Agent (`sid/`): the same for one terminal until it rests for half an hour.

AWS CLI v2 keeps such ids in a SQLite file; importing SQLite costs more than a call, so here each terminal has
a small file whose time of change is the time of last use. Ids derive from a random one of this host.
"""

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TextIO

from awsmini.system.atomic import PRIVATE, private_folder, writing

FOLDER = Path("cli", "cache", "awsmini-sessions")  # below ~/.aws
REST = 30 * 60  # seconds
LENGTH = 12  # hexadecimal digits


def session_id(folder: Path, terminal: str | None, time: float) -> str | None:
    """The id of a terminal at a time (seconds), kept in `folder`; None where nothing can be kept."""
    try:
        host = _host_id(folder)
        kept = folder / _digest(host, terminal or "")
        with suppress(FileNotFoundError):
            if time - kept.stat().st_mtime <= REST:
                known = kept.read_text()
                os.utime(kept, (time, time))
                return known if known.isalnum() else None
        _sweep(folder, time)
        new = _digest(host, terminal or "", str(int(time)))
        _write(kept, new)
        os.utime(kept, (time, time))
    except (OSError, ValueError):
        return None
    return new


def terminal_name(stdin: TextIO) -> str | None:
    """The terminal that a stream is connected to."""
    try:
        return os.ttyname(stdin.fileno())
    except (AttributeError, OSError, ValueError):  # Windows has no ttyname; a test's stream has no fileno
        return None


def _host_id(folder: Path) -> str:
    path = folder / "host"
    try:
        return path.read_text()
    except FileNotFoundError:
        private_folder(str(folder))
        _write(path, os.urandom(16).hex())
        return path.read_text()


def _digest(*parts: str) -> str:
    return sha256("".join(parts).encode()).hexdigest()[:LENGTH]


def _write(path: Path, text: str) -> None:
    with writing(str(path), PRIVATE) as file:
        file.write(text.encode())


def _sweep(folder: Path, time: float) -> None:
    """Forgets the terminals that have rested."""
    for path in folder.iterdir():
        if path.name != "host":
            with suppress(FileNotFoundError):
                if time - path.stat().st_mtime > REST:
                    path.unlink()
