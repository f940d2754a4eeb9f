"""The page of a command that no model describes: one of our own, or a group of such."""

from collections.abc import Iterator, Mapping
from pkgutil import resolve_name

import click

from awsmini.commandline.handwritten import HandWritten
from awsmini.help.members import Tree
from awsmini.help.options import global_options, options
from awsmini.help.page import STEP, Block, Code, Heading, Paragraph, Rows, code, inline, join
from awsmini.help.prose import Prose
from awsmini.help.subject import Subject
from awsmini.help.synopsis import own_synopsis


def page(subject: Subject) -> Iterator[Block]:
    """The page of a HandWritten."""
    command = subject.command
    assert isinstance(command, HandWritten)
    commands = subcommands(command)
    yield Heading("NAME")
    name = code(" ".join(("awsmini", *subject.path)))
    yield Paragraph(join([name, " - ", inline(summary(command))]), STEP, hang=4)
    yield Heading("DESCRIPTION")
    yield from (Paragraph(inline(text), STEP) for text in paragraphs(command))
    yield Heading("SYNOPSIS")
    yield Code(own_synopsis(subject.path, command.arguments, subcommands=bool(commands)), STEP)
    if commands:
        yield Heading("AVAILABLE COMMANDS")
        yield Rows([(name, inline(summary(sub))) for name, sub in commands.items()], STEP)
    if command.arguments or not commands:
        yield from options(command.arguments, Tree(Prose("")))
    yield from () if subject.parts else global_options()


def summary(command: click.Command) -> str:
    """The first sentence of what is said of a command."""
    text = " ".join(paragraphs(command)[0].split())
    first, stop, _ = text.partition(". ")
    return first + stop.strip()


def paragraphs(command: click.Command) -> list[str]:
    """What a command says of itself, a text for each paragraph; at least one."""
    return [" ".join(part.split()) for part in (command.help or "").split("\n\n")]


def subcommands(command: HandWritten) -> Mapping[str, click.Command]:
    """The commands below, by name."""
    return {name: resolve_name(reference) for name, reference in command.subcommands.items()}
