"""The history of commands: AWS CLI v2's database, without the secrets."""

import json
import sqlite3
import stat
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from awsmini.history_secrets import (
    safe_headers,
    safe_words,
    sensitive_options,
    without_secrets,
)
from awsmini.model.load import ModelFinder
from awsmini.model.secret_shapes import may_hold_secrets
from awsmini.model.shapes import OperationModel, ServiceModel
from tests import servers
from tests.terminal import run_and_list_modules

TOKEN = "SESSIONTOKENEXAMPLE"
SECRET = "hunter22"
FILE = ".aws/cli/history/history.db"
# As AWS CLI v2.36 writes them.
ROWS = [
    ("c1", None, "CLI", "CLI_VERSION", 1795350163812, '"aws-cli/2.36.7"'),
    ("c1", None, "CLI", "CLI_ARGUMENTS", 1795350163829, '["sts", "get-caller-identity", "--output", "text"]'),
    ("c1", "r1", "BOTOCORE", "API_CALL", 1795350164164,
     '{"service": "sts", "operation": "GetCallerIdentity", "params": {}}'),
    ("c1", "r1", "BOTOCORE", "HTTP_REQUEST", 1795350164173,
     json.dumps({"method": "POST", "headers": {"Authorization": f"AWS4 Signature={'ab' * 32}"}, "streaming": False,
                 "url": "http://x/", "body": "Action=GetCallerIdentity"})),
    ("c1", "r1", "BOTOCORE", "HTTP_RESPONSE", 1795350164183,
     json.dumps({"headers": {"b": "1", "a": "2"}, "status_code": 200, "context": {}, "streaming": False,
                 "body": "<a><b>1</b><c/></a>"})),
    ("c1", "r1", "BOTOCORE", "PARSED_RESPONSE", 1795350164185, '{"UserId": "U", "Arn": "A"}'),
    ("c1", None, "CLI", "CLI_RC", 1795350164190, "0"),
]  # fmt: skip
SHOWN = """\

AWS CLI command entered
at time: {0}.812
with AWS CLI version: aws-cli/2.36.7
with arguments: ['sts', 'get-caller-identity', '--output', 'text']

[0] API call made
at time: {1}.164
to service: sts
using operation: GetCallerIdentity
with parameters: {{}}

[0] HTTP request sent
at time: {1}.173
to URL: http://x/
with method: POST
with headers: {{
    "Authorization": "AWS4 Signature=abab..."
}}
with body: Action=GetCallerIdentity

[0] HTTP response received
at time: {1}.183
with status code: 200
with headers: {{
    "a": "2",
    "b": "1"
}}
with body: <?xml version="1.0" ?>
<a>
    <b>1</b>
    <c/>
</a>


[0] HTTP response parsed
at time: {1}.185
parsed to: {{
    "Arn": "A",
    "UserId": "U"
}}

AWS CLI command exited
at time: {1}.190
with return code: 0
"""


def local_time(milliseconds: int, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    return datetime.fromtimestamp(milliseconds / 1000).strftime(form)


@pytest.fixture
def recorded(aws):
    """A terminal whose commands are recorded, with credentials that have a session token."""
    aws.write(".aws/config", "[default]\ncli_history = enabled\n")
    aws.env["AWS_SESSION_TOKEN"] = TOKEN
    return aws


@pytest.fixture
def written(aws):
    """A terminal with a database that AWS CLI v2 wrote."""
    write(aws.home / FILE, ROWS)
    return aws


def write(path: Path, rows: list[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("CREATE TABLE records (id TEXT, request_id TEXT, source TEXT, event_type TEXT,"
                           " timestamp INTEGER, payload TEXT)")  # fmt: skip
        connection.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?)", rows)
    connection.close()


def events(path: Path) -> list[tuple[str, str | None, str, str, int, Any]]:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT * FROM records ORDER BY timestamp, rowid").fetchall()
    connection.close()
    return [(*row[:5], json.loads(row[5])) for row in rows]


def payloads(path: Path) -> dict[str, Any]:
    """By event type; of each the last."""
    return {event[3]: event[5] for event in events(path)}


def test_nothing_is_recorded_unless_asked_for(aws):
    aws.service.replies(200, {"TableNames": []})
    assert aws("dynamodb list-tables").code == 0
    assert not (aws.home / FILE).exists()


@pytest.mark.parametrize("value", ["Enabled", "true", "disabled", ""])
def test_only_one_word_enables_it(aws, value):
    aws.write(".aws/config", f"[default]\ncli_history = {value}\n")
    aws("sts nosuch")
    assert not (aws.home / FILE).exists()


def test_a_call(recorded):
    recorded.service.replies(200, {"TableNames": ["t"]}, {"X-Amzn-Requestid": "R"})
    assert recorded("dynamodb list-tables --limit 3 --no-paginate").code == 0
    found = events(recorded.home / FILE)
    assert [event[3] for event in found] == [
        "CLI_VERSION", "CLI_ARGUMENTS", "API_CALL", "HTTP_REQUEST", "HTTP_RESPONSE", "PARSED_RESPONSE", "CLI_RC",
    ]  # fmt: skip
    assert len({event[0] for event in found}) == 1
    assert [event[2] for event in found] == ["CLI", "CLI", *["BOTOCORE"] * 4, "CLI"]
    assert {event[1] for event in found if event[2] == "CLI"} == {None}
    assert len({event[1] for event in found if event[2] == "BOTOCORE"}) == 1
    told = payloads(recorded.home / FILE)
    assert told["CLI_VERSION"].startswith("awsmini/")
    assert told["CLI_ARGUMENTS"] == ["dynamodb", "list-tables", "--limit", "3", "--no-paginate"]
    assert told["API_CALL"] == {"service": "dynamodb", "operation": "ListTables", "params": {"Limit": 3}}
    request = told["HTTP_REQUEST"]
    assert (request["method"], request["url"], request["streaming"]) == ("POST", f"{recorded.service.url}/", False)
    assert json.loads(request["body"]) == {"Limit": 3}
    assert request["headers"]["Content-Length"] == str(len(request["body"]))
    assert request["headers"]["Authorization"].endswith("...")
    assert request["headers"]["X-Amz-Security-Token"] == "****"
    response = told["HTTP_RESPONSE"]
    assert (response["status_code"], response["streaming"]) == (200, False)
    assert json.loads(response["body"]) == {"TableNames": ["t"]}
    assert told["PARSED_RESPONSE"]["TableNames"] == ["t"]
    assert told["PARSED_RESPONSE"]["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert told["CLI_RC"] == 0


def test_the_file_is_its_owners_alone(recorded):
    recorded("sts nosuch")
    assert stat.S_IMODE((recorded.home / FILE).stat().st_mode) == 0o600


def test_another_file(recorded):
    recorded.env["AWS_CLI_HISTORY_FILE"] = str(recorded.home / "other" / "file.db")
    recorded("sts nosuch")
    assert payloads(recorded.home / "other" / "file.db")["CLI_RC"] == 252
    assert "sts nosuch" in recorded("history list").stdout


@pytest.mark.parametrize(
    ("command", "code"), [("sts nosuch", 252), ("configure get nosuch", 1), ("sts get-caller-identity --x", 252)]
)
def test_commands_that_call_nothing(recorded, command, code):
    assert recorded(command).code == code
    assert payloads(recorded.home / FILE)["CLI_RC"] == code


@pytest.mark.parametrize("command", ["history list", "--version", "help", "nosuch"])
def test_commands_that_are_not_recorded(recorded, command):
    recorded(command)
    assert not (recorded.home / FILE).exists()


def test_an_error_and_its_retries(recorded):
    recorded.service.replies(500, "boom", times=3)
    assert recorded("dynamodb list-tables").code == 254
    kinds = [event[3] for event in events(recorded.home / FILE)]
    assert kinds.count("HTTP_REQUEST") == kinds.count("HTTP_RESPONSE") == 3
    assert payloads(recorded.home / FILE)["PARSED_RESPONSE"]["Error"]["Code"] == "500"


def test_pages_are_calls(recorded):
    recorded.service.replies(200, {"TableNames": ["abc"], "LastEvaluatedTableName": "abc"})
    recorded.service.replies(200, {"TableNames": ["def"]})
    assert recorded("dynamodb list-tables").code == 0
    assert len({event[1] for event in events(recorded.home / FILE)} - {None}) == 2
    assert "\n[1] HTTP request sent\n" in recorded("history show").stdout


def test_streams_are_not_kept(recorded):
    recorded.write("body", "CONTENT")
    recorded.service.replies(200)
    recorded("s3api put-object --bucket bucket --key key --body body")
    recorded.service.replies(200, "CONTENT")
    recorded("s3api get-object --bucket bucket --key key out")
    assert b"CONTENT" not in (recorded.home / FILE).read_bytes()
    assert "with body: The body is a stream and will not be displayed\n" in recorded("history show").stdout


SECRETS = {
    "in the parameters": ("secretsmanager create-secret --name n --secret-string hunter22", {"Name": "n"}),
    "in a structure": (
        """cognito-idp admin-set-user-password --user-pool-id us-east-1_x --username u --password hunter22""", {}),
    "in a document": ("""secretsmanager put-secret-value --cli-input-json '{"SecretId":"s","SecretString":"hunter22"}'""",
                      {}),
    "in the answer": ("secretsmanager get-secret-value --secret-id s", {"SecretString": "hunter22"}),
    "in a header": ("s3api head-object --bucket bucket --key k --sse-customer-algorithm AES256 --sse-customer-key "
                    "hunter22hunter22hunter22hunter22", ""),
    "in a URL": ("iot describe-endpoint --endpoint-url {url}/?token=hunter22", {}),
    "as a token": ("sts get-session-token --token-code hunter22", ""),
    "in an answer that is XML": ("sts get-session-token",
        "<GetSessionTokenResponse><GetSessionTokenResult><Credentials><SecretAccessKey>hunter22</SecretAccessKey>"
        "<SessionToken>hunter22</SessionToken></Credentials></GetSessionTokenResult></GetSessionTokenResponse>"),
    "in an error that is no answer of the service's": ("sts get-caller-identity",
        servers.answer(400, "<x><SecretAccessKey>hunter22</SecretAccessKey>")),
    "set in the configuration": ("configure set aws_secret_access_key hunter22", None),
}  # fmt: skip


@pytest.mark.parametrize("name", SECRETS)
def test_no_secret_is_kept(recorded, name):
    command, reply = SECRETS[name]
    if reply is not None:
        recorded.service.always(lambda _: _answer(reply))
    recorded(command.replace("{url}", recorded.service.url))
    kept = b"".join(path.read_bytes() for path in (recorded.home / FILE).parent.iterdir())
    assert b"CLI_RC" in kept
    for secret in (SECRET, TOKEN, recorded.env["AWS_SECRET_ACCESS_KEY"], "aHVudGVyMjJodW50ZXIyMmh1bnRlcjIy"):
        assert secret.encode() not in kept


def _answer(reply: Any) -> servers.Answer:
    return reply if isinstance(reply, servers.Answer) else servers.answer(200, reply)


def operation(service: str, name: str) -> OperationModel:
    return ServiceModel(ModelFinder({}).lines(service)).operation_model(name)


def test_what_is_a_secret():
    create = operation("secretsmanager", "CreateSecret")
    found: list[str] = []
    params = {"Name": "n", "SecretString": SECRET, "SecretBinary": b"hunter23", "Tags": [{"Key": "a", "Value": "b"}]}
    assert without_secrets(params, create.input_shape, found) == {
        **params, "SecretString": "****", "SecretBinary": "****",
    }  # fmt: skip
    assert found == [SECRET, "hunter23"]
    assert without_secrets({"x": [{"Password": "p", "NextToken": "t"}]}, None, []) == {
        "x": [{"Password": "****", "NextToken": "t"}]
    }


@pytest.mark.parametrize(
    ("service", "name", "expected"),
    [
        ("sts", "AssumeRole", True),
        ("secretsmanager", "GetSecretValue", True),
        ("iam", "CreateAccessKey", True),
        ("dynamodb", "Scan", False),
        ("ec2", "DescribeVpcs", False),
        ("s3", "ListBuckets", False),
    ],
)
def test_answers_that_may_hold_secrets(service, name, expected):
    assert may_hold_secrets(operation(service, name).output_shape) is expected


def test_headers():
    put = operation("s3", "PutObject")
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential=a, Signature={'0123' * 16}",
        "x-amz-server-side-encryption-customer-key": "k",
        "x-amz-server-side-encryption-customer-key-MD5": "m",
        "X-Amz-Security-Token": "t",
        "Set-Cookie": "c",
        "Content-Type": "text/plain",
    }
    assert safe_headers(headers, put) == {
        "Authorization": "AWS4-HMAC-SHA256 Credential=a, Signature=0123...",
        "x-amz-server-side-encryption-customer-key": "****",
        "x-amz-server-side-encryption-customer-key-MD5": "m",
        "X-Amz-Security-Token": "****",
        "Set-Cookie": "****",
        "Content-Type": "text/plain",
    }
    assert safe_headers({"Authorization": "Bearer x"}, put) == {"Authorization": "****"}


@pytest.mark.parametrize(
    ("words", "safe"),
    [
        (["s3", "ls"], ["s3", "ls"]),
        (["x", "--password", "p", "--name", "n"], ["x", "--password", "****", "--name", "n"]),
        (["x", "--password=p"], ["x", "--password=****"]),
        (["configure", "set", "p.aws_secret_access_key", "k"], ["configure", "set", "p.aws_secret_access_key", "****"]),
        (["x", "--cli-input-json", '{"a": "abcdef"}'], ["x", "--cli-input-json", '{"a": "****"}']),
    ],
)
def test_words(words, safe):
    assert safe_words(words, ["abcdef"]) == safe


def test_options_whose_values_are_secrets():
    options = set(sensitive_options(operation("s3", "PutObject")))
    assert "--sse-customer-key" in options
    assert "--bucket" not in options
    words = ["--sse-customer-key", "k", "--sse-customer-key=k", "--bucket", "b"]
    assert safe_words(words, [], options) == ["--sse-customer-key", "****", "--sse-customer-key=****", "--bucket", "b"]


def test_where_nothing_can_be_written_the_command_runs_all_the_same(recorded):
    recorded.env["AWS_CLI_HISTORY_FILE"] = "/dev/null/history.db"
    recorded.service.replies(200, {"TableNames": []})
    outcome = recorded("dynamodb list-tables")
    assert outcome.json == {"TableNames": []}
    assert outcome.stderr == (
        "Warning: Unable to record CLI history. Check file permissions for /dev/null/history.db\n"
    )


def test_a_file_that_is_no_database(recorded):
    recorded.write(FILE, "this is no database, however long one looks at it" * 50)
    assert "Warning: Unable to record CLI history." in recorded("sts nosuch").stderr
    outcome = recorded("history list")
    assert "cannot be read: file is not a database" in outcome.message
    assert outcome.code == 255


def test_show_as_aws_cli_v2_shows_it(written):
    times = local_time(ROWS[0][4]), local_time(ROWS[2][4])
    assert written("history show").stdout == SHOWN.format(*times)
    assert written("history show c1").stdout == SHOWN.format(*times)
    assert written("history show nosuch").stdout == ""


def test_show_some_events(written):
    only = written("history show --include CLI_RC API_CALL").stdout
    assert [line for line in only.splitlines() if line and ":" not in line] == [
        "[0] API call made", "AWS CLI command exited",
    ]  # fmt: skip
    assert "HTTP" not in written("history show --exclude HTTP_REQUEST HTTP_RESPONSE PARSED_RESPONSE").stdout
    outcome = written("history show --include X --exclude Y")
    assert "Either --exclude or --include can be provided but not both" in outcome.message
    assert outcome.code == 252
    assert "Found invalid choice 'short'" in written("history show --format short").message


def test_show_in_colors(written):
    text = written("history show --include CLI_RC --color on").stdout
    assert text.startswith("\n\x1b[1mAWS CLI command exited\x1b[0m\n\x1b[36mat time: \x1b[0m")
    assert "\x1b" not in written("history show --color off").stdout


def test_list_as_aws_cli_v2_lists_it(written):
    long_words = json.dumps(["elasticbeanstalk", "describe-instances-health-of-all-environments"])
    write_more = [
        ("c2", None, "CLI", "CLI_ARGUMENTS", 1795350170000, long_words),
        ("c2", None, "CLI", "CLI_RC", 1795350170001, "254"),
        ("c3", None, "CLI", "CLI_ARGUMENTS", 1795350180000, '["sts", "x"]'),  # has not ended
    ]
    connection = sqlite3.connect(written.home / FILE)
    with connection:
        connection.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?)", write_more)
    connection.close()
    form = "%Y-%m-%d %I:%M:%S %p"
    assert written("history list").stdout == (
        f"{'c2':38}{local_time(1795350170000, form):24}{'elasticbeanstalk describe-instances-health-of-...':50}254\n"
        f"{'c1':38}{local_time(ROWS[1][4], form):24}{'sts get-caller-identity':50}0\n"
    )


def test_without_a_history(aws):
    for command in ("history list", "history show"):
        outcome = aws(command)
        assert outcome.message == (
            "awsmini: [ERROR]: Could not locate history. Make sure cli_history is set to enabled in the "
            "~/.aws/config file"
        )
        assert outcome.code == 255
    write(aws.home / FILE, [])
    assert "No commands were found in your history." in aws("history list").message
    assert aws("history show").stdout == ""


def test_without_a_subcommand(aws):
    outcome = aws("history")
    assert "usage: awsmini [options] history <subcommand> [parameters]" in outcome.message
    assert outcome.code == 252


def test_bodies_of_other_kinds(aws):
    def shown(body: Any) -> str:
        (aws.home / FILE).unlink(missing_ok=True)
        payload = {"headers": {}, "status_code": 200, "body": body, "streaming": False}
        write(aws.home / FILE, [("c", "r", "BOTOCORE", "HTTP_RESPONSE", 1, json.dumps(payload))])
        return aws("history show").stdout.partition("with body: ")[2]

    assert shown(None) == "There is no associated body\n"
    assert shown('{"b":1,"a":2}') == '{\n    "a": 2,\n    "b": 1\n}\n'
    assert shown("{no json") == "{no json\n"
    assert shown("<no xml") == "<no xml\n"


def test_sqlite_is_loaded_for_who_records_and_for_nobody_else(tmp_path):
    config = tmp_path / "config"
    config.write_text("[default]\noutput = json\n")
    _, modules = run_and_list_modules("sts nosuch", {"AWS_CONFIG_FILE": str(config)})
    assert not modules & {"sqlite3", "awsmini.history"}
    config.write_text("[default]\ncli_history = enabled\n")
    _, modules = run_and_list_modules("sts nosuch", {"AWS_CONFIG_FILE": str(config)})
    assert "sqlite3" in modules


def test_many_events_are_written_as_they_come(recorded):
    page = iter(range(1000))

    def respond(_: Any) -> Any:
        number = next(page)
        last = {} if number == 120 else {"LastEvaluatedTableName": f"table{number}"}
        return _answer({"TableNames": [f"table{number}"], **last})

    recorded.service.always(respond)
    assert recorded("dynamodb list-tables").code == 0
    found = events(recorded.home / FILE)
    assert len(found) == 3 + 4 * 121
    assert datetime.fromtimestamp(found[0][4] / 1000, timezone.utc).year >= 2024


def test_what_is_no_database_is_let_go_of(aws, monkeypatch):
    aws.write(FILE, "no database" * 100)
    opened = []
    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **how: opened.append(real(*given, **how)) or opened[-1])
    assert "cannot be read: file is not a database" in aws("history list").message
    with pytest.raises(sqlite3.ProgrammingError, match="closed database"):
        opened[0].execute("SELECT 1")
