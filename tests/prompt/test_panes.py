"""What the panes show: the help of a command, and its answer made up."""

import io

import pytest

from awsmini.app import App
from awsmini.prompt.docs import Docs
from awsmini.prompt.offers import Offers
from awsmini.prompt.preview import preview


@pytest.fixture
def previewed(env):
    """The preview for a line, 80 columns wide."""

    def text(line: str) -> str:
        return preview(Offers(env).position(f"{line} "), env, 80)

    return text


STREAM = """\
    "StreamInfoList": [
        {
            "DeviceName": "DeviceName",
            "StreamName": "StreamName","""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", "No output"),
        ("kinesisvideo", "No output"),
        ("kinesisvideo delete-stream", "No output"),
        ("kinesisvideo nosuch", "No output"),
        ("configure", "No output"),
        ("kinesisvideo list-streams --query StreamInfoList[].StreamName --output text", "StreamName\n"),
        ("kinesisvideo list-streams --query StreamInfoList[7].StreamName", '"StreamName"\n'),
        ("kinesisvideo list-streams --query 'StreamInfoList[0].StreamName.'", '"StreamName"\n'),
        ("kinesisvideo list-streams --query 'StreamInfoList[0].[StreamName'", None),
        ("kinesisvideo list-streams --query StreamInfoList[", None),
        ("kinesisvideo list-streams --query NextToken --output yaml", '"NextToken"\n'),
        ("kinesisvideo list-streams --query StreamInfoList[].[StreamName,Version] --output text",
         "StreamName  Version\n"),
        ("kinesisvideo list-streams --output off", ""),
        ("kinesisvideo list-streams --query", None),
    ],
)  # fmt: skip
def test_preview(previewed, line, expected):
    text = previewed(line)
    if expected is None:
        assert '"StreamName": "StreamName"' in text
    else:
        assert text == expected


def test_preview_of_a_whole_answer(previewed):
    assert STREAM in previewed("kinesisvideo list-streams")
    assert "|  StreamName" in previewed("kinesisvideo list-streams --output table")


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("--output tx", ["Bad value for --output: tx", "", "Valid values are: json, text, table, yaml, yaml-stream,"]),
        ("--query 'a b'", ["Bad value for --query a b:"]),
        ("--query 'nosuch(@)'", ["Unknown function: nosuch()"]),
        ("--profile nosuch", ["The config profile (nosuch) could not be found"]),
    ],
)
def test_what_is_wrong_is_told_in_its_place(previewed, line, lines):
    text = previewed(f"kinesisvideo list-streams {line}").splitlines()
    assert all(found.startswith(expected) for found, expected in zip(text, lines, strict=False))
    assert len(text) >= len(lines)


@pytest.fixture
def docs(env):
    app = App(stdin=io.StringIO(), stdout=io.TextIOWrapper(io.BytesIO(), "utf-8"), stderr=io.StringIO(), env=env)
    return Docs(app)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ((), "awsmini"),
        (("kinesisvideo",), "awsmini kinesisvideo"),
        (("kinesisvideo", "list-streams"), "awsmini kinesisvideo list-streams"),
        (("kinesisvideo", "nosuch", "x"), "awsmini kinesisvideo"),
        (("nosuch",), "awsmini"),
        (("help", "kinesisvideo"), "awsmini kinesisvideo"),
        (("configure", "sso"), "awsmini configure sso"),
        (("ec2", "wait", "instance-running"), "awsmini ec2 wait instance-running"),
    ],
)
def test_docs(docs, path, name):
    lines = docs.lines(path, 70)
    assert lines[0].text == "NAME"
    assert lines[1].text.split(" - ")[0] == name
    assert docs.lines(path, 70) is lines


def test_where_an_option_is_told_of(docs):
    path = ("ec2", "describe-vpcs")
    for option in ("--filters", "--no-dry-run", "--vpc-ids", "--max-items"):
        row = docs.row(path, 70, option)
        assert option in docs.lines(path, 70)[row].text
        assert docs.lines(path, 70)[row].text.endswith(")")
    assert docs.row(path, 70, "--nosuch") is None


@pytest.mark.parametrize("width", [39, 58, 79, 119])
def test_docs_are_as_wide_as_the_pane(docs, width):
    lines = docs.lines(("kinesisvideo", "create-stream"), width)
    assert max(line.indent + len(line.text) for line in lines if "://" not in line.text) <= width
