"""Our own texts: on options that no model has, on topics, and of the commands that are written by hand."""

import re
from pkgutil import resolve_name

import pytest

from awsmini import services
from awsmini.commandline.globals import OPTIONS
from awsmini.commandline.handwritten import HandWritten
from awsmini.commands.tree import HAND_WRITTEN
from awsmini.config.settings import RULES
from awsmini.help import handwritten, topics
from awsmini.help.layout import lay_out
from awsmini.help.options import TAKEN_ELSEWHERE, own_doc
from awsmini.help.page import Code, Heading, Paragraph
from awsmini.help.prose import Prose
from awsmini.help.subject import Subject
from awsmini.help.synopsis import own_synopsis
from awsmini.model.cli_names import cli_service, cli_services, visible_operations
from awsmini.model.load import content, data
from awsmini.params.argument_table import argument_table
from awsmini.params.arguments import flag, option
from tests import oracle

TOPICS = {"config-vars", "ddb-expressions", "return-codes", "s3-case-insensitivity", "s3-config", "s3-faq"}
OWN_TOPICS = {"batch", "cluster", "differences", "fan-out", "s3-differences", "s3-plans", "views"}


def test_every_option_that_no_model_has_is_described_and_no_description_is_left_over():
    used: set[tuple[str, str]] = set()
    lacking = []
    for service_name in cli_services().values():
        model = oracle.service_model(service_name)
        for command, api_name in visible_operations(model).items():
            operation = model.operation_model(api_name)
            members = operation.input_shape.members if operation.input_shape else {}
            for name, argument in argument_table(operation, command).items():
                used |= {(key, name) for key in (f"{service_name}.{api_name}", f"{service_name}.*", "*")}
                if not own_doc(argument, operation) and argument.member not in members:
                    lacking.append(f"{service_name} {command} --{name}")
    assert lacking == []
    known = {(key, name) for key, texts in data("option-docs.json").items() for name in texts}
    assert known - used == set()


def test_members_taken_elsewhere_are_there():
    for (service_name, operation, name), member in TAKEN_ELSEWHERE.items():
        argument = argument_table(oracle.service_model(service_name).operation_model(operation))[name]
        assert member in argument.shape.members


def test_every_global_option_is_described():
    assert [argument.cli_name for argument in OPTIONS if not argument.doc] == []


def test_the_topics_are_those_of_aws_cli_v2_and_our_own():
    assert set(topics.names()) == TOPICS | OWN_TOPICS


@pytest.mark.parametrize("name", sorted(TOPICS | OWN_TOPICS))
def test_a_topic_is_all_shown(name):
    text = content(f"{topics.FOLDER}/{name}.md").decode()
    blocks = list(topics.page(name))
    shown = "\n".join(line.text for line in lay_out(blocks, 200))
    plain = re.sub(r"\]\(https?://[^)]*\)|[`*#\[\]]|^- |^```\w*$", "", text, flags=re.MULTILINE)
    words = [word.lower() for word in plain.split()]
    shown_words = re.sub(r"[`*#\[\]•]", "", shown).lower().split()
    assert not [word for word in words if word not in shown_words and word != "-"]
    prose = [block.words.text for block in blocks if isinstance(block, Paragraph)]
    assert not [text for text in prose if "`" in text or "**" in text]
    for width in (40, 80, 120):
        assert all(line.indent + len(line.text) <= width or "://" in line.text for line in lay_out(blocks, width))


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_setting_is_in_a_topic(name):
    """A variable that is `AWS_` and the key in capitals need not be named: the topic says so once."""
    texts = [content(f"{topics.FOLDER}/{topic}.md").decode() for topic in ("config-vars", "s3-config")]
    known = {word for text in texts for word in re.findall(r"\w+", text)}
    rule = RULES[name]
    assert {key.rpartition(".")[2] for key in rule.keys} - known == set()
    assert {
        variable for variable in rule.env if variable not in {f"AWS_{key.upper()}" for key in rule.keys}
    } - known == set()


@pytest.mark.parametrize("name", sorted(TOPICS))
def test_commands_in_topics_exist_or_are_those_of_aws_cli_v2(name):
    listings = [block.text for block in topics.page(name) if isinstance(block, Code)]
    known = {*cli_services(), *HAND_WRITTEN, "s3", "ddb"}
    for command in re.findall(r"^(?:if )?awsmini ([a-z0-9-]+)", "\n".join(listings), re.MULTILINE):
        assert command in known


def by_hand():
    """Every command written by hand, with the words that lead to it."""
    waiting = [((name,), reference) for name, reference in HAND_WRITTEN.items()]
    for service in services.PAGES:
        waiting += [((cli_service(service), name), below) for name, below in services.of(service).commands.items()]
    while waiting:
        path, reference = waiting.pop()
        command = resolve_name(reference)
        yield path, command
        if isinstance(command, HandWritten):
            waiting += [((*path, name), below) for name, below in command.subcommands.items()]


@pytest.mark.parametrize(("path", "command"), [pytest.param(*found, id=" ".join(found[0])) for found in by_hand()])
def test_the_page_of_a_command_written_by_hand(path, command):
    assert isinstance(command, HandWritten), "help knows no other kind"
    blocks = list(handwritten.page(Subject(command, path, lambda _: Prose(""))))
    assert [block.text for block in blocks if isinstance(block, Heading)][:1] == ["NAME"]
    assert handwritten.summary(command).endswith(".")
    described = {argument.cli_name for argument in command.arguments if argument.doc}
    twins = {f"no-{name}" for name in described}  # one text for both
    assert {argument.cli_name for argument in command.arguments} - described - twins == set()
    for width in (80, 120):
        assert all(line.indent + len(line.text) <= width for line in lay_out(blocks, width))


@pytest.mark.parametrize(
    ("options", "subcommands", "expected"),
    [
        ((), False, "awsmini zoo [global options]"),
        ((option("name", positional=True, required=True),), False, "awsmini zoo <name> [global options]"),
        (
            (flag("all"), option("one", required=True)),
            True,
            "awsmini zoo [--all] --one <value> [<subcommand>] [global options]",
        ),
        (
            [option(f"option-number-{number}") for number in range(3)],
            False,
            "awsmini zoo\n  [--option-number-0 <value>]\n  [--option-number-1 <value>]\n  [--option-number-2 <value>]\n"
            "  [global options]",
        ),
    ],
)
def test_the_synopsis_of_a_command_written_by_hand(options, subcommands, expected):
    assert own_synopsis(("zoo",), options, subcommands=subcommands) == expected
