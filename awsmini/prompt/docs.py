"""The help of the command on the line, as lines of the pane that shows it."""

from collections.abc import Sequence

import click

from awsmini.app import App
from awsmini.commands.help import find, lines_of, page_of
from awsmini.commands.tree import Root
from awsmini.errors import AwsminiError, UsageError
from awsmini.help.layout import Line
from awsmini.help.page import STEP
from awsmini.help.subject import Subject


class Docs:
    """Pages of help, each laid out once for a width."""

    def __init__(self, app: App) -> None:
        root = Root(app)
        self._ctx = click.Context(root, info_name="awsmini", obj=root.invocation)
        self._encoding = app.stdout.encoding
        self._kept: tuple[tuple[tuple[str, ...], int], list[Line]] | None = None

    def lines(self, path: Sequence[str], width: int) -> list[Line]:
        """The page of the command that the path leads to, or of the last one on it that there is."""
        key = (tuple(path), width)
        if self._kept is None or self._kept[0] != key:
            self._kept = key, self._laid_out(list(path), width)
        return self._kept[1]

    def row(self, path: Sequence[str], width: int, option: str) -> int | None:
        """The line of that page on which an option is told of."""
        heads = (number for number, line in enumerate(self.lines(path, width)) if _names(line, option))
        return next(heads, None)

    def _laid_out(self, path: list[str], width: int) -> list[Line]:
        subject = self._subject([name for name in path if name != "help"])
        try:
            return list(lines_of(page_of(subject), width, self._encoding))
        except AwsminiError as error:
            return [Line(0, line) for line in str(error).splitlines()]

    def _subject(self, path: list[str]) -> Subject:
        try:
            return find(self._ctx, path)
        except UsageError:
            return self._subject(path[:-1])


def _names(line: Line, option: str) -> bool:
    """Whether the line is the head of an option's entry: `--x (string)`, `--x | --no-x (boolean)`."""
    text, separator, _ = line.text.partition(" (")
    return bool(separator) and line.indent <= STEP and option in text.split(" | ")
