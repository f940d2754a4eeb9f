import json
import random

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel as BotocoreModel
from botocore.utils import ArgumentGenerator

from awsmini.model.cli_names import cli_services
from awsmini.params.skeleton import EPOCH, example, input_skeleton, output_skeleton
from awsmini.params.yaml_documents import load
from awsmini.params.yaml_skeleton import template
from tests.command_line import operation, service
from tests.small_models import operation as model_of
from tests.small_models import structure


def skeleton(line: str, kind: str) -> str:
    return input_skeleton(operation(line)[0], kind)


def test_json():
    assert skeleton("sqs create-queue", "input") == (
        '{\n    "QueueName": "",\n    "Attributes": {\n        "KeyName": ""\n    },\n    "tags": {\n        "KeyName": ""\n'
        "    }\n}\n"
    )


@pytest.mark.parametrize(("kind", "text"), [("input", "{}\n"), ("yaml-input", "{}\n")])
def test_without_input(kind, text):
    assert skeleton("sts get-caller-identity", kind) == text


SHAPES = {
    "Out": structure(
        {
            "Text": "Text",
            "Kind": "Kind",
            "Number": "Number",
            "Real": "Real",
            "Flag": "Flag",
            "Time": "Time",
            "Bytes": "Bytes",
            "List": "List",
            "Map": "Map",
            "Self": "Out",
            "Lists": "Lists",
            "NULL": "Text",
            "Free": "Free",
        },
        required=["Text", "Map"],
    ),
    "Kind": {"type": "string", "enum": ["on", "true", "a b"]},
    "List": {"type": "list", "member": {"shape": "Out"}},
    "Lists": {"type": "list", "member": {"shape": "Numbers"}},
    "Numbers": {"type": "list", "member": {"shape": "Number"}},
    "Map": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Kind"}},
    "Free": {"type": "structure", "members": {}, "document": True},
}
SHAPE = model_of("json", SHAPES).output_shape


def test_values_of_every_type():
    assert example(SHAPE) == {
        "Text": "",
        "Kind": "on",
        "Number": 0,
        "Real": 0.0,
        "Flag": True,
        "Time": EPOCH,
        "Bytes": None,
        "List": [{}],
        "Map": {"KeyName": "on"},
        "Self": {},
        "Lists": [[0]],
        "NULL": "",
        "Free": {},
    }


def test_an_answer_holds_member_names():
    found = example(SHAPE, named=True)
    assert (found["Text"], found["Kind"], found["Map"]) == ("Text", "Kind", {"KeyName": ""})


def test_yaml():
    assert template(SHAPE) == (
        "Text: ''  # [REQUIRED]\n"
        "Kind: on # Valid values are: on, true, a b.\n"
        "Number: 0\n"
        "Real: 0.0\n"
        "Flag: true\n"
        "Time: 1970-01-01 00:00:00\n"
        "Bytes: !!binary ''\n"
        "List:\n"
        "- {}\n"
        "Map:  # [REQUIRED]\n"
        "  KeyName: on\n"
        "Self: {}\n"
        "Lists:\n"
        "- - 0\n"
        "'NULL': ''\n"
        "Free: {}\n"
    )


def test_yaml_with_descriptions():
    text = template(SHAPE, lambda shape, member: f"About {member}.")
    assert "Text: ''  # [REQUIRED] About Text.\nKind: on # About Kind. Valid values are" in text


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("location batch-put-geofence", "    - - - 0.0\n"),
        ("kinesis put-record", "PartitionKey: ''"),
        ("kinesis put-record", "Data: !!binary ''"),
    ],
)
def test_yaml_of_operations(line, expected):
    assert expected in skeleton(line, "yaml-input")


def test_yaml_says_the_same_as_json():
    for line in ("ec2 run-instances", "glue create-job", "ce get-cost-and-usage", "dynamodb transact-write-items"):
        document = load(skeleton(line, "yaml-input"))
        expected = json.loads(skeleton(line, "input").replace('"1970-01-01T00:00:00"', '"T"').replace("null", '"B"'))
        assert json.loads(json.dumps(document, default=lambda value: "B" if value == b"" else "T")) == expected


# botocore makes the same skeletons from the same models.
@pytest.mark.parametrize("command", random.Random(7).sample(sorted(cli_services()), 40))
def test_as_botocore(command, monkeypatch):
    monkeypatch.setattr(
        "botocore.utils.random.choice", lambda values: values[0]
    )  # of an enum: AWS CLI v2 takes the first
    name = cli_services()[command]
    reference = BotocoreModel(Loader().load_service_model(name, "service-2"), name)
    source = random.Random(name)
    for api_name in source.sample(reference.operation_names, min(8, len(reference.operation_names))):
        ours, theirs = service(command).operation_model(api_name), reference.operation_model(api_name)
        if theirs.input_shape is not None:
            assert example(ours.input_shape) == ArgumentGenerator().generate_skeleton(theirs.input_shape)
        if theirs.output_shape is not None:
            made = ArgumentGenerator(use_member_names=True).generate_skeleton(theirs.output_shape)
            assert output_skeleton(ours) == made
