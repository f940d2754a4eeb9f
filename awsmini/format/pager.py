"""The pager: a process that shows what is written to it. It is not started before the first text comes."""

import os
import shlex
from collections.abc import Mapping
from contextlib import suppress
from subprocess import PIPE, Popen
from typing import IO

from awsmini.app import App
from awsmini.errors import AwsminiError, PagerError

VARIABLES = ("AWS_PAGER", "MANPAGER", "PAGER")
LESS = "FRX"  # its flags where the variable LESS does not say


def passes_colors(command: str, env: Mapping[str, str]) -> bool:
    """Whether colours reach the screen. A pager may show their codes, or be a program that reads JSON (`jq`)."""
    program, *flags = command.split() or [""]
    program = os.path.basename(program)
    return program == "cat" or (program == "less" and "R" in "".join((env.get("LESS", LESS), *flags)))


class Pager:
    """Text written here goes to the pager's stdin; `close` waits until the user leaves it."""

    def __init__(self, command: str, app: App, *, encoding: str | None, errors: str) -> None:
        self._command = command
        self._app = app
        self._encoding = encoding or app.stdout.encoding or "utf-8"
        self._errors = errors
        self._process: Popen[str] | None = None

    def write(self, text: str) -> None:
        self._stdin.write(text)

    def flush(self) -> None:
        if self._process is not None:
            self._stdin.flush()

    def close(self) -> None:
        """Tell the pager that this was all, and wait for it. An interrupt is meant for the pager."""
        if self._process is not None:
            with suppress(OSError):  # it was left before it had read everything
                self._stdin.close()
            while self._process.poll() is None:
                with suppress(KeyboardInterrupt):
                    self._process.wait()

    @property
    def _place(self) -> str:
        """Where the command was said."""
        return next((name for name in VARIABLES if self._app.env.get(name) == self._command), "cli_pager")

    @property
    def _stdin(self) -> IO[str]:
        if self._process is None:
            self._process = self._start()
        assert self._process.stdin is not None
        return self._process.stdin

    def _start(self) -> Popen[str]:
        self._app.stdout.flush()
        on_windows = os.name == "nt"
        try:
            words = self._command if on_windows else shlex.split(self._command)
        except ValueError as error:
            raise AwsminiError(
                f"The pager's command {self._command} ({self._place}) is not complete: {error}"
            ) from None
        if not words:
            raise AwsminiError(f"The name of the pager is blank ({self._place}).")
        try:
            return Popen(
                words,
                shell=on_windows,  # `more` is a part of the shell there
                stdin=PIPE,
                stdout=self._app.stdout,
                env={"LESS": LESS, **self._app.env},
                encoding=self._encoding,
                errors=self._errors,
            )
        except (OSError, ValueError) as error:
            raise PagerError(
                "Unable to redirect output to pager. Received the following error when opening pager:\n"
                f"{error}\n\n"
                'Learn more about configuring the output pager by running "awsmini help config-vars".'
            ) from None
