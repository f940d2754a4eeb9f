"""Every operation of every service is a command, and every member of its input has a flag there."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import click
import pytest

from awsmini.commandline.globals import OPTIONS, OWN_OPTIONS, V2_OPTIONS
from awsmini.commands.operation import OperationCommand
from awsmini.commands.service import ServiceGroup
from awsmini.commands.tree import HAND_WRITTEN
from awsmini.model.cli_names import cli_services, visible_operations
from awsmini.model.load import ModelFinder, data
from awsmini.model.names import operation_cli_name
from awsmini.model.shapes import ServiceModel

# Members without a flag of their own: the flags that fill them, or none where another command of the operation has one.
OTHER_FLAGS = {
    ("cloudsearch", "define-expression", "Expression"): {"--name", "--expression"},
    ("cloudsearch", "define-index-field", "IndexField"): {"--name", "--type"},
    ("datapipeline", "activate-pipeline", "parameterValues"): {"--parameter-values", "--parameter-values-uri"},
    ("datapipeline", "put-pipeline-definition", "parameterObjects"): {"--parameter-objects"},
    ("datapipeline", "put-pipeline-definition", "parameterValues"): {"--parameter-values"},
    ("datapipeline", "put-pipeline-definition", "pipelineObjects"): {"--pipeline-definition"},
    ("ec2", "run-instances", "MaxCount"): {"--count"},
    ("ec2", "run-instances", "MinCount"): {"--count"},
    ("emr", "add-tags", "Tags"): {"--tags"},
    ("emr", "list-clusters", "ClusterStates"): {"--cluster-states", "--active", "--terminated", "--failed"},
    ("rds", "add-option-to-option-group", "OptionsToRemove"): set(),
    ("rds", "remove-option-from-option-group", "OptionsToInclude"): set(),
}


@cache
def groups() -> list[ServiceGroup]:
    finder = ModelFinder({})
    return [ServiceGroup(name, ServiceModel(finder.lines(service))) for name, service in cli_services().items()]


def commands() -> Iterator[tuple[str, OperationCommand]]:
    context = click.Context(click.Group("awsmini"))
    for group in groups():
        assert group.name
        for name in group.operations:
            if name not in group.hand_written:
                command = group.get_command(context, name)
                assert isinstance(command, OperationCommand), f"{group.name} {name}"
                yield group.name, command


@cache
def flags_by_command() -> dict[tuple[str, str], list[str]]:
    return {
        (service, str(command.name)): [argument.label for argument in command.table.values()]
        for service, command in commands()
    }


def test_every_service_is_a_command():
    left_out = {name for name, command in data("command-renames.json")["services"].items() if command is None}
    assert left_out == {"sms-voice"}  # pinpoint-sms-voice is the same
    assert {group.service_model.service_name for group in groups()} == data("services.json")[
        "services"
    ].keys() - left_out
    assert len(groups()) >= 439


def test_every_operation_is_a_command_but_those_that_aws_cli_leaves_out():
    for group in groups():
        model = group.service_model
        changes = data("command-renames.json")["operations"].get(model.service_name, {})
        reached = set(visible_operations(model).values())
        for api_name in set(model.operation_names) - reached:
            assert operation_cli_name(api_name) in changes["removed"], f"{group.name}: {api_name}"


def test_every_command_has_a_flag_for_every_member_of_its_input():
    count = 0
    missing = set()
    for service, command in commands():
        count += 1
        table = command.table
        filled = {argument.member for argument in table.values()}
        filled |= {argument.shadows.member for argument in table.values() if argument.shadows}
        shape = command.operation.input_shape
        missing |= {
            (service, command.name, member) for member in (shape.members if shape else ()) if member not in filled
        }
    assert missing == OTHER_FLAGS.keys()
    assert count > 19_700


@pytest.mark.parametrize("member", OTHER_FLAGS, ids=" ".join)
def test_a_member_without_a_flag_of_its_own_is_filled_by_others(member):
    service, command, _ = member
    assert OTHER_FLAGS[member] <= set(flags_by_command()[service, command])


def test_every_command_can_be_drawn_by_click():
    context = click.Context(click.Group("awsmini"))
    for service, command in commands():
        parameters = command.get_params(context)
        assert len(parameters) == len(command.table), f"{service} {command.name}"


def test_no_two_flags_of_a_command_are_spelled_alike():
    for command, flags in flags_by_command().items():
        assert len(flags) == len(set(flags)), command


@pytest.mark.parametrize("option", OWN_OPTIONS, ids=lambda option: option.label)
def test_awsminis_own_options_collide_with_no_flag_of_any_command(option: Any):
    assert [command for command, flags in flags_by_command().items() if option.label in flags] == []
    assert option.label not in {other.label for other in V2_OPTIONS}
    assert option.exact_only


def test_no_global_option_hides_a_flag():
    labels = {option.label for option in OPTIONS}
    assert {command: labels & set(flags) for command, flags in flags_by_command().items() if labels & set(flags)} == {}


def test_no_service_is_named_like_a_command_of_its_own():
    assert not set(cli_services()) & set(HAND_WRITTEN)
