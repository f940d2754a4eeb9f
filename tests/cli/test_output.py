"""Whole commands and what they print: settings, formats, pages."""

import pytest

TABLE = {"Table": {"TableName": "t", "CreationDateTime": 1577836800.123}}
BAD_FORM = (
    "awsmini: [ERROR]: An error occurred (Configuration): Unknown cli_timestamp_format value: {}, valid values are "
    '"wire" or "iso8601"'
)


def configured(aws, line):
    aws.write(".aws/config", f"[default]\n{line}\n")


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("", "2020-01-01T00:00:00.123000+00:00"),
        ("cli_timestamp_format = iso8601", "2020-01-01T00:00:00.123000+00:00"),
        ("cli_timestamp_format = wire", "1577836800.123"),
    ],
)
def test_timestamps(aws, line, printed):
    configured(aws, line)
    aws.service.replies(200, TABLE)
    shown = aws("dynamodb describe-table --table-name t --query Table.CreationDateTime --output text").stdout
    assert shown == f"{printed}\n"


@pytest.mark.parametrize("value", ["", "none", "ISO8601"])
def test_a_form_of_timestamps_that_there_is_none_of(aws, value):
    configured(aws, f"cli_timestamp_format = {value}")
    outcome = aws("dynamodb describe-table --table-name t")
    assert (outcome.code, outcome.message) == (253, BAD_FORM.format(value))
