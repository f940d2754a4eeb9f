"""What a page is about."""

from collections.abc import Callable
from typing import NamedTuple

import click

from awsmini.help.prose import Prose


class Subject(NamedTuple):
    """A command, the words that lead to it, and where its service's documentation is to be had."""

    command: click.Command
    path: tuple[str, ...]  # without the name of the program
    prose: Callable[[str], Prose]
    # What finds the part of a site that has more of a shape or of an option that many have; None where the page stands
    # alone. Where it does not, global options are left out.
    parts: Callable[[str], str] | None = None
