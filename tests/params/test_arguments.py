import json

import pytest

from awsmini.model.cli_names import cli_services, visible_operations
from awsmini.model.load import DATA, ModelFinder
from awsmini.model.shapes import ServiceModel
from awsmini.params.argument_table import argument_table
from tests.command_line import operation, service

RENAMES = json.loads((DATA / "argument-renames.json").read_bytes())


def table(line: str):
    return operation(line)[1]


def renamed(kind: str) -> list[tuple[str, str, str, str | None]]:
    """Service, command, old and new name, with "*" and services that are not shipped left out."""
    return [
        (model_name, command, old, new)
        for model_name, commands in RENAMES[kind].items()
        for command, names in commands.items()
        for old, new in names.items()
        if command != "*" and model_name in cli_services().values()
    ]


def command_of(model_name: str) -> str:
    return next(command for command, name in cli_services().items() if name == model_name)


@pytest.mark.parametrize(("model_name", "command", "old", "new"), renamed("renamed"))
def test_renamed(model_name, command, old, new):
    arguments = table(f"{command_of(model_name)} {command}")
    assert old not in arguments
    assert new is None or new in arguments


@pytest.mark.parametrize(("model_name", "command", "current", "alias"), renamed("hidden_aliases"))
def test_hidden_aliases(model_name, command, current, alias):
    arguments = table(f"{command_of(model_name)} {command}")
    assert arguments[alias].hidden
    assert arguments[alias].member == arguments[current].member
    assert not arguments[current].hidden


@pytest.mark.parametrize(
    ("line", "new", "member", "const"),
    [
        ("ec2 create-network-acl-entry", "ingress", "Egress", False),
        ("ec2 create-image", "reboot", "NoReboot", False),
        ("ecs run-task", "disable-execute-command", "enableExecuteCommand", False),
        ("ecs execute-command", "non-interactive", "interactive", False),
        ("ec2 run-instances", "enable-api-termination", "DisableApiTermination", False),
    ],
)
def test_renamed_twins(line, new, member, const):
    argument = table(line)[new]
    assert (argument.member, argument.const) == (member, const)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("iotwireless create-device-profile", "lorawan"),
        ("mgn start-test", "source-server-i-ds"),
        ("mgn start-test", "source-server-ids"),
        ("datapipeline query-objects", "objects-query"),
        ("rds describe-db-instances", "db-instance-identifier"),
        ("glue get-unfiltered-table-metadata", "resource-region"),
        ("rds add-option-to-option-group", "options"),
        ("rds remove-option-from-option-group", "options"),
    ],
)
def test_spellings(line, name):
    assert name in table(line)


def test_mgn_asks_for_neither_spelling():
    arguments = table("mgn start-test")
    assert not arguments["source-server-ids"].required
    assert arguments["source-server-ids"].required_in_help


def test_a_boolean_is_a_pair():
    arguments = table("ec2 describe-instances")
    yes, no = arguments["dry-run"], arguments["no-dry-run"]
    assert (yes.const, no.const, yes.dest, no.dest) == (True, False, "dry_run", "dry_run")
    assert yes.group == no.group == "dry-run"


def test_idempotency_tokens_are_not_required():
    assert not table("ecs create-task-set")["client-token"].required


def test_the_order_of_arguments():
    assert list(table("sqs list-queues")) == [
        "queue-name-prefix", "next-token", "max-results", "cli-input-json", "cli-input-yaml", "starting-token", "page-size",
        "max-items", "generate-cli-skeleton",
    ]  # fmt: skip


def test_the_apis_own_paging_options_are_hidden():
    arguments = table("sqs list-queues")
    hidden = [name for name, argument in arguments.items() if argument.hidden]
    assert hidden == ["next-token", "max-results"]


def test_page_size_needs_a_limit():
    model = service("rekognition")
    for name in model.paginated_names:
        limited = "limit_key" in (model.paginator(name) or {})
        assert ("page-size" in argument_table(model.operation_model(name))) is limited


@pytest.mark.parametrize(
    ("line", "convert"),
    [("sqs list-queues", int), ("route53 list-hosted-zones", None), ("logs describe-log-groups", int)],
)
def test_max_items_has_the_type_of_the_limit(line, convert):
    assert table(line)["max-items"].convert is convert


def test_a_member_of_the_same_name_is_kept_behind_the_paging_option():
    arguments = table("route53 list-hosted-zones")
    assert arguments["max-items"].shadows.member == "MaxItems"


@pytest.mark.parametrize("line", ["s3api get-object", "s3api select-object-content", "iam create-virtual-mfa-device"])
def test_commands_with_an_outfile_have_no_input_documents(line):
    arguments = table(line)
    assert "outfile" in arguments
    assert not {"cli-input-json", "cli-input-yaml", "generate-cli-skeleton"} & arguments.keys()


def test_outfile_is_a_word_only_where_a_body_is_streamed():
    assert table("s3api get-object")["outfile"].positional
    assert not table("iam create-virtual-mfa-device")["outfile"].positional


def test_waiters_have_the_plain_options():
    arguments = table("ec2 wait instance-running")
    assert "instance-ids" in arguments
    assert "max-items" in arguments


@pytest.mark.parametrize(
    ("line", "name", "convert"),
    [
        ("logs get-log-events", "start-time", int),
        ("cloudwatch put-metric-alarm", "threshold", float),
        ("s3api list-objects-v2", "max-keys", None),
    ],
)
def test_what_the_parser_converts(line, name, convert):
    assert table(line)[name].convert is convert


def every_operation():
    for command, model_name in cli_services().items():
        model = ServiceModel(ModelFinder({}).lines(model_name))
        for name, api_name in visible_operations(model).items():
            yield command, name, model.operation_model(api_name)


def test_every_operation_has_a_table_of_consistent_arguments():
    for command, name, model in every_operation():
        arguments = argument_table(model, name)
        for key, argument in arguments.items():
            place = (command, name, key)
            assert argument.cli_name == key, place
            assert argument.nargs != 0 or argument.const is not None, place
            assert argument.add is not None or argument.member is not None, place
            assert argument.positional == (key == "outfile" and argument.nargs is None and argument.positional), place
