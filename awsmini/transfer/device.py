"""Devices and pipes in the place of a file: what is downloaded to them is written into them, and they stay."""

import io
import os
import stat


class Device(io.FileIO):
    """Opened for writing; a pipe's opening waits for somebody who reads."""

    def __init__(self, path: str) -> None:
        super().__init__(path, "wb")
        self.path = path


def is_device(path: str) -> bool:
    """Whether there is something that is neither a file nor a folder."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISCHR(mode) or stat.S_ISBLK(mode) or stat.S_ISFIFO(mode)
