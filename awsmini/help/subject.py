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
    alone: bool = True  # with the global options, which pages of a site have on one of their own
