"""Whole commands and what they print: settings, formats, pages."""

import subprocess
import sys
import threading

import pytest

from tests.servers import answer
from tests.terminal import CREDENTIALS, PROJECT

TABLE = {"Table": {"TableName": "t", "CreationDateTime": 1577836800.123}}
BAD_FORM = (
    "awsmini: [ERROR]: An error occurred (Configuration): Unknown cli_timestamp_format value: {}, valid values are "
    '"wire" or "iso8601"'
)
USERS = """\
<ListUsersResponse><ListUsersResult><Users><member><UserName>{name}</UserName></member></Users>
<IsTruncated>{more}</IsTruncated><Marker>m</Marker></ListUsersResult></ListUsersResponse>"""


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


@pytest.mark.parametrize(
    ("options", "first"),
    [
        ("--output ndjson", '{"UserName":"a"}'),
        ("--output csv --query Users[].{name:UserName}", "name"),
        ("--output text --query Users[].UserName", "a"),
        ("--output yaml-stream", "- IsTruncated: true"),
    ],
)
def test_a_page_is_on_its_way_before_the_next_is_asked_for(aws, options, first):
    was_read = threading.Event()

    def respond(request):
        second = len(aws.service.requests) == 2
        if second and not was_read.wait(60):
            return answer(400, "the first page was not printed")
        return answer(200, USERS.format(name="b", more="false") if second else USERS.format(name="a", more="true"))

    aws.service.always(respond)
    with subprocess.Popen(
        [sys.executable, "-m", "awsmini", "iam", "list-users", *options.split()],
        env={**aws.env, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == f"{first}\n"
        was_read.set()
        assert "b" in process.stdout.read()
    assert process.returncode == 0


def test_debug_tells_all_words_and_no_secret(aws):
    aws.service.replies(200, TABLE)
    outcome = aws(
        "dynamodb describe-table --debug --table-name t --query Table.TableName --color off --no-cli-pager",
    )
    assert outcome.stdout == '"t"\n'
    entered = next(line for line in outcome.stderr.splitlines() if "Arguments entered" in line)
    assert entered.endswith(
        " - MainThread - awsmini.cli - DEBUG - Arguments entered to CLI: ['dynamodb', 'describe-table', '--debug', "
        "'--table-name', 't', '--query', 'Table.TableName', '--color', 'off', '--no-cli-pager']"
    )
    assert CREDENTIALS["AWS_SECRET_ACCESS_KEY"] not in outcome.stderr
