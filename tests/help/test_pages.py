"""The page of every command is made, and fits the screen. By default of some commands; with `-m every` of all."""

from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pkgutil import resolve_name
from zlib import crc32

import click
import pytest

from awsmini.commands.service import ServiceGroup, WaitGroup
from awsmini.help.footnotes import footnotes
from awsmini.help.layout import lay_out
from awsmini.help.page import Block, Code, Grid, Heading, Paragraph, Rows
from awsmini.help.prose import Prose, prose
from awsmini.help.subject import Subject
from awsmini.help.web import document
from awsmini.model.cli_names import cli_services
from tests import oracle

SHARE = 40  # one in so many operations in a default run
OWN_PAGE = "awsmini.help.handwritten:page"


def commands(every: bool) -> Iterator[tuple[str, tuple[str, ...], click.Command]]:
    """Service, path and command of what is to be looked at."""
    for name, service_name in cli_services().items():
        group = ServiceGroup(name, oracle.service_model(service_name))
        context = click.Context(group)
        found: list[tuple[tuple[str, ...], click.Command | None]] = [((name,), group)]
        found += [((name, command), group.get_command(context, command)) for command in group.operations]
        if group.service_model.waiter_names:
            waiters = WaitGroup(name, group.service_model)
            found.append(((name, "wait"), waiters))
            found += [((name, "wait", waiter), waiters.get_command(context, waiter)) for waiter in waiters.waiters]
        for path, command in found:
            if command is not None and (every or crc32(" ".join(path).encode()) % SHARE == 0):
                yield service_name, path, command


def blocks_of(command: click.Command, path: tuple[str, ...], docs: Prose) -> list[Block]:
    page = resolve_name(getattr(command, "help_page", OWN_PAGE))
    return list(footnotes(page(Subject(command, path, lambda _: docs))))


def check(blocks: list[Block], widths: tuple[int, ...]) -> None:
    for width in widths:
        for line in lay_out(blocks, width):
            assert line.indent + len(line.text) <= width or "://" in line.text
            assert all(0 <= mark.start < mark.end <= len(line.text) for mark in line.marks)


@pytest.mark.every
def test_pages_made_of_facts(request):
    tried = 0
    for _, path, command in commands(oracle.takes_every(request.config)):
        blocks = blocks_of(command, path, Prose(""))
        check(blocks, (80, 120))
        tried += 1
    assert tried > 400


@pytest.mark.every
def test_pages_with_prose(request):
    cached = cache(prose)
    every = oracle.takes_every(request.config)
    chosen = {"ec2", "s3", "iam", "quicksight", "wafv2", "dynamodb", "lexv2-models", "polly", "cloudfront"}
    for service_name, path, command in commands(every):
        if every or service_name in chosen:
            check(blocks_of(command, path, cached(service_name)), (80, 120))


def page(name: str, *words: str, docs: bool = False) -> list[Block]:
    """The page of `name words…`."""
    group = ServiceGroup(name, oracle.service_model(cli_services()[name]))
    command: click.Command | None = group
    for word in words:
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), word)
    assert command is not None
    return blocks_of(command, (name, *words), prose(cli_services()[name]) if docs else Prose(""))


def shown(blocks: list[Block], width: int = 80) -> str:
    return "\n".join(" " * line.indent + line.text for line in lay_out(blocks, width)) + "\n"


def section(text: str, heading: str) -> str:
    """The lines below a heading, up to the next."""
    found = []
    inside = False
    for line in text.splitlines():
        if line and not line.startswith(" "):
            inside = line == heading
        elif inside:
            found.append(line)
    assert found, f"no section {heading} in:\n{text}"
    return "\n".join(found).strip("\n") + "\n"


def test_sections_in_the_order_of_aws_cli_v2_and_then_ours():
    headings = [line for line in shown(page("ec2", "describe-instances")).splitlines() if line and line[0] != " "]
    assert headings == [
        "NAME", "DESCRIPTION", "SYNOPSIS", "OPTIONS", "GLOBAL OPTIONS", "EXAMPLES", "OUTPUT", "PAGINATION", "ERRORS",
        "WAITERS", "LINKS",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("kinesis", ["NAME", "DESCRIPTION", "AVAILABLE COMMANDS"]),
        ("ec2 wait", ["NAME", "DESCRIPTION", "AVAILABLE COMMANDS"]),
        ("ec2 wait instance-running",
         ["NAME", "DESCRIPTION", "SYNOPSIS", "OPTIONS", "GLOBAL OPTIONS", "EXAMPLES", "OUTPUT"]),
        ("sso login", ["NAME", "DESCRIPTION", "SYNOPSIS", "OPTIONS", "GLOBAL OPTIONS"]),
    ],
)  # fmt: skip
def test_other_pages_have_the_sections_of_aws_cli_v2_in_its_order(command, expected):
    headings = [line for line in shown(page(*command.split())).splitlines() if line and line[0] != " "]
    assert [heading for heading in headings if heading in expected] == expected


def test_synopsis():
    lines = section(shown(page("sqs", "send-message")), "SYNOPSIS").splitlines()
    assert lines[:10] == [
        "    awsmini sqs send-message",
        "      --queue-url <value>",
        "      --message-body <value>",
        "      [--delay-seconds <value>]",
        "      [--message-attributes <value>]",
        "      [--message-system-attributes <value>]",
        "      [--message-deduplication-id <value>]",
        "      [--message-group-id <value>]",
        "      [--cli-input-json | --cli-input-yaml]",
        "      [--generate-cli-skeleton <value>]",
    ]
    assert lines[10:12] == ["      [--debug]", "      [--endpoint-url <value>]"]


def test_synopsis_of_flags_and_outfile():
    assert "      [--dry-run | --no-dry-run]\n" in section(shown(page("ec2", "run-instances")), "SYNOPSIS")
    assert "      <outfile>\n" in section(shown(page("s3api", "get-object")), "SYNOPSIS")


@pytest.mark.parametrize(
    ("command", "part"),
    [
        ("kinesis create-stream", "--stream-name (string) [required]\n        1 to 128 characters.\n        Pattern: [a-zA-Z0-9_.-]+"),
        ("sqs create-queue", "--queue-name (string) [required]"),
        ("ec2 run-instances", "--dry-run | --no-dry-run (boolean)"),
        ("ec2 run-instances", "--client-token (string)\n        A token that makes the call safe to repeat."),
        ("ec2 run-instances", "--count (string)\n        How many instances to launch"),
        ("dynamodb get-item", "One of: INDEXES, TOTAL, NONE."),
        ("lambda invoke", "--payload (blob)\n        Base64, or with fileb://"),
        ("s3api put-object", "--body (streaming blob)\n        The path of a file"),
        ("s3api get-object", "outfile (string) [required]\n        The file that the content"),
        ("cloudwatch get-metric-data", "--start-time (timestamp) [required]\n        A date and time such as"),
        ("ec2 describe-instances", "Shorthand Syntax:\n\n            Name=string,Values=string,string ..."),
        ("ec2 describe-instances", "Syntax:\n\n            \"string\" \"string\" ..."),
        ("ec2 describe-instances", "--max-items (integer)"),
        ("cognito-idp list-users", "--page-size (integer)"),
        ("bedrock-runtime converse", "--system (list of tagged union structure)"),
    ],
)  # fmt: skip
def test_options(command, part):
    text = section(shown(page(*command.split())), "OPTIONS")
    assert part in text


@pytest.mark.parametrize(
    ("command", "heading", "part"),
    [
        ("s3api list-objects-v2", "DESCRIPTION", "(GET /{Bucket}?list-type=2)"),
        ("ec2 run-instances", "DESCRIPTION", "Safe to repeat with the same --client-token"),
        ("cognito-idp sign-up", "DESCRIPTION", "The call is not signed"),
        ("timestream-query query", "DESCRIPTION", "endpoint discovery"),
        ("s3api get-bucket-lifecycle", "DESCRIPTION", "Deprecated."),
        ("kinesis list-streams", "OUTPUT", "StreamNames -> (list of string)"),
        ("s3api get-object", "OUTPUT", "Body goes to the file <outfile>"),
        ("sqs delete-queue", "OUTPUT", "None."),
        ("ssm start-session", "OUTPUT", "None."),
        ("s3api list-objects-v2", "PAGINATION", "What is collected of every page: Contents, CommonPrefixes"),
        ("s3api list-objects-v2", "PAGINATION", "Output token: NextContinuationToken"),
        ("accessanalyzer get-analyzer", "ERRORS", "ResourceNotFoundException - HTTP 404, with resourceId (string)"),
        ("ec2 run-instances", "ERRORS", "The model names none."),
        ("ec2 describe-instances", "WAITERS", "awsmini ec2 wait instance-running: every 15 seconds, at most 40 times."),
        ("sqs create-queue", "EXAMPLES", "awsmini sqs create-queue --queue-name QUEUE-NAME"),
        ("kinesis list-streams", "EXAMPLES", "awsmini kinesis list-streams --output ndjson"),
        ("s3api get-object", "EXAMPLES", "awsmini s3api get-object --bucket BUCKET --key KEY outfile"),
        ("ec2 wait instance-running", "DESCRIPTION", "with awsmini ec2 describe-instances: every"),
        ("ec2 wait instance-running", "DESCRIPTION", "It waits on while the error is InvalidInstanceID.NotFound."),
        ("ec2 wait", "AVAILABLE COMMANDS", "instance-running                describe-instances every 15 seconds"),
        ("s3api wait bucket-exists", "DESCRIPTION", "It waits on while the HTTP status is 404."),
        ("kinesis", "AVAILABLE COMMANDS", "list-streams"),
        ("sso", "AVAILABLE COMMANDS", "login"),
        ("ec2", "WAITERS", "wait instance-running"),
        ("ec2", "DESCRIPTION", "protocol ec2"),
    ],
)
def test_other_sections(command, heading, part):
    text = section(shown(page(*command.split())), heading)
    assert " ".join(part.split()) in " ".join(text.split())


def test_deprecated_and_old_names_are_not_listed():
    commands = section(shown(page("s3api")), "AVAILABLE COMMANDS").split()
    assert "get-bucket-lifecycle-configuration" in commands
    assert "get-bucket-lifecycle" not in commands
    assert "help" not in commands


def test_commands_written_by_hand_are_listed_once_and_in_their_own_words():
    text = section(shown(page("sso", docs=True)), "AVAILABLE COMMANDS")
    assert text.count("    logout ") == 1
    assert "Sign out of IAM Identity Center" in text


def test_waiters_have_the_plain_options_of_the_operation():
    assert "--instance-ids (list of string)" in shown(page("ec2", "wait", "instance-running"))


def test_with_prose():
    text = shown(page("sqs", "create-queue", docs=True))
    assert "awsmini sqs create-queue - Creates a new standard or FIFO queue." in text
    assert "--queue-name (string) [required]\n        The name of the new queue." in text
    assert "    QueueNameExists" in section(text, "ERRORS")
    assert "[1]   https://" in section(text, "LINKS")


def test_examples_of_aws_are_command_lines():
    text = section(shown(page("ec2", "allocate-address", docs=True)), "EXAMPLES")
    assert "        awsmini ec2 allocate-address --domain vpc\n" in text
    assert '            "AllocationId": "eipalloc-64d5890a"' in text


def test_the_page_of_a_service_has_first_sentences():
    text = section(shown(page("sqs", docs=True)), "AVAILABLE COMMANDS")
    assert "create-queue" in text
    assert "Creates a new standard or FIFO queue." in " ".join(text.split())


def test_what_another_option_takes_is_not_in_the_form():
    text = shown(page("lambda", "create-function"))
    code = text[text.index("    --code (structure)") : text.index("    --description (string)")]
    assert "S3Bucket=string" in code
    assert "ZipFile" not in code


UNCLOSED = ("meta", "p", "li", "dt", "dd")  # HTML ends them where it must


class Text(HTMLParser):
    """The text of a document, and the elements that are open."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.open: list[str] = []

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attributes: object) -> None:
        if tag not in UNCLOSED:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("command", ["sqs create-queue", "ec2 run-instances", "ec2", "kinesis"])
def test_all_of_a_page_is_in_its_html(command):
    blocks = page(*command.split(), docs=True)
    reader = Text()
    reader.feed("".join(document(command, blocks)))
    assert reader.open == []
    text = " ".join(reader.text.split())
    for block in blocks:
        texts = [block.words.text] if isinstance(block, Paragraph) else []
        texts += [words.text for _, words in block.rows] if isinstance(block, Rows) else []
        texts += [block.text] if isinstance(block, Code | Heading) else []
        texts += block.cells if isinstance(block, Grid) else []
        assert [missing for missing in texts if " ".join(missing.split()) not in text] == []
