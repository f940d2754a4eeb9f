import pytest

from awsmini.model.cli_names import (
    cli_service,
    cli_services,
    hidden_operations,
    operation_of,
    removed_operations,
    service_of,
    visible_operations,
)
from awsmini.model.load import ModelFinder
from awsmini.model.shapes import ServiceModel
from tests.command_line import service


@pytest.mark.parametrize(
    ("command", "model_name"), [("s3api", "s3"), ("deploy", "codedeploy"), ("configservice", "config"), ("ec2", "ec2")]
)
def test_services(command, model_name):
    assert cli_services()[command] == model_name
    assert cli_service(model_name) == command


@pytest.mark.parametrize("name", ["s3", "codedeploy", "config"])
def test_old_names_are_gone(name):
    assert name not in cli_services()


def test_other_services_can_be_named():
    assert cli_services(["agenttoolkit", "mine"]) == {"agent-toolkit": "agenttoolkit", "mine": "mine"}


@pytest.mark.parametrize(
    ("command", "operation"),
    [
        ("rds", "modify-option-group"),
        ("ec2", "import-instance"),
        ("emr", "run-job-flow"),
        ("ses", "verify-email-address"),
        ("bedrock-runtime", "converse-stream"),
        ("kinesis", "subscribe-to-shard"),
        ("lambda", "invoke-with-response-stream"),
    ],
)
def test_removed(command, operation):
    assert operation not in visible_operations(service(command))


@pytest.mark.parametrize(
    ("command", "operation", "api_name"),
    [
        ("rds", "add-option-to-option-group", "ModifyOptionGroup"),
        ("rds", "remove-option-from-option-group", "ModifyOptionGroup"),
        ("signin", "create-oauth2-token", "CreateOAuth2Token"),
        ("signin", "create-o-auth2-token", "CreateOAuth2Token"),
        ("cloudwatch", "get-otel-enrichment", "GetOTelEnrichment"),
        ("cloudwatch", "get-o-tel-enrichment", "GetOTelEnrichment"),
        ("s3api", "select-object-content", "SelectObjectContent"),
        ("logs", "start-live-tail", "StartLiveTail"),
        ("storagegateway", "create-cached-iscsi-volume", "CreateCachediSCSIVolume"),
        ("dynamodb", "execute-statement", "ExecuteStatement"),
    ],
)
def test_visible(command, operation, api_name):
    assert visible_operations(service(command))[operation] == api_name


@pytest.mark.parametrize(
    ("command", "operation", "hidden"),
    [
        ("signin", "create-o-auth2-token", True),
        ("signin", "create-oauth2-token", False),
        ("s3api", "get-bucket-lifecycle", True),
        ("s3api", "get-bucket-lifecycle-configuration", False),
    ],
)
def test_hidden(command, operation, hidden):
    assert (operation in hidden_operations(service(command))) is hidden
    assert operation in visible_operations(service(command))


def test_no_command_speaks_in_event_streams_but_two():
    """A service new to the models that has such operations needs them listed as removed."""
    found = set()
    for command, name in cli_services().items():
        model = ServiceModel(ModelFinder({}).lines(name))
        for operation, api_name in visible_operations(model).items():
            one = model.operation_model(api_name)
            if one.has_event_stream_input or one.has_event_stream_output:
                found.add((command, operation))
    assert found == {("s3api", "select-object-content"), ("logs", "start-live-tail")}


def test_a_single_service_is_found_as_in_the_table_of_all():
    finder = ModelFinder({"HOME": "/nowhere"})
    known = cli_services(finder.service_names())
    assert {command: service_of(command, finder.has) for command in known} == known
    unknown = ["", ".", "nosuch", "dictionary", "EC2", "Ec2", "../models/ec2"]
    for name in [*finder.service_names() - known.keys(), *unknown]:
        assert service_of(name, finder.has) is None


def test_a_single_service_of_ones_own_is_found(tmp_path):
    (tmp_path / "mine.jsonl").write_bytes(b"operation\tAsk\t{}\n")
    finder = ModelFinder({"HOME": "/nowhere", "AWS_DATA_PATH": str(tmp_path)})
    assert service_of("mine", finder.has) == "mine"


@pytest.mark.parametrize("command", ["bedrock-runtime", "cloudwatch", "ec2", "iot", "kinesis", "rds", "ses", "signin"])
def test_a_single_operation_is_found_as_in_the_table_of_all(command):
    model = service(command)
    table = visible_operations(model)
    assert {name: operation_of(model, name) for name in table} == table
    for name in [*set(removed_operations(model)) - table.keys(), "", "-", "nosuch", *model.operation_names]:
        assert operation_of(model, name) is None
    for name in table:
        if name.replace("-", "") not in table:
            assert operation_of(model, name.replace("-", "")) is None


@pytest.mark.every
def test_every_operation_is_found_as_in_the_table_of_all():
    finder = ModelFinder({"HOME": "/nowhere"})
    for name in finder.service_names():
        model = ServiceModel(finder.lines(name))
        table = visible_operations(model)
        assert {name: operation_of(model, name) for name in table} == table
