"""The page of a command that no model describes: one of our own, or a group of them."""

from collections.abc import Iterator, Mapping
from pkgutil import resolve_name

import click

from awsmini.commands.arguments import Argument
from awsmini.commands.handwritten import HandWritten
from awsmini.help.members import Tree
from awsmini.help.options import global_options, options
from awsmini.help.page import STEP, Block, Code, Heading, Paragraph, Rows, code, inline, join
from awsmini.help.prose import Prose
from awsmini.help.subject import Subject
from awsmini.help.synopsis import synopsis


def page(subject: Subject) -> Iterator[Block]:
    """The page of a HandWritten, or of any other click command."""
    command = subject.command
    about = paragraphs(command)
    commands = subcommands(command)
    yield Heading("NAME")
    name = code(" ".join(("awsmini", *subject.path)))
    yield Paragraph(join([name, " - ", inline(summary(command))]), STEP, hang=4)
    if len(about) > 1 or about[0] != summary(command):
        yield Heading("DESCRIPTION")
        yield from (Paragraph(inline(text), STEP) for at, text in enumerate(about))
    arguments = list(_arguments(command))
    yield Heading("SYNOPSIS")
    tail = ("[<subcommand>]" if isinstance(command, HandWritten) else "<subcommand>") if commands else ""
    yield Code(synopsis(subject.path, arguments, tail), STEP)
    if commands:
        yield Heading("SUBCOMMANDS")
        yield Rows([(name, inline(summary(sub))) for name, sub in commands.items()], STEP)
    if arguments or not commands:
        yield from options(arguments, Tree(Prose("")))
    yield from global_options()


def summary(command: click.Command) -> str:
    """The first sentence of what is said of a command."""
    text = " ".join(paragraphs(command)[0].split())
    first, stop, _ = text.partition(". ")
    return first + stop.strip()


def paragraphs(command: click.Command) -> list[str]:
    """What a command says of itself, a text for each paragraph; at least one."""
    text = (command.help or command.short_help or "").split("\f")[0]
    return [" ".join(part.split()) for part in text.split("\n\n")]


def subcommands(command: click.Command) -> Mapping[str, click.Command]:
    """The commands below, by name, hidden ones left out."""
    if isinstance(command, HandWritten):
        return {name: resolve_name(reference) for name, reference in command.subcommands.items()}
    if isinstance(command, click.Group):
        return {name: sub for name, sub in command.commands.items() if not sub.hidden}
    return {}


def _arguments(command: click.Command) -> Iterator[Argument]:
    if isinstance(command, HandWritten):
        yield from command.arguments
        return
    for param in command.params:
        if isinstance(param, click.Option) and not param.hidden and "--help" not in param.opts:
            yield _of_click(param)
        elif isinstance(param, click.Argument):
            yield Argument(cli_name=str(param.name), dest=str(param.name), positional=True, required=param.required)


def _of_click(param: click.Option) -> Argument:
    name = max(param.opts, key=len).removeprefix("--")
    choices = tuple(param.type.choices) if isinstance(param.type, click.Choice) else ()
    return Argument(
        cli_name=name,
        dest=str(param.name),
        required=param.required,
        nargs=0 if param.is_flag else None,
        choices=choices,
        doc=param.help,
    )
