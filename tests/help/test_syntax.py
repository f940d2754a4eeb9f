"""The shorthand and the JSON form of a value."""

import pytest

from awsmini.help.syntax import json_form, shorthand, words_form
from awsmini.model.load import ModelFinder
from awsmini.model.shapes import ServiceModel
from awsmini.params.argument_table import argument_table
from tests.help.models import argument, list_of, map_of, service, structure

MODEL = service(
    {
        "Names": list_of("String"),
        "Numbers": list_of("Integer"),
        "Tag": structure(Key="String", Value="String"),
        "Tags": list_of("Tag"),
        "Map": map_of("String", "String"),
        "Deep": map_of("String", "Tags"),
        "NameLists": list_of("Names"),
        "Animal": structure(Name="String", Tame="Boolean", Tags="Tags", Legs="Integer"),
        "Friends": structure(Name="String", Friends="Herd"),
        "Herd": list_of("Friends"),
        "Value": structure(Value="String"),
        "Color": {"type": "string", "enum": ["red", "green"]},
        "Colored": structure(Color="Color"),
        "Many": {"type": "string", "enum": [f"choice-number-{n}" for n in range(9)]},
        "Chosen": structure(One="Many"),
        "Anything": {**structure(), "document": True},
        "Things": list_of("Anything"),
        "Mixed": structure(Name="String", Rest="Anything"),
        "Endless": list_of("Endless"),
        "One": structure(A="Two"),
        "Two": structure(B="Three"),
        "Three": structure(C="Four"),
        "Four": structure(D="String"),
        "Empty": structure(),
    }
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("String", ""),
        ("Names", ""),
        ("Tags", "Key=string,Value=string ..."),
        ("Map", "KeyName1=string,KeyName2=string"),
        ("Deep", "KeyName1=[{Key=string,Value=string},{Key=string,Value=string}],"
                 "KeyName2=[{Key=string,Value=string},{Key=string,Value=string}]"),
        ("NameLists", "string,string ..."),
        ("Animal", "Name=string,Tame=boolean,Tags=[{Key=string,Value=string},{Key=string,Value=string}],Legs=integer"),
        ("Herd", "Name=string,Friends=[{Name=string,Friends={ ... as above ... }},"
                 "{Name=string,Friends={ ... as above ... }}] ..."),
        ("Value", ""),
        ("Anything", ""),
        ("Things", ""),
        ("Mixed", "Name=string"),
        ("Two", "B={C={D=string}}"),
        ("One", ""),
        ("Endless", ""),
    ],
)  # fmt: skip
def test_shorthand(name, expected):
    assert shorthand(argument(MODEL.shape_for(name))) == expected


def test_words_as_they_are():
    model = service({"Item": structure(Id="String"), "Items": list_of("Item"), "Only": list_of("Item", min=1, max=1)})
    assert shorthand(argument(model.shape_for("Items"), bare_words=True)) == "--cage Id1 Id2 Id3"
    assert shorthand(argument(model.shape_for("Only"), bare_words=True)) == "--cage Id1"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Names", '"string" "string" ...'), ("Numbers", "integer integer ..."), ("Tags", ""), ("String", "")],
)
def test_words(name, expected):
    assert words_form(MODEL.shape_for(name)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("String", ""),
        ("Names", ""),
        ("Value", ""),
        ("Tag", '{\n  "Key": "string",\n  "Value": "string"\n}'),
        ("Tags", '[\n  {\n    "Key": "string",\n    "Value": "string"\n  }\n  ...\n]'),
        ("Map", '{\n  "string": "string"\n  ...\n}'),
        ("Animal", '{\n  "Name": "string",\n  "Tame": true|false,\n  "Tags": [\n    {\n      "Key": "string",\n'
                   '      "Value": "string"\n    }\n    ...\n  ],\n  "Legs": integer\n}'),
        ("NameLists", '[\n  ["string", ...]\n  ...\n]'),
        ("Colored", '{\n  "Color": "red"|"green"\n}'),
        ("Chosen", '{\n  "One": "choice-number-0"|"choice-number-1"|"choice-number-2"|...\n}'),
        ("Friends", '{\n  "Name": "string",\n  "Friends": [\n    { ... }\n    ...\n  ]\n}'),
        ("Anything", "{...}"),
        ("Empty", "{}"),
        ("Endless", "[\n  ...\n  ...\n]"),
    ],
)  # fmt: skip
def test_json(name, expected):
    assert json_form(MODEL.shape_for(name)) == expected


def test_a_structure_in_many_places_is_written_out_once():
    model = service(
        {"Leg": structure(Foot="Foot"), "Foot": structure(Toes="Integer"), "Dog": structure(L="Leg", R="Leg")}
    )
    assert json_form(model.shape_for("Dog")).splitlines() == [
        "{",
        '  "L": {',
        '    "Foot": {',
        '      "Toes": integer',
        "    }",
        "  },",
        '  "R": { ... as "L" above ... }',
        "}",
    ]


@pytest.mark.parametrize(
    ("service_name", "operation", "option", "expected"),
    [
        ("ec2", "RunInstances", "tag-specifications",
         "ResourceType=string,Tags=[{Key=string,Value=string},{Key=string,Value=string}] ..."),
        ("ec2", "DescribeInstances", "filters", "Name=string,Values=string,string ..."),
        ("elb", "RegisterInstancesWithLoadBalancer", "instances", "--instances InstanceId1 InstanceId2 InstanceId3"),
        ("sqs", "CreateQueue", "attributes", "KeyName1=string,KeyName2=string"),
        ("dynamodb", "PutItem", "item", ""),
    ],
)  # fmt: skip
def test_real_options_are_written_as_aws_cli_v2_writes_them(service_name, operation, option, expected):
    model = ServiceModel(ModelFinder({}).lines(service_name))
    assert shorthand(argument_table(model.operation_model(operation))[option]) == expected
