"""The page of a service: its commands, each with the first sentence of AWS's prose where that is installed."""

from collections.abc import Iterator
from pkgutil import resolve_name

from awsmini.commands.service import ServiceGroup
from awsmini.help import markup
from awsmini.help.handwritten import summary
from awsmini.help.page import STEP, Block, Code, Grid, Heading, Paragraph, Rows, code, join, plain, sentence
from awsmini.help.prose import Prose
from awsmini.help.subject import Subject
from awsmini.model.cli_names import hidden_operations
from awsmini.model.names import operation_cli_name
from awsmini.model.shapes import ServiceModel


def page(subject: Subject) -> Iterator[Block]:
    """The page of `awsmini <service>`."""
    command = subject.command
    assert isinstance(command, ServiceGroup)
    model = command.service_model
    prose = subject.prose(model.service_name)
    path = " ".join(("awsmini", *subject.path))
    yield Heading("NAME")
    yield Paragraph(join([code(path), f" - {full_name(model)}"]), STEP, hang=4)
    yield Heading("DESCRIPTION")
    yield from markup.blocks(prose.service(), STEP)
    commands = visible_commands(command)
    yield Paragraph(plain(facts(model, len(commands))), STEP)
    yield Heading("SYNOPSIS")
    yield Code(f"{path} <command> [options]", STEP)
    yield Heading("AVAILABLE COMMANDS")
    if prose:
        yield Rows([(name, plain(_summary(command, name, prose))) for name in commands], STEP)
    else:
        yield Grid(commands, STEP)
    if model.waiter_names:
        yield Heading("WAITERS")
        yield Grid([f"wait {operation_cli_name(name)}" for name in model.waiter_names], STEP)
    yield sentence(f"More on each: `{path} <command> help`.")


def visible_commands(command: ServiceGroup) -> list[str]:
    """The names of the commands that help shows, in order; `wait` where the service has waiters."""
    hidden = hidden_operations(command.service_model)
    return sorted({*command.choices()} - {"help", *hidden})


def full_name(model: ServiceModel) -> str:
    name: str = model.metadata.get("serviceFullName") or model.service_id
    return name


def facts(model: ServiceModel, commands: int) -> str:
    """How much there is, and what is spoken."""
    waiters = len(model.waiter_names)
    told = f"{commands} {'command' if commands == 1 else 'commands'}"
    told += f" and {waiters} {'waiter' if waiters == 1 else 'waiters'}" if waiters else ""
    return (
        f"{told}, API version {model.api_version}, protocol {model.protocol}, "
        f"signed for {model.signing_name}, endpoints named {model.endpoint_prefix}."
    )


def _summary(command: ServiceGroup, name: str, prose: Prose) -> str:
    if name == "wait":
        return "Wait until a state is reached."
    reference = command.hand_written.get(name)
    if reference is not None:
        return summary(resolve_name(reference))
    return markup.first_sentence(prose.operation(command.operations[name]))
