"""The pages of services: whatever they name is there, and a service without one costs nothing."""

import inspect
import subprocess
import sys
from pkgutil import resolve_name

import pytest

from awsmini import services
from awsmini.commandline.handwritten import HandWritten
from awsmini.model.cli_names import cli_service
from awsmini.services import protocols
from awsmini.services.record import Operation, Service
from tests.oracle import service_model

NO_REFERENCES = {"bare_word_list", "unpaged_by", "member_aliases", "keeps_line_breaks"}


@pytest.mark.parametrize("name", sorted(services.PAGES))
def test_a_page_names_operations_and_functions_that_are_there(name):
    page, model = services.of(name), service_model(name)
    assert set(page.operations) <= set(model.operation_names)
    for difference in (page.every, *page.operations.values()):
        assert difference != Operation() or difference is page.every
        for field, value in difference._asdict().items():
            assert not value or field in NO_REFERENCES or callable(resolve_name(value)), (name, field)
    for value in (page.explain_error, page.explain_endpoint_error, page.error_in_success, page.router):
        assert value is None or callable(resolve_name(value))


@pytest.mark.parametrize("name", sorted(services.PAGES))
def test_a_page_has_its_folder_by_the_name_that_is_typed(name):
    module = services.PAGES[name].partition(":")[0]
    assert module.rpartition(".")[2].rstrip("_").replace("_", "-") == cli_service(name)


@pytest.mark.parametrize("name", sorted(services.PAGES))
def test_the_commands_of_a_page_are_hand_written_and_no_operation_is_called_so(name):
    for command, reference in services.of(name).commands.items():
        found = resolve_name(reference)
        assert isinstance(found, HandWritten)
        assert found.name == command


def test_members_named_on_pages_are_members():
    for name in services.PAGES:
        for operation, page in services.of(name).operations.items():
            shape = service_model(name).operation_model(operation).input_shape
            members = shape.members if shape else {}
            assert page.bare_word_list is None or page.bare_word_list in members
            assert set(page.member_aliases.values()) <= set(members)


def test_what_has_no_page_is_nothing():
    assert services.of("gizmo") == Service()
    assert services.differences("gizmo", "ListGizmos") == (Operation(),)


def test_a_call_loads_the_page_of_its_own_service_alone():
    script = (
        "import sys; from awsmini import services; services.differences('ec2', 'RunInstances');"
        "print(*[name for name in sys.modules if name.startswith('awsmini.services.')])"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert set(loaded) == {"awsmini.services.record", "awsmini.services.ec2"}


FIELDS = {
    "arguments": protocols.ChangeArguments,
    "check": protocols.CheckValues,
    "settle_params": protocols.SettleParams,
    "finish_params": protocols.FinishParams,
    "before_serialize": protocols.BeforeSerialize,
    "after_serialize": protocols.AfterSerialize,
    "add_presigned_url": protocols.AddPresignedUrl,
    "around_parse": protocols.AroundParse,
    "after_parse": protocols.AfterParse,
    "leaves_items": protocols.LeavesItems,
    "save_output": protocols.SaveOutput,
    "after_call": protocols.AfterCall,
    "make_call": protocols.MakeCall,
    "explain_error": protocols.ExplainError,
    "explain_endpoint_error": protocols.ExplainEndpointError,
    "error_in_success": protocols.IsErrorInSuccess,
    "router": protocols.MakeRouter,
}


def test_each_field_has_a_type():
    assert set(FIELDS) | NO_REFERENCES >= set(Operation._fields)
    assert set(FIELDS) <= set(Operation._fields) | set(Service._fields)


@pytest.mark.parametrize("name", sorted(services.PAGES))
def test_functions_take_what_their_type_says(name):
    page = services.of(name)
    for record in (page, page.every, *page.operations.values()):
        for field, protocol in FIELDS.items():
            reference = getattr(record, field, None)
            if reference:
                wanted = list(inspect.signature(protocol.__call__).parameters)[1:]
                inspect.signature(resolve_name(reference)).bind(*wanted)
