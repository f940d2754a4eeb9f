"""NDJSON, CSV and TSV: which records there are, and which columns."""

import csv
import io
import json
import os
from datetime import datetime, timezone

import pytest

from awsmini import query
from awsmini.format import renderer
from awsmini.format.view import View
from awsmini.model.load import ModelFinder
from awsmini.model.shapes import ServiceModel
from awsmini.paging import PageIterator, PagingConfig

PAGINATOR = {"input_token": "Token", "output_token": "Next", "result_key": ["Items", "Others"]}


def operation(service, name):
    return ServiceModel(ModelFinder({"HOME": os.devnull}).lines(service)).operation_model(name)


def view(service=None, name="X", expression=None, paginated=False):
    model = operation(service, name) if service else None
    return View(
        operation_name=name,
        query=query.compile(expression) if expression else None,
        output_shape=model.output_shape if model else None,
        result_keys=tuple([model.paginator["result_key"]] if model and paginated else ()),
    )


def chunks(output, answer, shown=None):
    return [chunk for chunk in renderer(output)(answer, shown or View()) if chunk]


def pages(*made, paginator=PAGINATOR, asked=None):
    iterator = iter(made)

    def call(_):
        if asked is not None:
            asked.append(1)
        return next(iterator)

    return PageIterator(call, paginator, {}, PagingConfig())


def test_a_page_is_printed_before_the_next_is_asked_for():
    asked = []
    made = renderer("ndjson")(
        pages({"Items": [{"a": 1}, {"a": 2}], "Next": "t"}, {"Items": [{"a": 3}]}, asked=asked), View()
    )
    assert next(made) == '{"a":1}\n{"a":2}\n'
    assert len(asked) == 1
    assert list(made) == ['{"a":3}\n']


def test_lines_are_compact_json_with_raw_text():
    answer = pages({"Items": [{"é": "日\n本", "n": [1.5, None, True, {}]}, "text", 7]})
    assert chunks("ndjson", answer) == ['{"é":"日\\n本","n":[1.5,null,true,{}]}\n"text"\n7\n']


def test_a_query_is_asked_of_each_page():
    def two():
        return pages({"Items": [{"a": 1}], "Next": "t"}, {"Items": [{"a": 3}, {"b": 4}]})

    assert chunks("ndjson", two(), view(expression="Items[].a")) == ["1\n", "3\n"]
    assert chunks("ndjson", two(), view(expression="length(Items)")) == ["1\n", "2\n"]
    assert chunks("ndjson", two(), view(expression="Next")) == ['"t"\n']


@pytest.mark.parametrize(
    ("service", "name", "paginated", "answer", "lines"),
    [
        ("sts", "GetCallerIdentity", False, {"Account": "1", "Arn": "a"}, ['{"Account":"1","Arn":"a"}']),
        ("ec2", "DescribeRegions", False, {"Regions": [{"RegionName": "x"}, {"RegionName": "y"}]}, ['{"RegionName":"x"}', '{"RegionName":"y"}']),
        ("iam", "GetUser", False, {"User": {"UserName": "x"}}, ['{"User":{"UserName":"x"}}']),
        ("sqs", "SendMessageBatch", False, {"Successful": [{"Id": "1"}], "Failed": []}, ['{"Successful":[{"Id":"1"}],"Failed":[]}']),
        ("dynamodb", "ListTables", True, {"TableNames": ["a", "b"]}, ['"a"', '"b"']),
        ("dynamodb", "ListTables", True, {}, []),
        ("ec2", "DescribeRegions", False, {}, []),
    ],
)  # fmt: skip
def test_where_the_records_of_one_answer_are(service, name, paginated, answer, lines):
    assert "".join(chunks("ndjson", answer, view(service, name, paginated=paginated))).splitlines() == lines


def rows(output, answer, shown=None):
    text = "".join(chunks(output, answer, shown))
    return list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if output == "tsv" else ","))


def test_columns_are_those_of_the_shape_in_its_order():
    made = pages({"Contents": [{"Size": 1, "Key": "a,b"}]}, paginator={**PAGINATOR, "result_key": "Contents"})
    shown = View(output_shape=operation("s3", "ListObjectsV2").output_shape, result_keys=("Contents",))
    header, row = rows("csv", made, shown)
    assert header == ["Key", "LastModified", "ETag", "ChecksumAlgorithm", "ChecksumType", "Size", "StorageClass", "Owner", "RestoreStatus"]  # fmt: skip
    assert row == ["a,b", "", "", "", "", "1", "", "", ""]


def test_known_columns_are_streamed():
    asked = []
    made = renderer("csv")(
        pages({"Items": [{"a": 1}], "Next": "t"}, {"Items": [{"a": 3}]}, asked=asked),
        view(expression="Items[].{A: a, B: b}"),
    )
    assert next(made) == "A,B\n1,\n"
    assert len(asked) == 1
    assert next(made) == "3,\n"


def test_unknown_columns_are_the_union_of_all_pages():
    made = pages({"Items": [{"b": 1}], "Next": "t"}, {"Items": [{"a": {"x": [1]}, "b": None}, {"c": True}]})
    assert "".join(chunks("csv", made)) == 'b,a,c\n1,,\n,"{""x"":[1]}",\n,,true\n'


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("plain", "plain"),
        (datetime(2020, 1, 2, tzinfo=timezone.utc), "2020-01-02T00:00:00+00:00"),
        ("a,b", '"a,b"'),
        ('say "hi"', '"say ""hi"""'),
        ("two\nlines", '"two\nlines"'),
        ("cr\rlf", '"cr\rlf"'),
        (None, '""'),
        (1.5, "1.5"),
        (False, "false"),
        ([1, "é"], '"[1,""é""]"'),
        ({}, "{}"),
    ],
)
def test_cells(value, cell):
    assert "".join(chunks("csv", {"x": value})) == f"x\n{cell}\n"


def test_tabs_are_quoted_in_tsv_and_commas_are_not():
    assert "".join(chunks("tsv", {"a": "x\ty", "b": "x,y"})) == 'a\tb\n"x\ty"\tx,y\n'


def test_plain_records():
    assert "".join(chunks("csv", {"N": ["a", "b"]}, view(expression="N"))) == "a\nb\n"
    assert "".join(chunks("csv", {"N": [1, 2]}, view(expression="N[].[@, 'x']"))) == "1,x\n2,x\n"
    assert (
        "".join(chunks("csv", {"TableNames": ["a"]}, view("dynamodb", "ListTables", paginated=True)))
        == "TableNames\na\n"
    )


@pytest.mark.parametrize("output", ["csv", "tsv"])
def test_nothing_found_is_a_header_at_most(output):
    assert chunks(output, {"N": []}, view(expression="N[].{A: a}")) == ["A\n"]
    assert chunks(output, {"N": []}, view(expression="N")) == []


def test_what_a_csv_reader_finds_is_what_was_there():
    records = [{"a": 'x"\r\n,\t' * 3, "b": str(number)} for number in range(2000)]
    for output in ("csv", "tsv"):
        assert rows(output, {"N": records}, view(expression="N")) == [
            ["a", "b"],
            *[list(record.values()) for record in records],
        ]


@pytest.mark.parametrize(
    ("expression", "columns"),
    [
        ("R[].{A: x, B: y}", ["A", "B"]),
        ("R[?x=='1'].{A: x}", ["A"]),
        ("R[*].{A: x} | [?A=='1']", ["A"]),
        ("R[*].{A: x} | [0]", ["A"]),
        ("R[].{A: x} | [:3]", ["A"]),
        ("R[].I[].{A: x}[]", ["A"]),
        ("sort_by(R[].{A: x}, &A)", ["A"]),
        ("reverse(sort_by(R, &x))[].{A: x}", ["A"]),
        ("M.*.{A: x}", ["A"]),
        ("{A: x}", ["A"]),
        ("R[].{A: x}.A", None),
        ("R[].[x]", None),
        ("R[].{A: x} | [0].A", None),
        ("length(R)", None),
        ("@", None),
    ],
)
def test_columns_that_a_query_makes(expression, columns):
    assert query.compile(expression).columns == columns


def test_numbers_survive_the_wait_for_unknown_columns():
    big = 10**30
    (line,) = "".join(chunks("csv", {"N": [[big, 0.1, -0.0]]}, view(expression="N"))).splitlines()
    assert [json.loads(cell) for cell in line.split(",")] == [big, 0.1, -0.0]


def test_records_that_waited_are_written_a_few_at_a_time():
    made = chunks("csv", {"N": [{"a": number} for number in range(1000)]}, view(expression="N"))
    assert "".join(made).splitlines() == ["a", *map(str, range(1000))]
    assert max(map(len, made)) < 2000


def test_numbers_that_json_lacks_are_texts():
    made = {"Items": [{"a": float("nan"), "b": [float("inf"), {"c": (-float("inf"), 1.5)}], "d": 1e999}]}
    (text,) = chunks("ndjson", pages(made))

    def refuse(constant):
        raise AssertionError(constant)

    assert json.loads(text, parse_constant=refuse) == {
        "a": "NaN", "b": ["Infinity", {"c": ["-Infinity", 1.5]}], "d": "Infinity"
    }  # fmt: skip
    assert "".join(chunks("csv", pages(made))) == 'a,b,d\nNaN,"[""Infinity"",{""c"":[""-Infinity"",1.5]}]",Infinity\n'
