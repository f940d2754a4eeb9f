"""The page of an operation: everything that the model knows of it, with AWS's prose where that is installed."""

from collections.abc import Iterator

from awsmini import services
from awsmini.commands.operation import OperationCommand
from awsmini.help import markup
from awsmini.help.errors import errors
from awsmini.help.examples import examples
from awsmini.help.members import Tree
from awsmini.help.options import global_options, options
from awsmini.help.page import (
    LINK,
    STEP,
    Block,
    Code,
    Heading,
    Paragraph,
    Words,
    code,
    inline,
    join,
    marked,
    plain,
    sentence,
    strong,
)
from awsmini.help.prose import Prose
from awsmini.help.subject import Subject
from awsmini.help.synopsis import synopsis
from awsmini.help.syntax import is_document
from awsmini.help.waiters import polled_by
from awsmini.model.names import member_cli_name
from awsmini.model.shapes import OperationModel, Shape, StructureShape
from awsmini.query_paths import as_list

REFERENCE = "https://docs.aws.amazon.com/goto/WebAPI"


def page(subject: Subject) -> Iterator[Block]:
    """The page of `awsmini <service> <operation>`."""
    command = subject.command
    assert isinstance(command, OperationCommand)
    operation = command.operation
    prose = subject.prose(operation.service_model.service_name)
    choices_shown: dict[str, str] = {}
    yield Heading("NAME")
    summary = markup.first_sentence(prose.operation(operation.name))
    name = code(" ".join(("awsmini", *subject.path)))
    yield Paragraph(join([name, f" - {summary}"]) if summary else name, STEP, hang=4)
    yield from description(operation, prose)
    yield Heading("SYNOPSIS")
    yield Code(synopsis(subject.path, command.table.values(), alone=subject.parts is None), STEP)
    yield from options(command.table.values(), Tree(prose, choices_shown, subject.parts), operation)
    yield from () if subject.parts else global_options()
    yield from examples(subject.path, command.table, operation, prose)
    yield from output(operation, Tree(prose, choices_shown, subject.parts))
    yield from pagination(operation)
    yield from errors(operation, prose, subject.parts)
    yield from polled_by(operation, subject.path[:-1])


def description(operation: OperationModel, prose: Prose) -> Iterator[Block]:
    yield Heading("DESCRIPTION")
    yield from markup.blocks(prose.operation(operation.name), STEP)
    yield from (Paragraph(line, STEP) for line in _facts(operation, prose))


def _facts(operation: OperationModel, prose: Prose) -> Iterator[Words]:
    metadata = operation.metadata
    service = metadata.get("serviceFullName") or metadata.get("serviceId") or operation.service_model.service_name
    uid = metadata.get("uid")
    name = marked(operation.name, LINK, f"{REFERENCE}/{uid}/{operation.name}") if uid else code(operation.name)
    yield join(["Calls ", name, f" of {service}, API version {metadata.get('apiVersion')}", _sent_as(operation), "."])
    if operation.deprecated:
        message = prose.replacement(operation.name)
        yield join([strong("Deprecated."), *([message] if message else [])], " ")
    if operation.auth_type == "none" or (operation.auth and "smithy.api#noAuth" in operation.auth):
        yield plain("The call is not signed: it needs no credentials.")
    if operation.auth_type == "bearer":
        yield plain("The call carries a bearer token in place of a signature.")
    if (operation.endpoint_discovery or {}).get("required"):
        yield inline("The endpoint is asked for with a call of its own (endpoint discovery), and remembered.")
    if tokens := operation.idempotent_members:
        yield join(["Safe to repeat with the same ", _flags(tokens), ", which is a random UUID where it is not given."])
    if operation.has_event_stream_output:
        yield plain("The answer is a stream of events.")
    if _uses_documents(operation.input_shape):
        yield inline("What is labelled `document` is any JSON value; the shorthand syntax cannot tell it.")


def _sent_as(operation: OperationModel) -> str:
    protocol = operation.service_model.protocol
    if not protocol.startswith("rest"):
        return ""
    return f" ({operation.http.get('method', 'POST')} {operation.http.get('requestUri', '/')})"


def _flags(members: list[str]) -> Words:
    return join([code(f"--{member_cli_name(name)}") for name in members], " and ")


def _uses_documents(shape: Shape | None) -> bool:
    return isinstance(shape, StructureShape) and any(is_document(member) for member in shape.members.values())


def output(operation: OperationModel, tree: Tree) -> Iterator[Block]:
    """The section OUTPUT: the members of the answer."""
    yield Heading("OUTPUT")
    shape = operation.output_shape
    differences = services.differences(operation.service_model.service_name, operation.name)
    handed_on = any(difference.make_call for difference in differences)
    if handed_on or shape is None or not shape.members:
        yield sentence("None.")
        return
    if operation.has_streaming_output:
        body = operation.streaming_member(shape)
        yield Paragraph(join([code(str(body)), inline(" goes to the file `<outfile>`; the rest is printed.")]), STEP)
    yield from tree.members(shape, STEP)


def pagination(operation: OperationModel) -> Iterator[Block]:
    """The section PAGINATION, of operations that answer in pages."""
    paginator = operation.paginator
    if paginator is None:
        return
    yield Heading("PAGINATION")
    yield sentence(
        "All pages are fetched, one call after the other, unless `--no-paginate` or an option named below as an input token is given."
    )
    for label, key in (
        ("What is collected of every page", "result_key"),
        ("What is kept of the first page", "non_aggregate_keys"),
        ("Input token", "input_token"),
        ("Output token", "output_token"),
        ("Size of a page", "limit_key"),
        ("More to come", "more_results"),
    ):
        names = as_list(paginator.get(key))
        if names:
            yield Paragraph(join([f"{label}: ", join(map(code, names), ", ")]), STEP, gap=key == "result_key")
