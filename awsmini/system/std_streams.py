"""Stand-ins for streams that the program was started without, as a shell's `>&-` does: Python has None there."""

import errno
import io
import os
from typing import TextIO, cast


class ClosedOutput(io.TextIOBase):
    """What is written to it is an error, as it would be with a full disk."""

    encoding = "utf-8"

    def write(self, text: str, /) -> int:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


class ClosedMessages(io.TextIOBase):
    """Whoever closes stderr wants to hear nothing, and the work goes on."""

    encoding = "utf-8"

    def write(self, text: str, /) -> int:
        return len(text)


class ClosedInput(io.TextIOWrapper):
    """It is at its end."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8")


def stand_ins(stdin: TextIO | None, stdout: TextIO | None, stderr: TextIO | None) -> tuple[TextIO, TextIO, TextIO]:
    """The three streams, with something in the place of those that are not there; input is at its end."""
    return (
        stdin or ClosedInput(),
        stdout or cast(TextIO, ClosedOutput()),
        stderr or cast(TextIO, ClosedMessages()),
    )
