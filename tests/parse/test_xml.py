"""XML bodies: containers, scalars, names, and what is the same the first and the hundredth time."""

from typing import Any

import pytest

from awsmini.errors import NoAnswerError, ResponseParseError
from awsmini.parse import parse
from awsmini.parse.xml import OFTEN
from awsmini.records import Conversions, Reply
from tests.small_models import operation, structure

LISTS = {
    "Texts": {"type": "list", "member": {"shape": "Text"}},
    "Numbers": {"type": "list", "member": {"shape": "Number", "locationName": "n"}, "flattened": True},
    "Named": {"type": "list", "member": {"shape": "Text"}, "flattened": True},
    "Pairs": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Number"}},
    "FlatPairs": {
        "type": "map",
        "key": {"shape": "Text", "locationName": "K"},
        "value": {"shape": "Number", "locationName": "V"},
        "flattened": True,
    },
}
# Members of the output, the body's content, what comes out.
CASES = [
    ({"A": "Text"}, "<A>x</A>", {"A": "x"}),
    ({"A": "Text"}, "<A/>", {"A": ""}),
    ({"A": "Text"}, "<A>a&lt;b&#233;<![CDATA[<c>]]></A>", {"A": "a<bé<c>"}),
    ({"A": "Text"}, "<a>x</a>", {}),
    ({"A": "Text", "B": "Text"}, "<B>2</B><A>1</A><C>3</C>", {"A": "1", "B": "2"}),
    ({"A": "Number", "B": "Real", "C": "Flag"}, "<A>-5</A><B>1e3</B><C>true</C>", {"A": -5, "B": 1000.0, "C": True}),
    ({"C": "Flag"}, "<C>True</C>", {"C": False}),
    ({"A": {"shape": "Text", "locationName": "other"}}, "<other>x</other>", {"A": "x"}),
    ({"A": "Texts"}, "<A><member>1</member><anything>2</anything><member/></A>", {"A": ["1", "2", ""]}),
    ({"A": "Texts"}, "<A/>", {"A": []}),
    ({"A": "Texts"}, "", {}),
    ({"A": "Numbers"}, "<n>1</n>", {"A": [1]}),
    ({"A": "Numbers"}, "<n>1</n><B/><n>2</n>", {"A": [1, 2]}),
    ({"A": "Named"}, "<A>1</A><A>2</A>", {"A": ["1", "2"]}),
    ({"A": "Named"}, "", {}),
    ({"A": "Pairs"}, "<A><entry><key>a</key><value>1</value></entry></A>", {"A": {"a": 1}}),
    ({"A": "Pairs"}, "<A/>", {"A": {}}),
    ({"A": "FlatPairs"}, "<A><K>a</K><V>1</V></A>", {"A": {"a": 1}}),
    ({"A": "FlatPairs"}, "<A><K>a</K><V>1</V></A><A><V>2</V><K>b</K></A>", {"A": {"a": 1, "b": 2}}),
    ({"A": "Inner"}, "<A/>", {"A": {}}),
    ({"A": "Inner"}, "<A><X>1</X></A>", {"A": {"X": "1"}}),
    ({"A": "Inner"}, "<A><X>1</X><Self><X>2</X></Self></A>", {"A": {"X": "1", "Self": {"X": "2"}}}),
    ({"A": "Choice"}, "<A><X>1</X></A>", {"A": {"X": "1"}}),
    ({"A": "Choice"}, "<A><Z>1</Z></A>", {"A": {"SDK_UNKNOWN_MEMBER": {"name": "Z"}}}),
    ({"A": "Typed"}, '<A xmlns:xsi="urn:x" xsi:type="T"><X>1</X></A>', {"A": {"X": "1", "Type": "T"}}),
    ({"A": "Typed"}, "<A><X>1</X></A>", {"A": {"X": "1"}}),
    ({"A": "Bytes"}, "<A>aGk=</A>", {"A": b"hi"}),
]
SHAPES: dict[str, Any] = {
    **LISTS,
    "Inner": structure({"X": "Text", "Self": "Inner"}),
    "Choice": structure({"X": "Text", "Y": "Text"}, union=True),
    "Typed": structure({"X": "Text", "Type": {"shape": "Text", "locationName": "xsi:type", "xmlAttribute": True}}),
}
NAMESPACE = ' xmlns="https://example.com/doc/2006/"'


def reply(content: str, attributes: str = "") -> Reply:
    return Reply(status=200, reason="OK", headers={}, body=f"<Out{attributes}>{content}</Out>".encode())


@pytest.mark.parametrize("attributes", ["", NAMESPACE], ids=["plain", "namespace"])
@pytest.mark.parametrize(("members", "content", "expected"), CASES)
def test_body(members, content, expected, attributes):
    op = operation("rest-xml", {**SHAPES, "Out": structure(members)})
    for _ in range(OFTEN + 1):  # a function takes over in between
        output = parse(op, reply(content, attributes))
        del output["ResponseMetadata"]
        assert output == expected


def test_members_have_the_order_of_the_model():
    op = operation("rest-xml", {"Out": structure({"B": "Text", "C": "Text", "A": "Texts"}), **LISTS})
    for _ in range(OFTEN + 1):
        output = parse(op, reply("<A/><C/><B/>"))
        assert list(output)[1:] == ["B", "C", "A"]


def test_many_sequences_of_tags():
    members = {f"M{number}": "Text" for number in range(12)}
    op = operation("rest-xml", {"Out": structure(members)})
    for bits in range(4096):
        names = [name for place, name in enumerate(members) if bits >> place & 1]
        output = parse(op, reply("".join(f"<{name}>x</{name}>" for name in reversed(names))))
        assert list(output)[1:] == names


@pytest.mark.parametrize(
    ("conversions", "expected"),
    [
        (Conversions(timestamps="iso8601", blobs="base64"), {"T": "2020-01-01T00:00:00+00:00", "B": "aGk="}),
        (Conversions(timestamps="wire", blobs="base64"), {"T": "2020-01-01T00:00:00.000Z", "B": "aGk="}),
    ],
)
def test_commands_get_text(conversions, expected):
    op = operation("rest-xml", {"Out": structure({"T": "Time", "B": "Bytes"})})
    output = parse(op, reply("<T>2020-01-01T00:00:00.000Z</T><B>aGk=</B>"), conversions)
    assert {name: output[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<A>x</A>", "invalid literal for int() with base 10: 'x'"),
        ("<A/>", "invalid literal for int() with base 10: ''"),
        ("<P><entry><kee/></entry></P>", "Unknown tag: kee"),
        ("<C/>", "Invalid service response: Choice must have one and only one member set."),
        ("<C><X/><Y/></C>", "Invalid service response: Choice must have one and only one member set."),
        ("<T>soon</T>", 'Invalid timestamp "soon": Unknown string format: soon'),
    ],
)
def test_what_the_model_does_not_allow_is_an_error(content, message):
    members = {"A": "Number", "P": "Pairs", "C": "Choice", "T": "Time"}
    op = operation("rest-xml", {**SHAPES, "Out": structure(members)})
    with pytest.raises(ResponseParseError) as caught:
        parse(op, reply(content))
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"garbage{", "not well-formed (invalid token): line 1, column 7"),
        (b"<a><b>", "no element found: line 1, column 6"),
    ],
)
def test_what_is_no_xml_is_shown(body, message):
    op = operation("query", {"Out": structure({"A": "Text"})})
    with pytest.raises(ResponseParseError) as caught:
        parse(op, Reply(status=200, reason="", headers={}, body=body))
    expected = f"Unable to parse response ({message}), invalid XML received. Further retries may succeed."
    shown = f"The answer: HTTP 200, no content type, {len(body)} bytes: {body.decode()!r}"
    assert str(caught.value) == f"{expected}\n{shown}"


@pytest.mark.parametrize("protocol", ["query", "ec2", "rest-xml"])
@pytest.mark.parametrize("body", [b"", b" \n"])
def test_nothing_is_no_answer(protocol, body):
    op = operation(protocol, {"Out": structure({"A": "Text"})})
    with pytest.raises(NoAnswerError, match="no body received"):
        parse(op, Reply(status=200, reason="", headers={"content-length": "0"}, body=body))
