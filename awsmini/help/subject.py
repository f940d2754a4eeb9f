"""What a page is about."""

from collections.abc import Callable
from typing import NamedTuple

import click

from awsmini.help.prose import Prose
from awsmini.model.shapes import Shape


class Subject(NamedTuple):
    """A command, the words that lead to it, and where its service's documentation is to be had."""

    command: click.Command
    path: tuple[str, ...]  # without the name of the program
    prose: Callable[[str], Prose]
    # What finds the part of a site that tells the members of a shape; a page has none where it stands alone. Global
    # options are left out where it does not.
    parts: Callable[[Shape], str] | None = None
