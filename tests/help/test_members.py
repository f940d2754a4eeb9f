"""The tree of members."""

import json

from awsmini.help.members import Tree
from awsmini.help.prose import Prose
from tests.help.models import list_of, map_of, service, shown, structure


def tree(shapes, name="Root", docs="", width=80):
    model = service(shapes)
    return shown(Tree(Prose(docs)).members(model.shape_for(name), 0), width).splitlines()


def test_kinds_limits_and_what_is_required():
    shapes = {
        "Root": {
            **structure(Name="Name", Tags="Tags", Old={"shape": "String", "deprecated": True}),
            "required": ["Name"],
        },
        "Name": {"type": "string", "min": 1, "max": 9, "pattern": "[a-z ]+"},
        "Tags": map_of("Key", "String", max=50),
        "Key": {"type": "string", "enum": ["a", "b"]},
    }
    assert tree(shapes) == [
        "Name -> (string, 1 to 9 characters) [required]",
        "   Pattern: [a-z ]+",
        "Tags -> (map of string to string, at most 50 entries)",
        "   Each key is one of: a, b.",
        "Old -> (string) [deprecated]",
    ]


def test_members_of_members():
    shapes = {
        "Root": structure(Animals="Animals"),
        "Animals": list_of("Animal"),
        "Animal": structure(Name="String", Color="Color"),
        "Color": {"type": "string", "enum": ["red", "green"]},
    }
    assert tree(shapes) == [
        "Animals -> (list of structure)",
        "   Name -> (string)",
        "   Color -> (string)",
        "      One of: red, green.",
    ]


def test_what_is_said_of_a_list_and_of_what_it_holds_is_said_once():
    shapes = {"Root": structure(Links="Links"), "Links": list_of("Link"), "Link": structure(Url="String")}
    docs = {"shapes": {"Root": {"members": {"Links": {"documentation": "<p>Links.</p>"}}},
                       "Link": {"documentation": "<p>Links.</p>"}}}  # fmt: skip
    assert [line.strip() for line in tree(shapes, docs=json.dumps(docs))].count("Links.") == 1


def test_a_shape_that_holds_itself_comes_to_an_end():
    shapes = {
        "Root": structure(Node="Node"),
        "Node": structure(Name="String", Left="Node", More="Nodes"),
        "Nodes": list_of("Node"),
    }
    assert tree(shapes) == [
        "Node -> (structure)",
        "   Name -> (string)",
        "   Left -> (structure)",
        "      The members are those under Node.",
        "   More -> (list of structure)",
        "      The members are those under Node.",
    ]


def test_what_is_said_of_a_shape_that_is_shown_elsewhere_is_said_there_alone():
    shapes = {"Root": structure(Node="Nodes"), "Node": structure(Left="Nodes", Right="Nodes"), "Nodes": list_of("Node")}
    docs = {"shapes": {"Node": {"documentation": "<p>A node.</p>"}}}
    found = [line.strip() for line in tree(shapes, docs=json.dumps(docs))]
    assert found.count("A node.") == 1
    assert found[found.index("The members are those under Node.") - 1] == ""


def test_small_shapes_are_shown_again():
    shapes = {"Root": structure(A="Tag", B="Tag"), "Tag": structure(Key="String")}
    assert tree(shapes) == ["A -> (structure)", "   Key -> (string)", "B -> (structure)", "   Key -> (string)"]


def test_long_lists_of_choices_are_shown_once_on_a_page():
    shapes = {
        "Root": structure(A="Color", B="Color"),
        "Color": {"type": "string", "enum": [f"c{n}" for n in range(20)]},
    }
    found = tree(shapes)
    assert found[1].startswith("   One of: c0, c1, ")
    assert found[-2:] == ["B -> (string)", "   One of: those under A."]


def test_of_a_union_one_member_is_given():
    shapes = {"Root": structure(Choice="Choice"), "Choice": {**structure(A="String", B="String"), "union": True}}
    assert tree(shapes)[:2] == ["Choice -> (tagged union structure)", "   Exactly one of these members is to be given."]


def test_lists_without_end_come_to_one():
    assert tree({"Root": structure(A="Endless"), "Endless": list_of("Endless")}) == [
        "A -> (list of list of list of list of list)"
    ]


DOCS = """{
  "shapes":{
    "Root":{
      "type":"structure",
      "members":{
        "Animals":{"shape":"Animals", "documentation":"<p>All of them.</p>"}
      }
    },
    "Animal":{
      "members":{
        "Name":{"shape":"String", "documentation":"<p>What it is called.</p>"},
        "Age":{"shape":"Integer"}
      },
      "documentation":"<p>One of them.</p>"
    },
    "Integer":{
      "documentation":"<p>A number.</p>"
    }
  }
}"""


def test_prose_stands_below_each():
    shapes = {
        "Root": structure(Animals="Animals"),
        "Animals": list_of("Animal"),
        "Animal": structure(Name="String", Age="Integer"),
    }
    assert tree(shapes, docs=DOCS) == [
        "Animals -> (list of structure)",
        "   All of them.",
        "",
        "   One of them.",
        "",
        "   Name -> (string)",
        "      What it is called.",
        "",
        "   Age -> (integer)",
        "      A number.",
    ]
