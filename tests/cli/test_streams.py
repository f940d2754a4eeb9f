"""Listings are printed as they come in, in the formats that can be: a page before the next is asked for."""

import io

import pytest

from awsmini.app import App
from awsmini.cli import run_in
from awsmini.records import Reply

ENV = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1"}
PAGES = (
    b'{"TableNames": ["first"], "LastEvaluatedTableName": "first"}',
    b'{"TableNames": ["second"], "LastEvaluatedTableName": "second"}',
    b'{"TableNames": ["third"]}',
)


def printed_before_each_request(output, tmp_path, *words):
    """What stood on stdout when each page was asked for, and at the end."""
    stdout = io.StringIO()
    seen = []

    def send(request):
        seen.append(stdout.getvalue())
        return Reply(status=200, reason="OK", headers={}, body=PAGES[len(seen) - 1], request=request)

    app = App(
        stdin=io.StringIO(),
        stdout=stdout,
        stderr=io.StringIO(),
        env={**ENV, "HOME": str(tmp_path)},
        open_sender=lambda options: send,
    )
    assert run_in(app, ["dynamodb", "list-tables", "--output", output, *words]) == 0
    return [*seen, stdout.getvalue()]


@pytest.mark.parametrize(
    ("output", "first", "second"),
    [
        ("ndjson", '"first"\n', '"second"\n'),
        ("text", "TABLENAMES\tfirst\n", "TABLENAMES\tsecond\n"),
        ("yaml-stream", "- LastEvaluatedTableName: first\n", "- LastEvaluatedTableName: second\n"),
        ("csv", "first\n", "second\n"),
    ],
)
def test_a_page_is_printed_before_the_next_is_asked_for(output, first, second, tmp_path):
    before_first, before_second, before_third, at_end = printed_before_each_request(output, tmp_path)
    assert before_first == ""
    assert first in before_second
    assert second not in before_second
    assert second in before_third
    assert "third" in at_end


@pytest.mark.parametrize("output", ["json", "yaml", "table"])
def test_what_is_one_document_is_printed_at_the_end(output, tmp_path):
    *before, at_end = printed_before_each_request(output, tmp_path)
    assert before == ["", "", ""]
    assert "third" in at_end


def test_a_query_applies_to_each_page(tmp_path):
    *_, at_end = printed_before_each_request("text", tmp_path, "--query", "length(TableNames)")
    assert at_end == "1\n1\n1\n"
    *_, at_end = printed_before_each_request("json", tmp_path, "--query", "length(TableNames)")
    assert at_end == "3\n"
