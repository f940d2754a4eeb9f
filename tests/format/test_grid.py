"""Grids: which columns, how they fit, what they look like; the golden files are looked at by eye when they change."""

import json
import os
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from awsmini.errors import ParamValidationError
from awsmini.format import grid as grids
from awsmini.format.columns import Column, _header, age, getter, layout
from awsmini.format.grid import _line_maker, render
from awsmini.format.view import View
from awsmini.model.load import ModelFinder, data
from awsmini.model.shapes import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape
from awsmini.query import compile as compiled
from tests.format.made_answers import NOW, answer

GOLDEN = Path(__file__).parent / "golden"
LISTINGS = data("grids.json")


def operation(name: str) -> OperationModel:
    service, _, api_name = name.partition(".")
    return ServiceModel(ModelFinder({}).lines(service)).operation_model(api_name)


def view_of(name: str, **more: Any) -> View:
    return View.of(operation(name))._replace(now=NOW, **more)


def inside(shape: Shape | None, name: str) -> Shape | None:
    """The shape behind one step of a path, through lists; a tag's key leads to text."""
    while isinstance(shape, ListShape):
        shape = shape.member
    if isinstance(shape, StructureShape) and name not in shape.members and {"Key", "Value"} <= set(shape.members):
        return shape.members["Value"]
    return shape.members.get(name) if isinstance(shape, StructureShape) else None


@pytest.mark.parametrize("name", LISTINGS)
def test_what_the_table_shows_is_in_the_model(name):
    view = view_of(name)
    lists, columns, _ = layout(view)
    assert columns
    assert len({column.header for column in columns}) == len(columns)
    items = []
    for path in lists or [view.result_keys[0] if view.result_keys else _only_list(view.output_shape)]:
        shape: Shape | None = view.output_shape
        for step in path.split("."):
            shape = inside(shape, step)
        assert isinstance(shape, ListShape), f"{name} has no list {path}"
        items.append(shape.member)
    for column in columns:
        kinds = [kind for item in items for path in column.path.split("|") if (kind := leads_to(item, path))]
        assert kinds, f"{name} has no {column.path}"
        if column.kind == "age":
            assert kinds[0].type_name in ("timestamp", "long", "string")
        if column.kind == "count":
            assert isinstance(kinds[0], ListShape | MapShape)
        if column.kind == "size":
            assert kinds[0].type_name in ("integer", "long")


def leads_to(shape: Shape | None, path: str) -> Shape | None:
    for step in () if path == "@" else path.split("."):
        shape = inside(shape, step)
    return shape


def _only_list(shape: Shape | None) -> str:
    """Of an operation without a paginator: what is no list would make one record of all."""
    assert isinstance(shape, StructureShape)
    [name] = [name for name, member in shape.members.items() if isinstance(member, ListShape)]
    return name


def test_sixty_listings_have_columns_of_their_own():
    assert len(LISTINGS) >= 60


def test_the_listings_look_as_they_did():
    """All of them at all widths in one file; a width at which nothing is cut is as the pipe has it."""
    shown = []
    for name in LISTINGS:
        given = answer(operation(name).output_shape)
        grids = {0: "".join(render(given, view_of(name)))}
        for width in (80, 120, 200):
            grids[width] = "".join(render(given, view_of(name, is_tty=True, width=width, color="off")))
            assert max(map(cell_len, grids[width].splitlines())) <= width
            assert grids[width].count("\n") > 3, f"{name} has no rows"
        shown += [
            f"## {name}\n",
            grids[0],
            *(f"# {width}\n{grids[width]}" for width in (80, 120, 200) if grids[width] != grids[0]),
        ]
    file = GOLDEN / "listings.txt"
    if os.environ.get("GOLDEN") == "write":
        file.write_text("".join(shown))
    assert "".join(shown) == file.read_text()


INSTANCES = {
    "Reservations": [
        {"Instances": [
            {"InstanceId": "i-0a1b2c3d4e5f60718", "State": {"Name": "running", "Code": 16}, "InstanceType": "m5.2xlarge",
             "Placement": {"AvailabilityZone": "eu-west-1a"}, "PrivateIpAddress": "10.0.12.34", "PublicIpAddress": "54.1.2.3",
             "LaunchTime": "2026-11-29T11:58:30+00:00", "Tags": [{"Key": "team", "Value": "x"}, {"Key": "Name", "Value": "web-1"}]},
            {"InstanceId": "i-1", "State": {"Name": "stopped"}, "InstanceType": "t3.micro", "LaunchTime": "2024-01-01T00:00:00+00:00",
             "Placement": {"AvailabilityZone": "eu-west-1b"}, "Tags": [{"Key": "Name", "Value": "日本語の長い名前のサーバー"}]},
        ]},
        {"Instances": [{"InstanceId": "i-2", "State": {"Name": "pending"}, "LaunchTime": "2026-12-01T12:00:00+00:00"}]},
        {"Instances": []},
    ]
}  # fmt: skip
STACKS = {"Stacks": [
    {"StackName": "shop", "StackStatus": "UPDATE_ROLLBACK_COMPLETE", "CreationTime": "2026-11-01T00:00:00Z",
     "StackStatusReason": "The following resource(s)\nfailed: \x1b[31mX", "Description": "Everything " * 20},
    {"StackName": "b", "StackStatus": "CREATE_IN_PROGRESS", "CreationTime": "2026-11-29T11:00:00Z"},
]}  # fmt: skip
STREAMS = {"StreamInfoList": [{"StreamName": "one", "Status": "ACTIVE", "Version": "v", "DataRetentionInHours": 24,
                               "CreationTime": "2026-11-20T00:00:00Z", "StreamARN": "arn:aws:kinesisvideo:x"}]}  # fmt: skip
CASES: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "instances": ("ec2.DescribeInstances", INSTANCES, {}),
    "instances-wide": ("ec2.DescribeInstances", INSTANCES, {"wide": True}),
    "instances-chosen": ("ec2.DescribeInstances", INSTANCES, {"columns": ("Tags.Name", "WHO=InstanceId", "LaunchTime:age"), "sort_by": "InstanceId"}),
    "stacks": ("cloudformation.DescribeStacks", STACKS, {}),
    "streams": ("kinesisvideo.ListStreams", STREAMS, {}),
    "tables": ("dynamodb.ListTables", {"TableNames": ["a", "b"]}, {}),
    "queues": ("sqs.ListQueues", {"QueueUrls": ["https://sqs.eu-west-1.amazonaws.com/1/jobs"]}, {}),
    "queried": ("ec2.DescribeInstances", INSTANCES, {"query": compiled("Reservations[].Instances[].{Id:InstanceId,On:State.Name}")}),
    "rows": ("ec2.DescribeInstances", INSTANCES, {"query": compiled("Reservations[].Instances[].[InstanceId, State.Name]")}),
    "nothing": ("ec2.DescribeInstances", {"Reservations": []}, {}),
}  # fmt: skip


@pytest.mark.parametrize("width", [0, 80, 120, 200], ids=lambda width: f"{width or 'pipe'}")
@pytest.mark.parametrize("name", CASES)
def test_grids_look_as_they_did(name, width):
    case, given, how = CASES[name]
    view = view_of(case, is_tty=bool(width), width=width or 80, color="auto" if width == 120 else "off", **how)
    shown = "".join(render(given, view))
    file = GOLDEN / f"{name}-{width or 'pipe'}.txt"
    if os.environ.get("GOLDEN") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(shown)
    assert shown == file.read_text()
    assert all(
        len(line) <= width
        for line in shown.splitlines()
        if width and "wide" not in name and line.isascii() and "\x1b" not in line
    )
    assert "\x1b[31mX" not in shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2026-11-29T11:59:30Z", "30s"), ("2026-11-29T11:30:00+00:00", "30m"), ("2026-11-29T02:00:00Z", "10h"),
        ("2026-11-20T12:00:00", "9d"), ("2023-11-29T12:00:00Z", "3y1d"), ("2026-12-03T12:00:00Z", "in 4d"),
        (1764374400, "365d"), (1795953600000, "0s"), ("never", "never"), ("", ""), (None, "None"),
    ],
)  # fmt: skip
def test_ages(value, shown):
    assert age(value, datetime(2026, 11, 29, 12, tzinfo=timezone.utc)) == shown or (
        value == 1795953600000 and age(value, NOW)
    )


@pytest.mark.parametrize(
    ("column", "record", "shown"),
    [
        (Column("X", "a.b"), {"a": {"b": 1}}, "1"),
        (Column("X", "a.b"), {"a": None}, "-"),
        (Column("X", "a.b"), {"a": [{"b": 1}, {"b": 2}, {}]}, "1,2"),
        (Column("X", "Tags.Name"), {"Tags": [{"Key": "Name", "Value": "n"}]}, "n"),
        (Column("X", "Tags.Name"), {"Tags": [{"Key": "other", "Value": "n"}]}, "-"),
        (Column("X", "Tags", "pairs"), {"Tags": [{"Key": "a", "Value": "b"}, {"Key": "c", "Value": "d"}]}, "a=b,c=d"),
        (Column("X", "Tags", "pairs"), {"Tags": {"a": "b"}}, "a=b"),
        (Column("X", "a", "count"), {"a": [1, 2]}, "2"),
        (Column("X", "a", "tail"), {"a": "arn:aws:sns:x:1:topic"}, "topic"),
        (Column("X", "a", "tail"), {"a": "/hostedzone/Z1"}, "Z1"),
        (Column("X", "a"), {"a": True}, "true"),
        (Column("X", "a"), {"a": []}, "-"),
        (Column("X", "a"), {"a": ["x", "y"]}, "x,y"),
        (Column("X", "a"), {"a": {"b": 1}}, '{"b":1}'),
        (Column("X", "a"), {"a": 0}, "0"),
        (Column("X", "@"), "itself", "itself"),
    ],
)
def test_cells(column, record, shown):
    assert getter(column, NOW)(record) == shown


def test_pages_are_printed_as_they_come_with_the_widths_of_the_first(aws):
    pages = [{"TableNames": ["long-table-name"], "LastEvaluatedTableName": "xyz"}, {"TableNames": ["b"]}]
    for page in pages:
        aws.service.replies(200, page)
    assert aws("dynamodb list-tables --output grid").stdout == "TABLE\nlong-table-name\nb\n"


def test_an_operations_own_option_of_the_name_wins(aws):
    aws.service.replies(
        200, {"CertificateSummaryList": [{"DomainName": "b.example"}, {"DomainName": "a.example"}]}, times=2
    )
    own = aws("acm list-certificates --sort-by CREATED_AT --output grid")
    assert aws.service.requests[0].json["SortBy"] == "CREATED_AT"
    assert own.stdout.index("b.example") < own.stdout.index("a.example")
    ours = aws("--sort-by DomainName acm list-certificates --output grid")
    assert "SortBy" not in aws.service.requests[1].json
    assert ours.stdout.index("a.example") < ours.stdout.index("b.example")


def test_what_is_cut_by_max_items_says_how_to_go_on(aws):
    aws.service.replies(200, {"TableNames": ["a", "b", "c"]})
    done = aws("dynamodb list-tables --output grid --max-items 2")
    assert done.stdout == "TABLE\na\nb\n"
    assert json.loads(json.dumps(done.stderr)).startswith("There is more; continue with --starting-token ")


SERVICES = {"services": [{"serviceName": "web", "status": "ACTIVE", "desiredCount": 2}], "failures": [{"arn": "x"}]}


def grid(name: str, given: Any, **how: Any) -> list[list[str]]:
    return [line.split() for line in "".join(render(given, view_of(name, **how))).splitlines()]


def test_records_are_found_where_an_answer_has_more_than_one_list():
    assert grid("ecs.DescribeServices", SERVICES)[1][:3] == ["web", "ACTIVE", "2"]
    assert grid("ecs.DescribeClusters", {"clusters": [{"clusterName": "c"}], "failures": []}, columns=("clusterName",)) == [["clusterName"], ["c"]]  # fmt: skip
    assert grid("eks.DescribeCluster", {"cluster": {"name": "prod", "status": "ACTIVE"}})[1][0] == "prod"
    objects = {"Contents": [{"Key": "a", "Size": 2048}], "CommonPrefixes": [{"Prefix": "b/"}]}
    assert grid("s3.ListObjectsV2", objects, columns=("KEY", "SIZE")) == [["KEY", "SIZE"], ["a", "2.0KiB"], ["b/", "-"]]


def test_columns_are_named_by_headers_or_paths():
    assert grid("ec2.DescribeInstances", INSTANCES, columns=("PRIVATE_IP", "ID", "X=State.Name", "ID"), sort_by="ID") == [
        ["PRIVATE", "IP", "ID", "X", "ID"], ["10.0.12.34", "i-0a1b2c3d4e5f60718", "running", "i-0a1b2c3d4e5f60718"],
        ["-", "i-1", "stopped", "i-1"], ["-", "i-2", "pending", "i-2"]]  # fmt: skip


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"columns": ("Nope",)}, "--columns: the records have no Nope. They have .*InstanceId"),
        ({"columns": ("State.Nope",)}, "--columns: the records have no State.Nope."),
        ({"sort_by": "AGEE"}, "--sort-by: the records have no AGEE."),
    ],
)
def test_what_no_record_can_have_is_told(how, says):
    with pytest.raises(ParamValidationError, match=says):
        grid("ec2.DescribeInstances", INSTANCES, **how)


def test_a_wrong_column_is_told_before_the_call(aws):
    done = aws("ec2 describe-instances --output grid --columns Nope")
    assert (done.code, aws.service.requests) == (252, [])


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("Reservations[].Instances[].InstanceId", [["VALUE"], ["i-0a1b2c3d4e5f60718"], ["i-1"], ["i-2"]]),
        ("Nope", []), ("length(Reservations)", [["VALUE"], ["3"]]), ("{\"a.b\": `1`}", [["a.b"], ["1"]]),
        ("[[`1`, `null`], [`2`, `[3]`, `{}`]]", [["1", "-", "-"], ["2", "3", "{}"]]),
    ],
)  # fmt: skip
def test_what_a_query_finds(query, shown):
    given = {"Reservations": INSTANCES["Reservations"][:3]}
    assert grid("ec2.DescribeInstances", given, query=compiled(query)) == shown


def test_a_first_page_without_records_settles_no_width(aws):
    aws.service.replies(200, {"TableNames": [], "LastEvaluatedTableName": "xyz"})
    aws.service.replies(200, {"TableNames": ["a-table"]})
    done = aws("dynamodb list-tables --output grid --columns X=@,Y=@")
    assert done.stderr == ""
    assert done.stdout == "X        Y\na-table  a-table\n"


def test_what_comes_later_is_not_cut_where_there_is_room():
    lines = _line_maker([Column("A", "a"), Column("B", "b")], [3, 3], 40, View(is_tty=True, width=40))
    assert list(lines([["abcdef", "x"], ["データ", "y"], ["a" * 50, "z"]], True)) == [
        "abcdef  x",
        "データ  y",
        "aa…  z",
    ]


def test_ascii_is_measured_without_a_library(monkeypatch):
    monkeypatch.setattr(grids, "resolve_name", None)
    shown = "".join(render(STACKS, view_of("cloudformation.DescribeStacks", is_tty=True, width=90)))
    assert "…" in shown


def test_headers_are_words():
    names = {"DBInstanceClass": "DB INSTANCE CLASS", "VPCId": "VPC ID", "ETag": "ETAG", "IPv6Addr": "IPV6 ADDR", "functionArn": "FUNCTION ARN", "ResourceARNs": "RESOURCE ARNS"}  # fmt: skip
    assert {name: _header(name) for name in names} == names


@pytest.mark.parametrize("line", ["configure list", "configure list-profiles", "configure get region", "local status"])
def test_commands_that_are_no_listings_do_not_mind_a_grid(aws, line):
    shown = aws(line).stdout
    aws.env["AWS_DEFAULT_OUTPUT"] = "grid"
    assert aws(line).stdout == shown


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("a:size", float("nan"), "nan"),
        ("a:size", float("inf"), "inf"),
        ("a:size", 10**400, str(10**400)),
        ("a:pairs", [{"Key": "k", "Value": "v"}, "odd"], "k=v"),
        ("a.k", [{"Key": "x", "Value": "w"}, "odd", {"Key": "k", "Value": "v"}], "v"),
    ],
)
def test_values_that_no_model_would_have(column, value, shown):
    view = View(query=compiled("Rows"), columns=(column,), now=NOW)
    assert "".join(render({"Rows": [{"a": value}]}, view)).splitlines()[1:] == [shown]
