"""Whether there is somebody to ask."""

from typing import TextIO

from awsmini.app import App
from awsmini.errors import AwsminiError


class NoTerminalError(AwsminiError):
    """There is nobody."""


def on_terminal(app: App) -> bool:
    """Whether somebody types, and reads what goes to stdout."""
    return app.stdin.isatty() and app.stdout.isatty()


def has_terminal(app: App) -> bool:
    """Whether somebody reads and types."""
    return app.stdin.isatty() and _screen(app) is not None


def screen(app: App) -> TextIO:
    """The stream that the prompt is drawn on: stderr, where stdout goes elsewhere. Raises NoTerminalError."""
    found = _screen(app)
    if found is None or not app.stdin.isatty():
        what = "neither stdout nor stderr is one" if found is None else "stdin is none"
        raise NoTerminalError(f"The auto-prompt needs a terminal, and {what}.")
    return found


def _screen(app: App) -> TextIO | None:
    return next((stream for stream in (app.stdout, app.stderr) if stream.isatty()), None)
