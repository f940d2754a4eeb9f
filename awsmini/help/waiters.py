"""Waiters: the page of one, and the section of an operation that is polled by some."""

from collections.abc import Iterator, Mapping
from typing import Any

from awsmini.commands.operation import WaiterCommand
from awsmini.help.examples import shortest
from awsmini.help.members import Tree
from awsmini.help.options import global_options, options
from awsmini.help.page import STEP, Block, Code, Heading, Paragraph, Rows, Words, code, join, plain, sentence
from awsmini.help.subject import Subject
from awsmini.help.synopsis import synopsis
from awsmini.model.names import operation_cli_name
from awsmini.model.shapes import OperationModel, ServiceModel

STATES = {"success": "It is reached when", "failure": "It fails when", "retry": "It waits on while"}


def page(subject: Subject) -> Iterator[Block]:
    """The page of `awsmini <service> wait <waiter>`."""
    command = subject.command
    assert isinstance(command, WaiterCommand)
    operation = command.operation
    config = operation.service_model.waiter(command.waiter) or {}
    yield Heading("NAME")
    yield Paragraph(code(" ".join(("awsmini", *subject.path))), STEP)
    yield Heading("DESCRIPTION")
    polled = " ".join(("awsmini", subject.path[0], operation_cli_name(operation.name)))
    yield Paragraph(join(["Waits until a state is reached, with ", code(polled), f": {pace(config)}."]), STEP)
    for state, lead in STATES.items():
        reasons = [reason(acceptor) for acceptor in config.get("acceptors", ()) if acceptor.get("state") == state]
        if reasons:
            yield Paragraph(join([f"{lead} ", join(reasons, ", or "), "."]), STEP)
    yield Heading("SYNOPSIS")
    yield Code(synopsis(subject.path, command.table.values(), alone=subject.parts is None), STEP)
    tree = Tree(subject.prose(operation.service_model.service_name), parts=subject.parts)
    yield from options(command.table.values(), tree, operation)
    yield from () if subject.parts else global_options()
    yield Heading("EXAMPLES")
    yield from shortest(subject.path, command.table)
    yield Heading("OUTPUT")
    yield sentence(
        "None. The exit code is 0 when the state is reached, and 255 when it cannot be or when it takes too long."
    )


def list_page(subject: Subject) -> Iterator[Block]:
    """The page of `awsmini <service> wait`."""
    model: ServiceModel = subject.command.service_model  # type: ignore[attr-defined]
    path = " ".join(("awsmini", *subject.path))
    yield Heading("NAME")
    yield Paragraph(join([code(path), " - wait until a state is reached"]), STEP)
    yield Heading("DESCRIPTION")
    yield sentence(
        "Waits until a state is reached, asking again and again. The exit code is 0 then, and 255 when the state "
        "can no longer be reached or it takes too long."
    )
    yield Heading("SYNOPSIS")
    yield Code(f"{path} <waiter> [options]", STEP)
    yield Heading("AVAILABLE COMMANDS")
    yield Rows([(operation_cli_name(name), _polls(model.waiter(name) or {})) for name in model.waiter_names], STEP)
    yield sentence(f"More on each: `{path} <waiter> help`.")


def polled_by(operation: OperationModel, service_path: tuple[str, ...]) -> Iterator[Block]:
    """The section WAITERS of an operation; nothing where no waiter polls it."""
    model = operation.service_model
    rows = []
    for name in model.waiter_names:
        config = model.waiter(name) or {}
        if config.get("operation") == operation.name:
            command = " ".join(("awsmini", *service_path, "wait", operation_cli_name(name)))
            rows.append(Paragraph(join([code(command), f": {pace(config)}."]), STEP, gap=False, hang=4))
    if rows:
        yield Heading("WAITERS")
        yield from rows


def _polls(config: Mapping[str, Any]) -> Words:
    return join([code(operation_cli_name(str(config.get("operation")))), f" {pace(config)}"])


def pace(config: Mapping[str, Any]) -> str:
    """`every 15 seconds, at most 40 times`."""
    return f"every {_counted(config.get('delay'), 'second')}, at most {_counted(config.get('maxAttempts'), 'time')}"


def _counted(number: Any, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def reason(acceptor: Mapping[str, Any]) -> Words:
    """What an acceptor looks at, in words."""
    matcher, expected = acceptor.get("matcher"), acceptor.get("expected")
    wanted = code(str(expected).lower() if isinstance(expected, bool) else str(expected))
    path = code(str(acceptor.get("argument", "")))
    if matcher == "pathAll":
        return join(["all of ", path, " are ", wanted])
    if matcher == "pathAny":
        return join(["one of ", path, " is ", wanted])
    if matcher == "status":
        return join(["the HTTP status is ", wanted])
    if matcher == "error":
        if isinstance(expected, bool):
            return plain("the call fails" if expected else "the call succeeds")
        return join(["the error is ", wanted])
    return join([path, " is ", wanted])
